//! What is compared is called by a profile and a CV.

use std::sync::Arc;

/// The profile in which all neurons have the same time constant.
pub const HOMOGENEOUS: &str = "homogeneous";

/// A profile at a CV.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Its name.
    pub name: Arc<str>,
    /// Coefficient of variation asked for.
    pub cv: f64,
}

impl Profile {
    /// The one without spread.
    pub fn homogeneous() -> Self {
        Self { name: HOMOGENEOUS.into(), cv: 0.0 }
    }

    /// As it is named in text.
    pub fn label(&self) -> String {
        if self.cv == 0.0 {
            return spoken(&self.name);
        }
        // Measured time constants have the CV that they have.
        format!("{}, CV {}", spoken(&self.name), (self.cv * 1e4).round() / 1e4)
    }
}

/// A name of a table, as it is written in text.
pub fn spoken(name: &str) -> String {
    name.replace('_', " ")
}

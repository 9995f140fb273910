//! Everything that can be wrong with a task, its stimulus or its readout.

/// Why a stimulus, target, suite, encoding or readout cannot be made. `place` names what the field belongs to, such as
/// `stimulus "ou_tau10x2"`.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TaskError {
    /// A value outside what the field allows.
    #[error("{place}: {field} = {value}, allowed: {allowed}")]
    Value {
        /// `grid`, `stimulus "lorenz_unit100x1"`, `target "u0@-5"`, `suite`, `encoding` or `readout`.
        place: String,
        /// The field.
        field: &'static str,
        /// What was given.
        value: String,
        /// What would do.
        allowed: String,
    },
    /// One sample of many is outside what is allowed.
    #[error("{place}: dimension {dimension}, sample {sample} = {value:?}, allowed: {allowed}")]
    Sample {
        /// As in [`TaskError::Value`].
        place: String,
        /// Dimension of the signal, column of the matrix.
        dimension: usize,
        /// Position of the sample, row of the matrix.
        sample: usize,
        /// The value.
        value: f64,
        /// What would do.
        allowed: String,
    },
}

impl TaskError {
    pub(crate) fn value(
        place: impl Into<String>,
        field: &'static str,
        value: impl std::fmt::Display,
        allowed: impl Into<String>,
    ) -> Self {
        Self::Value { place: place.into(), field, value: value.to_string(), allowed: allowed.into() }
    }
}

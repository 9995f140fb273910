//! Mean, spread and skewness, asked for or realised.

use std::fmt;

/// The first three moments of a quantity, in its own unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    /// Arithmetic mean.
    pub mean: f64,
    /// Standard deviation, with n (not n - 1) in the denominator.
    pub sd: f64,
    /// Third central moment over sd^3; 0 if sd is 0.
    pub skewness: f64,
}

impl Moments {
    /// The moments of these values; NaN if there are none.
    pub fn of(values: &[f64]) -> Self {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let sd = (values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / n).sqrt();
        let third = values.iter().map(|v| (v - mean) * ((v - mean) * (v - mean))).sum::<f64>() / n;
        Self { mean, sd, skewness: if sd == 0.0 { 0.0 } else { third / (sd * sd * sd) } }
    }

    /// Coefficient of variation, sd / |mean|: infinite or NaN if the mean is 0.
    pub fn cv(&self) -> f64 {
        self.sd / self.mean.abs()
    }
}

impl fmt::Display for Moments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "mean {:.6}, CV {:.4}, skewness {:.4}", self.mean, self.cv(), self.skewness)
    }
}

//! A quantity that changes at given times.

/// A piecewise-constant signal: `values[k]` on `[times[k], times[k + 1])`, 0 before `times[0]`, the last value for ever after.
#[derive(Clone, Debug, PartialEq)]
pub struct Signal {
    /// Strictly increasing, ms, finite.
    pub times: Vec<f64>,
    /// One per time, finite.
    pub values: Vec<f64>,
}

impl Signal {
    /// Smallest and largest value it ever has, the 0 before its first time included.
    pub fn extremes(&self) -> (f64, f64) {
        self.values.iter().fold((0.0, 0.0), |(low, high), &value| (low.min(value), high.max(value)))
    }
}

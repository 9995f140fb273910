//! Sampled signals of one or more dimensions.
//!
//! Sample k is the value at time k * step, in ms. Every dimension has the same number of samples, and every sample is finite.
//! What lies between two samples is not said here: [`crate::encode`] draws a line or holds the value, and says so.
//!
//! Beside what drives a reservoir there may be series that it should give: targets of a file, or the output of a system that has the
//! signal as its input. They are sampled as the signal is, and never reach the reservoir.

use crate::error::TaskError;

/// Where a signal is sampled: at 0, step, 2 step, ...
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grid {
    /// Distance of two samples, ms, > 0.
    pub step: f64,
    /// Number of samples, 1 to 10^8.
    pub len: usize,
}

/// More are held by no memory, with what is made of them.
const MOST_SAMPLES: usize = 100_000_000;

impl Grid {
    /// A grid of `len` samples every `step` ms.
    ///
    /// # Errors
    /// If `step` is not finite and positive, or `len` is 0 or more than 10^8.
    pub fn new(step: f64, len: usize) -> Result<Self, TaskError> {
        if !(step > 0.0 && step.is_finite()) {
            return Err(TaskError::value("grid", "step", format!("{step:?} ms"), "a finite time > 0"));
        }
        if !(1..=MOST_SAMPLES).contains(&len) {
            return Err(TaskError::value("grid", "len", len, format!("1 to {MOST_SAMPLES}")));
        }
        Ok(Self { step, len })
    }
}

/// A sampled signal; see the module documentation.
#[derive(Clone, Debug, PartialEq)]
pub struct Samples {
    step: f64,
    dimensions: Vec<Vec<f64>>,
    /// Mean and scale that were taken out of each dimension.
    taken: Vec<(f64, f64)>,
    given: Vec<Vec<f64>>,
}

impl Samples {
    /// A signal of the given dimensions, sampled every `step` ms.
    ///
    /// # Errors
    /// If `step` is not finite and positive, there is no sample, the dimensions differ in length, or a sample is not finite.
    pub fn new(step: f64, dimensions: Vec<Vec<f64>>) -> Result<Self, TaskError> {
        let place = || "samples".to_owned();
        let Some(first) = dimensions.first() else {
            return Err(TaskError::value(place(), "dimensions", 0, "at least 1"));
        };
        let grid = Grid::new(step, first.len())?;
        for (dimension, values) in dimensions.iter().enumerate() {
            if values.len() != grid.len {
                let allowed = format!("{} samples in dimension {dimension}, as in dimension 0", grid.len);
                return Err(TaskError::value(place(), "len", values.len(), allowed));
            }
            if let Some(sample) = values.iter().position(|v| !v.is_finite()) {
                let (value, allowed) = (values[sample], "finite values".to_owned());
                return Err(TaskError::Sample { place: place(), dimension, sample, value, allowed });
            }
        }
        let taken = vec![(0.0, 1.0); dimensions.len()];
        Ok(Self { step, dimensions, taken, given: Vec::new() })
    }

    /// The same with these series as given targets.
    ///
    /// # Errors
    /// If one has not as many samples as the signal, or one that is not finite.
    pub fn with_given(self, given: Vec<Vec<f64>>) -> Result<Self, TaskError> {
        for (dimension, values) in given.iter().enumerate() {
            let place = || format!("given series y{dimension}");
            if values.len() != self.len() {
                let allowed = format!("{}, as the stimulus has", self.len());
                return Err(TaskError::value(place(), "len", values.len(), allowed));
            }
            if let Some(sample) = values.iter().position(|v| !v.is_finite()) {
                let (value, allowed) = (values[sample], "finite values".to_owned());
                return Err(TaskError::Sample { place: place(), dimension, sample, value, allowed });
            }
        }
        Ok(Self { given, ..self })
    }

    /// Distance of two samples, ms.
    pub fn step(&self) -> f64 {
        self.step
    }

    /// Number of samples of each dimension.
    #[expect(clippy::len_without_is_empty, reason = "there is always a sample")]
    pub fn len(&self) -> usize {
        self.dimensions[0].len()
    }

    /// The samples of each dimension.
    pub fn dimensions(&self) -> &[Vec<f64>] {
        &self.dimensions
    }

    /// Sample `value` of a dimension as it was before it was standardised, up to rounding.
    pub(crate) fn before(&self, dimension: usize, value: f64) -> f64 {
        let (mean, scale) = self.taken[dimension];
        mean + scale * value
    }

    /// The given targets, each with as many samples.
    pub fn given(&self) -> &[Vec<f64>] {
        &self.given
    }

    /// Every dimension moved and scaled to mean 0 and variance 1 (of these samples, dividing by their number). Given targets stay.
    ///
    /// # Errors
    /// If a dimension is constant, up to rounding.
    pub fn standardised(mut self) -> Result<Self, TaskError> {
        for (dimension, (values, taken)) in self.dimensions.iter_mut().zip(&mut self.taken).enumerate() {
            let n = values.len() as f64;
            let mean = values.iter().sum::<f64>() / n;
            let scale = (values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / n).sqrt();
            // EXACT: a constant dimension leaves the rounding of its mean, a few units in the last place, not zero.
            if !(scale > 1e-13 * mean.abs() && scale.is_finite()) {
                let place = format!("samples, dimension {dimension}");
                let allowed = "a positive finite standard deviation, to be standardised";
                return Err(TaskError::value(place, "standard deviation", format!("{scale:?}"), allowed));
            }
            values.iter_mut().for_each(|v| *v = (*v - mean) / scale);
            *taken = (taken.0 + taken.1 * mean, taken.1 * scale);
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn standardised_samples_have_mean_0_and_variance_1(
            values in prop::collection::vec(-1e6..1e6f64, 2..200), offset in -1e3..1e3f64
        ) {
            let other = values.iter().enumerate().map(|(k, v)| v * 1e-3 + offset + k as f64).collect();
            let samples = Samples::new(0.5, vec![values, other]).unwrap().standardised().unwrap();
            for values in samples.dimensions() {
                let n = values.len() as f64;
                prop_assert!((values.iter().sum::<f64>() / n).abs() < 1e-9);
                prop_assert!((values.iter().map(|v| v * v).sum::<f64>() / n - 1.0).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn what_is_not_a_signal_is_refused_by_name() {
        let message = |step, dimensions| Samples::new(step, dimensions).unwrap_err().to_string();
        assert_eq!(message(0.0, vec![vec![1.0]]), "grid: step = 0.0 ms, allowed: a finite time > 0");
        assert_eq!(message(1.0, vec![]), "samples: dimensions = 0, allowed: at least 1");
        assert_eq!(message(1.0, vec![vec![]]), "grid: len = 0, allowed: 1 to 100000000");
        let most = Grid::new(1.0, usize::MAX).unwrap_err().to_string();
        assert!(most.ends_with("allowed: 1 to 100000000"), "{most}");
        assert_eq!(
            message(1.0, vec![vec![1.0], vec![]]),
            "samples: len = 0, allowed: 1 samples in dimension 1, as in dimension 0"
        );
        assert_eq!(
            message(1.0, vec![vec![1.0, f64::NAN]]),
            "samples: dimension 0, sample 1 = NaN, allowed: finite values"
        );
    }

    #[test]
    fn a_constant_dimension_cannot_be_standardised() {
        let samples = Samples::new(1.0, vec![vec![0.0, 1.0, 2.0], vec![0.1, 0.1, 0.1]]).unwrap();
        assert!(
            samples.standardised().unwrap_err().to_string().starts_with("samples, dimension 1: standard deviation")
        );
    }
}

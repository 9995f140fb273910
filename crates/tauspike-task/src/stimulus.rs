//! Stimuli u(t): the signals that drive a reservoir, and of which its tasks are functions.
//!
//! Every stimulus is a pure function of (seed, stimulus index, dimension) and the grid. Dimensions are independent of each other:
//! separate draws, or separate trajectories of a chaotic system from separate starts. A longer stimulus begins with the shorter one.
//!
//! Correlation times are `tau = integral over all lags of rho(s)^2 ds` with rho the autocorrelation function: a record of length T
//! holds about T / tau independent values, whatever the shape of rho. For rho = exp(-|s| / tau) that is tau itself.
//!
//! Chaotic stimuli are solved with a fixed step. They are stimuli, not the simulator: the exactness of the engine ends at the value
//! that it is given, and a trajectory with a positive Lyapunov exponent cannot be reproduced by another solver in any case.

mod lorenz;
mod mackey_glass;
mod narma;
mod noise;

pub use lorenz::lorenz;
pub use mackey_glass::mackey_glass;
pub use narma::narma10;

use crate::error::TaskError;
use crate::key::{Draws, Key};
use crate::samples::{Grid, Samples};
use std::fmt;
use std::sync::Arc;

/// What drives a reservoir. In TOML: `kind = "ornstein_uhlenbeck"` and the fields below; [`Stimulus::Given`] comes from Rust alone.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Stimulus {
    /// Stationary Gaussian process with autocorrelation exp(-|s| / tau), variance 1, by its exact discretisation
    /// (Gillespie 1996, Phys. Rev. E 54:2084).
    OrnsteinUhlenbeck {
        /// tau, ms, > 0.
        #[serde(rename = "correlation_time_ms")]
        correlation_time: f64,
    },
    /// Stationary Gaussian process with a flat spectrum up to 1 / (2 tau) and nothing above, autocorrelation sin(pi s / tau) / (pi s / tau),
    /// variance 1.
    BandLimited {
        /// tau, ms, at least the step of the grid: a faster signal is not held by its samples (Nyquist).
        #[serde(rename = "correlation_time_ms")]
        correlation_time: f64,
    },
    /// An independent uniform value on (-1, 1] at every sample; variance 1/3.
    Uniform {},
    /// The series of Mackey and Glass with delay 17, see [`mackey_glass()`], after a transient of 2000 units of time, from a constant
    /// history drawn on (0.5, 1.3].
    MackeyGlass {
        /// Length of one unit of the equation's time, ms: the series turns about once in 50 of them.
        #[serde(rename = "unit_ms")]
        unit: f64,
    },
    /// The x of Lorenz' system, see [`lorenz()`], after a transient of 50 units of time, from a start drawn about (1, 1, 1).
    Lorenz {
        /// Length of one unit of the equation's time, ms: x turns about once in 0.75 of them.
        #[serde(rename = "unit_ms")]
        unit: f64,
    },
    /// Independent uniform values on (0, 0.5], of which the y of [`narma10()`] is the given target: one recurrence per sample, after 200
    /// samples; a series for each dimension.
    Narma10 {},
    /// Samples from elsewhere: the first ones of as many dimensions as are asked for, with their given targets.
    #[serde(skip)]
    Given {
        /// Appears in task ids.
        name: String,
        /// The signal.
        samples: Arc<Samples>,
    },
}

/// The solvers take between 1/1000 and 1000 steps of the grid per unit of time.
const MOST_STEPS: f64 = 1000.0;

impl Stimulus {
    /// The stimulus on `grid`, not standardised.
    ///
    /// # Errors
    /// If a parameter is not allowed on this grid, `dimensions` is 0, given samples are too few or sampled otherwise, or the series
    /// diverges, as the target of [`Stimulus::Narma10`] does under about one seed in a hundred.
    pub fn generate(&self, grid: Grid, dimensions: usize, key: Key) -> Result<Samples, TaskError> {
        self.check(grid, dimensions)?;
        let first = |values: &Vec<f64>| values[..grid.len].to_vec();
        let (driven, given): (Vec<_>, Vec<_>) = match self {
            Stimulus::Given { samples, .. } => {
                let driven = samples.dimensions()[..dimensions].iter().map(first).collect();
                (driven, samples.given().iter().map(first).collect())
            }
            Stimulus::Narma10 {} => (0..dimensions).map(|d| narma::stimulus(grid, key.dimension(d))).unzip(),
            _ => ((0..dimensions).map(|d| self.dimension(grid, key.dimension(d))).collect(), Vec::new()),
        };
        let samples = Samples::new(grid.step, driven).and_then(|samples| samples.with_given(given));
        samples.map_err(|error| self.diverged(dimensions, error))
    }

    /// How many given targets it has in so many dimensions.
    pub fn given(&self, dimensions: usize) -> usize {
        match self {
            Stimulus::Given { samples, .. } => samples.given().len(),
            Stimulus::Narma10 {} => dimensions,
            _ => 0,
        }
    }

    /// Names the stimulus of which a sample is not finite.
    fn diverged(&self, dimensions: usize, error: TaskError) -> TaskError {
        let TaskError::Sample { dimension, sample, value, .. } = error else { return error };
        let allowed = "finite values; this series diverges, another seed may not".into();
        TaskError::Sample { place: format!("stimulus \"{self}x{dimensions}\""), dimension, sample, value, allowed }
    }

    fn dimension(&self, grid: Grid, draws: Draws) -> Vec<f64> {
        match self {
            Stimulus::OrnsteinUhlenbeck { correlation_time } => {
                noise::ornstein_uhlenbeck(grid, *correlation_time, draws)
            }
            Stimulus::BandLimited { correlation_time } => noise::band_limited(grid, *correlation_time, draws),
            Stimulus::Uniform {} => (0..grid.len as u64).map(|k| 2.0 * draws.uniform(k) - 1.0).collect(),
            Stimulus::MackeyGlass { unit } => mackey_glass::stimulus(grid, *unit, draws),
            Stimulus::Lorenz { unit } => lorenz::stimulus(grid, *unit, draws),
            Stimulus::Narma10 {} | Stimulus::Given { .. } => Vec::new(),
        }
    }

    fn check(&self, grid: Grid, dimensions: usize) -> Result<(), TaskError> {
        let place = format!("stimulus \"{self}x{dimensions}\"");
        if dimensions == 0 {
            return Err(TaskError::value(place, "dimensions", 0, "at least 1"));
        }
        let time = |field, value: f64, low: f64, high: f64| {
            if value >= low && value <= high {
                return Ok(());
            }
            let allowed = format!("{low:?} ms to {high:?} ms, at a step of {:?} ms", grid.step);
            Err(TaskError::value(place.clone(), field, format!("{value:?} ms"), allowed))
        };
        match self {
            Stimulus::OrnsteinUhlenbeck { correlation_time } => {
                time("correlation_time", *correlation_time, f64::MIN_POSITIVE, f64::MAX)
            }
            Stimulus::BandLimited { correlation_time } => {
                time("correlation_time", *correlation_time, grid.step, f64::MAX)
            }
            Stimulus::MackeyGlass { unit } | Stimulus::Lorenz { unit } => {
                time("unit", *unit, grid.step / MOST_STEPS, grid.step * MOST_STEPS)
            }
            Stimulus::Uniform {} | Stimulus::Narma10 {} => Ok(()),
            Stimulus::Given { samples, .. } => {
                time("step", samples.step(), grid.step, grid.step)?;
                let at_most = |field, value: usize, most: usize| {
                    if value <= most {
                        return Ok(());
                    }
                    Err(TaskError::value(place.clone(), field, value, format!("at most {most}, as many as were given")))
                };
                at_most("dimensions", dimensions, samples.dimensions().len())?;
                at_most("len", grid.len, samples.len())
            }
        }
    }
}

/// The part of a task id that names the stimulus.
impl fmt::Display for Stimulus {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Stimulus::OrnsteinUhlenbeck { correlation_time } => write!(f, "ou_tau{correlation_time}"),
            Stimulus::BandLimited { correlation_time } => write!(f, "band_tau{correlation_time}"),
            Stimulus::Uniform {} => write!(f, "uniform"),
            Stimulus::MackeyGlass { unit } => write!(f, "mackey_glass_unit{unit}"),
            Stimulus::Lorenz { unit } => write!(f, "lorenz_unit{unit}"),
            Stimulus::Narma10 {} => write!(f, "narma10"),
            Stimulus::Given { name, .. } => write!(f, "{name}"),
        }
    }
}

/// How a grid step is divided for a solver: into `count` steps of `length` units of time each, at most `longest`.
struct Substeps {
    count: usize,
    length: f64,
}

impl Substeps {
    fn new(grid: Grid, unit: f64, longest: f64) -> Self {
        let step = grid.step / unit;
        let count = (step / longest).ceil().max(1.0);
        Self { count: count as usize, length: step / count }
    }

    /// Substeps in `duration` units of time, rounded up.
    fn in_duration(&self, duration: f64) -> usize {
        (duration / self.length).ceil() as usize
    }
}

#[cfg(test)]
mod tests;

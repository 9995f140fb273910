//! Task suites: many targets on several stimuli, ordered by how much a reservoir must provide.
//!
//! A [`SuiteGrid`] spans degree, shift, dimension and correlation time. In m dimensions a target of degree d is a cross-Taylor
//! product in which every dimension takes part: one for each way to write d as a sum of m positive integers, largest first
//! (u_0^3 u_1 and u_0^2 u_1^2 for d = 4, m = 2). Dimensions are alike, so other orders would be the same task under another key.
//! There is none for d < m.
//!
//! # Complexity
//!
//! The complexity of a task is `ln C(n + d, d)`, n = sum over the dimensions that take part of 1 + |D| / tau: the logarithm of the
//! number of polynomials up to degree d in the values of u between t and t + D that are roughly independent (one per correlation
//! time and dimension). A machine that spans all of them solves the task, for D <= 0; for D > 0 nothing does, and the measure says
//! only how far the target is; [`Task::possible`] says how much of it can be had. Tasks of equal complexity are ordered recall before
//! prediction, then by id.

use crate::error::TaskError;
use crate::stimulus::Stimulus;
use crate::target::{Basis, Target};
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;

/// A target on a stimulus.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// What drives the reservoir.
    pub stimulus: Source,
    /// What the readout should give.
    pub target: Target,
    /// Unit of time of the complexity, ms, > 0: the correlation time of the stimulus.
    #[serde(rename = "correlation_time_ms")]
    pub correlation_time: f64,
}

/// A stimulus of a number of dimensions. Tasks with the same source share one run of the reservoir.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What it is.
    pub kind: Stimulus,
    /// Number of dimensions, at least 1.
    pub dimensions: usize,
}

/// Names the source: `ou_tau10x2` is an Ornstein-Uhlenbeck process with tau = 10 ms in 2 dimensions.
impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}x{}", self.kind, self.dimensions)
    }
}

impl Task {
    /// The task of giving `target` on `stimulus`, of correlation time `correlation_time` ms.
    ///
    /// # Errors
    /// If the target has no factors or a wrong one, a dimension that the source has not, or `correlation_time` is not finite and > 0.
    pub fn new(stimulus: Source, target: Target, correlation_time: f64) -> Result<Self, TaskError> {
        target.check_factors()?;
        let place = || format!("task \"{stimulus}/{target}\"");
        if !(correlation_time > 0.0 && correlation_time.is_finite()) {
            let value = format!("{correlation_time:?} ms");
            return Err(TaskError::value(place(), "correlation_time", value, "a finite time > 0"));
        }
        let there_are = match target.basis {
            Basis::Given => stimulus.kind.given(stimulus.dimensions),
            Basis::Power | Basis::Legendre => stimulus.dimensions,
        };
        target.check_dimensions(place(), there_are)?;
        Ok(Self { stimulus, target, correlation_time })
    }

    /// The measure of the module documentation; shifts of one dimension count once, by the farthest.
    pub fn complexity(&self) -> f64 {
        let factors = &self.target.factors;
        let dimensions: BTreeSet<usize> = factors.iter().map(|f| f.dimension).collect();
        let reach = |dimension: usize| {
            let shifts = factors.iter().filter(|f| f.dimension == dimension).map(|f| f.shift.abs());
            1.0 + shifts.fold(0.0, f64::max) / self.correlation_time
        };
        let n: f64 = dimensions.into_iter().map(reach).sum();
        // ln C(n + d, d) = sum over k = 1 .. d of ln(1 + n / k).
        (1..=self.target.degree()).map(|k| libm::log1p(n / f64::from(k))).sum()
    }

    /// Names the task, the same in every version: `ou_tau10x2/u0^2*u1@-20`.
    pub fn id(&self) -> String {
        format!("{}/{}", self.stimulus, self.target)
    }

    /// Simplest first; see the module documentation.
    fn order(&self, other: &Self) -> Ordering {
        let predicts = |task: &Self| task.target.factors.iter().any(|f| f.shift > 0.0);
        self.complexity()
            .total_cmp(&other.complexity())
            .then(predicts(self).cmp(&predicts(other)))
            .then_with(|| self.id().cmp(&other.id()))
    }
}

/// The grid of a suite; see the module documentation.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SuiteGrid {
    /// Process of every stimulus.
    pub noise: Noise,
    /// Degrees d, each 1 to 12.
    pub degrees: Vec<u32>,
    /// Shifts D, ms; not looked at if there are `shifts_tau`.
    pub shifts_ms: Vec<f64>,
    /// Shifts D in correlation times of the stimulus, so that they are as hard for a slow one as for a fast one.
    pub shifts_tau: Vec<f64>,
    /// What `shifts_tau` are rounded to, ms, > 0; those that become equal are one.
    pub step_ms: f64,
    /// Numbers of dimensions, each 1 to 12.
    pub dimensions: Vec<usize>,
    /// Correlation times of the stimulus, ms, > 0.
    pub correlation_times_ms: Vec<f64>,
}

/// A stimulus that has a correlation time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Noise {
    /// [`Stimulus::OrnsteinUhlenbeck`].
    #[default]
    OrnsteinUhlenbeck,
    /// [`Stimulus::BandLimited`].
    BandLimited,
}

/// 396 tasks: degrees 1 to 5, nine shifts from -50 ms to 50 ms, 1 and 2 dimensions, correlation times 5, 10, 20 and 50 ms.
impl Default for SuiteGrid {
    fn default() -> Self {
        Self {
            noise: Noise::default(),
            degrees: vec![1, 2, 3, 4, 5],
            shifts_ms: vec![-50.0, -20.0, -10.0, -5.0, 0.0, 5.0, 10.0, 20.0, 50.0],
            shifts_tau: Vec::new(),
            step_ms: 1.0,
            dimensions: vec![1, 2],
            correlation_times_ms: vec![5.0, 10.0, 20.0, 50.0],
        }
    }
}

/// The largest degree and number of dimensions in a grid.
const MOST: u32 = 12;

impl SuiteGrid {
    /// All tasks of the grid, simplest first.
    ///
    /// # Errors
    /// If an axis is empty, has a value outside what it allows, or the same value twice, or the grid holds no task.
    pub fn tasks(&self) -> Result<Vec<Task>, TaskError> {
        self.check()?;
        let mut tasks = Vec::new();
        for &correlation_time in &self.correlation_times_ms {
            let shifts = self.shifts(correlation_time);
            for &dimensions in &self.dimensions {
                let source = Source { kind: self.noise.stimulus(correlation_time), dimensions };
                for exponents in self.degrees.iter().flat_map(|degree| partitions(*degree, dimensions, *degree)) {
                    for &shift in &shifts {
                        let target = Target::cross_taylor(&exponents, shift);
                        tasks.push(Task::new(source.clone(), target, correlation_time)?);
                    }
                }
            }
        }
        if tasks.is_empty() {
            let allowed = "a degree of at least the number of dimensions: every dimension takes part";
            return Err(TaskError::value("suite", "degrees", format!("{:?}", self.degrees), allowed));
        }
        tasks.sort_by(Task::order);
        Ok(tasks)
    }

    /// Shifts for stimuli of one correlation time, ms.
    fn shifts(&self, correlation_time: f64) -> Vec<f64> {
        if self.shifts_tau.is_empty() {
            return self.shifts_ms.clone();
        }
        let mut shifts: Vec<f64> = Vec::new();
        for steps in self.shifts_tau.iter().map(|shift| (shift * correlation_time / self.step_ms).round()) {
            // Names of tasks hold it: 3 * 0.1 is called 0.3.
            let shift = (steps * self.step_ms * 1e9).round() / 1e9;
            if !shifts.contains(&shift) {
                shifts.push(shift);
            }
        }
        shifts
    }

    fn check(&self) -> Result<(), TaskError> {
        let numbers = format!("1 to {MOST}");
        let whole = |v: &u32| (1..=MOST).contains(v);
        axis("degrees", &self.degrees, &numbers, whole)?;
        axis("dimensions", &self.dimensions, &numbers, |v| u32::try_from(*v).is_ok_and(|v| whole(&v)))?;
        if self.shifts_tau.is_empty() {
            axis("shifts_ms", &self.shifts_ms, "finite times", |v| v.is_finite())?;
        } else {
            axis("shifts_tau", &self.shifts_tau, "-1000 to 1000 correlation times", |v| v.abs() <= 1e3)?;
            axis("step_ms", &[self.step_ms], "a finite time > 0", |v| *v > 0.0 && v.is_finite())?;
        }
        axis("correlation_times_ms", &self.correlation_times_ms, "finite times > 0", |v| *v > 0.0 && v.is_finite())
    }
}

impl Noise {
    fn stimulus(self, correlation_time: f64) -> Stimulus {
        match self {
            Noise::OrnsteinUhlenbeck => Stimulus::OrnsteinUhlenbeck { correlation_time },
            Noise::BandLimited => Stimulus::BandLimited { correlation_time },
        }
    }
}

/// An axis of a grid: not empty, every value allowed, none twice.
fn axis<T: PartialEq + fmt::Debug>(
    field: &'static str,
    values: &[T],
    allowed: &str,
    is_allowed: impl Fn(&T) -> bool,
) -> Result<(), TaskError> {
    if values.is_empty() {
        return Err(TaskError::value("suite", field, "[]", "at least one value"));
    }
    for (k, value) in values.iter().enumerate() {
        let twice = values[..k].contains(value);
        if twice || !is_allowed(value) {
            let allowed = if twice { "each value once" } else { allowed };
            return Err(TaskError::value("suite", field, format!("{value:?}"), allowed));
        }
    }
    Ok(())
}

/// All ways to write `sum` as `parts` positive integers of at most `most`, none larger than the one before it.
fn partitions(sum: u32, parts: usize, most: u32) -> Vec<Vec<u32>> {
    if parts == 0 {
        return if sum == 0 { vec![Vec::new()] } else { Vec::new() };
    }
    let with_first = |first: u32| {
        let rest = partitions(sum - first, parts - 1, first);
        rest.into_iter().map(move |rest| [vec![first], rest].concat())
    };
    (1..=most.min(sum)).rev().flat_map(with_first).collect()
}

#[cfg(test)]
mod tests;

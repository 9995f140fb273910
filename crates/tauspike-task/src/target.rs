//! Targets y(t) = F\[u(t)\]: products of powers, or of Legendre polynomials, of shifted stimulus dimensions.
//!
//! One factor of degree d, dimension i and shift D is u_i(t + D)^d: D > 0 predicts, D < 0 recalls. One factor with D = 0 is the
//! Taylor task u^d, with d = 1 the Nostradamus task u(t + D), with both the Tayloramus task u(t + D)^d (Golmohammadi, Luboeinski and
//! Tetzlaff, arXiv 2412.05126); factors of several dimensions make the cross-Taylor tasks.
//!
//! With the Legendre basis, the targets over all products of factors of distinct (dimension, shift) are orthonormal under independent
//! uniform input on \[-1, 1\]: the basis of the information-processing capacity (Dambre, Verstraeten, Schrauwen and Massar 2012,
//! Sci. Rep. 2:514).
//!
//! Where the stimulus comes with series of its own ([`Samples::given`]), factors of the given basis take these in place of u.

use crate::error::TaskError;
use crate::samples::Samples;
use std::fmt;
use std::ops::Range;

/// A target; see the module documentation.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// What each factor does to its input.
    #[serde(default)]
    pub basis: Basis,
    /// The factors, at least one.
    pub factors: Vec<Factor>,
}

/// What a factor of degree d does to its input u.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// u^d.
    #[default]
    Power,
    /// sqrt(2 d + 1) P_d(u), of variance 1 for u uniform on \[-1, 1\], as it was before it was standardised; any other u is refused.
    Legendre,
    /// y^d of a given series y; the dimension of the factor numbers it.
    Given,
}

/// One factor of a target.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Factor {
    /// Dimension of the stimulus, from 0.
    #[serde(default)]
    pub dimension: usize,
    /// d, at least 1.
    pub degree: u32,
    /// D, ms, a multiple of the sampling step.
    #[serde(default, rename = "shift_ms")]
    pub shift: f64,
}

/// How far a shift may be from a whole number of steps, in steps: 0.3 / 0.1 is not 3 in f64.
const SHIFT_SLACK: f64 = 1e-9;

impl Target {
    /// The given series number `series`, as it is.
    pub fn given(series: usize, shift: f64) -> Self {
        Self { basis: Basis::Given, factors: vec![Factor { dimension: series, degree: 1, shift }] }
    }

    /// u_0(t)^degree.
    pub fn taylor(degree: u32) -> Self {
        Self::tayloramus(degree, 0.0)
    }

    /// u_0(t + shift), `shift` in ms.
    pub fn nostradamus(shift: f64) -> Self {
        Self::tayloramus(1, shift)
    }

    /// u_0(t + shift)^degree, `shift` in ms.
    pub fn tayloramus(degree: u32, shift: f64) -> Self {
        Self::cross_taylor(&[degree], shift)
    }

    /// The product of u_i(t + shift)^degrees\[i\] over all dimensions i, `shift` in ms.
    pub fn cross_taylor(degrees: &[u32], shift: f64) -> Self {
        let factors =
            degrees.iter().enumerate().map(|(dimension, degree)| Factor { dimension, degree: *degree, shift });
        Self { basis: Basis::Power, factors: factors.collect() }
    }

    /// The same factors in another basis.
    pub fn in_basis(self, basis: Basis) -> Self {
        Self { basis, ..self }
    }

    /// Sum of the degrees of the factors.
    pub fn degree(&self) -> u32 {
        self.factors.iter().map(|f| f.degree).fold(0, u32::saturating_add)
    }

    /// The samples of `signal` at which the target exists, which is wherever none of its shifts leaves the signal. May be empty.
    ///
    /// # Errors
    /// If the target has no factor, a factor of degree 0, a dimension that the signal has not, or a shift that is no multiple of its
    /// step.
    pub fn rows(&self, signal: &Samples) -> Result<Range<usize>, TaskError> {
        self.check_factors()?;
        let len = signal.len() as i64;
        let (mut start, mut end) = (0, len);
        for factor in &self.factors {
            let steps = self.check_on(factor, signal)?;
            start = start.max(-steps);
            end = end.min(len - steps);
        }
        let start = start.clamp(0, len);
        Ok(start as usize..end.clamp(start, len) as usize)
    }

    /// The target at the samples `rows` of `signal`.
    ///
    /// # Errors
    /// As [`Target::rows`], or if `rows` is not within them, or if the Legendre basis meets a sample outside \[-1, 1\].
    pub fn values(&self, signal: &Samples, rows: Range<usize>) -> Result<Vec<f64>, TaskError> {
        let allowed = self.rows(signal)?;
        if rows.start < allowed.start || rows.end > allowed.end {
            let allowed = format!("within {allowed:?}, where every shift stays inside the signal");
            return Err(TaskError::value(self.place(), "rows", format!("{rows:?}"), allowed));
        }
        if rows.is_empty() {
            // An empty range may lie anywhere, and a shifted one outside the signal.
            return Ok(Vec::new());
        }
        let mut values = vec![1.0; rows.len()];
        for factor in &self.factors {
            let shift = self.check_on(factor, signal)?;
            let start = (rows.start as i64 + shift) as usize;
            let source = &self.sources(signal)[factor.dimension][start..start + rows.len()];
            for (k, (value, u)) in values.iter_mut().zip(source).enumerate() {
                let u = match self.basis {
                    Basis::Legendre => self.in_range(factor, start + k, signal.before(factor.dimension, *u))?,
                    Basis::Power | Basis::Given => *u,
                };
                *value *= self.basis.apply(factor.degree, u);
            }
        }
        Ok(values)
    }

    /// Checks what does not depend on a signal.
    pub(crate) fn check_factors(&self) -> Result<(), TaskError> {
        if self.factors.is_empty() {
            return Err(TaskError::value("target", "factors", "[]", "at least one factor"));
        }
        for factor in &self.factors {
            if factor.degree == 0 {
                return Err(TaskError::value(self.place(), "degree", 0, "at least 1"));
            }
            if !factor.shift.is_finite() {
                return Err(TaskError::value(self.place(), "shift", format!("{} ms", factor.shift), "finite times"));
            }
        }
        Ok(())
    }

    /// What the factors are taken of.
    fn sources<'a>(&self, signal: &'a Samples) -> &'a [Vec<f64>] {
        if self.basis == Basis::Given { signal.given() } else { signal.dimensions() }
    }

    /// Refuses a factor that takes another dimension than one of so many.
    pub(crate) fn check_dimensions(&self, place: String, there_are: usize) -> Result<(), TaskError> {
        let Some(factor) = self.factors.iter().find(|factor| factor.dimension >= there_are) else { return Ok(()) };
        let of = if self.basis == Basis::Given { "given series" } else { "dimensions" };
        let allowed = format!("below {there_are}, the number of {of} of the stimulus");
        Err(TaskError::value(place, "dimension", factor.dimension, allowed))
    }

    /// The shift of a factor in steps of the signal.
    fn check_on(&self, factor: &Factor, signal: &Samples) -> Result<i64, TaskError> {
        self.check_dimensions(self.place(), self.sources(signal).len())?;
        let steps = factor.shift / signal.step();
        if (steps - steps.round()).abs() > SHIFT_SLACK * steps.abs().max(1.0) {
            let allowed = format!("multiples of the sampling step, {:?} ms", signal.step());
            return Err(TaskError::value(self.place(), "shift", format!("{:?} ms", factor.shift), allowed));
        }
        // A shift of more than any signal has samples empties the rows all the same.
        let most = i64::from(u32::MAX) * 2;
        Ok((steps.round() as i64).clamp(-most, most))
    }

    /// A sample between -1 and 1, if it is up to rounding.
    fn in_range(&self, factor: &Factor, sample: usize, value: f64) -> Result<f64, TaskError> {
        const ROUNDING: f64 = 1e-12;
        if value.abs() <= 1.0 + ROUNDING {
            return Ok(value.clamp(-1.0, 1.0));
        }
        let (place, allowed) = (self.place(), "-1 to 1, where Legendre polynomials are orthogonal".to_owned());
        Err(TaskError::Sample { place, dimension: factor.dimension, sample, value, allowed })
    }

    fn place(&self) -> String {
        format!("target \"{self}\"")
    }
}

impl Basis {
    /// u^d or sqrt(2 d + 1) P_d(u), by repeated multiplication: the same bits on every machine.
    fn apply(self, degree: u32, u: f64) -> f64 {
        match self {
            Basis::Power | Basis::Given => (0..degree).fold(1.0, |product, _| product * u),
            Basis::Legendre => {
                let (mut before, mut last) = (1.0, u);
                for n in 1..degree {
                    let n = f64::from(n);
                    // Bonnet's recurrence.
                    (before, last) = (last, ((2.0 * n + 1.0) * u * last - n * before) / (n + 1.0));
                }
                (2.0 * f64::from(degree) + 1.0).sqrt() * last
            }
        }
    }
}

/// The part of a task id that names the target: `u0^2*u1@-20` is u_0(t - 20 ms)^2 u_1(t - 20 ms), with `P2(u0)` for a polynomial and
/// `y0` for a given series.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let shared = self.factors.first().map(|first| first.shift);
        let shared = shared.filter(|shift| self.factors.iter().all(|factor| factor.shift == *shift));
        for (k, factor) in self.factors.iter().enumerate() {
            let Factor { dimension, degree, shift } = factor;
            f.write_str(if k == 0 { "" } else { "*" })?;
            match self.basis {
                Basis::Power if *degree == 1 => write!(f, "u{dimension}")?,
                Basis::Power => write!(f, "u{dimension}^{degree}")?,
                Basis::Legendre => write!(f, "P{degree}(u{dimension})")?,
                Basis::Given if *degree == 1 => write!(f, "y{dimension}")?,
                Basis::Given => write!(f, "y{dimension}^{degree}")?,
            }
            if shared.is_none() {
                write!(f, "@{:+}", shift + 0.0)?;
            }
        }
        // -0.0 + 0.0 is 0.0: one name for one shift.
        shared.map_or(Ok(()), |shift| write!(f, "@{:+}", shift + 0.0))
    }
}

#[cfg(test)]
mod tests;

//! Distributions of parameters, weights and delays, asked for by mean and spread so that skewness can be varied at fixed mean
//! and CV.
//!
//! | shape | skewness at coefficient of variation c |
//! |---|---|
//! | normal, uniform | 0 |
//! | gamma | 2c |
//! | inverse Gaussian | 3c |
//! | lognormal | 3c + c^3 |
//! | inverse gamma | 4c / (1 - c^2), c < 1 |
//! | a mirrored one, X -> 2 mean - X | minus that |
//! | two-point | chosen freely |
//!
//! Textbook moments (Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions, 1994). They are those of the
//! untruncated distribution; `min` and `max` shift them, which is why realised moments are reported beside them
//! ([`Moments::of`]).

use crate::moments::Moments;
use crate::sampler::{Raw, Sampler};
use tauspike_spike::{Domain, Stream};

/// A distribution, optionally truncated: draws outside `[min, max]` are drawn again.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    /// The untruncated distribution.
    pub shape: Shape,
    /// Smallest value kept.
    pub min: Option<f64>,
    /// Largest value kept.
    pub max: Option<f64>,
}

/// Width of a distribution, as the user stated it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Spread {
    /// Coefficient of variation, sd / |mean|; needs a mean other than 0.
    Cv(f64),
    /// Standard deviation, in the unit of the quantity.
    Sd(f64),
}

/// The right-skewed families on the positive numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// exp(normal).
    Lognormal,
    /// Gamma; exponential at CV 1.
    Gamma,
    /// Inverse Gaussian (Wald).
    InverseGaussian,
    /// 1 / gamma. Its skewness exists below CV 1 only, so larger CV is refused.
    InverseGamma,
}

/// Which distribution, before truncation.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Always this value.
    Constant(f64),
    /// Equally likely between two bounds, low <= high.
    Uniform {
        /// Smallest value.
        low: f64,
        /// Largest value.
        high: f64,
    },
    /// Normal; reaches every number.
    Normal {
        /// Mean.
        mean: f64,
        /// Width.
        spread: Spread,
    },
    /// A right-skewed positive family, or its mirror image about the mean.
    Skewed {
        /// Which.
        family: Family,
        /// Mean, > 0.
        mean: f64,
        /// Width.
        spread: Spread,
        /// Draw 2 mean - X instead of X: left-skewed with the same mean and CV; reaches negative numbers.
        mirrored: bool,
    },
    /// One of two values.
    TwoPoint {
        /// Mean.
        mean: f64,
        /// Width.
        spread: Spread,
        /// Skewness, any finite number; 0 makes the two values equally likely.
        skewness: f64,
    },
    /// One of the given values, each equally likely, with replacement.
    Empirical(Vec<f64>),
}

/// Why a distribution cannot exist. `field` names the part of the distribution the user stated.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DistributionError {
    /// A number outside what the distribution allows.
    #[error("{field} = {value}, allowed: {allowed}")]
    Value {
        /// `mean`, `cv`, `sd`, `skewness`, `low`, `high`, `min`, `max` or `values`.
        field: &'static str,
        /// What was given.
        value: f64,
        /// What would do.
        allowed: &'static str,
    },
    /// Nothing to draw from.
    #[error("values is empty, allowed: at least one value")]
    Empty,
    /// Almost every draw would be thrown away.
    #[error("min = {min}, max = {max} keep {kept} of {tried} draws, allowed: bounds that keep at least 1 %")]
    Hopeless {
        /// Lower bound in force; minus infinity if none.
        min: f64,
        /// Upper bound in force; infinity if none.
        max: f64,
        /// Trial draws inside.
        kept: usize,
        /// Trial draws.
        tried: usize,
    },
}

impl From<Shape> for Distribution {
    fn from(shape: Shape) -> Self {
        Self { shape, min: None, max: None }
    }
}

impl Distribution {
    /// Always `value`.
    pub fn constant(value: f64) -> Self {
        Shape::Constant(value).into()
    }

    /// Uniform on [`low`, `high`].
    pub fn uniform(low: f64, high: f64) -> Self {
        Shape::Uniform { low, high }.into()
    }

    /// Uniform with this mean and width: mean -+ sqrt(3) sd.
    pub fn uniform_around(mean: f64, spread: Spread) -> Self {
        let half = 3f64.sqrt() * spread.sd_unchecked(mean);
        Self::uniform(mean - half, mean + half)
    }

    /// Normal with this mean and width.
    pub fn normal(mean: f64, spread: Spread) -> Self {
        Shape::Normal { mean, spread }.into()
    }

    /// A right-skewed positive family with this mean and width.
    pub fn skewed(family: Family, mean: f64, spread: Spread) -> Self {
        Shape::Skewed { family, mean, spread, mirrored: false }.into()
    }

    /// The mirror image of [`Distribution::skewed`] about its mean.
    pub fn mirrored(family: Family, mean: f64, spread: Spread) -> Self {
        Shape::Skewed { family, mean, spread, mirrored: true }.into()
    }

    /// Two values with this mean, width and skewness.
    pub fn two_point(mean: f64, spread: Spread, skewness: f64) -> Self {
        Shape::TwoPoint { mean, spread, skewness }.into()
    }

    /// One of `values`.
    pub fn empirical(values: Vec<f64>) -> Self {
        Shape::Empirical(values).into()
    }

    /// The same, truncated to `[min, max]` where given.
    pub fn truncated(self, min: Option<f64>, max: Option<f64>) -> Self {
        Self { min, max, ..self }
    }

    /// The same, kept positive: if draws could be <= 0 and no `min` is given, `min` becomes mean / 20.
    ///
    /// This is what the builder does to drawn time constants, capacitances and delays. A mean <= 0 is left alone, for the
    /// range check to refuse.
    pub fn kept_positive(&self) -> Self {
        let reaches_zero = match &self.shape {
            Shape::Normal { .. } => true,
            Shape::Skewed { mirrored, .. } => *mirrored,
            Shape::Uniform { low, .. } => *low <= 0.0,
            Shape::Constant(_) | Shape::TwoPoint { .. } | Shape::Empirical(_) => false,
        };
        let mean = self.moments().mean;
        let min = if reaches_zero && self.min.is_none() && mean > 0.0 { Some(mean / 20.0) } else { self.min };
        Self { min, ..self.clone() }
    }

    /// Mean, sd and skewness asked for: those of the untruncated shape. Meaningless if [`Distribution::validate`] fails.
    pub fn moments(&self) -> Moments {
        let (mean, sd, skewness) = match &self.shape {
            Shape::Constant(value) => (*value, 0.0, 0.0),
            Shape::Uniform { low, high } => (0.5 * (low + high), (high - low) / 12f64.sqrt(), 0.0),
            Shape::Normal { mean, spread } => (*mean, spread.sd_unchecked(*mean), 0.0),
            Shape::Skewed { family, mean, spread, mirrored } => {
                let sd = spread.sd_unchecked(*mean);
                let skewness = family.skewness(sd / mean);
                (*mean, sd, if *mirrored { -skewness } else { skewness })
            }
            Shape::TwoPoint { mean, spread, skewness } => (*mean, spread.sd_unchecked(*mean), *skewness),
            Shape::Empirical(values) => return Moments::of(values),
        };
        Moments { mean, sd, skewness: if sd == 0.0 { 0.0 } else { skewness } }
    }

    /// Checks every number of the distribution.
    ///
    /// # Errors
    /// Names the field, its value and what is allowed; also if truncation would reject more than 99 % of the draws.
    pub fn validate(&self) -> Result<(), DistributionError> {
        self.sampler().map(|_| ())
    }

    /// The distribution ready for drawing.
    ///
    /// # Errors
    /// As [`Distribution::validate`].
    pub fn sampler(&self) -> Result<Sampler, DistributionError> {
        let raw = self.raw()?;
        for (field, bound) in [("min", self.min), ("max", self.max)] {
            if let Some(value) = bound.filter(|b| b.is_nan()) {
                return Err(DistributionError::Value { field, value, allowed: "a number" });
            }
        }
        let (min, max) = (self.min.unwrap_or(f64::NEG_INFINITY), self.max.unwrap_or(f64::INFINITY));
        let sampler = Sampler { raw, min, max };
        if self.min.is_some() || self.max.is_some() {
            check_acceptance(&sampler)?;
        }
        Ok(sampler)
    }

    fn raw(&self) -> Result<Raw, DistributionError> {
        match &self.shape {
            Shape::Constant(value) => Ok(Raw::Constant(finite("mean", *value)?)),
            Shape::Uniform { low, high } => {
                let (low, high) = (finite("low", *low)?, finite("high", *high)?);
                if high < low {
                    return Err(DistributionError::Value { field: "high", value: high, allowed: "at least low" });
                }
                Ok(Raw::Uniform { low, width: finite("high", high - low)? })
            }
            Shape::Normal { mean, spread } => Ok(Raw::Normal { mean: finite("mean", *mean)?, sd: spread.sd(*mean)? }),
            Shape::Skewed { family, mean, spread, mirrored } => {
                let raw = family.raw(*mean, *spread)?;
                Ok(if *mirrored { Raw::Mirrored { about: 2.0 * mean, raw: Box::new(raw) } } else { raw })
            }
            Shape::TwoPoint { mean, spread, skewness } => {
                let (mean, sd, g) = (finite("mean", *mean)?, spread.sd(*mean)?, finite("skewness", *skewness)?);
                // p of the upper value solves (1 - 2p) / sqrt(p (1 - p)) = g; both forms below avoid cancellation.
                let root = (4.0 + g * g).sqrt();
                let (lower_odds, upper_odds) = ((root + g) / 2.0, (root - g) / 2.0);
                let (low, high) = (mean - sd / lower_odds, mean + sd / upper_odds);
                Ok(Raw::TwoPoint {
                    low: finite("skewness", low)?,
                    high: finite("skewness", high)?,
                    p_high: upper_odds / root,
                })
            }
            Shape::Empirical(values) => {
                values.iter().try_for_each(|v| finite("values", *v).map(|_| ()))?;
                if values.is_empty() { Err(DistributionError::Empty) } else { Ok(Raw::Empirical(values.clone())) }
            }
        }
    }
}

impl Shape {
    /// What of it cannot be, if one of its few values cannot.
    pub(crate) fn part_with_values(&self) -> &'static str {
        match self {
            Shape::TwoPoint { .. } => "lower value",
            Shape::Empirical(_) => "values",
            _ => "mean",
        }
    }
}

impl Spread {
    fn sd_unchecked(self, mean: f64) -> f64 {
        match self {
            Spread::Cv(cv) => cv * mean.abs(),
            Spread::Sd(sd) => sd,
        }
    }

    /// Standard deviation for this mean.
    fn sd(self, mean: f64) -> Result<f64, DistributionError> {
        let (field, value) = match self {
            Spread::Cv(cv) => ("cv", cv),
            Spread::Sd(sd) => ("sd", sd),
        };
        if matches!(self, Spread::Cv(_)) && mean == 0.0 {
            let allowed = "other than 0 when the spread is given as cv (give sd instead)";
            return Err(DistributionError::Value { field: "mean", value: mean, allowed });
        }
        let sd = self.sd_unchecked(mean);
        if value >= 0.0 && sd.is_finite() {
            return Ok(sd);
        }
        Err(DistributionError::Value { field, value, allowed: "finite and >= 0" })
    }
}

impl Family {
    fn skewness(self, cv: f64) -> f64 {
        match self {
            Family::Lognormal => 3.0 * cv + cv * cv * cv,
            Family::Gamma => 2.0 * cv,
            Family::InverseGaussian => 3.0 * cv,
            Family::InverseGamma => 4.0 * cv / (1.0 - cv * cv),
        }
    }

    fn raw(self, mean: f64, spread: Spread) -> Result<Raw, DistributionError> {
        if finite("mean", mean)? <= 0.0 {
            return Err(DistributionError::Value { field: "mean", value: mean, allowed: "> 0 for this family" });
        }
        let sd = spread.sd(mean)?;
        if sd == 0.0 {
            return Ok(Raw::Constant(mean));
        }
        let cv2 = (sd / mean) * (sd / mean);
        if !(cv2.is_normal() && (1.0 / cv2).is_finite()) {
            let (field, value) = match spread {
                Spread::Cv(cv) => ("cv", cv),
                Spread::Sd(sd) => ("sd", sd),
            };
            return Err(DistributionError::Value { field, value, allowed: "0, or a cv between 1e-150 and 1e150" });
        }
        match self {
            Family::Lognormal => {
                let variance = libm::log1p(cv2);
                Ok(Raw::Lognormal { mu: libm::log(mean) - 0.5 * variance, sigma: variance.sqrt() })
            }
            Family::Gamma => Ok(Raw::Gamma { shape: 1.0 / cv2, scale: mean * cv2 }),
            Family::InverseGaussian => Ok(Raw::InverseGaussian { mean, cv2 }),
            Family::InverseGamma if cv2 < 1.0 => {
                let shape = 2.0 + 1.0 / cv2;
                Ok(Raw::InverseGamma { shape, scale: mean * (shape - 1.0) })
            }
            Family::InverseGamma => Err(DistributionError::Value {
                field: "cv",
                value: cv2.sqrt(),
                allowed: "below 1 for the inverse gamma, whose skewness does not exist otherwise",
            }),
        }
    }
}

/// Trial draws, always the same ones: validation must not depend on the seed.
fn check_acceptance(sampler: &Sampler) -> Result<(), DistributionError> {
    const TRIED: usize = 4096;
    let mut stream = Stream::new(0, Domain::other(0), 0);
    let kept = (0..TRIED).filter(|_| sampler.accepts(sampler.raw.draw(&mut stream))).count();
    if kept * 100 >= TRIED {
        return Ok(());
    }
    Err(DistributionError::Hopeless { min: sampler.min, max: sampler.max, kept, tried: TRIED })
}

fn finite(field: &'static str, value: f64) -> Result<f64, DistributionError> {
    if value.is_finite() {
        return Ok(value);
    }
    Err(DistributionError::Value { field, value, allowed: "a finite number" })
}

#[cfg(test)]
mod tests;

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
//! | arcsine | 0, with as much as possible at both ends |
//! | log-uniform | between 1.2c for small c and, slowly, 4c / 3 |
//! | two-point | chosen freely |
//! | beta on \[0, b\] | chosen between c - 1/c, the least that a positive quantity can have, and 2c |
//!
//! Textbook moments (Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions, 1994). They are those of the
//! untruncated distribution; `min` and `max` shift them, which is why realised moments are reported beside them
//! ([`Moments::of`]).

use crate::describe::moments::Moments;

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
    /// Arcsine: mean + sqrt(2) sd cos(pi U), as a sine wave sampled at random times; reaches mean -+ sqrt(2) sd.
    Arcsine {
        /// Mean.
        mean: f64,
        /// Width.
        spread: Spread,
    },
    /// exp(uniform): as much in each octave.
    LogUniform {
        /// Mean, > 0.
        mean: f64,
        /// Width.
        spread: Spread,
    },
    /// Beta, scaled to \[0, b\]: the one that can be wide and left-skewed.
    Beta {
        /// Mean, > 0.
        mean: f64,
        /// Width.
        spread: Spread,
        /// Skewness, between c - 1/c and 2c at coefficient of variation c.
        skewness: f64,
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
#[non_exhaustive]
pub enum DistributionError {
    /// A number outside what the distribution allows.
    #[error("{field} = {}, allowed: {allowed}", short(*.value))]
    Value {
        /// `mean`, `cv`, `sd`, `skewness`, `low`, `high`, `min`, `max` or `values`.
        field: &'static str,
        /// What was given: never what follows from it.
        value: f64,
        /// What would do.
        allowed: &'static str,
    },
    /// Nothing to draw from.
    #[error("values is empty, allowed: at least one value")]
    Empty,
    /// Almost every draw would be thrown away.
    #[error("min = {}, max = {} keep {kept} of {tried} draws, allowed: bounds that keep at least 1 %", short(*.min), short(*.max))]
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

/// A number as messages show it: all its digits, and an exponent instead of a row of zeros.
pub fn short(value: f64) -> String {
    if value != 0.0 && !(1e-5..1e16).contains(&value.abs()) { format!("{value:e}") } else { value.to_string() }
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

    /// Arcsine with this mean and width.
    pub fn arcsine(mean: f64, spread: Spread) -> Self {
        Shape::Arcsine { mean, spread }.into()
    }

    /// Log-uniform with this mean and width.
    pub fn log_uniform(mean: f64, spread: Spread) -> Self {
        Shape::LogUniform { mean, spread }.into()
    }

    /// Beta from 0 on with this mean, width and skewness.
    pub fn beta(mean: f64, spread: Spread, skewness: f64) -> Self {
        Shape::Beta { mean, spread, skewness }.into()
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
            Shape::Arcsine { mean, spread } => *mean <= spread.sd_unchecked(*mean) * 2f64.sqrt(),
            Shape::Constant(_)
            | Shape::LogUniform { .. }
            | Shape::Beta { .. }
            | Shape::TwoPoint { .. }
            | Shape::Empirical(_) => false,
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
            Shape::Normal { mean, spread } | Shape::Arcsine { mean, spread } => {
                (*mean, spread.sd_unchecked(*mean), 0.0)
            }
            Shape::LogUniform { mean, spread } => {
                let sd = spread.sd_unchecked(*mean);
                (*mean, sd, log_uniform_skewness(sd / mean))
            }
            Shape::Skewed { family, mean, spread, mirrored } => {
                let sd = spread.sd_unchecked(*mean);
                let skewness = family.skewness(sd / mean);
                (*mean, sd, if *mirrored { -skewness } else { skewness })
            }
            Shape::TwoPoint { mean, spread, skewness } | Shape::Beta { mean, spread, skewness } => {
                (*mean, spread.sd_unchecked(*mean), *skewness)
            }
            Shape::Empirical(values) => return Moments::of(values),
        };
        Moments { mean, sd, skewness: if sd == 0.0 { 0.0 } else { skewness } }
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
    /// As the user stated it: the field and its number.
    pub(super) fn stated(self) -> (&'static str, f64) {
        match self {
            Spread::Cv(cv) => ("cv", cv),
            Spread::Sd(sd) => ("sd", sd),
        }
    }

    pub(super) fn sd_unchecked(self, mean: f64) -> f64 {
        match self {
            Spread::Cv(cv) => cv * mean.abs(),
            Spread::Sd(sd) => sd,
        }
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
}

/// ln(largest / smallest) of a log-uniform distribution of this CV: the w with 1 + cv^2 = (w/2) / tanh(w/2).
pub(crate) fn log_width(cv: f64) -> f64 {
    let c2 = cv * cv;
    if cv < 1e-3 {
        // EXACT: the series (w/2) / tanh(w/2) = 1 + w^2/12 - w^4/720 + .., inverted, to 1e-12: the left side cancels.
        return (12.0 * c2 * (1.0 + c2 / 5.0)).sqrt();
    }
    // The right side is convex and rises, and is above w/2: from there Newton's steps come down to the root and never pass it.
    let mut half = 1.0 + c2;
    for _ in 0..100 {
        let t = libm::tanh(half);
        let step = (half / t - (1.0 + c2)) / (1.0 / t - half * (1.0 - t * t) / (t * t));
        half -= step;
        if step <= 1e-15 * half {
            break;
        }
    }
    2.0 * half
}

fn log_uniform_skewness(cv: f64) -> f64 {
    if cv < 0.02 {
        return 1.2 * cv; // to 4e-4 of it, where the third central moment cancels
    }
    let w = log_width(cv);
    // Raw moments in units of the mean.
    let low = w / libm::expm1(w);
    let third = low * low * low * libm::expm1(3.0 * w) / (3.0 * w);
    (third - 3.0 * (1.0 + cv * cv) + 2.0) / (cv * cv * cv)
}

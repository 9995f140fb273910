//! Whether a distribution can exist, and its constants worked out for drawing.

use crate::describe::distribution::{Distribution, DistributionError, Family, Shape, Spread, log_width};
use crate::draw::sampler::{Raw, Sampler};
use tauspike_spike::{Domain, Stream};

impl Distribution {
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
                if !(high - low).is_finite() {
                    return Err(DistributionError::Value {
                        field: "high",
                        value: high,
                        allowed: "less than 1.79e308 above low",
                    });
                }
                Ok(Raw::Uniform { low, width: high - low })
            }
            Shape::Normal { mean, spread } => Ok(Raw::Normal { mean: finite("mean", *mean)?, sd: spread.sd(*mean)? }),
            Shape::Skewed { family, mean, spread, mirrored } => {
                let raw = family.raw(*mean, *spread)?;
                Ok(if *mirrored { Raw::Mirrored { about: 2.0 * mean, raw: Box::new(raw) } } else { raw })
            }
            Shape::Arcsine { mean, spread } => {
                let half = spread.sd(*mean)? * 2f64.sqrt();
                if !half.is_finite() {
                    return Err(spread.refuse("so small that mean -+ sqrt(2) sd is finite"));
                }
                Ok(Raw::Arcsine { mean: finite("mean", *mean)?, half })
            }
            Shape::LogUniform { mean, spread } => log_uniform(*mean, *spread),
            Shape::Beta { mean, spread, skewness } => beta(*mean, *spread, finite("skewness", *skewness)?),
            Shape::TwoPoint { mean, spread, skewness } => {
                let (mean, sd, g) = (finite("mean", *mean)?, spread.sd(*mean)?, finite("skewness", *skewness)?);
                // p of the upper value solves (1 - 2p) / sqrt(p (1 - p)) = g; both forms below avoid cancellation.
                let root = (4.0 + g * g).sqrt();
                let (lower_odds, upper_odds) = ((root + g) / 2.0, (root - g) / 2.0);
                let (low, high) = (mean - sd / lower_odds, mean + sd / upper_odds);
                if !(low.is_finite() && high.is_finite()) {
                    let allowed = "a number between -1e8 and 1e8 with which both values are finite";
                    return Err(DistributionError::Value { field: "skewness", value: g, allowed });
                }
                Ok(Raw::TwoPoint { low, high, p_high: upper_odds / root })
            }
            Shape::Empirical(values) => {
                values.iter().try_for_each(|v| finite("values", *v).map(|_| ()))?;
                if values.is_empty() { Err(DistributionError::Empty) } else { Ok(Raw::Empirical(values.clone())) }
            }
        }
    }
}

impl Spread {
    /// Standard deviation for this mean.
    fn sd(self, mean: f64) -> Result<f64, DistributionError> {
        if matches!(self, Spread::Cv(_)) && mean == 0.0 {
            let allowed = "other than 0 when the spread is given as cv (give sd instead)";
            return Err(DistributionError::Value { field: "mean", value: mean, allowed });
        }
        let sd = self.sd_unchecked(mean);
        let (_, value) = self.stated();
        if value >= 0.0 && sd.is_finite() { Ok(sd) } else { Err(self.refuse("finite and >= 0")) }
    }

    fn refuse(self, allowed: &'static str) -> DistributionError {
        let (field, value) = self.stated();
        DistributionError::Value { field, value, allowed }
    }
}

impl Family {
    fn raw(self, mean: f64, spread: Spread) -> Result<Raw, DistributionError> {
        let sd = positive(mean, spread)?;
        if sd == 0.0 {
            return Ok(Raw::Constant(mean));
        }
        let cv2 = (sd / mean) * (sd / mean);
        if !(cv2.is_normal() && (1.0 / cv2).is_finite()) {
            return Err(spread.refuse("0, or a cv between 1e-150 and 1e150"));
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
            Family::InverseGamma => Err(spread
                .refuse("a cv (sd / mean) below 1 for the inverse gamma, whose skewness does not exist otherwise")),
        }
    }
}

/// The standard deviation of a distribution of positive numbers.
fn positive(mean: f64, spread: Spread) -> Result<f64, DistributionError> {
    if finite("mean", mean)? <= 0.0 {
        return Err(DistributionError::Value { field: "mean", value: mean, allowed: "> 0 for this family" });
    }
    spread.sd(mean)
}

fn log_uniform(mean: f64, spread: Spread) -> Result<Raw, DistributionError> {
    /// Where the largest value is e^650 of the smallest.
    const MOST: f64 = 18.0;
    let cv = positive(mean, spread)? / mean;
    if cv == 0.0 {
        return Ok(Raw::Constant(mean));
    }
    if cv > MOST {
        return Err(spread.refuse("a cv (sd / mean) of at most 18 for log_uniform"));
    }
    let width = log_width(cv);
    Ok(Raw::LogUniform { low: mean * (width / libm::expm1(width)), width })
}

/// On [0, b] with mean m b, 1 + nu = (1 - m) / (m cv^2) for the sum nu of both shapes, and skewness 2 cv (1 - 2m) / (1 - m + m cv^2),
/// which gives m.
fn beta(mean: f64, spread: Spread, skewness: f64) -> Result<Raw, DistributionError> {
    /// Draws of smaller shapes leave the exponents of f64.
    const LEAST_SHAPE: f64 = 1e-6;
    let c = positive(mean, spread)? / mean;
    if c == 0.0 {
        return Ok(Raw::Constant(mean));
    }
    let refused = || DistributionError::Value {
        field: "skewness",
        value: skewness,
        allowed: "between cv - 1/cv, the least of any positive quantity, and 2 cv",
    };
    if !(c - 1.0 / c < skewness && skewness < 2.0 * c) {
        return Err(refused());
    }
    let m = (2.0 * c - skewness) / (4.0 * c - skewness * (1.0 - c * c));
    let nu = (1.0 - m) / (m * c * c) - 1.0;
    let (left, right) = (m * nu, (1.0 - m) * nu);
    if left >= LEAST_SHAPE && right >= LEAST_SHAPE && right.is_finite() {
        Ok(Raw::Beta { left, right, scale: mean / m })
    } else {
        Err(refused())
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

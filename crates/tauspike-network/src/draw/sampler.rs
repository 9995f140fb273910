//! A validated distribution with its constants worked out, ready for drawing. Made by
//! [`crate::describe::distribution::Distribution::sampler`].

use crate::draw::variate::{beta, gamma, inverse_gaussian, normal, unit, word};
use std::f64::consts::PI;
use tauspike_spike::Stream;

/// Draws from a distribution. Validated: it always finds a value.
#[derive(Clone, Debug)]
pub struct Sampler {
    pub(crate) raw: Raw,
    pub(crate) min: f64,
    pub(crate) max: f64,
}

/// An untruncated distribution in its natural parameters.
#[derive(Clone, Debug)]
pub(crate) enum Raw {
    Constant(f64),
    Uniform { low: f64, width: f64 },
    Normal { mean: f64, sd: f64 },
    Lognormal { mu: f64, sigma: f64 },
    Gamma { shape: f64, scale: f64 },
    InverseGaussian { mean: f64, cv2: f64 },
    InverseGamma { shape: f64, scale: f64 },
    Mirrored { about: f64, raw: Box<Raw> },
    Arcsine { mean: f64, half: f64 },
    LogUniform { low: f64, width: f64 },
    Beta { left: f64, right: f64, scale: f64 },
    TwoPoint { low: f64, high: f64, p_high: f64 },
    Empirical(Vec<f64>),
}

impl Sampler {
    /// The next draw inside the bounds.
    pub fn draw(&self, stream: &mut Stream) -> f64 {
        // At least about 1 % of the draws are accepted (checked), so all attempts fail with probability below e^-10000; the
        // bound is there so that the loop ends by construction.
        const ATTEMPTS: u32 = 1 << 20;
        let mut value = self.raw.draw(stream);
        for _ in 0..ATTEMPTS {
            if self.accepts(value) {
                return value;
            }
            value = self.raw.draw(stream);
        }
        value.clamp(self.min, self.max)
    }

    #[inline]
    pub(crate) fn accepts(&self, value: f64) -> bool {
        self.min <= value && value <= self.max
    }

    /// Every value it can take, if they are few enough to be told.
    pub(crate) fn values(&self) -> Vec<f64> {
        let all: &[f64] = match &self.raw {
            Raw::Constant(value) => &[*value],
            Raw::TwoPoint { low, high, .. } => &[*low, *high],
            Raw::Empirical(values) => values,
            _ => &[],
        };
        all.iter().copied().filter(|value| self.accepts(*value)).collect()
    }

    /// Appends all that its draws depend on.
    pub(crate) fn words(&self, words: &mut Vec<u64>) {
        self.raw.words(words);
        words.extend([self.min, self.max].map(f64::to_bits));
    }

    /// No draw is below this.
    pub(crate) fn lowest(&self) -> f64 {
        if self.min > self.raw.infimum() { self.min } else { self.raw.infimum() }
    }

    /// The value of every draw, if there is only one.
    pub(crate) fn constant(&self) -> Option<f64> {
        match self.raw {
            Raw::Constant(value) => Some(value),
            _ => None,
        }
    }
}

impl Raw {
    fn words(&self, words: &mut Vec<u64>) {
        let (kind, parameters): (u64, &[f64]) = match self {
            Raw::Constant(value) => (0, &[*value]),
            Raw::Uniform { low, width } => (1, &[*low, *width]),
            Raw::Normal { mean, sd } => (2, &[*mean, *sd]),
            Raw::Lognormal { mu, sigma } => (3, &[*mu, *sigma]),
            Raw::Gamma { shape, scale } => (4, &[*shape, *scale]),
            Raw::InverseGaussian { mean, cv2 } => (5, &[*mean, *cv2]),
            Raw::InverseGamma { shape, scale } => (6, &[*shape, *scale]),
            Raw::Mirrored { about, raw } => {
                raw.words(words);
                (7, &[*about])
            }
            Raw::TwoPoint { low, high, p_high } => (8, &[*low, *high, *p_high]),
            Raw::Empirical(values) => (9, values),
            Raw::Arcsine { mean, half } => (10, &[*mean, *half]),
            Raw::LogUniform { low, width } => (11, &[*low, *width]),
            Raw::Beta { left, right, scale } => (12, &[*left, *right, *scale]),
        };
        words.push(kind);
        words.extend(parameters.iter().map(|parameter| parameter.to_bits()));
    }

    fn infimum(&self) -> f64 {
        match self {
            Raw::Constant(value) => *value,
            Raw::Uniform { low, .. } | Raw::TwoPoint { low, .. } | Raw::LogUniform { low, .. } => *low,
            Raw::Arcsine { mean, half } => mean - half,
            Raw::Beta { .. } => 0.0,
            Raw::Normal { .. } | Raw::Mirrored { .. } => f64::NEG_INFINITY,
            Raw::Lognormal { .. } | Raw::Gamma { .. } | Raw::InverseGaussian { .. } | Raw::InverseGamma { .. } => 0.0,
            Raw::Empirical(values) => values.iter().copied().fold(f64::INFINITY, f64::min),
        }
    }

    pub(crate) fn draw(&self, stream: &mut Stream) -> f64 {
        match self {
            Raw::Constant(value) => *value,
            Raw::Uniform { low, width } => low + width * unit(stream),
            Raw::Normal { mean, sd } => mean + sd * normal(stream),
            Raw::Lognormal { mu, sigma } => libm::exp(mu + sigma * normal(stream)),
            Raw::Gamma { shape, scale } => scale * gamma(stream, *shape),
            Raw::InverseGaussian { mean, cv2 } => mean * inverse_gaussian(stream, *cv2),
            Raw::InverseGamma { shape, scale } => scale / gamma(stream, *shape),
            Raw::Mirrored { about, raw } => about - raw.draw(stream),
            Raw::Arcsine { mean, half } => mean + half * libm::cos(PI * unit(stream)),
            Raw::LogUniform { low, width } => low * libm::exp(width * unit(stream)),
            Raw::Beta { left, right, scale } => scale * beta(stream, *left, *right),
            Raw::TwoPoint { low, high, p_high } => {
                if unit(stream) <= *p_high {
                    *high
                } else {
                    *low
                }
            }
            Raw::Empirical(values) => {
                // Multiply-shift of 64 bits: the bias is below n / 2^64.
                values[((u128::from(word(stream)) * values.len() as u128) >> 64) as usize]
            }
        }
    }
}

//! How the time constants of a network are spread at given location and coefficient of variation.
//!
//! The draws of a network are moved and widened until they realise the location (arithmetic mean, median or harmonic mean) and the CV
//! that were asked for, each to 1e-3, those raised to the smallest time constant included ([`matching`]). Their skewness stays nearly
//! as drawn, and is reported. Profiles that reach below zero (normal, mirrored ones) are drawn anew below a twentieth of the mean.
//!
//! A device may have few values, coarse ones, or inexact ones: [`Device`]. Few and coarse values are part of what is matched; its
//! inexactness is not, because nobody sets it.

pub mod matching;

pub use matching::Location;

use matching::{TOLERANCE, Wanted, Way};
use tauspike_network::distribution::DistributionError;
use tauspike_network::{Distribution, Family, Moments, Spread};
use tauspike_spike::{Domain, Stream};

/// The name of the profile that is always there.
pub const HOMOGENEOUS: &str = "homogeneous";

/// A named way to spread time constants.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Unique.
    pub name: String,
    /// Which distribution.
    pub kind: Kind,
    /// Which mean is the one asked for.
    pub location: Location,
    /// What holds the time constants.
    pub device: Device,
}

/// The distribution of a profile, without location and width.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// All alike.
    Homogeneous,
    /// Normal.
    Normal,
    /// Uniform.
    Uniform,
    /// Arcsine: symmetric, with most at both ends.
    Arcsine,
    /// As much in each octave.
    LogUniform,
    /// A right-skewed family, or its mirror image.
    Skewed {
        /// Which.
        family: Family,
        /// Left-skewed instead.
        mirrored: bool,
    },
    /// From 0 on; wide and left-skewed if need be.
    Beta {
        /// Skewness asked for.
        skewness: f64,
    },
    /// Two values.
    TwoPoint {
        /// Skewness asked for.
        skewness: f64,
    },
    /// One of these, moved and widened to what is asked for.
    Empirical(Vec<f64>),
}

/// Limits of hardware that holds time constants; none by default.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Device {
    /// Number of different values: those that lie nearest to the draws (Lloyd 1982, IEEE Trans. Inf. Theory 28:129).
    pub levels: Option<u32>,
    /// Values are multiples of it, ms; any if it is 0.
    pub quantum: f64,
    /// CV of a lognormal factor of mean 1, drawn for each neuron, by which the device misses its value.
    pub mismatch: f64,
}

/// Why there are no such time constants.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ProfileError {
    /// There is no such distribution.
    #[error(transparent)]
    Distribution(#[from] DistributionError),
    /// These draws cannot have such a CV and location.
    #[error(
        "{n} time constants of at least {least} ms under seed {seed} have CV {realised:.4} and {location} {at:.4} ms at best, not CV \
         {cv} and {wanted} ms to 1e-3; allowed: a smaller CV, more neurons, a smaller tau_min_ms, or more or finer values"
    )]
    Unmatched {
        /// Neurons.
        n: u32,
        /// Their seed.
        seed: u64,
        /// tau_min_ms.
        least: f64,
        /// The CV that came nearest.
        realised: f64,
        /// Which location.
        location: &'static str,
        /// The location that came nearest, ms.
        at: f64,
        /// The CV asked for.
        cv: f64,
        /// The location asked for, ms.
        wanted: f64,
    },
}

impl Profile {
    /// A profile by its arithmetic mean, on a device without limits.
    pub fn new(name: impl Into<String>, kind: Kind) -> Self {
        Self { name: name.into(), kind, location: Location::Mean, device: Device::default() }
    }

    /// The one without spread.
    pub fn homogeneous() -> Self {
        Self::new(HOMOGENEOUS, Kind::Homogeneous)
    }

    /// The distribution with this mean, ms, and CV, kept positive.
    pub fn distribution(&self, mean: f64, cv: f64) -> Distribution {
        let spread = Spread::Cv(cv);
        let distribution = match &self.kind {
            Kind::Homogeneous => Distribution::constant(mean),
            Kind::Normal => Distribution::normal(mean, spread),
            Kind::Uniform => Distribution::uniform_around(mean, spread),
            Kind::Arcsine => Distribution::arcsine(mean, spread),
            Kind::LogUniform => Distribution::log_uniform(mean, spread),
            Kind::Skewed { family, mirrored: false } => Distribution::skewed(*family, mean, spread),
            Kind::Skewed { family, mirrored: true } => Distribution::mirrored(*family, mean, spread),
            Kind::Beta { skewness } => Distribution::beta(mean, spread, *skewness),
            Kind::TwoPoint { skewness } => Distribution::two_point(mean, spread, *skewness),
            Kind::Empirical(values) => Distribution::empirical(values.clone()),
        };
        distribution.kept_positive()
    }

    /// The time constants of `n` neurons, ms, at least `least`: their location is `at` and their CV `cv`, to 1e-3 each, but for what
    /// the mismatch of the device adds.
    ///
    /// # Errors
    /// If there is no such distribution, or these draws cannot be matched.
    pub fn draw(&self, (at, cv): (f64, f64), least: f64, n: u32, seed: u64) -> Result<Vec<f64>, ProfileError> {
        let wanted = Wanted { location: self.location, at, cv, least, quantum: self.device.quantum };
        let taus = if self.kind == Kind::Homogeneous {
            // EXACT: a homogeneous network has no spread from rounding.
            vec![matching::rounded(at, &wanted); n as usize]
        } else {
            let draws = self.device.levelled(self.draws(at, cv, n, seed)?);
            matching::matched(&draws, self.way(), &wanted)
        };
        let is_met = matching::distance(&taus, &wanted) <= TOLERANCE;
        if !is_met {
            let realised = Realised::of(&taus, least);
            let (location, wanted) = (self.location.name(), at);
            let at = realised.location(self.location);
            return Err(ProfileError::Unmatched { n, seed, least, realised: realised.cv, location, at, cv, wanted });
        }
        self.device.missed(taus, least, seed)
    }

    /// Positive draws, not yet matched.
    fn draws(&self, at: f64, cv: f64, n: u32, seed: u64) -> Result<Vec<f64>, ProfileError> {
        let draws = |distribution: &Distribution| -> Result<Vec<f64>, DistributionError> {
            let sampler = distribution.sampler()?;
            Ok((0..n).map(|i| sampler.draw(&mut Stream::new(seed, Domain::parameter(0, 0), i))).collect())
        };
        let distribution = self.distribution(at, cv);
        distribution.validate()?;
        match &self.kind {
            Kind::TwoPoint { skewness } => Ok(two_values(&draws(&Distribution::uniform(0.0, 1.0))?, *skewness)),
            Kind::Empirical(values) => Ok(dealt(&draws(&Distribution::uniform(0.0, 1.0))?, values)),
            _ => Ok(draws(&distribution)?.into_iter().map(|draw| draw.max(f64::MIN_POSITIVE)).collect()),
        }
    }

    /// Families of positive numbers stay positive; the others keep their shape.
    fn way(&self) -> Way {
        match self.kind {
            Kind::LogUniform | Kind::Skewed { mirrored: false, .. } | Kind::Beta { .. } | Kind::Empirical(_) => {
                Way::Power
            }
            _ => Way::Affine,
        }
    }
}

/// 2 for the smallest of these draws, as many as the skewness asks for and at least one, and 1 for the others, at least one: chance
/// would leave one of fifteen small networks without any.
fn two_values(uniform: &[f64], skewness: f64) -> Vec<f64> {
    let n = uniform.len();
    let root = (4.0 + skewness * skewness).sqrt();
    let upper = ((root - skewness) / (2.0 * root) * n as f64).round() as usize;
    let mut values = vec![1.0; n];
    in_order(uniform).into_iter().take(upper.min(n.saturating_sub(1)).max(1)).for_each(|k| values[k] = 2.0);
    values
}

/// Each value as often as any other, or as evenly as can be, to neurons in the order of these draws: some of a few values would come
/// so often by chance that no power of them has the CV of all.
fn dealt(uniform: &[f64], values: &[f64]) -> Vec<f64> {
    let n = uniform.len();
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let mut dealt = vec![0.0; n];
    for (rank, k) in in_order(uniform).into_iter().enumerate() {
        dealt[k] = sorted[(2 * rank + 1) * sorted.len() / (2 * n)];
    }
    dealt
}

/// Positions of values in rising order.
fn in_order(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    order
}

impl Device {
    /// Each value replaced by the nearest of `levels` ones, which are the means of what they replace.
    fn levelled(&self, draws: Vec<f64>) -> Vec<f64> {
        const MOST_ROUNDS: usize = 1000;
        let Some(levels) = self.levels.map(|levels| levels as usize).filter(|levels| *levels < draws.len()) else {
            return draws;
        };
        let mut sorted = draws.clone();
        sorted.sort_by(f64::total_cmp);
        let mut ends: Vec<usize> = (0..=levels).map(|level| sorted.len() * level / levels).collect();
        for _ in 0..MOST_ROUNDS {
            let edges = edges(&means(&sorted, &ends));
            let mut moved: Vec<usize> = edges.iter().map(|edge| sorted.partition_point(|x| x < edge)).collect();
            moved.insert(0, 0);
            moved.push(sorted.len());
            if moved == ends {
                break;
            }
            ends = moved;
        }
        let means = means(&sorted, &ends);
        let edges = edges(&means);
        draws.into_iter().map(|x| means[edges.partition_point(|edge| *edge <= x)]).collect()
    }

    /// What a device makes of these values.
    fn missed(&self, taus: Vec<f64>, least: f64, seed: u64) -> Result<Vec<f64>, ProfileError> {
        if self.mismatch == 0.0 {
            return Ok(taus);
        }
        let factor = Distribution::skewed(Family::Lognormal, 1.0, Spread::Cv(self.mismatch)).sampler()?;
        let drawn = |i: u32| factor.draw(&mut Stream::new(seed, Domain::parameter(1, 0), i));
        Ok((0..).zip(taus).map(|(i, tau)| (tau * drawn(i)).max(least)).collect())
    }
}

/// The mean of each group of rising values; of an empty one, the value that it would begin with.
fn means(sorted: &[f64], ends: &[usize]) -> Vec<f64> {
    let mean = |range: std::ops::Range<usize>| match &sorted[range.clone()] {
        [] => sorted[range.start.min(sorted.len() - 1)],
        group => group.iter().sum::<f64>() / group.len() as f64,
    };
    ends.windows(2).map(|pair| mean(pair[0]..pair[1])).collect()
}

/// Half way between two levels.
fn edges(levels: &[f64]) -> Vec<f64> {
    levels.windows(2).map(|pair| 0.5 * (pair[0] + pair[1])).collect()
}

/// What the time constants of a network came out as; times in ms.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Realised {
    /// Arithmetic mean.
    #[serde(rename = "mean_ms")]
    pub mean: f64,
    /// Median.
    #[serde(rename = "median_ms")]
    pub median: f64,
    /// Harmonic mean.
    #[serde(rename = "harmonic_mean_ms")]
    pub harmonic_mean: f64,
    /// Coefficient of variation, with n in the denominator of the variance.
    pub cv: f64,
    /// Skewness.
    pub skewness: f64,
    /// Smallest.
    #[serde(rename = "min_ms")]
    pub min: f64,
    /// Largest.
    #[serde(rename = "max_ms")]
    pub max: f64,
    /// Number of different ones.
    pub distinct: usize,
    /// Part of them that stands at the least value allowed.
    pub at_least_value: f64,
}

impl Realised {
    /// Of time constants, not empty, of which none may be below `least`.
    pub fn of(taus: &[f64], least: f64) -> Self {
        let moments = Moments::of(taus);
        let mut sorted = taus.to_vec();
        sorted.sort_by(f64::total_cmp);
        let [mean, median, harmonic_mean] = Location::ALL.map(|location| location.of_sorted(&sorted));
        let (min, max) = (sorted[0], sorted[sorted.len() - 1]);
        let at_least_value = taus.iter().filter(|tau| **tau <= least).count() as f64 / taus.len() as f64;
        sorted.dedup();
        let (cv, skewness, distinct) = (moments.cv(), moments.skewness, sorted.len());
        Self { mean, median, harmonic_mean, cv, skewness, min, max, distinct, at_least_value }
    }

    /// The mean that was asked for, ms.
    pub fn location(&self, location: Location) -> f64 {
        match location {
            Location::Mean => self.mean,
            Location::Median => self.median,
            Location::HarmonicMean => self.harmonic_mean,
        }
    }
}

#[cfg(test)]
mod tests;

//! How the time constants of a network are spread at given mean and coefficient of variation.
//!
//! The draws of a network are multiplied by one factor, so that their mean is exactly the mean asked for: among 100 draws of CV 2
//! it would stray by 20 %, more than the effects under study. Their CV and skewness stay as drawn, and are reported. Profiles that
//! reach below zero (normal, uniform, mirrored ones) are drawn anew below a twentieth of the mean, which narrows them.

use tauspike_network::distribution::DistributionError;
use tauspike_network::{Distribution, Family, Spread};
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
}

/// The distribution of a profile, without mean and width.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// All alike.
    Homogeneous,
    /// Normal.
    Normal,
    /// Uniform.
    Uniform,
    /// A right-skewed family, or its mirror image.
    Skewed {
        /// Which.
        family: Family,
        /// Left-skewed instead.
        mirrored: bool,
    },
    /// Two values.
    TwoPoint {
        /// Skewness asked for.
        skewness: f64,
    },
    /// One of these, scaled to the mean asked for; their CV is what it is.
    Empirical(Vec<f64>),
}

impl Profile {
    /// The one without spread.
    pub fn homogeneous() -> Self {
        Self { name: HOMOGENEOUS.into(), kind: Kind::Homogeneous }
    }

    /// The distribution with this mean, ms, and CV, kept positive.
    pub fn distribution(&self, mean: f64, cv: f64) -> Distribution {
        let spread = Spread::Cv(cv);
        let distribution = match &self.kind {
            Kind::Homogeneous => Distribution::constant(mean),
            Kind::Normal => Distribution::normal(mean, spread),
            Kind::Uniform => Distribution::uniform_around(mean, spread),
            Kind::Skewed { family, mirrored: false } => Distribution::skewed(*family, mean, spread),
            Kind::Skewed { family, mirrored: true } => Distribution::mirrored(*family, mean, spread),
            Kind::TwoPoint { skewness } => Distribution::two_point(mean, spread, *skewness),
            Kind::Empirical(values) => Distribution::empirical(values.clone()),
        };
        distribution.kept_positive()
    }

    /// The time constants of `n` neurons, ms: mean exactly `mean`, but for those raised to `min`.
    ///
    /// # Errors
    /// If there is no such distribution.
    pub fn draw(&self, (mean, cv): (f64, f64), min: f64, n: u32, seed: u64) -> Result<Vec<f64>, DistributionError> {
        let sampler = self.distribution(mean, cv).sampler()?;
        let draws: Vec<f64> =
            (0..n).map(|i| sampler.draw(&mut Stream::new(seed, Domain::parameter(0, 0), i))).collect();
        let scale = mean / (draws.iter().sum::<f64>() / draws.len() as f64);
        // EXACT: equal draws stay equal to the mean: a homogeneous network has no spread from rounding.
        let scaled = |draw: f64| if self.kind == Kind::Homogeneous { mean } else { draw * scale };
        Ok(draws.into_iter().map(|draw| scaled(draw).max(min)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tauspike_network::Moments;

    #[test]
    fn every_network_has_the_mean_asked_for_and_the_skewness_of_its_profile() {
        let lognormal = Kind::Skewed { family: Family::Lognormal, mirrored: false };
        let mirrored = Kind::Skewed { family: Family::Gamma, mirrored: true };
        for (kind, cv, sign) in
            [(lognormal, 1.0, 1.0), (Kind::TwoPoint { skewness: 2.0 }, 1.0, 1.0), (mirrored, 0.3, -1.0)]
        {
            let profile = Profile { name: "x".into(), kind };
            let moments = Moments::of(&profile.draw((20.0, cv), 0.01, 1000, 3).unwrap());
            assert!((moments.mean - 20.0).abs() < 1e-2 && (moments.cv() / cv - 1.0).abs() < 0.3, "{moments}");
            assert!(moments.skewness * sign > 0.3, "{moments}");
        }
        let same = Profile::homogeneous().draw((20.0, 0.0), 0.01, 7, 3).unwrap();
        assert_eq!(same, [20.0; 7]);
    }

    #[test]
    fn a_smaller_network_has_the_draws_of_a_larger_one() {
        let profile = Profile { name: "x".into(), kind: Kind::Skewed { family: Family::Gamma, mirrored: false } };
        let draw = |n| profile.draw((20.0, 1.0), 1e-9, n, 5).unwrap();
        let (small, large) = (draw(10), draw(100));
        assert!((small[3] / small[7] - large[3] / large[7]).abs() < 1e-9);
    }
}

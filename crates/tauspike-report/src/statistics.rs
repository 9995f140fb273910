//! How large is a difference, how sure is it, and could it be chance?
//!
//! The unit of observation is the seed: all networks of one seed share stimuli, weights and draws, so differences are paired
//! by seed, and tasks within a network are *not* counted as observations.
//!
//! | module | question |
//! |---|---|
//! | [`bootstrap`] | in which interval is a statistic, if seeds are drawn again? |
//! | [`chance`] | how often would a difference this large come out by chance? |
//! | [`best`] | how good is the best of several, without the luck of the choice? |
//! | [`ladder`] | at equal score, how many times as much of something is needed? |
//! | [`regression`] | how much of the gain does a predictor explain in seeds it has not seen? |

pub mod best;
pub mod bootstrap;
pub mod chance;
pub mod ladder;
pub mod regression;

use serde::Serialize;
use std::collections::BTreeMap;

/// One value per seed.
pub type Scores = BTreeMap<u64, f64>;

/// A figure with its uncertainty.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// The figure itself.
    pub value: f64,
    /// Lower end of the 95 % interval.
    pub low: f64,
    /// Upper end of the 95 % interval.
    pub high: f64,
    /// Number of seeds.
    pub seeds: usize,
    /// Cohen's d_z: mean over standard deviation of the paired differences.
    pub effect: Option<f64>,
    /// One-sided p of the sign-flip permutation test against "not above 0".
    pub p: Option<f64>,
    /// The same, corrected by Holm within its family.
    pub p_holm: Option<f64>,
}

impl Estimate {
    /// The mean of paired differences: bootstrap interval, effect size and permutation p. `None` without any.
    pub fn of_differences(differences: &[f64]) -> Option<Self> {
        let p = Some(chance::sign_flip(differences));
        let spread = deviation(differences);
        let effect = (spread > 0.0).then(|| mean(differences) / spread);
        Some(Self {
            effect,
            p,
            p_holm: p,
            ..Self::of_statistic(differences.len(), |picked| mean_of(differences, picked))?
        })
    }

    /// A statistic of resampled seeds, given by their positions. `None` without seeds, or if it has no finite value.
    pub fn of_statistic(seeds: usize, statistic: impl Fn(&[usize]) -> f64) -> Option<Self> {
        if seeds == 0 {
            return None;
        }
        let all: Vec<usize> = (0..seeds).collect();
        let value = statistic(&all);
        let (low, high) = bootstrap::interval(seeds, statistic);
        let known = value.is_finite() && !low.is_nan() && !high.is_nan();
        known.then_some(Self { value, low, high, seeds, effect: None, p: None, p_holm: None })
    }

    /// The mean of values with its interval, without a test.
    pub fn of_mean(values: &[f64]) -> Option<Self> {
        Self::of_statistic(values.len(), |picked| mean_of(values, picked))
    }

    /// Whether it is above `bound`: the whole interval, and, if there is a test, a corrected p of at most 0.05.
    pub fn above(&self, bound: f64) -> bool {
        self.low > bound && self.p_holm.is_none_or(|p| p <= chance::LEVEL)
    }
}

/// `a - b` of the seeds that both have.
pub fn differences(a: &Scores, b: &Scores) -> Vec<f64> {
    a.iter().filter_map(|(seed, value)| Some(value - b.get(seed)?)).collect()
}

/// Mean over several arms of the seeds that all have.
pub fn average(arms: &[Scores]) -> Scores {
    let Some((first, others)) = arms.split_first() else { return Scores::new() };
    let mean_at = |seed: &u64| {
        let sum = others.iter().try_fold(first[seed], |sum, arm| Some(sum + arm.get(seed)?))?;
        Some((*seed, sum / arms.len() as f64))
    };
    first.keys().filter_map(mean_at).collect()
}

/// Arithmetic mean; NaN of nothing.
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Standard deviation with n - 1; 0 of fewer than two.
pub fn deviation(values: &[f64]) -> f64 {
    if values.len() < 2 {
        return 0.0;
    }
    let centre = mean(values);
    (values.iter().map(|value| (value - centre).powi(2)).sum::<f64>() / (values.len() - 1) as f64).sqrt()
}

fn mean_of(values: &[f64], picked: &[usize]) -> f64 {
    picked.iter().map(|&at| values[at]).sum::<f64>() / picked.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// scipy 1.17: `x.mean() / x.std(ddof=1)`, and `permutation_test((x,), np.mean, permutation_type="samples",
    /// alternative="greater", n_resamples=np.inf)`.
    #[test]
    fn a_difference_has_the_effect_and_p_of_scipy() {
        let x = [0.3, -0.1, 0.25, 0.4, 0.05, 0.2, -0.02, 0.31];
        let estimate = Estimate::of_differences(&x).unwrap();
        assert!((estimate.value - 0.17375).abs() < 1e-12);
        assert!((estimate.effect.unwrap() - 0.9801100244261767).abs() < 1e-12, "{estimate:?}");
        assert!((estimate.p.unwrap() - 0.0234375).abs() < 1e-12, "{estimate:?}");
        assert!(estimate.low < estimate.value && estimate.value < estimate.high);
    }

    #[test]
    fn only_seeds_of_both_arms_are_compared() {
        let arm = |pairs: &[(u64, f64)]| pairs.iter().copied().collect::<Scores>();
        let (a, b) = (arm(&[(1, 3.0), (2, 5.0), (4, 9.0)]), arm(&[(2, 1.0), (3, 7.0), (4, 2.0)]));
        assert_eq!(differences(&a, &b), [4.0, 7.0]);
        assert_eq!(average(&[a, b]), arm(&[(2, 3.0), (4, 5.5)]));
    }

    #[test]
    fn nothing_has_no_estimate() {
        assert_eq!(Estimate::of_differences(&[]), None);
        assert_eq!(Estimate::of_mean(&[f64::NAN]), None);
    }
}

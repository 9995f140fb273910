//! How large is a difference, how sure is it, and could it be chance?
//!
//! The unit of observation is the seed: all networks of one seed share stimuli, weights and draws, so differences are paired
//! by seed, and tasks within a network are *not* counted as observations.
//!
//! | module | question |
//! |---|---|
//! | [`student`] | in which interval is a mean, and how often would it come out by chance? |
//! | [`holm`] | and in a family of comparisons? |
//! | [`best`] | how good is the best of several, without the luck of the choice? |
//! | [`ladder`] | at equal score, how many times as much of something is needed? |
//! | [`regression`] | how much of the gain does a predictor explain in seeds it has not seen? |

pub mod best;
pub mod holm;
pub mod ladder;
pub mod regression;
pub mod student;

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
    /// Standard error; of factors, that of their logarithm.
    pub error: f64,
    /// Number of seeds.
    pub seeds: usize,
}

impl Estimate {
    /// The mean of values, or of paired differences, with its t interval. `None` of fewer than two, or if one is not finite.
    pub fn of_mean(values: &[f64]) -> Option<Self> {
        let error = deviation(values) / (values.len() as f64).sqrt();
        Self::about(mean(values), error, values.len())
    }

    /// A statistic of seeds, given by their positions: its standard error is that of the jackknife (Efron and Stein 1981, Ann. Stat.
    /// 9:586), its interval that of Student's t. Of a mean this is [`Estimate::of_mean`].
    pub fn of_statistic(seeds: usize, statistic: impl Fn(&[usize]) -> f64) -> Option<Self> {
        let all: Vec<usize> = (0..seeds).collect();
        let without =
            |left_out: usize| -> Vec<usize> { all.iter().copied().filter(|seed| *seed != left_out).collect() };
        let values: Vec<f64> = all.iter().map(|seed| statistic(&without(*seed))).collect();
        let n = seeds as f64;
        let error = deviation(&values) * (n - 1.0) / n.sqrt();
        Self::about(statistic(&all), error, seeds)
    }

    fn about(value: f64, error: f64, seeds: usize) -> Option<Self> {
        if seeds < 2 || !value.is_finite() || !error.is_finite() {
            return None;
        }
        let half = student::quantile(0.975, seeds - 1) * error;
        Some(Self { value, low: value - half, high: value + half, error, seeds })
    }

    /// Two-sided p of "the figure is `bound`".
    pub fn p(&self, bound: f64) -> f64 {
        student::two_sided(self.value - bound, self.error, self.seeds - 1)
    }

    /// The same of a figure that is a logarithm, its ends too; the standard error remains that of the logarithm.
    pub fn exp(self) -> Self {
        Self { value: self.value.exp(), low: self.low.exp(), high: self.high.exp(), ..self }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// scipy 1.17: `ttest_1samp(x, 0)` and its `confidence_interval()`.
    #[test]
    fn a_difference_has_the_interval_and_p_of_scipy() {
        let x = [0.3, -0.1, 0.25, 0.4, 0.05, 0.2, -0.02, 0.31];
        let estimate = Estimate::of_mean(&x).unwrap();
        assert!((estimate.value - 0.17375).abs() < 1e-12);
        let by_jackknife =
            Estimate::of_statistic(8, |picked| mean(&picked.iter().map(|k| x[*k]).collect::<Vec<_>>())).unwrap();
        for estimate in [estimate, by_jackknife] {
            assert!((estimate.p(0.0) - SCIPY[0]).abs() < 1e-9, "{}", estimate.p(0.0));
            assert!((estimate.low - SCIPY[1]).abs() < 1e-9 && (estimate.high - SCIPY[2]).abs() < 1e-9, "{estimate:?}");
        }
    }

    const SCIPY: [f64; 3] = [0.027607703260360297, 0.025543542038092476, 0.3219564579619075];

    #[test]
    fn nothing_comes_of_one_seed_or_of_what_is_not_finite() {
        assert!(Estimate::of_mean(&[1.0]).is_none() && Estimate::of_mean(&[1.0, f64::NAN]).is_none());
        assert!(Estimate::of_statistic(3, |_| f64::INFINITY).is_none());
        assert_eq!(Estimate::of_mean(&[2.0, 2.0]).unwrap().p(1.0), 0.0);
        assert_eq!(Estimate::of_mean(&[2.0, 2.0]).unwrap().p(2.0), 1.0);
    }
}

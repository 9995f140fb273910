//! Percentile intervals: the statistic of seeds drawn again with replacement (Efron and Tibshirani, "An introduction to the
//! bootstrap", 1993, chapter 13).
//!
//! With ten seeds such an interval is somewhat too short (it holds the truth about 90 % of the time); verdicts on differences
//! therefore need the permutation test of [`super::chance`] as well.

use tauspike_spike::draw::{Domain, block};

/// Times that seeds are drawn again.
pub const RESAMPLES: u32 = 2000;
const SEED: u64 = 0;
const DRAWS: Domain = Domain::other(0x00b0_0757);

/// 95 % interval of a statistic of `seeds` seeds. Every call uses the same draws.
pub fn interval(seeds: usize, statistic: impl Fn(&[usize]) -> f64) -> (f64, f64) {
    let mut picked = vec![0; seeds];
    let draw = |resample| {
        pick(resample, &mut picked);
        statistic(&picked)
    };
    let mut values: Vec<f64> = (0..RESAMPLES).map(draw).filter(|value| !value.is_nan()).collect();
    values.sort_unstable_by(f64::total_cmp);
    (quantile(&values, 0.025), quantile(&values, 0.975))
}

/// The positions of one resample.
fn pick(resample: u32, picked: &mut [usize]) {
    let seeds = picked.len() as u64;
    for (index, position) in picked.iter_mut().enumerate() {
        let [word, _] = block(SEED, DRAWS, resample, index as u64);
        *position = ((u128::from(word) * u128::from(seeds)) >> 64) as usize;
    }
}

/// Between the sorted values, linearly; NaN of nothing.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let rank = share * last as f64;
    let (below, above) = (sorted[rank.floor() as usize], sorted[rank.ceil() as usize]);
    if below == above { below } else { below + (above - below) * rank.fract() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bootstrap mean of n values has standard deviation s / sqrt(n), s with divisor n.
    #[test]
    fn the_interval_of_a_mean_is_as_wide_as_theory_says() {
        let values: Vec<f64> = (0..100).map(f64::from).collect();
        let (low, high) = interval(100, |picked| picked.iter().map(|&k| values[k]).sum::<f64>() / 100.0);
        let half = 1.96 * (9999.0f64 / 12.0).sqrt() / 10.0;
        assert!((low - (49.5 - half)).abs() < 0.4 && (high - (49.5 + half)).abs() < 0.4, "{low} {high}");
    }

    #[test]
    fn a_value_without_spread_has_no_width() {
        assert_eq!(interval(5, |_| 2.0), (2.0, 2.0));
        assert_eq!(interval(5, |_| f64::INFINITY), (f64::INFINITY, f64::INFINITY));
    }

    #[test]
    fn a_quantile_is_interpolated_as_in_numpy() {
        assert_eq!(quantile(&[1.0, 2.0, 4.0], 0.75), 3.0);
        assert!(quantile(&[], 0.5).is_nan());
    }
}

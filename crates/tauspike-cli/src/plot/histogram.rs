//! Shares of values in bins of equal width.

use std::ops::Range;

/// Left end of each bin and the share of all values in it; then the right end of the last bin, with its share again. Values
/// outside count as values but are in no bin.
pub fn shares(values: &[f64], range: &Range<f64>, bins: usize) -> Vec<(f64, f64)> {
    let width = (range.end - range.start) / bins as f64;
    let mut counts = vec![0u64; bins];
    for value in values.iter().filter(|value| range.start <= **value && **value <= range.end) {
        let bin = ((value - range.start) / width) as usize;
        counts[bin.min(bins - 1)] += 1;
    }
    let total = values.len().max(1) as f64;
    let left = |bin: usize| range.start + width * bin as f64;
    let mut steps: Vec<_> = (0..bins).map(|bin| (left(bin), counts[bin] as f64 / total)).collect();
    steps.extend(steps.last().map(|last| (range.end, last.1)));
    steps
}

/// Smallest and largest value, or a range about the only one.
pub fn extent(values: impl Iterator<Item = f64>) -> Range<f64> {
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
    match low.partial_cmp(&high) {
        Some(std::cmp::Ordering::Less) => low..high,
        Some(std::cmp::Ordering::Equal) => low - 0.5 * low.abs().max(1.0)..high + 0.5 * high.abs().max(1.0),
        _ => 0.0..1.0,
    }
}

/// The value that this share of all values does not exceed.
pub fn quantile(values: &mut [f64], share: f64) -> Option<f64> {
    let last = values.len().checked_sub(1)?;
    let rank = (share * last as f64).round() as usize;
    Some(*values.select_nth_unstable_by(rank, f64::total_cmp).1)
}

/// From 0 to a little above the highest value.
pub fn heights(values: impl Iterator<Item = f64>) -> Range<f64> {
    let highest = values.fold(0.0, f64::max);
    0.0..if highest > 0.0 { 1.05 * highest } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_of_the_range_are_in_a_bin_and_what_is_outside_only_counts() {
        let steps = shares(&[0.0, 1.0, 2.0, 9.0], &(0.0..2.0), 2);
        assert_eq!(steps, [(0.0, 0.25), (1.0, 0.5), (2.0, 0.5)]);
    }

    #[test]
    fn one_value_or_none_still_have_a_range() {
        assert_eq!(extent([20.0, 20.0].into_iter()), 10.0..30.0);
        assert_eq!(extent([0.0].into_iter()), -0.5..0.5);
        assert_eq!(extent(std::iter::empty()), 0.0..1.0);
        assert_eq!(heights(std::iter::empty()), 0.0..1.0);
    }

    #[test]
    fn a_quantile_is_one_of_the_values() {
        let mut values: Vec<f64> = (0..=100).rev().map(f64::from).collect();
        assert_eq!(quantile(&mut values, 0.99), Some(99.0));
        assert_eq!(quantile(&mut [], 0.5), None);
    }
}

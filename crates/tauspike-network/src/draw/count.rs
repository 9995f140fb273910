//! How many of n synapses fall into a part of the targets: exact binomial and hypergeometric counts, and the split of a total
//! over all targets by halving, whose result does not depend on blocks or threads.

use crate::draw::key::Key;
use crate::draw::variate::{gamma, unit};
use tauspike_spike::Stream;

/// Positions in a population are below this, so entities from it on are free for the splits of [`split_total`].
pub(crate) const FIRST_SPLIT_ENTITY: u32 = 1 << 31;

/// Number of successes in `n` trials of probability `p`.
///
/// The median of the n uniforms is beta distributed; once it is drawn, one half of them is on a known side of p
/// (Devroye, Non-Uniform Random Variate Generation, 1986, X.4.3). O(log n), exact for any n and p.
pub(crate) fn binomial(stream: &mut Stream, mut n: u64, mut p: f64) -> u64 {
    let mut successes = 0;
    while n > 24 {
        if p >= 1.0 {
            return successes + n;
        }
        let rank = n / 2 + 1;
        let below = gamma(stream, rank as f64);
        let above = gamma(stream, (n + 1 - rank) as f64);
        let median = below / (below + above);
        if median <= p {
            successes += rank;
            n -= rank;
            p = (p - median) / (1.0 - median);
        } else {
            n = rank - 1;
            p /= median;
        }
    }
    successes + (0..n).filter(|_| unit(stream) <= p).count() as u64
}

/// Number of marked items among `drawn` drawn without replacement from `total` items of which `marked` are marked.
///
/// Rejection from the binomial count of drawing *with* replacement; the ratio of the two is log-concave, so its largest value
/// is at a known count and at most half drawn (else the rest is counted) accepts about sqrt(1 - drawn/total) of the trials.
pub(crate) fn hypergeometric(stream: &mut Stream, total: u64, marked: u64, drawn: u64) -> u64 {
    if drawn == 0 || marked == 0 {
        return 0;
    }
    if drawn > total / 2 {
        return marked - hypergeometric(stream, total, marked, total - drawn);
    }
    let unmarked = total - marked;
    let ratio = |x: u64| falling_ratio(marked, x) + falling_ratio(unmarked, drawn - x);
    let possible = |x: u64| x <= marked && drawn - x <= unmarked;
    let mode = (u128::from(drawn - 1) * u128::from(marked) / u128::from(total)) as u64 + 1;
    let largest = [mode - 1, mode].into_iter().filter(|&x| possible(x)).map(ratio).fold(f64::NEG_INFINITY, f64::max);
    loop {
        let x = binomial(stream, drawn, marked as f64 / total as f64);
        if possible(x) && unit(stream) <= libm::exp(ratio(x) - largest) {
            return x;
        }
    }
}

/// `ln(n (n-1) .. (n-x+1) / n^x)`, x <= n.
fn falling_ratio(n: u64, x: u64) -> f64 {
    let rest = n - x;
    let (nf, xf, rf) = (n as f64, x as f64, rest as f64);
    if n == 0 {
        return 0.0;
    }
    if n < 1 << 16 || rest < 16 {
        return libm::lgamma(nf + 1.0) - libm::lgamma(rf + 1.0) - xf * libm::log(nf);
    }
    // EXACT: Stirling's series, the large terms cancelled by hand; differences of lgamma lose 1e-16 n ln n.
    let correction = |m: f64| (1.0 / 12.0 - 1.0 / (360.0 * m * m)) / m;
    -(rf + 0.5) * libm::log1p(-xf / nf) - xf + correction(nf) - correction(rf)
}

/// How a total is shared out: `total` synapses over targets which have `sources` candidates each.
pub(crate) struct Total {
    pub(crate) key: Key,
    pub(crate) sources: u64,
    pub(crate) multapses: bool,
}

/// In-degree of each target when `total` synapses are placed uniformly, by halving the targets recursively. Each cut is keyed
/// by the first target right of it.
pub(crate) fn split_total(rule: &Total, total: u64, in_degrees: &mut [u32]) {
    split(rule, total, 0, in_degrees);
}

fn split(rule: &Total, total: u64, first: u32, in_degrees: &mut [u32]) {
    if total == 0 {
        return;
    }
    if let [only] = in_degrees {
        *only = total as u32;
        return;
    }
    let (left, all) = (in_degrees.len() as u64 / 2, in_degrees.len() as u64);
    let cut = first + left as u32;
    let mut stream = rule.key.stream(FIRST_SPLIT_ENTITY | cut);
    let into_left = if rule.multapses {
        binomial(&mut stream, total, left as f64 / all as f64)
    } else {
        hypergeometric(&mut stream, all * rule.sources, left * rule.sources, total)
    };
    let (a, b) = in_degrees.split_at_mut(left as usize);
    split(rule, into_left, first, a);
    split(rule, total - into_left, cut, b);
}

#[cfg(test)]
mod tests {
    use super::*;
    use tauspike_spike::Domain;

    fn mean_and_variance(counts: impl Iterator<Item = u64>) -> (f64, f64) {
        let values: Vec<f64> = counts.map(|c| c as f64).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        (mean, values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / values.len() as f64)
    }

    /// 20000 draws: the mean is within 5 standard errors, the variance within 5 % (its standard error is 1 %).
    #[test]
    fn binomial_counts_have_the_binomial_mean_and_variance() {
        for (n, p) in [(10u64, 0.3), (1000, 0.02), (1_000_000, 0.37), (100_000_000, 0.5)] {
            let mut stream = Stream::new(1, Domain::other(0), 0);
            let (mean, variance) = mean_and_variance((0..20_000).map(|_| binomial(&mut stream, n, p)));
            let expected = n as f64 * p * (1.0 - p);
            assert!((mean - n as f64 * p).abs() < 5.0 * (expected / 20_000.0).sqrt(), "n {n} p {p}: mean {mean}");
            assert!((variance / expected - 1.0).abs() < 0.05, "n {n} p {p}: variance {variance}, not {expected}");
        }
    }

    #[test]
    fn hypergeometric_counts_have_the_hypergeometric_mean_and_variance() {
        let cases =
            [(50u64, 20u64, 10u64), (50, 20, 45), (10_000_000_000, 5_000_000_000, 4_000_000_000), (1000, 1, 300)];
        for (total, marked, drawn) in cases {
            let mut stream = Stream::new(2, Domain::other(0), 0);
            let (mean, variance) =
                mean_and_variance((0..20_000).map(|_| hypergeometric(&mut stream, total, marked, drawn)));
            let (t, m, d) = (total as f64, marked as f64, drawn as f64);
            let expected = d * (m / t) * (1.0 - m / t) * ((t - d) / (t - 1.0));
            assert!(
                (mean - d * m / t).abs() < 5.0 * (expected / 20_000.0).sqrt(),
                "{total} {marked} {drawn}: mean {mean}"
            );
            assert!((variance / expected - 1.0).abs() < 0.05, "{total} {marked} {drawn}: variance {variance}");
        }
    }

    /// Small enough to enumerate: total 7, marked 3, drawn 3 has probabilities 4, 18, 12, 1 of 35.
    #[test]
    fn small_hypergeometric_counts_have_the_enumerated_probabilities() {
        let mut stream = Stream::new(3, Domain::other(0), 0);
        let mut seen = [0u32; 4];
        for _ in 0..35_000 {
            seen[hypergeometric(&mut stream, 7, 3, 3) as usize] += 1;
        }
        for (count, expected) in seen.into_iter().zip([4000.0, 18000.0, 12000.0, 1000.0f64]) {
            assert!((f64::from(count) - expected).abs() < 5.0 * expected.sqrt(), "{seen:?}");
        }
    }

    #[test]
    fn a_split_keeps_the_total_and_the_capacity() {
        for multapses in [true, false] {
            let rule = Total { key: Key { seed: 4, domain: Domain::partners(0) }, sources: 10, multapses };
            let mut in_degrees = vec![0; 37];
            split_total(&rule, 350, &mut in_degrees);
            assert_eq!(in_degrees.iter().sum::<u32>(), 350);
            assert_eq!(in_degrees.iter().all(|&k| k <= 10), !multapses, "{in_degrees:?}");
        }
    }
}

//! Sign-flip permutation test and Holm's correction.
//!
//! If a treatment does nothing, the difference of a pair is as likely to be `-x` as `x`. The one-sided p is the share of all
//! sign patterns whose mean is at least the one observed: all 2^n of them up to n = 16, else 2^16 drawn ones. With n pairs it
//! cannot be below 2^-n: [`decidable`] says whether n pairs can decide anything.

use tauspike_spike::draw::{Domain, block};

/// Chance of a false positive that is accepted in a family of comparisons.
pub const LEVEL: f64 = 0.05;
const MOST_EXACT: usize = 16;
const DRAWN: u32 = 1 << 16;
const DRAWS: Domain = Domain::other(0x0051_6f1b);

/// One-sided p of "the mean difference is above 0"; 1 of nothing.
pub fn sign_flip(differences: &[f64]) -> f64 {
    let n = differences.len();
    let observed: f64 = differences.iter().sum();
    // Sums of the same terms in another order may differ in the last bits.
    let least = observed - 1e-12 * differences.iter().map(|x| x.abs()).sum::<f64>();
    let reached = |sign: &dyn Fn(usize) -> bool| {
        let sum: f64 = differences.iter().enumerate().map(|(k, x)| if sign(k) { -x } else { *x }).sum();
        sum >= least
    };
    if n <= MOST_EXACT {
        let patterns = 1u32 << n;
        let count = (0..patterns).filter(|pattern| reached(&|k| pattern >> k & 1 == 1)).count();
        return count as f64 / f64::from(patterns);
    }
    let bit = |entity: u32, k: usize| block(0, DRAWS, entity, k as u64 / 64)[0] >> (k % 64) & 1 == 1;
    let count = (0..DRAWN).filter(|&entity| reached(&|k| bit(entity, k))).count();
    (count + 1) as f64 / f64::from(DRAWN + 1)
}

/// Whether the smallest p that `pairs` pairs can reach is small enough in a family of this size.
pub fn decidable(pairs: usize, family: usize) -> bool {
    0.5f64.powi(pairs as i32) * family as f64 <= LEVEL
}

/// Fewest pairs that are [`decidable`].
pub fn fewest_pairs(family: usize) -> usize {
    (1..).find(|&pairs| decidable(pairs, family)).expect("2^-n falls below every bound")
}

/// Corrected p values: S. Holm, Scand. J. Statist. 6, 65 (1979).
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    let mut corrected = vec![0.0; p.len()];
    let mut largest: f64 = 0.0;
    for (rank, &at) in order.iter().enumerate() {
        largest = largest.max(p[at] * (p.len() - rank) as f64).min(1.0);
        corrected[at] = largest;
    }
    corrected
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_one_sign_is_the_rarest_pattern() {
        assert_eq!(sign_flip(&[1.0; 5]), 1.0 / 32.0);
        assert_eq!(sign_flip(&[-1.0, -2.0, -3.0]), 1.0);
        assert_eq!(sign_flip(&[0.0; 4]), 1.0);
        assert_eq!(sign_flip(&[]), 1.0);
    }

    /// By hand: of the 8 patterns of (3, 2, -1), sums of at least 4 are 4 and 6.
    #[test]
    fn ties_count_as_reached() {
        assert_eq!(sign_flip(&[3.0, 2.0, -1.0]), 2.0 / 8.0);
    }

    #[test]
    fn drawn_patterns_agree_with_all_patterns() {
        let x: Vec<f64> = (0..20).map(|k| f64::from((k * 37) % 19) - 7.5).collect();
        let exact = {
            let observed: f64 = x.iter().sum();
            let sum = |pattern: u32| -> f64 { (0..20).map(|k| if pattern >> k & 1 == 1 { -x[k] } else { x[k] }).sum() };
            (0..1u32 << 20).filter(|&pattern| sum(pattern) >= observed - 1e-9).count() as f64 / f64::from(1 << 20)
        };
        assert!((sign_flip(&x) - exact).abs() < 0.005, "{} {exact}", sign_flip(&x));
    }

    /// `statsmodels.stats.multitest.multipletests(p, method="holm")`.
    #[test]
    fn holm_gives_the_textbook_values() {
        let corrected = holm(&[0.01, 0.04, 0.03, 0.005]);
        let expected = [0.03, 0.06, 0.06, 0.02];
        assert!(corrected.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{corrected:?}");
        assert_eq!(holm(&[0.9, 0.8]), [1.0, 1.0]);
    }

    #[test]
    fn few_pairs_cannot_decide() {
        assert_eq!((fewest_pairs(1), fewest_pairs(3)), (5, 6));
        assert!(!decidable(4, 1));
    }
}

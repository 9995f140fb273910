//! The best of several arms, without the luck of the choice.
//!
//! The largest of several means is too large on the seeds it was chosen on. So each seed is judged in the arm that is best on
//! all other seeds: it had no say in the choice. (Halves instead of single seeds would be worse: of two arms that are about as
//! good, the one that is lucky in one half tends to be unlucky in the other, which makes a tuned control look bad.)

use super::Scores;
use std::collections::BTreeMap;

/// For each seed that all arms have, which arm is best on the other seeds. Empty with fewer than two common seeds.
pub fn chosen(arms: &[Scores]) -> BTreeMap<u64, usize> {
    let Some((first, others)) = arms.split_first() else { return BTreeMap::new() };
    let is_common = |seed: &u64| others.iter().all(|arm| arm.contains_key(seed));
    let common: Vec<u64> = first.keys().copied().filter(is_common).collect();
    if common.len() < 2 {
        return BTreeMap::new();
    }
    let sums: Vec<f64> = arms.iter().map(|arm| common.iter().map(|seed| arm[seed]).sum()).collect();
    let best = |seed: u64| {
        let without = |arm: usize| sums[arm] - arms[arm][&seed];
        (seed, (0..arms.len()).max_by(|&a, &b| without(a).total_cmp(&without(b))).expect("there is a first"))
    };
    common.into_iter().map(best).collect()
}

/// For each seed that all arms have, its value in the arm that is best on the other seeds. Empty with fewer than two common
/// seeds.
pub fn cross_fitted(arms: &[Scores]) -> Scores {
    chosen(arms).into_iter().map(|(seed, arm)| (seed, arms[arm][&seed])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_judged_in_the_arm_that_the_others_choose() {
        let a: Scores = [(1, 9.0), (2, 0.0), (3, 9.0), (4, 0.0)].into();
        let b: Scores = [(1, 0.0), (2, 5.0), (3, 0.0), (4, 5.0)].into();
        // Without seed 1 or 3 arm b is better, without 2 or 4 arm a.
        assert!(cross_fitted(&[a, b]).values().all(|&value| value == 0.0));
    }

    #[test]
    fn a_better_arm_is_found() {
        let arm = |level: f64| (0..6).map(|seed| (seed, level + seed as f64)).collect::<Scores>();
        assert_eq!(cross_fitted(&[arm(0.0), arm(3.0), arm(1.0)]), arm(3.0));
        assert!(cross_fitted(&[[(1, 2.0)].into()]).is_empty());
        assert!(cross_fitted(&[]).is_empty());
    }
}

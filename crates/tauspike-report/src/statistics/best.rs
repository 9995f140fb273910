//! The best of several arms, without the luck of the choice.
//!
//! The largest of several means is too large on the seeds it was chosen on. So seeds are split in two by rank; the best arm of
//! one half is judged on the other, and the other way round. Every seed gets a value of an arm it had no say in.

use super::{Scores, mean};

/// For each seed that all arms have, its value in the arm that is best on the other half of the seeds. Empty with fewer than
/// two common seeds.
pub fn cross_fitted(arms: &[Scores]) -> Scores {
    let Some((first, others)) = arms.split_first() else { return Scores::new() };
    let common: Vec<u64> =
        first.keys().copied().filter(|seed| others.iter().all(|arm| arm.contains_key(seed))).collect();
    let half = |parity: usize| common.iter().copied().enumerate().filter(move |(rank, _)| rank % 2 == parity);
    let mut judged = Scores::new();
    for parity in [0, 1] {
        let chosen_on: Vec<u64> = half(1 - parity).map(|(_, seed)| seed).collect();
        if chosen_on.is_empty() {
            return Scores::new();
        }
        let value = |arm: &Scores| mean(&chosen_on.iter().map(|seed| arm[seed]).collect::<Vec<_>>());
        let best = arms.iter().max_by(|a, b| value(a).total_cmp(&value(b))).expect("there is a first");
        judged.extend(half(parity).map(|(_, seed)| (seed, best[&seed])));
    }
    judged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_half_that_chooses_is_not_the_half_that_judges() {
        let a: Scores = [(1, 9.0), (2, 0.0), (3, 9.0), (4, 0.0)].into();
        let b: Scores = [(1, 0.0), (2, 5.0), (3, 0.0), (4, 5.0)].into();
        // Seeds 2 and 4 choose b for 1 and 3; seeds 1 and 3 choose a for 2 and 4.
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

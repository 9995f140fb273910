//! Statement 7: alignment of states and task explains the gain better than dimensionality.
//!
//! Alignment is measured with the target itself, so that some relation to the score is expected by construction; the
//! participation ratio knows the states alone. The comparison says which of the two predicts, not which one causes.

use super::{Outcome, SCORE, chance, deciding, missing, of_parts};
use crate::arm::{PROFILES, Setting};
use crate::statistics::Estimate;
use crate::statistics::regression::{Sums, r2};
use crate::study::{Network, Study};
use std::collections::BTreeMap;

pub const CLAIM: &str = "Alignment of states and task explains the gain better than dimensionality.";
pub const RULE: &str = "Cross-validated R2 (whole seeds left out) of the gain over the homogeneous network of the same seed, predicted \
    by the change of alignment, minus that predicted by the change of log participation ratio: (a) over networks and tasks, (b) over \
    networks, means over tasks. Supported: the whole interval is above 0 in both, and alignment predicts (R2 above 0). Partly: in one.";

pub fn judge(study: &Study, setting: &Setting) -> Outcome {
    let pairs = pairs(study, setting);
    let per_network = seeds(&pairs, |skewed, base, add| {
        add(skewed.mean_alignment() - base.mean_alignment(), skewed.score - base.score);
    });
    let per_task = seeds(&pairs, |skewed, base, add| {
        // Both have the tasks in the order of the table; a task that one lacks is skipped.
        let tasks: BTreeMap<usize, _> = base.outcomes.iter().map(|outcome| (outcome.task, outcome)).collect();
        for outcome in &skewed.outcomes {
            if let Some(before) = tasks.get(&outcome.task) {
                add(outcome.alignment - before.alignment, outcome.r2.max(0.0) - before.r2.max(0.0));
            }
        }
    });
    let mut evidence = Vec::new();
    let mut shown = Vec::new();
    for (label, Predictors { alignment, dimension }) in
        [("(a) networks and tasks", per_task), ("(b) networks", per_network)]
    {
        let of = |sums: &[Sums]| Estimate::of_statistic(sums.len(), |picked| r2(sums, picked));
        let better = Estimate::of_statistic(alignment.len(), |picked| r2(&alignment, picked) - r2(&dimension, picked));
        let (Some(better), Some(of_alignment), Some(of_dimension)) = (better, of(&alignment), of(&dimension)) else {
            continue;
        };
        shown.push(better.low > 0.0 && of_alignment.low > 0.0);
        evidence.extend(deciding(format!("{label}: R2 of alignment - R2 of dimensionality"), SCORE, Some(better)));
        evidence.extend(super::beside(format!("{label}: R2 of alignment"), SCORE, Some(of_alignment)));
        evidence.extend(super::beside(format!("{label}: R2 of dimensionality"), SCORE, Some(of_dimension)));
    }
    if shown.is_empty() {
        return missing(PROFILES);
    }
    let seeds = evidence[0].estimate.seeds;
    if !chance::decidable(seeds, 1) {
        return Outcome::undecided(evidence, seeds, 1);
    }
    let basis = format!("{} heterogeneous networks of experiment {PROFILES}", pairs.len());
    Outcome { verdict: of_parts(&shown), basis, evidence }
}

/// Every heterogeneous network with the homogeneous one of its seed, size and time constant.
pub(crate) fn pairs<'a>(study: &'a Study, setting: &'a Setting) -> Vec<(&'a Network, &'a Network)> {
    let key = |network: &Network| (network.seed, network.n, network.tau_ms.to_bits());
    let networks = || setting.networks(study, PROFILES);
    let base: BTreeMap<_, &Network> =
        networks().filter(|network| network.is_homogeneous()).map(|network| (key(network), network)).collect();
    let pair = |network: &'a Network| Some((network, *base.get(&key(network))?));
    networks().filter(|network| !network.is_homogeneous()).filter_map(pair).collect()
}

/// Sums of each seed with one predictor or the other.
#[derive(Default)]
struct Predictors {
    alignment: Vec<Sums>,
    dimension: Vec<Sums>,
}

fn seeds(pairs: &[(&Network, &Network)], points: impl Fn(&Network, &Network, &mut dyn FnMut(f64, f64))) -> Predictors {
    let mut by_seed: BTreeMap<u64, (Sums, Sums)> = BTreeMap::new();
    for (skewed, base) in pairs {
        let dimension = (skewed.participation_ratio / base.participation_ratio).ln();
        points(skewed, base, &mut |alignment, gain| {
            // Both predictors are judged on the same points.
            if dimension.is_finite() && alignment.is_finite() {
                let (of_alignment, of_dimension) = by_seed.entry(skewed.seed).or_default();
                of_alignment.add(alignment, gain);
                of_dimension.add(dimension, gain);
            }
        });
    }
    let (alignment, dimension) = by_seed.into_values().unzip();
    Predictors { alignment, dimension }
}

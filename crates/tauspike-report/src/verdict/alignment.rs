//! Statement 7: alignment of states and task explains the gain better than dimensionality.
//!
//! Alignment is measured with the target itself, so that some relation to the score is expected by construction. Dimensionality is the
//! effective rank at the lambda of the readout: the directions that it uses, which are many more than the participation ratio counts.
//! Both are compared within a CV: across CVs everything rises with spread.

use super::{Evidence, Outcome, SCORE};
use crate::arm::{MEAN, Setting};
use crate::statistics::Estimate;
use crate::statistics::regression::{Sums, r2};
use crate::study::{Network, Study};
use std::collections::BTreeMap;

pub const CLAIM: &str = "Alignment of states and task explains the gain better than dimensionality.";
pub const RULE: &str = "Within each CV: gain over the homogeneous network of the same seed and mean, predicted by the change of \
    alignment, and by the change of the log effective rank at the chosen lambda; gain and predictors less their means over the networks \
    of that CV. Cross-validated R2 (whole seeds left out) of alignment minus that of rank: (a) over networks, means over tasks; (b) over \
    networks and tasks. Supported: both above 0. Partly: one.";

pub fn judge(study: &Study, setting: Setting) -> Outcome {
    let pairs = pairs(study, setting);
    let per_network = points(&pairs, |skewed, base, add| {
        add(
            skewed.alignment - base.alignment,
            (skewed.effective_rank / base.effective_rank).ln(),
            skewed.score - base.score,
        );
    });
    let per_task = points(&pairs, |skewed, base, add| {
        // Both have the tasks in the order of the table; a task that one lacks is skipped.
        let tasks: BTreeMap<usize, _> = base.outcomes.iter().map(|outcome| (outcome.task, outcome)).collect();
        for outcome in &skewed.outcomes {
            if let Some(before) = tasks.get(&outcome.task) {
                let rank = (outcome.effective_rank / before.effective_rank).ln();
                add(outcome.alignment - before.alignment, rank, outcome.r2.max(0.0) - before.r2.max(0.0));
            }
        }
    });
    let mut evidence = Vec::new();
    let mut beside = Vec::new();
    for (label, points) in [("(a) networks", per_network), ("(b) networks and tasks", per_task)] {
        let (alignment, rank) = by_seed(&points);
        let of = |sums: &[Sums]| Estimate::of_statistic(sums.len(), |picked| r2(sums, picked));
        let better = Estimate::of_statistic(alignment.len(), |picked| r2(&alignment, picked) - r2(&rank, picked));
        evidence.push(Evidence::above(format!("{label}: R² of alignment - R² of effective rank"), SCORE, better, 0.0));
        beside.push(Evidence::beside(format!("{label}: R² of alignment"), SCORE, of(&alignment)));
        beside.push(Evidence::beside(format!("{label}: R² of effective rank"), SCORE, of(&rank)));
    }
    Outcome::new(
        format!("{} heterogeneous networks of experiment \"{MEAN}\"", pairs.len()),
        evidence.into_iter().chain(beside),
    )
}

/// Every heterogeneous network with the homogeneous one of its seed and mean.
pub(crate) fn pairs(study: &Study, setting: Setting) -> Vec<(&Network, &Network)> {
    let key = |network: &Network| (network.seed, network.tau_ms().to_bits());
    let networks = || setting.networks(study, MEAN);
    let base: BTreeMap<_, &Network> =
        networks().filter(|network| network.is_homogeneous()).map(|network| (key(network), network)).collect();
    let pair = |network| Some((network, *base.get(&key(network))?));
    networks().filter(|network| !network.is_homogeneous()).filter_map(pair).collect()
}

/// Change of alignment, of log rank, and gain; with seed and CV.
struct Point {
    seed: u64,
    cv: u64,
    values: [f64; 3],
}

/// Less the means within each CV.
fn points(
    pairs: &[(&Network, &Network)],
    of: impl Fn(&Network, &Network, &mut dyn FnMut(f64, f64, f64)),
) -> Vec<Point> {
    let mut points = Vec::new();
    for (skewed, base) in pairs {
        of(skewed, base, &mut |alignment, rank, gain| {
            // Both predictors are judged on the same points.
            if alignment.is_finite() && rank.is_finite() {
                points.push(Point {
                    seed: skewed.seed,
                    cv: skewed.profile.cv.to_bits(),
                    values: [alignment, rank, gain],
                });
            }
        });
    }
    let mut sums: BTreeMap<u64, ([f64; 3], f64)> = BTreeMap::new();
    for point in &points {
        let (sum, count) = sums.entry(point.cv).or_default();
        (0..3).for_each(|k| sum[k] += point.values[k]);
        *count += 1.0;
    }
    for point in &mut points {
        let (sum, count) = sums[&point.cv];
        (0..3).for_each(|k| point.values[k] -= sum[k] / count);
    }
    points
}

/// Sums of each seed with alignment, and with rank, as predictor.
fn by_seed(points: &[Point]) -> (Vec<Sums>, Vec<Sums>) {
    let mut by_seed: BTreeMap<u64, (Sums, Sums)> = BTreeMap::new();
    for Point { seed, values: [alignment, rank, gain], .. } in points {
        let (of_alignment, of_rank) = by_seed.entry(*seed).or_default();
        of_alignment.add(*alignment, *gain);
        of_rank.add(*rank, *gain);
    }
    by_seed.into_values().unzip()
}

//! Statement 8: one profile serves all tasks, without tuning to each.
//!
//! Homogeneous networks are given what the claim says they need: the best time constant of the grid, for the suite or for every
//! task. The best is chosen for each seed on all other seeds, so that it is not lucky.

use super::gain::base_mean;
use super::{Evidence, MARGIN, Outcome, SCORE};
use crate::arm::{self, MEAN, Setting};
use crate::statistics::{self, Estimate, Scores, best, differences};
use crate::study::{Network, Study};
use std::collections::BTreeMap;

pub const CLAIM: &str = "One skewed profile serves all tasks: no tuning is needed.";
pub const RULE: &str = "The reference at the mean of [network], not tuned, against homogeneous networks whose time constant is tuned (a) \
    to the suite: above 0; (b) to every task: above -0.01. Supported: both. Partly: one. Time constants are chosen for each seed on all \
    other seeds.";

pub fn judge(study: &Study, setting: Setting) -> Outcome {
    let (Some(reference), Some(tau)) = (&study.reference, base_mean(study)) else { return Outcome::missing(MEAN) };
    let of_reference = || reference.of(setting.networks(study, MEAN));
    let untuned = arm::scores(of_reference().filter(|network| network.tau_ms() == tau));
    let tuned = arm::own_best(of_reference(), |network| network.score);
    let (suite, task) = (per_suite(study, setting), per_task(study, setting));
    let against = |skewed: &Scores, tuned: &Scores| Estimate::of_mean(&differences(skewed, tuned));
    let grid = arm::levels(homogeneous(study, setting), Network::tau_ms);
    Outcome::new(
        format!("{} at mean {tau} ms against homogeneous at tau {grid:?} ms", reference.label()),
        [
            Evidence::above(
                "(a) reference, not tuned - homogeneous tuned to the suite",
                SCORE,
                against(&untuned, &suite),
                0.0,
            ),
            Evidence::above(
                "(b) reference, not tuned - homogeneous tuned to every task",
                SCORE,
                against(&untuned, &task),
                -MARGIN,
            ),
            Evidence::beside(
                "reference tuned to the suite - homogeneous tuned to every task",
                SCORE,
                against(&tuned, &task),
            ),
        ],
    )
}

/// Score at the time constant that is best for the whole suite.
fn per_suite(study: &Study, setting: Setting) -> Scores {
    arm::own_best(homogeneous(study, setting), |network| network.score)
}

/// Mean over the tasks of the score at the time constant that is best for the task.
pub(crate) fn per_task(study: &Study, setting: Setting) -> Scores {
    let tasks: Vec<Scores> = by_task(study, setting).iter().map(|arms| best::cross_fitted(arms)).collect();
    statistics::average(&tasks)
}

fn homogeneous(study: &Study, setting: Setting) -> impl Iterator<Item = &Network> + Clone {
    setting.networks(study, MEAN).filter(|network| network.is_homogeneous())
}

/// For each task, the score of every seed at each time constant.
fn by_task(study: &Study, setting: Setting) -> Vec<Vec<Scores>> {
    let taus = arm::levels(homogeneous(study, setting), Network::tau_ms);
    let mut tasks: BTreeMap<usize, Vec<Scores>> = BTreeMap::new();
    for network in homogeneous(study, setting) {
        let at = taus.iter().position(|tau| *tau == network.tau_ms()).expect("the grid is of these networks");
        for outcome in &network.outcomes {
            let arms = tasks.entry(outcome.task).or_insert_with(|| vec![Scores::new(); taus.len()]);
            arms[at].insert(network.seed, outcome.r2.max(0.0));
        }
    }
    tasks.into_values().collect()
}

//! Statement 8: one profile serves all tasks, without tuning to each.
//!
//! Homogeneous networks are given what the claim says they need: the best time constant of a grid, for the suite or for every
//! task. The best is chosen for each seed on all other seeds, so that it is not lucky.

use super::{Outcome, SCORE, Verdict, correct, deciding, missing};
use crate::arm::{self, SIZE, Setting, TUNED_TAU};
use crate::picture::told;
use crate::statistics::{self, Estimate, Scores, best, differences};
use crate::study::{Network, Study};
use std::collections::BTreeMap;

pub const CLAIM: &str = "One skewed profile serves all tasks: no tuning to each task is needed.";
pub const RULE: &str = "Supported: the one skewed profile scores more than homogeneous networks whose time constant is tuned to the \
    suite, and at most 0.01 less than those tuned to every task (whole interval). Partly: only the first. The time constant is chosen \
    for each seed on all other seeds.";
/// A hundredth of the variance.
const MARGIN: f64 = 0.01;

pub fn judge(study: &Study, setting: &Setting) -> Outcome {
    let skewed = arm::scores(arm::with_skewed(study, setting, TUNED_TAU));
    let against = |tuned: &Scores| Estimate::of_differences(&differences(&skewed, tuned));
    let suite = deciding("skewed - homogeneous tuned to the suite", SCORE, against(&per_suite(study, setting)));
    // Compared with a margin by its interval, which needs no p.
    let task = against(&per_task(study, setting)).map(|estimate| Estimate { p: None, p_holm: None, ..estimate });
    let task = deciding("skewed - homogeneous tuned to every task", SCORE, task);
    let (Some(suite), Some(task)) = (suite, task) else { return missing(TUNED_TAU) };
    let mut evidence = vec![suite, task];
    if let Err(outcome) = correct(&mut evidence) {
        return outcome;
    }
    let verdict = match (evidence[0].estimate.above(0.0), evidence[1].estimate.above(-MARGIN)) {
        (true, true) => Verdict::Supported,
        (true, false) => Verdict::Partly,
        _ => Verdict::NotSupported,
    };
    let grid = arm::levels(homogeneous(study, setting), |network| network.tau_ms);
    let reference = arm::reference(study, setting).map_or_else(String::new, |profile| profile.label());
    Outcome { verdict, basis: format!("{reference} against homogeneous at tau {grid:?} ms"), evidence }
}

/// Score at the time constant that is best for the whole suite.
pub(crate) fn per_suite(study: &Study, setting: &Setting) -> Scores {
    best::cross_fitted(&at_each_tau(study, setting, |network| network.score))
}

/// Mean over the tasks of the score at the time constant that is best for the task.
pub(crate) fn per_task(study: &Study, setting: &Setting) -> Scores {
    let tasks: Vec<Scores> = by_task(study, setting).iter().map(|arms| best::cross_fitted(arms)).collect();
    statistics::average(&tasks)
}

/// Why the ladder of sizes does not tell what homogeneous networks need: they stand on it at a time constant at which they do not
/// do their best, or of which that is not known. `None` if they are tuned, or there are none.
///
/// Tuned means: one time constant, strictly between others of the grid of experiment `tuned_tau`, of which none is shown to
/// score more.
pub(crate) fn untuned(study: &Study, setting: &Setting) -> Option<String> {
    let ladder = setting.networks(study, SIZE).filter(|network| network.is_homogeneous());
    let tau = match arm::levels(ladder, |network| network.tau_ms)[..] {
        [] => return None,
        [tau] => tau,
        _ => return Some("the homogeneous networks stand at several time constants".into()),
    };
    let grid = arm::levels(homogeneous(study, setting), |network| network.tau_ms);
    let scores = at_each_tau(study, setting, |network| network.score);
    let Some(own) = grid.iter().position(|other| *other == tau) else {
        return Some(format!(
            "the homogeneous networks stand at tau = {tau} ms, which experiment {TUNED_TAU} does not try"
        ));
    };
    let better = |at: usize| {
        let gain = Estimate::of_differences(&differences(&scores[at], &scores[own]))?;
        gain.above(0.0).then_some((grid[at], gain.value))
    };
    match (0..grid.len()).filter_map(better).max_by(|(_, a), (_, b)| a.total_cmp(b)) {
        Some((best, gain)) => Some(format!(
            "the homogeneous networks stand at tau = {tau} ms; at {best} ms they score {} more (experiment {TUNED_TAU})",
            told(gain)
        )),
        None if own == 0 || own + 1 == grid.len() => Some(format!(
            "the homogeneous networks stand at tau = {tau} ms, an end of the grid of experiment {TUNED_TAU}"
        )),
        None => None,
    }
}

fn homogeneous<'a>(study: &'a Study, setting: &'a Setting) -> impl Iterator<Item = &'a Network> + Clone {
    setting.networks(study, TUNED_TAU).filter(|network| network.is_homogeneous())
}

fn at_each_tau(study: &Study, setting: &Setting, value: impl Fn(&Network) -> f64) -> Vec<Scores> {
    let networks = homogeneous(study, setting);
    let at = |tau: f64| arm::by_seed(networks.clone().filter(|network| network.tau_ms == tau), &value);
    arm::levels(networks.clone(), |network| network.tau_ms).into_iter().map(at).collect()
}

/// For each task, the score of every seed at each time constant.
fn by_task(study: &Study, setting: &Setting) -> Vec<Vec<Scores>> {
    let taus = arm::levels(homogeneous(study, setting), |network| network.tau_ms);
    let mut tasks: BTreeMap<usize, Vec<Scores>> = BTreeMap::new();
    for network in homogeneous(study, setting) {
        let at = taus.iter().position(|tau| *tau == network.tau_ms).expect("the grid is of these networks");
        for outcome in &network.outcomes {
            let arms = tasks.entry(outcome.task).or_insert_with(|| vec![Scores::new(); taus.len()]);
            arms[at].insert(network.seed, outcome.r2.max(0.0));
        }
    }
    tasks.into_values().collect()
}

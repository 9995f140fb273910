//! Statement 1: heterogeneity raises the mean score over the suite.

use super::{Evidence, Outcome, SCORE, the_first};
use crate::arm::{self, BIAS, MEAN, Profile, RATE, Setting};
use crate::statistics::{Estimate, differences};
use crate::study::{Network, Study};

pub const CLAIM: &str = "Heterogeneity of time constants raises the mean score over the suite.";
pub const RULE: &str = "(a) Each at its own best: the best heterogeneous profile, CV and mean, minus the homogeneous networks at their \
    best mean, all chosen for each seed on all other seeds. (b) At the same mean, that of [network]: the mean over all heterogeneous \
    profiles and CVs, none left out, minus homogeneous. Supported: (a) is above 0. Partly: (b) alone is.";

pub fn judge(study: &Study, setting: Setting) -> Outcome {
    let networks = setting.networks(study, MEAN);
    let homogeneous = || networks.clone().filter(|network| network.is_homogeneous());
    let heterogeneous = || networks.clone().filter(|network| !network.is_homogeneous());
    let best = differences(&own_best(heterogeneous()), &own_best(homogeneous()));
    let Some(tau) = base_mean(study) else { return Outcome::missing(MEAN) };
    let there = |network: &&Network| network.tau_ms() == tau;
    let same = differences(&arm::scores(heterogeneous().filter(there)), &arm::scores(homogeneous().filter(there)));
    let tuned: Vec<f64> = own_best(homogeneous()).into_values().collect();
    let best_means: Vec<String> = [Some(Profile::homogeneous()), study.reference.clone()]
        .iter()
        .flatten()
        .filter_map(|profile| best_mean(&profile.of(networks.clone()).collect::<Vec<_>>(), &profile.label()))
        .collect();
    let count = arm::profiles(heterogeneous()).len();
    let basis = format!("{count} profiles and CVs in experiment \"{MEAN}\"; {}", best_means.join("; "));
    let mut outcome = Outcome::new(
        basis,
        [
            Evidence::above("(a) own best: heterogeneous - homogeneous", SCORE, Estimate::of_mean(&best), 0.0),
            Evidence::above(
                format!("(b) same mean, {tau} ms: heterogeneous - homogeneous"),
                SCORE,
                Estimate::of_mean(&same),
                0.0,
            ),
            Evidence::beside("score of homogeneous networks at their best mean", SCORE, Estimate::of_mean(&tuned)),
            reference(study, setting, MEAN, "reference - homogeneous, each at its own best mean"),
            reference(study, setting, BIAS, "reference - homogeneous, each at its own best mean and bias"),
            reference(
                study,
                setting,
                RATE,
                "reference - homogeneous at equal rates, each at its own best mean and rate",
            ),
        ],
    );
    outcome.decide = the_first;
    outcome
}

/// Where an arm does best over all seeds, and whether that is an end of the grid: then its optimum may lie beyond.
fn best_mean(networks: &[&Network], name: &str) -> Option<String> {
    let grid = arm::levels(networks.iter().copied(), Network::tau_ms);
    let score = |tau: f64| {
        let there = networks.iter().filter(|network| network.tau_ms() == tau).map(|network| network.score);
        crate::statistics::mean(&there.collect::<Vec<_>>())
    };
    let best = grid.iter().copied().max_by(|a, b| score(*a).total_cmp(&score(*b)))?;
    let end = if grid.first() == Some(&best) || grid.last() == Some(&best) { ", an end of the grid" } else { "" };
    Some(format!("{name} is best at {best} ms{end}"))
}

/// The reference arm against the homogeneous one in an experiment, each at its own best.
fn reference(study: &Study, setting: Setting, experiment: &str, label: &str) -> Option<Evidence> {
    let reference = study.reference.as_ref()?;
    let best = |profile: &Profile| own_best(profile.of(setting.networks(study, experiment)));
    Evidence::beside(label, SCORE, Estimate::of_mean(&differences(&best(reference), &best(&Profile::homogeneous()))))
}

fn own_best<'a>(networks: impl Iterator<Item = &'a Network>) -> crate::statistics::Scores {
    arm::own_best(networks, |network| network.score)
}

/// The mean time constant of the experiment [`MEAN`] that is nearest to that of `[network]`, ms.
pub(crate) fn base_mean(study: &Study) -> Option<f64> {
    let of_mean = study.networks.iter().filter(|network| &*network.experiment == MEAN);
    let base = study.manifest["base_tau_ms"].as_f64();
    arm::levels(of_mean, Network::tau_ms).into_iter().min_by(|a, b| {
        let far = |tau: &f64| (tau / base.unwrap_or(20.0)).ln().abs();
        far(a).total_cmp(&far(b))
    })
}

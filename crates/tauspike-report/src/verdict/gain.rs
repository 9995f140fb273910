//! Statement 1: heterogeneity raises the mean score over the suite.

use super::{Evidence, Outcome, SCORE, Verdict, beside, correct, deciding, missing};
use crate::arm::{self, CODING, PROFILES, Profile, RATE_MATCHED, Setting};
use crate::statistics::{self, Estimate, Scores, best, differences};
use crate::study::Study;

pub const CLAIM: &str = "Heterogeneity of time constants raises the mean score over the suite.";
pub const RULE: &str = "Supported: the mean score over all heterogeneous profiles and CVs of the study, none left out, exceeds \
    that of the homogeneous networks of the same seeds. Partly: only the best profile and CV does, chosen for each seed on \
    all other seeds.";

pub fn judge(study: &Study, setting: &Setting) -> Outcome {
    let networks = setting.networks(study, PROFILES);
    let arms: Vec<Scores> = arm::profiles(networks.clone())
        .iter()
        .map(|profile| arm::scores(networks.clone().filter(|network| Profile::of(network) == *profile)))
        .collect();
    let base = arm::scores(networks.filter(|network| network.is_homogeneous()));
    let all = Estimate::of_differences(&differences(&statistics::average(&arms), &base));
    let best = Estimate::of_differences(&differences(&best::cross_fitted(&arms), &base));
    let Some(all) = deciding("mean of all heterogeneous networks - homogeneous", SCORE, all) else {
        return missing(PROFILES);
    };
    let mut evidence = vec![all];
    evidence.extend(deciding("best profile and CV (cross-fitted) - homogeneous", SCORE, best));
    if let Err(outcome) = correct(&mut evidence) {
        return outcome;
    }
    let verdict = match &evidence[..] {
        [all, ..] if all.estimate.above(0.0) => Verdict::Supported,
        [_, best] if best.estimate.above(0.0) => Verdict::Partly,
        _ => Verdict::NotSupported,
    };
    evidence.extend(base_score(&base));
    evidence.extend(rate_matched(study, setting));
    evidence.extend(codings(study, setting));
    Outcome { verdict, basis: format!("{} profiles and CVs in experiment {PROFILES}", arms.len()), evidence }
}

fn base_score(base: &Scores) -> Option<Evidence> {
    let values: Vec<f64> = base.values().copied().collect();
    beside("score of the homogeneous networks", SCORE, Estimate::of_mean(&values))
}

/// The skewed networks against homogeneous ones that fire as often.
pub(super) fn rate_matched(study: &Study, setting: &Setting) -> Vec<Evidence> {
    let matched = setting.networks(study, RATE_MATCHED);
    let homogeneous = || matched.clone().filter(|network| network.is_homogeneous());
    let skewed = || arm::with_skewed(study, setting, RATE_MATCHED);
    let against = |value: fn(&crate::study::Network) -> f64| {
        let both = differences(&arm::by_seed(skewed(), value), &arm::by_seed(homogeneous(), value));
        Estimate::of_differences(&both)
    };
    let score = beside("rate-matched control: skewed - homogeneous", SCORE, against(|network| network.score));
    let rate = against(|network| network.rate_hz).map(|estimate| Estimate { p: None, p_holm: None, ..estimate });
    score.into_iter().chain(beside("rate-matched control: difference of rates left over", "Hz", rate)).collect()
}

/// The gain under each coding and readout.
fn codings(study: &Study, main: &Setting) -> Vec<Evidence> {
    let reference = arm::reference(study, main);
    let of_model =
        || study.networks.iter().filter(|network| &*network.experiment == CODING && network.model == main.model);
    let mut settings: Vec<Setting> = of_model().map(Setting::of).collect();
    settings.sort_unstable();
    settings.dedup();
    let gain = |setting: &Setting| {
        let networks = setting.networks(study, CODING);
        let skewed = arm::scores(networks.clone().filter(|network| Some(Profile::of(network)) == reference));
        let base = arm::scores(networks.filter(|network| network.is_homogeneous()));
        let label = format!("{} input, {} readout: skewed - homogeneous", setting.coding, setting.readout);
        beside(arm::spoken(&label), SCORE, Estimate::of_differences(&differences(&skewed, &base)))
    };
    settings.iter().filter_map(gain).collect()
}

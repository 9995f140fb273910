//! Statement 2: only skewed profiles give the full gain.
//!
//! At equal mean a profile that reaches shorter time constants at the same CV may win without being skewed to the right;
//! mirrored profiles are in the study to show it. The three comparisons are therefore told apart.

use super::{Outcome, SCORE, correct, deciding, missing, of_parts};
use crate::arm::{self, PROFILES, Profile, SKEWED, Setting};
use crate::statistics::{self, Estimate, Scores, best, differences};
use crate::study::{Network, Study};

pub const CLAIM: &str = "Only profiles skewed to the right give the full gain.";
pub const RULE: &str = "Skewed profiles score more than the other heterogeneous ones (a) at equal mean, over all CVs of each; (b) at \
    equal mean and CV, over the CVs that both kinds have; (c) the best skewed against the best other profile, each at its best CV, \
    chosen for each seed on all other seeds. Supported: all three. Partly: one or two. A profile counts as skewed \
    if the mean skewness of its time constants is above 0.3.";

pub fn judge(study: &Study, setting: &Setting) -> Outcome {
    let networks: Vec<&Network> = setting.networks(study, PROFILES).collect();
    let profiles = arm::profiles(networks.iter().copied());
    let (skewed, other): (Vec<Profile>, Vec<Profile>) =
        profiles.into_iter().partition(|profile| arm::is_skewed(&networks, &profile.name));
    if skewed.is_empty() || other.is_empty() {
        return missing(PROFILES);
    }
    let arms = |profiles: &[Profile]| -> Vec<Scores> {
        let of = |profile: &Profile| {
            arm::scores(networks.iter().copied().filter(|network| Profile::of(network) == *profile))
        };
        profiles.iter().map(of).collect()
    };
    let at_shared_cv = |kind: &[Profile], others: &[Profile]| -> Vec<Profile> {
        kind.iter().filter(|profile| others.iter().any(|other| other.cv == profile.cv)).cloned().collect()
    };
    let mean = |profiles: &[Profile]| statistics::average(&arms(profiles));
    let compare = |a: Scores, b: Scores| Estimate::of_differences(&differences(&a, &b));
    let (skewed_shared, other_shared) = (at_shared_cv(&skewed, &other), at_shared_cv(&other, &skewed));
    let parts = [
        ("(a) equal mean: skewed - other", compare(mean(&skewed), mean(&other))),
        (
            "(b) equal mean and CV: skewed - other",
            compare(mean_by_cv(&skewed_shared, &mean), mean_by_cv(&other_shared, &mean)),
        ),
        (
            "(c) best skewed - best other",
            compare(best::cross_fitted(&arms(&skewed)), best::cross_fitted(&arms(&other))),
        ),
    ];
    let mut evidence: Vec<_> = parts.into_iter().filter_map(|(label, part)| deciding(label, SCORE, part)).collect();
    if let Err(outcome) = correct(&mut evidence) {
        return outcome;
    }
    let shown: Vec<bool> = evidence.iter().map(|item| item.estimate.above(0.0)).collect();
    let untested = 3 - shown.len();
    let verdict = if shown.is_empty() { return missing(PROFILES) } else { of_parts(&shown) };
    let mut basis = format!("skewed (skewness above {SKEWED}): {}; other: {}", names(&skewed), names(&other));
    if untested > 0 {
        basis += &format!("; {untested} of the three comparisons lack networks, for example CVs that both kinds have");
    }
    Outcome { verdict, basis, evidence }
}

/// Mean over the CVs of the mean over the profiles that have it, so that both kinds weigh a CV alike.
fn mean_by_cv(profiles: &[Profile], mean: &impl Fn(&[Profile]) -> Scores) -> Scores {
    let mut cvs: Vec<f64> = profiles.iter().map(|profile| profile.cv).collect();
    cvs.sort_unstable_by(f64::total_cmp);
    cvs.dedup();
    let at = |cv: &f64| mean(&profiles.iter().filter(|profile| profile.cv == *cv).cloned().collect::<Vec<_>>());
    statistics::average(&cvs.iter().map(at).collect::<Vec<_>>())
}

fn names(profiles: &[Profile]) -> String {
    let mut names: Vec<String> = profiles.iter().map(|profile| arm::spoken(&profile.name)).collect();
    names.dedup();
    names.join(", ")
}

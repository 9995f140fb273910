//! Statement 2: only skewed profiles give the full gain.

use super::{Evidence, Outcome, SCORE};
use crate::arm::{self, MEAN, Profile, SKEWED, Setting};
use crate::statistics::{self, Estimate, Scores, differences};
use crate::study::{Network, Study};

pub const CLAIM: &str = "Only profiles skewed to the right give the full gain.";
pub const RULE: &str = "Skewed profiles against the other heterogeneous ones, each at its own best mean (chosen for each seed on all \
    other seeds): (a) at equal realised CV, over the CVs that both kinds have; (b) the best skewed profile and CV against the best other \
    one. Supported: both above 0. Partly: one. A profile counts as skewed if the mean skewness of its time constants is above 0.3; CVs \
    as equal if the realised ones differ by at most 0.02.";
const EQUAL: f64 = 0.02;

pub fn judge(study: &Study, setting: Setting) -> Outcome {
    let networks = setting.networks(study, MEAN).filter(|network| !network.is_homogeneous());
    let (skewed, other): (Vec<Profile>, Vec<Profile>) = arm::profiles(networks.clone())
        .into_iter()
        .partition(|profile| arm::is_skewed(networks.clone(), &profile.name));
    if skewed.is_empty() || other.is_empty() {
        return Outcome::missing(MEAN);
    }
    let best = |profile: &Profile| arm::own_best(profile.of(networks.clone()), |network| network.score);
    let best_of = |profiles: &[Profile]| {
        let mine = networks.clone().filter(|network| profiles.contains(&network.profile));
        arm::own_best(mine, |network| network.score)
    };
    let cv = |profile: &Profile| {
        let of: Vec<f64> = profile.of(networks.clone()).map(|network: &Network| network.realised_cv).collect();
        statistics::mean(&of)
    };
    let mut pairs: Vec<Scores> = Vec::new();
    let mut named = Vec::new();
    for a in &skewed {
        for b in other.iter().filter(|b| (cv(a) - cv(b)).abs() <= EQUAL) {
            let gains = best(b);
            pairs.push(
                best(a).into_iter().filter_map(|(seed, score)| Some((seed, score - gains.get(&seed)?))).collect(),
            );
            named.push(format!("{} and {}", a.label(), b.label()));
        }
    }
    let equal: Vec<f64> = statistics::average(&pairs).into_values().collect();
    let apart = differences(&best_of(&skewed), &best_of(&other));
    let kinds = |profiles: &[Profile]| profiles.iter().map(Profile::label).collect::<Vec<_>>().join("; ");
    let pairs = if named.is_empty() { "none".into() } else { named.join("; ") };
    let basis = format!(
        "skewed (skewness above {SKEWED}): {}. Other: {}. Pairs of equal CV: {pairs}",
        kinds(&skewed),
        kinds(&other)
    );
    Outcome::new(
        basis,
        [
            Evidence::above("(a) own best, equal realised CV: skewed - other", SCORE, Estimate::of_mean(&equal), 0.0),
            Evidence::above("(b) own best, any CV: best skewed - best other", SCORE, Estimate::of_mean(&apart), 0.0),
        ],
    )
}

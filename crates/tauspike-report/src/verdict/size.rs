//! Statement 3: a skewed network of N/k neurons scores as a homogeneous one of N.

use super::{Evidence, Outcome};
use crate::arm::{self, Profile, SIZE, Setting};
use crate::statistics::Estimate;
use crate::statistics::ladder::{Factor, Rung, factor};
use crate::study::{Network, Study};

pub const CLAIM: &str = "A skewed network of half the size, or less, scores as a homogeneous one.";
pub const RULE: &str = "Factor k: times as many neurons that homogeneous networks need for the same score as the reference, both at the \
    mean that is best for them at each size (chosen for each seed on all other seeds), interpolated over log N and averaged over the \
    scores that both reach. Supported: k is above 2 and above 1. Partly: above 1. Not tested if no score is reached by both: nothing is \
    extrapolated.";
const HALF: f64 = 2.0;

pub fn judge(study: &Study, setting: Setting) -> Outcome {
    let Some(reference) = &study.reference else { return Outcome::missing(SIZE) };
    let neurons = |network: &Network| network.at("n");
    let Some((homogeneous, skewed)) = rungs(study, setting, reference, neurons) else { return Outcome::missing(SIZE) };
    let label = "homogeneous N / skewed N at equal score, each at its own best mean";
    let Some(logarithm) = log_factor(&homogeneous, &skewed) else {
        return Outcome::new(beyond(&homogeneous, &skewed, "neurons"), []);
    };
    Outcome::new(
        format!("{} against homogeneous", reference.label()),
        [
            Evidence::factor_above(format!("{label}: above 2"), Some(logarithm), HALF),
            Evidence::factor_above(format!("{label}: above 1"), Some(logarithm), 1.0),
        ],
    )
}

/// What is known where no score is reached by both ladders.
pub(super) fn beyond(homogeneous: &[Rung], skewed: &[Rung], what: &str) -> String {
    let all: Vec<usize> = (0..homogeneous[0].scores.len()).collect();
    match factor(homogeneous, skewed, &all) {
        Some(Factor::AtLeast(bound)) => {
            format!("no score is reached by both: homogeneous networks need more than {bound:.1} times as many {what}")
        }
        Some(Factor::AtMost(bound)) => {
            format!("no score is reached by both: homogeneous networks need less than {bound:.2} times as many {what}")
        }
        _ => "with a seed left out no score is reached by both".into(),
    }
}

/// Logarithm of how many times as much `a` needs as `b` at equal score; `None` if no score is reached by both with any seed left out.
pub(super) fn log_factor(a: &[Rung], b: &[Rung]) -> Option<Estimate> {
    let value = |picked: &[usize]| match factor(a, b, picked) {
        Some(Factor::At(value)) => value.ln(),
        _ => f64::NAN,
    };
    Estimate::of_statistic(a[0].scores.len(), value)
}

/// The ladders of sizes of homogeneous networks and of those of `profile`, each rung at its own best mean, with the seeds that all
/// rungs have. `None` if one has no rung, there are no two common seeds, or an amount is unknown or not above 0.
pub(super) fn rungs(
    study: &Study,
    setting: Setting,
    profile: &Profile,
    amount: impl Fn(&Network) -> f64,
) -> Option<(Vec<Rung>, Vec<Rung>)> {
    let networks = setting.networks(study, SIZE);
    let ln_amount = |network: &Network| Some(amount(network)).filter(|amount| *amount > 0.0).map_or(f64::NAN, f64::ln);
    let arms = |profile: &Profile| -> Vec<_> {
        let of_size = |n: f64| {
            let rung = || profile.of(networks.clone()).filter(move |network| network.at("n") == n);
            (arm::own_best(rung(), |network| network.score), arm::own_best(rung(), ln_amount))
        };
        arm::levels(profile.of(networks.clone()), |network| network.at("n")).into_iter().map(of_size).collect()
    };
    let (homogeneous, skewed) = (arms(&Profile::homogeneous()), arms(profile));
    let mut both = homogeneous.iter().chain(&skewed);
    let first = &both.next()?.1;
    let seeds: Vec<u64> =
        first.keys().copied().filter(|seed| both.clone().all(|(_, amounts)| amounts.contains_key(seed))).collect();
    if seeds.len() < 2 || homogeneous.is_empty() || skewed.is_empty() {
        return None;
    }
    let rung = |(scores, amounts): &(crate::statistics::Scores, crate::statistics::Scores)| Rung {
        scores: seeds.iter().map(|seed| scores[seed]).collect(),
        ln_amounts: seeds.iter().map(|seed| amounts[seed]).collect(),
    };
    Some((homogeneous.iter().map(rung).collect(), skewed.iter().map(rung).collect()))
}

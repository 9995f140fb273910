//! Statement 3: a skewed network of N/k neurons scores as a homogeneous one of N.

use super::{Outcome, Verdict, chance, deciding, missing, untuned};
use crate::arm::{self, Profile, SIZE, Setting};
use crate::statistics::Estimate;
use crate::statistics::ladder::{Factor, Rung, factor};
use crate::study::{Network, Study};

pub const CLAIM: &str = "A skewed network of half the size, or less, scores as a homogeneous one.";
pub const RULE: &str = "Factor k: times as many neurons that homogeneous networks need for the same score, interpolated over log N and \
    averaged over the scores that both reach; if there is none, a bound. Supported: the whole interval of k is at 2 \
    or above. Partly: it is above 1. Not tested unless the homogeneous networks stand at the time constant that is best for them.";
const HALF: f64 = 2.0;

pub fn judge(study: &Study, setting: &Setting) -> Outcome {
    let Some(reference) = arm::reference(study, setting) else { return missing(SIZE) };
    let neurons = |network: &Network| network.n as f64;
    let Some((estimate, unit)) = times_as_much(study, setting, &reference, neurons) else { return missing(SIZE) };
    let evidence: Vec<_> =
        deciding("homogeneous N / skewed N at equal score", unit, Some(estimate)).into_iter().collect();
    if !chance::decidable(estimate.seeds, 1) {
        return Outcome::undecided(evidence, estimate.seeds, 1);
    }
    if let Some(reason) = untuned(study, setting) {
        return Outcome::withheld(reason, evidence);
    }
    let verdict = match estimate {
        Estimate { low, .. } if low >= HALF => Verdict::Supported,
        Estimate { low, .. } if low > 1.0 => Verdict::Partly,
        _ => Verdict::NotSupported,
    };
    let basis = format!("{} against homogeneous", reference.label());
    Outcome { verdict, basis, evidence }
}

/// Times as much of `amount` that homogeneous networks need as those of `profile`, and the unit of the
/// figure, which tells whether it is a bound: then no score is reached by both.
pub(super) fn times_as_much(
    study: &Study,
    setting: &Setting,
    profile: &Profile,
    amount: impl Fn(&Network) -> f64,
) -> Option<(Estimate, &'static str)> {
    let (homogeneous, skewed) = rungs(study, setting, profile, amount)?;
    let seeds = homogeneous[0].scores.len();
    let all: Vec<usize> = (0..seeds).collect();
    let unit = match factor(&homogeneous, &skewed, &all)? {
        Factor::At(_) => "times",
        Factor::AtLeast(_) => "times or more",
        Factor::AtMost(_) => "times or less",
    };
    let value = |picked: &[usize]| factor(&homogeneous, &skewed, picked).map_or(f64::NAN, Factor::value);
    Some((Estimate::of_statistic(seeds, value)?, unit))
}

/// The ladders of sizes of homogeneous networks and of those of `profile`, with the seeds that all rungs have. `None` if one
/// has no rung, no seed is common, or an amount is unknown or not above 0.
pub(crate) fn rungs(
    study: &Study,
    setting: &Setting,
    profile: &Profile,
    amount: impl Fn(&Network) -> f64,
) -> Option<(Vec<Rung>, Vec<Rung>)> {
    let networks = setting.networks(study, SIZE);
    let ln_amount = |network: &Network| Some(amount(network)).filter(|amount| *amount > 0.0).map_or(f64::NAN, f64::ln);
    let arms = |skewed: bool| -> Vec<_> {
        let kind = networks.clone().filter(|network| match skewed {
            true => Profile::of(network) == *profile,
            false => network.is_homogeneous(),
        });
        let of_size = |n: f64| {
            let rung = kind.clone().filter(move |network| network.n as f64 == n);
            (arm::scores(rung.clone()), arm::by_seed(rung, ln_amount))
        };
        arm::levels(kind.clone(), |network| network.n as f64).into_iter().map(of_size).collect()
    };
    let (homogeneous, skewed) = (arms(false), arms(true));
    let mut both = homogeneous.iter().chain(&skewed);
    let first = &both.next()?.1;
    let seeds: Vec<u64> =
        first.keys().copied().filter(|seed| both.clone().all(|(_, amounts)| amounts.contains_key(seed))).collect();
    if seeds.is_empty() || homogeneous.is_empty() || skewed.is_empty() {
        return None;
    }
    let rung = |(scores, amounts): &(crate::statistics::Scores, crate::statistics::Scores)| Rung {
        scores: seeds.iter().map(|seed| scores[seed]).collect(),
        ln_amounts: seeds.iter().map(|seed| amounts[seed]).collect(),
    };
    Some((homogeneous.iter().map(rung).collect(), skewed.iter().map(rung).collect()))
}

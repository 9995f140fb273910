//! Statement 4: at equal score a skewed network needs less.
//!
//! Operations on a computer, chip energy at events, chip energy under a clock and metabolic energy are four accounts of one
//! run. They have different units and boundaries, and are never added or put on one axis.

use super::size::times_as_much;
use super::{Evidence, Outcome, beside, chance, deciding, missing, of_parts, untuned};
use crate::arm::{self, RATE_MATCHED, SIZE, Setting};
use crate::statistics::{Estimate, differences};
use crate::study::{Network, Study};

pub const CLAIM: &str = "At equal score a skewed network needs less computation and energy.";
pub const RULE: &str = "Factor: times as much that homogeneous networks need for the same score, interpolated along the ladder of \
    sizes, for each account that the study has. Supported: the whole interval is above 1 for all. Partly: for some. Not tested unless the \
    homogeneous networks stand at the time constant that is best for them.";

type Account = (&'static str, fn(&Network) -> f64);

/// The accounts, by name. What is compared is a ratio, so that units do not matter.
const ACCOUNTS: [Account; 4] = [
    ("operations", |network| network.operations),
    ("chip energy, events only", |network| network.energy_chip_event_pj),
    ("chip energy, clocked", |network| network.energy_chip_clocked_pj),
    ("metabolic energy", |network| network.energy_metabolic_atp),
];

pub fn judge(study: &Study, setting: &Setting) -> Outcome {
    let Some(reference) = arm::reference(study, setting) else { return missing(SIZE) };
    let mut basis = format!("{} against homogeneous", reference.label());
    let mut evidence = Vec::new();
    for (name, amount) in ACCOUNTS {
        match times_as_much(study, setting, &reference, amount) {
            Some((estimate, unit)) => {
                let label = format!("homogeneous / skewed at equal score: {name}");
                evidence.extend(deciding(label, unit, Some(estimate)));
            }
            None => basis += &format!("; {name}: not in the study"),
        }
    }
    let Some(seeds) = evidence.iter().map(|item| item.estimate.seeds).min() else { return missing(SIZE) };
    if !chance::decidable(seeds, 1) {
        return Outcome::undecided(evidence, seeds, 1);
    }
    let verdict = of_parts(&evidence.iter().map(|item| item.estimate.above(1.0)).collect::<Vec<_>>());
    evidence.extend(super::gain::rate_matched(study, setting));
    evidence.extend(ACCOUNTS.iter().filter_map(|account| matched_cost(study, setting, account)));
    if let Some(reason) = untuned(study, setting) {
        return Outcome::withheld(reason, evidence);
    }
    Outcome { verdict, basis, evidence }
}

/// At equal size and firing rate, times as much as skewed networks need that homogeneous ones do.
fn matched_cost(study: &Study, setting: &Setting, (name, amount): &Account) -> Option<Evidence> {
    let ln_amount = |network: &Network| amount(network).ln();
    let homogeneous = setting.networks(study, RATE_MATCHED).filter(|network| network.is_homogeneous());
    let skewed = arm::by_seed(arm::with_skewed(study, setting, RATE_MATCHED), ln_amount);
    let logs = differences(&arm::by_seed(homogeneous, ln_amount), &skewed);
    let mean = |picked: &[usize]| (picked.iter().map(|&at| logs[at]).sum::<f64>() / picked.len() as f64).exp();
    let label = format!("rate-matched control at equal N: homogeneous / skewed, {name}");
    beside(label, "times", Estimate::of_statistic(logs.len(), mean))
}

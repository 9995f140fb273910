//! Statement 4: at equal score a skewed network needs less.
//!
//! Operations on a computer, chip energy at events, chip energy under a clock and metabolic energy are four accounts of one
//! run. They have different units and boundaries, and are never added or put on one axis.

use super::size::times_as_much;
use super::{Outcome, chance, deciding, missing, of_parts};
use crate::arm::{self, SIZE, Setting};
use crate::study::{Network, Study};

pub const CLAIM: &str = "At equal score a skewed network needs less computation and energy.";
pub const RULE: &str = "Factor: times as much that homogeneous networks need for the same score, interpolated along the ladder of \
    sizes, for each account that the study has. Supported: the whole interval is above 1 for all. Partly: for some.";

/// The accounts, with their names and units.
pub(crate) const ACCOUNTS: [(&str, &str, fn(&Network) -> f64); 4] = [
    ("operations", "operations", |network| network.operations),
    ("chip energy, events only", "pJ", |network| network.energy_chip_event_pj),
    ("chip energy, clocked", "pJ", |network| network.energy_chip_clocked_pj),
    ("metabolic energy", "ATP", |network| network.energy_metabolic_atp),
];

pub fn judge(study: &Study, setting: &Setting) -> Outcome {
    let Some(reference) = arm::reference(study, setting) else { return missing(SIZE) };
    let mut basis = format!("{} against homogeneous", reference.label());
    let mut evidence = Vec::new();
    for (name, _, amount) in ACCOUNTS {
        match times_as_much(study, setting, &reference, amount) {
            Some((estimate, bound)) => {
                let label = format!("homogeneous / skewed at equal score: {name}");
                evidence.extend(deciding(label, "times", Some(estimate)));
                basis += &format!("; {name}: {bound}");
            }
            None => basis += &format!("; {name}: not in the study"),
        }
    }
    let Some(seeds) = evidence.iter().map(|item| item.estimate.seeds).min() else { return missing(SIZE) };
    if !chance::decidable(seeds, 1) {
        return Outcome::not_tested(format!("{seeds} seeds; at least {} are needed", chance::fewest_pairs(1)));
    }
    let verdict = of_parts(&evidence.iter().map(|item| item.estimate.above(1.0)).collect::<Vec<_>>());
    evidence.extend(super::gain::rate_matched(study, setting));
    Outcome { verdict, basis, evidence }
}

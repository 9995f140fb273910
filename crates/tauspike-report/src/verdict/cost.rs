//! Statement 4: at equal score a skewed network needs less.
//!
//! Operations on a computer, chip energy and metabolic energy are three accounts of one run. They have different units and boundaries,
//! and are never added or put on one axis. Noise is not charged, and the readout stands beside.

use super::size::{beyond, log_factor, rungs};
use super::{Evidence, Outcome};
use crate::arm::{RATE, SIZE, Setting, own_best};
use crate::statistics::{Estimate, differences};
use crate::study::{Network, Study};

pub const CLAIM: &str = "At equal score a skewed network needs less computation and energy.";
pub const RULE: &str = "Factor: times as much that homogeneous networks need for the same score as the reference, both at their own best \
    mean, interpolated along the ladder of sizes, for each account that the setting has: operations, chip energy (recurrence, input and \
    neurons), metabolic energy. Supported: above 1 for all. Partly: for some.";

type Account = (&'static str, fn(&Network) -> f64);

/// The accounts, by name. What is compared is a ratio, so that units do not matter.
pub(crate) const ACCOUNTS: [Account; 3] = [
    ("operations", |network| network.operations),
    ("chip energy", Network::chip),
    ("metabolic energy", |network| network.metabolic_atp),
];

pub fn judge(study: &Study, setting: Setting) -> Outcome {
    let Some(reference) = &study.reference else { return Outcome::missing(SIZE) };
    let factor = |(name, amount): &Account| {
        let (homogeneous, skewed) = rungs(study, setting, reference, amount)?;
        let label = format!("homogeneous / skewed at equal score: {name}");
        Evidence::factor_above(label, log_factor(&homogeneous, &skewed), 1.0)
    };
    let evidence: Vec<Evidence> = ACCOUNTS.iter().filter_map(factor).collect();
    if evidence.is_empty() {
        // Told of operations, which every setting has.
        return match rungs(study, setting, reference, ACCOUNTS[0].1) {
            Some((homogeneous, skewed)) => Outcome::new(beyond(&homogeneous, &skewed, ACCOUNTS[0].0), []),
            None => Outcome::missing(SIZE),
        };
    }
    let matched = ACCOUNTS.iter().map(|account| at_equal_rate(study, setting, account));
    Outcome::new(format!("{} against homogeneous", reference.label()), evidence.into_iter().map(Some).chain(matched))
}

/// At equal size and firing rate, each at its own best mean.
fn at_equal_rate(study: &Study, setting: Setting, (name, amount): &Account) -> Option<Evidence> {
    let reference = study.reference.as_ref()?;
    let networks = setting.networks(study, RATE);
    let ln = |network: &Network| amount(network).ln();
    let skewed = own_best(reference.of(networks.clone()), ln);
    let homogeneous = own_best(networks.filter(|network| network.is_homogeneous()), ln);
    let label = format!("beside: equal N, both at the best of the matched rates: homogeneous / skewed, {name}");
    Evidence::beside(label, super::TIMES, Estimate::of_mean(&differences(&homogeneous, &skewed)).map(Estimate::exp))
}

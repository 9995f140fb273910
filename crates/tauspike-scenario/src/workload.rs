//! How much there is to do per second of model time, as far as the file says it. Nothing is built.
//!
//! External arrivals follow from the rates of Poisson inputs. Synaptic arrivals do not: nobody knows the rates of a network before it
//! has run, so the caller brings them.

use crate::error::ScenarioError;
use crate::scenario::Scenario;
use crate::section::{Entry, Range, Section};

/// Work of a scenario that needs no run to know.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Workload {
    /// Expected arrivals from Poisson inputs per second of model time, over all neurons; profiles, starts and stops left out.
    pub external_hz: f64,
    /// Poisson inputs whose mean rate the file does not say in one number. They are not in `external_hz`.
    pub uncounted_inputs: usize,
    /// Whether any neuron has exponential currents, whose arrivals cost more.
    pub exponential: bool,
}

impl Scenario {
    /// What the file says about the work.
    ///
    /// # Errors
    /// As [`Scenario::builder`].
    pub fn workload(&self) -> Result<Workload, ScenarioError> {
        let root = self.root();
        let mut work = Workload { external_hz: 0.0, uncounted_inputs: 0, exponential: false };
        let mut sizes = Vec::new();
        for population in root.sections("population")? {
            let size = population.need("size", "")?.integer(1, u64::from(u32::MAX))?;
            sizes.push((population.need("name", "")?.text()?.to_owned(), size));
            work.exponential |= population.need("model", "")?.text()? == "lif_exp";
        }
        for input in root.sections("input")? {
            if input.need("kind", "")?.text()? != "poisson" {
                continue;
            }
            match mean(&input.need("rate_hz", "")?) {
                Some(rate) => work.external_hz += rate * members(&input, &sizes)?,
                None => work.uncounted_inputs += 1,
            }
        }
        Ok(work)
    }
}

fn members(input: &Section, sizes: &[(String, u64)]) -> Result<f64, ScenarioError> {
    let target = input.need("target", "")?.text()?;
    let size = sizes.iter().find(|(name, _)| name == target).map_or(0, |(_, size)| *size);
    let members = input.get("members").map(|entry| entry.indices(size as u32)).transpose()?;
    Ok(members.map_or(size, |members| members.len() as u64) as f64)
}

/// The number itself, or the mean that a distribution is given by.
fn mean(rate: &Entry) -> Option<f64> {
    let of_distribution = || rate.table(".").ok()?.get("mean")?.number(Range::NotNegative).ok();
    rate.number(Range::NotNegative).ok().or_else(of_distribution)
}

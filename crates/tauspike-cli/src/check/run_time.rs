//! How long a run would take: expected arrivals times what an arrival costs on this machine.
//!
//! The rates that synaptic arrivals follow from are those of `--rate-hz`, or of the `expected.toml` beside the scenario; without
//! either there is no prediction, because rates are what a simulation is for.

use crate::check::cost::Cost;
use crate::columns::number;
use crate::failure::Failure;
use serde::Serialize;
use std::path::Path;
use tauspike_scenario::{Expected, Scenario, load};

/// The prediction and what it was made from.
#[derive(Clone, Debug, Serialize)]
pub struct RunTime {
    /// Where the rates are from.
    rates_from: String,
    synaptic_arrivals: f64,
    external_arrivals: f64,
    /// Poisson inputs whose mean rate the file does not say in one number; their arrivals are left out.
    uncounted_inputs: usize,
    ns_per_synaptic_arrival: f64,
    ns_per_external_arrival: f64,
    /// On one thread, without building.
    seconds: f64,
}

/// Predicts; `None` if there is nothing to take rates from. `synapses` and `rate_hz` give synaptic arrivals.
///
/// # Errors
/// If `expected.toml` is there and cannot be read.
pub fn predict(
    path: &Path,
    scenario: &Scenario,
    synapses: u64,
    rate_hz: Option<f64>,
) -> Result<Option<RunTime>, Failure> {
    let (rates_from, synaptic_hz) = match rate_hz {
        Some(rate) => ("--rate-hz".to_owned(), synapses as f64 * rate),
        None => match expected(path)? {
            Some(found) => found,
            None => return Ok(None),
        },
    };
    let work = scenario.workload()?;
    let cost = Cost::measure(work.exponential)?;
    let seconds = scenario.duration() * 1e-3;
    let (synaptic, external) = (synaptic_hz * seconds, work.external_hz * seconds);
    Ok(Some(RunTime {
        rates_from,
        synaptic_arrivals: synaptic,
        external_arrivals: external,
        uncounted_inputs: work.uncounted_inputs,
        ns_per_synaptic_arrival: cost.synaptic_s * 1e9,
        ns_per_external_arrival: cost.external_s * 1e9,
        seconds: synaptic * cost.synaptic_s + external * cost.external_s,
    }))
}

/// Synaptic arrivals per second of model time in `expected.toml`, and its name.
fn expected(path: &Path) -> Result<Option<(String, f64)>, Failure> {
    let folder = if path.is_dir() { Some(path) } else { path.parent() };
    let file = folder.unwrap_or(Path::new(".")).join("expected.toml");
    if !file.exists() {
        return Ok(None);
    }
    let expected = Expected::read(&file)?;
    let duration = load(path, &expected.set)?.duration();
    let arrivals = expected.counters.get("synaptic_arrivals").copied().unwrap_or(0);
    Ok(Some((file.display().to_string(), arrivals as f64 / duration * 1e3)))
}

impl RunTime {
    /// For people.
    pub fn text(&self) -> String {
        let without = match self.uncounted_inputs {
            0 => String::new(),
            n => format!("; {n} Poisson inputs without a mean rate are not counted"),
        };
        format!(
            "  run time  about {} s on one thread, right to a factor of 2 to 3 where arrivals are the work\n            {} synaptic \
             arrivals at {} ns, {} external ones at {} ns\n            rates from {}; costs measured just now{without}\n",
            number(self.seconds),
            number(self.synaptic_arrivals),
            number(self.ns_per_synaptic_arrival),
            number(self.external_arrivals),
            number(self.ns_per_external_arrival),
            self.rates_from,
        )
    }
}

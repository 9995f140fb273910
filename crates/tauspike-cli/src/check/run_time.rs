//! How long a run would take: expected arrivals, and neurons, times what they cost on this machine.
//!
//! The rates that synaptic arrivals follow from are those of `--rate-hz`, or of the `expected.toml` beside the scenario; without
//! either there is no prediction, because rates are what a simulation is for.

use crate::check::cost::Cost;
use crate::columns::number;
use crate::failure::Failure;
use serde::Serialize;
use std::path::Path;
use tauspike_network::Prediction;
use tauspike_scenario::{Expected, load};

/// The prediction and what it was made from.
#[derive(Clone, Debug, Serialize)]
pub struct RunTime {
    /// Where the rates are from.
    rates_from: String,
    synaptic_arrivals: f64,
    external_arrivals: f64,
    ns_per_synaptic_arrival: f64,
    ns_per_external_arrival: f64,
    ns_per_neuron_ms: f64,
    /// On one thread, without building.
    pub seconds: f64,
    /// Mean rate of what fires, Hz.
    #[serde(skip)]
    pub rate_hz: f64,
}

/// Predicts a run of `duration_ms`; `None` if there is nothing to take rates from.
///
/// # Errors
/// If `expected.toml` is there and cannot be read.
pub fn predict(
    path: &Path,
    duration_ms: f64,
    size: &Prediction,
    rate_hz: Option<f64>,
) -> Result<Option<RunTime>, Failure> {
    let (rates_from, per_synapse_hz) = match rate_hz {
        Some(rate) => ("--rate-hz".to_owned(), rate),
        None => match expected(path)? {
            Some(found) => found,
            None => return Ok(None),
        },
    };
    let cost = Cost::measure(size.exponential)?;
    let seconds = duration_ms * 1e-3;
    let (synaptic, external) = (size.synapses as f64 * per_synapse_hz * seconds, size.external_per_s as f64 * seconds);
    Ok(Some(RunTime {
        rates_from,
        rate_hz: per_synapse_hz,
        synaptic_arrivals: synaptic,
        external_arrivals: external,
        ns_per_synaptic_arrival: cost.synaptic_s * 1e9,
        ns_per_external_arrival: cost.external_s * 1e9,
        ns_per_neuron_ms: cost.neuron_s * 1e9,
        seconds: synaptic * cost.synaptic_s
            + external * cost.external_s
            + size.neurons as f64 * duration_ms * cost.neuron_s,
    }))
}

/// Arrivals per synapse and second of model time in `expected.toml`, whose network may be a smaller one, and its name.
fn expected(path: &Path) -> Result<Option<(String, f64)>, Failure> {
    let folder = if path.is_dir() { Some(path) } else { path.parent() };
    let file = folder.unwrap_or(Path::new(".")).join("expected.toml");
    if !file.exists() {
        return Ok(None);
    }
    let expected = Expected::read(&file)?;
    let scenario = load(path, &expected.set)?;
    let arrivals = expected.counters.get("synaptic_arrivals").copied().unwrap_or(0) as f64;
    let synapse_seconds = scenario.predict()?.synapses.max(1) as f64 * scenario.duration() * 1e-3;
    Ok(Some((file.display().to_string(), arrivals / synapse_seconds)))
}

impl RunTime {
    /// For people.
    pub fn text(&self) -> String {
        format!(
            "  run time  about {} s on one thread\n            {} synaptic arrivals at {} ns, {} external ones at {} ns, {} ns for \
             a neuron in a ms\n            rates from {}; costs measured just now\n",
            number(self.seconds),
            number(self.synaptic_arrivals),
            number(self.ns_per_synaptic_arrival),
            number(self.external_arrivals),
            number(self.ns_per_external_arrival),
            number(self.ns_per_neuron_ms),
            self.rates_from,
        )
    }
}

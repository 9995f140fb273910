//! How long a run would take.
//!
//! A network of moderate size is built and its beginning is run. Of a larger one, or where `--rate-hz` says at which rate it fires, it is expected
//! arrivals, and neurons, times what they cost on this machine. The rate is then that, or that of the `expected.toml` beside the scenario.

use crate::check::cost::Cost;
use crate::check::sample::{Sample, sample};
use crate::columns::number;
use crate::failure::Failure;
use serde::Serialize;
use std::path::Path;
use tauspike_network::Prediction;
use tauspike_scenario::{Expected, Scenario, load};

/// Bytes up to which a network is built for it: some seconds at most.
const MODERATE: u64 = 500_000_000;

/// The prediction and what it was made from.
#[derive(Clone, Debug, Serialize)]
pub struct RunTime {
    /// What it is taken from.
    from: String,
    synaptic_arrivals: f64,
    external_arrivals: f64,
    /// Absent if its beginning was run.
    #[serde(flatten)]
    costs: Option<Costs>,
    /// On one thread, without building; with files if its beginning was run.
    pub seconds: f64,
    /// Mean rate of what fires, Hz.
    #[serde(skip)]
    pub rate_hz: f64,
}

#[derive(Clone, Debug, Serialize)]
struct Costs {
    ns_per_synaptic_arrival: f64,
    ns_per_external_arrival: f64,
    ns_per_neuron_ms: f64,
}

/// Predicts a run; `None` if the network is large and there is nothing to take rates from.
///
/// # Errors
/// If `expected.toml` is there and cannot be read, or the network cannot be built.
pub fn predict(
    scenario: &Scenario,
    path: &Path,
    size: &Prediction,
    rate_hz: Option<f64>,
) -> Result<Option<RunTime>, Failure> {
    Ok(match rate_hz {
        Some(rate) => Some(computed(scenario, size, ("--rate-hz".to_owned(), rate))?),
        None if size.bytes <= MODERATE => Some(sampled(scenario, size)?),
        None => expected(path)?.map(|rates| computed(scenario, size, rates)).transpose()?,
    })
}

/// From its beginning.
fn sampled(scenario: &Scenario, size: &Prediction) -> Result<RunTime, Failure> {
    let Sample { until_ms, seconds, synaptic_arrivals, external_arrivals } = sample(scenario)?;
    let synapse_seconds = size.synapses.max(1) as f64 * scenario.duration() * 1e-3;
    Ok(RunTime {
        from: format!("a run of its first {} ms", number(until_ms)),
        synaptic_arrivals,
        external_arrivals,
        costs: None,
        seconds,
        rate_hz: synaptic_arrivals / synapse_seconds,
    })
}

/// From arrivals per synapse and second of model time, and where these are from.
fn computed(scenario: &Scenario, size: &Prediction, (from, rate_hz): (String, f64)) -> Result<RunTime, Failure> {
    let cost = Cost::measure(size.exponential)?;
    let seconds = scenario.duration() * 1e-3;
    let (synaptic, external) = (size.synapses as f64 * rate_hz * seconds, size.external_per_s as f64 * seconds);
    let neurons = size.neurons as f64 * scenario.duration();
    Ok(RunTime {
        from: format!("rates of {from}; costs measured just now"),
        rate_hz,
        synaptic_arrivals: synaptic,
        external_arrivals: external,
        costs: Some(Costs {
            ns_per_synaptic_arrival: cost.synaptic_s * 1e9,
            ns_per_external_arrival: cost.external_s * 1e9,
            ns_per_neuron_ms: cost.neuron_s * 1e9,
        }),
        seconds: synaptic * cost.synaptic_s + external * cost.external_s + neurons * cost.neuron_s,
    })
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
        let each = |ns: fn(&Costs) -> f64| match &self.costs {
            Some(costs) => format!(" at {} ns", number(ns(costs))),
            None => String::new(),
        };
        let neurons = match &self.costs {
            Some(costs) => format!(", {} ns for a neuron in a ms", number(costs.ns_per_neuron_ms)),
            None => String::new(),
        };
        format!(
            "  run time  about {} s on one thread\n            {} synaptic arrivals{}, {} external ones{}{neurons}\n            from {}\n",
            number(self.seconds),
            number(self.synaptic_arrivals),
            each(|costs| costs.ns_per_synaptic_arrival),
            number(self.external_arrivals),
            each(|costs| costs.ns_per_external_arrival),
            self.from,
        )
    }
}

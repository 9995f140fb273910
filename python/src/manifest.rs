//! What was run, and what came out, as the manifest of a recorded run tells it.

use serde_json::{Map, Value, json};
use tauspike_engine::{Counters, Simulation};
use tauspike_record::{Digest, Manifest, Populations, ScenarioText, Status};
use tauspike_scenario::{Ready, report};

/// Of a run that begins now, `text` being its scenario; empty if it is of calls.
pub fn begin(ready: &Ready, text: &str, threads: usize, populations: Populations) -> Manifest {
    let mut manifest = Manifest::start(ScenarioText::new(text), ready.network.seed(), threads, populations);
    manifest.parameters = report::parameters(&ready.network);
    manifest
}

/// Where a run stands.
pub struct Reached<'a> {
    pub simulation: &'a Simulation,
    /// Model time at which it began, ms, and counters then.
    pub start: (f64, Counters),
    /// Of all spikes since.
    pub digest: &'a Digest,
    /// Why it ended too early, if it did.
    pub ended: Option<&'a str>,
}

/// The manifest of a run that has come so far, as JSON.
pub fn so_far(begun: &Manifest, ready: &Ready, reached: Reached) -> String {
    let Reached { simulation, start: (start, before), digest, ended } = reached;
    let mut manifest = begun.clone();
    let (counters, now) = (simulation.counters().since(&before), simulation.now());
    let neurons = ready.network.blocks().iter().map(|block| u64::from(block.len)).sum();
    manifest.parameters.insert("start_ms".into(), start.into());
    manifest.counters =
        counters.entries().map(|(counter, value)| (counter.name.to_owned(), value.into())).into_iter().collect();
    let energy = |model: &tauspike_energy::EnergyModel| {
        let estimate = model.estimate(&counters, neurons, now - start);
        (estimate.model.clone(), json!(estimate))
    };
    manifest.energy = ready.energy.iter().map(energy).collect::<Map<String, Value>>();
    manifest.note_spikes(digest);
    manifest.error = ended.map(str::to_owned);
    manifest.end(if ended.is_some() { Status::Failed } else { Status::Finished }, now);
    json!(manifest).to_string()
}

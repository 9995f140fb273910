//! What came out of a run, for people, programs and the manifest.

use crate::scenario::Scenario;
use crate::summary::Summary;
use serde_json::{Map, Value, json};
use std::path::PathBuf;
use tauspike_energy::{EnergyModel, Estimate};
use tauspike_engine::Counters;
use tauspike_network::Network;
use tauspike_network::column::Column;
use tauspike_network::moments::Moments;
use tauspike_network::population::Population;
use tauspike_record::{Digest, Manifest, RankEntry, Resumed, Status};
use tauspike_spike::Counter;

/// Results of one run. Everything but threads, wall times and paths depends on scenario, overrides and start alone.
#[derive(Clone, Debug, serde::Serialize)]
pub struct RunReport {
    /// Name of the scenario.
    pub scenario: String,
    /// Whether it came to its end.
    pub status: Status,
    /// Seed of all draws.
    pub seed: u64,
    /// Threads used, by each of the ranks if there are several.
    pub threads: usize,
    /// The processes, if there were several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ranks: Vec<RankEntry>,
    /// Model time at which it started, ms; above 0 if it went on from a snapshot.
    pub start_ms: f64,
    /// The snapshot it went on from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resumed: Option<Resumed>,
    /// Model time reached, ms.
    pub end_ms: f64,
    /// Rates and CV leave out what is before this, ms.
    pub warmup_ms: f64,
    /// Neurons, sources not counted.
    pub neurons: u64,
    /// Synapses.
    pub synapses: u64,
    /// In the order of the scenario.
    pub populations: Vec<PopulationReport>,
    /// Spikes recorded in this run, of neurons and sources.
    pub spikes: u64,
    /// Work done in this run.
    pub counters: Counters,
    /// Energy proxies of this run under each model.
    pub energy: Vec<Estimate>,
    /// SHA-256 of the spikes of this run.
    pub digest: String,
    /// Dynamic state at the end, bytes, without the network's tables.
    pub state_bytes: u64,
    /// Wall time of building network and engine, s.
    pub build_s: f64,
    /// Wall time of running, s, with what the disk kept it waiting.
    pub run_s: f64,
    /// The part of it after the last epoch, s: until what was recorded is complete and on the disk.
    pub finish_s: f64,
    /// Files written.
    pub outputs: Vec<PathBuf>,
    /// The snapshot, if one was asked for.
    pub snapshot: Option<PathBuf>,
}

/// Results of one population.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct PopulationReport {
    /// Its name.
    pub name: String,
    /// Its members.
    pub size: u32,
    /// Spikes recorded in this run.
    pub spikes: u64,
    /// Mean rate after the warm-up, Hz; absent if the run ended before.
    pub rate_hz: Option<f64>,
    /// Mean over neurons of the CV of interspike intervals after the warm-up; absent if no neuron has 5 intervals. Neurons with
    /// fewer are left out, which favours fast ones at low rates.
    pub cv_isi: Option<f64>,
}

impl RunReport {
    /// Puts the results into the manifest.
    pub(crate) fn note(&self, manifest: &mut Manifest) {
        let count = |(counter, value): (Counter, u64)| (counter.name.to_owned(), Value::from(value));
        manifest.counters = self.counters.entries().into_iter().map(count).collect();
        manifest.energy = self.energy.iter().map(|e| (e.model.clone(), json!(e))).collect();
    }
}

/// What a run ended with.
pub(crate) struct Outcome {
    /// Model time at which it started, ms.
    pub start: f64,
    /// Model time reached, ms.
    pub end: f64,
    /// Work done in this run.
    pub counters: Counters,
    pub synapses: u64,
    pub state_bytes: u64,
    pub build_s: f64,
    pub run_s: f64,
    pub finish_s: f64,
    pub digest: Digest,
    pub summary: Summary,
}

/// The report; threads and paths are the caller's to fill.
pub(crate) fn of(scenario: &Scenario, network: &Network, models: &[EnergyModel], outcome: Outcome) -> RunReport {
    let (counters, now) = (outcome.counters, outcome.end);
    let neurons = network.blocks().iter().map(|block| u64::from(block.len)).sum();
    let window = (outcome.start.max(scenario.warmup()), now);
    RunReport {
        scenario: scenario.name().to_owned(),
        status: if now >= scenario.duration() { Status::Finished } else { Status::Interrupted },
        seed: scenario.seed(),
        threads: 0,
        ranks: Vec::new(),
        start_ms: outcome.start,
        resumed: None,
        end_ms: now,
        warmup_ms: scenario.warmup(),
        neurons,
        synapses: outcome.synapses,
        populations: populations(&outcome.digest, &outcome.summary, window),
        spikes: outcome.digest.spikes(),
        energy: models.iter().map(|model| model.estimate(&counters, neurons, now - outcome.start)).collect(),
        counters,
        digest: outcome.digest.hex(),
        state_bytes: outcome.state_bytes,
        build_s: outcome.build_s,
        run_s: outcome.run_s,
        finish_s: outcome.finish_s,
        outputs: Vec::new(),
        snapshot: None,
    }
}

/// Per population: spikes of the whole run; rate and CV in `window`, ms.
fn populations(digest: &Digest, summary: &Summary, window: (f64, f64)) -> Vec<PopulationReport> {
    let seconds = (window.1 - window.0) * 1e-3;
    let ranges = digest.populations().ranges().iter().zip(digest.spikes_per_population());
    let report =
        |((range, spikes), (counted, cv_isi)): ((&tauspike_record::PopulationRange, &u64), (u64, Option<f64>))| {
            let rate = counted as f64 / f64::from(range.size) / seconds;
            let rate_hz = (seconds > 0.0).then_some(rate);
            PopulationReport { name: range.name.clone(), size: range.size, spikes: *spikes, rate_hz, cv_isi }
        };
    ranges.zip(summary.of(digest.populations())).map(report).collect()
}

/// Realised mean, CV and skewness of every parameter of every population of neurons, and of the rates of Poisson sources.
pub fn parameters(network: &Network) -> Map<String, Value> {
    network.populations().iter().map(|population| (population.name.clone(), realised(population))).collect()
}

fn realised(population: &Population) -> Value {
    let (size, columns) = (population.size as usize, population.cells.columns());
    columns.into_iter().map(|(key, column)| (key.to_owned(), moments(column, size))).collect::<Map<_, _>>().into()
}

fn moments(column: &Column, size: usize) -> Value {
    if let Some(value) = column.shared() {
        return json!({ "value": value });
    }
    let moments = Moments::of(&column.values(size).collect::<Vec<_>>());
    json!({ "mean": moments.mean, "sd": moments.sd, "cv": moments.cv(), "skewness": moments.skewness })
}

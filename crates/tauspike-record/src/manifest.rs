//! `manifest.json`: what was run, where, and what came out. Written when a run starts and again when it ends, each time whole.

use crate::digest::{Digest, sha256_hex};
use crate::durable::write_atomic;
use crate::error::RecordError;
use crate::population::Populations;
use crate::utc::rfc3339;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::time::SystemTime;

/// Version of the fields below.
pub const MANIFEST_VERSION: u32 = 1;

/// How far the run came. A manifest that says `running` while no process runs is that of a run that was killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Started.
    Running,
    /// Ended at the model time asked for.
    Finished,
    /// Ended before it, by Ctrl-C or a kill; what was recorded is complete up to `model_time_ms`.
    Interrupted,
    /// Ended by an error, which `error` tells; what was recorded before it is there.
    Failed,
}

/// The scenario as it was run, overrides included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioText {
    /// TOML.
    pub text: String,
    /// SHA-256 of `text`, hexadecimal.
    pub sha256: String,
}

impl ScenarioText {
    /// Hashes the text.
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { sha256: sha256_hex(&text), text }
    }
}

/// The machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// Processor model, or its architecture where the system does not tell.
    pub cpu: String,
    /// Cores available to the process.
    pub cores: usize,
    /// Operating system, release and architecture.
    pub os: String,
}

/// Name of this machine; empty where the system does not tell.
pub fn hostname() -> String {
    fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default().trim().to_owned()
}

impl Host {
    /// The machine this runs on.
    pub fn here() -> Self {
        let read = |path| fs::read_to_string(path).unwrap_or_default();
        let arch = std::env::consts::ARCH;
        let cpuinfo = read("/proc/cpuinfo");
        let model = cpuinfo.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
        let cpu = model.map_or(arch, |(_, name)| name.trim()).into();
        let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
        let release = read("/proc/sys/kernel/osrelease");
        let os: Vec<&str> =
            [std::env::consts::OS, release.trim(), arch].into_iter().filter(|part| !part.is_empty()).collect();
        Self { cpu, cores, os: os.join(" ") }
    }
}

/// One of several processes that ran a network together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RankEntry {
    /// Counted from 0.
    pub rank: usize,
    /// Name of its machine.
    pub hostname: String,
    /// Its machine.
    #[serde(flatten)]
    pub host: Host,
    /// Neurons and sources that it runs, and records.
    pub neurons: u64,
    /// Synapses that it keeps; those of procedural projections are counted whole.
    pub synapses: u64,
    /// Bytes of its tables and parameters.
    pub network_bytes: u64,
    /// The most memory it has taken, bytes; absent where the system does not tell, and while it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_bytes: Option<u64>,
    /// Wall time of building network and engine, s.
    pub build_s: f64,
    /// Of the run, what it waited for and did in exchanging spikes, s.
    pub exchange_s: f64,
}

/// The snapshot a run went on from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Resumed {
    /// The file, as it was called.
    pub file: String,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
    /// Model time of the snapshot, at which this run begins, ms.
    pub time_ms: f64,
    /// What of the inputs is another from that time on.
    pub changes: Vec<InputChange>,
}

/// A field of an input that is another than it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputChange {
    /// The input, or the population of sources: `input "noise"`.
    pub place: String,
    /// Its key in the scenario; `added` or `removed` for the whole.
    pub field: String,
    /// The value before, if one says it all.
    pub before: Option<String>,
    /// The value after.
    pub after: Option<String>,
}

/// The manifest of one run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`MANIFEST_VERSION`] of the writer.
    pub manifest_version: u32,
    /// Version of tauspike.
    pub tauspike_version: String,
    /// How far the run came.
    pub status: Status,
    /// Why the run failed, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What was run.
    pub scenario: ScenarioText,
    /// Seed of all random draws.
    pub seed: u64,
    /// The snapshot it went on from; absent if it began at time 0. `scenario` holds from the snapshot's time on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resumed: Option<Resumed>,
    /// Worker threads; the spikes do not depend on them.
    pub threads: usize,
    /// Where it ran; of several processes, the first.
    pub host: Host,
    /// The processes, if there were several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ranks: Vec<RankEntry>,
    /// Start, UTC, RFC 3339.
    pub started: String,
    /// End, UTC, RFC 3339; absent while running.
    pub ended: Option<String>,
    /// Model time reached, ms.
    pub model_time_ms: f64,
    /// Name, first global index and size of each population.
    pub populations: Populations,
    /// Realised parameters, such as mean, CV and skewness of tau_m; the caller's to fill.
    pub parameters: Map<String, Value>,
    /// Totals of the engine's counters.
    pub counters: Map<String, Value>,
    /// Energy proxies, by model.
    pub energy: Map<String, Value>,
    /// Number of spikes; absent while running.
    pub spikes: Option<u64>,
    /// Number of spikes by population; empty while running.
    pub spikes_per_population: Map<String, Value>,
    /// [`Digest::hex`] of the spikes; absent while running.
    pub digest: Option<String>,
    /// Rows of each table that was recorded, by the name of its file; empty while running.
    #[serde(default)]
    pub rows: Map<String, Value>,
    /// Names of the files of this run in the folder of the manifest, among them a snapshot that was put there.
    pub outputs: Vec<String>,
}

impl Manifest {
    /// Of a run that starts now, on this machine. Maps and outputs are empty.
    #[allow(clippy::disallowed_methods, reason = "the time is told, and decides nothing")]
    pub fn start(scenario: ScenarioText, seed: u64, threads: usize, populations: Populations) -> Self {
        Self {
            manifest_version: MANIFEST_VERSION,
            tauspike_version: env!("CARGO_PKG_VERSION").into(),
            status: Status::Running,
            error: None,
            scenario,
            seed,
            resumed: None,
            threads,
            host: Host::here(),
            ranks: Vec::new(),
            started: rfc3339(SystemTime::now()),
            ended: None,
            model_time_ms: 0.0,
            populations,
            parameters: Map::new(),
            counters: Map::new(),
            energy: Map::new(),
            spikes: None,
            spikes_per_population: Map::new(),
            digest: None,
            rows: Map::new(),
            outputs: Vec::new(),
        }
    }

    /// Notes that the run ended now, at `model_time` ms.
    #[allow(clippy::disallowed_methods, reason = "the time is told, and decides nothing")]
    pub fn end(&mut self, status: Status, model_time: f64) {
        self.status = status;
        self.ended = Some(rfc3339(SystemTime::now()));
        self.model_time_ms = model_time;
    }

    /// Notes the spikes of the run.
    pub fn note_spikes(&mut self, digest: &Digest) {
        let counts = digest.populations().ranges().iter().zip(digest.spikes_per_population());
        self.spikes_per_population = counts.map(|(range, count)| (range.name.clone(), Value::from(*count))).collect();
        self.spikes = Some(digest.spikes());
        self.digest = Some(digest.hex());
    }

    /// Replaces the file; a reader sees the old manifest or the new one.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn write(&self, path: &Path) -> Result<(), RecordError> {
        let mut text = serde_json::to_vec_pretty(self).map_err(RecordError::json(path))?;
        text.push(b'\n');
        write_atomic(path, &text)
    }

    /// Reads a manifest.
    ///
    /// # Errors
    /// If the file cannot be read, or is not a manifest; the cause names line and column.
    pub fn read(path: &Path) -> Result<Self, RecordError> {
        let text = fs::read(path).map_err(RecordError::io(path, "read"))?;
        serde_json::from_slice(&text).map_err(RecordError::json(path))
    }
}

/// Names of the files of the run, beside its manifest; `None` if no version of tauspike wrote this manifest.
pub(crate) fn files_of_run(path: &Path) -> Option<Vec<String>> {
    let value: Value = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
    value.get("tauspike_version").and(value.get("manifest_version"))?;
    let names = value.get("outputs").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    Some(names.map(str::to_owned).collect())
}

/// Why a file that should be a manifest cannot be read; `None` if it can, whatever it tells, or is not there.
pub(crate) fn why_unreadable(path: &Path) -> Option<String> {
    match fs::read(path) {
        Ok(text) => serde_json::from_slice::<Value>(&text).err().map(|error| error.to_string()),
        Err(error) => (error.kind() != ErrorKind::NotFound).then(|| error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PopulationRange;

    #[test]
    fn a_manifest_comes_back_as_it_was_written() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("manifest.json");
        let range = PopulationRange { name: "e".into(), first: 0, size: 4 };
        let populations = Populations::new(vec![range]).unwrap();
        let mut manifest = Manifest::start(ScenarioText::new("a = 1"), u64::MAX, 2, populations.clone());
        manifest.write(&path).unwrap();
        assert_eq!(Manifest::read(&path).unwrap(), manifest);
        assert!(files_of_run(&path).is_some());

        let (place, field) = ("input \"noise\"".into(), "rate_hz".into());
        let change = InputChange { place, field, before: Some("10".into()), after: None };
        let file = "state.snapshot".into();
        manifest.resumed = Some(Resumed { file, sha256: sha256_hex(""), time_ms: 0.1, changes: vec![change] });
        manifest.parameters.insert("tau_m".into(), serde_json::json!({"mean_ms": 20.0}));
        manifest.end(Status::Finished, 100.5);
        manifest.note_spikes(&Digest::new(populations));
        manifest.write(&path).unwrap();
        assert_eq!(Manifest::read(&path).unwrap(), manifest);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "no temporary file is left");
    }

    #[test]
    fn a_malformed_manifest_is_refused_with_line_and_column() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("manifest.json");
        fs::write(&path, "{\"manifest_version\": 1,\n oops").unwrap();
        let error = Manifest::read(&path).unwrap_err().to_string();
        assert!(error.contains("manifest.json") && error.contains("line 2"), "{error}");
        assert!(files_of_run(&path).is_none());
    }
}

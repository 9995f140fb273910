//! Sweeps from their file to their data set.

mod equal;
mod failing;
mod refusals;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use tauspike_sweep::collect::rows;
use tauspike_sweep::row::WALL;
use tauspike_sweep::{Cell, Row, RunOptions, Shard, Status, Sweep, load, run};

/// Forty neurons under noise, with sparse inhibition.
pub const NETWORK: &str = r#"
name = "small"
seed = 7
duration_ms = 200.0
warmup_ms = 20.0
[[population]]
name = "E"
size = 30
model = "lif_delta"
tau_m_ms = { distribution = "lognormal", mean = 20.0, cv = 0.3 }
[[population]]
name = "I"
size = 10
model = "lif_delta"
[[projection]]
from = "I"
to = "E"
rule = "fixed_indegree"
indegree = 5
weight_mv = -0.5
delay_ms = 1.5
[[input]]
name = "noise"
kind = "poisson"
target = "E"
rate_hz = 8000.0
weight_mv = 0.3
[[input]]
kind = "poisson"
target = "I"
rate_hz = 8000.0
weight_mv = 0.3
"#;

/// A folder with a scenario and a sweep over it.
pub struct Work(tempfile::TempDir);

impl Work {
    /// With this sweep.toml.
    pub fn new(sweep: &str) -> Self {
        let work = Self(tempfile::tempdir().unwrap());
        fs::write(work.path("scenario.toml"), NETWORK).unwrap();
        fs::write(work.path("sweep.toml"), format!("name = \"s\"\nscenario = \"scenario.toml\"\n{sweep}")).unwrap();
        work
    }

    /// Of a file in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The sweep, which is right.
    pub fn sweep(&self) -> Sweep {
        load(&self.path("sweep.toml"), &[]).unwrap_or_else(|error| panic!("{error}"))
    }

    /// The refusal of the sweep.
    pub fn refusal(&self) -> String {
        load(&self.path("sweep.toml"), &[]).unwrap_err().to_string()
    }
}

/// Runs a shard of a sweep.
pub fn run_in(sweep: &Sweep, out: &Path, shard: Shard, jobs: usize) -> Status {
    let stop = AtomicBool::new(false);
    let options =
        RunOptions { out, shard, jobs, threads: 1, memory: None, retry: false, stop: &stop, progress: &|_| () };
    run(sweep, &options).unwrap_or_else(|error| panic!("{error}"))
}

/// The rows of a sweep, without wall times.
pub fn told(sweep: &Sweep, out: &Path) -> Vec<Vec<(String, Cell)>> {
    let without = |row: Row| row.cells.into_iter().filter(|(name, _)| !WALL.contains(&name.as_str())).collect();
    rows(sweep, out).unwrap().into_iter().map(without).collect()
}

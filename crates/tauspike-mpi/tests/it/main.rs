//! The program as a user starts it: with mpirun, on one machine, also badly.
#![allow(clippy::disallowed_methods, reason = "tests compare and time")]

mod digests;
mod failures;
mod kills;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::AtomicBool;
use tauspike_record::Manifest;
use tauspike_scenario::{RunOptions, RunReport, load};
use tempfile::TempDir;

/// A folder with a scenario of 1300 neurons: E fires once in some seconds, I some 150 times a second.
struct Bench {
    folder: TempDir,
}

const SCENARIO: &str = r#"
name = "small"
seed = 5
duration_ms = 300.0

[[population]]
name = "E"
size = 1000
model = "lif_delta"
tau_m_ms = { distribution = "lognormal", mean = 20.0, cv = 0.5 }

[[population]]
name = "I"
size = 300
model = "lif_exp"
tau_m_ms = 10.0

[[projection]]
from = "E"
to = "I"
rule = "fixed_indegree"
indegree = 5
weight_pa = 5.0
delay_ms = 1.5

[[projection]]
from = "I"
to = "E"
rule = "bernoulli"
probability = 0.1
weight_mv = -0.2
delay_ms = { distribution = "normal", mean = 1.5, sd = 0.3, min = 0.4 }

[[input]]
kind = "poisson"
target = "E"
rate_hz = 11000.0
weight_mv = 0.1

[[input]]
kind = "poisson"
target = "I"
rate_hz = 9000.0
weight_pa = 60.0

[record]
rows_per_group = 256
"#;

/// Blocks of at least 512 neurons: E has two, I one.
const MOST_RANKS: usize = 4;

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("scenario.toml"), SCENARIO).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// `mpirun -n <ranks> tauspike-mpi ..`
    fn command(&self, ranks: usize, arguments: &[&str]) -> Command {
        let mut command = self.mpirun();
        command.args(["-n", &ranks.to_string(), PROGRAM]).args(arguments);
        command
    }

    fn mpirun(&self) -> Command {
        let mut command = Command::new("mpirun");
        command.args(["--oversubscribe", "--mca", "mpi_yield_when_idle", "1"]);
        // in a container there may be nobody but root
        command.env("OMPI_ALLOW_RUN_AS_ROOT", "1").env("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
        command.current_dir(self.folder.path());
        command
    }

    /// The run of one process without MPI.
    fn alone(&self, scenario: &Path, overrides: &[String], out: &str) -> RunReport {
        let options = RunOptions {
            out: &self.path(out),
            force: true,
            threads: 1,
            stop: &AtomicBool::new(false),
            progress: &mut |_, _| (),
            save_snapshot: None,
            resume: None,
        };
        tauspike_scenario::run(&load(scenario, overrides).unwrap(), options).unwrap()
    }
}

const PROGRAM: &str = env!("CARGO_BIN_EXE_tauspike-mpi");

#[track_caller]
fn expect(code: i32, output: &Output) -> String {
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{error}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// What went to standard error that is the program's own, without what mpirun says between its lines of dashes.
fn errors(output: &Output) -> Vec<String> {
    let text = String::from_utf8_lossy(&output.stderr);
    text.lines().filter(|line| line.starts_with("error: ")).map(str::to_owned).collect()
}

fn manifest(out: &Path) -> Manifest {
    Manifest::read(&out.join("manifest.json")).unwrap()
}

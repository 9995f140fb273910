//! The program as a user starts it: arguments, files, exit codes, signals.
#![allow(clippy::disallowed_methods, reason = "tests compare and time")]

mod commands;
mod compare;
mod export;
mod folders;
mod interrupted;
mod owners;
mod pictures;
mod readme;
mod refusals;
mod replay;
mod reports;
mod resume;
mod stats;
mod studies;
mod sweep;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// A folder with a scenario of 30 neurons that fire about a hundred times a second, and the program to run on it.
struct Bench {
    folder: TempDir,
}

const SCENARIO: &str = r#"
name = "tiny"
seed = 5
duration_ms = 500.0

[[population]]
name = "E"
size = 20
model = "lif_delta"
tau_m_ms = { distribution = "lognormal", mean = 20.0, cv = 0.5 }

[[population]]
name = "I"
size = 10
model = "lif_delta"
tau_m_ms = 10.0

[[projection]]
from = "E"
to = "I"
rule = "fixed_indegree"
indegree = 5
weight_mv = 0.5
delay_ms = 1.5

[[projection]]
from = "I"
to = "E"
rule = "bernoulli"
probability = 0.3
weight_mv = -0.5
delay_ms = { distribution = "normal", mean = 1.5, sd = 0.3, min = 0.1 }

[[input]]
kind = "poisson"
target = "E"
rate_hz = 20000.0
weight_mv = 0.1

[[input]]
kind = "poisson"
target = "I"
rate_hz = 40000.0
weight_mv = 0.1

[record]
rows_per_group = 64
"#;

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("scenario.toml"), SCENARIO).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tauspike"));
        command.args(arguments).current_dir(self.folder.path());
        command
    }

    fn start(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Standard output of a command that must end with this exit code.
    #[track_caller]
    fn expect(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.start(arguments);
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {error}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Standard error of a command that must end with this exit code.
    #[track_caller]
    fn refused(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.start(arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.starts_with("error: ") && !error.contains("panicked"), "{error}");
        error
    }
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn manifest(out: &Path) -> serde_json::Value {
    json(&std::fs::read_to_string(out.join("manifest.json")).unwrap())
}

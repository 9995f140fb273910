//! What a study promises: refusals that name what is wrong, tables that depend on the file alone, scores that others reproduce.
#![allow(clippy::disallowed_methods, reason = "tests compare and time")]

mod inputs;
mod peers;
mod profiles;
mod refusals;
mod scaling;
mod tables;

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use tauspike_study::{RunOptions, Shard, Study, spec::from_text};

/// Every model, coding, readout and kind of stimulus, in a second or two.
const TEXT: &str = r#"
name = "tiny"
seeds = [3, 5]

[sampling]
step_ms = 5.0
washout = 20
train = 150
gap = 4
test = 60

[suite]
degrees = [1, 2]
shifts_ms = [-10.0, 0.0, 10.0]
dimensions = [1, 2]
correlation_times_ms = [10.0]

[[stimulus]]
name = "wave"
kind = "file"
file = "wave.csv"
columns = ["a"]
correlation_time_ms = 20.0

[[task]]
stimulus = "wave"
degrees = [1, 3]
shifts_ms = [-15.0, 0.0]

[network]
n = 12
in_degree = 4

[[profile]]
name = "gamma"
distribution = "gamma"
cvs = [0.5, 2.0]

[[profile]]
name = "measured"
distribution = "empirical"
values = [4.0, 5.0, 9.0, 40.0]

[[experiment]]
name = "all"

[[experiment]]
name = "equal rates"
arms = ["homogeneous", { profile = "gamma", cv = 2.0 }]
axes = { rate_hz = [12.0] }

[[experiment]]
name = "coding"
arms = ["homogeneous", { profile = "gamma", cv = 2.0, bias_mv = 12.0 }]
axes = { coding = ["poisson", "send_on_delta"] }

[[experiment]]
name = "damage"
models = ["LIF", "LI"]
seeds = 1
arms = [{ profile = "gamma", cv = 2.0 }]
axes = { lost_neurons = [0.0, 0.3], drift = [0.0, 0.1] }
"#;

/// A folder with the data that the study names.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let rows: String =
        (0..260).map(|k| format!("{},{}\n", (f64::from(k) * 0.31).sin() + 0.1 * f64::from(k % 7), k)).collect();
    std::fs::write(folder.path().join("wave.csv"), format!("a,b\n{rows}")).unwrap();
    folder
}

fn study(folder: &Path, text: &str) -> Study {
    from_text(text, &folder.join("tiny.toml"), &[]).unwrap_or_else(|error| panic!("{error}"))
}

fn options<'a>(out: &'a Path, threads: usize, stop: &'a AtomicBool) -> RunOptions<'a> {
    RunOptions { out, shard: Shard::WHOLE, threads, stop, progress: &|_| (), command: "test".into() }
}

fn python() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the crate lies in the workspace");
    let python = root.join(".venv/bin/python");
    assert!(python.exists(), "{} is missing: the README's test command installs it", python.display());
    python
}

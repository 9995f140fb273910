//! Writes `expected.toml` of a scenario: `cargo run --release -p tauspike-scenario --example expect -- scenarios/brunel
//! "why it changed" duration_ms=50`.

use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;
use tauspike_scenario::{Expected, RunOptions, ScenarioError, load, run};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, reason, set @ ..] = arguments.as_slice() else {
        eprintln!("usage: expect FOLDER REASON [KEY=VALUE ..]");
        return ExitCode::from(2);
    };
    match expect(Path::new(folder), reason, set) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn expect(folder: &Path, reason: &str, set: &[String]) -> Result<(), ScenarioError> {
    let scenario = load(folder, set)?;
    let out = tempfile::tempdir().expect("a temporary folder can be made");
    let options = RunOptions {
        out: out.path(),
        force: true,
        threads: 1,
        stop: &AtomicBool::new(false),
        progress: &mut |_, _| {},
        save_snapshot: None,
        resume: None,
    };
    let report = run(&scenario, options)?;
    for p in &report.populations {
        println!("{:6} {:8} {:10} spikes  {:?} Hz  CV {:?}", p.name, p.size, p.spikes, p.rate_hz, p.cv_isi);
    }
    println!("build {:.2} s, run {:.2} s, {} synapses", report.build_s, report.run_s, report.synapses);
    Expected::of(&report, set, reason).write(&folder.join("expected.toml"))
}

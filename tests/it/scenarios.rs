//! Each scenario gives the counts and the digest of its `expected.toml`, for any number of threads.

use crate::documents::root;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::AtomicBool;
use tauspike_scenario::{Expected, RunOptions, RunReport, Scenario, load, run};

/// Runs a scenario from nothing to its end, with the results in `out`.
pub fn run_to(out: &Path, scenario: &Scenario, threads: usize) -> RunReport {
    let options = RunOptions {
        out,
        force: false,
        threads,
        stop: &AtomicBool::new(false),
        progress: &mut |_, _| (),
        save_snapshot: None,
        resume: None,
    };
    run(scenario, options).unwrap()
}

fn gives_what_is_expected(name: &str, threads: usize) {
    let folder = root().join("scenarios").join(name);
    let expected = Expected::read(&folder.join("expected.toml")).unwrap();
    let scenario = load(&folder, &expected.set).unwrap();
    let out = tempfile::tempdir().unwrap();
    let report = run_to(&out.path().join("out"), &scenario, threads);
    let differences = expected.differences(&report);
    assert!(differences.is_empty(), "{name}: {differences:#?}");
}

#[test]
fn quickstart() {
    gives_what_is_expected("quickstart", 3);
}

#[test]
fn brunel() {
    gives_what_is_expected("brunel", 2);
}

#[test]
fn brunel_heterogeneous() {
    gives_what_is_expected("brunel_heterogeneous", 1);
}

#[test]
fn sparse_low() {
    gives_what_is_expected("sparse_low", 2);
}

#[test]
fn balanced_const() {
    gives_what_is_expected("balanced_const", 1);
}

#[test]
fn million() {
    gives_what_is_expected("million", 2);
}

#[test]
fn microcircuit() {
    gives_what_is_expected("microcircuit", 2);
}

#[test]
fn grasshopper() {
    let python = root().join(".venv/bin/python");
    assert!(python.exists(), "{} is missing: the README's test command installs it", python.display());
    let prepare = root().join("scenarios/grasshopper/prepare.py");
    assert!(Command::new(python).arg(prepare).status().unwrap().success());
    gives_what_is_expected("grasshopper", 2);
}

//! Each scenario as far as its `expected.toml` goes: the time of running, and beside it counts of work and energy proxies.
//!
//! Time is reported. Counts and proxies are pinned: a difference from `expected.toml` ends the benchmark, as it fails
//! `tests/it/scenarios.rs`.
#![allow(missing_docs)]

use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Duration;
use tauspike_scenario::{Expected, RunOptions, RunReport, Scenario, load, run};

const NAMES: [&str; 8] = [
    "quickstart",
    "brunel",
    "brunel_heterogeneous",
    "sparse_low",
    "balanced_const",
    "million",
    "microcircuit",
    "grasshopper",
];

fn run_once(scenario: &Scenario, out: &Path) -> RunReport {
    let options = RunOptions {
        out,
        force: true,
        threads: 1,
        stop: &AtomicBool::new(false),
        progress: &mut |_, _| (),
        save_snapshot: None,
        resume: None,
    };
    run(scenario, options).unwrap_or_else(|error| panic!("{error}"))
}

fn print_work(name: &str, report: &RunReport) {
    println!("{name}: {} ms of model time, {} spikes", report.end_ms, report.spikes);
    for (counter, value) in report.counters.entries() {
        println!("  {:20} {value:>14}", counter.name);
    }
    for estimate in &report.energy {
        println!("  {:32} {:>12.4e} {}", estimate.model, estimate.event_only, estimate.unit);
    }
}

fn scenarios(c: &mut Criterion) {
    let mut group = c.benchmark_group("scenario");
    group.sampling_mode(SamplingMode::Flat).sample_size(10);
    for name in NAMES {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios").join(name);
        if name == "grasshopper" && !folder.join("data").exists() {
            println!("{name}: left out, its data is not there (scenarios/{name}/README.md)");
            continue;
        }
        let expected = Expected::read(&folder.join("expected.toml")).unwrap_or_else(|error| panic!("{error}"));
        let scenario = load(&folder, &expected.set).unwrap_or_else(|error| panic!("{error}"));
        let out = tempfile::tempdir().expect("the system has a place for temporary files");
        let report = run_once(&scenario, out.path());
        print_work(name, &report);
        let differences = expected.differences(&report);
        assert!(differences.is_empty(), "{name}: {differences:#?}");
        let work = report.counters;
        group.throughput(Throughput::Elements(work.synaptic_arrivals + work.external_arrivals));
        // construction is not counted: it has its own benchmark
        let timed = |_| Duration::from_secs_f64(run_once(&scenario, out.path()).run_s);
        group.bench_function(name, |b| b.iter_custom(|times| (0..times).map(timed).sum()));
    }
    group.finish();
}

criterion_group!(benches, scenarios);
criterion_main!(benches);

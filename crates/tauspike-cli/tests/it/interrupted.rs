//! Ctrl-C and kill -9 during a run that would take hours.

use crate::{Bench, json, manifest};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tauspike_record::{SpikeTable, read_spikes};

const ENDLESS: [&str; 6] = ["run", ".", "--quiet", "--set", "duration_ms=1e9", "--out=long"];

/// Starts the run and waits until some rows are on disk.
pub fn started(bench: &Bench) -> Child {
    started_with(bench, &[])
}

fn started_with(bench: &Bench, more: &[&str]) -> Child {
    let child = bench.command(&[&ENDLESS, more].concat()).stderr(Stdio::piped()).spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    let spikes = bench.path("long/spikes.parquet");
    while read_spikes(&spikes).map_or(0, |table| table.len()) < 200 {
        assert!(Instant::now() < deadline, "no spikes after a minute");
        std::thread::sleep(Duration::from_millis(20));
    }
    child
}

pub fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").args([name, &child.id().to_string()]).status().unwrap();
    assert!(status.success());
}

/// The same spikes as an uninterrupted run, as far as they go.
fn assert_prefix(bench: &Bench, found: &SpikeTable) {
    let until = format!("duration_ms={}", found.time.last().unwrap() + 1.0);
    bench.expect(0, &["run", ".", "--quiet", "--set", &until, "--out=whole"]);
    let whole = read_spikes(&bench.path("whole/spikes.parquet")).unwrap();
    let len = found.len();
    assert_eq!((&found.time[..], &found.neuron[..]), (&whole.time[..len], &whole.neuron[..len]));
}

#[test]
fn ctrl_c_ends_the_run_with_everything_recorded_intact() {
    let bench = Bench::new();
    let child = started(&bench);
    signal(&child, "-INT");
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", String::from_utf8_lossy(&output.stderr));
    let out = bench.path("long");
    let manifest = manifest(&out);
    assert_eq!(manifest["status"], "interrupted");
    assert!(out.join("spikes.parquet").is_file(), "one finished file");
    let spikes = read_spikes(&out.join("spikes.parquet")).unwrap();
    assert_eq!(manifest["spikes"], spikes.len());
    assert!(manifest["model_time_ms"].as_f64().unwrap() >= *spikes.time.last().unwrap());
    assert!(bench.expect(0, &["recover", "long"]).contains("nothing to recover"));
    if spikes.len() < 3_000_000 {
        assert_prefix(&bench, &spikes);
    }
}

#[test]
fn ctrl_c_ends_a_run_that_counts_by_intervals_shorter_than_epochs() {
    let bench = Bench::new();
    let mut child = started_with(&bench, &["--set", "record.counters_interval_ms=0.01"]);
    signal(&child, "-INT");
    let deadline = Instant::now() + Duration::from_secs(30);
    while child.try_wait().unwrap().is_none() {
        assert!(Instant::now() < deadline, "the run goes on");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(manifest(&bench.path("long"))["status"], "interrupted");
}

#[test]
fn kill_9_leaves_readable_spikes_and_recover_makes_them_one_file() {
    let bench = Bench::new();
    let mut child = started(&bench);
    child.kill().unwrap();
    assert_eq!(child.wait().unwrap().code(), None, "it did not end by itself");
    let file = bench.path("long/spikes.parquet");
    assert!(file.is_dir(), "parts");
    assert_eq!(manifest(&bench.path("long"))["status"], "running");
    let before = read_spikes(&file).unwrap();
    assert!(before.len() >= 200);
    assert!(bench.expect(0, &["compare", "long", "long"]).contains("equal"));

    assert!(bench.expect(0, &["recover", "long"]).contains("spikes.parquet"));
    assert!(file.is_file());
    // one part more, if the program was killed between writing it and giving it its name
    let after = read_spikes(&file).unwrap();
    assert!(after.len() >= before.len() && after.time[..before.len()] == before.time[..]);
    let ended = manifest(&bench.path("long"));
    assert_eq!((&ended["status"], &ended["spikes"]), (&"interrupted".into(), &after.len().into()));
    assert_eq!(ended["model_time_ms"], *after.time.last().unwrap(), "what the run is known to have reached");
    let stats = json(&bench.expect(0, &["stats", "long", "--json"]));
    assert_eq!(stats["spikes"], after.len(), "the last one is counted, too");
    assert!(bench.expect(0, &["recover", "long"]).contains("nothing to recover"));
    assert_prefix(&bench, &after);
}

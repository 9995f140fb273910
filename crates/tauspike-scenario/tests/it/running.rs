//! What a run leaves behind, and that none of its options changes a spike.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use tauspike_record::{Manifest, Status, read_spikes};
use tauspike_scenario::{Expected, RunOptions, RunReport, Scenario, ScenarioError, load, run};

fn quickstart(set: &[&str]) -> Scenario {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/quickstart");
    load(&folder, &set.iter().map(|set| set.to_string()).collect::<Vec<_>>()).unwrap()
}

struct Plan<'a> {
    out: PathBuf,
    threads: usize,
    save: Option<&'a Path>,
    resume: Option<&'a Path>,
    stop_at: f64,
    force: bool,
}

impl Plan<'_> {
    fn new(out: PathBuf) -> Self {
        Self { out, threads: 1, save: None, resume: None, stop_at: f64::INFINITY, force: false }
    }

    fn run(self, scenario: &Scenario) -> Result<RunReport, ScenarioError> {
        let stop = AtomicBool::new(false);
        let mut progress = |now: f64, _: f64| stop.store(now >= self.stop_at, Ordering::Relaxed);
        let options = RunOptions {
            out: &self.out,
            force: self.force,
            threads: self.threads,
            stop: &stop,
            progress: &mut progress,
            save_snapshot: self.save,
            resume: self.resume,
        };
        run(scenario, options)
    }
}

#[test]
fn a_run_leaves_spikes_probes_counters_and_a_manifest() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let scenario = quickstart(&["duration_ms=250", "warmup_ms=50"]);
    let report = Plan::new(out.clone()).run(&scenario).unwrap();
    let manifest = Manifest::read(&out.join("manifest.json")).unwrap();
    assert_eq!((manifest.status, manifest.model_time_ms), (Status::Finished, 250.0));
    assert_eq!(manifest.digest.as_deref(), Some(&*report.digest));
    let tables = ["spikes.parquet", "probes.parquet", "counters.parquet", "neurons.parquet", "manifest.json"];
    assert_eq!(manifest.outputs, tables);
    assert_eq!(manifest.scenario.text, scenario.text());
    let cv = manifest.parameters["E"]["tau_m_ms"]["cv"].as_f64().unwrap();
    assert!((cv - 0.5).abs() < 0.1, "realised CV {cv}");
    let spikes = read_spikes(&out.join("spikes.parquet")).unwrap();
    assert_eq!(spikes.time.len() as u64, report.spikes);
    assert_eq!(report.counters.spikes, report.spikes);
    assert!(report.spikes > 100, "{report:?}");
    let after: u64 = spikes.time.iter().zip(&spikes.neuron).filter(|(t, n)| **t >= 50.0 && **n < 800).count() as u64;
    assert_eq!(report.populations[0].rate_hz, Some(after as f64 / 800.0 / 0.2));
    assert!(report.energy.iter().any(|estimate| estimate.model == "Loihi" && estimate.event_only > 0.0));
}

#[test]
fn threads_and_counter_intervals_change_no_spike() {
    let folder = tempfile::tempdir().unwrap();
    let digest = |name: &str, threads, set: &[&str]| {
        let plan = Plan { threads, ..Plan::new(folder.path().join(name)) };
        plan.run(&quickstart(&[&["duration_ms=200"], set].concat())).unwrap().digest
    };
    let one = digest("a", 1, &[]);
    assert_eq!(digest("b", 3, &[]), one);
    assert_eq!(digest("c", 1, &["record.counters_interval_ms=0.7"]), one);
    assert_eq!(digest("d", 2, &["record.spikes=false", "record.probe=[]"]), one);
    assert_ne!(digest("e", 1, &["seed=2"]), one);
}

#[test]
fn a_resumed_run_equals_an_uninterrupted_one() {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = folder.path().join("state.snapshot");
    let scenario = quickstart(&["duration_ms=200"]);
    let out = |name: &str| folder.path().join(name);
    let whole = Plan::new(out("whole")).run(&scenario).unwrap();
    let first = Plan { stop_at: 90.0, save: Some(&snapshot), ..Plan::new(out("first")) }.run(&scenario).unwrap();
    assert_eq!(first.status, Status::Interrupted);
    assert!(first.end_ms >= 90.0 && first.end_ms < 100.0, "{}", first.end_ms);
    let second = Plan { resume: Some(&snapshot), threads: 2, ..Plan::new(out("second")) }.run(&scenario).unwrap();
    assert_eq!((second.start_ms, second.status), (first.end_ms, Status::Finished));
    let spikes = |name: &str| {
        let table = read_spikes(&out(name).join("spikes.parquet")).unwrap();
        table.time.into_iter().map(f64::to_bits).zip(table.neuron).collect::<Vec<_>>()
    };
    assert_eq!([spikes("first"), spikes("second")].concat(), spikes("whole"));
    assert_eq!(first.counters.synaptic_arrivals + second.counters.synaptic_arrivals, whole.counters.synaptic_arrivals);
}

#[test]
fn a_snapshot_of_another_seed_or_a_damaged_one_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = folder.path().join("state.snapshot");
    Plan { save: Some(&snapshot), ..Plan::new(folder.path().join("a")) }.run(&quickstart(&["duration_ms=20"])).unwrap();
    let refusal = |out: &str, seed: &str| {
        let plan = Plan { resume: Some(&snapshot), ..Plan::new(folder.path().join(out)) };
        plan.run(&quickstart(&["duration_ms=40", seed])).unwrap_err().to_string()
    };
    let message = refusal("b", "seed=2");
    assert!(message.starts_with(&snapshot.display().to_string()) && message.contains("another network"), "{message}");
    let mut bytes = fs::read(&snapshot).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&snapshot, bytes).unwrap();
    assert!(refusal("c", "seed=1").contains("checksum"));
    assert!(!folder.path().join("c").exists(), "a run that cannot start makes no output");
    let plan = Plan { resume: Some(&snapshot), force: true, ..Plan::new(folder.path().join("a")) };
    plan.run(&quickstart(&["duration_ms=40"])).unwrap_err();
    assert!(folder.path().join("a/spikes.parquet").exists(), "and replaces none");
}

#[test]
fn a_snapshot_later_than_the_end_is_refused_and_makes_no_output() {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = folder.path().join("state.snapshot");
    Plan { save: Some(&snapshot), ..Plan::new(folder.path().join("a")) }.run(&quickstart(&["duration_ms=20"])).unwrap();
    let plan = Plan { resume: Some(&snapshot), ..Plan::new(folder.path().join("b")) };
    let message = plan.run(&quickstart(&["duration_ms=10"])).unwrap_err().to_string();
    assert!(message.contains("duration_ms = 10; allowed: at least 20, the time of the snapshot"), "{message}");
    assert!(!folder.path().join("b").exists());
}

#[test]
fn a_snapshot_that_cannot_be_written_is_refused_before_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let (snapshot, out) = (folder.path().join("none/state.snapshot"), folder.path().join("a"));
    let error =
        Plan { save: Some(&snapshot), ..Plan::new(out.clone()) }.run(&quickstart(&["duration_ms=20"])).unwrap_err();
    assert!(matches!(error, ScenarioError::Record(_)), "exit code 3");
    assert!(error.to_string().contains("cannot write") && error.to_string().contains("none/state.snapshot"), "{error}");
    assert!(!out.exists());
}

#[test]
fn an_output_that_exists_is_kept_unless_forced() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let scenario = quickstart(&["duration_ms=20"]);
    Plan::new(out.clone()).run(&scenario).unwrap();
    let before = fs::read(out.join("spikes.parquet")).unwrap();
    let message = Plan::new(out.clone()).run(&scenario).unwrap_err().to_string();
    assert!(message.contains(&out.display().to_string()) && message.contains("--force"), "{message}");
    assert_eq!(fs::read(out.join("spikes.parquet")).unwrap(), before);
    Plan { force: true, ..Plan::new(out.clone()) }.run(&scenario).unwrap();
    let snapshot = out.join("manifest.json");
    let message =
        Plan { save: Some(&snapshot), ..Plan::new(folder.path().join("b")) }.run(&scenario).unwrap_err().to_string();
    assert!(message.contains("manifest.json exists"), "{message}");
    assert!(!folder.path().join("b").exists(), "nothing is written before all is known to be right");
}

#[test]
fn a_number_of_threads_out_of_range_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let plan = Plan { threads: 0, ..Plan::new(folder.path().join("a")) };
    let message = plan.run(&quickstart(&["duration_ms=20"])).unwrap_err().to_string();
    assert!(message.contains("threads: 0") && message.contains("1 to 1024"), "{message}");
}

#[test]
fn the_quickstart_gives_what_is_expected_and_another_seed_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/quickstart/expected.toml");
    let expected = Expected::read(&path).unwrap();
    let set: Vec<&str> = expected.set.iter().map(String::as_str).collect();
    let report = Plan::new(folder.path().join("a")).run(&quickstart(&set)).unwrap();
    assert_eq!(expected.differences(&report), [""; 0]);
    let other = Plan::new(folder.path().join("b")).run(&quickstart(&[&set[..], &["seed=2"]].concat())).unwrap();
    let differences = expected.differences(&other);
    assert!(differences.iter().any(|line| line.starts_with("digest: expected")), "{differences:?}");
}

#[test]
fn a_run_made_shorter_leaves_its_late_probe_times_to_the_one_that_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let probe = "record.probe=[{population=\"E\", neurons=[0], times_ms=[10, 20, 30]}]";
    let (head, tail, at) = (folder.path().join("head"), folder.path().join("tail"), folder.path().join("snapshot"));
    let rows = |out: &Path| Manifest::read(&out.join("manifest.json")).unwrap().rows["probes.parquet"].clone();
    Plan { save: Some(&at), ..Plan::new(head.clone()) }.run(&quickstart(&["duration_ms=15", probe])).unwrap();
    Plan { resume: Some(&at), ..Plan::new(tail.clone()) }.run(&quickstart(&["duration_ms=40", probe])).unwrap();
    assert_eq!((rows(&head), rows(&tail)), (1.into(), 2.into()));
}

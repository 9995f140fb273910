//! However a run ends, the files say how, and hold what they say.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use tauspike_record::{Manifest, RecordError, Status, read_digest, read_spikes, recover};
use tauspike_scenario::scenario::from_text;
use tauspike_scenario::{RunOptions, RunReport, Scenario, ScenarioError, run};

/// Ten neurons that fire now and then, and two that, once one of them fires, fire at each other without end.
const CASCADE: &str = r#"
name = "cascade"
duration_ms = 2000.0

[[population]]
name = "steady"
size = 10
model = "lif_delta"
tau_m_ms = 20.0

[[population]]
name = "loop"
size = 2
model = "lif_delta"
tau_m_ms = 20.0
t_ref_ms = 0.0

[[projection]]
from = "loop"
to = "loop"
rule = "all_to_all"
weight_mv = 100.0
delay_ms = 0.0

[[input]]
kind = "poisson"
target = "steady"
rate_hz = 40000.0
weight_mv = 0.1

[[input]]
kind = "poisson"
target = "loop"
rate_hz = 2.0
weight_mv = 100.0

[record]
rows_per_group = 16
counters_interval_ms = 50.0

[[record.probe]]
population = "steady"
neurons = [0]
interval_ms = 1.0
"#;

/// The same without the two; runs to its end.
fn steady(duration: f64) -> Scenario {
    let set = ["input.1.rate_hz=1e-9", "projection.0.delay_ms=1.5"].map(str::to_owned);
    scenario(&[&set[..], &[format!("duration_ms={duration}")]].concat())
}

fn scenario(set: &[String]) -> Scenario {
    from_text(CASCADE, Path::new("cascade.toml"), set).unwrap()
}

/// Runs; `progress` is called after each epoch.
fn go(scenario: &Scenario, out: &Path, force: bool, progress: &mut dyn FnMut(f64)) -> Result<RunReport, ScenarioError> {
    let mut progress = |now: f64, _: f64| progress(now);
    let options = RunOptions { progress: &mut progress, ..options(out, force) };
    run(scenario, options)
}

fn options(out: &Path, force: bool) -> RunOptions<'_> {
    static NEVER: AtomicBool = AtomicBool::new(false);
    let progress = Box::leak(Box::new(|_: f64, _: f64| {}));
    RunOptions { out, force, threads: 1, stop: &NEVER, progress, save_snapshot: None, resume: None }
}

/// The manifest, after checking that spikes, rows and digest in it are those of the files.
fn checked(out: &Path) -> Manifest {
    let manifest = Manifest::read(&out.join("manifest.json")).unwrap();
    let spikes = read_spikes(&out.join("spikes.parquet")).unwrap();
    assert_eq!(manifest.spikes, Some(spikes.len() as u64));
    let digest = read_digest(&out.join("spikes.parquet"), manifest.populations.clone()).unwrap();
    assert_eq!(manifest.digest, Some(digest.hex()));
    assert!(!out.join(".tauspike.lock").exists());
    manifest
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

const FILES: [&str; 5] = ["counters.parquet", "manifest.json", "neurons.parquet", "probes.parquet", "spikes.parquet"];

#[test]
fn a_finished_run_counts_the_rows_of_every_table() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let report = go(&steady(300.0), &out, false, &mut |_| {}).unwrap();
    let manifest = checked(&out);
    assert_eq!((manifest.status, manifest.error), (Status::Finished, None));
    assert_eq!(manifest.rows["spikes.parquet"], report.spikes);
    assert!(manifest.rows["probes.parquet"].as_u64() >= Some(300), "{:?}", manifest.rows);
    assert_eq!(report.spikes, report.counters.spikes);
    assert_eq!(names(&out), FILES);
}

#[test]
fn an_error_of_the_engine_leaves_whole_tables_and_a_manifest_that_tells_it() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let error = go(&scenario(&[]), &out, false, &mut |_| {}).unwrap_err();
    assert!(matches!(error, ScenarioError::Engine { .. }), "{error}");
    let manifest = checked(&out);
    assert_eq!((manifest.status, manifest.error.as_deref()), (Status::Failed, Some(&*error.to_string())));
    assert!(manifest.spikes > Some(10) && manifest.model_time_ms > 0.0, "{manifest:?}");
    assert_eq!(manifest.rows["spikes.parquet"], manifest.spikes.unwrap());
    assert_eq!(names(&out), FILES, "one file each");
    assert_eq!(recover(&out).unwrap(), [] as [&Path; 0], "nothing is left to do");
}

#[test]
fn a_panic_leaves_whole_tables_and_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let mut progress = |now: f64| assert!(now < 100.0, "this test means it");
    let panicked = catch_unwind(AssertUnwindSafe(|| go(&steady(300.0), &out, false, &mut progress)));
    assert!(panicked.is_err());
    let manifest = checked(&out);
    assert_eq!(manifest.status, Status::Failed);
    assert!(manifest.error.unwrap().contains("panic") && manifest.spikes > Some(0));
    assert!(manifest.model_time_ms >= 100.0, "{}", manifest.model_time_ms);
    assert_eq!(names(&out), FILES);
}

#[test]
fn nobody_else_gets_into_the_folder_of_a_run_and_its_digest_is_that_of_its_file() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let whole = go(&steady(300.0), &dir.path().join("alone"), false, &mut |_| {}).unwrap();
    let mut refused = 0;
    let mut intrude = |now: f64| {
        if now > 100.0 && refused < 1 {
            refused += 1;
            for force in [false, true] {
                let error = go(&steady(50.0), &out, force, &mut |_| {}).unwrap_err();
                assert!(matches!(error, ScenarioError::Record(RecordError::Held { .. })), "{error}");
                assert!(error.to_string().contains(&format!("process {} ", std::process::id())), "{error}");
            }
            assert!(matches!(recover(&out), Err(RecordError::Held { .. })));
        }
    };
    let report = go(&steady(300.0), &out, false, &mut intrude).unwrap();
    assert_eq!((refused, report.digest), (1, whole.digest));
    assert_eq!(checked(&out).status, Status::Finished);
    go(&steady(50.0), &out, true, &mut |_| {}).unwrap();
}

/// Whatever is done to a run's files while it is going on: it does not say that it finished.
#[test]
fn a_run_whose_files_are_touched_fails_and_keeps_the_rest() {
    type Deed = (&'static str, fn(&Path));
    let deeds: [Deed; 4] = [
        ("part deleted", |out| fs::remove_file(out.join("spikes.parquet/part-00001.parquet")).unwrap()),
        ("part cut short", |out| fs::write(out.join("spikes.parquet/part-00001.parquet"), "PAR1").unwrap()),
        ("part added", |out| {
            let part = |k: &str| out.join(format!("spikes.parquet/part-{k}.parquet"));
            fs::copy(part("00001"), part("00900")).map(drop).unwrap();
        }),
        // a part may be written while the folder is emptied
        ("folder removed", |out| while fs::remove_dir_all(out.join("spikes.parquet")).is_err() {}),
    ];
    for (what, deed) in deeds {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("out");
        let mut done = false;
        let mut touch = |now: f64| {
            let there = || out.join("spikes.parquet/part-00002.parquet").exists();
            // the one who writes the parts may be behind
            let waiting = std::time::Instant::now();
            while now > 900.0 && !done && !there() && waiting.elapsed().as_secs() < 20 {
                std::thread::yield_now();
            }
            if now > 100.0 && !done && there() {
                done = true;
                deed(&out);
            }
        };
        let error = go(&steady(1000.0), &out, false, &mut touch).unwrap_err();
        assert!(error.to_string().contains("spikes.parquet"), "{what}: {error}");
        let manifest = Manifest::read(&out.join("manifest.json")).unwrap();
        assert_eq!((manifest.status, manifest.error), (Status::Failed, Some(error.to_string())), "{what}");
        assert!(out.join("probes.parquet").is_file(), "{what}: the other table is complete");
        let left = what != "folder removed";
        assert_eq!(out.join("spikes.parquet/part-00002.parquet").exists(), left, "{what}: parts are kept");
    }
}

#[test]
fn a_run_that_is_stopped_while_it_is_built_replaces_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let before = go(&steady(50.0), &out, false, &mut |_| {}).unwrap();
    let options = RunOptions { stop: &AtomicBool::new(true), ..options(&out, true) };
    assert!(matches!(run(&steady(300.0), options), Err(ScenarioError::Stopped { .. })));
    assert_eq!(checked(&out).digest, Some(before.digest));
}

struct Saving {
    dir: tempfile::TempDir,
}

impl Saving {
    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn run(&self, save: Option<&Path>, resume: Option<&Path>, force: bool, duration: f64) -> Result<RunReport, String> {
        let out = self.path("out");
        let options = RunOptions { save_snapshot: save, resume, ..options(&out, force) };
        run(&steady(duration), options).map_err(|error| error.to_string())
    }
}

#[test]
fn a_snapshot_in_the_output_folder_belongs_to_the_output() {
    let saving = Saving { dir: tempfile::tempdir().unwrap() };
    let inside = saving.path("out/end.snapshot");
    saving.run(Some(&inside), None, false, 50.0).unwrap();
    assert!(inside.exists());
    let manifest = checked(&saving.path("out"));
    assert!(manifest.outputs.contains(&"end.snapshot".into()), "{:?}", manifest.outputs);
    saving.run(Some(&inside), None, true, 40.0).unwrap();
    let error = saving.run(None, Some(&inside), true, 80.0).unwrap_err();
    assert!(error.contains("end.snapshot") && inside.exists(), "the snapshot to go on from is not removed: {error}");
    saving.run(None, None, true, 40.0).unwrap();
    assert!(!inside.exists(), "it went with the output it belonged to");
    for taken in ["spikes.parquet", "manifest.json", ".tauspike.lock"] {
        let error = saving.run(Some(&saving.path("out").join(taken)), None, true, 40.0).unwrap_err();
        assert!(error.contains(taken) && error.contains("name of another file"), "{error}");
    }
    assert_eq!(checked(&saving.path("out")).model_time_ms, 40.0);
}

#[test]
fn a_snapshot_replaces_nothing_but_snapshots() {
    let saving = Saving { dir: tempfile::tempdir().unwrap() };
    let (file, tmp) = (saving.path("f"), saving.path("f.tmp"));
    fs::write(&file, "years of work").unwrap();
    fs::write(&tmp, "more of it").unwrap();
    for force in [false, true] {
        let error = saving.run(Some(&file), None, force, 40.0).unwrap_err();
        assert!(error.contains("/f ") || error.contains("/f:"), "{error}");
    }
    let error = saving.run(Some(saving.dir.path()), None, true, 40.0).unwrap_err();
    assert!(error.contains("is a folder"), "{error}");
    let error = saving.run(Some(&saving.path("none/f")), None, true, 40.0).unwrap_err();
    assert!(error.contains("none/f"), "{error}");
    assert_eq!(names(saving.dir.path()), ["f", "f.tmp"], "a refused run leaves the disk as it was");
    assert_eq!(fs::read_to_string(&file).unwrap(), "years of work");

    let other = saving.path("g");
    saving.run(Some(&other), None, false, 40.0).unwrap();
    let before = fs::read(&other).unwrap();
    assert!(saving.run(Some(&other), None, false, 50.0).unwrap_err().contains("--force"));
    saving.run(Some(&other), None, true, 50.0).unwrap();
    assert_ne!(fs::read(&other).unwrap(), before);
    assert_eq!(fs::read_to_string(&tmp).unwrap(), "more of it");
    assert_eq!(names(saving.dir.path()), ["f", "f.tmp", "g", "out"]);
}

#[test]
fn a_name_that_leads_elsewhere_is_refused_with_what_is_allowed() {
    for name in
        ["../../x", "/tmp/x", "a/b", "a\\\\b", "..", ".", ".x", "a\\u0000b", "a\\nb", "", " ", "x ", "x.", "-x", "a:b"]
    {
        let text = CASCADE.replace("name = \"cascade\"", &format!("name = \"{name}\""));
        let error = from_text(&text, Path::new("cascade.toml"), &[]).unwrap_err().to_string();
        assert!(error.contains("cascade.toml: line 2: name = "), "{name}: {error}");
        assert!(error.contains("letters") || error.contains("not empty"), "{name}: {error}");
    }
    for name in ["Brunel 2000, Fig. 8", "L2_3-E (a+b=c)", "Münze"] {
        let text = CASCADE.replace("name = \"cascade\"", &format!("name = \"{name}\""));
        assert_eq!(from_text(&text, Path::new("cascade.toml"), &[]).unwrap().name(), name);
    }
}

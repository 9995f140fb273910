//! The output folder is never made over somebody else's files, and a refusing disk is reported with file and cause.

use crate::train;
use std::fs;
use std::path::Path;
use tauspike_record::*;
use tauspike_spike::SpikeSink;

fn refusal(path: &Path, force: bool) -> String {
    OutputDir::create(path, force).unwrap_err().to_string()
}

fn run(output: &OutputDir) {
    manifest().write(&output.manifest()).unwrap();
    let table = Spikes::new(train::populations());
    let mut recorder = SpikeRecorder::create(&output.spikes(), table, train::rows(10)).unwrap();
    recorder.take(&train::first(25)).unwrap();
    recorder.finish().unwrap();
}

fn manifest() -> Manifest {
    Manifest::start(ScenarioText::new("x = 1"), 1, 1, train::populations())
}

#[test]
fn parents_are_made_and_a_second_run_needs_force() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a/b/out");
    run(&OutputDir::create(&path, false).unwrap());
    let error = refusal(&path, false);
    assert!(error.contains("out exists") && error.contains("--force"), "{error}");
    drop(OutputDir::create(&path, true).unwrap());
    assert_eq!(fs::read_dir(&path).unwrap().count(), 0);
    OutputDir::create(&path, false).unwrap();
}

#[test]
fn a_run_that_does_not_start_leaves_the_disk_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a/out");
    drop(OutputDir::take(&path, false).unwrap());
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0, "folders that were made are gone");
    run(&OutputDir::create(&path, false).unwrap());
    assert!(refusal(&path, false).contains("--force"));
    drop(OutputDir::take(&path, true).unwrap());
    assert!(path.join("spikes.parquet").exists(), "nothing is removed");
    assert_eq!(fs::read_dir(&path).unwrap().count(), 2, "nothing is left");
}

#[test]
fn force_replaces_what_a_killed_run_left() {
    let dir = tempfile::tempdir().unwrap();
    let output = OutputDir::create(&dir.path().join("out"), false).unwrap();
    run(&output);
    fs::rename(output.spikes(), output.path().join("whole")).unwrap();
    let parts = output.path().join(".spikes.parquet.parts");
    fs::create_dir(&parts).unwrap();
    fs::rename(output.path().join("whole"), parts.join("part-00000.parquet")).unwrap();
    for unfinished in [".probes.parquet.part.tmp", ".tauspike-a1b2c3.tmp", ".tauspike.lock", ".counters.parquet.ledger"]
    {
        fs::write(output.path().join(unfinished), b"").unwrap();
    }
    let path = output.path().to_owned();
    drop(output);
    drop(OutputDir::create(&path, true).unwrap());
    assert_eq!(fs::read_dir(&path).unwrap().count(), 0);
}

#[test]
fn force_refuses_a_folder_with_a_foreign_file_and_removes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let output = OutputDir::create(&out, false).unwrap();
    run(&output);
    let (spikes, manifest) = (output.spikes(), output.manifest());
    drop(output);
    for foreign in ["thesis.tex", ".hidden", "part-00000.parquet", "manifest.json.tmp", ".tauspike-notes"] {
        let path = out.join(foreign);
        fs::write(&path, "years of work").unwrap();
        let error = refusal(&out, true);
        assert!(error.contains(foreign), "{error}");
        assert!(spikes.exists() && manifest.exists());
        fs::remove_file(path).unwrap();
    }
    fs::create_dir(out.join("figures")).unwrap();
    assert!(refusal(&out, true).contains("the folder figures"));
    fs::remove_dir(out.join("figures")).unwrap();
    fs::remove_file(&spikes).unwrap();
    fs::create_dir(&spikes).unwrap();
    fs::write(spikes.join("notes.txt"), "").unwrap();
    let error = refusal(&out, true);
    assert!(error.contains("spikes.parquet/notes.txt"), "{error}");
}

#[test]
fn a_file_that_the_manifest_names_belongs_to_the_output() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let output = OutputDir::create(&out, false).unwrap();
    assert!(output.reserves("spikes.parquet") && output.reserves(".tauspike.lock") && !output.reserves("end.snapshot"));
    let mut manifest = manifest();
    manifest.outputs = vec!["end.snapshot".into(), "../kept".into(), "figures".into()];
    manifest.write(&output.manifest()).unwrap();
    fs::write(out.join("end.snapshot"), "state").unwrap();
    fs::write(dir.path().join("kept"), "").unwrap();
    drop(output);
    fs::create_dir(out.join("figures")).unwrap();
    assert!(refusal(&out, true).contains("figures"), "a folder is none of ours, whatever the manifest says");
    fs::remove_dir(out.join("figures")).unwrap();
    OutputDir::create(&out, true).unwrap();
    assert!(!out.join("end.snapshot").exists() && dir.path().join("kept").exists());
}

#[test]
fn force_refuses_files_of_our_names_without_our_manifest() {
    let dir = tempfile::tempdir().unwrap();
    let spikes = dir.path().join("spikes.parquet");
    fs::write(&spikes, "from elsewhere").unwrap();
    assert!(refusal(dir.path(), true).contains("spikes.parquet"));
    fs::write(dir.path().join("manifest.json"), r#"{"name": "a web extension"}"#).unwrap();
    assert!(refusal(dir.path(), true).contains("no manifest.json of tauspike"));
    fs::write(dir.path().join("manifest.json"), r#"{"manifest_version": 1,"#).unwrap();
    let error = refusal(dir.path(), true);
    assert!(error.contains("its manifest.json cannot be read (EOF") && !error.contains("no manifest"), "{error}");
    assert!(spikes.exists());
}

#[test]
fn a_file_in_place_of_the_folder_is_refused_even_with_force() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("out");
    fs::write(&path, "a file").unwrap();
    for force in [false, true] {
        assert!(refusal(&path, force).contains("not a folder"));
    }
    assert!(refusal(&path.join("below"), false).contains("below"));
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    let error = refusal(Path::new("/proc/tauspike-out"), false);
    assert!(error.contains("/proc/tauspike-out"), "{error}");
    let table = Spikes::new(train::populations());
    let missing = Path::new("/nonexistent/out/spikes.parquet");
    let error = SpikeRecorder::create(missing, table, ROWS_PER_GROUP).err().unwrap().to_string();
    assert!(error.contains("/nonexistent/out/spikes.parquet") && error.contains("No such file"), "{error}");
}

#[test]
fn a_neuron_of_no_population_is_an_error_and_the_spikes_before_it_stay() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s.parquet");
    let mut recorder = SpikeRecorder::create(&path, Spikes::new(train::populations()), ROWS_PER_GROUP).unwrap();
    let mut spikes = train::first(100);
    spikes.insert(70, tauspike_spike::Spike { time: spikes[70].time, source: 1000 });
    recorder.take(&spikes).unwrap();
    let error = recorder.finish().err().unwrap().to_string();
    assert!(error.contains("neuron 1000") && error.contains("0 to 999"), "{error}");
    assert_eq!(train::of(&read_spikes(&path).unwrap()), spikes[..70]);
}

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
    Manifest::start(ScenarioText::new("x = 1"), 1, 1, train::populations()).write(&output.manifest()).unwrap();
    let table = Spikes::new(train::populations());
    let mut recorder = SpikeRecorder::create(&output.spikes(), table, train::rows(10)).unwrap();
    recorder.take(&train::first(25)).unwrap();
    recorder.finish().unwrap();
}

#[test]
fn parents_are_made_and_a_second_run_needs_force() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a/b/out");
    run(&OutputDir::create(&path, false).unwrap());
    let error = refusal(&path, false);
    assert!(error.contains("out exists") && error.contains("--force"), "{error}");
    let output = OutputDir::create(&path, true).unwrap();
    assert_eq!(fs::read_dir(output.path()).unwrap().count(), 0);
}

#[test]
fn asking_whether_an_output_can_be_made_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a/out");
    OutputDir::check(&path, false).unwrap();
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0, "nothing is made");
    run(&OutputDir::create(&path, false).unwrap());
    assert!(OutputDir::check(&path, false).unwrap_err().to_string().contains("--force"));
    OutputDir::check(&path, true).unwrap();
    assert!(path.join("spikes.parquet").exists(), "nothing is removed");
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
    fs::write(output.path().join(".probes.parquet.part.tmp"), b"").unwrap();
    OutputDir::create(output.path(), true).unwrap();
    assert_eq!(fs::read_dir(output.path()).unwrap().count(), 0);
}

#[test]
fn force_refuses_a_folder_with_a_foreign_file_and_removes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let output = OutputDir::create(&dir.path().join("out"), false).unwrap();
    run(&output);
    for foreign in ["thesis.tex", ".hidden", "part-00000.parquet"] {
        let path = output.path().join(foreign);
        fs::write(&path, "years of work").unwrap();
        let error = refusal(output.path(), true);
        assert!(error.contains(foreign), "{error}");
        assert!(output.spikes().exists() && output.manifest().exists());
        fs::remove_file(path).unwrap();
    }
    fs::remove_file(output.spikes()).unwrap();
    fs::create_dir(output.spikes()).unwrap();
    fs::write(output.spikes().join("notes.txt"), "").unwrap();
    let error = refusal(output.path(), true);
    assert!(error.contains("spikes.parquet/notes.txt"), "{error}");
}

#[test]
fn force_refuses_files_of_our_names_without_our_manifest() {
    let dir = tempfile::tempdir().unwrap();
    let spikes = dir.path().join("spikes.parquet");
    fs::write(&spikes, "from elsewhere").unwrap();
    assert!(refusal(dir.path(), true).contains("spikes.parquet"));
    fs::write(dir.path().join("manifest.json"), r#"{"name": "a web extension"}"#).unwrap();
    assert!(refusal(dir.path(), true).contains("no manifest.json of tauspike"));
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

/// The part in progress is led to /dev/full, where every write fails as on a full disk.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_stops_the_recording_with_file_and_cause_and_keeps_what_was_finished() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("spikes.parquet");
    let table = Spikes::new(train::populations());
    let mut recorder = SpikeRecorder::create(&path, table, train::rows(100)).unwrap();
    let spikes = train::first(1000);
    recorder.take(&spikes[..200]).unwrap();
    while !path.join("part-00002.parquet").exists() {
        std::thread::yield_now();
    }
    std::os::unix::fs::symlink("/dev/full", dir.path().join(".spikes.parquet.part.tmp")).unwrap();

    let mut result = Ok(());
    while result.is_ok() {
        result = recorder.take(&spikes[200..]);
    }
    let error = result.unwrap_err().to_string();
    assert!(error.contains("spikes.parquet") && error.contains("No space left"), "{error}");
    assert!(recorder.take(&spikes).unwrap_err().to_string().contains("earlier error"));
    assert!(recorder.finish().is_err());
    assert_eq!(train::of(&read_spikes(&path).unwrap()), spikes[..200]);
}

#[test]
fn a_neuron_of_no_population_is_an_error_at_finish() {
    let dir = tempfile::tempdir().unwrap();
    let table = Spikes::new(train::populations());
    let mut recorder = SpikeRecorder::create(&dir.path().join("s.parquet"), table, ROWS_PER_GROUP).unwrap();
    recorder.take(&[tauspike_spike::Spike { time: 1.0, source: 1000 }]).unwrap();
    let error = recorder.finish().err().unwrap().to_string();
    assert!(error.contains("neuron 1000") && error.contains("0 to 999"), "{error}");
}

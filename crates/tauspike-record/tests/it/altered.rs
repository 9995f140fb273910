//! Somebody touches the parts while they are written, or before they are recovered: it is noticed, named, and nothing is removed.

use crate::train;
use std::fs;
use std::path::{Path, PathBuf};
use tauspike_record::*;
use tauspike_spike::{ProbeRow, SpikeSink};

const SPIKES: usize = 95;
const PARTS: usize = 11;

fn recorder(path: &Path) -> SpikeRecorder {
    let mut recorder = SpikeRecorder::create(path, Spikes::new(train::populations()), train::rows(10)).unwrap();
    recorder.take(&train::first(SPIKES)).unwrap();
    recorder
}

/// What somebody does to the folder of parts, and what the message names.
type Deed = (&'static str, fn(&Path), &'static str);

const DEEDS: [Deed; 9] = [
    (
        "a part is deleted",
        |folder| fs::remove_file(folder.join("part-00004.parquet")).unwrap(),
        "part-00004.parquet: is gone",
    ),
    ("the first part is deleted", |folder| fs::remove_file(folder.join("part-00000.parquet")).unwrap(), "part-00000"),
    ("a part is cut short", |folder| fs::write(folder.join("part-00004.parquet"), "PAR1").unwrap(), "part-00004"),
    ("a part is emptied", |folder| fs::write(folder.join("part-00004.parquet"), "").unwrap(), "part-00004"),
    ("a part is replaced by another one with as many rows", replace, "part-00004.parquet: does not hold"),
    ("one bit of a part is changed", flip, "part-00004.parquet: does not hold"),
    ("a part is added", add, "part-00099.parquet: was not written"),
    ("a file is added", |folder| fs::write(folder.join("notes.txt"), "mine").unwrap(), "notes.txt: was not written"),
    ("two parts change places", exchange, "part-00004.parquet: does not hold"),
];

fn copy(folder: &Path, name: &str) {
    fs::copy(folder.join("part-00003.parquet"), folder.join(name)).unwrap();
}

fn add(folder: &Path) {
    copy(folder, "part-00099.parquet");
}

fn replace(folder: &Path) {
    copy(folder, "part-00004.parquet");
}

fn flip(folder: &Path) {
    let path = folder.join("part-00004.parquet");
    let mut bytes = fs::read(&path).unwrap();
    bytes[40] ^= 1;
    fs::write(path, bytes).unwrap();
}

fn exchange(folder: &Path) {
    let part = |name: &str| folder.join(name);
    fs::rename(part("part-00004.parquet"), part("x")).unwrap();
    fs::rename(part("part-00005.parquet"), part("part-00004.parquet")).unwrap();
    fs::rename(part("x"), part("part-00005.parquet")).unwrap();
}

/// Waits for a part that the writing thread is still at.
fn wait_for(path: PathBuf) {
    while !path.exists() {
        std::thread::yield_now();
    }
}

fn content(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut content: Vec<_> = entries.map(|path| (path.clone(), fs::read(path).unwrap())).collect();
    content.sort();
    content
}

#[test]
fn whatever_is_done_to_the_parts_while_recording_is_an_error_that_names_it() {
    for (what, deed, named) in DEEDS {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("spikes.parquet");
        let recorder = recorder(&path);
        wait_for(path.join("part-00009.parquet"));
        deed(&path);
        let before = content(&path);
        let error = recorder.finish().err().unwrap_or_else(|| panic!("{what}: not noticed"));
        assert!(matches!(error, RecordError::Altered { .. }) && error.to_string().contains(named), "{what}: {error}");
        let after = content(&path);
        assert!(before.iter().all(|part| after.contains(part)), "{what}: something was removed");
    }
}

#[test]
fn whatever_is_done_to_the_parts_of_a_killed_run_is_an_error_that_names_it() {
    for (what, deed, named) in DEEDS {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("spikes.parquet");
        drop(recorder(&path));
        deed(&path);
        let before = content(&path);
        let error = recover(dir.path()).err().unwrap_or_else(|| panic!("{what}: not noticed"));
        assert!(matches!(error, RecordError::Altered { .. }) && error.to_string().contains(named), "{what}: {error}");
        assert_eq!(content(&path), before, "{what}");
    }
}

#[test]
fn the_last_part_of_a_killed_run_is_missed_too() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("spikes.parquet");
    drop(recorder(&path));
    fs::remove_file(path.join("part-00010.parquet")).unwrap();
    assert!(recover(dir.path()).unwrap_err().to_string().contains("part-00010.parquet: is gone; 5 rows"));
}

#[test]
fn a_folder_that_is_removed_replaced_or_moved_is_an_error() {
    for put_back in [false, true] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("spikes.parquet");
        let mut recorder = recorder(&path);
        wait_for(path.join("part-00009.parquet"));
        fs::rename(&path, dir.path().join("away")).unwrap();
        if put_back {
            fs::create_dir(&path).unwrap();
        }
        while recorder.take(&train::first(10)).is_ok() {}
        let told = recorder.take(&train::first(10)).unwrap_err().to_string();
        assert!(told.contains("spikes.parquet") && !told.contains("stopped"), "still the cause: {told}");
        assert_eq!(recorder.finish().err().unwrap().to_string(), told);
        assert_eq!(fs::read_dir(dir.path().join("away")).unwrap().count(), PARTS - 1, "the parts are left alone");
        assert!(!put_back || fs::read_dir(&path).unwrap().count() == 0, "nothing is written into a folder of others");
    }
}

#[test]
fn a_part_that_is_there_already_is_not_written_over() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("spikes.parquet");
    let recorder = recorder(&path);
    wait_for(path.join("part-00009.parquet"));
    fs::write(path.join("part-00010.parquet"), "mine").unwrap();
    let error = recorder.finish().err().unwrap().to_string();
    assert!(error.contains("part-00010.parquet: was not written by this recording"), "{error}");
    assert_eq!(fs::read_to_string(path.join("part-00010.parquet")).unwrap(), "mine");
    fs::remove_file(path.join("part-00010.parquet")).unwrap();
    assert_eq!(recover(dir.path()).unwrap(), std::slice::from_ref(&path));
    assert_eq!(train::of(&read_spikes(&path).unwrap()), train::first(SPIKES), "its rows were kept aside");
}

#[test]
fn a_kill_before_a_part_got_its_name_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("spikes.parquet");
    drop(recorder(&path));
    fs::rename(path.join("part-00010.parquet"), dir.path().join(".tauspike-q9W2xY.tmp")).unwrap();
    fs::write(dir.path().join(".tauspike-ZZZZZZ.tmp"), "half a part").unwrap();
    recover(dir.path()).unwrap();
    assert_eq!(train::of(&read_spikes(&path).unwrap()), train::first(SPIKES));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left beside the file");
}

#[test]
fn a_kill_while_a_part_was_noted_leaves_the_parts_before_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("spikes.parquet");
    drop(recorder(&path));
    let ledger = dir.path().join(".spikes.parquet.ledger");
    let noted = fs::read_to_string(&ledger).unwrap();
    fs::write(&ledger, &noted[..noted.len() - 9]).unwrap();
    fs::rename(path.join("part-00010.parquet"), dir.path().join(".tauspike-q9W2xY.tmp")).unwrap();
    recover(dir.path()).unwrap();
    assert_eq!(train::of(&read_spikes(&path).unwrap()), train::first(90));
}

#[test]
fn a_damaged_ledger_is_refused_with_its_line() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("spikes.parquet");
    drop(recorder(&path));
    let ledger = dir.path().join(".spikes.parquet.ledger");
    let noted = fs::read_to_string(&ledger).unwrap();
    fs::write(&ledger, noted.replace("part-00002.parquet 10", "part-00002.parquet ten")).unwrap();
    let error = recover(dir.path()).unwrap_err().to_string();
    assert!(error.contains(".spikes.parquet.ledger: line 3"), "{error}");
    assert_eq!(fs::read_dir(&path).unwrap().count(), PARTS);
}

#[test]
fn parts_without_a_ledger_are_joined_if_none_is_missing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("spikes.parquet");
    drop(recorder(&path));
    fs::remove_file(dir.path().join(".spikes.parquet.ledger")).unwrap();
    fs::rename(path.join("part-00004.parquet"), dir.path().join("kept")).unwrap();
    assert!(recover(dir.path()).unwrap_err().to_string().contains("part-00004.parquet: is gone"));
    fs::rename(dir.path().join("kept"), path.join("part-00004.parquet")).unwrap();
    recover(dir.path()).unwrap();
    assert_eq!(train::of(&read_spikes(&path).unwrap()), train::first(SPIKES));
}

#[test]
fn a_changed_part_of_another_table_is_noticed_too() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("probes.parquet");
    let mut recorder = ProbeRecorder::create(&path, Probes::new(train::populations()), train::rows(10)).unwrap();
    let row = |k: u32| ProbeRow { time: f64::from(k), neuron: k, v: -70.0 + f64::from(k), current: None };
    recorder.take_probes(&(0..65).map(row).collect::<Vec<_>>()).unwrap();
    wait_for(path.join("part-00006.parquet"));
    copy(&path, "part-00004.parquet");
    let error = recorder.finish().err().unwrap().to_string();
    assert!(error.contains("part-00004.parquet: does not hold what was recorded"), "{error}");
}

/// A panic anywhere above the recorder, for example in another sink.
#[test]
fn every_row_before_a_panic_is_readable() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("spikes.parquet");
    let panicked = std::panic::catch_unwind(|| {
        let _recorder = recorder(&path);
        panic!("elsewhere; this test means it");
    });
    assert!(panicked.is_err());
    assert_eq!(train::of(&read_spikes(&path).unwrap()), train::first(SPIKES));
}

struct Failing;

impl SpikeSink for Failing {
    fn take(&mut self, spikes: &[tauspike_spike::Spike]) -> Result<(), tauspike_spike::SinkError> {
        if spikes.len() > 10 { Err(tauspike_spike::SinkError::new("too many")) } else { Ok(()) }
    }
}

#[test]
fn what_was_given_to_a_tee_before_its_other_sink_failed_is_readable() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("spikes.parquet");
    let spikes = train::first(31);
    let mut tee =
        Tee(SpikeRecorder::create(&path, Spikes::new(train::populations()), ROWS_PER_GROUP).unwrap(), Failing);
    tee.take(&spikes[..10]).unwrap();
    tee.take(&spikes[10..20]).unwrap();
    assert!(tee.take(&spikes[20..]).is_err());
    drop(tee);
    assert_eq!(train::of(&read_spikes(&path).unwrap()), spikes);
}

//! Every state a crash can leave, made by hand, is completed by `recover` without losing a row.

use crate::train;
use std::fs;
use std::path::{Path, PathBuf};
use tauspike_record::{SpikeRecorder, Spikes, read_spikes, recover};
use tauspike_spike::SpikeSink;

const SPIKES: usize = 95;

struct Crashed {
    dir: tempfile::TempDir,
    path: PathBuf,
    aside: PathBuf,
}

/// A folder of ten parts, of which the first has no rows.
fn crashed_run() -> Crashed {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("spikes.parquet");
    let table = Spikes::new(train::populations());
    let mut recorder = SpikeRecorder::create(&path, table, train::rows(10)).unwrap();
    recorder.take(&train::first(SPIKES)).unwrap();
    drop(recorder);
    let aside = dir.path().join(".spikes.parquet.parts");
    Crashed { dir, path, aside }
}

impl Crashed {
    fn recovers_everything(&self) {
        recover(self.dir.path()).unwrap();
        assert!(self.path.is_file());
        assert_eq!(train::of(&read_spikes(&self.path).unwrap()), train::first(SPIKES));
        let left: Vec<_> = fs::read_dir(self.dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["spikes.parquet"]);
        assert_eq!(recover(self.dir.path()).unwrap(), [] as [&Path; 0], "a second time there is nothing to do");
    }
}

#[test]
fn parts_are_merged() {
    crashed_run().recovers_everything();
}

#[test]
fn unfinished_copies_are_dropped() {
    let crashed = crashed_run();
    fs::write(crashed.dir.path().join(".spikes.parquet.part.tmp"), b"PAR1 half a part").unwrap();
    fs::write(crashed.dir.path().join(".spikes.parquet.merged.tmp"), b"PAR1 half a file").unwrap();
    crashed.recovers_everything();
}

#[test]
fn a_crash_between_the_two_renames_loses_nothing() {
    let crashed = crashed_run();
    fs::rename(&crashed.path, &crashed.aside).unwrap();
    fs::write(crashed.dir.path().join(".spikes.parquet.merged.tmp"), b"anything").unwrap();
    crashed.recovers_everything();
}

#[test]
fn a_crash_while_parts_are_deleted_leaves_the_file_alone() {
    let crashed = crashed_run();
    fs::create_dir(&crashed.aside).unwrap();
    fs::copy(crashed.path.join("part-00007.parquet"), crashed.aside.join("part-00007.parquet")).unwrap();
    let whole = crashed_run();
    recover(whole.dir.path()).unwrap();
    fs::remove_dir_all(&crashed.path).unwrap();
    fs::copy(&whole.path, &crashed.path).unwrap();
    crashed.recovers_everything();
}

#[test]
fn a_broken_part_is_named_and_nothing_is_removed() {
    let crashed = crashed_run();
    let part = crashed.path.join("part-00003.parquet");
    fs::write(&part, b"PAR1").unwrap();
    let error = recover(crashed.dir.path()).unwrap_err().to_string();
    assert!(error.contains("part-00003.parquet"), "{error}");
    assert_eq!(fs::read_dir(&crashed.path).unwrap().count(), 11);
}

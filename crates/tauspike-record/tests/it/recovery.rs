//! Every state a crash can leave, made by hand, is completed by `recover` without losing a row.

use crate::train;
use std::fs;
use std::path::{Path, PathBuf};
use tauspike_record::{Manifest, ScenarioText, SpikeRecorder, Spikes, Status, read_spikes, recover};
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

/// A run that has ended well, whose manifest tells its rows.
fn ended_run() -> Crashed {
    let run = crashed_run();
    recover(run.dir.path()).unwrap();
    let mut manifest = Manifest::start(ScenarioText::new("x = 1"), 1, 1, train::populations());
    manifest.end(Status::Finished, 100.0);
    manifest.rows.insert("spikes.parquet".into(), SPIKES.into());
    manifest.write(&run.dir.path().join("manifest.json")).unwrap();
    assert_eq!(recover(run.dir.path()).unwrap(), [] as [&Path; 0]);
    run
}

#[test]
fn what_is_damaged_is_told_and_left() {
    let truncated = |run: &Crashed| {
        let bytes = fs::read(&run.path).unwrap();
        fs::write(&run.path, &bytes[..bytes.len() / 2]).unwrap();
    };
    let fewer = |run: &Crashed| {
        let other = crashed_run();
        fs::copy(other.path.join("part-00003.parquet"), &run.path).unwrap();
    };
    let gone = |run: &Crashed| fs::remove_file(&run.path).unwrap();
    let corrupt = |run: &Crashed| fs::write(run.dir.path().join("manifest.json"), "{\"manifest_version\": 1,").unwrap();
    type Deed<'a> = (&'a dyn Fn(&Crashed), &'a str);
    let deeds: [Deed; 4] = [
        (&truncated, "cannot read"),
        (&fewer, "has 10 rows, of 95"),
        (&gone, "is gone; 95 rows"),
        (&corrupt, "cannot read"),
    ];
    for (deed, named) in deeds {
        let run = ended_run();
        deed(&run);
        let before = fs::read_dir(run.dir.path()).unwrap().count();
        let error = recover(run.dir.path()).unwrap_err().to_string();
        assert!(error.contains(named), "{named}: {error}");
        assert_eq!(fs::read_dir(run.dir.path()).unwrap().count(), before, "nothing is removed");
    }
}

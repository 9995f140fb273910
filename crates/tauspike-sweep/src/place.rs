//! Where in the folder of a sweep is what, and whose is it?
//!
//! ```text
//! out/brunel_phases/
//!   sweep.json            what is swept: the file, the version, how many runs
//!   done/<key>.json       what came out of each run, written whole
//!   recordings/key=<key>/ spikes of each run, if they are kept: a folder as `tauspike run` leaves it
//!   runs/                 the data set, once it is collected: runs/g=3.0/part-0.parquet
//!   figures/              pictures
//!   locks/3-of-16/        who is at work on this shard
//! ```

use crate::error::SweepError;
use std::fs;
use std::path::{Path, PathBuf};
use tauspike_record::{Lock, RecordError, Shard, shard};

/// What was swept.
pub const SUMMARY: &str = "sweep.json";
const LOCKS: &str = "locks";

/// The folder of a sweep.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a>(
    /// Its path.
    pub &'a Path,
);

/// The recording of a run, in the folder of all of them.
pub(crate) fn recording_in(recordings: &Path, key: &str) -> PathBuf {
    recordings.join(format!("key={key}"))
}

impl Place<'_> {
    /// Outcomes of runs.
    pub fn done(&self) -> PathBuf {
        self.0.join("done")
    }

    /// What was swept.
    pub fn summary(&self) -> PathBuf {
        self.0.join(SUMMARY)
    }

    /// The data set.
    pub fn runs(&self) -> PathBuf {
        self.0.join("runs")
    }

    /// Pictures.
    pub fn figures(&self) -> PathBuf {
        self.0.join("figures")
    }

    /// The recording of a run.
    pub fn recording(&self, key: &str) -> PathBuf {
        recording_in(&self.recordings(), key)
    }

    /// Where the recordings are.
    pub fn recordings(&self) -> PathBuf {
        self.0.join("recordings")
    }

    /// Takes a shard: nobody else works on its runs as long as the lock lives.
    ///
    /// # Errors
    /// If the folder is of something else; if somebody is at work on this shard, or on one of another number of shards, which shares runs
    /// with it.
    pub fn take(&self, shard: Shard) -> Result<Lock, SweepError> {
        self.check()?;
        Ok(shard.take(&self.0.join(LOCKS))?)
    }

    /// Takes the data set, to write it anew.
    ///
    /// # Errors
    /// If the folder is of something else, or somebody else collects.
    pub fn take_dataset(&self) -> Result<Lock, SweepError> {
        self.check()?;
        Ok(Lock::take(&self.0.join(LOCKS).join("collect"))?)
    }

    /// Who is at work on shards of this sweep, with their locks.
    ///
    /// # Errors
    /// If the folder cannot be listed.
    pub fn at_work(&self) -> Result<Vec<(PathBuf, String)>, SweepError> {
        Ok(shard::at_work(&self.0.join(LOCKS))?)
    }

    /// Refuses a folder that holds something else: nothing of somebody else is touched.
    ///
    /// # Errors
    /// With what it holds.
    pub(crate) fn check(&self) -> Result<(), SweepError> {
        let refuse = |reason: String| Err(RecordError::Foreign { path: self.0.into(), reason }.into());
        if self.0.symlink_metadata().is_err() {
            return Ok(());
        }
        if !self.0.is_dir() {
            return refuse("it is not a folder".into());
        }
        if self.summary().exists() {
            return Ok(());
        }
        let entries = fs::read_dir(self.0).map_err(RecordError::io(self.0, "list"))?;
        let names = entries.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()));
        // What a sweep may have made before its summary.
        let other = names.into_iter().find(|name| name != LOCKS && name != "done" && !name.starts_with(".tauspike"));
        match other {
            Some(name) => refuse(format!("it holds {name}, but no {SUMMARY} of a sweep")),
            None => Ok(()),
        }
    }
}

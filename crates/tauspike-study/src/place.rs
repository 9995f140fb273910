//! Whether a folder may hold the results of a study, and who may write there: nothing of somebody else is replaced.
//!
//! Who works on a shard has a lock in `locks/3-of-16`, and who writes the tables has `locks/tables`.

use crate::error::StudyError;
use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;
use tauspike_record::{Lock, RecordError, Shard, refuse_if_held, shard};
use tauspike_results::columns::{NETWORKS, RESULTS, TAUS};

/// What was run.
pub(crate) const SUMMARY: &str = "study.json";
const LOCKS: &str = "locks";
const CELLS: &str = "cells";
/// What a study makes after its first cell, and before its summary or after somebody removed that.
const MADE: [&str; 5] = [NETWORKS, RESULTS, TAUS, SUMMARY, "report"];
/// What was swept, in the folder of a sweep.
const SWEEP: &str = "sweep.json";
/// Somebody else's tables are written in less than seconds.
const BETWEEN: Duration = Duration::from_millis(50);

/// Takes a shard: nobody else works on its cells as long as the lock lives.
pub(crate) fn take(out: &Path, shard: Shard) -> Result<Lock, StudyError> {
    refuse_if_held(out)?;
    check(out)?;
    Ok(shard.take(&out.join(LOCKS))?)
}

/// Takes the tables, to write them anew.
pub(crate) fn take_tables(out: &Path) -> Result<Lock, RecordError> {
    Lock::take(&out.join(LOCKS).join("tables"))
}

/// As [`take_tables`], when those who have them are done.
pub(crate) fn wait_for_tables(out: &Path) -> Result<Lock, RecordError> {
    loop {
        match take_tables(out) {
            Err(RecordError::Held { .. }) => sleep(BETWEEN),
            taken => return taken,
        }
    }
}

/// Who is at work on shards.
pub(crate) fn at_work(out: &Path) -> Result<Vec<String>, RecordError> {
    Ok(shard::at_work(&out.join(LOCKS))?.into_iter().map(|(_, holder)| holder).collect())
}

/// Refuses a folder that holds something else: a run, a sweep, or any file beside what a study makes before its summary.
pub(crate) fn check(out: &Path) -> Result<(), StudyError> {
    let refuse = |reason: String| Err(RecordError::Foreign { path: out.into(), reason }.into());
    if out.symlink_metadata().is_err() {
        return Ok(());
    }
    if !out.is_dir() {
        return refuse("it is not a folder".into());
    }
    if out.join("manifest.json").exists() {
        return refuse("it holds the output of a run (manifest.json)".into());
    }
    if out.join(SWEEP).exists() {
        return refuse(format!("it holds the runs of a sweep ({SWEEP})"));
    }
    if is_summary(&out.join(SUMMARY)) {
        return Ok(());
    }
    match foreign(out)? {
        Some(name) => refuse(format!("it holds {name}, which is of no study of tauspike")),
        None => Ok(()),
    }
}

/// The first name in a folder without a summary that no study has made.
fn foreign(out: &Path) -> Result<Option<String>, RecordError> {
    let begun = out.join(CELLS).is_dir();
    let entries = fs::read_dir(out).map_err(RecordError::io(out, "list"))?;
    let names = entries.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()));
    let ours =
        |name: &str| name == LOCKS || name == CELLS || name.starts_with(".tauspike") || (begun && MADE.contains(&name));
    Ok(names.filter(|name| !ours(name)).min())
}

fn is_summary(path: &Path) -> bool {
    let json: Option<serde_json::Value> = fs::read(path).ok().and_then(|text| serde_json::from_slice(&text).ok());
    json.is_some_and(|json| json.get("spec").is_some() && json.get("cells").is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_somebody_else_are_not_replaced() {
        let dir = tempfile::tempdir().unwrap();
        check(dir.path()).unwrap();
        check(&dir.path().join("absent")).unwrap();
        let refused = |what: &str| {
            let message = check(dir.path()).unwrap_err().to_string();
            assert!(message.contains(what), "{message}");
        };
        fs::write(dir.path().join("results.parquet"), "").unwrap();
        refused("results.parquet, which is of no study");
        // a study that was killed before its summary
        fs::create_dir(dir.path().join("cells")).unwrap();
        check(dir.path()).unwrap();
        fs::write(dir.path().join("thesis.tex"), "").unwrap();
        refused("thesis.tex, which is of no study");
        fs::write(dir.path().join("sweep.json"), "{}").unwrap();
        refused("the runs of a sweep");
        fs::remove_file(dir.path().join("sweep.json")).unwrap();
        fs::write(dir.path().join("study.json"), r#"{"spec": "", "cells": 3}"#).unwrap();
        check(dir.path()).unwrap();
        fs::write(dir.path().join("manifest.json"), "{}").unwrap();
        refused("output of a run");
        let file = dir.path().join("thesis.tex");
        assert!(check(&file).unwrap_err().to_string().contains("not a folder"));
    }
}

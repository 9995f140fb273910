//! Whether a folder may hold the results of a study, and who may write there: nothing of somebody else is replaced.
//!
//! Who works on a shard has a lock in `locks/3-of-16`, and who writes the tables has `locks/tables`.

use crate::error::StudyError;
use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;
use tauspike_record::{Lock, RecordError, Shard, refuse_if_held, shard};
use tauspike_results::columns::{NETWORKS, RESULTS};

/// What was run.
pub(crate) const SUMMARY: &str = "study.json";
const LOCKS: &str = "locks";
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

/// Refuses the folder of a run, and one whose tables are of no study.
pub(crate) fn check(out: &Path) -> Result<(), StudyError> {
    let refuse = |reason: String| Err(RecordError::Foreign { path: out.into(), reason }.into());
    if out.join("manifest.json").exists() {
        return refuse("it holds the output of a run (manifest.json)".into());
    }
    let theirs = [NETWORKS, RESULTS, SUMMARY].into_iter().find(|name| out.join(name).exists());
    match theirs {
        Some(name) if !out.join("cells").is_dir() && !is_summary(&out.join(SUMMARY)) => {
            refuse(format!("it holds {name}, which is of no study of tauspike"))
        }
        _ => Ok(()),
    }
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
        fs::write(dir.path().join("thesis.tex"), "").unwrap();
        check(dir.path()).unwrap();
        fs::write(dir.path().join("results.parquet"), "").unwrap();
        assert!(check(dir.path()).unwrap_err().to_string().contains("results.parquet, which is of no study"));
        fs::write(dir.path().join("study.json"), r#"{"spec": "", "cells": 3}"#).unwrap();
        check(dir.path()).unwrap();
        fs::write(dir.path().join("manifest.json"), "{}").unwrap();
        assert!(check(dir.path()).unwrap_err().to_string().contains("output of a run"));
    }
}

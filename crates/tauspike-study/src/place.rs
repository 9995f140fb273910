//! Whether a folder may hold the results of a study: nothing of somebody else is replaced there.

use crate::error::StudyError;
use std::fs;
use std::path::Path;
use tauspike_record::RecordError;
use tauspike_results::columns::{NETWORKS, RESULTS};

/// What was run.
pub(crate) const SUMMARY: &str = "study.json";

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

//! Are all files there that the scenario names? Asked before any of them is read, so that all that are missing are told at once.

use crate::error::{MissingFile, ScenarioError};
use crate::section::{Entry, Section};
use crate::tree::Value;
use std::path::{Path, PathBuf, absolute};
use tauspike_record::{RecordError, sha256_of_file};

type Result<T> = std::result::Result<T, ScenarioError>;

/// Keys whose text is the name of a file, wherever they stand.
const KEYS: [&str; 3] = ["file", "parameters", "models"];

/// Refuses a scenario that names files that are not there, with what its key `prepare` says about making them.
pub(crate) fn check(whole: &Section) -> Result<()> {
    let prepare = whole.get("prepare").map(|entry| entry.text()).transpose()?;
    let mut named = Vec::new();
    collect(whole, &mut named);
    let missing: Vec<MissingFile> = named.iter().filter_map(missing_file).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(ScenarioError::MissingFiles { file: whole.file.to_owned(), missing, prepare: prepare.map(str::to_owned) })
}

/// The files and folders that a scenario names, whether they are there or not.
pub fn data_files(whole: &Section) -> Vec<PathBuf> {
    let mut named = Vec::new();
    collect(whole, &mut named);
    named.iter().filter_map(|entry| entry.path().ok()).collect()
}

/// SHA-256 of a file, hexadecimal; of the folder of a run, that of its manifest, which has the digest of the spikes. "absent" if there is none.
///
/// # Errors
/// If it cannot be read.
pub fn sha256(path: &Path) -> std::result::Result<String, RecordError> {
    let manifest = path.join("manifest.json");
    let file = if path.is_dir() { &manifest } else { path };
    if file.is_file() { sha256_of_file(file) } else { Ok("absent".to_owned()) }
}

/// The names of files in a table and the tables in it. What is wrong with its keys otherwise is for their readers to say.
fn collect<'a>(section: &Section<'a>, named: &mut Vec<Entry<'a>>) {
    for (key, node) in section.table {
        let Some(entry) = section.get(key) else { continue };
        match &node.value {
            Value::Text(_) if KEYS.contains(&key.as_str()) => named.push(entry),
            Value::List(_) if KEYS.contains(&key.as_str()) => {
                named.extend(entry.items("").into_iter().flatten());
            }
            Value::Table(_) => entry.table(".").iter().for_each(|table| collect(table, named)),
            Value::List(items) if items.iter().all(|item| matches!(item.value, Value::Table(_))) => {
                section.sections(key).iter().flatten().for_each(|table| collect(table, named));
            }
            _ => {}
        }
    }
}

fn missing_file(entry: &Entry) -> Option<MissingFile> {
    let path = entry.path().ok().filter(|path| !path.exists())?;
    let (origin, field, value) = (entry.node.origin.clone(), entry.field.clone(), entry.node.value.to_string());
    Some(MissingFile { origin, field, value, looked_for: absolute(&path).unwrap_or(path) })
}

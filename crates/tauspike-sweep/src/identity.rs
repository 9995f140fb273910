//! Have two runs the same result? They have if their keys are equal: the SHA-256 of the scenario with all that is set in it, of the
//! content of the files it names, of the width of bins, and of the version of tauspike.
//!
//! So a run is found again if the sweep was stopped, got other axes, another order or another name; and it is run anew if anything
//! changed that it depends on.

use crate::error::SweepError;
use crate::plan::Planned;
use crate::spec::Sweep;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tauspike_record::sha256_hex;
use tauspike_scenario::scenario::tree_of;
use tauspike_scenario::section::Section;
use tauspike_scenario::tree::{Table, Value};
use tauspike_scenario::{data_files, sha256};

/// What data files hold, each read once.
#[derive(Clone, Debug)]
pub struct Files {
    scenario: PathBuf,
    /// Whether no file is named, as in most scenarios: then no run need be asked.
    none: bool,
    known: Arc<Mutex<BTreeMap<PathBuf, String>>>,
}

impl Files {
    /// Of a scenario whose tree this is.
    pub(crate) fn of(scenario: &Path, tree: &Table) -> Self {
        let file = scenario.display().to_string();
        let none = data_files(&Section::whole(&file, tree)).is_empty();
        Self { scenario: scenario.to_owned(), none, known: Arc::default() }
    }

    /// A line for each file that the scenario `text` names.
    fn lines(&self, text: &str, run: &Planned) -> Result<String, SweepError> {
        let may_name = |value: &Value| matches!(value, Value::Text(_) | Value::Table(_) | Value::List(_));
        if self.none && !run.values.iter().any(may_name) {
            return Ok(String::new());
        }
        let file = self.scenario.display().to_string();
        let tree = tree_of(text, &file, &[])?;
        let mut lines = String::new();
        for path in data_files(&Section::whole(&file, &tree)) {
            let _ = writeln!(lines, "{} {}", path.display(), self.content(&path)?);
        }
        Ok(lines)
    }

    /// As [`sha256`]. A file that is not there is a matter for the run.
    fn content(&self, path: &Path) -> Result<String, SweepError> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(path) {
            return Ok(known.clone());
        }
        let content = sha256(path)?;
        known.insert(path.to_owned(), content.clone());
        Ok(content)
    }
}

/// The key of a run: 32 hexadecimal digits.
///
/// # Errors
/// If a file that the scenario names cannot be read.
pub fn key(sweep: &Sweep, run: &Planned) -> Result<String, SweepError> {
    let text = sweep.text_of(run)?;
    let files = sweep.files().lines(&text, run)?;
    let version = env!("CARGO_PKG_VERSION");
    // 1: of this layout
    let whole = format!("sweep 1\nversion {version}\nbin_ms {:?}\n{files}{text}", sweep.bin);
    Ok(sha256_hex(&whole)[..32].to_owned())
}

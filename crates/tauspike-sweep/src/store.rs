//! Finished runs on disk, one small file each: `done/<key>.json`. It is written aside, synced and renamed, so it is whole or absent, also
//! after a kill. Its name says what it is of ([`crate::identity`]), so it is never taken for another run.

use crate::error::SweepError;
use crate::row::Outcome;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::PathBuf;
use tauspike_record::{RecordError, write_atomic};

/// The folder of finished runs.
pub struct Store {
    folder: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    key: String,
    outcome: Outcome,
}

impl Store {
    /// In this folder, which is made if need be.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn open(folder: PathBuf) -> Result<Self, SweepError> {
        fs::create_dir_all(&folder).map_err(RecordError::io(&folder, "create"))?;
        Ok(Self { folder })
    }

    /// In this folder, which need not be there.
    pub fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// What came out of the run with this key, if it is there. What cannot be read is run again.
    pub fn get(&self, key: &str) -> Option<Outcome> {
        let stored: Stored = serde_json::from_slice(&fs::read(self.file(key)).ok()?).ok()?;
        (stored.key == key).then_some(stored.outcome)
    }

    /// Keeps what came out.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn put(&self, key: &str, outcome: &Outcome) -> Result<(), SweepError> {
        let stored = Stored { key: key.to_owned(), outcome: outcome.clone() };
        let text = serde_json::to_string(&stored).expect("texts and numbers are always JSON");
        Ok(write_atomic(&self.file(key), text.as_bytes())?)
    }

    fn file(&self, key: &str) -> PathBuf {
        self.folder.join(format!("{key}.json"))
    }
}

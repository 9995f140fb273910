//! Finished runs on disk, one small file each: `done/<key>.json`. It is written aside, synced and renamed, so it is whole or absent, also
//! after a kill. Its name says what it is of ([`crate::identity`]), so it is never taken for another run.

use crate::error::SweepError;
use crate::place::{Place, recording_in};
use crate::row::Outcome;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::PathBuf;
use tauspike_record::{RecordError, write_atomic};

/// The folder of finished runs.
pub struct Store {
    folder: PathBuf,
    /// Where the recordings are, if they are kept.
    recordings: Option<PathBuf>,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    key: String,
    outcome: Outcome,
}

impl Store {
    /// As [`Store::at`]; the folder is made if need be.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn open(place: Place, keep_spikes: bool) -> Result<Self, SweepError> {
        let store = Self::at(place, keep_spikes);
        fs::create_dir_all(&store.folder).map_err(RecordError::io(&store.folder, "create"))?;
        Ok(store)
    }

    /// In this place, in which nothing need be.
    pub fn at(place: Place, keep_spikes: bool) -> Self {
        Self { folder: place.done(), recordings: keep_spikes.then(|| place.recordings()) }
    }

    /// What came out of the run with this key, if it is there, and its recording is, too. What cannot be read is run again.
    pub fn get(&self, key: &str) -> Option<Outcome> {
        let stored: Stored = serde_json::from_slice(&fs::read(self.file(key)).ok()?).ok()?;
        let recording = self.recordings.as_ref().filter(|_| stored.outcome.result.is_some());
        let is_there = recording.is_none_or(|recordings| recording_in(recordings, key).is_dir());
        (stored.key == key && is_there).then_some(stored.outcome)
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

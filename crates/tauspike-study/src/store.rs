//! Finished cells on disk: one small file each, so that a study that was stopped goes on where it was.
//!
//! A file is named by the SHA-256 of everything that determines its content: the cell, the suite, the version of the format. It is
//! written aside, synced and renamed, so it is whole or absent. A file of another study is another name, and never read.

use crate::cell::Cell;
use crate::error::StudyError;
use crate::measure::Measured;
use crate::suite::Suite;
use std::fs;
use std::path::{Path, PathBuf};
use tauspike_record::{RecordError, sha256_hex, write_atomic};

/// Counts every change of what a cell means or of how it is stored.
pub const VERSION: u32 = 2;

/// The folder of finished cells.
pub struct Store {
    folder: PathBuf,
    suite: String,
}

impl Store {
    /// In the folder `out`, which is made if need be.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn open(out: &Path, suite: &Suite) -> Result<Self, StudyError> {
        let folder = out.join("cells");
        let refused = |source| RecordError::Io { path: folder.clone(), action: "create", source };
        fs::create_dir_all(&folder).map_err(refused)?;
        Ok(Self { folder, suite: sha256_hex(&format!("{VERSION} {suite:?}")) })
    }

    /// Names the cell under this suite.
    pub fn key(&self, cell: &Cell) -> String {
        sha256_hex(&format!("{} {cell:?}", self.suite))[..32].to_owned()
    }

    /// The result of the cell with this key, if it has one that can be read.
    pub fn get(&self, key: &str) -> Option<Measured> {
        postcard::from_bytes(&fs::read(self.file(key)).ok()?).ok()
    }

    /// Keeps a result.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn put(&self, key: &str, measured: &Measured) -> Result<(), StudyError> {
        let file = self.file(key);
        let failed = |error: postcard::Error| StudyError::Write { path: file.clone(), reason: error.to_string() };
        Ok(write_atomic(&file, &postcard::to_stdvec(measured).map_err(failed)?)?)
    }

    fn file(&self, key: &str) -> PathBuf {
        self.folder.join(key)
    }
}

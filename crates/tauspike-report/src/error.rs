//! What can be wrong with a study folder, or with the place a report goes to.

use std::io;
use std::path::{Path, PathBuf};
use tauspike_record::RecordError;
use thiserror::Error;

/// Why there is no report. Every message names the file, and what is allowed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReportError {
    /// A table cannot be read, or lacks a column, or holds a value that is not allowed.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// A file cannot be read or written.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What was tried.
        action: &'static str,
        /// Why not.
        source: io::Error,
    },
    /// A file that should be JSON is not.
    #[error("{}: not valid JSON: {reason}", path.display())]
    Json {
        /// Which.
        path: PathBuf,
        /// Where and why.
        reason: String,
    },
    /// The folder has no study in it.
    #[error("{}: no study: {reason}", path.display())]
    NoStudy {
        /// The folder or file.
        path: PathBuf,
        /// What is missing.
        reason: String,
    },
    /// A row names a network that the other table does not have, or has twice.
    #[error("{}: row {row}: network_id {id:?} {reason}", path.display())]
    Network {
        /// The table with the row.
        path: PathBuf,
        /// From 0.
        row: usize,
        /// The name.
        id: String,
        /// What is wrong.
        reason: &'static str,
    },
    /// The picture library refused.
    #[error("cannot draw {name}: {reason}")]
    Picture {
        /// The figure.
        name: String,
        /// What it said.
        reason: String,
    },
}

impl ReportError {
    pub(crate) fn io(path: &Path, action: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { path: path.into(), action, source }
    }
}

//! Everything that can go wrong with a recording. Each message names the file, what was found, and what is allowed.

use parquet::errors::ParquetError;
use std::io;
use std::path::{Path, PathBuf};
use tauspike_spike::SinkError;

/// Why a recording could not be written or read. What was flushed before stays readable.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The operating system refused: disk full, no permission, no such file.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// A verb: "write", "rename".
        action: &'static str,
        /// The cause.
        source: io::Error,
    },
    /// The Parquet library refused: truncated or malformed file, or an IO error inside it.
    #[error("cannot {action} {}: {source}", path.display())]
    Parquet {
        /// The file.
        path: PathBuf,
        /// A verb.
        action: &'static str,
        /// The cause.
        source: ParquetError,
    },
    /// The output is there already.
    #[error("output {} exists; use --force to replace it, or choose another place", path.display())]
    Exists {
        /// The output.
        path: PathBuf,
    },
    /// Replacing the output would remove something tauspike did not write.
    #[error("output {} is not replaced: {reason}; remove it yourself or choose another place", path.display())]
    Foreign {
        /// The output.
        path: PathBuf,
        /// What is there.
        reason: String,
    },
    /// A recording to be read is neither a Parquet file nor a folder of parts.
    #[error("{} holds no recording: {reason}; expected a Parquet file, or a folder with part-00000.parquet", path.display())]
    NoRecording {
        /// What was given.
        path: PathBuf,
        /// What was found.
        reason: String,
    },
    /// A column is missing.
    #[error("{}: column `{column}` is missing; expected {expected}, found the columns {found}", path.display())]
    MissingColumn {
        /// The file.
        path: PathBuf,
        /// The column.
        column: &'static str,
        /// The type it should have.
        expected: &'static str,
        /// Names of the columns there are.
        found: String,
    },
    /// A column has another type than ours.
    #[error("{}: column `{column}` has type {found}; expected {expected}", path.display())]
    ColumnType {
        /// The file.
        path: PathBuf,
        /// The column.
        column: &'static str,
        /// Arrow type found.
        found: String,
        /// The type it should have.
        expected: &'static str,
    },
    /// A value that a recording cannot hold.
    #[error("{}: column `{column}`, row {row}: {found}; expected {expected}", path.display())]
    Value {
        /// The file.
        path: PathBuf,
        /// The column.
        column: &'static str,
        /// Row in the whole recording, from 0.
        row: u64,
        /// The value.
        found: String,
        /// What is allowed.
        expected: &'static str,
    },
    /// Populations that overlap, are empty, or share a name.
    #[error("population `{name}`: {reason}")]
    Population {
        /// Its name.
        name: String,
        /// What is wrong and what is allowed.
        reason: String,
    },
    /// A spike or probe of a neuron that is in no population.
    #[error("neuron {neuron} is in no population; global indices are 0 to {}", end.saturating_sub(1))]
    UnknownNeuron {
        /// Its global index.
        neuron: u32,
        /// One more than the largest index.
        end: u32,
    },
    /// A manifest, or the list of populations in a Parquet file, is not the JSON that tauspike writes.
    #[error("cannot read {}: {source}; expected the JSON that tauspike writes", path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// The cause, with field, line and column.
        source: serde_json::Error,
    },
    /// Rows were offered to a recording that has already reported an error.
    #[error("recording of {} has stopped after an earlier error", path.display())]
    Stopped {
        /// The recording.
        path: PathBuf,
    },
}

impl RecordError {
    pub(crate) fn io(path: &Path, action: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { path: path.into(), action, source }
    }

    pub(crate) fn parquet(path: &Path, action: &'static str) -> impl FnOnce(ParquetError) -> Self {
        move |source| Self::Parquet { path: path.into(), action, source }
    }
}

impl From<RecordError> for SinkError {
    fn from(error: RecordError) -> Self {
        Self { message: error.to_string(), source: Some(Box::new(error)) }
    }
}

//! Everything that can go wrong with a recording. Each message names the file, what was found, and what is allowed.

use std::fmt::Display;
use std::io;
use std::path::{Path, PathBuf};
use tauspike_spike::SinkError;

/// Why a recording could not be written or read. What was flushed before stays readable.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// The operating system refused: disk full, no permission, no such file.
    #[error("cannot {action} {}: {reason}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// A verb: "write", "rename".
        action: &'static str,
        /// What the system says.
        reason: String,
    },
    /// The Parquet library refused: truncated or malformed file, or an IO error inside it.
    #[error("cannot {action} {}: {reason}", path.display())]
    Parquet {
        /// The file.
        path: PathBuf,
        /// A verb.
        action: &'static str,
        /// What the library says.
        reason: String,
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
    /// Somebody is writing into the output, perhaps this process itself.
    #[error("output {} is being written by {holder}; wait until that has ended, or choose another place", path.display())]
    Held {
        /// The output.
        path: PathBuf,
        /// Process, machine, start and command.
        holder: String,
    },
    /// What should be a file, or may become one, is something else.
    #[error("{} is {found}; expected the name of a file", path.display())]
    NotAFile {
        /// What was given.
        path: PathBuf,
        /// What is there.
        found: &'static str,
    },
    /// What is on disk is not what was recorded.
    #[error("{}: {reason}; somebody or something changed the recording. Nothing of it has been removed", path.display())]
    Altered {
        /// The file or folder.
        path: PathBuf,
        /// What was found, and what was recorded.
        reason: String,
    },
    /// A recording to be read is neither a Parquet file nor a folder of parts.
    #[error("{} holds no recording: {reason}; expected a Parquet file of spikes, or a folder with part-00000.parquet", path.display())]
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
    #[error("cannot read {}: {reason}; expected the JSON that tauspike writes", path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// The cause, with field, line and column.
        reason: String,
    },
    /// The thread that writes has ended by a panic, which it has printed.
    #[error("recording of {} has stopped after a panic, which is a mistake in tauspike", path.display())]
    Stopped {
        /// The recording.
        path: PathBuf,
    },
}

impl RecordError {
    /// The refusal of the operating system to do `action`, a verb, with `path`.
    pub fn io(path: &Path, action: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::Io { path: path.into(), action, reason: error.to_string() }
    }

    /// The refusal of the Parquet or Arrow library to do `action`, a verb, with `path`.
    pub fn parquet<E: Display>(path: &Path, action: &'static str) -> impl FnOnce(E) -> Self {
        move |error| Self::Parquet { path: path.into(), action, reason: error.to_string() }
    }

    pub(crate) fn json(path: &Path) -> impl FnOnce(serde_json::Error) -> Self {
        move |error| Self::Json { path: path.into(), reason: error.to_string() }
    }

    pub(crate) fn altered(path: &Path, reason: impl Into<String>) -> Self {
        Self::Altered { path: path.into(), reason: reason.into() }
    }
}

impl From<RecordError> for SinkError {
    fn from(error: RecordError) -> Self {
        Self { message: error.to_string(), source: Some(Box::new(error)) }
    }
}

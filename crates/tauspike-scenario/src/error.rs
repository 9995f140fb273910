//! Why a scenario was refused or a run failed. A refusal names the file, the field, the value and what is allowed.

use crate::tree::{Malformed, Origin};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use tauspike_engine::{EngineError, SnapshotError};
use tauspike_import::ImportError;
use tauspike_network::error::NetworkError;
use tauspike_record::RecordError;

/// Why a scenario was refused or a run failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScenarioError {
    /// The operating system refused.
    #[error("{file}: cannot {action}: {reason}")]
    Io {
        /// The file.
        file: String,
        /// A verb: "be read".
        action: &'static str,
        /// What the system says.
        reason: String,
    },
    /// Not TOML.
    #[error("{file}: line {line}: `{excerpt}`: {reason}")]
    Syntax {
        /// The file.
        file: String,
        /// Counted from 1.
        line: usize,
        /// The line.
        excerpt: String,
        /// What was found, and what is allowed.
        reason: String,
    },
    /// A field that is unknown, missing, or has a value it cannot take.
    #[error("{file}: {origin}: {field} = {value}; allowed: {allowed}")]
    Field {
        /// The file.
        file: String,
        /// Where in it, or which `--set`.
        origin: Origin,
        /// What the field belongs to, and its key: `population "E": tau_m_ms`.
        field: String,
        /// What was given.
        value: String,
        /// What would do, with the nearest right name where a name is wrong.
        allowed: String,
    },
    /// Files that the scenario names are not there; all of them.
    #[error("{file}: {}", missing_files(.missing, .prepare.as_deref()))]
    MissingFiles {
        /// The scenario.
        file: String,
        /// At least one.
        missing: Vec<MissingFile>,
        /// What the scenario says about making them.
        prepare: Option<String>,
    },
    /// A data file that the scenario names was refused.
    #[error("{file}: {origin}: {field}: {source}")]
    Import {
        /// The scenario.
        file: String,
        /// Where in it, or which `--set`.
        origin: Origin,
        /// The field that names the data file.
        field: String,
        /// The refusal, which names the data file.
        source: Box<ImportError>,
    },
    /// The network cannot be built, for a reason that no single line of the file holds.
    #[error("{file}: {source}")]
    Network {
        /// The scenario.
        file: String,
        /// The cause.
        source: Box<NetworkError>,
    },
    /// More memory than there is.
    #[error("{file}: network: predicted memory = {} ({detail}); allowed: at most {}, which this machine has available", mib(*.predicted), mib(*.available))]
    Memory {
        /// The scenario.
        file: String,
        /// Neurons and synapses.
        detail: String,
        /// Bytes.
        predicted: u64,
        /// Bytes.
        available: u64,
    },
    /// The engine refused to start or to go on.
    #[error("{file}: {source}")]
    Engine {
        /// The scenario.
        file: String,
        /// The cause.
        source: EngineError,
    },
    /// A snapshot was refused.
    #[error("{file}: {source}")]
    Snapshot {
        /// The snapshot.
        file: String,
        /// The cause.
        source: SnapshotError,
    },
    /// Asked to stop before the run began.
    #[error("{file}: stopped before the run began; nothing was written")]
    Stopped {
        /// The scenario.
        file: String,
    },
    /// The run ends before the snapshot that it is to go on from.
    #[error("{file}: duration_ms = {duration}; allowed: at least {time}, the time of the snapshot {snapshot}")]
    Duration {
        /// The scenario.
        file: String,
        /// ms.
        duration: f64,
        /// The file.
        snapshot: String,
        /// Its time, ms.
        time: f64,
    },
    /// Another rank of the run failed.
    #[error("rank {rank}: {reason}")]
    Rank {
        /// Which one, counted from 0.
        rank: usize,
        /// Its error.
        reason: String,
        /// Whether that was about files to be written.
        output: bool,
    },
    /// Another rank of the run has gone without a word.
    #[error("{reason}; what was recorded is complete up to it: `tauspike recover` makes one table of it")]
    Lost {
        /// How this came out.
        reason: String,
    },
    /// A mistake in tauspike.
    #[error("a panic, which is a mistake in tauspike")]
    Panic,
    /// What is to be exported cannot be, for a reason that the command gives and not the file.
    #[error("{what}; allowed: {allowed}")]
    Export {
        /// What was asked for.
        what: String,
        /// What would do.
        allowed: String,
    },
    /// The output cannot be written.
    #[error(transparent)]
    Record(#[from] RecordError),
}

/// A file that a scenario names and that is not there.
#[derive(Clone, Debug)]
pub struct MissingFile {
    /// Where in the scenario it is named, or in which `--set`.
    pub origin: Origin,
    /// The field that names it.
    pub field: String,
    /// As it is written there.
    pub value: String,
    /// Where it should have been.
    pub looked_for: PathBuf,
}

impl fmt::Display for MissingFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { origin, field, value, looked_for } = self;
        write!(f, "{origin}: {field} = {value}: there is no file {}", looked_for.display())
    }
}

fn missing_files(missing: &[MissingFile], prepare: Option<&str>) -> String {
    let prepare = prepare.map_or(String::new(), |how| format!("\nto make what is missing: {how}"));
    match missing {
        [one] => format!("{one}{prepare}"),
        all => {
            let lines: String = all.iter().map(|file| format!("\n  {file}")).collect();
            format!("{} files are missing:{lines}{prepare}", all.len())
        }
    }
}

impl ScenarioError {
    /// Whether the output could not be written, rather than the scenario run.
    pub fn is_output(&self) -> bool {
        match self {
            Self::Record(_) | Self::Engine { source: EngineError::Sink(_), .. } => true,
            Self::Rank { output, .. } => *output,
            _ => false,
        }
    }

    /// The refusal of the operating system to do `action`, such as "be read".
    pub fn io(path: &Path, action: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::Io { file: path.display().to_string(), action, reason: error.to_string() }
    }

    /// The refusal of a text that is not TOML; `file` is how messages call it.
    pub(crate) fn malformed(file: &str, wrong: Malformed) -> Self {
        let Malformed { line, excerpt, reason } = wrong;
        Self::Syntax { file: file.to_owned(), line, excerpt, reason }
    }

    /// The refusal of a TOML file that is not a scenario.
    pub(crate) fn toml(path: &Path, text: &str, error: &toml::de::Error) -> Self {
        let before = text.get(..error.span().map_or(0, |span| span.start)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let excerpt = text.lines().nth(line - 1).unwrap_or_default().trim().to_owned();
        Self::Syntax { file: path.display().to_string(), line, excerpt, reason: error.message().to_owned() }
    }
}

fn mib(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}

//! Why a study was refused or stopped.

use crate::profile::ProfileError;
use std::path::PathBuf;
use tauspike_engine::EngineError;
use tauspike_network::distribution::DistributionError;
use tauspike_network::error::NetworkError;
use tauspike_record::RecordError;
use tauspike_scenario::ScenarioError;
use tauspike_task::TaskError;

/// Why a study was refused or stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StudyError {
    /// The file, or one it names, was refused before anything ran.
    #[error(transparent)]
    File(#[from] ScenarioError),
    /// A file of results cannot be written or read.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// A file of results was refused by the library that writes it.
    #[error("cannot write {}: {reason}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the library said.
        reason: String,
    },
    /// The folder holds finished cells of a version that named them otherwise: nothing of them is used, or removed.
    #[error(
        "{}: {cells} finished networks in the format of an earlier tauspike, which this one cannot read; allowed: another --out, or \
         this folder after you removed {}. The tables of that study, if it was finished, can still be reported",
        folder.display(),
        folder.display()
    )]
    EarlierCells {
        /// The folder of cells.
        folder: PathBuf,
        /// How many.
        cells: usize,
    },
    /// A network could not be made or run, or its states not be read out.
    #[error("{file}: network \"{id}\": {source}")]
    Network {
        /// The study.
        file: String,
        /// The first experiment's name of it.
        id: String,
        /// The cause.
        source: Box<StudyError>,
    },
    /// Tables of what is not all there.
    #[error(
        "{}: {missing} of {all} networks are missing; allowed: run them, or ask for those that are there, as with --set seeds=[..]",
        out.display()
    )]
    Incomplete {
        /// The folder of the study.
        out: PathBuf,
        /// Different networks without a result.
        missing: usize,
        /// Different networks of the study.
        all: usize,
    },
    /// No network is called so.
    #[error("--network = \"{id}\", allowed: {allowed}")]
    Unknown {
        /// What was given.
        id: String,
        /// The nearest names.
        allowed: String,
    },
    /// More threads than may be.
    #[error("--threads {threads}; allowed: 1 to {most}")]
    Threads {
        /// What was given.
        threads: usize,
        /// The largest number that is allowed.
        most: usize,
    },
    /// A task cannot be asked.
    #[error(transparent)]
    Task(#[from] TaskError),
    /// A network cannot be built.
    #[error(transparent)]
    Build(#[from] NetworkError),
    /// The time constants of a profile cannot be drawn.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// Weights cannot be drawn.
    #[error(transparent)]
    Weights(#[from] DistributionError),
    /// The engine refused.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl StudyError {
    /// Whether files of results, or their folder, are at fault, and not what was asked for.
    pub fn is_output(&self) -> bool {
        match self {
            Self::Record(_) | Self::Write { .. } | Self::EarlierCells { .. } | Self::Incomplete { .. } => true,
            Self::File(error) => error.is_output(),
            Self::Network { source, .. } => source.is_output(),
            _ => false,
        }
    }
}

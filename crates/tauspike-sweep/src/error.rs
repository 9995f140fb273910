//! Why a sweep was refused or stopped. What fails a single run is in its row instead.

use std::path::PathBuf;
use tauspike_record::RecordError;
use tauspike_report::ReportError;
use tauspike_scenario::ScenarioError;

/// Why a sweep was refused or stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SweepError {
    /// The file, the scenario, or one that they name was refused before anything ran.
    #[error(transparent)]
    File(#[from] ScenarioError),
    /// Results cannot be written or read.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// A figure cannot be drawn.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// An option that cannot be, whatever the sweep says.
    #[error("--{option} {value}; allowed: 1 to {most}")]
    Option {
        /// Its name.
        option: &'static str,
        /// What was given.
        value: usize,
        /// The largest that is allowed.
        most: usize,
    },
    /// None of the runs that were tried can even begin.
    #[error("{file}: none of {tried} runs can begin; run {run}: {source}")]
    NoneBegins {
        /// The sweep.
        file: String,
        /// How many were tried.
        tried: usize,
        /// The first of them.
        run: usize,
        /// Why that one does not.
        source: Box<ScenarioError>,
    },
    /// What is to be collected is not all there.
    #[error("{}: {missing} of {all} runs are missing; allowed: run them, or collect what is there with --partial", out.display())]
    Incomplete {
        /// The folder of the sweep.
        out: PathBuf,
        /// Runs without a row.
        missing: usize,
        /// Runs of the sweep.
        all: usize,
    },
    /// A column that the data set does not have, or not of that kind.
    #[error("{what} = {name}; allowed: {allowed}")]
    Column {
        /// The option.
        what: &'static str,
        /// What was given.
        name: String,
        /// The columns that there are.
        allowed: String,
    },
    /// A folder that holds no data set.
    #[error("{} holds no data set of a sweep: {reason}", path.display())]
    NoDataset {
        /// The folder.
        path: PathBuf,
        /// What was found.
        reason: String,
    },
}

//! Runs the cells of a study over threads and processes, and writes its tables when all are there.
//!
//! Each cell is a pure function of itself and the suite, so the tables do not depend on threads, nor on shards, nor on how often the study
//! was stopped.

use crate::error::StudyError;
use crate::place;
use crate::queue::Queue;
use crate::spec::Study;
use crate::store::Store;
use crate::tables;
use serde::Serialize;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Instant, SystemTime};
use tauspike_engine::THREADS;
use tauspike_record::{Host, Shard, rfc3339, write_atomic};

/// How to run.
pub struct RunOptions<'a> {
    /// Folder of the results; made if need be. Finished cells in it are not run again.
    pub out: &'a Path,
    /// The part of the cells that is this process's.
    pub shard: Shard,
    /// Threads, up to 1024; 0 counts as 1.
    pub threads: usize,
    /// Set by somebody else to stop: no further cell is begun.
    pub stop: &'a AtomicBool,
    /// Told after each cell.
    pub progress: &'a (dyn Fn(Progress) + Sync),
    /// The command that is run, for the record.
    pub command: String,
}

/// How far a shard is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Cells that are there.
    pub done: usize,
    /// Cells of the shard.
    pub all: usize,
    /// Part of the work of this run that is done, 0 to 1, by predicted cost.
    pub part: f64,
}

/// How far a study is, as [`status`] tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Status {
    /// Name of the study.
    pub study: String,
    /// Different networks that were asked about: those of the shard.
    pub all: usize,
    /// Those that are there.
    pub done: usize,
    /// Who is at work now.
    pub at_work: Vec<String>,
}

/// `study.json`: what was run, where and when.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// Name of the study.
    pub name: String,
    /// Whether all cells are there, of whatever shards; if not, there are no tables.
    pub finished: bool,
    /// The file, as given.
    pub file: String,
    /// The TOML as run.
    pub spec: String,
    /// Version of tauspike.
    pub version: &'static str,
    /// The command.
    pub command: String,
    /// The machine.
    pub host: Host,
    /// Threads.
    pub threads: usize,
    /// Start and end, UTC.
    pub started: String,
    /// See `started`.
    pub ended: String,
    /// Seconds of this run.
    pub seconds: f64,
    /// Tasks.
    pub tasks: usize,
    /// Rows of `networks.parquet`.
    pub networks: usize,
    /// Different cells among them.
    pub cells: usize,
    /// The part of the cells that was this process's: `3/16`, or `1/1` for all.
    pub shard: String,
    /// Cells of this part.
    pub shard_cells: usize,
    /// Those that are there.
    pub shard_done: usize,
    /// Cells that this run computed.
    pub computed: usize,
    /// Mean time constant outside experiments, ms.
    pub base_tau_ms: f64,
    /// The skewed arm that the report follows, as the file names it.
    pub reference: Option<Reference>,
}

/// An arm of the experiments.
#[derive(Clone, Debug, Serialize)]
pub struct Reference {
    /// Name of the profile.
    pub profile: String,
    /// Coefficient of variation.
    pub cv: f64,
}

/// Runs what is missing of the shard. Who finds all cells there writes `networks.parquet`, `results.parquet` and `taus.parquet`;
/// `study.json` is written in any case.
///
/// # Errors
/// If there are too many threads; if the folder holds something else, or somebody is at work on these cells; if a cell fails, or a file
/// cannot be written. Finished cells stay.
#[allow(clippy::disallowed_methods, reason = "the times are told, and decide nothing")]
pub fn run(study: &Study, options: &RunOptions) -> Result<Summary, StudyError> {
    let begin = (Instant::now(), SystemTime::now());
    if options.threads > *THREADS.end() {
        return Err(StudyError::Threads { threads: options.threads, most: *THREADS.end() });
    }
    let _ours = place::take(options.out, options.shard)?;
    let store = Store::open(options.out, &study.suite)?;
    let queue = Queue::new(study, &store, options.shard);
    let computed = queue.run(options)?;
    // Under a lock, or one that has seen too few cells could write its summary after one that has seen all.
    let _tables = place::wait_for_tables(options.out)?;
    let finished = written(study, &queue, options.out)?.is_ok();
    conclude(study, &queue, options, Ended { begin, finished, computed })
}

/// Writes the tables of a study whose cells are there, of whatever shards, and `study.json`. `command` is told there.
///
/// # Errors
/// If cells are missing, or somebody else is writing the tables; if the folder holds something else, or a file cannot be written.
#[allow(clippy::disallowed_methods, reason = "the times are told, and decide nothing")]
pub fn collect(study: &Study, out: &Path, command: String) -> Result<Summary, StudyError> {
    let begin = (Instant::now(), SystemTime::now());
    place::check(out)?;
    let store = Store::at(out, &study.suite);
    let queue = Queue::new(study, &store, Shard::WHOLE);
    let incomplete = |missing| StudyError::Incomplete { out: out.to_owned(), missing, all: queue.cells() };
    queue.rows(|_| ()).map_err(incomplete)?;
    let _tables = place::take_tables(out)?;
    written(study, &queue, out)?.map_err(incomplete)?;
    let (stop, shard) = (AtomicBool::new(false), Shard::WHOLE);
    let options = RunOptions { out, shard, threads: 1, stop: &stop, progress: &|_| (), command };
    conclude(study, &queue, &options, Ended { begin, finished: true, computed: 0 })
}

/// How far the shard of a study is, without running anything.
///
/// # Errors
/// If the folder cannot be read.
pub fn status(study: &Study, out: &Path, shard: Shard) -> Result<Status, StudyError> {
    let store = Store::at(out, &study.suite);
    let queue = Queue::new(study, &store, shard);
    let at_work = place::at_work(out)?;
    Ok(Status { study: study.name.clone(), all: queue.mine(), done: queue.done(), at_work })
}

/// Writes the tables if all cells are there; otherwise tells how many are missing.
fn written(study: &Study, queue: &Queue, out: &Path) -> Result<Result<(), usize>, StudyError> {
    match queue.rows(|rows| tables::write_both(out, study, rows)) {
        Ok(written) => written.map(Ok),
        Err(missing) => Ok(Err(missing)),
    }
}

/// How a run ended, and since when it went.
struct Ended {
    begin: (Instant, SystemTime),
    finished: bool,
    computed: usize,
}

/// Writes the summary.
#[allow(clippy::disallowed_methods, reason = "the times are told, and decide nothing")]
fn conclude(study: &Study, queue: &Queue, options: &RunOptions, ended: Ended) -> Result<Summary, StudyError> {
    let Ended { begin: (start, started), finished, computed } = ended;
    let summary = Summary {
        name: study.name.clone(),
        finished,
        file: study.file.clone(),
        spec: study.text.clone(),
        version: env!("CARGO_PKG_VERSION"),
        command: options.command.clone(),
        host: Host::here(),
        threads: options.threads.max(1),
        started: rfc3339(started),
        ended: rfc3339(SystemTime::now()),
        seconds: start.elapsed().as_secs_f64(),
        tasks: study.suite.tasks.len(),
        networks: study.plan.len(),
        cells: queue.cells(),
        shard: options.shard.to_string(),
        shard_cells: queue.mine(),
        shard_done: if finished { queue.mine() } else { queue.done() },
        computed,
        base_tau_ms: study.tau,
        reference: study.reference.clone().map(|(profile, cv)| Reference { profile, cv }),
    };
    let file = options.out.join(place::SUMMARY);
    let text = serde_json::to_string_pretty(&summary)
        .map_err(|error| StudyError::Write { path: file.clone(), reason: error.to_string() })?;
    write_atomic(&file, text.as_bytes())?;
    Ok(summary)
}

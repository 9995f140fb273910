//! Runs the cells of a study over threads, and writes its tables when all are there.
//!
//! Each cell is a pure function of itself and the suite, so the tables do not depend on threads, nor on how often the study was
//! stopped. All cells of one seed go before those of the next, so that a study that is stopped is whole for the seeds before: the same
//! command with `--set seeds=..` makes its tables. Within a seed costly cells go first, so that no thread is left alone with one at the
//! end.

use crate::cell::{Cell, Model};
use crate::error::StudyError;
use crate::identity;
use crate::measure::{Measured, check, measure};
use crate::place;
use crate::spec::Study;
use crate::store::{Key, Store};
use crate::suite::Suite;
use crate::tables;
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Instant, SystemTime};
use tauspike_record::{Host, Lock, rfc3339, write_atomic};

/// How to run.
pub struct RunOptions<'a> {
    /// Folder of the results; made if need be. Finished cells in it are not run again.
    pub out: &'a Path,
    /// Threads; 0 counts as 1.
    pub threads: usize,
    /// Set by somebody else to stop: no further cell is begun.
    pub stop: &'a AtomicBool,
    /// Told after each cell.
    pub progress: &'a (dyn Fn(Progress) + Sync),
    /// The command that is run, for the record.
    pub command: String,
}

/// How far a study is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Cells that are there.
    pub done: usize,
    /// Cells in all.
    pub all: usize,
    /// Part of the work of this run that is done, 0 to 1, by predicted cost.
    pub part: f64,
}

/// `study.json`: what was run, where and when.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// Name of the study.
    pub name: String,
    /// Whether all cells are there; if not, there are no tables.
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

/// Runs what is missing, and writes `networks.parquet`, `results.parquet` and `study.json`.
///
/// # Errors
/// If the folder holds something else, or somebody is writing into it; if a cell fails, or a file cannot be written. Finished cells
/// stay.
#[allow(clippy::disallowed_methods, reason = "the times are told, and decide nothing")]
pub fn run(study: &Study, options: &RunOptions) -> Result<Summary, StudyError> {
    let (start, started) = (Instant::now(), SystemTime::now());
    let _ours = Lock::take(options.out)?;
    place::check(options.out)?;
    let store = Store::open(options.out, &study.suite)?;
    let work = Work::new(study, &store);
    work.check(study)?;
    let results = work.run(study, &store, options)?;
    let finished = results.len() == work.cells.len();
    if finished {
        let rows: Vec<&Measured> = work.of_row.iter().map(|cell| &results[cell]).collect();
        tables::write_both(options.out, study, &rows)?;
    }
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
        cells: work.cells.len(),
        computed: results.len() - work.known,
        base_tau_ms: study.tau,
        reference: study.reference.clone().map(|(profile, cv)| Reference { profile, cv }),
    };
    let file = options.out.join(place::SUMMARY);
    let text = serde_json::to_string_pretty(&summary)
        .map_err(|error| StudyError::Write { path: file.clone(), reason: error.to_string() })?;
    write_atomic(&file, text.as_bytes())?;
    Ok(summary)
}

/// The different cells of a plan.
struct Work<'a> {
    cells: Vec<(Key, &'a Cell, String)>,
    /// Which cell each planned network is.
    of_row: Vec<usize>,
    /// Cells that were there before.
    known: usize,
    results: Mutex<HashMap<usize, Measured>>,
    error: Mutex<Option<StudyError>>,
}

impl<'a> Work<'a> {
    fn new(study: &'a Study, store: &Store) -> Self {
        let (mut cells, mut of_row) = (Vec::new(), Vec::new());
        let mut place = HashMap::new();
        for planned in &study.plan {
            let key = store.key(&planned.cell);
            of_row.push(*place.entry(key.clone()).or_insert_with(|| {
                cells.push((key, &planned.cell, planned.id()));
                cells.len() - 1
            }));
        }
        let results: HashMap<usize, Measured> =
            cells.iter().enumerate().filter_map(|(k, (key, ..))| Some((k, store.get(key)?))).collect();
        Self { cells, of_row, known: results.len(), results: Mutex::new(results), error: Mutex::new(None) }
    }

    /// Builds one network of each kind that is missing, so that what cannot be built is refused before any is run.
    ///
    /// The draws of other seeds differ, but not their range.
    fn check(&self, study: &Study) -> Result<(), StudyError> {
        let results = lock(&self.results);
        let mut kinds = HashSet::new();
        for (k, (_, cell, id)) in self.cells.iter().enumerate() {
            let kind = identity::of_cell(&Cell { seed: 0, ..(*cell).clone() }, "");
            if !results.contains_key(&k) && kinds.insert(kind) {
                check(cell, &study.suite).map_err(|source| failed(study, id, source))?;
            }
        }
        Ok(())
    }

    fn run(&self, study: &Study, store: &Store, options: &RunOptions) -> Result<HashMap<usize, Measured>, StudyError> {
        let cost = |k: &usize| cost(self.cells[*k].1, &study.suite);
        let mut missing: Vec<usize> = {
            let results = lock(&self.results);
            (0..self.cells.len()).filter(|k| !results.contains_key(k)).collect()
        };
        let mut seeds: Vec<u64> = Vec::new();
        for (_, cell, _) in &self.cells {
            if !seeds.contains(&cell.seed) {
                seeds.push(cell.seed);
            }
        }
        let turn = |k: &usize| seeds.iter().position(|seed| *seed == self.cells[*k].1.seed);
        missing.sort_by(|a, b| turn(a).cmp(&turn(b)).then(cost(b).total_cmp(&cost(a))).then(a.cmp(b)));
        let total: f64 = missing.iter().map(cost).sum();
        let (next, spent) = (AtomicUsize::new(0), Mutex::new(0.0));
        let worker = || {
            while !options.stop.load(Ordering::Relaxed) && lock(&self.error).is_none() {
                let Some(&k) = missing.get(next.fetch_add(1, Ordering::Relaxed)) else { return };
                let (key, cell, id) = &self.cells[k];
                let outcome =
                    measure(cell, &study.suite).and_then(|measured| store.put(key, &measured).map(|()| measured));
                match outcome {
                    Ok(measured) => {
                        let done = {
                            let mut results = lock(&self.results);
                            results.insert(k, measured);
                            results.len()
                        };
                        let mut spent = lock(&spent);
                        *spent += cost(&k);
                        (options.progress)(Progress { done, all: self.cells.len(), part: *spent / total });
                    }
                    Err(source) => {
                        lock(&self.error).get_or_insert_with(|| failed(study, id, source));
                    }
                }
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..options.threads.max(1) {
                scope.spawn(worker);
            }
        });
        match lock(&self.error).take() {
            Some(error) => Err(error),
            None => Ok(std::mem::take(&mut *lock(&self.results))),
        }
    }
}

fn failed(study: &Study, id: &str, source: StudyError) -> StudyError {
    StudyError::Network { file: study.file.clone(), id: id.to_owned(), source: Box::new(source) }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Predicted seconds of a cell, for the order and the time left only. Coefficients were measured on one machine.
fn cost(cell: &Cell, suite: &Suite) -> f64 {
    let n = f64::from(cell.n);
    let samples: f64 = suite.stimuli.iter().map(|s| s.len as f64).sum();
    let runs = if cell.is_damaged() { 2.0 } else { 1.0 };
    let simulated = match &cell.model {
        Model::Li(_) => n * samples * 1e-7,
        Model::Lif(lif) => n * samples * 4e-7 * if lif.rate.is_some() { 3.0 } else { 1.0 },
    };
    let rows = samples / cell.reading.every as f64;
    let decompositions = (suite.stimuli.len() * (suite.folds + 1)) as f64 * (n * n * n) * 3e-9;
    let products = rows * n * (n + 2.0 * suite.tasks.len() as f64) * 3e-10;
    runs * simulated + cell.readouts().len() as f64 * (decompositions + products)
}

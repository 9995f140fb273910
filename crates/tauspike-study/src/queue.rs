//! The different cells of a plan, and which of them are computed when.
//!
//! All cells of one seed go before those of the next, so that a study that is stopped is whole for the seeds before: the same command with
//! `--set seeds=..` makes its tables. Within a seed costly cells go first, so that no thread is left alone with one at the end. A shard has
//! every n-th in this order: neighbours cost alike, and all shards are at the same seed.

use crate::cell::{Cell, Model};
use crate::error::StudyError;
use crate::identity;
use crate::measure::{Measured, check, measure};
use crate::run::{Progress, RunOptions};
use crate::spec::Study;
use crate::store::{Key, Store};
use crate::suite::Suite;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tauspike_record::Shard;

/// The different cells of a plan.
pub(crate) struct Queue<'a> {
    study: &'a Study,
    store: &'a Store,
    cells: Vec<(Key, &'a Cell, String)>,
    /// Which cell each planned network is.
    of_row: Vec<usize>,
    /// Cells of the shard, in the order in which they are computed.
    mine: Vec<usize>,
}

impl<'a> Queue<'a> {
    pub(crate) fn new(study: &'a Study, store: &'a Store, shard: Shard) -> Self {
        let (mut cells, mut of_row) = (Vec::new(), Vec::new());
        let mut place = HashMap::new();
        for planned in &study.plan {
            let key = store.key(&planned.cell);
            of_row.push(*place.entry(key.clone()).or_insert_with(|| {
                cells.push((key, &planned.cell, planned.id()));
                cells.len() - 1
            }));
        }
        let mut queue = Self { study, store, cells, of_row, mine: Vec::new() };
        let dealt = queue.order().into_iter().enumerate().filter(|(place, _)| shard.has(*place));
        queue.mine = dealt.map(|(_, cell)| cell).collect();
        queue
    }

    /// All cells, in the order in which they are computed.
    fn order(&self) -> Vec<usize> {
        let mut seeds: Vec<u64> = Vec::new();
        for (_, cell, _) in &self.cells {
            if !seeds.contains(&cell.seed) {
                seeds.push(cell.seed);
            }
        }
        let turn = |k: usize| seeds.iter().position(|seed| *seed == self.cells[k].1.seed);
        let mut order: Vec<usize> = (0..self.cells.len()).collect();
        order.sort_by(|&a, &b| turn(a).cmp(&turn(b)).then(self.cost(b).total_cmp(&self.cost(a))).then(a.cmp(&b)));
        order
    }

    /// Different cells of the whole study.
    pub(crate) fn cells(&self) -> usize {
        self.cells.len()
    }

    /// Cells of the shard.
    pub(crate) fn mine(&self) -> usize {
        self.mine.len()
    }

    /// Cells of the shard that are there.
    pub(crate) fn done(&self) -> usize {
        self.mine.iter().filter(|&&k| self.store.get(&self.cells[k].0).is_some()).count()
    }

    /// What the store has of all shards.
    fn known(&self) -> HashMap<usize, Measured> {
        let known = |(k, (key, ..)): (usize, &(Key, _, _))| Some((k, self.store.get(key)?));
        self.cells.iter().enumerate().filter_map(known).collect()
    }

    /// Calls `write` with the results of the networks of the plan, one by one, if all are there; else tells how many cells are missing.
    pub(crate) fn rows<T>(&self, write: impl FnOnce(&[&Measured]) -> T) -> Result<T, usize> {
        let known = self.known();
        match self.cells.len() - known.len() {
            0 => Ok(write(&self.of_row.iter().map(|cell| &known[cell]).collect::<Vec<_>>())),
            missing => Err(missing),
        }
    }

    /// Computes what is missing of the shard; gives how many cells that were.
    pub(crate) fn run(&self, options: &RunOptions) -> Result<usize, StudyError> {
        let there = |k: &usize| self.store.get(&self.cells[*k].0).is_some();
        let (known, missing): (Vec<usize>, Vec<usize>) = self.mine.iter().partition(|k| there(k));
        self.check(&missing)?;
        let total: f64 = missing.iter().map(|k| self.cost(*k)).sum();
        let (next, reached) = (AtomicUsize::new(0), Mutex::new((0, 0.0)));
        let error: Mutex<Option<StudyError>> = Mutex::new(None);
        let worker = || {
            while !options.stop.load(Ordering::Relaxed) && lock(&error).is_none() {
                let Some(&k) = missing.get(next.fetch_add(1, Ordering::Relaxed)) else { return };
                if let Err(source) = self.compute(k) {
                    lock(&error).get_or_insert_with(|| self.failed(k, source));
                    return;
                }
                let mut reached = lock(&reached);
                *reached = (reached.0 + 1, reached.1 + self.cost(k));
                let (computed, spent) = *reached;
                (options.progress)(Progress {
                    done: known.len() + computed,
                    all: self.mine.len(),
                    part: spent / total,
                });
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..options.threads.max(1).min(missing.len()) {
                scope.spawn(worker);
            }
        });
        let failed = lock(&error).take();
        failed.map_or_else(|| Ok(lock(&reached).0), Err)
    }

    fn compute(&self, k: usize) -> Result<(), StudyError> {
        let (key, cell, _) = &self.cells[k];
        self.store.put(key, &measure(cell, &self.study.suite)?)
    }

    /// Builds one network of each kind that is missing, so that what cannot be built is refused before any is run.
    ///
    /// The draws of other seeds differ, but not their range.
    fn check(&self, missing: &[usize]) -> Result<(), StudyError> {
        let (mut kinds, mut in_plan) = (HashSet::new(), missing.to_vec());
        in_plan.sort_unstable();
        for k in in_plan {
            let cell = self.cells[k].1;
            if kinds.insert(identity::of_cell(&Cell { seed: 0, ..cell.clone() }, "")) {
                check(cell, &self.study.suite).map_err(|source| self.failed(k, source))?;
            }
        }
        Ok(())
    }

    fn failed(&self, k: usize, source: StudyError) -> StudyError {
        StudyError::Network { file: self.study.file.clone(), id: self.cells[k].2.clone(), source: Box::new(source) }
    }

    fn cost(&self, k: usize) -> f64 {
        cost(self.cells[k].1, &self.study.suite)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Predicted seconds of a cell, for the order, the shards and the time left only. Coefficients were measured on one machine.
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

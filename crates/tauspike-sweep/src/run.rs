//! Runs what is missing, several at a time.
//!
//! Runs are taken in a drawn order, not in that of the plan: costs often grow along an axis, and so the time left is that of an average run.
//! But those whose networks may have the same synapses go one after the other.

use crate::error::SweepError;
use crate::execute::{Ended, How, execute};
use crate::identity::key;
use crate::place::Place;
use crate::row::{Outcome, Row};
use crate::seat::{Seat, Seats, group};
use crate::spec::Sweep;
use crate::store::Store;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tauspike_engine::THREADS;
use tauspike_network::available_memory;
use tauspike_record::{RecordError, Shard, write_atomic};
use tauspike_spike::draw::{Domain, block};

/// The order of runs; it decides nothing.
const ORDER: Domain = Domain::other(0x005e_e8ff);
/// What of the memory that is available is given to runs.
const SHARE_OF_MEMORY: f64 = 0.8;

/// How to run. None of it changes a row, wall times aside.
pub struct RunOptions<'a> {
    /// Folder of the sweep; made if need be. Finished runs in it are not run again.
    pub out: &'a Path,
    /// The part of the runs that is this process's.
    pub shard: Shard,
    /// Runs at a time, up to 1024; fewer if memory does not suffice. 0 counts as 1.
    pub jobs: usize,
    /// Threads of each run, 1 to 1024.
    pub threads: usize,
    /// Bytes for all runs of this process together, by prediction; by default most of what the machine has available.
    pub memory: Option<u64>,
    /// Run those again that failed.
    pub retry: bool,
    /// Set by somebody else to stop: what is running ends at once, and is run again another time.
    pub stop: &'a AtomicBool,
    /// Told at the beginning and after each run.
    pub progress: &'a (dyn Fn(Progress) + Sync),
}

/// How far a shard is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Runs that are there, failed ones included.
    pub done: usize,
    /// Runs that failed.
    pub failed: usize,
    /// Runs of this shard.
    pub all: usize,
    /// Seconds that are left, by those of this process so far; unknown before the first.
    pub left_s: Option<f64>,
}

/// How far a sweep is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Status {
    /// Name of the sweep.
    pub sweep: String,
    /// Runs that were asked about: those of the shard.
    pub all: usize,
    /// Runs that are there, failed ones included.
    pub done: usize,
    /// Runs that failed.
    pub failed: usize,
    /// Runs that this process computed.
    pub computed: usize,
    /// Those whose networks had the synapses of another run.
    pub shared: usize,
    /// The first error of a run, if one failed.
    pub first_error: Option<String>,
    /// Who is at work now.
    pub at_work: Vec<String>,
}

impl Status {
    /// Whether every run is there.
    pub fn finished(&self) -> bool {
        self.done == self.all
    }
}

/// Runs what is missing of the shard.
///
/// # Errors
/// If an option cannot be; if the folder is of something else, or somebody is at work on these runs; if a file cannot be written. Finished
/// runs stay.
pub fn run(sweep: &Sweep, options: &RunOptions) -> Result<Status, SweepError> {
    check_option("threads", options.threads)?;
    check_option("jobs", options.jobs.max(1))?;
    let place = Place(options.out);
    let ours = place.take(options.shard)?;
    let store = begin(sweep, place)?;
    let mine: Vec<usize> = (0..sweep.plan.len()).filter(|&index| options.shard.has(index)).collect();
    let keys = mine.iter().map(|&index| key(sweep, &sweep.plan[index])).collect::<Result<Vec<String>, SweepError>>()?;
    let mut count = Count::default();
    // A key may be there twice: two values of an axis that say the same.
    let mut missing: BTreeMap<&String, usize> = BTreeMap::new();
    for (&index, key) in mine.iter().zip(&keys) {
        match store.get(key) {
            Some(outcome) if outcome.exit == 0 || !options.retry => count.add(&outcome),
            _ => *missing.entry(key).or_insert(index) = index,
        }
    }
    let twice = mine.len() - count.done - missing.len();
    let order = order(sweep, missing);
    let work = Work {
        sweep,
        options,
        store: &store,
        order,
        all: mine.len() - twice,
        next: AtomicUsize::new(0),
        seats: Seats::new(options.memory.or_else(most_of_what_is_available).unwrap_or(u64::MAX)),
        count: Mutex::new(count),
        computed: AtomicUsize::new(0),
        error: Mutex::new(None),
    };
    work.all_of_it()?;
    drop(ours);
    let mut status = of_runs(sweep, place, &store, &mine, &keys)?;
    (status.computed, status.shared) = (work.computed.into_inner(), work.seats.shared());
    Ok(status)
}

/// How far the shard of a sweep is, without running anything.
///
/// # Errors
/// If the folder cannot be read.
pub fn status(sweep: &Sweep, out: &Path, shard: Shard) -> Result<Status, SweepError> {
    let place = Place(out);
    let store = Store::at(place, sweep.keep_spikes);
    let mine: Vec<usize> = (0..sweep.plan.len()).filter(|&index| shard.has(index)).collect();
    let keys = mine.iter().map(|&index| key(sweep, &sweep.plan[index])).collect::<Result<Vec<String>, SweepError>>()?;
    of_runs(sweep, place, &store, &mine, &keys)
}

fn of_runs(sweep: &Sweep, place: Place, store: &Store, mine: &[usize], keys: &[String]) -> Result<Status, SweepError> {
    let outcomes = mine.iter().zip(keys).filter_map(|(index, key)| Some((index, store.get(key)?)));
    let (mut count, mut first_error) = (Count::default(), None);
    for (index, outcome) in outcomes {
        count.add(&outcome);
        if let (None, Some(error)) = (&first_error, outcome.error) {
            first_error = Some(format!("run {index}: {error}"));
        }
    }
    Ok(Status {
        sweep: sweep.name.clone(),
        all: mine.len(),
        done: count.done,
        failed: count.failed,
        computed: 0,
        shared: 0,
        first_error,
        at_work: place.at_work()?.into_iter().map(|(_, holder)| holder).collect(),
    })
}

/// The row of one run, run now if it is not there; for a program that hands out runs itself. `None` if it was stopped. Without `out`
/// nothing is kept.
///
/// # Errors
/// As [`run()`]; nobody is kept from running the same run twice.
pub fn one(
    sweep: &Sweep,
    index: usize,
    out: Option<&Path>,
    threads: usize,
    stop: &AtomicBool,
) -> Result<Option<Row>, SweepError> {
    check_option("threads", threads)?;
    let planned = &sweep.plan[index];
    let key = key(sweep, planned)?;
    let place = out.map(Place);
    let store = place.map(|place| begin(sweep, place)).transpose()?;
    let known = store.as_ref().and_then(|store| store.get(&key));
    let outcome = match known {
        Some(outcome) => outcome,
        None => {
            let folder = place.filter(|_| sweep.keep_spikes).map(|place| place.recording(&key));
            let how = How { threads, stop, recording: folder.as_deref(), synapses: None };
            match execute(sweep, planned, &how)? {
                Ended::Stopped => return Ok(None),
                // Perhaps others have the memory now: it is told, and not kept.
                Ended::NoMemory(outcome) => *outcome,
                Ended::Done(outcome) => {
                    store.as_ref().map_or(Ok(()), |store| store.put(&key, &outcome))?;
                    *outcome
                }
            }
        }
    };
    Ok(Some(Row::of(sweep, index, &key, &outcome)))
}

/// Refuses what no run could be done with (runs at a time are threads too): it is no matter of a run, and must not become its result.
fn check_option(option: &'static str, value: usize) -> Result<(), SweepError> {
    match THREADS.contains(&value) {
        true => Ok(()),
        false => Err(SweepError::Option { option, value, most: *THREADS.end() }),
    }
}

/// The store of a sweep whose folder is, or becomes, one of a sweep.
fn begin(sweep: &Sweep, place: Place) -> Result<Store, SweepError> {
    place.check()?;
    let store = Store::open(place, sweep.keep_spikes)?;
    write_summary(sweep, place)?;
    Ok(store)
}

/// `sweep.json`: for people, and to know the folder by.
fn write_summary(sweep: &Sweep, place: Place) -> Result<(), SweepError> {
    let summary = serde_json::json!({
        "sweep": sweep.name,
        "tauspike_version": env!("CARGO_PKG_VERSION"),
        "file": sweep.file,
        "text": sweep.text,
        "runs": sweep.plan.len(),
        "axes": sweep.axes.iter().map(|axis| &axis.name).collect::<Vec<_>>(),
    });
    let text = serde_json::to_string_pretty(&summary).expect("texts and numbers are always JSON");
    let file = place.summary();
    if std::fs::read(&file).is_ok_and(|there| there == text.as_bytes()) {
        return Ok(());
    }
    std::fs::create_dir_all(place.0).map_err(RecordError::io(place.0, "create"))?;
    Ok(write_atomic(&file, text.as_bytes())?)
}

/// A run that is missing.
struct Turn<'a> {
    key: &'a String,
    index: usize,
    /// Which others may have the same synapses; `None` if there are none.
    group: Option<usize>,
}

/// In groups of what may have the same synapses, both groups and their runs in a drawn order.
fn order<'a>(sweep: &Sweep, missing: BTreeMap<&'a String, usize>) -> Vec<Turn<'a>> {
    let mut groups: BTreeMap<String, Vec<(&String, usize)>> = BTreeMap::new();
    for (key, index) in missing {
        groups.entry(group(sweep, index)).or_default().push((key, index));
    }
    let drawn = |index: usize| (block(0, ORDER, index as u32, 0)[0], index);
    let mut groups: Vec<Vec<(&String, usize)>> = groups.into_values().collect();
    groups.iter_mut().for_each(|runs| runs.sort_by_key(|(_, index)| drawn(*index)));
    groups.sort_by_key(|runs| drawn(runs[0].1));
    let turns = groups.into_iter().enumerate().flat_map(|(number, runs)| {
        let group = (runs.len() > 1).then_some(number);
        runs.into_iter().map(move |(key, index)| Turn { key, index, group })
    });
    turns.collect()
}

#[derive(Clone, Copy, Default)]
struct Count {
    done: usize,
    failed: usize,
}

impl Count {
    fn add(&mut self, outcome: &Outcome) {
        self.done += 1;
        self.failed += usize::from(outcome.exit != 0);
    }
}

struct Work<'a> {
    sweep: &'a Sweep,
    options: &'a RunOptions<'a>,
    store: &'a Store,
    /// What is missing, in the order in which it is taken.
    order: Vec<Turn<'a>>,
    all: usize,
    next: AtomicUsize,
    seats: Seats,
    count: Mutex<Count>,
    computed: AtomicUsize,
    error: Mutex<Option<SweepError>>,
}

impl Work<'_> {
    #[allow(clippy::disallowed_methods, reason = "the times are told, and decide nothing")]
    fn all_of_it(&self) -> Result<(), SweepError> {
        let begin = Instant::now();
        self.tell(begin);
        std::thread::scope(|scope| {
            for _ in 0..self.options.jobs.max(1).min(self.order.len()) {
                scope.spawn(|| self.one_after_the_other(begin));
            }
        });
        match lock(&self.error).take() {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    fn one_after_the_other(&self, begin: Instant) {
        let mut seat = None;
        while !self.options.stop.load(Ordering::Relaxed) && lock(&self.error).is_none() {
            let Some(turn) = self.order.get(self.next.fetch_add(1, Ordering::Relaxed)) else { return };
            match self.execute(turn, &mut seat) {
                Ok(Some(outcome)) => {
                    lock(&self.count).add(&outcome);
                    self.computed.fetch_add(1, Ordering::Relaxed);
                    self.tell(begin);
                }
                Ok(None) => return,
                Err(error) => {
                    lock(&self.error).get_or_insert(error);
                }
            }
        }
    }

    /// `None` if it was stopped.
    fn execute<'s>(&'s self, turn: &Turn, seat: &mut Option<Seat<'s>>) -> Result<Option<Outcome>, SweepError> {
        let Turn { key, index, group } = *turn;
        let run = &self.sweep.plan[index];
        let folder = self.sweep.keep_spikes.then(|| Place(self.options.out).recording(key));
        let how = |synapses| How {
            threads: self.options.threads,
            stop: self.options.stop,
            recording: folder.as_deref(),
            synapses,
        };
        // What cannot be predicted cannot be run either, and needs no room.
        let bytes = self.sweep.scenario_of(run).and_then(|scenario| scenario.predict()).map(|size| size.bytes);
        let ended = match bytes {
            Err(tauspike_scenario::ScenarioError::Memory { .. }) => None,
            bytes => {
                let seat = self.seats.take(seat, group, bytes.unwrap_or(0));
                Some(execute(self.sweep, run, &how(seat.synapses()))?)
            }
        };
        let ended = match ended {
            Some(Ended::NoMemory(_)) | None => {
                // Others may have had the memory, or synapses that were kept: once more, alone.
                *seat = None;
                let _alone = self.seats.alone();
                execute(self.sweep, run, &how(None))?
            }
            Some(ended) => ended,
        };
        match ended {
            Ended::Stopped => Ok(None),
            Ended::Done(outcome) | Ended::NoMemory(outcome) => {
                self.store.put(key, &outcome)?;
                Ok(Some(*outcome))
            }
        }
    }

    fn tell(&self, begin: Instant) {
        let Count { done, failed } = *lock(&self.count);
        let computed = self.computed.load(Ordering::Relaxed);
        let left = self.all.saturating_sub(done);
        let each = (computed > 0).then(|| begin.elapsed().as_secs_f64() / computed as f64);
        let left_s = if left == 0 { Some(0.0) } else { each.map(|each| each * left as f64) };
        (self.options.progress)(Progress { done, failed, all: self.all, left_s });
    }
}

fn most_of_what_is_available() -> Option<u64> {
    Some((available_memory()? as f64 * SHARE_OF_MEMORY) as u64)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

//! The schedule for networks whose smallest delay is positive.
//!
//! An epoch is half-open, `[t, t + w)`, with w at most the smallest delay. Rules:
//!
//! 1. A spike of an epoch arrives in a later one: arrivals and the end of the epoch come from the same rounded addition, and
//!    rounding is monotone, so this holds in f64 too. Hence blocks need nothing of each other inside an epoch.
//! 2. All blocks are done before the spikes of the epoch are put in order and given to the sink.
//! 3. Spikes take off after that, so the next plan sees every spike that can arrive in the next epoch.
//!
//! Blocks are taken by whichever thread is free. It cannot matter which: a block writes to itself alone (ADR 0004).

use crate::block::{AnyBlock, Scratch, of_either};
use crate::error::EngineError;
use crate::flight::{Flights, Plan};
use crate::redraw::{Errand, Redraw};
use crate::simd::Simd;
use crate::simulation::Simulation;
use crossbeam::utils::{Backoff, CachePadded};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;
use tauspike_network::network::Network;
use tauspike_spike::{ProbeRow, Spike, SpikeSink};

/// Tasks of an epoch: to draw the rows of procedural projections, if there are any; to deliver and advance.
const REDRAW: usize = 0;
const DELIVER: usize = 1;

/// Spins and yields at a barrier before sleeping, some tens of microseconds on idle cores; and how long each sleep is.
const SNOOZES: u32 = 100;
const NAP: Duration = Duration::from_micros(50);

/// Runs `sim` to `until`, or until `watch` breaks after an epoch.
pub(crate) fn run(
    sim: &mut Simulation,
    until: f64,
    sink: &mut dyn SpikeSink,
    watch: &mut dyn FnMut(f64) -> ControlFlow<()>,
) -> Result<(), EngineError> {
    let network = sim.network.clone();
    let crew = Crew {
        network: &network,
        blocks: std::mem::take(&mut sim.blocks).into_iter().map(Mutex::new).collect(),
        sky: RwLock::new(Sky { plan: Plan::new(&network), flights: std::mem::take(&mut sim.flights) }),
        next: CachePadded::new(AtomicUsize::new(0)),
        errands: Mutex::new((Vec::new(), Vec::new())),
        task: AtomicUsize::new(DELIVER),
        start: Gate::new(sim.options.threads),
        end: Gate::new(sim.options.threads),
        done: AtomicBool::new(false),
        simd: sim.options.simd,
    };
    let outcome = std::thread::scope(|scope| {
        for _ in 1..sim.options.threads {
            scope.spawn(|| crew.follow());
        }
        let leave = Leave(&crew);
        let outcome = lead(sim, &crew, until, sink, watch);
        drop(leave);
        outcome
    });
    sim.blocks = crew.blocks.into_iter().map(|b| b.into_inner().unwrap_or_else(PoisonError::into_inner)).collect();
    sim.flights = crew.sky.into_inner().unwrap_or_else(PoisonError::into_inner).flights;
    outcome
}

/// What the threads share during a run.
struct Crew<'a> {
    network: &'a Network,
    blocks: Vec<Mutex<AnyBlock>>,
    sky: RwLock<Sky>,
    /// Next block to take.
    next: CachePadded<AtomicUsize>,
    /// Rows to be drawn, and those that have been.
    errands: Mutex<(Vec<Errand>, Vec<Errand>)>,
    /// What all are called to: [`REDRAW`] or [`DELIVER`].
    task: AtomicUsize,
    start: Gate,
    end: Gate,
    done: AtomicBool,
    simd: Simd,
}

struct Sky {
    plan: Plan,
    flights: Flights,
}

/// Lets the other threads go when the leading one leaves, also by a panic.
struct Leave<'a, 'b>(&'a Crew<'b>);

impl Drop for Leave<'_, '_> {
    fn drop(&mut self) {
        self.0.done.store(true, Ordering::Release);
        self.0.start.pass();
    }
}

impl Crew<'_> {
    fn follow(&self) {
        let mut scratch = Scratch::new(self.network);
        loop {
            self.start.pass();
            if self.done.load(Ordering::Acquire) {
                return;
            }
            self.work(&mut scratch);
            self.end.pass();
        }
    }

    /// Calls all threads to a task and takes part in it.
    fn together(&self, task: usize, scratch: &mut Scratch) {
        self.task.store(task, Ordering::Relaxed);
        self.start.pass();
        self.work(scratch);
        self.end.pass();
    }

    fn work(&self, scratch: &mut Scratch) {
        match self.task.load(Ordering::Relaxed) {
            REDRAW => self.redraw(),
            _ => self.deliver(scratch),
        }
    }

    /// Draws chunks of rows until none is left.
    fn redraw(&self) {
        let sky = self.sky.read().unwrap_or_else(PoisonError::into_inner);
        let errands = || self.errands.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let Some(mut errand) = errands().0.pop() else { break };
            errand.run(self.network, &sky.plan.redraws);
            errands().1.push(errand);
        }
    }

    /// Takes blocks until none is left.
    fn deliver(&self, scratch: &mut Scratch) {
        let sky = self.sky.read().unwrap_or_else(PoisonError::into_inner);
        loop {
            let k = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(block) = self.blocks.get(k) else { break };
            lock(block).epoch(self.network, &sky.plan, &sky.flights, (scratch, self.simd));
        }
    }
}

fn lock(block: &Mutex<AnyBlock>) -> MutexGuard<'_, AnyBlock> {
    block.lock().unwrap_or_else(PoisonError::into_inner)
}

fn lead(
    sim: &mut Simulation,
    crew: &Crew,
    until: f64,
    sink: &mut dyn SpikeSink,
    watch: &mut dyn FnMut(f64) -> ControlFlow<()>,
) -> Result<(), EngineError> {
    let mut scratch = Scratch::new(crew.network);
    let (mut spikes, mut rows) = (Vec::new(), Vec::new());
    while sim.now < until {
        let end = (sim.now + sim.width).min(until);
        plan(sim, crew, end, &mut scratch);
        crew.next.store(0, Ordering::Relaxed);
        crew.together(DELIVER, &mut scratch);

        collect(sim, crew, end, (&mut spikes, &mut rows));
        sink.take(&spikes)?;
        if !rows.is_empty() {
            sink.take_probes(&rows)?;
        }
        let mut sky = crew.sky.write().unwrap_or_else(PoisonError::into_inner);
        sky.flights.launch(&spikes);
        sky.flights.land(end);
        drop(sky);
        sim.now = end;
        if watch(end).is_break() {
            break;
        }
    }
    let sky = crew.sky.read().unwrap_or_else(PoisonError::into_inner);
    for block in &crew.blocks {
        let mut block = lock(block);
        let sorted = sky.plan.targets[block.place().population as usize].sorted();
        block.catch_up(sorted, sim.now, &mut scratch);
    }
    Ok(())
}

/// Plans the epoch until `end`, with the rows it needs drawn.
fn plan(sim: &Simulation, crew: &Crew, end: f64, scratch: &mut Scratch) {
    let sky = || crew.sky.write().unwrap_or_else(PoisonError::into_inner);
    let errands = || crew.errands.lock().unwrap_or_else(PoisonError::into_inner);
    {
        let Sky { plan, flights } = &mut *sky();
        plan.make(crew.network, flights, (sim.now, end), sim.width);
        let mut errands = errands();
        for (projection, redraw) in plan.redraws.iter_mut().enumerate() {
            redraw.errands(projection as u32, &mut errands.0);
        }
        if errands.0.is_empty() {
            return;
        }
    }
    crew.together(REDRAW, scratch);
    let redraws = &mut sky().plan.redraws;
    errands().1.drain(..).for_each(|errand| Redraw::install(redraws, errand));
}

/// Gathers the spikes and probe rows of the epoch that ends at `end`, in order.
fn collect(sim: &mut Simulation, crew: &Crew, end: f64, (spikes, rows): (&mut Vec<Spike>, &mut Vec<ProbeRow>)) {
    spikes.clear();
    rows.clear();
    for block in &crew.blocks {
        of_either!(&mut *lock(block), block => {
            spikes.append(&mut block.fired);
            rows.append(&mut block.rows);
        });
    }
    sim.totals.spikes += spikes.len() as u64;
    let neurons = spikes.len();
    for sources in sim.sources.iter_mut().flatten() {
        sources.pull(end, spikes);
    }
    sim.totals.source_spikes += (spikes.len() - neurons) as u64;
    spikes.sort_unstable();
    rows.sort_unstable_by(|a, b| a.time.total_cmp(&b.time).then(a.neuron.cmp(&b.neuron)));
}

/// A barrier that spins briefly, for epochs of microseconds, then yields, and then sleeps: on a machine whose cores are taken, a
/// thread that only yields keeps the one it waits for from running.
struct Gate {
    threads: usize,
    waiting: CachePadded<AtomicUsize>,
    round: CachePadded<AtomicUsize>,
}

impl Gate {
    fn new(threads: usize) -> Self {
        Self { threads, waiting: CachePadded::new(AtomicUsize::new(0)), round: CachePadded::new(AtomicUsize::new(0)) }
    }

    /// Returns when all threads are here.
    fn pass(&self) {
        let round = self.round.load(Ordering::Acquire);
        if self.waiting.fetch_add(1, Ordering::AcqRel) + 1 == self.threads {
            self.waiting.store(0, Ordering::Relaxed);
            self.round.store(round.wrapping_add(1), Ordering::Release);
            return;
        }
        let backoff = Backoff::new();
        let mut snoozes = 0;
        while self.round.load(Ordering::Acquire) == round {
            if snoozes < SNOOZES {
                snoozes += 1;
                backoff.snooze();
            } else {
                std::thread::sleep(NAP);
            }
        }
    }
}

//! The threads of a run: they take blocks, or chunks of rows to be drawn, until none is left.
//!
//! Blocks are taken by whichever thread is free. It cannot matter which: a block writes to itself alone (ADR 0004).
//!
//! A panic in one thread is carried to the leading one and goes on there, so that the program ends instead of waiting for ever.

use crate::block::{Block, Scratch};
use crate::hardware::simd::Simd;
use crate::run::barrier::Barrier;
use crate::transit::Transit;
use crate::transit::redraw::{Chunk, Redraw};
use crossbeam::utils::CachePadded;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use tauspike_network::network::Network;

/// What all threads are called to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Task {
    /// Draw the rows of procedural projections.
    Redraw,
    /// Deliver, and advance.
    Deliver,
}

/// What the threads share during a run.
pub(super) struct Workers<'a> {
    network: &'a Network,
    simd: Simd,
    pub blocks: Vec<Mutex<&'a mut Block>>,
    transit: RwLock<Transit>,
    /// Next block to take.
    next: CachePadded<AtomicUsize>,
    chunks: Mutex<Chunks>,
    task: Mutex<Task>,
    start: Barrier,
    end: Barrier,
    done: AtomicBool,
    panic: Mutex<Option<Box<dyn Any + Send>>>,
}

/// Rows to be drawn, and those that have been.
#[derive(Default)]
struct Chunks {
    wanted: Vec<Chunk>,
    drawn: Vec<Chunk>,
}

/// The state behind a lock: a panic of another thread ends the run by itself.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<'a> Workers<'a> {
    pub fn new(network: &'a Network, blocks: &'a mut [Block], transit: Transit, threads: usize, simd: Simd) -> Self {
        Self {
            network,
            simd,
            blocks: blocks.iter_mut().map(Mutex::new).collect(),
            transit: RwLock::new(transit),
            next: CachePadded::new(AtomicUsize::new(0)),
            chunks: Mutex::default(),
            task: Mutex::new(Task::Deliver),
            start: Barrier::new(threads),
            end: Barrier::new(threads),
            done: AtomicBool::new(false),
            panic: Mutex::new(None),
        }
    }

    pub fn transit(&self) -> RwLockReadGuard<'_, Transit> {
        self.transit.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// For between tasks, when no other thread reads.
    pub fn change_transit(&self) -> RwLockWriteGuard<'_, Transit> {
        self.transit.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn into_transit(self) -> Transit {
        self.transit.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn each_block(&self, mut with: impl FnMut(&mut Block)) {
        self.blocks.iter().for_each(|block| with(&mut lock(block)));
    }

    /// What every thread but the leading one does until [`Dismissal`].
    pub fn follow(&self) {
        let mut scratch = Scratch::default();
        loop {
            self.start.pass();
            if self.done.load(Ordering::Acquire) {
                return;
            }
            self.work(&mut scratch);
            self.end.pass();
        }
    }

    /// Draws the rows that the plan wants, and advances all blocks through it.
    pub fn run_epoch(&self, scratch: &mut Scratch) {
        if self.wants_rows() {
            self.together(Task::Redraw, scratch);
            let redraws = &mut self.change_transit().plan.redraws;
            lock(&self.chunks).drawn.drain(..).for_each(|chunk| Redraw::install(redraws, chunk));
        }
        self.next.store(0, Ordering::Relaxed);
        self.together(Task::Deliver, scratch);
    }

    fn wants_rows(&self) -> bool {
        let mut chunks = lock(&self.chunks);
        for (projection, redraw) in self.change_transit().plan.redraws.iter_mut().enumerate() {
            redraw.chunks(projection as u32, &mut chunks.wanted);
        }
        !chunks.wanted.is_empty()
    }

    /// Calls all threads to a task and takes part in it.
    fn together(&self, task: Task, scratch: &mut Scratch) {
        *lock(&self.task) = task;
        self.start.pass();
        self.work(scratch);
        self.end.pass();
        if let Some(panic) = lock(&self.panic).take() {
            resume_unwind(panic);
        }
    }

    /// Does not unwind: whoever waits at the end would wait for ever.
    fn work(&self, scratch: &mut Scratch) {
        let task = *lock(&self.task);
        let work = || match task {
            Task::Redraw => self.redraw(),
            Task::Deliver => self.deliver(scratch),
        };
        if let Err(panic) = catch_unwind(AssertUnwindSafe(work)) {
            lock(&self.panic).get_or_insert(panic);
        }
    }

    /// Draws chunks of rows until none is left.
    fn redraw(&self) {
        let transit = self.transit();
        loop {
            let Some(mut chunk) = lock(&self.chunks).wanted.pop() else { break };
            chunk.run(self.network, &transit.plan.redraws);
            lock(&self.chunks).drawn.push(chunk);
        }
    }

    /// Takes blocks until none is left.
    fn deliver(&self, scratch: &mut Scratch) {
        let transit = self.transit();
        loop {
            let k = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(block) = self.blocks.get(k) else { break };
            lock(block).epoch(self.network, &transit, scratch, self.simd);
        }
    }
}

/// Lets the other threads go when the leading one leaves, also by a panic.
pub(super) struct Dismissal<'a, 'b>(pub &'a Workers<'b>);

impl Drop for Dismissal<'_, '_> {
    fn drop(&mut self) {
        self.0.done.store(true, Ordering::Release);
        self.0.start.pass();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transit::flights::Flights;
    use crate::transit::plan::Plan;
    use crate::transit::span::Span;
    use std::sync::mpsc::channel;
    use std::time::Duration;
    use tauspike_network::{BuildOptions, LifSpec, NetworkBuilder, ProjectionSpec, Rule};
    use tauspike_spike::Spike;

    fn network(connected: bool) -> Network {
        let mut builder = NetworkBuilder::new(1);
        let cells = builder.population("cells", 8, LifSpec::default());
        if connected {
            builder.project(ProjectionSpec::new("all", (cells, cells), Rule::AllToAll).weight(1.0).delay(1.0));
        }
        builder.block_size(Some(1));
        builder.build(&BuildOptions::default()).unwrap()
    }

    /// The blocks get rows of a projection that the network they are shown does not have.
    fn epoch_that_panics(threads: usize) {
        let (known, shown) = (network(true), network(false));
        let mut blocks = Block::of(&known, 0..known.blocks().len(), 1.0);
        let mut transit = Transit { plan: Plan::new(&known), flights: Flights::new(&known) };
        transit.flights.launch(&[Spike { time: 0.0, source: 0 }]);
        transit.make_plan(&known, Span { from: 1.0, until: 2.0 }, 1.0);
        let workers = Workers::new(&shown, &mut blocks, transit, threads, Simd::PORTABLE);
        std::thread::scope(|scope| {
            let _dismissal = Dismissal(&workers);
            for _ in 1..threads {
                scope.spawn(|| workers.follow());
            }
            workers.run_epoch(&mut Scratch::default());
        });
    }

    #[test]
    fn a_panic_in_any_thread_ends_the_run() {
        for threads in [1, 2, 5] {
            let (done, ended) = channel();
            std::thread::spawn(move || {
                let panicked = catch_unwind(|| epoch_that_panics(threads)).is_err();
                done.send(panicked)
            });
            let panicked = ended.recv_timeout(Duration::from_secs(60)).expect("the threads wait for each other");
            assert!(panicked, "{threads} threads");
        }
    }
}

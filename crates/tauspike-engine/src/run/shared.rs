//! What the threads of a simulation share, and what each does when called: they take blocks, or chunks of rows to be drawn, until none
//! is left.
//!
//! Blocks are taken by whichever thread is free. It cannot matter which: a block writes to itself alone (ADR 0004).

use crate::block::{Block, Scratch};
use crate::hardware::simd::Simd;
use crate::run::barrier::Barrier;
use crate::transit::Transit;
use crate::transit::redraw::{Chunk, Redraw};
use crossbeam::utils::CachePadded;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use tauspike_network::network::Network;

/// What all threads are called to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Task {
    /// Draw the rows of procedural projections.
    Redraw,
    /// Deliver, and advance.
    Deliver,
}

/// What the threads share.
pub(super) struct Shared {
    network: Arc<Network>,
    simd: Simd,
    pub blocks: Vec<Mutex<Block>>,
    transit: RwLock<Transit>,
    /// Next block to take.
    next: CachePadded<AtomicUsize>,
    chunks: Mutex<Chunks>,
    task: Mutex<Task>,
    /// Closed when no more is to be done.
    pub start: Barrier,
    end: Barrier,
    panic: Mutex<Option<Box<dyn Any + Send>>>,
}

/// Rows to be drawn, and those that have been.
#[derive(Default)]
struct Chunks {
    wanted: Vec<Chunk>,
    drawn: Vec<Chunk>,
}

/// The state behind a lock: a panic of another thread ends the run by itself.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    pub fn new(network: Arc<Network>, blocks: Vec<Block>, transit: Transit, threads: usize, simd: Simd) -> Self {
        Self {
            network,
            simd,
            blocks: blocks.into_iter().map(Mutex::new).collect(),
            transit: RwLock::new(transit),
            next: CachePadded::new(AtomicUsize::new(0)),
            chunks: Mutex::default(),
            task: Mutex::new(Task::Deliver),
            start: Barrier::new(threads),
            end: Barrier::new(threads),
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

    /// What every thread but the leading one does.
    pub fn follow(&self) {
        let mut scratch = Scratch::default();
        while self.start.pass() {
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
            chunk.run(&self.network, &transit.plan.redraws);
            lock(&self.chunks).drawn.push(chunk);
        }
    }

    /// Takes blocks until none is left.
    fn deliver(&self, scratch: &mut Scratch) {
        let transit = self.transit();
        loop {
            let k = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(block) = self.blocks.get(k) else { break };
            lock(block).epoch(&self.network, &transit, scratch, self.simd);
        }
    }
}

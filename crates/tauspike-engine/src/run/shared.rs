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
use std::cmp::Reverse;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use tauspike_network::network::Network;

/// What the threads share.
pub(super) struct Shared {
    network: Arc<Network>,
    simd: Simd,
    pub blocks: Vec<Mutex<Block>>,
    /// Their numbers, those with most work first: a thread that is done early then finds something small.
    order: Vec<usize>,
    transit: RwLock<Transit>,
    /// How many of them have been taken; every thread begins with that of its own number.
    taken: CachePadded<AtomicUsize>,
    pub threads: usize,
    chunks: Mutex<Chunks>,
    /// The task is [`Task::Draw`].
    drawing: AtomicBool,
    /// Closed when no more is to be done.
    pub start: Barrier,
    pub end: Barrier,
    panic: Mutex<Option<Box<dyn Any + Send>>>,
}

/// What all threads are called to.
#[derive(Clone, Copy, PartialEq)]
enum Task {
    /// Draw the rows of procedural projections.
    Draw,
    /// Deliver to blocks, and advance them.
    Advance,
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
            order: most_work_first(&blocks),
            network,
            simd,
            blocks: blocks.into_iter().map(Mutex::new).collect(),
            transit: RwLock::new(transit),
            taken: CachePadded::new(AtomicUsize::new(0)),
            threads,
            chunks: Mutex::default(),
            drawing: AtomicBool::new(false),
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

    /// What every thread but the leading one, which has number 0, does.
    pub fn follow(&self, thread: usize) {
        let mut scratch = Scratch::default();
        while self.start.pass() {
            self.work(thread, &mut scratch);
            self.end.pass();
        }
    }

    /// Draws the rows that the plan wants, and advances all blocks through it: the leading thread `alone`, or all.
    pub fn run_epoch(&self, scratch: &mut Scratch, alone: bool) {
        if self.wants_rows() {
            self.call(Task::Draw, scratch, alone);
            let redraws = &mut self.change_transit().plan.redraws;
            lock(&self.chunks).drawn.drain(..).for_each(|chunk| Redraw::install(redraws, chunk));
        }
        self.taken.store(if alone { 1 } else { self.threads }, Ordering::Relaxed);
        self.call(Task::Advance, scratch, alone);
    }

    fn wants_rows(&self) -> bool {
        let mut chunks = lock(&self.chunks);
        for (projection, redraw) in self.change_transit().plan.redraws.iter_mut().enumerate() {
            redraw.chunks(projection as u32, &mut chunks.wanted);
        }
        !chunks.wanted.is_empty()
    }

    /// Calls all threads, if not `alone`, and takes part. What is stored before the start is seen by all after it.
    fn call(&self, task: Task, scratch: &mut Scratch, alone: bool) {
        self.drawing.store(task == Task::Draw, Ordering::Relaxed);
        if alone {
            self.work(0, scratch);
        } else {
            self.start.pass();
            self.work(0, scratch);
            self.end.pass();
        }
        if let Some(panic) = lock(&self.panic).take() {
            resume_unwind(panic);
        }
    }

    /// Does not unwind: whoever waits at the end would wait for ever.
    fn work(&self, thread: usize, scratch: &mut Scratch) {
        let work = || match self.drawing.load(Ordering::Relaxed) {
            true => self.redraw(),
            false => self.deliver(thread, scratch),
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
    fn deliver(&self, thread: usize, scratch: &mut Scratch) {
        let transit = self.transit();
        let mut k = thread;
        while let Some(&number) = self.order.get(k) {
            lock(&self.blocks[number]).epoch(&self.network, &transit, scratch, self.simd);
            // looks before it writes: a write takes the line from all others
            if self.taken.load(Ordering::Relaxed) >= self.order.len() {
                break;
            }
            k = self.taken.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// The numbers of these blocks.
fn most_work_first(blocks: &[Block]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..blocks.len()).collect();
    order.sort_by_key(|&number| Reverse(blocks[number].range().work));
    order
}

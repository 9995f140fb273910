//! The blocks of a simulation and the threads that advance them. Threads are made at the first run that needs them and stay until the
//! simulation is dropped: between two runs they sleep.
//!
//! A panic in one thread is carried to the leading one and goes on there, so that the program ends instead of waiting for ever.

use crate::block::{Block, Scratch};
use crate::error::EngineError;
use crate::options::Options;
use crate::run::shared::{Shared, lock};
use crate::run::turns::Turns;
use crate::transit::Transit;
use std::process;
use std::sync::{Arc, MutexGuard, RwLockReadGuard, RwLockWriteGuard};
use std::thread::{Builder, JoinHandle};
use tauspike_network::network::Network;

/// The blocks, the spikes between them, and the threads.
pub(crate) struct Workers {
    shared: Arc<Shared>,
    /// How many are wanted, the leading one included.
    wanted: usize,
    /// All but the leading one, and in which process they are.
    threads: Vec<JoinHandle<()>>,
    process: u32,
    /// Of the leading one.
    scratch: Scratch,
    turns: Turns,
}

impl Workers {
    /// As many as `options` say, of which none has begun.
    pub fn new(network: Arc<Network>, blocks: Vec<Block>, transit: Transit, options: &Options) -> Self {
        let shared = Arc::new(Shared::new(network, blocks, transit, options.threads, options.simd));
        Self {
            shared,
            wanted: options.threads,
            threads: Vec::new(),
            process: 0,
            scratch: Scratch::default(),
            turns: Turns::new(),
        }
    }

    /// Begins, if that has not been done.
    ///
    /// # Errors
    /// [`EngineError::Option`] if the system gives no more threads, or they have been left behind in another process.
    pub fn begin(&mut self) -> Result<(), EngineError> {
        if self.are_left_behind() {
            let allowed =
                "1, or a start of processes that does not fork them, since threads do not follow a fork".into();
            return Err(EngineError::Option { field: "threads", value: self.wanted.to_string(), allowed });
        }
        self.process = process::id();
        while self.threads.len() + 1 < self.wanted {
            let (shared, number) = (self.shared.clone(), self.threads.len() + 1);
            let thread = Builder::new().name("tauspike".into()).spawn(move || shared.follow(number));
            self.threads.push(thread.map_err(|error| self.refused(&error))?);
        }
        Ok(())
    }

    /// Whether the process has been forked since they began.
    fn are_left_behind(&self) -> bool {
        !self.threads.is_empty() && self.process != process::id()
    }

    fn refused(&self, error: &std::io::Error) -> EngineError {
        let allowed = format!("{}, since the system gives no more ({error})", self.threads.len() + 1);
        EngineError::Option { field: "threads", value: self.wanted.to_string(), allowed }
    }

    /// Draws the rows that the plan wants, and advances all blocks through it. To be begun before.
    pub fn run_epoch(&mut self) {
        let Self { shared, scratch, turns, .. } = self;
        if shared.threads == 1 {
            return shared.run_epoch(scratch, true);
        }
        if let Some(waiting) = turns.waiting() {
            shared.start.wait_as(waiting);
            shared.end.wait_as(waiting);
        }
        let alone = turns.is_alone();
        turns.take(|| shared.run_epoch(scratch, alone));
    }

    pub fn transit(&self) -> RwLockReadGuard<'_, Transit> {
        self.shared.transit()
    }

    pub fn change_transit(&self) -> RwLockWriteGuard<'_, Transit> {
        self.shared.change_transit()
    }

    /// All blocks, in the order of global index.
    pub fn blocks(&self) -> impl ExactSizeIterator<Item = MutexGuard<'_, Block>> {
        self.shared.blocks.iter().map(lock)
    }

    /// Block number `k` of these.
    pub fn block(&self, k: usize) -> MutexGuard<'_, Block> {
        lock(&self.shared.blocks[k])
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        if self.are_left_behind() {
            // nobody is there to be waited for
            return;
        }
        self.shared.start.close();
        // what one of them has to say of a panic has been said
        self.threads.drain(..).for_each(|thread| drop(thread.join()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hardware::simd::Simd;
    use crate::transit::span::Span;
    use std::panic::catch_unwind;
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
        let blocks = Block::of(&known, 0..known.blocks().len(), 1.0);
        let mut transit = Transit::new(&known);
        transit.flights.launch(&[Spike { time: 0.0, source: 0 }]);
        transit.make_plan(&known, Span { from: 1.0, until: 2.0 }, 1.0);
        let options = Options { threads, simd: Simd::PORTABLE, ..Options::default() };
        let mut workers = Workers::new(Arc::new(shown), blocks, transit, &options);
        workers.begin().unwrap();
        workers.run_epoch();
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

//! All processes that `mpirun` has started.

use crate::lost::Watch;
use mpi::datatype::PartitionMut;
use mpi::topology::SimpleCommunicator;
use mpi::traits::{Communicator, CommunicatorCollectives};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use tauspike_engine::exchange::Rank;
use tauspike_scenario::ranks::{Gather, Gathered};

/// Words that each rank says first: how many follow, and its head.
const FIRST: usize = 3;

/// This process among all.
pub struct World {
    rank: Rank,
    first: Vec<u64>,
    counts: Vec<i32>,
    starts: Vec<i32>,
    watch: Watch,
}

impl World {
    /// MPI has been initialised. `stop` is set when this process is asked to end.
    pub fn new(stop: Arc<AtomicBool>) -> Self {
        let world = SimpleCommunicator::world();
        let rank = Rank { index: world.rank() as usize, of: world.size() as usize };
        let (first, counts, starts) = (vec![0; FIRST * rank.of], Vec::new(), Vec::new());
        Self { rank, first, counts, starts, watch: Watch::new(stop, rank) }
    }

    /// How many words each rank is going to say.
    fn count(&mut self) -> Result<usize, String> {
        self.counts.clear();
        self.starts.clear();
        let mut total = 0u64;
        for first in self.first.chunks_exact(FIRST) {
            let (count, start) = (i32::try_from(first[0]), i32::try_from(total));
            let (Ok(count), Ok(start)) = (count, start) else {
                return Err("more than 2^31 words are to be exchanged at once, which MPI cannot count".into());
            };
            self.counts.push(count);
            self.starts.push(start);
            total += first[0];
        }
        Ok(total as usize)
    }
}

impl Gather for World {
    fn rank(&self) -> Rank {
        self.rank
    }

    fn gather(&mut self, head: [u64; 2], words: &[u64], all: &mut Gathered) -> Result<(), String> {
        let waiting = self.watch.waits();
        let world = SimpleCommunicator::world();
        world.all_gather_into(&[words.len() as u64, head[0], head[1]][..], &mut self.first[..]);
        let total = self.count()?;
        all.words.resize(total, 0);
        if total > 0 {
            let mut into = PartitionMut::new(&mut all.words[..], &self.counts[..], &self.starts[..]);
            world.all_gather_varcount_into(words, &mut into);
        }
        drop(waiting);
        all.heads.clear();
        all.heads.extend(self.first.chunks_exact(FIRST).map(|first| [first[1], first[2]]));
        all.ends.clear();
        all.ends.extend(self.starts.iter().zip(&self.counts).map(|(start, count)| (start + count) as usize));
        Ok(())
    }

    fn when_lost(&mut self, then: Box<dyn FnOnce() + Send>) {
        self.watch.when_lost(then);
    }
}

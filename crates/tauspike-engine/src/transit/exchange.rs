//! How the spikes of an epoch become known to all who have targets of them.
//!
//! A network may be shared by several *ranks*, each a [`crate::Simulation`] of its own that holds some of the blocks. After each
//! epoch a rank gives the spikes of its own neurons to its sink, learns those of the others, and lets all of them take off. What
//! a rank learns is the only thing that passes between ranks, so spikes are the same bits for any number of them.

use crate::error::EngineError;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use tauspike_network::fanout::Block;
use tauspike_spike::Spike;

/// Which part of a network a simulation holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rank {
    /// Counted from 0.
    pub index: usize,
    /// Number of ranks, at least 1.
    pub of: usize,
}

impl Rank {
    /// The only one.
    pub const ALONE: Self = Self { index: 0, of: 1 };

    /// Numbers, ascending, of the blocks that belong to this rank, out of `blocks`, those of the network.
    ///
    /// That with most work first, each to the rank with the least so far. A range of blocks for each rank would leave one with all
    /// that excite and the next with all that inhibit, which have other rates.
    pub fn blocks(self, blocks: &[Block]) -> Vec<usize> {
        let mut most_work_first: Vec<usize> = (0..blocks.len()).collect();
        most_work_first.sort_by_key(|&number| Reverse(blocks[number].work));
        let mut ranks: BinaryHeap<Reverse<(u64, usize)>> = (0..self.of).map(|rank| Reverse((0, rank))).collect();
        let mut mine = Vec::new();
        for number in most_work_first {
            let Some(Reverse((work, rank))) = ranks.pop() else { break };
            if rank == self.index {
                mine.push(number);
            }
            ranks.push(Reverse((work.saturating_add(blocks[number].work), rank)));
        }
        mine.sort_unstable();
        mine
    }

    /// Whether the spike sources of this population are run, and recorded, here.
    pub fn runs_sources_of(self, population: usize) -> bool {
        population % self.of == self.index
    }
}

/// Carries spikes between ranks. Every rank makes the same calls in the same order.
pub trait Exchange: Send {
    /// Which rank this is.
    fn rank(&self) -> Rank;

    /// `spikes` holds this rank's spikes of one epoch, in order; afterwards those of all ranks, in order.
    ///
    /// # Errors
    /// [`EngineError::Exchange`] if another rank cannot be reached; the simulation ends.
    fn spikes(&mut self, spikes: &mut Vec<Spike>) -> Result<(), EngineError>;

    /// The least of these times over all ranks, ms.
    ///
    /// # Errors
    /// As [`Exchange::spikes`].
    fn earliest(&mut self, time: f64) -> Result<f64, EngineError>;
}

/// Spikes as they pass from rank to rank: two words each, the bits of the time and the source.
pub fn to_words(spikes: &[Spike], words: &mut Vec<u64>) {
    words.clear();
    words.extend(spikes.iter().flat_map(|spike| [spike.time.to_bits(), u64::from(spike.source)]));
}

/// In `spikes` those of `words`, which are what [`to_words`] made of the spikes of each rank, one after the other; in order.
pub fn from_words(words: &[u64], spikes: &mut Vec<Spike>) {
    spikes.clear();
    let pairs = words.chunks_exact(2);
    spikes.extend(pairs.map(|pair| Spike { time: f64::from_bits(pair[0]), source: pair[1] as u32 }));
    // stable, because that one is fast on what consists of sorted runs
    spikes.sort();
}

/// One rank that holds the whole network.
#[derive(Clone, Copy, Debug, Default)]
pub struct Alone;

impl Exchange for Alone {
    fn rank(&self) -> Rank {
        Rank::ALONE
    }

    fn spikes(&mut self, _: &mut Vec<Spike>) -> Result<(), EngineError> {
        Ok(())
    }

    fn earliest(&mut self, time: f64) -> Result<f64, EngineError> {
        Ok(time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(sizes: &[(u32, u32)]) -> Vec<Block> {
        let mut first = 0;
        let mut block = |&(population, len): &(u32, u32)| {
            first += len;
            Block { population, first: first - len, len, work: u64::from(len) * 100 }
        };
        sizes.iter().map(&mut block).collect()
    }

    #[test]
    fn spikes_of_all_ranks_come_back_in_order() {
        let of = |times: &[f64]| times.iter().map(|&time| Spike { time, source: (time * 4.0) as u32 }).collect();
        let (one, other): (Vec<Spike>, Vec<Spike>) = (of(&[0.25, 1.75, 2.0]), of(&[0.5, 1.5]));
        let (mut all, mut words, mut found) = (Vec::new(), Vec::new(), of(&[9.0]));
        for spikes in [&one, &other] {
            to_words(spikes, &mut words);
            all.extend_from_slice(&words);
        }
        from_words(&all, &mut found);
        assert_eq!(found, of(&[0.25, 0.5, 1.5, 1.75, 2.0]));
    }

    #[test]
    fn every_block_has_one_rank_and_ranks_have_as_much_work() {
        let brunel = blocks(&[(0, 4000), (0, 4000), (1, 1000), (1, 1000)]);
        let of = |of| (0..of).map(|index| Rank { index, of }.blocks(&brunel)).collect::<Vec<_>>();
        assert_eq!(of(2), [[0, 2], [1, 3]]);
        assert_eq!(of(1), [[0, 1, 2, 3]]);
        assert_eq!(of(6).concat().len(), 4);
        let many = blocks(&(0..997).map(|k| (k, 1 + k * k % 512)).collect::<Vec<_>>());
        for of in [1, 3, 64] {
            let shares: Vec<Vec<usize>> = (0..of).map(|index| Rank { index, of }.blocks(&many)).collect();
            let mut all = shares.concat();
            all.sort_unstable();
            assert_eq!(all, (0..many.len()).collect::<Vec<_>>());
            let work = shares.iter().map(|share| share.iter().map(|&number| many[number].work).sum::<u64>());
            assert!(work.clone().max().unwrap() - work.min().unwrap() <= 51_200, "{of} ranks");
        }
        // as many neurons, and nine in ten synapses onto one population: two ranks share each
        let mut uneven = brunel;
        uneven[..2].iter_mut().for_each(|block| block.work *= 9);
        uneven[2].len = 9000;
        assert_eq!([0, 1].map(|index| Rank { index, of: 2 }.blocks(&uneven)), [[0, 2], [1, 3]]);
    }
}

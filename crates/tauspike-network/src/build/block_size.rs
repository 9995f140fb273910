//! How large the blocks of a population are. Only speed and memory depend on it, never the network.
//!
//! A spike costs one look-up for each block it reaches, and its row is cut into as many pieces, so there are as few blocks as threads: with
//! 512 neurons to a block brunel takes 1.6 times as long as with one block to a population, sparse_low 5 times.

use crate::describe::description::Description;
use crate::describe::spec::{CellsSpec, SynapseSpec};
use crate::table::fanout::MAX_BLOCK;

/// Fewer neurons are not worth a thread.
const LEAST: u32 = 512;
/// Most where neurons have currents: the integers of more are not in a cache of a core.
const MOST_WITH_CURRENTS: u32 = 16384;

/// Block size for a population of `neurons`, of at most `most` each, that `threads` threads work on.
fn block_size(neurons: u32, threads: u32, most: u32) -> u32 {
    // as many for each thread
    let blocks = neurons.div_ceil(most).next_multiple_of(threads);
    neurons.div_ceil(blocks).max(LEAST)
}

/// Block size of a population: chosen by the user, or for so many threads, and so small that the synapses of one projection onto a block are
/// numbered by u32.
pub(crate) fn of(description: &Description, population: usize, threads: usize) -> u32 {
    if let Some(size) = description.block_size {
        return size;
    }
    let most = match &description.populations[population].cells {
        CellsSpec::Lif(lif) if !matches!(lif.synapse, SynapseSpec::Delta) => MOST_WITH_CURRENTS,
        _ => MAX_BLOCK,
    };
    let neurons = description.size(population).max(1);
    let onto = description.projections.iter().filter(|spec| spec.target.index() == population);
    let in_degree = onto.map(|spec| description.expected_synapses(spec) / f64::from(neurons)).fold(0.0, f64::max);
    let numbered = (f64::from(1u32 << 31) / in_degree).max(1.0) as u32;
    block_size(neurons, threads.clamp(1, 1 << 16) as u32, most).min(numbered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_thread_has_as_many_blocks() {
        assert_eq!(block_size(8000, 1, MAX_BLOCK), 8000);
        assert_eq!(block_size(8000, 3, MAX_BLOCK), 2667);
        assert_eq!(block_size(1_000_000, 1, MAX_BLOCK), 62_500);
        assert_eq!(block_size(1_000_000, 3, MAX_BLOCK), 55_556);
        assert_eq!(block_size(20_000, 1, MOST_WITH_CURRENTS), 10_000);
        assert_eq!(block_size(100, 64, MAX_BLOCK), 512);
        assert_eq!(block_size(u32::MAX, 1024, MAX_BLOCK), 65_536);
    }
}

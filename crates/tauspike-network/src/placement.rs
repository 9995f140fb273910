//! How large the blocks of a population are. Only speed and memory depend on it, never the network.
//!
//! A spike costs one lookup per block it reaches, so a row piece should hold many synapses; a small block keeps the state of its
//! neurons in cache and leaves work for every thread.

use crate::fanout::{Block, MAX_BLOCK};
use crate::population::{Cells, Population};

/// Synapses a (source, block) piece should hold on average.
const PIECE: f64 = 16.0;

/// What all projections onto one population add up to.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Inflow {
    /// Rows: source population sizes, summed over projections.
    pub(crate) sources: f64,
    /// Expected synapses.
    pub(crate) synapses: f64,
    /// Largest expected in-degree of one projection.
    pub(crate) in_degree: f64,
}

/// Block size for a population of `neurons`: the power of two nearest to what fills the pieces, within [512, 16384], and small
/// enough that the synapses of one projection onto a block are numbered by u32.
pub(crate) fn block_size(neurons: u32, inflow: Inflow) -> u32 {
    let wanted = PIECE * f64::from(neurons) * inflow.sources / inflow.synapses.max(1.0);
    let mut size = 512;
    while size < 16384 && f64::from(size) * std::f64::consts::SQRT_2 < wanted {
        size *= 2;
    }
    while size > 1 && f64::from(size) * inflow.in_degree > f64::from(1u32 << 31) {
        size /= 2;
    }
    size
}

/// The blocks of one LIF population; none for spike sources.
pub(crate) fn blocks(index: u32, population: &Population, size: u32) -> Vec<Block> {
    if !matches!(population.cells, Cells::Lif(_)) {
        return Vec::new();
    }
    let size = size.clamp(1, MAX_BLOCK);
    let block =
        |start| Block { population: index, first: population.first + start, len: size.min(population.size - start) };
    (0..population.size).step_by(size as usize).map(block).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn block_sizes_fill_row_pieces_within_their_limits() {
        let size = |neurons: f64, in_degree: f64| {
            let inflow = Inflow { sources: neurons, synapses: neurons * in_degree, in_degree };
            block_size(neurons as u32, inflow)
        };
        assert_eq!(size(1e5, 1000.0), 2048);
        assert_eq!(size(1e4, 1000.0), 512);
        assert_eq!(size(1e6, 100.0), 16384);
        assert_eq!(size(1e6, 1e6), 512);
        assert_eq!(size(3e7, 3e7), 64);
        assert_eq!(block_size(1000, Inflow::default()), 512);
    }
}

//! How large the blocks of a population are. Only speed and memory depend on it, never the network.
//!
//! A spike costs one lookup per block it reaches, so a row piece should hold many synapses; a small block keeps the state of its
//! neurons in cache and leaves work for every thread.

use crate::describe::description::Description;

/// Synapses a (source, block) piece should hold on average.
const PIECE: f64 = 16.0;

/// What all projections onto one population add up to.
#[derive(Clone, Copy, Debug, Default)]
struct Inflow {
    /// Rows: source population sizes, summed over projections.
    sources: f64,
    /// Expected synapses.
    synapses: f64,
    /// Largest expected in-degree of one projection.
    in_degree: f64,
}

/// Block size for a population of `neurons`: the power of two nearest to what fills the pieces, within [512, 16384], and small
/// enough that the synapses of one projection onto a block are numbered by u32.
fn block_size(neurons: u32, inflow: Inflow) -> u32 {
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

/// Block size of a population: chosen by the user, or from what is projected onto it.
pub(crate) fn of(description: &Description, population: usize) -> u32 {
    if let Some(size) = description.block_size {
        return size;
    }
    let mut inflow = Inflow::default();
    let neurons = description.size(population).max(1);
    for spec in description.projections.iter().filter(|spec| spec.target.index() == population) {
        let synapses = description.expected_synapses(spec);
        inflow.sources += f64::from(description.size(spec.source.index()));
        inflow.synapses += synapses;
        inflow.in_degree = inflow.in_degree.max(synapses / f64::from(neurons));
    }
    block_size(neurons, inflow)
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

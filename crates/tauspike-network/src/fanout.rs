//! The fan-out table: for each projection and block of targets, the synapses of every source.
//!
//! ```text
//! rows of one projection in one block of neurons
//!   offsets  u32   one per source position, and one more: synapses offsets[s] .. offsets[s + 1] belong to source s
//!   targets  u16   position of the target in the block
//!   weights  Column, delays  Column   shared, or one value per synapse
//! ```
//!
//! A row is sorted by delay if delays are individual, then by target, then by order of generation. So the arrivals of one
//! spike at one epoch are a contiguous piece of the row, and "position" in `tauspike_spike::ArrivalOrder` is intrinsic.

use crate::column::Column;
use std::ops::Range;

/// Largest number of neurons in a block, so that a target fits u16.
pub const MAX_BLOCK: u32 = 1 << 16;

/// A contiguous range of neurons of one population, advanced as one unit of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Index of the population.
    pub population: u32,
    /// Global index of the first neuron.
    pub first: u32,
    /// Number of neurons, 1 to [`MAX_BLOCK`].
    pub len: u32,
}

/// The synapses of one projection whose targets are in one block.
#[derive(Clone, Debug)]
pub struct Rows {
    /// `source population size + 1` ascending positions in `targets`.
    pub offsets: Vec<u32>,
    /// Target position in the block.
    pub targets: Vec<u16>,
    /// mV (delta) or pA (exponential); indexed like `targets`.
    pub weights: Column,
    /// ms, >= 0; indexed like `targets`, ascending in each row.
    pub delays: Column,
}

impl Rows {
    /// Positions of the synapses of source position `source`.
    #[inline(always)]
    pub fn row(&self, source: u32) -> Range<usize> {
        let s = source as usize;
        self.offsets[s] as usize..self.offsets[s + 1] as usize
    }
}

/// One projection, ready for delivery.
#[derive(Clone, Debug)]
pub struct Projection {
    /// Name in reports.
    pub name: String,
    /// Index of the source population.
    pub source: u32,
    /// Index of the target population (LIF).
    pub target: u32,
    /// One per block of the target population, in order.
    pub rows: Vec<Rows>,
    /// Smallest delay, ms; infinite if there is no synapse.
    pub min_delay: f64,
    /// Largest delay, ms; 0 if there is no synapse.
    pub max_delay: f64,
}

impl Projection {
    /// Number of synapses.
    pub fn synapses(&self) -> u64 {
        self.rows.iter().map(|rows| rows.targets.len() as u64).sum()
    }

    /// Memory of the rows, bytes.
    pub fn bytes(&self) -> u64 {
        let rows_bytes =
            |rows: &Rows| rows.offsets.len() * 4 + rows.targets.len() * 2 + rows.weights.bytes() + rows.delays.bytes();
        self.rows.iter().map(|rows| rows_bytes(rows) as u64).sum()
    }
}

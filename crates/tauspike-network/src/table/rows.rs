//! Blocks of neurons, and the synapses that end in one.

use crate::table::column::Column;
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
    /// `source population size + 1` ascending positions in `targets`; none if this part of the network was not built.
    pub offsets: Vec<u32>,
    /// Target position in the block.
    pub targets: Vec<u16>,
    /// mV (delta) or pA (currents); indexed like `targets`.
    pub weights: Column,
    /// ms, >= 0; indexed like `targets`, ascending in each row.
    pub delays: Column,
}

impl Rows {
    /// Those of a block that was not asked for: none.
    pub(crate) fn absent() -> Self {
        Self { offsets: vec![], targets: vec![], weights: Column::Double(vec![]), delays: Column::Double(vec![]) }
    }

    /// Positions of the synapses of source position `source`; none in a block that was not built.
    #[inline(always)]
    pub fn row(&self, source: u32) -> Range<usize> {
        let s = source as usize;
        match self.offsets.get(s + 1) {
            Some(end) => self.offsets[s] as usize..*end as usize,
            None => 0..0,
        }
    }

    /// Memory, bytes.
    pub(crate) fn bytes(&self) -> u64 {
        (self.offsets.len() * 4 + self.targets.len() * 2 + self.weights.bytes() + self.delays.bytes()) as u64
    }
}

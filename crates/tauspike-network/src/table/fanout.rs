//! The fan-out table: for each projection and block of targets, the synapses of every source.
//!
//! ```text
//! rows of one projection in one block of neurons
//!   offsets  u32   one per source position, and one more: synapses offsets[s] .. offsets[s + 1] belong to source s
//!   listed   u32   where few sources have any: which ones, and then there is one offset for each of these, and one more
//!   targets  u16   position of the target in the block
//!   weights  Column                   shared, or one value per synapse
//!   delays   Delays                   the same, or one value per run of equal ones
//! ```
//!
//! A row is sorted by delay if delays are individual, then by target, then by order of generation. So the arrivals of one
//! spike at one epoch are a contiguous piece of the row, and "position" in `tauspike_spike::ArrivalOrder` is intrinsic.
//!
//! A projection can also do without a table; see [`crate::procedural`].

use crate::table::procedural::{Procedural, Redrawn};

pub use crate::table::delays::{Delays, Runs};
pub use crate::table::rows::{Block, MAX_BLOCK, Rows};

/// The synapses of a projection.
#[derive(Clone, Debug)]
pub enum FanOut {
    /// One table per block of the target population, in order.
    Stored(Vec<Rows>),
    /// Drawn anew at each spike.
    Procedural(Procedural),
}

/// One synapse of a known source onto a known block.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Synapse {
    /// Target position in the block.
    pub target: u16,
    /// mV (delta) or pA (currents).
    pub weight: f64,
    /// ms.
    pub delay: f64,
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
    /// Its synapses.
    pub fan_out: FanOut,
    /// Smallest delay of the whole projection, its blocks that were not built included, ms; infinite if there is no synapse.
    pub min_delay: f64,
    /// Largest delay of the whole projection, ms; 0 if there is no synapse.
    pub max_delay: f64,
}

impl Projection {
    /// Number of synapses onto the blocks that were built; of a procedural projection, onto all.
    pub fn synapses(&self) -> u64 {
        match &self.fan_out {
            FanOut::Stored(blocks) => blocks.iter().map(|rows| rows.targets.len() as u64).sum(),
            FanOut::Procedural(procedural) => procedural.synapses(),
        }
    }

    /// The table, one part per block of the target population; none if the projection is procedural.
    pub fn stored(&self) -> Option<&[Rows]> {
        match &self.fan_out {
            FanOut::Stored(blocks) => Some(blocks),
            FanOut::Procedural(_) => None,
        }
    }

    /// Calls `visit(block, position, synapse)` for each synapse of source position `source`: the block of the target population,
    /// the position in the block's part of the table, which orders synapses of one delay onto one target. For those who need
    /// a single row; a procedural one is drawn.
    pub fn each_synapse(&self, source: u32, mut visit: impl FnMut(usize, u32, Synapse)) {
        let mut each = |blocks: &[Rows], row: u32| {
            for (block, rows) in blocks.iter().enumerate() {
                for (k, delay) in rows.delayed(row) {
                    visit(block, k as u32, Synapse { target: rows.targets[k], weight: rows.weights.get(k), delay });
                }
            }
        };
        match &self.fan_out {
            FanOut::Stored(blocks) => each(blocks, source),
            FanOut::Procedural(procedural) => {
                let mut redrawn = Redrawn::default();
                procedural.redraw([source], &mut redrawn);
                each(redrawn.blocks(), 0);
            }
        }
    }

    /// Memory of the table, bytes.
    pub fn bytes(&self) -> u64 {
        self.stored().unwrap_or_default().iter().map(Rows::bytes).sum()
    }
}

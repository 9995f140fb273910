//! How the spikes of an epoch become known to all who have targets of them.
//!
//! A network may be shared by several *ranks*, each a [`crate::Simulation`] of its own that holds some of the blocks. After each
//! epoch a rank gives the spikes of its own neurons to its sink, learns those of the others, and lets all of them take off. What
//! a rank learns is the only thing that passes between ranks, so spikes are the same bits for any number of them.

use crate::error::EngineError;
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

    /// The blocks, out of this many, that belong to this rank: a contiguous range, so that each rank is told few row tables.
    pub fn blocks(self, blocks: usize) -> std::ops::Range<usize> {
        blocks * self.index / self.of..blocks * (self.index + 1) / self.of
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

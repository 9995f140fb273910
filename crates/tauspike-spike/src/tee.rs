//! Hands the same spikes to two sinks.

use crate::sink::{ProbeRow, SinkError, SpikeSink};
use crate::spike::Spike;

/// Both sinks take everything, the first one first. `Tee(spikes, Tee(probes, histogram))` makes three.
#[derive(Debug)]
pub struct Tee<A, B>(
    /// Takes first.
    pub A,
    /// Takes if the first one did not fail.
    pub B,
);

impl<A: SpikeSink, B: SpikeSink> SpikeSink for Tee<A, B> {
    fn take(&mut self, spikes: &[Spike]) -> Result<(), SinkError> {
        self.0.take(spikes)?;
        self.1.take(spikes)
    }

    fn take_probes(&mut self, rows: &[ProbeRow]) -> Result<(), SinkError> {
        self.0.take_probes(rows)?;
        self.1.take_probes(rows)
    }
}

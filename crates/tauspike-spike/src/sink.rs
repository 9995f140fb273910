//! Where finished spikes go. The engine knows this trait and no file format.

use crate::Spike;

/// Why a sink could not take spikes. The run stops; what the sink took before stays valid.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct SinkError {
    /// What happened, naming the file where there is one.
    pub message: String,
    /// The cause, where there is one.
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl SinkError {
    /// An error with a message alone.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), source: None }
    }
}

/// The state of one neuron at one probe time, evaluated from the closed-form solution at that time: after all arrivals and
/// spikes before it, and none at that very time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProbeRow {
    /// ms.
    pub time: f64,
    /// Global index.
    pub neuron: u32,
    /// Membrane potential, mV.
    pub v: f64,
    /// Excitatory and inhibitory synaptic current, pA; absent for neurons with delta synapses.
    pub current: Option<(f64, f64)>,
}

/// Takes the spikes of each epoch, in the order of [`Spike`], each spike exactly once.
///
/// Consecutive calls never go back in time, so the concatenation of all slices is sorted too.
pub trait SpikeSink {
    /// Takes the spikes of one epoch. The slice may be empty.
    fn take(&mut self, spikes: &[Spike]) -> Result<(), SinkError>;

    /// Takes probe rows, sorted by time and neuron, likewise never going back in time. Ignored by default.
    fn take_probes(&mut self, _rows: &[ProbeRow]) -> Result<(), SinkError> {
        Ok(())
    }
}

/// Keeps the spikes; for probes, too, see [`Recorded`].
impl SpikeSink for Vec<Spike> {
    fn take(&mut self, spikes: &[Spike]) -> Result<(), SinkError> {
        self.extend_from_slice(spikes);
        Ok(())
    }
}

/// Keeps all in memory.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recorded {
    /// In the order of [`Spike`].
    pub spikes: Vec<Spike>,
    /// By time and neuron.
    pub probes: Vec<ProbeRow>,
}

impl SpikeSink for Recorded {
    fn take(&mut self, spikes: &[Spike]) -> Result<(), SinkError> {
        self.spikes.extend_from_slice(spikes);
        Ok(())
    }

    fn take_probes(&mut self, rows: &[ProbeRow]) -> Result<(), SinkError> {
        self.probes.extend_from_slice(rows);
        Ok(())
    }
}

/// Drops every spike: for runs of which only the counters matter.
impl SpikeSink for () {
    fn take(&mut self, _: &[Spike]) -> Result<(), SinkError> {
        Ok(())
    }
}

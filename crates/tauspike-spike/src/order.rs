//! The one total order of arrivals at a neuron. Every engine, and the oracle, sorts by it and by nothing else.
//!
//! An *arrival* is a spike seen at its target: `time = spike time + delay`, rounded once to f64. Arrivals with equal time are
//! one event for the neuron: their effects are summed in this order, and only then is the threshold tested (as NEST's precise
//! models do). The order matters all the same, because f64 addition does not associate: with weights 1e16, -1e16 and 1 the sum
//! is 1 or 0. It uses what belongs to the arrival itself, never the order in which threads or epochs happened to produce it.
//!
//! What comes first at one instant:
//!
//! 1. a smaller `wave`: in a network with zero delays a spike can cause another at the same instant; the cause is applied first.
//!    Without zero delays every wave is 0;
//! 2. steps of an input current, then private external arrivals (inputs in the order of their declaration, each in the order of
//!    its own draws), then arrivals over synapses;
//! 3. among synapses, the smaller projection, then the earlier spike, then the smaller source and position in the fan-out row.
//!
//! See ADR 0002.

use std::cmp::Ordering;

/// Sort key of an arrival over a synapse. `Ord` is the total order of the module documentation.
#[derive(Clone, Copy, Debug)]
pub struct ArrivalOrder {
    /// Time at the target, ms: `spike_time + delay`.
    pub time: f64,
    /// Causal generation at this instant; 0 unless a zero delay is involved.
    pub wave: u32,
    /// Projection, in the order of declaration.
    pub projection: u32,
    /// Time at which the source fired, ms.
    pub spike_time: f64,
    /// Global index of the source.
    pub source: u32,
    /// Position in the fan-out row of (source, projection), all targets counted.
    pub position: u32,
}

impl PartialEq for ArrivalOrder {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for ArrivalOrder {}

impl PartialOrd for ArrivalOrder {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ArrivalOrder {
    fn cmp(&self, other: &Self) -> Ordering {
        self.time
            .total_cmp(&other.time)
            .then((self.wave, self.projection).cmp(&(other.wave, other.projection)))
            .then(self.spike_time.total_cmp(&other.spike_time))
            .then((self.source, self.position).cmp(&(other.source, other.position)))
    }
}

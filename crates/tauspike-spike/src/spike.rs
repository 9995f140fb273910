//! A spike and its order.
//!
//! Times are `f64` milliseconds since the start of the model (ADR 0001). They are never compared with a tolerance.

use std::cmp::Ordering;

/// One spike: the model time at which a neuron fired, and which neuron.
///
/// Ordered by time, then by neuron; this is the order in which spikes reach a [`crate::SpikeSink`].
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Spike {
    /// Model time, ms. Finite.
    pub time: f64,
    /// Global index of the neuron (or spike source) that fired: its population's first index plus its position in it.
    pub source: u32,
}

impl Eq for Spike {}

impl PartialOrd for Spike {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Spike {
    fn cmp(&self, other: &Self) -> Ordering {
        self.time.total_cmp(&other.time).then(self.source.cmp(&other.source))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_comes_before_source() {
        let early = Spike { time: 1.0, source: 9 };
        let late = Spike { time: 2.0, source: 0 };
        assert!(early < late);
        assert!(Spike { time: 1.0, source: 8 } < early);
    }
}

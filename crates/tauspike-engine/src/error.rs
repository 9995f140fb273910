//! Why a run could not start or go on.

use tauspike_network::distribution::short;
use tauspike_spike::SinkError;

/// Every message names the field, the value and what is allowed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// An option is out of range.
    #[error("{field}: {value} is not allowed; {allowed}")]
    Option {
        /// Which option.
        field: &'static str,
        /// Its value.
        value: String,
        /// What would be allowed.
        allowed: String,
    },
    /// The time to run to lies before the present or too far ahead.
    #[error("run until {} ms: must not be before the present, {now} ms, nor after 1e12 ms", short(*.until))]
    Until {
        /// What was asked for, ms.
        until: f64,
        /// Time of the simulation, ms.
        now: f64,
    },
    /// Spikes with zero delay cause each other without end at one instant.
    #[error(
        "at {time} ms spikes over zero-delay synapses cause each other without end ({waves} waves); \
         give the synapses a delay or the neurons a refractory time (t_ref > 0)"
    )]
    EndlessCascade {
        /// The instant, ms.
        time: f64,
        /// Waves followed before giving up.
        waves: u32,
    },
    /// A neuron fires without end, or more than 1e9 times a second by itself: its input drives it so hard that f64 ms cannot tell
    /// its spikes apart.
    #[error(
        "at {time} ms neuron {neuron} fires without end: its input drives it so hard that the time between two spikes is below \
         1e-6 ms; give it a refractory time (t_ref > 0) or weaker input"
    )]
    EndlessFiring {
        /// Global index.
        neuron: u32,
        /// ms.
        time: f64,
    },
    /// The weights that arrive at a neuron in an epoch sum up to more than its potential can be counted with.
    #[error(
        "at {time} ms the weights that may arrive at a neuron of the block of neuron {neuron} before the next exchange of spikes sum up to more \
         than 1e9 times its range of potentials; give it weaker synapses"
    )]
    Beyond {
        /// Global index of the first neuron of the block.
        neuron: u32,
        /// ms.
        time: f64,
    },
    /// An earlier run failed; this simulation cannot go on.
    #[error("the simulation ended at {time} ms: {reason}; begin anew or from a snapshot")]
    Terminated {
        /// Its model time, ms: all before has reached the sink.
        time: f64,
        /// What ended it.
        reason: String,
    },
    /// Another rank cannot be reached. The simulation cannot go on.
    #[error("exchange of spikes between ranks: {0}")]
    Exchange(String),
    /// The sink refused spikes. What it took before is unharmed; the simulation cannot go on.
    #[error(transparent)]
    Sink(#[from] SinkError),
}

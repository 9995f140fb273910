//! Why a run could not start or go on.

use tauspike_spike::SinkError;

/// Every message names the field, the value and what is allowed.
#[derive(Debug, thiserror::Error)]
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
    #[error("run until {until} ms: must not be before the present, {now} ms, nor after 1e12 ms")]
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
    /// The sink refused spikes. What it took before is unharmed; the simulation cannot go on.
    #[error(transparent)]
    Sink(#[from] SinkError),
}

//! What a network's work would cost: operations of a computer, and energy on a chip and in cortex, by what they are for.
//!
//! The noise of the model is not charged: it stands for what a device has for nothing. Recurrence, input and neurons are lines of their
//! own, and so is the readout, for one target: how many targets are read is not the network's.

use crate::cell::{Cell, Coding};
use tauspike_energy::published;
use tauspike_spike::Counters;

/// Operations of an elementary function, in multiply-adds.
const ELEMENTARY: u64 = 10;
/// Of an update of a membrane with two currents: three exponentials and six others.
const UPDATE: u64 = 3 * ELEMENTARY + 6;
/// Of a crossing time: five steps of two exponentials and ten others.
const CROSSING: u64 = 5 * (2 * ELEMENTARY + 10);

/// Multiply-adds, an elementary function counting as ten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operations {
    /// Of the network, without noise.
    pub network: u64,
    /// Of one linear readout of all neurons, at the samples that are read.
    pub readout: u64,
}

impl Operations {
    /// `inputs`: samples times dimensions of all stimuli, and `samples` without dimensions. A rate network makes, in each step and
    /// neuron, one for each synapse and input, two for the leak, and a tanh; a spiking one an update for each arrival.
    pub(crate) fn of(cell: &Cell, spiking: Option<&Spiking>, inputs: u64, samples: u64) -> Self {
        let n = u64::from(cell.n);
        let network = match spiking {
            None => n * (inputs + samples * (u64::from(cell.in_degree) + 2 + ELEMENTARY)),
            Some(s) => (s.recurrent_events + s.input_events) * (1 + UPDATE) + s.counters.crossings_solved * CROSSING,
        };
        Self { network, readout: n * samples / cell.reading.every as u64 }
    }
}

/// Counts and energy proxies of a spiking network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spiking {
    /// Mean over neurons, Hz.
    pub rate: f64,
    /// The engine's counts, noise and all.
    pub counters: Counters,
    /// Arrivals over recurrent synapses.
    pub recurrent_events: u64,
    /// Arrivals of the stimulus: of spikes, or of samples of a current.
    pub input_events: u64,
    /// Chip: recurrent arrivals, pJ.
    pub chip_recurrence: f64,
    /// Chip: arrivals of the stimulus, pJ.
    pub chip_input: f64,
    /// Chip: every neuron at every step of its clock, pJ.
    pub chip_neurons: f64,
    /// Chip: each spike to one target of a readout, pJ.
    pub chip_readout: f64,
    /// Cortex, molecules of ATP.
    pub metabolic: f64,
}

impl Spiking {
    pub(crate) fn of(counters: Counters, n: u32, coding: Coding, inputs: u64, model_time: f64) -> Self {
        let n = u64::from(n);
        // Sources of spikes reach every neuron.
        let by_spikes = counters.source_spikes * n;
        let recurrent_events = counters.synaptic_arrivals - by_spikes;
        let input_events = if coding == Coding::Current { inputs * n } else { by_spikes };
        let models = published();
        let model = |name: &str| models.iter().find(|model| model.name == name);
        let per_event = model("Loihi with neuron updates").map_or(f64::NAN, |chip| chip.per_synaptic_event);
        let clocked = |step: f64, cost: f64| n as f64 * model_time / step * cost;
        let neurons =
            model("Loihi with neuron updates").and_then(|c| Some(clocked(c.clock_step_ms?, c.per_neuron_update)));
        Self {
            rate: counters.spikes as f64 / (n as f64 * model_time * 1e-3),
            counters,
            recurrent_events,
            input_events,
            chip_recurrence: per_event * recurrent_events as f64,
            chip_input: per_event * input_events as f64,
            chip_neurons: neurons.unwrap_or(f64::NAN),
            chip_readout: per_event * counters.spikes as f64,
            metabolic: model("cortex").map_or(f64::NAN, |cortex| cortex.estimate(&counters, n, model_time).event_only),
        }
    }

    /// Chip without readout, pJ.
    pub fn chip(&self) -> f64 {
        self.chip_recurrence + self.chip_input + self.chip_neurons
    }
}

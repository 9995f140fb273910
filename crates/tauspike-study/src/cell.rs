//! One cell of a study: everything that determines one network and what is read from it, but its tasks.
//!
//! A cell is what is run; which experiment asks for it is said by the plan. Two experiments that ask for one cell get one run, and
//! every readout of a network is taken from one run of it.

use crate::profile::Profile;

/// What is run for one row of `networks.parquet`.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// How the time constants are spread.
    pub profile: Profile,
    /// Coefficient of variation asked for; 0 for the homogeneous profile.
    pub cv: f64,
    /// Mean time constant, ms.
    pub tau: f64,
    /// Smallest time constant, ms: a smaller draw is set to it.
    pub tau_min: f64,
    /// Number of neurons.
    pub n: u32,
    /// Recurrent synapses of each neuron; 0 for no recurrence.
    pub in_degree: u32,
    /// Seed of the stimulus, time constants, weights and noise: cells of one seed are pairs.
    pub seed: u64,
    /// The model and its parameters.
    pub model: Model,
    /// How it is read.
    pub reading: Reading,
}

/// How states are read, and what is different when a readout is tested from when it was fitted.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// One sample of so many is read: the network runs at the step of the stimulus.
    pub every: usize,
    /// Samples at the end of the training part that are fitted; all if there are fewer.
    pub train_samples: Option<usize>,
    /// Share of the neurons that are silent, and read as such, when the readout is tested.
    pub lost_neurons: f64,
    /// Share of the recurrent synapses that are absent when the readout is tested.
    pub lost_synapses: f64,
    /// When tested, each neuron's state counts, about its mean in training, 1 + this times a normal number of its own.
    pub drift: f64,
    /// Time constant of filtered spikes, ms.
    pub filter: f64,
    /// What is read from spiking networks, the first being the primary one.
    pub spiking: Vec<Readout>,
}

/// Every sample, all of the training part, nothing lost; of spiking networks filtered spikes and membranes.
impl Default for Reading {
    fn default() -> Self {
        let spiking = vec![Readout::Filtered, Readout::Membrane];
        Self { every: 1, train_samples: None, lost_neurons: 0.0, lost_synapses: 0.0, drift: 0.0, filter: 20.0, spiking }
    }
}

/// A reservoir.
#[derive(Clone, Debug, PartialEq)]
pub enum Model {
    /// Leaky integrators; see [`crate::li`].
    Li(Li),
    /// Leaky integrate-and-fire neurons; see [`crate::lif`].
    Lif(Lif),
}

/// Parameters of the rate model; all without unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Li {
    /// Radius of the disc that the eigenvalues of W fill as N grows.
    pub spectral_radius: f64,
    /// Input weights are uniform between minus and plus this, over sqrt(dimensions).
    pub input_weight: f64,
    /// Biases are uniform between minus and plus this.
    pub bias: f64,
    /// Standard deviation of the noise in the argument of tanh, in units of `input_weight`.
    pub noise: f64,
}

/// Parameters of the spiking model. Currents are stated by the depolarisation that they lead to when they last, in mV.
#[derive(Clone, Debug, PartialEq)]
pub struct Lif {
    /// Recurrent weights are normal with this standard deviation over sqrt(in-degree): height of the synaptic current, mV.
    pub weight: f64,
    /// As in [`Li::input_weight`], mV.
    pub input: f64,
    /// Mean constant depolarisation, mV; the threshold is 20 mV above rest.
    pub bias: f64,
    /// The constant depolarisation is uniform between minus and plus this about its mean, mV.
    pub bias_spread: f64,
    /// Standard deviation of the current noise, in units of `input`.
    pub noise: f64,
    /// Time constant of synaptic currents, ms.
    pub tau_syn: f64,
    /// Axonal delay, ms.
    pub delay: f64,
    /// How the stimulus arrives.
    pub coding: Coding,
    /// Mean rate, Hz, to which the bias is moved, of whatever profile the network is; the bias stays where it is if absent.
    pub rate: Option<f64>,
}

/// How a stimulus reaches the spiking model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Coding {
    /// A current, held for each step.
    Current,
    /// `sources` Poisson sources at max(0, `rate` (1 + u / 2)) Hz and as many at max(0, `rate` (1 - u / 2)), for each dimension; the
    /// latter with negative weight.
    Poisson {
        /// Sources of each sign.
        sources: u32,
        /// Hz, at u = 0.
        rate: f64,
    },
    /// Two sources for each dimension, for rises and falls by `delta`.
    SendOnDelta {
        /// In standard deviations of the stimulus.
        delta: f64,
    },
}

/// What is read at the end of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Readout {
    /// x of a leaky integrator.
    State,
    /// Sum over the past spikes of exp(-age / filter).
    Filtered,
    /// Membrane potentials, mV.
    Membrane,
}

impl Readout {
    /// "state", "filtered" or "membrane".
    pub fn name(self) -> &'static str {
        match self {
            Readout::State => "state",
            Readout::Filtered => "filtered",
            Readout::Membrane => "membrane",
        }
    }
}

impl Cell {
    /// "LI" or "LIF".
    pub fn model_name(&self) -> &'static str {
        match self.model {
            Model::Li(_) => "LI",
            Model::Lif(_) => "LIF",
        }
    }

    /// "current", "poisson" or "send_on_delta".
    pub fn coding_name(&self) -> &'static str {
        match &self.model {
            Model::Li(_) => "current",
            Model::Lif(lif) => match lif.coding {
                Coding::Current => "current",
                Coding::Poisson { .. } => "poisson",
                Coding::SendOnDelta { .. } => "send_on_delta",
            },
        }
    }

    /// What is read from it, the primary one first.
    pub fn readouts(&self) -> &[Readout] {
        match self.model {
            Model::Li(_) => &[Readout::State],
            Model::Lif(_) => &self.reading.spiking,
        }
    }

    /// Whether it is another network when it is tested from what it was in training.
    pub fn is_damaged(&self) -> bool {
        self.reading.lost_neurons > 0.0 || self.reading.lost_synapses > 0.0
    }
}

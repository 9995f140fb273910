//! One cell of a study: everything that determines one network and what is read from it, but its tasks.
//!
//! A cell is what is run; which experiment asks for it is said by a `Label` of the plan. Two experiments that ask for one cell
//! get one run.

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
    /// What is read.
    pub readout: Readout,
    /// Whether the bias is moved until the mean rate is that of the homogeneous network of the same seed.
    pub rate_matched: bool,
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

/// What is read from the spiking model at the end of each step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Readout {
    /// Membrane potentials, mV.
    Membrane,
    /// Sum over the past spikes of exp(-age / tau), tau in ms.
    Filtered {
        /// ms.
        tau: f64,
    },
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

    /// "state", "membrane" or "filtered".
    pub fn readout_name(&self) -> &'static str {
        match &self.model {
            Model::Li(_) => "state",
            Model::Lif(lif) => match lif.readout {
                Readout::Membrane => "membrane",
                Readout::Filtered { .. } => "filtered",
            },
        }
    }
}

//! Populations: contiguous ranges of neurons or spike sources, and their realised parameters.
//!
//! Names and units are those of NEST and PyNN.

use crate::describe::lif::{LIF, LifParameter, LifSpec, SynapseSpec};
use crate::describe::model::{Model, SynapseKind};
use crate::table::column::Column;
use std::ops::Range;
use std::sync::Arc;

pub use crate::describe::signal::Signal;

/// A contiguous range of global indices with one model.
#[derive(Clone, Debug)]
pub struct Population {
    /// Unique name.
    pub name: String,
    /// Global index of the first member.
    pub first: u32,
    /// Number of members, at least 1.
    pub size: u32,
    /// What the members are.
    pub cells: Cells,
}

impl Population {
    /// Global indices of the members.
    pub fn range(&self) -> Range<u32> {
        self.first..self.first + self.size
    }
}

/// What the members of a population are. Every column has one value per member.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "one per population, read in place")]
pub enum Cells {
    /// Leaky integrate-and-fire neurons.
    Lif(Lif),
    /// Sources that fire at given times.
    Trains(Arc<Vec<Vec<f64>>>),
    /// Sources that fire as independent Poisson processes.
    Poisson(Rate),
}

/// Parameters of leaky integrate-and-fire neurons, `tau_m dV/dt = -(V - E_L) + tau_m (I_e + I_syn) / C_m`.
#[derive(Clone, Debug)]
pub struct Lif {
    /// Membrane time constant, ms, > 0.
    pub tau_m: Column,
    /// Membrane capacitance, pF, > 0.
    pub c_m: Column,
    /// Resting potential, mV.
    pub e_l: Column,
    /// Whether it has a threshold; a leaky integrator has none and never fires.
    pub fires: bool,
    /// Threshold, mV; a neuron fires when V >= V_th. Infinite if it never fires.
    pub v_th: Column,
    /// Reset potential, mV, < V_th. Of no meaning if it never fires.
    pub v_reset: Column,
    /// Absolute refractory time, ms, >= 0. Of no meaning if it never fires.
    pub t_ref: Column,
    /// Constant current, pA.
    pub i_e: Column,
    /// Potential at time 0, mV. A neuron that starts at or above V_th fires at time 0.
    pub v_init: Column,
    /// How a synaptic arrival acts.
    pub synapse: Synapse,
}

impl Lif {
    /// Neurons with the columns that `column` gives for each row of the table of parameters.
    pub(crate) fn of<E>(
        spec: &LifSpec,
        column: impl Fn(&'static LifParameter) -> Result<Column, E>,
    ) -> Result<Self, E> {
        let of = |name| column(LifParameter::named(name).expect("a name of the table"));
        Ok(Self {
            tau_m: of("tau_m")?,
            c_m: of("c_m")?,
            e_l: of("e_l")?,
            fires: spec.fires,
            v_th: if spec.fires { of("v_th")? } else { Column::Shared(f64::INFINITY) },
            v_reset: of("v_reset")?,
            t_ref: of("t_ref")?,
            i_e: of("i_e")?,
            v_init: of("v_init")?,
            synapse: match &spec.synapse {
                SynapseSpec::Delta => Synapse::Delta,
                SynapseSpec::Exponential { .. } => {
                    Synapse::Exponential { tau_syn_ex: of("tau_syn_ex")?, tau_syn_in: of("tau_syn_in")? }
                }
                SynapseSpec::Alpha { .. } => {
                    Synapse::Alpha { tau_syn_ex: of("tau_syn_ex")?, tau_syn_in: of("tau_syn_in")? }
                }
            },
        })
    }

    /// The values of one parameter, if neurons of this kind have it.
    pub fn column(&self, parameter: &LifParameter) -> Option<&Column> {
        let synapse = self.synapse.tau_syn();
        if !parameter.is_had(self.fires, synapse.is_some()) {
            return None;
        }
        match parameter.name {
            "tau_m" => Some(&self.tau_m),
            "c_m" => Some(&self.c_m),
            "e_l" => Some(&self.e_l),
            "v_th" => Some(&self.v_th),
            "v_reset" => Some(&self.v_reset),
            "t_ref" => Some(&self.t_ref),
            "i_e" => Some(&self.i_e),
            "v_init" => Some(&self.v_init),
            "tau_syn_ex" => synapse.map(|(ex, _)| ex),
            "tau_syn_in" => synapse.map(|(_, inh)| inh),
            _ => None,
        }
    }

    /// The name of the model: `lif_exp`.
    pub fn model(&self) -> &'static str {
        Model::name(self.fires, self.synapse.kind())
    }

    /// All parameters that neurons of this kind have, in the order of [`LIF`], with their values.
    pub fn columns(&self) -> impl Iterator<Item = (&'static LifParameter, &Column)> {
        LIF.iter().filter_map(|parameter| Some((parameter, self.column(parameter)?)))
    }
}

impl Cells {
    /// The parameters that the members have each, under their keys in scenarios and tables (`tau_m_ms`).
    pub fn columns(&self) -> Vec<(&'static str, &Column)> {
        match self {
            Cells::Lif(lif) => lif.columns().map(|(parameter, column)| (parameter.key, column)).collect(),
            Cells::Trains(_) => Vec::new(),
            Cells::Poisson(rate) => vec![("rate_hz", &rate.base_hz)],
        }
    }

    /// Memory of what the members have each, bytes.
    pub(crate) fn bytes(&self) -> usize {
        let trains = match self {
            Cells::Trains(trains) => trains.iter().map(|train| size_of::<Vec<f64>>() + train.len() * 8).sum(),
            Cells::Lif(_) | Cells::Poisson(_) => 0,
        };
        trains + self.columns().iter().map(|(_, column)| column.bytes()).sum::<usize>()
    }
}

/// How an arrival of weight w acts on its target.
#[derive(Clone, Debug)]
pub enum Synapse {
    /// V jumps by w (mV); dropped while the neuron is refractory (NEST `iaf_psc_delta_ps`).
    Delta,
    /// A current jumps by w (pA) and decays exponentially: the excitatory one for w > 0, the inhibitory one for w < 0
    /// (NEST `iaf_psc_exp_ps`). It keeps accumulating and decaying while the neuron is refractory.
    Exponential {
        /// Time constant of the excitatory current, ms, > 0.
        tau_syn_ex: Column,
        /// Time constant of the inhibitory current, ms, > 0.
        tau_syn_in: Column,
    },
    /// A current of `w e s / tau_syn e^(-s / tau_syn)` follows, s ms after the arrival, w (pA) at its peak: an excitatory one for w > 0, an
    /// inhibitory one for w < 0 (NEST `iaf_psc_alpha_ps`). Currents go on while the neuron is refractory.
    Alpha {
        /// Time constant of the excitatory current, ms, > 0.
        tau_syn_ex: Column,
        /// Time constant of the inhibitory current, ms, > 0.
        tau_syn_in: Column,
    },
}

impl Synapse {
    /// What an arrival does.
    pub fn kind(&self) -> SynapseKind {
        match self {
            Synapse::Delta => SynapseKind::Delta,
            Synapse::Exponential { .. } => SynapseKind::Exponential,
            Synapse::Alpha { .. } => SynapseKind::Alpha,
        }
    }

    /// Time constants of the excitatory and of the inhibitory current, ms, if arrivals act through currents.
    pub fn tau_syn(&self) -> Option<(&Column, &Column)> {
        match self {
            Synapse::Delta => None,
            Synapse::Exponential { tau_syn_ex, tau_syn_in } | Synapse::Alpha { tau_syn_ex, tau_syn_in } => {
                Some((tau_syn_ex, tau_syn_in))
            }
        }
    }
}

/// The rate of Poisson processes: `base[i] * profile(t)`.
#[derive(Clone, Debug)]
pub struct Rate {
    /// Rate per member, Hz, >= 0.
    pub base_hz: Column,
    /// A factor >= 0 that changes with time; constant 1 if absent. Realised by thinning at `base * largest factor`.
    pub profile: Option<Arc<Signal>>,
    /// No event before this time, ms.
    pub start: f64,
    /// No event at or after this time, ms; may be infinite.
    pub stop: f64,
}

//! Populations: contiguous ranges of neurons or spike sources, and their realised parameters.
//!
//! Names and units are those of NEST and PyNN.

use crate::column::Column;
use std::ops::Range;
use std::sync::Arc;

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
    /// Threshold, mV; a neuron fires when V >= V_th.
    pub v_th: Column,
    /// Reset potential, mV, < V_th.
    pub v_reset: Column,
    /// Absolute refractory time, ms, >= 0.
    pub t_ref: Column,
    /// Constant current, pA.
    pub i_e: Column,
    /// Potential at time 0, mV. A neuron that starts at or above V_th fires at time 0.
    pub v_init: Column,
    /// How a synaptic arrival acts.
    pub synapse: Synapse,
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

/// A piecewise-constant signal: `values[k]` on `[times[k], times[k + 1])`, 0 before `times[0]`, the last value for ever after.
#[derive(Clone, Debug, PartialEq)]
pub struct Signal {
    /// Strictly increasing, ms, finite.
    pub times: Vec<f64>,
    /// One per time, finite.
    pub values: Vec<f64>,
}

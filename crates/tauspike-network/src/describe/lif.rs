//! The parameters of a LIF neuron: what a user may give, and the one table of what each is.
//!
//! Key, symbol, unit, range, default and meaning stand in [`LIF`] alone: the checks of the builder, the scenario file, the tables of
//! `inspect`, manifest and export read them from there. A new parameter takes
//!
//! 1. here: a field of [`LifSpec`] with its default, and a row of [`LIF`];
//! 2. `table/population.rs`: its column in `Lif`, in the two functions below it;
//! 3. the neuron that computes with it, and where the engine makes neurons of columns.

use crate::describe::model::{Model, SynapseKind};
use crate::describe::parameter::{Parameter, Range};

/// Leaky integrate-and-fire neurons. The defaults are those of NEST's `iaf_psc_delta`; V_reset and V_init follow E_L.
#[derive(Clone, Debug, PartialEq)]
pub struct LifSpec {
    /// Membrane time constant, ms, 1e-9 to 1e15. Default 10.
    pub tau_m: Parameter,
    /// Membrane capacitance, pF, 1e-9 to 1e15. Default 250.
    pub c_m: Parameter,
    /// Resting potential, mV. Default -70.
    pub e_l: Parameter,
    /// Whether there is a threshold. Without one it is a leaky integrator: it never fires, no synapse comes from it, and V_th, V_reset and
    /// t_ref mean nothing. Default true.
    pub fires: bool,
    /// Threshold, mV. Default -55.
    pub v_th: Parameter,
    /// Reset potential, mV, below V_th in every neuron. Default: E_L of the neuron.
    pub v_reset: Option<Parameter>,
    /// Absolute refractory time, ms, >= 0. Default 2.
    pub t_ref: Parameter,
    /// Constant current, pA. Default 0.
    pub i_e: Parameter,
    /// Potential at time 0, mV; a neuron that starts at or above V_th fires at time 0. Default: E_L of the neuron.
    pub v_init: Option<Parameter>,
    /// How an arrival acts. Default delta.
    pub synapse: SynapseSpec,
}

/// How an arrival acts on its target.
#[derive(Clone, Debug, PartialEq)]
pub enum SynapseSpec {
    /// V jumps by the weight, mV.
    Delta,
    /// An exponential current jumps by the weight, pA.
    Exponential {
        /// Time constant of the excitatory current, ms, 1e-9 to 1e15.
        tau_syn_ex: Parameter,
        /// Time constant of the inhibitory current, ms, 1e-9 to 1e15.
        tau_syn_in: Parameter,
    },
    /// A current rises to the weight, pA, in tau_syn and decays: `w e s / tau_syn e^(-s / tau_syn)` at s ms after the arrival.
    Alpha {
        /// Time constant of the excitatory current, ms, 1e-9 to 1e15.
        tau_syn_ex: Parameter,
        /// Time constant of the inhibitory current, ms, 1e-9 to 1e15.
        tau_syn_in: Parameter,
    },
}

impl SynapseSpec {
    /// What an arrival does.
    pub fn kind(&self) -> SynapseKind {
        match self {
            SynapseSpec::Delta => SynapseKind::Delta,
            SynapseSpec::Exponential { .. } => SynapseKind::Exponential,
            SynapseSpec::Alpha { .. } => SynapseKind::Alpha,
        }
    }

    /// Time constants of the excitatory and of the inhibitory current, if arrivals act through currents.
    pub fn tau_syn(&self) -> Option<(&Parameter, &Parameter)> {
        match self {
            SynapseSpec::Delta => None,
            SynapseSpec::Exponential { tau_syn_ex, tau_syn_in } | SynapseSpec::Alpha { tau_syn_ex, tau_syn_in } => {
                Some((tau_syn_ex, tau_syn_in))
            }
        }
    }

    fn tau_syn_mut(&mut self) -> Option<(&mut Parameter, &mut Parameter)> {
        match self {
            SynapseSpec::Delta => None,
            SynapseSpec::Exponential { tau_syn_ex, tau_syn_in } | SynapseSpec::Alpha { tau_syn_ex, tau_syn_in } => {
                Some((tau_syn_ex, tau_syn_in))
            }
        }
    }

    /// Exponential currents with the time constants of NEST's `iaf_psc_exp`, 2 ms.
    pub fn exponential() -> Self {
        SynapseSpec::Exponential { tau_syn_ex: default("tau_syn_ex"), tau_syn_in: default("tau_syn_in") }
    }

    /// Alpha functions with the time constants of NEST's `iaf_psc_alpha`, 2 ms.
    pub fn alpha() -> Self {
        SynapseSpec::Alpha { tau_syn_ex: default("tau_syn_ex"), tau_syn_in: default("tau_syn_in") }
    }
}

impl LifSpec {
    /// The name of the model: `lif_exp`.
    pub fn model(&self) -> &'static str {
        Model::name(self.fires, self.synapse.kind())
    }
}

impl From<&Model> for LifSpec {
    /// Neurons of this model with the default of every parameter.
    fn from(model: &Model) -> Self {
        let synapse = match model.synapse {
            SynapseKind::Delta => SynapseSpec::Delta,
            SynapseKind::Exponential => SynapseSpec::exponential(),
            SynapseKind::Alpha => SynapseSpec::alpha(),
        };
        Self { fires: model.fires, synapse, ..Self::default() }
    }
}

impl Default for LifSpec {
    fn default() -> Self {
        Self {
            tau_m: default("tau_m"),
            c_m: default("c_m"),
            e_l: default("e_l"),
            fires: true,
            v_th: default("v_th"),
            v_reset: None,
            t_ref: default("t_ref"),
            i_e: default("i_e"),
            v_init: None,
            synapse: SynapseSpec::Delta,
        }
    }
}

/// The value in [`LIF`] of a parameter that follows no other.
fn default(name: &str) -> Parameter {
    match LifParameter::named(name).map(|parameter| parameter.default) {
        Some(Unless::Value(value)) => Parameter::Value(value),
        _ => unreachable!("{name} has a value of its own"),
    }
}

/// One parameter of a LIF neuron: a row of [`LIF`].
#[derive(Clone, Copy, Debug)]
pub struct LifParameter {
    /// Its key in scenarios, parameter files and tables, which ends in the unit.
    pub key: &'static str,
    /// As fields and errors of this crate call it.
    pub name: &'static str,
    /// As NEST and the equations write it.
    pub symbol: &'static str,
    /// ms, pF, mV or pA.
    pub unit: &'static str,
    /// Which values it takes.
    pub range: Range,
    /// What it is if it is not given.
    pub default: Unless,
    /// What it is.
    pub meaning: &'static str,
    /// Part of what a seed means: never renumber.
    pub(crate) number: u32,
    field: fn(&LifSpec) -> Option<&Parameter>,
    set: fn(&mut LifSpec, Parameter),
}

/// What a parameter is unless it is given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Unless {
    /// This value, in the unit of the parameter.
    Value(f64),
    /// That of the parameter of this name in the same neuron.
    SameAs(&'static str),
}

/// Every parameter of a LIF neuron; the last two belong to synaptic currents alone, and V_th, V_reset and t_ref to neurons that fire.
pub static LIF: [LifParameter; 10] = [
    LifParameter {
        key: "tau_m_ms",
        name: "tau_m",
        symbol: "tau_m",
        unit: "ms",
        range: Range::Scale,
        meaning: "membrane time constant",
        number: 0,
        default: Unless::Value(10.0),
        field: |spec| Some(&spec.tau_m),
        set: |spec, value| spec.tau_m = value,
    },
    LifParameter {
        key: "c_m_pf",
        name: "c_m",
        symbol: "C_m",
        unit: "pF",
        range: Range::Scale,
        meaning: "membrane capacitance",
        number: 1,
        default: Unless::Value(250.0),
        field: |spec| Some(&spec.c_m),
        set: |spec, value| spec.c_m = value,
    },
    LifParameter {
        key: "e_l_mv",
        name: "e_l",
        symbol: "E_L",
        unit: "mV",
        range: Range::Potential,
        meaning: "resting potential",
        number: 2,
        default: Unless::Value(-70.0),
        field: |spec| Some(&spec.e_l),
        set: |spec, value| spec.e_l = value,
    },
    LifParameter {
        key: "v_th_mv",
        name: "v_th",
        symbol: "V_th",
        unit: "mV",
        range: Range::Potential,
        meaning: "threshold: a neuron fires when V >= V_th",
        number: 3,
        default: Unless::Value(-55.0),
        field: |spec| Some(&spec.v_th),
        set: |spec, value| spec.v_th = value,
    },
    LifParameter {
        key: "v_reset_mv",
        name: "v_reset",
        symbol: "V_reset",
        unit: "mV",
        range: Range::Potential,
        meaning: "potential after a spike, below V_th; E_L if not given",
        number: 4,
        default: Unless::SameAs("e_l"),
        field: |spec| spec.v_reset.as_ref(),
        set: |spec, value| spec.v_reset = Some(value),
    },
    LifParameter {
        key: "t_ref_ms",
        name: "t_ref",
        symbol: "t_ref",
        unit: "ms",
        range: Range::NotNegative,
        meaning: "refractory time, in which V stands at V_reset",
        number: 5,
        default: Unless::Value(2.0),
        field: |spec| Some(&spec.t_ref),
        set: |spec, value| spec.t_ref = value,
    },
    LifParameter {
        key: "i_e_pa",
        name: "i_e",
        symbol: "I_e",
        unit: "pA",
        range: Range::Finite,
        meaning: "constant current",
        number: 6,
        default: Unless::Value(0.0),
        field: |spec| Some(&spec.i_e),
        set: |spec, value| spec.i_e = value,
    },
    LifParameter {
        key: "v_init_mv",
        name: "v_init",
        symbol: "V_init",
        unit: "mV",
        range: Range::Potential,
        meaning: "potential at time 0; E_L if not given",
        number: 7,
        default: Unless::SameAs("e_l"),
        field: |spec| spec.v_init.as_ref(),
        set: |spec, value| spec.v_init = Some(value),
    },
    LifParameter {
        key: "tau_syn_ex_ms",
        name: "tau_syn_ex",
        symbol: "tau_syn_ex",
        unit: "ms",
        range: Range::Scale,
        meaning: "time constant of the excitatory synaptic current",
        number: 8,
        default: Unless::Value(2.0),
        field: |spec| spec.synapse.tau_syn().map(|(ex, _)| ex),
        set: |spec, value| {
            if let Some((ex, _)) = spec.synapse.tau_syn_mut() {
                *ex = value;
            }
        },
    },
    LifParameter {
        key: "tau_syn_in_ms",
        name: "tau_syn_in",
        symbol: "tau_syn_in",
        unit: "ms",
        range: Range::Scale,
        meaning: "time constant of the inhibitory synaptic current",
        number: 9,
        default: Unless::Value(2.0),
        field: |spec| spec.synapse.tau_syn().map(|(_, inh)| inh),
        set: |spec, value| {
            if let Some((_, inh)) = spec.synapse.tau_syn_mut() {
                *inh = value;
            }
        },
    },
];

impl LifParameter {
    /// The parameters of neurons of this kind, in the order of [`LIF`].
    pub fn of(spec: &LifSpec) -> impl Iterator<Item = &'static LifParameter> + use<> {
        let (fires, currents) = (spec.fires, spec.synapse.tau_syn().is_some());
        LIF.iter().filter(move |row| row.is_had(fires, currents))
    }

    /// Whether neurons have it that fire, or not, and that have synaptic currents, or not.
    pub(crate) fn is_had(&self, fires: bool, currents: bool) -> bool {
        match self.name {
            "v_th" | "v_reset" | "t_ref" => fires,
            "tau_syn_ex" | "tau_syn_in" => currents,
            _ => true,
        }
    }

    /// The row of this name: `tau_m`.
    pub fn named(name: &str) -> Option<&'static LifParameter> {
        LIF.iter().find(|row| row.name == name)
    }

    /// What `spec` gives for it, if it does.
    pub fn given<'s>(&self, spec: &'s LifSpec) -> Option<&'s Parameter> {
        (self.field)(spec)
    }

    /// Where its value comes from: itself if it is given, else the parameter which it follows.
    pub(crate) fn source(&'static self, spec: &LifSpec) -> &'static LifParameter {
        match (self.given(spec), self.default) {
            (None, Unless::SameAs(other)) => LifParameter::named(other).unwrap_or(self),
            _ => self,
        }
    }

    /// What is asked for: what is given, or what is given for the parameter which it follows.
    ///
    /// # Panics
    /// If neurons of this kind do not have it.
    pub fn asked<'s>(&'static self, spec: &'s LifSpec) -> &'s Parameter {
        self.source(spec).given(spec).expect("a parameter of neurons of this kind")
    }

    /// Puts `value` into `spec`.
    pub fn give(&self, spec: &mut LifSpec, value: Parameter) {
        (self.set)(spec, value);
    }
}

#[cfg(test)]
mod tests;

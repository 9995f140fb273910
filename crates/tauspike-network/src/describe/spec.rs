//! What a user describes: populations, projections and inputs before anything is drawn. Checked by the builder, not here.

use crate::describe::lif::LifParameter;
use crate::describe::parameter::Parameter;
use crate::describe::rule::Rule;
use crate::describe::signal::Signal;
use std::sync::Arc;

pub use crate::describe::lif::{LifSpec, SynapseSpec};

/// A population of a [`crate::builder::NetworkBuilder`]. In another builder it means whatever population was declared at the same place there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PopulationId(pub(crate) u32);

impl PopulationId {
    /// Position of the population in the order of declaration.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What the members of a population are.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "one per population")]
pub enum CellsSpec {
    /// Leaky integrate-and-fire neurons.
    Lif(LifSpec),
    /// Sources that fire at given times, ms: one ascending train per member.
    Trains(Arc<Vec<Vec<f64>>>),
    /// Sources that fire as independent Poisson processes.
    Poisson(RateSpec),
}

impl CellsSpec {
    /// What is asked for of each parameter, under its key in scenarios and tables (`tau_m_ms`), in the order of
    /// [`crate::population::Cells::columns`].
    pub fn parameters(&self) -> Vec<(&'static str, &Parameter)> {
        match self {
            CellsSpec::Lif(spec) => LifParameter::of(spec).map(|row| (row.key, row.asked(spec))).collect(),
            CellsSpec::Trains(_) => Vec::new(),
            CellsSpec::Poisson(rate) => vec![("rate_hz", &rate.base_hz)],
        }
    }
}

impl From<LifSpec> for CellsSpec {
    fn from(spec: LifSpec) -> Self {
        CellsSpec::Lif(spec)
    }
}

impl From<RateSpec> for CellsSpec {
    fn from(spec: RateSpec) -> Self {
        CellsSpec::Poisson(spec)
    }
}

impl From<Vec<Vec<f64>>> for CellsSpec {
    fn from(trains: Vec<Vec<f64>>) -> Self {
        CellsSpec::Trains(Arc::new(trains))
    }
}

/// The rate of Poisson processes.
#[derive(Clone, Debug, PartialEq)]
pub struct RateSpec {
    /// Rate of each member, Hz, >= 0.
    pub base_hz: Parameter,
    /// A factor >= 0 that changes with time; 1 if absent.
    pub profile: Option<Arc<Signal>>,
    /// No event before this time, ms, >= 0.
    pub start: f64,
    /// No event at or after this time, ms; may be infinite.
    pub stop: f64,
}

impl RateSpec {
    /// Constant in time, from 0 for ever. `base_hz` in Hz.
    pub fn constant(base_hz: impl Into<Parameter>) -> Self {
        Self { base_hz: base_hz.into(), profile: None, start: 0.0, stop: f64::INFINITY }
    }
}

/// Synapses from one population to another.
#[derive(Clone, Debug, PartialEq)]
pub struct ProjectionSpec {
    /// Unique name.
    pub name: String,
    /// Where the spikes come from.
    pub source: PopulationId,
    /// Where they arrive: LIF neurons.
    pub target: PopulationId,
    /// Which pairs are joined.
    pub rule: Rule,
    /// Whether a neuron may be joined to itself.
    pub autapses: bool,
    /// Whether a pair may be joined more than once.
    pub multapses: bool,
    /// Weight, mV or pA, of either sign: a value or a distribution, drawn per synapse and rounded to f32. `None` if the explicit
    /// list has its own.
    pub weight: Option<Parameter>,
    /// Delay, ms, >= 0: a value or a distribution, drawn per synapse and rounded to f32. A distribution that can reach 0 or
    /// below is truncated at mean / 20 unless it has a `min`. `None` if the explicit list has its own.
    pub delay: Option<Parameter>,
    /// Rounds each drawn delay to the nearest multiple of this, ms, instead of to f32, as clock-driven simulators do. A delay
    /// is at least one step unless the distribution says `min = 0`, and at most 65535 steps.
    pub round_to: Option<f64>,
    /// Keeps no synapse in memory: the row of a source is drawn anew whenever it fires. The same synapses as if they were stored.
    /// Needs [`Rule::FixedOutDegree`], whose rows follow from the source alone, one delay, and a weight that is a value or a
    /// distribution bounded by `min` and `max`.
    pub procedural: bool,
}

impl ProjectionSpec {
    /// One value of weight and delay for all synapses; autapses and multapses allowed (as in NEST).
    pub fn new(name: impl Into<String>, (source, target): (PopulationId, PopulationId), rule: Rule) -> Self {
        let name = name.into();
        Self {
            name,
            source,
            target,
            rule,
            autapses: true,
            multapses: true,
            weight: None,
            delay: None,
            round_to: None,
            procedural: false,
        }
    }

    /// Sets the weight, mV or pA.
    pub fn weight(self, weight: impl Into<Parameter>) -> Self {
        Self { weight: Some(weight.into()), ..self }
    }

    /// Sets the delay, ms.
    pub fn delay(self, delay: impl Into<Parameter>) -> Self {
        Self { delay: Some(delay.into()), ..self }
    }

    /// Forbids autapses.
    pub fn without_autapses(self) -> Self {
        Self { autapses: false, ..self }
    }

    /// Draws rows when they are needed instead of storing them.
    pub fn procedural(self) -> Self {
        Self { procedural: true, ..self }
    }

    /// Forbids multapses.
    pub fn without_multapses(self) -> Self {
        Self { multapses: false, ..self }
    }
}

/// An input that belongs to its target neurons.
#[derive(Clone, Debug, PartialEq)]
pub struct InputSpec {
    /// Unique name.
    pub name: String,
    /// The target population: LIF neurons.
    pub population: PopulationId,
    /// Positions in the population, strictly increasing; every member if absent.
    pub members: Option<Vec<u32>>,
    /// What arrives. `PerMember` parameters have one value per entry of `members`.
    pub drive: DriveSpec,
}

/// What an input brings to each of its members.
#[derive(Clone, Debug, PartialEq)]
pub enum DriveSpec {
    /// A private Poisson train per member.
    Poisson {
        /// Rate of each member's train.
        rate: RateSpec,
        /// Weight, mV or pA.
        weight: Parameter,
    },
    /// `scale * signal(t)`, added to I_e.
    Current {
        /// The signal, pA before scaling.
        signal: Arc<Signal>,
        /// Factor per member.
        scale: Parameter,
    },
}

//! What a list of synapses is, and what it must fit.

/// Synapses, one per position. Every index is below the size of its population, every number is finite.
#[derive(Clone, Debug, PartialEq)]
pub struct SynapseColumns {
    /// Position of the source in the pre population.
    pub pre: Vec<u32>,
    /// Position of the target in the post population.
    pub post: Vec<u32>,
    /// Weight, mV (delta synapses) or pA (current synapses); absent if the file has none.
    pub weight: Option<Vec<f64>>,
    /// Delay, ms, >= 0; absent if the file has none.
    pub delay: Option<Vec<f64>>,
}

/// The unit in which the target's synapses take a weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WeightUnit {
    /// mV: a jump of the membrane potential. A column may be called `weight` or `weight_mv`.
    Millivolt,
    /// pA: a jump of the synaptic current. A column may be called `weight` or `weight_pa`.
    Picoampere,
}

impl WeightUnit {
    /// `weight_mv` or `weight_pa`: a key or column that says it.
    pub fn key(self) -> &'static str {
        self.names()[1]
    }

    pub(crate) fn names(self) -> &'static [&'static str] {
        match self {
            WeightUnit::Millivolt => &["weight", "weight_mv"],
            WeightUnit::Picoampere => &["weight", "weight_pa"],
        }
    }
}

/// What a synapse list must fit.
#[derive(Clone, Copy, Debug)]
pub struct SynapseShape {
    /// Size of the pre population; every `pre` is below it.
    pub n_pre: u32,
    /// Size of the post population; every `post` is below it.
    pub n_post: u32,
    /// Unit of the weights.
    pub unit: WeightUnit,
}

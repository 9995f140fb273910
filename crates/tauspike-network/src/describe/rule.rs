//! Connection rules: which source is joined to which target.
//!
//! Names and meaning are those of NEST and PyNN. What a rule draws is keyed by projection and target (by projection and source
//! for [`Rule::FixedOutDegree`]), so the synapses do not depend on how the targets are divided into blocks.

/// Which pairs of a projection get a synapse.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// Every target gets this many synapses, from sources drawn uniformly.
    FixedInDegree(u32),
    /// Every source gets this many synapses, to targets drawn uniformly.
    FixedOutDegree(u32),
    /// This many synapses in all, between pairs drawn uniformly.
    FixedTotal(u64),
    /// Each pair independently with this probability.
    PairwiseBernoulli(f64),
    /// Source i to target i; both populations have the same size.
    OneToOne,
    /// Every pair.
    AllToAll,
    /// The synapses listed.
    Explicit(SynapseList),
}

/// Synapses one by one. Positions count from 0 in the source and in the target population.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SynapseList {
    /// Position of each source.
    pub pre: Vec<u32>,
    /// Position of each target.
    pub post: Vec<u32>,
    /// Weight of each, mV or pA; if absent, the projection's.
    pub weight: Option<Vec<f64>>,
    /// Delay of each, ms; if absent, the projection's.
    pub delay: Option<Vec<f64>>,
}

impl SynapseList {
    /// Number of synapses.
    pub fn len(&self) -> usize {
        self.pre.len()
    }

    /// True if there is no synapse.
    pub fn is_empty(&self) -> bool {
        self.pre.is_empty()
    }
}

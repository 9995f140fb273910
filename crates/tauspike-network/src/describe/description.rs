//! All that a user has said so far.

use crate::describe::rule::Rule;
use crate::describe::spec::{CellsSpec, InputSpec, ProjectionSpec};

/// A network in description.
#[derive(Clone, Debug)]
pub(crate) struct Description {
    pub(crate) seed: u64,
    pub(crate) populations: Vec<PopulationSpec>,
    pub(crate) projections: Vec<ProjectionSpec>,
    pub(crate) inputs: Vec<InputSpec>,
    /// Neurons per block; chosen by size and in-degree if absent.
    pub(crate) block_size: Option<u32>,
}

#[derive(Clone, Debug)]
pub(crate) struct PopulationSpec {
    pub(crate) name: String,
    pub(crate) size: u32,
    pub(crate) cells: CellsSpec,
}

impl PopulationSpec {
    /// As errors call it.
    pub(crate) fn owner(&self) -> String {
        format!("population \"{}\"", self.name)
    }
}

impl ProjectionSpec {
    /// As errors call it.
    pub(crate) fn owner(&self) -> String {
        format!("projection \"{}\"", self.name)
    }

    /// A population projects to itself, and autapses are forbidden.
    pub(crate) fn excludes_self(&self) -> bool {
        !self.autapses && self.source == self.target
    }
}

impl InputSpec {
    /// As errors call it.
    pub(crate) fn owner(&self) -> String {
        format!("input \"{}\"", self.name)
    }
}

impl CellsSpec {
    pub(crate) fn has_currents(&self) -> bool {
        matches!(self, CellsSpec::Lif(spec) if spec.synapse.tau_syn().is_some())
    }
}

impl Description {
    /// Size of a population; 0 if there is none of this index.
    pub(crate) fn size(&self, population: usize) -> u32 {
        self.populations.get(population).map_or(0, |p| p.size)
    }

    /// Members that an input drives.
    pub(crate) fn members(&self, input: &InputSpec) -> u64 {
        let all = u64::from(self.size(input.population.index()));
        input.members.as_ref().map_or(all, |members| members.len() as u64)
    }

    /// Exact for every rule but pairwise Bernoulli.
    pub(crate) fn expected_synapses(&self, spec: &ProjectionSpec) -> f64 {
        let size = |population: usize| f64::from(self.size(population));
        let (sources, targets) = (size(spec.source.index()), size(spec.target.index()));
        let candidates = if spec.excludes_self() { sources - 1.0 } else { sources };
        match &spec.rule {
            Rule::FixedInDegree(degree) => targets * f64::from(*degree),
            Rule::FixedOutDegree(degree) => sources * f64::from(*degree),
            Rule::FixedTotal(total) => *total as f64,
            Rule::PairwiseBernoulli(p) => p * targets * candidates,
            Rule::OneToOne => targets,
            Rule::AllToAll => targets * candidates,
            Rule::Explicit(list) => list.len() as f64,
        }
    }
}

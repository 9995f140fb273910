//! From a description to a [`Network`]: check everything, predict the size, draw the parameters, fill the fan-out table.
//!
//! The network depends on the description and the seed alone: not on threads, not on the block size.

use crate::count::{Total, split_total};
use crate::error::NetworkError;
use crate::fanout::{Block, FanOut, Projection, Rows};
use crate::input::Input;
use crate::network::Network;
use crate::parallel;
use crate::partners::{ByTarget, Choice, Partners};
use crate::population::Population;
use crate::rule::Rule;
use crate::spec::{CellsSpec, InputSpec, PopulationId, ProjectionSpec};
use crate::synapse_value::{Values, delays, weights};
use crate::table::{Plan, PlanRule, all_by_source, block_by_target, extent};
use crate::{placement, realise, validate};
use tauspike_spike::Domain;

/// A network in description.
#[derive(Clone, Debug)]
pub struct NetworkBuilder {
    pub(crate) seed: u64,
    pub(crate) populations: Vec<PopulationSpec>,
    pub(crate) projections: Vec<ProjectionSpec>,
    pub(crate) inputs: Vec<InputSpec>,
    pub(crate) block_size: Option<u32>,
}

#[derive(Clone, Debug)]
pub(crate) struct PopulationSpec {
    pub(crate) name: String,
    pub(crate) size: u32,
    pub(crate) cells: CellsSpec,
}

/// How to build; nothing here changes the network.
#[derive(Clone, Copy, Debug)]
pub struct BuildOptions {
    /// Number of threads; 0 counts as 1.
    pub threads: usize,
    /// Refuse a network whose [`NetworkBuilder::predict`] exceeds this, bytes.
    pub memory_limit: Option<u64>,
}

impl Default for BuildOptions {
    fn default() -> Self {
        Self { threads: 1, memory_limit: None }
    }
}

impl NetworkBuilder {
    /// An empty description. Every random draw of the network and its inputs is keyed by `seed`.
    pub fn new(seed: u64) -> Self {
        Self { seed, populations: Vec::new(), projections: Vec::new(), inputs: Vec::new(), block_size: None }
    }

    /// Adds a population of `size` members; global indices follow the order of declaration.
    pub fn population(&mut self, name: impl Into<String>, size: u32, cells: impl Into<CellsSpec>) -> PopulationId {
        self.populations.push(PopulationSpec { name: name.into(), size, cells: cells.into() });
        PopulationId(self.populations.len() as u32 - 1)
    }

    /// Adds a projection.
    pub fn project(&mut self, projection: ProjectionSpec) {
        self.projections.push(projection);
    }

    /// Adds an input.
    pub fn input(&mut self, input: InputSpec) {
        self.inputs.push(input);
    }

    /// Neurons per block, clamped to 1 ..= [`crate::fanout::MAX_BLOCK`]; `None` to choose by size and in-degree.
    pub fn block_size(&mut self, size: Option<u32>) {
        self.block_size = size.map(|s| s.clamp(1, crate::fanout::MAX_BLOCK));
    }

    /// What the population with this index, in the order of declaration, consists of.
    pub fn cells(&self, population: usize) -> Option<&CellsSpec> {
        self.populations.get(population).map(|population| &population.cells)
    }

    /// Checks everything that can be wrong, drawn parameters of neurons and inputs included. No synapse is drawn.
    ///
    /// # Errors
    /// The first thing that is wrong, by population or projection, field and value, with what is allowed.
    pub fn validate(&self) -> Result<(), NetworkError> {
        validate::description(self)?;
        let populations = self.realise_populations()?;
        self.realise_inputs(&populations).map(|_| ())
    }

    /// Builds the network.
    ///
    /// # Errors
    /// As [`NetworkBuilder::validate`], or [`NetworkError::Memory`], before a synapse is drawn; a drawn weight or delay beyond
    /// the range of f32, or more than 2^32 synapses of one projection onto one block, while they are drawn.
    pub fn build(self, options: &BuildOptions) -> Result<Network, NetworkError> {
        validate::description(&self)?;
        let predicted = self.predict().bytes;
        if let Some(limit) = options.memory_limit.filter(|limit| predicted > *limit) {
            return Err(NetworkError::Memory { predicted, limit });
        }
        let populations = self.realise_populations()?;
        let sizes: Vec<u32> = (0..populations.len()).map(|p| self.block_size_of(p)).collect();
        let blocks: Vec<Block> = (0..)
            .zip(&populations)
            .zip(&sizes)
            .flat_map(|((index, p), size)| placement::blocks(index, p, *size))
            .collect();
        let inputs = self.realise_inputs(&populations)?;
        let projections = self.tables(&sizes, options.threads.max(1))?;
        Ok(Network { seed: self.seed, populations, blocks, projections, inputs })
    }

    fn realise_populations(&self) -> Result<Vec<Population>, NetworkError> {
        let mut first = 0;
        let mut populations = Vec::with_capacity(self.populations.len());
        for (index, spec) in (0..).zip(&self.populations) {
            populations.push(realise::population((index, &spec.name, spec.size), &spec.cells, first, self.seed)?);
            first += spec.size;
        }
        Ok(populations)
    }

    fn realise_inputs(&self, populations: &[Population]) -> Result<Vec<Input>, NetworkError> {
        let size = |spec: &InputSpec| populations[spec.population.index()].size;
        (0..).zip(&self.inputs).map(|(index, spec)| realise::input(index, spec, size(spec), self.seed)).collect()
    }

    /// Rules that go by target give one task per block, of all projections together; those that go by source are done one
    /// projection at a time.
    fn tables(&self, block_sizes: &[u32], threads: usize) -> Result<Vec<Projection>, NetworkError> {
        let plans: Vec<Plan> =
            (0..).zip(&self.projections).map(|(ordinal, spec)| self.plan(ordinal, spec)).collect::<Result<_, _>>()?;
        let mut tasks = Vec::new();
        for (p, spec) in self.projections.iter().enumerate() {
            if let PlanRule::ByTarget(partners) = &plans[p].rule {
                let (targets, size) = (self.populations[spec.target.index()].size, block_sizes[spec.target.index()]);
                let blocks = (0..targets).step_by(size as usize).map(|t| t..targets.min(t.saturating_add(size)));
                tasks.extend(blocks.map(|block| (p, partners, block)));
            }
        }
        let built = parallel::map(threads, tasks, |(p, partners, block)| {
            block_by_target(&plans[p], partners, block).map(|rows| (p, rows))
        });
        let mut rows: Vec<Vec<Rows>> = vec![Vec::new(); plans.len()];
        for result in built {
            let (p, block) = result?;
            rows[p].push(block);
        }
        let mut rows = rows.into_iter();
        let mut projections = Vec::with_capacity(plans.len());
        for (spec, plan) in self.projections.iter().zip(plans) {
            let (size, stored) = (block_sizes[spec.target.index()], rows.next().unwrap_or_default());
            let fan_out = match plan.rule {
                PlanRule::ByTarget(_) => FanOut::Stored(stored),
                PlanRule::BySource(degree) if spec.procedural => FanOut::Procedural(plan.procedural(degree, size)?),
                PlanRule::BySource(degree) => FanOut::Stored(all_by_source(&plan, degree, size, threads)?),
            };
            projections.push(finish(spec, fan_out)?);
        }
        Ok(projections)
    }

    fn plan<'a>(&self, ordinal: u32, spec: &'a ProjectionSpec) -> Result<Plan<'a>, NetworkError> {
        let sources = self.populations[spec.source.index()].size;
        let targets = self.populations[spec.target.index()].size;
        let domain = Domain::partners(ordinal);
        let by_source = matches!(spec.rule, Rule::FixedOutDegree(_));
        let choice = Choice {
            seed: self.seed,
            domain,
            population: if by_source { targets } else { sources },
            excludes_self: spec.excludes_self(),
            multapses: spec.multapses,
        };
        let rule = PlanRule::ByTarget(match &spec.rule {
            Rule::FixedInDegree(degree) => Partners::InDegree(*degree),
            Rule::FixedTotal(total) => {
                let candidates = u64::from(choice.candidates());
                let rule = Total { seed: self.seed, domain, sources: candidates, multapses: spec.multapses };
                let mut degrees = vec![0; targets as usize];
                split_total(&rule, *total, &mut degrees);
                Partners::InDegrees(degrees)
            }
            Rule::PairwiseBernoulli(p) => Partners::Bernoulli(*p),
            Rule::OneToOne => Partners::OneToOne,
            Rule::AllToAll => Partners::AllToAll,
            Rule::Explicit(list) => Partners::Listed(ByTarget::new(list, targets)),
            Rule::FixedOutDegree(degree) => {
                let (weights, delays) = spec.values(self.seed, ordinal)?;
                let rule = PlanRule::BySource(*degree);
                return Ok(Plan { place: spec.place(), sources, choice, rule, weights, delays });
            }
        });
        let (weights, delays) = spec.values(self.seed, ordinal)?;
        Ok(Plan { place: spec.place(), sources, choice, rule, weights, delays })
    }
}

impl ProjectionSpec {
    pub(crate) fn place(&self) -> String {
        format!("projection \"{}\"", self.name)
    }

    /// A population projects to itself, and autapses are forbidden.
    pub(crate) fn excludes_self(&self) -> bool {
        !self.autapses && self.source == self.target
    }

    /// Weights and delays, checked.
    pub(crate) fn values(&self, seed: u64, ordinal: u32) -> Result<(Values<'_>, Values<'_>), NetworkError> {
        let (weight, delay) = match &self.rule {
            Rule::Explicit(list) => (list.weight.as_deref(), list.delay.as_deref()),
            _ => (None, None),
        };
        let place = self.place();
        Ok((
            weights(self, weight, &place, (seed, Domain::weight(ordinal)))?,
            delays(self, delay, &place, (seed, Domain::delay(ordinal)))?,
        ))
    }
}

fn finish(spec: &ProjectionSpec, fan_out: FanOut) -> Result<Projection, NetworkError> {
    let (min_delay, max_delay) = match &fan_out {
        FanOut::Stored(blocks) => delays_of(&spec.place(), blocks)?,
        FanOut::Procedural(procedural) if procedural.synapses() > 0 => (procedural.delay(), procedural.delay()),
        FanOut::Procedural(_) => (f64::INFINITY, 0.0),
    };
    let (name, source, target) = (spec.name.clone(), spec.source.0, spec.target.0);
    Ok(Projection { name, source, target, fan_out, min_delay, max_delay })
}

/// Smallest and largest delay, all weights and delays having been found finite.
fn delays_of(place: &str, blocks: &[Rows]) -> Result<(f64, f64), NetworkError> {
    let (mut min_delay, mut max_delay) = (f64::INFINITY, 0.0f64);
    for block in blocks {
        for (field, column) in [("weight", &block.weights), ("delay", &block.delays)] {
            let (low, high) = extent(column, block.targets.len());
            if let Some(value) = [low, high].into_iter().find(|v| !v.is_finite() && !block.targets.is_empty()) {
                return Err(NetworkError::value(place, field, value, "draws within the range of f32"));
            }
            if field == "delay" {
                (min_delay, max_delay) = (min_delay.min(low), max_delay.max(high));
            }
        }
    }
    Ok((min_delay, max_delay))
}

#[cfg(test)]
mod tests;

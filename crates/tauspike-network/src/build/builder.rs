//! The builder: what a user talks to.
//!
//! The network depends on the description and the seed alone: not on threads, not on the block size, not on which blocks are asked for.

use crate::build::drive::Drives;
use crate::build::layout::Layout;
use crate::build::predict::{self, Prediction};
use crate::build::realise::Realised;
use crate::build::shared::SharedSynapses;
use crate::build::tables::Tables;
use crate::build::{validate, values};
use crate::describe::cut::{self, Cut};
use crate::describe::description::{Description, PopulationSpec};
use crate::describe::spec::{CellsSpec, InputSpec, PopulationId, ProjectionSpec};
use crate::error::NetworkError;
use crate::table::fanout::{Block, MAX_BLOCK};
use crate::table::network::Network;
use std::num::NonZeroUsize;
use std::sync::Arc;

/// A network in description.
#[derive(Clone, Debug)]
pub struct NetworkBuilder {
    description: Description,
}

/// How to build; nothing here changes the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BuildOptions {
    /// Number of threads that build it, and that it is divided for ([`Network::blocks`]): a simulation finds no work for more. 0 counts as 1;
    /// by default as many as there are cores.
    pub threads: usize,
    /// Number of processes that build a part each ([`NetworkBuilder::build_part`]), with so many threads each. 0 counts as 1.
    pub ranks: usize,
    /// Refuse a network whose [`NetworkBuilder::predict`] exceeds this, bytes; none for no limit. By default what the system says is available
    /// ([`available_memory`]): who takes more is ended by it, without an error.
    pub memory_limit: Option<u64>,
}

impl Default for BuildOptions {
    fn default() -> Self {
        let threads = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Self { threads, ranks: 1, memory_limit: available_memory() }
    }
}

/// Bytes that can be taken without swapping, by the kernel's estimate; `None` where there is no `/proc/meminfo`.
pub fn available_memory() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

impl BuildOptions {
    /// Threads of all processes.
    fn all_threads(&self) -> usize {
        self.threads.max(1).saturating_mul(self.ranks.max(1))
    }
}

impl NetworkBuilder {
    /// An empty description. Every random draw of the network and its inputs is keyed by `seed`.
    pub fn new(seed: u64) -> Self {
        let (populations, projections, inputs) = (Vec::new(), Vec::new(), Vec::new());
        Self { description: Description { seed, populations, projections, inputs, block_size: None } }
    }

    /// Adds a population of `size` members; global indices follow the order of declaration.
    pub fn population(&mut self, name: impl Into<String>, size: u32, cells: impl Into<CellsSpec>) -> PopulationId {
        let populations = &mut self.description.populations;
        populations.push(PopulationSpec { name: name.into(), size, cells: cells.into() });
        PopulationId(populations.len() as u32 - 1)
    }

    /// Adds a projection.
    pub fn project(&mut self, projection: ProjectionSpec) {
        self.description.projections.push(projection);
    }

    /// Adds an input.
    pub fn input(&mut self, input: InputSpec) {
        self.description.inputs.push(input);
    }

    /// Neurons per block, clamped to 1 ..= [`MAX_BLOCK`]; `None` for as many blocks as there are threads, where these are enough.
    pub fn block_size(&mut self, size: Option<u32>) {
        self.description.block_size = size.map(|s| s.clamp(1, MAX_BLOCK));
    }

    /// What the population with this index, in the order of declaration, consists of.
    pub fn cells(&self, population: usize) -> Option<&CellsSpec> {
        self.description.populations.get(population).map(|population| &population.cells)
    }

    /// Drawn parameters whose moments are others than those asked for, because they are kept positive.
    pub fn cuts(&self) -> Vec<Cut> {
        cut::cuts(&self.description)
    }

    /// The blocks that the network will have ([`Network::blocks`]), for dividing them among several builds with the same options.
    pub fn blocks(&self, options: &BuildOptions) -> Vec<Block> {
        Layout::of(&self.description, options.all_threads(), |_| true).blocks
    }

    /// Expected neurons, synapses and memory, by default options. Meaningful for a description that [`NetworkBuilder::validate`] accepts.
    pub fn predict(&self) -> Prediction {
        let threads = BuildOptions::default().threads;
        predict::size(&self.description, &Layout::of(&self.description, threads, |_| true))
    }

    /// As [`NetworkBuilder::predict`], of a [part](NetworkBuilder::build_part): its memory, and the neurons and synapses of the whole.
    pub fn predict_part(&self, options: &BuildOptions, asked: impl Fn(usize) -> bool) -> Prediction {
        predict::size(&self.description, &Layout::of(&self.description, options.all_threads(), asked))
    }

    /// Checks everything that can be wrong, drawn parameters of neurons and inputs included. No synapse is drawn.
    ///
    /// # Errors
    /// The first thing that is wrong, by population or projection, field and value, with what is allowed.
    pub fn validate(&self) -> Result<(), NetworkError> {
        validate::description(&self.description)?;
        let realised = Realised::of(&self.description)?;
        let drives = Drives::of(&self.description, &realised)?;
        self.description.projections.iter().try_for_each(|spec| values::within(spec, &drives))
    }

    /// Checks a projection as it would be if it were added now, without a look at the others.
    ///
    /// # Errors
    /// As [`NetworkBuilder::validate`], except for names that are taken and weights that the target's parameters do not allow.
    pub fn check_projection(&self, projection: &ProjectionSpec) -> Result<(), NetworkError> {
        validate::projection(&self.description, projection)
    }

    /// Checks an input as it would be if it were added now, without a look at the others.
    ///
    /// # Errors
    /// As [`NetworkBuilder::validate`], except for names that are taken and values that are drawn.
    pub fn check_input(&self, input: &InputSpec) -> Result<(), NetworkError> {
        validate::input(&self.description, input)
    }

    /// Builds the network.
    ///
    /// # Errors
    /// As [`NetworkBuilder::validate`], or [`NetworkError::Memory`], before a synapse is drawn; a drawn weight or delay beyond the
    /// range of f32, a drawn weight beyond what its target allows, or more than 2^32 synapses of one projection onto one block, while they are drawn.
    pub fn build(self, options: &BuildOptions) -> Result<Network, NetworkError> {
        self.build_part(options, |_| true)
    }

    /// As [`NetworkBuilder::build`], with the synapses of the last network that was built with `shared`, if they are the same. The network is
    /// what it would be without.
    ///
    /// # Errors
    /// As [`NetworkBuilder::build`].
    pub fn build_sharing(self, options: &BuildOptions, shared: &SharedSynapses) -> Result<Network, NetworkError> {
        self.build_blocks(options, |_| true, true, Some(shared))
    }

    /// Builds the network with the synapses onto some blocks alone: those for whose number in [`Network::blocks`] `asked` says true.
    /// For a program that is one of several, each with its own blocks.
    ///
    /// Populations, their parameters, blocks, inputs, [`Network::min_delay`] and [`Network::max_delay`] are those of the whole
    /// network, and so is every bit of the rows asked for. The rows of other blocks are empty and take no memory
    /// ([`Network::has_rows_of`]), and what leads to them is not drawn, with these exceptions:
    ///
    /// * A fixed out-degree is drawn from the source, which does not say beforehand which block a target is in: partners are drawn
    ///   onto all blocks, unless no block of the target population is asked for. The same holds for procedural projections each time a
    ///   source fires.
    /// * If delays are drawn, those of all blocks are (not their partners and weights), for the smallest of them is everybody's epoch.
    ///   Of pairwise Bernoulli, whose draws alone tell how many there are, the partners are drawn as well; so are they with one delay
    ///   for all, up to the first synapse of each block.
    /// * A fixed total is shared out over all targets.
    ///
    /// ```
    /// use tauspike_network::{BuildOptions, LifSpec, NetworkBuilder, ProjectionSpec, Rule};
    ///
    /// let mut builder = NetworkBuilder::new(42);
    /// builder.block_size(Some(100));
    /// let e = builder.population("E", 1000, LifSpec::default());
    /// builder.project(ProjectionSpec::new("E to E", (e, e), Rule::FixedInDegree(10)).weight(0.1).delay(1.5));
    /// let (rank, ranks) = (1, 3);
    /// let part = builder.clone().build_part(&BuildOptions::default(), |block| block % ranks == rank)?;
    /// assert_eq!((part.blocks().len(), part.synapses(), part.min_delay()), (10, 3000, 1.5));
    /// assert!(part.has_rows_of(1) && !part.has_rows_of(2));
    /// # Ok::<(), tauspike_network::NetworkError>(())
    /// ```
    ///
    /// # Errors
    /// As [`NetworkBuilder::build`]; memory is predicted for this part. A drawn weight that is not allowed is seen only in a part which
    /// has it.
    pub fn build_part(self, options: &BuildOptions, asked: impl Fn(usize) -> bool) -> Result<Network, NetworkError> {
        self.build_blocks(options, asked, true, None)
    }

    /// As [`NetworkBuilder::build_part`], where somebody else builds the other blocks and tells their delays: nothing is drawn for them,
    /// fixed out-degrees excepted. [`Network::delays`] are those of this part alone until [`Network::with_delays`] is told those of all.
    ///
    /// # Errors
    /// As [`NetworkBuilder::build_part`].
    pub fn build_share(self, options: &BuildOptions, asked: impl Fn(usize) -> bool) -> Result<Network, NetworkError> {
        self.build_blocks(options, asked, false, None)
    }

    fn build_blocks(
        self,
        options: &BuildOptions,
        asked: impl Fn(usize) -> bool,
        all_delays: bool,
        shared: Option<&SharedSynapses>,
    ) -> Result<Network, NetworkError> {
        let description = self.description;
        validate::description(&description)?;
        let layout = Layout::of(&description, options.all_threads(), asked);
        let predicted = predict::size(&description, &layout).bytes;
        if let Some(limit) = options.memory_limit.filter(|limit| predicted > *limit) {
            return Err(NetworkError::Memory { predicted, limit });
        }
        let realised = Realised::of(&description)?;
        let drives = Drives::of(&description, &realised)?;
        description.projections.iter().try_for_each(|spec| values::within(spec, &drives))?;
        let tables = Tables { description: &description, layout: &layout, drives: &drives, all_delays };
        let projections = match shared {
            None => Arc::new(tables.all(options.threads)?),
            Some(shared) => shared.of(&tables, options.threads)?,
        };
        let Realised { populations, inputs } = realised;
        let Layout { blocks, asked } = layout;
        Ok(Network { seed: description.seed, populations, blocks, built: asked, projections, inputs })
    }
}

#[cfg(test)]
mod tests;

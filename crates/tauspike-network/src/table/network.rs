//! The finished network: what the engines and the oracle read. Immutable.

use crate::table::fanout::{Block, Projection};
use crate::table::input::Input;
use crate::table::population::Population;
use std::sync::Arc;

/// Populations, blocks, projections and inputs. Made by [`crate::builder::NetworkBuilder`], and not changed after.
#[derive(Clone, Debug)]
pub struct Network {
    pub(crate) seed: u64,
    pub(crate) populations: Vec<Population>,
    pub(crate) blocks: Vec<Block>,
    /// Of each block, whether its rows were built.
    pub(crate) built: Vec<bool>,
    /// Of several networks, if they share them.
    pub(crate) projections: Arc<Vec<Projection>>,
    pub(crate) inputs: Vec<Input>,
}

/// One synapse, by global indices.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SynapseView {
    /// Global index of the source.
    pub source: u32,
    /// Global index of the target.
    pub target: u32,
    /// mV (delta) or pA (currents).
    pub weight: f64,
    /// ms.
    pub delay: f64,
}

impl Network {
    /// Seed of every random draw of the network and its inputs.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// In the order of declaration; global indices are contiguous in this order.
    pub fn populations(&self) -> &[Population] {
        &self.populations
    }

    /// Blocks of the LIF populations in the order of global index. A block never spans two populations.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// Whether the rows of this block were built, as they are unless [`crate::NetworkBuilder::build_part`] was told otherwise.
    ///
    /// # Panics
    /// If there is no such block.
    pub fn has_rows_of(&self, block: usize) -> bool {
        self.built[block]
    }

    /// In the order of declaration.
    pub fn projections(&self) -> &[Projection] {
        &self.projections
    }

    /// In the order of declaration.
    pub fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// Number of neurons and spike sources.
    pub fn neurons(&self) -> u32 {
        self.populations.last().map_or(0, |p| p.first + p.size)
    }

    /// Number of synapses onto the blocks that were built; those of procedural projections are counted whole.
    pub fn synapses(&self) -> u64 {
        self.projections.iter().map(Projection::synapses).sum()
    }

    /// Smallest and largest delay of each projection, ms; infinite and 0 where there is no synapse.
    pub fn delays(&self) -> Vec<(f64, f64)> {
        self.projections.iter().map(|projection| (projection.min_delay, projection.max_delay)).collect()
    }

    /// With those of other parts too; see [`crate::NetworkBuilder::build_share`].
    pub fn with_delays(mut self, others: &[(f64, f64)]) -> Self {
        for (projection, (least, most)) in Arc::make_mut(&mut self.projections).iter_mut().zip(others) {
            projection.min_delay = projection.min_delay.min(*least);
            projection.max_delay = projection.max_delay.max(*most);
        }
        self
    }

    /// Smallest delay of any synapse, ms; infinite if there is none.
    pub fn min_delay(&self) -> f64 {
        self.projections.iter().map(|p| p.min_delay).fold(f64::INFINITY, f64::min)
    }

    /// Largest delay of any synapse, ms; 0 if there is none.
    pub fn max_delay(&self) -> f64 {
        self.projections.iter().map(|p| p.max_delay).fold(0.0, f64::max)
    }

    /// Index of the population of the neuron or source with global index `gid`, if there is one.
    pub fn population_of(&self, gid: u32) -> Option<usize> {
        let index = self.populations.partition_point(|p| p.first + p.size <= gid);
        (index < self.populations.len()).then_some(index)
    }

    /// Memory of the fan-out table and of individual parameters, bytes. Capacity beyond the length is not counted.
    pub fn bytes(&self) -> u64 {
        let populations: usize = self.populations.iter().map(|p| p.cells.bytes()).sum();
        let inputs: usize = self.inputs.iter().map(Input::bytes).sum();
        (populations + inputs) as u64 + self.projections.iter().map(Projection::bytes).sum::<u64>()
    }

    /// The synapses of projection number `projection`, ordered by source, target, delay and generation. This order does not
    /// depend on blocks; among synapses of one source onto one target it is the order of
    /// `tauspike_spike::ArrivalOrder::position`.
    ///
    /// # Panics
    /// If there is no such projection.
    pub fn synapses_of(&self, projection: usize) -> impl Iterator<Item = SynapseView> + '_ {
        let projection = &self.projections[projection];
        let Population { first: first_source, size, .. } = self.populations[projection.source as usize];
        let blocks: Vec<&Block> = self.blocks.iter().filter(|block| block.population == projection.target).collect();
        (0..size).flat_map(move |source| {
            let mut row = Vec::new();
            projection.each_synapse(source, |block, _, synapse| {
                row.push(SynapseView {
                    source: first_source + source,
                    target: blocks[block].first + u32::from(synapse.target),
                    weight: synapse.weight,
                    delay: synapse.delay,
                });
            });
            // ORDER: rows are sorted by delay at least; a stable sort by target keeps delay and generation.
            row.sort_by_key(|synapse| synapse.target);
            row
        })
    }
}

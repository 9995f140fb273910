//! How the populations of neurons are divided into blocks, and which of these are asked for.

use crate::build::block_size::{self, Division};
use crate::describe::description::Description;
use crate::describe::spec::CellsSpec;
use crate::table::fanout::Block;
use std::ops::Range;

pub(crate) struct Layout {
    /// In the order of global index.
    pub(crate) blocks: Vec<Block>,
    /// Of each block, whether its rows are asked for.
    pub(crate) asked: Vec<bool>,
}

/// The blocks of one target population.
#[derive(Clone, Copy)]
pub(crate) struct Targets<'a> {
    blocks: &'a [Block],
    /// Of each, whether its rows are asked for.
    pub(crate) asked: &'a [bool],
}

impl Layout {
    /// Of a valid description, for so many threads. `asked` is given the number of a block.
    pub(crate) fn of(description: &Description, threads: usize, asked: impl Fn(usize) -> bool) -> Self {
        let mut blocks = Vec::new();
        let mut first = 0;
        let divisions = block_size::of(description, threads);
        for (index, (population, Division { size, work })) in description.populations.iter().zip(divisions).enumerate()
        {
            if let CellsSpec::Lif(_) = population.cells {
                let block = |start| {
                    let len = size.min(population.size - start);
                    Block { population: index as u32, first: first + start, len, work: (work * f64::from(len)) as u64 }
                };
                blocks.extend((0..population.size).step_by(size as usize).map(block));
            }
            first = first.saturating_add(population.size);
        }
        let asked = (0..blocks.len()).map(asked).collect();
        Self { blocks, asked }
    }

    /// The blocks of one population.
    pub(crate) fn targets(&self, population: usize) -> Targets<'_> {
        let first = self.blocks.partition_point(|block| (block.population as usize) < population);
        let end = self.blocks.partition_point(|block| block.population as usize <= population);
        Targets { blocks: &self.blocks[first..end], asked: &self.asked[first..end] }
    }

    /// Which part of a population is in blocks that are asked for.
    pub(crate) fn share(&self, population: usize) -> f64 {
        let Targets { blocks, asked } = self.targets(population);
        if asked.iter().all(|asked| *asked) {
            return 1.0;
        }
        let all: f64 = blocks.iter().map(|block| f64::from(block.len)).sum();
        let counted = blocks.iter().zip(asked).filter(|(_, asked)| **asked);
        counted.map(|(block, _)| f64::from(block.len)).sum::<f64>() / all
    }
}

impl Targets<'_> {
    /// Targets per block; the last may have fewer.
    pub(crate) fn block_size(&self) -> u32 {
        self.blocks.first().map_or(1, |block| block.len)
    }

    /// The positions in the population of each block.
    pub(crate) fn positions(&self) -> impl Iterator<Item = Range<u32>> {
        let first = self.blocks.first().map_or(0, |block| block.first);
        self.blocks.iter().map(move |block| block.first - first..block.first - first + block.len)
    }
}

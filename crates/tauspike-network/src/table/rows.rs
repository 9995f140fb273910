//! Blocks of neurons, and the synapses that end in one.

use crate::table::column::Column;
use crate::table::delays::Delays;
use std::ops::Range;

/// Largest number of neurons in a block, so that a target fits u16.
pub const MAX_BLOCK: u32 = 1 << 16;

/// A contiguous range of neurons of one population, advanced as one unit of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Index of the population.
    pub population: u32,
    /// Global index of the first neuron.
    pub first: u32,
    /// Number of neurons, 1 to [`MAX_BLOCK`].
    pub len: u32,
    /// The neurons and the synapses that are expected to end in them: by this blocks are dealt to threads and ranks.
    pub work: u64,
}

/// The synapses of one projection whose targets are in one block.
///
/// Where few sources have any, as in a part of a large network, only those are listed, ascending, and found by bisection.
#[derive(Clone, Debug)]
pub struct Rows {
    /// Positions of the sources that have a row; none if all have.
    pub(crate) listed: Vec<u32>,
    /// One more than there are rows, ascending positions in `targets`; none if this part of the network was not built.
    pub(crate) offsets: Vec<u32>,
    /// Target position in the block.
    pub targets: Vec<u16>,
    /// mV (delta) or pA (currents); indexed like `targets`.
    pub weights: Column,
    /// ms, >= 0; ascending in each row.
    pub delays: Delays,
}

impl Rows {
    /// Those of a block that was not asked for: none.
    pub(crate) fn absent() -> Self {
        Self {
            listed: vec![],
            offsets: vec![],
            targets: vec![],
            weights: Column::Double(vec![]),
            delays: Delays::Each(Column::Double(vec![])),
        }
    }

    /// Positions of the synapses of source position `source`; none in a block that was not built.
    #[inline(always)]
    pub fn row(&self, source: u32) -> Range<usize> {
        let number = self.number(source);
        match self.offsets.get(number + 1) {
            Some(end) => self.offsets[number] as usize..*end as usize,
            None => 0..0,
        }
    }

    /// Number of the row of a source; beyond all of them if it has none.
    #[inline(always)]
    pub fn number(&self, source: u32) -> usize {
        if self.listed.is_empty() { source as usize } else { self.find(source) }
    }

    /// The row of source position `source` in pieces of one delay each, ms, ascending.
    pub fn pieces(&self, source: u32) -> impl Iterator<Item = (Range<usize>, f64)> + '_ {
        self.delays.pieces(self.number(source), self.row(source))
    }

    /// The synapses of source position `source`, and the delay of each, ms, ascending.
    pub fn delayed(&self, source: u32) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.pieces(source).flat_map(|(piece, delay)| piece.map(move |k| (k, delay)))
    }

    #[inline(never)]
    fn find(&self, source: u32) -> usize {
        self.listed.binary_search(&source).unwrap_or(self.offsets.len())
    }

    /// Positions of the sources that may have a synapse here, ascending.
    pub fn sources(&self) -> impl Iterator<Item = u32> {
        let all = if self.listed.is_empty() { self.offsets.len().saturating_sub(1) } else { 0 };
        (0..all as u32).chain(self.listed.iter().copied())
    }

    /// Where the rows begin, by source; for those who look ahead of [`Rows::row`]. Means nothing where sources are listed.
    #[inline(always)]
    pub fn offsets(&self) -> &[u32] {
        &self.offsets
    }

    /// With the index that takes less memory.
    pub(crate) fn indexed(mut self) -> Self {
        let sources = self.offsets.len().saturating_sub(1);
        let has_row = |source: &usize| self.offsets[*source] < self.offsets[source + 1];
        let listed = (0..sources).filter(has_row).count();
        if !is_listed(listed as f64, sources as f64) {
            return self;
        }
        self.listed = (0..sources).filter(has_row).map(|source| source as u32).collect();
        self.offsets.dedup();
        self.offsets.shrink_to_fit();
        self
    }

    /// Memory, bytes.
    pub(crate) fn bytes(&self) -> u64 {
        (self.listed.len() * 4
            + self.offsets.len() * 4
            + self.targets.len() * 2
            + self.weights.bytes()
            + self.delays.bytes()) as u64
    }
}

/// Whether only the sources that have a row are listed: a bisection is slower than a look-up, so it has to save half of the index.
pub(crate) fn is_listed(with_row: f64, sources: f64) -> bool {
    with_row > 0.0 && 4.0 * with_row < sources
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(offsets: Vec<u32>) -> Rows {
        let targets = (0..*offsets.last().unwrap() as u16).collect();
        Rows {
            listed: vec![],
            offsets,
            targets,
            weights: Column::Shared(1.0),
            delays: Delays::Each(Column::Shared(1.0)),
        }
    }

    #[test]
    fn a_listed_row_is_that_of_the_dense_index() {
        let counts = |every: u32| (0..1000).map(move |source| if source % every == 3 { source % 5 + 1 } else { 0 });
        for every in [4, 5, 100, 990] {
            let mut offsets = vec![0];
            counts(every).for_each(|count| offsets.push(offsets[offsets.len() - 1] + count));
            let (dense, indexed) = (rows(offsets.clone()), rows(offsets).indexed());
            assert_eq!(indexed.listed.is_empty(), every == 4, "one of {every} sources");
            // an empty row may stand anywhere
            let synapses = |rows: &Rows, source| rows.row(source).collect::<Vec<_>>();
            (0..1100).for_each(|source| assert_eq!(synapses(&indexed, source), synapses(&dense, source)));
            assert!(indexed.bytes() <= dense.bytes());
            let of = |rows: &Rows| rows.sources().filter(|&source| !rows.row(source).is_empty()).collect::<Vec<_>>();
            assert_eq!(of(&indexed), of(&dense));
        }
    }

    #[test]
    fn no_synapse_and_no_source_stay_as_they_are() {
        assert!(rows(vec![0; 1001]).indexed().row(999).is_empty());
        assert!(rows(vec![0]).indexed().row(0).is_empty());
    }
}

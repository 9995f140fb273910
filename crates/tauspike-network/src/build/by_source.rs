//! The rows of all blocks for a fixed out-degree, whose partners follow from the source.
//!
//! Counts first and fills afterwards, drawing the same numbers twice, as [`crate::build::by_target`] does. Which block a target is in is
//! known only once it is drawn; so the draws of all targets are made even if few blocks are asked for, unless none is.

use crate::build::draft::{Draft, Piece, offsets_of};
use crate::build::extent::Extent;
use crate::build::layout::Targets;
use crate::build::parallel;
use crate::build::plan::Plan;
use crate::draw::pick::Seen;
use crate::error::NetworkError;
use crate::table::fanout::Rows;
use std::ops::Range;

/// Pieces into which the sources are divided.
const CHUNKS: u32 = 256;

/// A projection by source, and where the rows of a target go.
pub(crate) struct BySource<'a> {
    pub(crate) plan: &'a Plan<'a>,
    pub(crate) degree: u32,
    block_size: u32,
    /// Of each block, its number among those asked for.
    asked: Vec<Option<usize>>,
    /// How many are.
    rows: usize,
}

impl<'a> BySource<'a> {
    pub(crate) fn new(plan: &'a Plan<'a>, degree: u32, targets: Targets) -> Self {
        let mut rows = 0;
        let number = |asked: &bool| {
            let number = asked.then_some(rows);
            rows += usize::from(*asked);
            number
        };
        let asked = targets.asked.iter().map(number).collect();
        Self { plan, degree, block_size: targets.block_size(), asked, rows }
    }

    /// The rows of every block, empty where they are not asked for, and the delays of all; where no block is asked for, only with `all_delays`.
    ///
    /// Threads take chunks of sources; the rows of a chunk are a contiguous window of every block.
    pub(crate) fn tables(&self, threads: usize, all_delays: bool) -> Result<(Vec<Rows>, Extent), NetworkError> {
        if self.rows == 0 {
            let delays = if all_delays { self.delays_alone() } else { Extent::NONE };
            return Ok((self.asked.iter().map(|_| Rows::absent()).collect(), delays));
        }
        let sources = self.plan.sources;
        let chunk = sources.div_ceil(CHUNKS);
        let mut offsets = vec![vec![0u32; sources as usize + 1]; self.rows];
        let mut windows: Vec<_> = offsets.iter_mut().map(|o| o[1..].chunks_mut(chunk as usize)).collect();
        let tasks: Vec<(Range<u32>, Vec<&mut [u32]>)> = chunks(sources, chunk)
            .map(|sources| (sources, windows.iter_mut().filter_map(Iterator::next).collect()))
            .collect();
        parallel::map(threads, tasks, |(sources, counts)| self.count(sources, counts));
        let mut drafts = Vec::with_capacity(self.rows);
        for block in &mut offsets {
            drafts.push(Draft::new(offsets_of(block, self.plan)?, &self.plan.weights, &self.plan.delays));
        }
        let mut rest: Vec<Piece> = drafts.iter_mut().map(Draft::piece).collect();
        let mut tasks = Vec::new();
        for sources in chunks(sources, chunk) {
            let mut pieces = Vec::with_capacity(self.rows);
            let mut left = Vec::with_capacity(self.rows);
            for (piece, offsets) in rest.into_iter().zip(&offsets) {
                let (first, more) =
                    piece.split_at((offsets[sources.end as usize] - offsets[sources.start as usize]) as usize);
                pieces.push(first);
                left.push(more);
            }
            rest = left;
            tasks.push((sources, pieces));
        }
        let delays = parallel::map(threads, tasks, |(sources, pieces)| self.fill(sources, pieces, &offsets));
        let mut built = drafts.into_iter().zip(offsets).map(|(draft, offsets)| draft.finish(offsets));
        let rows = self.asked.iter().map(|asked| asked.and_then(|_| built.next()).unwrap_or_else(Rows::absent));
        Ok((rows.collect(), delays.into_iter().fold(Extent::NONE, Extent::with)))
    }

    /// Adds the synapses of these sources to the counts of each block.
    fn count(&self, sources: Range<u32>, mut counts: Vec<&mut [u32]>) {
        let mut seen = Seen::new(self.plan.choice.population);
        for (row, source) in sources.enumerate() {
            self.plan.choice.draw(source, self.degree, &mut seen, |target, _| {
                if let Some(block) = self.asked[(target / self.block_size) as usize] {
                    counts[block][row] += 1;
                }
            });
        }
    }

    /// Puts the synapses of these sources into their window of each block, and gives the delays of all of them.
    fn fill(&self, sources: Range<u32>, mut pieces: Vec<Piece>, offsets: &[Vec<u32>]) -> Extent {
        let plan = self.plan;
        let mut seen = Seen::new(plan.choice.population);
        let mut scratch = Vec::new();
        let first = sources.start as usize;
        let mut next: Vec<usize> = vec![0; pieces.len()];
        let mut extent = Extent::NONE;
        for source in sources {
            let (mut weights, mut delays) = (plan.weights.of_unit(source), plan.delays.of_unit(source));
            plan.choice.draw(source, self.degree, &mut seen, |target, k| {
                let (weight, delay) = (weights.next(k), delays.next(k));
                extent = extent.and(delay);
                if let Some(block) = self.asked[(target / self.block_size) as usize] {
                    pieces[block].put(next[block], (target % self.block_size) as u16, weight, delay);
                    next[block] += 1;
                }
            });
            for (block, piece) in pieces.iter_mut().enumerate() {
                let start = (offsets[block][source as usize] - offsets[block][first]) as usize;
                piece.sort(start..next[block], &mut scratch);
            }
        }
        extent
    }

    /// The delays of all synapses, without their partners and weights.
    fn delays_alone(&self) -> Extent {
        let of_source = |source| {
            let mut delays = self.plan.delays.of_unit(source);
            Extent::of((0..self.degree).map(move |k| delays.next(k)))
        };
        let sources = if self.plan.delays.is_shared() { self.plan.sources.min(1) } else { self.plan.sources };
        (0..sources).map(of_source).fold(Extent::NONE, Extent::with)
    }
}

fn chunks(sources: u32, chunk: u32) -> impl Iterator<Item = Range<u32>> {
    (0..sources).step_by(chunk as usize).map(move |first| first..sources.min(first.saturating_add(chunk)))
}

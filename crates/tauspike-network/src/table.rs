//! Fills the fan-out table of a projection: by target, each block alone; or by source, every block at once.
//!
//! Both count first and fill afterwards, drawing the same numbers twice: that is cheaper than keeping them, and every vector
//! gets its final size at once.

use crate::column::Column;
use crate::draft::{Draft, Piece};
use crate::error::NetworkError;
use crate::fanout::Rows;
use crate::parallel;
use crate::partners::{Choice, Partners};
use crate::pick::Seen;
use crate::procedural::Procedural;
use crate::synapse_value::Values;
use std::ops::Range;

/// Pieces into which the sources are divided for a rule that goes by source.
const CHUNKS: u32 = 256;

/// A validated projection, ready for drawing.
pub(crate) struct Plan<'a> {
    pub(crate) place: String,
    pub(crate) sources: u32,
    pub(crate) choice: Choice,
    pub(crate) rule: PlanRule<'a>,
    pub(crate) weights: Values<'a>,
    pub(crate) delays: Values<'a>,
}

impl Plan<'_> {
    /// The recipe of a projection that goes by source; it has passed [`crate::procedural::check`].
    pub(crate) fn procedural(self, degree: u32, block_size: u32) -> Result<Procedural, NetworkError> {
        let Plan { place, sources, choice, weights, delays, .. } = self;
        let (Some(delay), Some(weights)) = (delays.shared(), weights.keyed()) else {
            return Err(NetworkError::value(&place, "procedural", true, "values that follow from the source"));
        };
        Ok(Procedural { choice, sources, degree, weights, delay, block_size })
    }
}

/// From which side the synapses are generated.
pub(crate) enum PlanRule<'a> {
    ByTarget(Partners<'a>),
    /// Fixed out-degree.
    BySource(u32),
}

/// The rows of the targets at these positions, for a rule that goes by target.
pub(crate) fn block_by_target(plan: &Plan, partners: &Partners, block: Range<u32>) -> Result<Rows, NetworkError> {
    let mut seen = Seen::new(plan.choice.population);
    let mut offsets = vec![0u32; plan.sources as usize + 1];
    for target in block.clone() {
        partners.each_source(&plan.choice, target, &mut seen, |source, _| offsets[source as usize + 1] += 1);
    }
    let synapses = accumulate(&mut offsets, plan)?;
    let mut draft = Draft::new(synapses, &plan.weights, &plan.delays);
    let mut piece = draft.piece();
    for target in block.clone() {
        let (mut weights, mut delays) = (plan.weights.of_unit(target), plan.delays.of_unit(target));
        let in_block = (target - block.start) as u16;
        partners.each_source(&plan.choice, target, &mut seen, |source, k| {
            let place = &mut offsets[source as usize];
            piece.put(*place as usize, in_block, weights.next(k), delays.next(k));
            *place += 1;
        });
    }
    // Each offset has moved to the end of its row, which is the start of the next.
    offsets.copy_within(0..plan.sources as usize, 1);
    offsets[0] = 0;
    if !plan.delays.is_shared() {
        sort_rows(&mut piece, &offsets);
    }
    Ok(draft.finish(offsets))
}

/// The rows of all blocks of `block_size` targets, for a fixed out-degree.
///
/// Threads take chunks of sources; the rows of a chunk are a contiguous window of every block.
pub(crate) fn all_by_source(
    plan: &Plan,
    degree: u32,
    block_size: u32,
    threads: usize,
) -> Result<Vec<Rows>, NetworkError> {
    let blocks = plan.choice.population.div_ceil(block_size) as usize;
    let chunk = plan.sources.div_ceil(CHUNKS);
    let mut offsets = vec![vec![0u32; plan.sources as usize + 1]; blocks];
    let mut windows: Vec<_> = offsets.iter_mut().map(|o| o[1..].chunks_mut(chunk as usize)).collect();
    let tasks: Vec<(Range<u32>, Vec<&mut [u32]>)> = chunks(plan.sources, chunk)
        .map(|sources| (sources, windows.iter_mut().filter_map(Iterator::next).collect()))
        .collect();
    parallel::map(threads, tasks, |(sources, mut counts)| {
        let mut seen = Seen::new(plan.choice.population);
        for (row, source) in sources.enumerate() {
            plan.choice.draw(source, degree, &mut seen, |target, _| counts[(target / block_size) as usize][row] += 1);
        }
    });
    let mut drafts = Vec::with_capacity(blocks);
    for block in &mut offsets {
        drafts.push(Draft::new(accumulate(block, plan)?, &plan.weights, &plan.delays));
    }
    let mut rest: Vec<Piece> = drafts.iter_mut().map(Draft::piece).collect();
    let mut tasks = Vec::new();
    for sources in chunks(plan.sources, chunk) {
        let mut pieces = Vec::with_capacity(blocks);
        let mut left = Vec::with_capacity(blocks);
        for (piece, offsets) in rest.into_iter().zip(&offsets) {
            let (first, more) =
                piece.split_at((offsets[sources.end as usize] - offsets[sources.start as usize]) as usize);
            pieces.push(first);
            left.push(more);
        }
        rest = left;
        tasks.push((sources, pieces));
    }
    parallel::map(threads, tasks, |(sources, pieces)| {
        fill_chunk(plan, degree, block_size, &offsets, (sources, pieces))
    });
    Ok(drafts.into_iter().zip(offsets).map(|(draft, offsets)| draft.finish(offsets)).collect())
}

fn fill_chunk(
    plan: &Plan,
    degree: u32,
    block_size: u32,
    offsets: &[Vec<u32>],
    (sources, mut pieces): (Range<u32>, Vec<Piece>),
) {
    let mut seen = Seen::new(plan.choice.population);
    let mut scratch = Vec::new();
    let first = sources.start as usize;
    let mut next: Vec<usize> = vec![0; pieces.len()];
    for source in sources {
        let (mut weights, mut delays) = (plan.weights.of_unit(source), plan.delays.of_unit(source));
        plan.choice.draw(source, degree, &mut seen, |target, k| {
            let block = (target / block_size) as usize;
            pieces[block].put(next[block], (target % block_size) as u16, weights.next(k), delays.next(k));
            next[block] += 1;
        });
        for (block, piece) in pieces.iter_mut().enumerate() {
            let start = (offsets[block][source as usize] - offsets[block][first]) as usize;
            piece.sort(start..next[block], &mut scratch);
        }
    }
}

fn chunks(sources: u32, chunk: u32) -> impl Iterator<Item = Range<u32>> {
    (0..sources).step_by(chunk as usize).map(move |first| first..sources.min(first.saturating_add(chunk)))
}

/// Turns counts at s + 1 into offsets; the number of synapses.
fn accumulate(offsets: &mut [u32], plan: &Plan) -> Result<usize, NetworkError> {
    let mut sum = 0u64;
    for offset in offsets.iter_mut() {
        sum += u64::from(*offset);
        *offset = sum as u32;
    }
    if sum > u64::from(u32::MAX) {
        let allowed = format!("at most {} per block of targets", u32::MAX);
        return Err(NetworkError::value(&plan.place, "number of synapses", sum, allowed));
    }
    Ok(sum as usize)
}

fn sort_rows(piece: &mut Piece, offsets: &[u32]) {
    let mut scratch = Vec::new();
    for row in offsets.windows(2).filter(|row| row[1] - row[0] > 1) {
        piece.sort(row[0] as usize..row[1] as usize, &mut scratch);
    }
}

/// Smallest and largest value of a column of `len` values; infinite and minus infinite if there are none.
pub(crate) fn extent(column: &Column, len: usize) -> (f64, f64) {
    let wider = |(low, high): (f64, f64), value: f64| (low.min(value), high.max(value));
    let none = (f64::INFINITY, f64::NEG_INFINITY);
    match column {
        _ if len == 0 => none,
        Column::Shared(value) => (*value, *value),
        Column::Coded { table, codes } => codes.iter().map(|code| table[*code as usize]).fold(none, wider),
        Column::Single(values) => values.iter().map(|v| f64::from(*v)).fold(none, wider),
        Column::Double(values) => values.iter().copied().fold(none, wider),
    }
}

//! The rows of a block for a rule that goes by target: each block alone.
//!
//! Counts first and fills afterwards, drawing the same numbers twice: that is cheaper than keeping them, and every vector gets its
//! final size at once.

use crate::build::draft::{Draft, Piece, offsets_of};
use crate::build::extent::Extent;
use crate::build::plan::Plan;
use crate::draw::partners::Partners;
use crate::draw::pick::Seen;
use crate::error::NetworkError;
use crate::table::fanout::Rows;
use std::ops::Range;

/// The rows of the targets at these positions, for a rule that goes by target.
pub(crate) fn rows(plan: &Plan, partners: &Partners, block: Range<u32>) -> Result<Rows, NetworkError> {
    let mut seen = Seen::new(plan.choice.population);
    let mut offsets = vec![0u32; plan.sources as usize + 1];
    for target in block.clone() {
        partners.each_source(&plan.choice, target, &mut seen, |source, _| offsets[source as usize + 1] += 1);
    }
    let synapses = offsets_of(&mut offsets, plan)?;
    let mut draft = Draft::new(synapses, &plan.weights, &plan.delays);
    let mut piece = draft.piece();
    for target in block.clone() {
        let (mut weights, mut delays) = (plan.weights.of_unit(target), plan.delays.of_unit(target));
        let in_block = (target - block.start) as u16;
        partners.each_source(&plan.choice, target, &mut seen, |source, k| {
            let next = &mut offsets[source as usize];
            piece.put(*next as usize, in_block, weights.next(k), delays.next(k));
            *next += 1;
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

/// The delays of the synapses onto these targets, whose rows are not asked for. No weight is drawn, and no partner but where only
/// the draws tell how many there are; one delay for all takes no draws at all, or those up to the first synapse.
pub(crate) fn delays_alone(plan: &Plan, partners: &Partners, block: Range<u32>) -> Extent {
    let mut seen = Seen::new(plan.choice.population);
    let mut extent = Extent::NONE;
    for target in block {
        let mut delays = plan.delays.of_unit(target);
        partners.each_number(&plan.choice, target, &mut seen, |k| extent = extent.and(delays.next(k)));
        if plan.delays.is_shared() && extent != Extent::NONE {
            break;
        }
    }
    extent
}

fn sort_rows(piece: &mut Piece, offsets: &[u32]) {
    let mut scratch = Vec::new();
    for row in offsets.windows(2).filter(|row| row[1] - row[0] > 1) {
        piece.sort(row[0] as usize..row[1] as usize, &mut scratch);
    }
}

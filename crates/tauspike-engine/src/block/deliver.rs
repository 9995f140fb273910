//! Which arrivals an epoch brings to a block: walks fan-out rows.

use crate::block::signs::Signs;
use crate::block::slots::Slots;
use crate::hardware::prefetch::{AHEAD, prefetch};
use crate::transit::Transit;
use crate::transit::plan::{Departure, Incoming, Piece};
use std::ops::Range;
use tauspike_network::fanout::{Block, FanOut, Rows};
use tauspike_network::network::Network;

/// What arrives at one block.
pub(crate) struct Arriving<'a> {
    pub network: &'a Network,
    pub transit: &'a Transit,
    pub block: Block,
    /// Which of its population's blocks this is.
    pub ordinal: usize,
}

impl<'a> Arriving<'a> {
    pub fn incoming(&self) -> &'a Incoming {
        &self.transit.plan.targets[self.block.population as usize]
    }

    /// The table in which row number `row` of a projection is, and the row there.
    #[inline(always)]
    fn rows_of(&self, projection: u32, row: u32) -> (&'a Rows, u32) {
        match &self.network.projections()[projection as usize].fan_out {
            FanOut::Stored(blocks) => (&blocks[self.ordinal], row),
            FanOut::Procedural(_) => self.transit.plan.redraws[projection as usize].row(self.ordinal, row),
        }
    }

    /// The row of piece `k`, after asking for the memory of those that follow.
    #[inline(always)]
    pub fn row_of(&self, pieces: &[Piece], k: usize) -> (&'a Rows, Range<usize>) {
        if let Some(later) = pieces.get(k + 2 * AHEAD) {
            let (rows, row) = self.rows_of(later.projection, later.row);
            prefetch(&rows.offsets, row as usize);
        }
        if let Some(later) = pieces.get(k + AHEAD) {
            let (rows, row) = self.rows_of(later.projection, later.row);
            let start = rows.row(row).start;
            prefetch(&rows.targets, start);
            prefetch(&rows.targets, start + 32);
        }
        let (rows, row) = self.rows_of(pieces[k].projection, pieces[k].row);
        (rows, rows.row(row))
    }

    /// Targets of the row after piece `k`, of which some will soon be read; none at the end.
    #[inline(always)]
    pub fn coming(&self, pieces: &[Piece], k: usize) -> &'a [u16] {
        let Some(piece) = pieces.get(k + 1) else { return &[] };
        let (rows, row) = self.rows_of(piece.projection, piece.row);
        &rows.targets[rows.row(row)]
    }

    /// Hands out the due parts of the rows of a departure; `signs` are those of the weights of each projection.
    #[inline(always)]
    pub fn hand_out(&self, projections: &[u32], departure: &Departure, signs: &[Signs], slots: &mut Slots) {
        let number = projections[departure.onto];
        let projection = &self.network.projections()[number as usize];
        let first = self.network.populations()[projection.source as usize].first;
        let flights = &self.transit.flights.of_population[projection.source as usize][departure.flights.clone()];
        for (spike, redrawn) in flights.iter().zip(departure.first_row..) {
            let row = if projection.stored().is_some() { spike.source - first } else { redrawn };
            let (rows, row) = self.rows_of(number, row);
            slots.hand_out((rows, rows.row(row)), signs[number as usize], spike.time, departure.span);
        }
    }
}

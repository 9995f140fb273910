//! Which arrivals an epoch brings to a block: walks fan-out rows.

use crate::block::slots::Slots;
use crate::hardware::prefetch::{AHEAD, SOON, prefetch};
use crate::transit::Transit;
use crate::transit::plan::{Departure, Incoming, Piece};
use std::ops::Range;
use tauspike_network::column::Column;
use tauspike_network::fanout::{Block, FanOut, Rows};
use tauspike_network::network::Network;
use tauspike_neuron::Arrival;

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

    /// Whether the arrivals of each target come in order.
    pub fn sorted(&self) -> bool {
        self.incoming().sorted()
    }

    /// The table in which row number `row` of a projection is, and the row there.
    #[inline(always)]
    fn rows_of(&self, projection: u32, row: u32) -> (&'a Rows, u32) {
        match &self.network.projections()[projection as usize].fan_out {
            FanOut::Stored(blocks) => (&blocks[self.ordinal], row),
            FanOut::Procedural(_) => self.transit.plan.redraws[projection as usize].row(self.ordinal, row),
        }
    }

    /// The weight of all synapses of a projection, if they have one.
    fn weight_of(&self, projection: u32) -> Option<f64> {
        match &self.network.projections()[projection as usize].fan_out {
            FanOut::Stored(blocks) => blocks[self.ordinal].weights.shared(),
            FanOut::Procedural(procedural) => procedural.weight(),
        }
    }

    /// Whether all synapses of each row that can arrive have one weight and delay; then `alike` gets the time and weight of every
    /// row of the epoch.
    pub fn are_alike(&self, alike: &mut Vec<Arrival>) -> bool {
        let Incoming::Sorted { projections, pieces } = self.incoming() else { return false };
        if !projections.iter().all(|p| self.weight_of(*p).is_some()) {
            return false;
        }
        alike.clear();
        alike.extend(pieces.iter().map(|piece| {
            let weight = self.weight_of(piece.projection).unwrap_or(0.0);
            Arrival { time: piece.time, weight }
        }));
        true
    }

    /// Calls `with` for each piece and its row, after asking for the memory of those that follow.
    #[inline(always)]
    fn each(&self, pieces: &[Piece], mut with: impl FnMut(u32, (&'a Rows, Range<usize>), &Piece)) {
        for (k, piece) in pieces.iter().enumerate() {
            with(k as u32, self.row_of(pieces, k), piece);
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

    /// Hands out the due parts of the rows of a departure.
    #[inline(always)]
    pub fn hand_out(&self, projections: &[u32], departure: &Departure, slots: &mut Slots) {
        let projection = &self.network.projections()[projections[departure.onto] as usize];
        let first = self.network.populations()[projection.source as usize].first;
        let flights = &self.transit.flights.of_population[projection.source as usize][departure.flights.clone()];
        for (spike, redrawn) in flights.iter().zip(departure.first_row..) {
            let row = if projection.stored().is_some() { spike.source - first } else { redrawn };
            let (rows, row) = self.rows_of(projections[departure.onto], row);
            slots.hand_out(departure.onto, (rows, rows.row(row)), spike.time, departure.span);
        }
    }
}

/// Hands out the targets of each row and its number in the epoch, where [`Arriving::are_alike`]; returns the number of arrivals.
/// Those of each target come in order.
#[inline(always)]
pub(crate) fn rows(arriving: &Arriving, mut take: impl FnMut(&[u16], u32)) -> u64 {
    let Incoming::Sorted { pieces, .. } = arriving.incoming() else { return 0 };
    let mut delivered = 0;
    arriving.each(pieces, |k, (rows, row), _| {
        let targets = &rows.targets[row];
        take(targets, k);
        delivered += targets.len() as u64;
    });
    delivered
}

/// Pushes all arrivals, each with a target that comes soon after it, if one does; returns how many. Those over drawn delays go
/// through `slots`.
#[inline(always)]
pub(crate) fn arrivals(arriving: &Arriving, slots: &mut Slots, mut push: impl FnMut(u16, Arrival, Option<u16>)) -> u64 {
    let mut delivered = 0;
    match arriving.incoming() {
        Incoming::Sorted { pieces, .. } => {
            arriving.each(pieces, |_, (rows, row), piece| delivered += whole_row(rows, row, piece.time, &mut push));
        }
        Incoming::Spread { projections, departures } => {
            departures.iter().for_each(|departure| arriving.hand_out(projections, departure, slots));
            delivered = slots.take(arriving.transit.plan.epoch, push);
        }
    }
    delivered as u64
}

/// Delivers a whole row, arriving at `time`.
#[inline(always)]
fn whole_row(rows: &Rows, row: Range<usize>, time: f64, push: &mut impl FnMut(u16, Arrival, Option<u16>)) -> usize {
    let targets = &rows.targets[row.clone()];
    if let Column::Single(weights) = &rows.weights {
        for (k, (&target, &weight)) in targets.iter().zip(&weights[row]).enumerate() {
            push(target, Arrival { time, weight: f64::from(weight) }, targets.get(k + SOON).copied());
        }
    } else {
        for (k, (&target, synapse)) in targets.iter().zip(row).enumerate() {
            push(target, Arrival { time, weight: rows.weights.get(synapse) }, targets.get(k + SOON).copied());
        }
    }
    targets.len()
}

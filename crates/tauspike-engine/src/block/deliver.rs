//! Which arrivals an epoch brings to a block: walks fan-out rows.

use crate::block::columns::ask;
use crate::block::signs::{Side, Signs};
use crate::block::slots::{Outgoing, Run, Slots};
use crate::hardware::prefetch::prefetch;
use crate::transit::Transit;
use crate::transit::plan::{Departure, Incoming, Piece};
use crate::transit::span::Span;
use std::ops::Range;
use tauspike_network::column::Column;
use tauspike_network::fanout::{Block, Delays, FanOut, Rows};
use tauspike_network::network::Network;

/// Targets in a cache line.
pub(crate) const CACHED: usize = 32;
/// How many lines of targets ahead of the present one memory is asked for.
const LINES_AHEAD: usize = 32;
/// How many delays of the row after the present one are asked for.
const DELAYS_AHEAD: usize = 1024;
/// How many rows ahead of the present one its place is asked for.
const OFFSETS_AHEAD: usize = 32;

/// A row of synapses with one delay: all arrive at once.
#[derive(Clone, Copy)]
pub(crate) struct Whole<'a> {
    /// ms.
    pub time: f64,
    pub targets: &'a [u16],
    pub weights: &'a Column,
    /// Which of the weights is that of the first target.
    pub first: usize,
    pub signs: Signs,
}

impl<'a> Whole<'a> {
    #[inline(always)]
    fn of(rows: &'a Rows, row: Range<usize>, time: f64, signs: Signs) -> Self {
        Self { time, targets: &rows.targets[row.clone()], weights: &rows.weights, first: row.start, signs }
    }
}

/// Rows of an epoch in the order of time, and how far their memory has been asked for.
pub(crate) struct Stream<'a> {
    rows: &'a [Whole<'a>],
    /// First row, and first of its targets, that has not been asked for.
    asked: (usize, usize),
}

impl<'a> Stream<'a> {
    pub fn new(rows: &'a [Whole<'a>]) -> Self {
        let mut stream = Self { rows, asked: (0, 0) };
        (0..LINES_AHEAD).for_each(|_| stream.ask());
        stream
    }

    /// Asks for the next line of targets: to be called once for each line that is read.
    #[inline(always)]
    pub fn ask(&mut self) {
        let (row, target) = &mut self.asked;
        if let Some(asked) = self.rows.get(*row) {
            prefetch(asked.targets, *target);
            ask(asked.weights, asked.first + *target, CACHED.min(asked.targets.len() - *target));
            *target += CACHED;
            if *target >= asked.targets.len() {
                (*row, *target) = (*row + 1, 0);
            }
        }
    }
}

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

    /// The rows that arrive whole in the epoch, and `runs` of others, in the order of time: those that excite, and those that inhibit. One
    /// that does both is in either list, one that does nothing in the second. `signs` are those of the weights of each projection.
    #[inline(always)]
    pub fn whole(&self, signs: &[Signs], runs: [&[Run]; 2]) -> [Vec<Whole<'a>>; 2] {
        let Incoming::Sorted { pieces, .. } = self.incoming() else {
            let whole = |run: &Run| {
                let (rows, synapses) = self.synapses(run);
                Whole::of(rows, synapses, run.time, signs[run.projection as usize])
            };
            return runs.map(|runs| runs.iter().map(whole).collect());
        };
        let mut sides = [Vec::with_capacity(pieces.len()), Vec::new()];
        let ask = |piece: Option<&Piece>| {
            if let Some(later) = piece {
                let (rows, row) = self.rows_of(later.projection, later.row);
                prefetch(rows.offsets(), row as usize);
            }
        };
        pieces.iter().take(OFFSETS_AHEAD).for_each(|piece| ask(Some(piece)));
        for (k, piece) in pieces.iter().enumerate() {
            ask(pieces.get(k + OFFSETS_AHEAD));
            let (rows, row) = self.row_of(piece);
            let signs = signs[piece.projection as usize];
            let whole = Whole::of(rows, row, piece.time, signs);
            for side in [Side::Excitation, Side::Inhibition] {
                if signs.listed(side) {
                    sides[side as usize].push(whole);
                }
            }
        }
        sides
    }

    /// The synapses of a run, and in which table.
    #[inline(always)]
    pub fn synapses(&self, run: &Run) -> (&'a Rows, Range<usize>) {
        let (rows, _) = self.rows_of(run.projection, 0);
        let first = run.first as usize;
        (rows, first..first + run.len as usize)
    }

    /// The row of a piece, and in which table.
    #[inline(always)]
    pub fn row_of(&self, piece: &Piece) -> (&'a Rows, Range<usize>) {
        let (rows, row) = self.rows_of(piece.projection, piece.row);
        (rows, rows.row(row))
    }

    /// Hands out the due parts of the rows of departures; `signs` are those of the weights of each projection.
    #[inline(always)]
    pub fn hand_out(&self, projections: &[u32], departures: &[Departure], signs: &[Signs], slots: &mut Slots) {
        let of = |departure| self.outgoing(projections, departure, signs);
        let rows: Vec<(Outgoing, f64, Span)> = departures.iter().flat_map(of).collect();
        let ask = |later: Option<&(Outgoing, f64, Span)>| {
            if let Some((outgoing, ..)) = later {
                ask_delays(outgoing);
            }
        };
        ask(rows.first());
        for (k, (outgoing, time, span)) in rows.iter().enumerate() {
            ask(rows.get(k + 1));
            slots.hand_out(outgoing, *time, *span);
        }
    }

    /// The rows of a departure, the times of their spikes, ms, and when what arrives of them is due.
    fn outgoing(
        &self,
        projections: &[u32],
        departure: &Departure,
        signs: &[Signs],
    ) -> impl Iterator<Item = (Outgoing<'a>, f64, Span)> {
        let number = projections[departure.onto];
        let projection = &self.network.projections()[number as usize];
        let first = self.network.populations()[projection.source as usize].first;
        let flights = &self.transit.flights.of_population[projection.source as usize][departure.flights.clone()];
        let (stored, signs, span) = (projection.stored().is_some(), signs[number as usize], departure.span);
        flights.iter().zip(departure.first_row..).map(move |(spike, redrawn)| {
            let (rows, row) = self.rows_of(number, if stored { spike.source - first } else { redrawn });
            let runs = match &rows.delays {
                Delays::Runs(runs) => runs.of_row(rows.number(row)),
                Delays::Each(_) => 0..0,
            };
            (Outgoing { projection: number, rows, row: rows.row(row), runs, signs }, spike.time, span)
        })
    }
}

/// Asks for the delays of a row.
#[inline(always)]
fn ask_delays(Outgoing { rows, row, runs: of_row, .. }: &Outgoing) {
    match &rows.delays {
        Delays::Runs(runs) => {
            let (codes, ends) = runs.columns();
            of_row.clone().step_by(32).for_each(|run| prefetch(codes, run));
            of_row.clone().step_by(16).for_each(|run| prefetch(ends, run));
        }
        Delays::Each(delays) => ask(delays, row.start, row.len().min(DELAYS_AHEAD)),
    }
}

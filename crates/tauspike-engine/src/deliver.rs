//! Which arrivals an epoch brings to a block: walks fan-out rows.

use crate::block::AHEAD;
use crate::flight::{Departure, Flights, Incoming, Piece, Plan};
use crate::prefetch::prefetch;
use crate::slots::Slots;
use tauspike_network::column::Column;
use tauspike_network::fanout::{Block, Rows};
use tauspike_network::network::Network;
use tauspike_neuron::Arrival;

/// What arrives at one block.
pub(crate) struct Arriving<'a> {
    pub network: &'a Network,
    pub plan: &'a Plan,
    pub flights: &'a Flights,
    pub block: Block,
    /// Which of its population's blocks this is.
    pub ordinal: usize,
}

impl<'a> Arriving<'a> {
    fn incoming(&self) -> &'a Incoming {
        &self.plan.targets[self.block.population as usize]
    }

    /// Whether the arrivals of each target come in order.
    pub fn sorted(&self) -> bool {
        self.incoming().sorted()
    }

    #[inline(always)]
    fn rows_of(&self, projection: u32) -> &'a Rows {
        &self.network.projections[projection as usize].rows[self.ordinal]
    }

    /// Whether all synapses of each row that can arrive have one weight and delay; then `alike` gets the time and weight of every
    /// row of the epoch.
    pub fn are_alike(&self, alike: &mut Vec<Arrival>) -> bool {
        let Incoming::Sorted { projections, pieces } = self.incoming() else { return false };
        let shared = |p: &u32| self.rows_of(*p).weights.shared().is_some();
        if !projections.iter().all(shared) {
            return false;
        }
        alike.clear();
        alike.extend(pieces.iter().map(|piece| {
            let weight = self.rows_of(piece.projection).weights.shared().unwrap_or(0.0);
            Arrival { time: piece.time, weight }
        }));
        true
    }

    /// Calls `with` for each piece, after asking for the memory of those that follow.
    #[inline(always)]
    fn each(&self, pieces: &[Piece], mut with: impl FnMut(u32, &'a Rows, &Piece)) {
        for (k, piece) in pieces.iter().enumerate() {
            if let Some(later) = pieces.get(k + 2 * AHEAD) {
                prefetch(&self.rows_of(later.projection).offsets, later.source as usize);
            }
            if let Some(later) = pieces.get(k + AHEAD) {
                let rows = self.rows_of(later.projection);
                let row = rows.row(later.source);
                prefetch(&rows.targets, row.start);
                prefetch(&rows.targets, row.start + 32);
            }
            with(k as u32, self.rows_of(piece.projection), piece);
        }
    }

    /// Hands out the due parts of the rows of a departure.
    #[inline(always)]
    fn hand_out(&self, projections: &[u32], departure: &Departure, slots: &mut Slots) {
        let projection = projections[departure.place];
        let rows = self.rows_of(projection);
        let source = self.network.projections[projection as usize].source as usize;
        let first = self.network.populations[source].first;
        for spike in &self.flights.of_population[source][departure.flights.clone()] {
            slots.hand_out(departure.place, (rows, rows.row(spike.source - first)), spike.time, departure.span);
        }
    }
}

/// Hands out the targets of each row and its number in the epoch, where [`Arriving::are_alike`]; returns the number of arrivals.
/// Those of each target come in order.
#[inline(always)]
pub(crate) fn rows(arriving: &Arriving, mut take: impl FnMut(&[u16], u32)) -> u64 {
    let Incoming::Sorted { pieces, .. } = arriving.incoming() else { return 0 };
    let mut delivered = 0;
    arriving.each(pieces, |k, rows, piece| {
        let targets = &rows.targets[rows.row(piece.source)];
        take(targets, k);
        delivered += targets.len() as u64;
    });
    delivered
}

/// Pushes all arrivals; returns how many. Those over drawn delays go through `slots`.
#[inline(always)]
pub(crate) fn arrivals(arriving: &Arriving, slots: &mut Slots, mut push: impl FnMut(u16, Arrival)) -> u64 {
    let mut delivered = 0;
    match arriving.incoming() {
        Incoming::Sorted { pieces, .. } => {
            arriving.each(pieces, |_, rows, piece| delivered += whole_row(rows, piece, &mut push));
        }
        Incoming::Spread { projections, departures } => {
            departures.iter().for_each(|departure| arriving.hand_out(projections, departure, slots));
            delivered = slots.take((arriving.plan.from, arriving.plan.until), push);
        }
    }
    delivered as u64
}

/// Delivers the whole row of a piece.
#[inline(always)]
fn whole_row(rows: &Rows, piece: &Piece, push: &mut impl FnMut(u16, Arrival)) -> usize {
    let (row, time) = (rows.row(piece.source), piece.time);
    let targets = &rows.targets[row.clone()];
    if let Column::Single(weights) = &rows.weights {
        for (&target, &weight) in targets.iter().zip(&weights[row]) {
            push(target, Arrival { time, weight: f64::from(weight) });
        }
    } else {
        for (&target, k) in targets.iter().zip(row) {
            push(target, Arrival { time, weight: rows.weights.get(k) });
        }
    }
    targets.len()
}

//! Which arrivals an epoch brings to a block: walks fan-out rows.

use crate::block::AHEAD;
use crate::flight::{Flights, Incoming, Piece, Plan};
use crate::prefetch::prefetch;
use tauspike_network::column::Column;
use tauspike_network::fanout::{Block, Rows};
use tauspike_network::network::Network;
use tauspike_neuron::Arrival;
use tauspike_spike::Spike;

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

/// Pushes all arrivals; returns how many.
#[inline(always)]
pub(crate) fn arrivals(arriving: &Arriving, mut push: impl FnMut(u16, Arrival)) -> u64 {
    let mut delivered = 0;
    match arriving.incoming() {
        Incoming::Sorted { pieces, .. } => {
            arriving.each(pieces, |_, rows, piece| delivered += whole_row(rows, piece, &mut push));
        }
        Incoming::Spread { projections, flights: ranges } => {
            let network = arriving.network;
            for (&p, range) in projections.iter().zip(ranges) {
                let source = network.projections[p as usize].source as usize;
                let first = network.populations[source].first;
                for spike in &arriving.flights.of_population[source][range.clone()] {
                    let rows = arriving.rows_of(p);
                    delivered += part_of_row(rows, spike, spike.source - first, (arriving.plan, &mut push));
                }
            }
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

/// Delivers those synapses of `source` whose arrivals fall into the epoch.
#[inline(always)]
fn part_of_row(rows: &Rows, spike: &Spike, source: u32, (plan, push): (&Plan, &mut impl FnMut(u16, Arrival))) -> usize {
    let row = rows.row(source);
    let arrival = |k: usize| spike.time + rows.delays.get(k);
    let start = first_at(row.clone(), |k| arrival(k) >= plan.from);
    let mut k = start;
    while k < row.end {
        let time = arrival(k);
        if time >= plan.until {
            break;
        }
        push(rows.targets[k], Arrival { time, weight: rows.weights.get(k) });
        k += 1;
    }
    k - start
}

/// First index of `range` for which `reached` holds, which is monotone; the end if none.
#[inline(always)]
fn first_at(range: std::ops::Range<usize>, reached: impl Fn(usize) -> bool) -> usize {
    let (mut lo, mut hi) = (range.start, range.end);
    while lo < hi {
        let mid = lo + (hi - lo) / 2;
        if reached(mid) {
            hi = mid;
        } else {
            lo = mid + 1;
        }
    }
    lo
}

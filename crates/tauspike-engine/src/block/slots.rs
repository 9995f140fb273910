//! Arrivals on their way to one block over projections of drawn delays, by the span of time they fall into.
//!
//! A row of drawn delays is spread over many epochs. It is read once, when its spike takes off, and each synapse handed out to the
//! slot of its arrival; looking for the due part of every row in every epoch costs more than the arrivals themselves. Slots reach
//! [`REACH`] epochs ahead; what lies beyond is handed out when they have come nearer (see [`crate::transit::flights`]).
//!
//! Slots lie at fixed multiples of the epoch's length, epochs begin anywhere: what is found too early stays. Nothing here is part
//! of the state of a simulation, it can be made again from the spikes in flight.

use crate::hardware::prefetch::SOON;
use crate::transit::span::{Span, first_at};
use std::ops::Range;
use tauspike_network::column::Column;
use tauspike_network::fanout::Rows;
use tauspike_neuron::Arrival;

/// Epochs ahead for which arrivals are handed out.
pub(crate) const REACH: u32 = 64;
/// An epoch can begin and end inside a slot, and rounding may move both ends.
const SLOTS: u64 = REACH as u64 + 4;

/// An arrival and the position of its target in the block.
#[derive(Clone, Copy)]
struct Bound {
    arrival: Arrival,
    target: u16,
}

/// The arrivals of one projection in one slot.
#[derive(Clone)]
struct List {
    /// No arrival is earlier or later, ms.
    earliest: f64,
    latest: f64,
    bound: Vec<Bound>,
}

#[derive(Clone)]
pub(crate) struct Slots {
    /// ms.
    width: f64,
    projections: usize,
    /// By slot, then by projection.
    lists: Vec<List>,
}

impl Slots {
    /// Slots of `width` ms for the arrivals over this many projections.
    pub fn new(projections: usize, width: f64) -> Self {
        Self { width, projections, lists: vec![List::EMPTY; SLOTS as usize * projections] }
    }

    /// The slot of an instant: `[slot width, (slot + 1) width)`, as these two products round.
    #[inline(always)]
    fn slot_of(&self, time: f64) -> u64 {
        let guess = (time / self.width) as u64;
        guess + u64::from(time >= self.end(guess)) - u64::from(time < guess as f64 * self.width)
    }

    #[inline(always)]
    fn end(&self, slot: u64) -> f64 {
        (slot + 1) as f64 * self.width
    }

    /// Hands out the synapses of a row that arrive in `span` after a spike at `spike_time`; `projection` counts those
    /// onto the block.
    #[inline(always)]
    pub fn hand_out(&mut self, projection: usize, (rows, row): (&Rows, Range<usize>), spike_time: f64, span: Span) {
        // the usual columns without a question per synapse
        match (&rows.delays, &rows.weights) {
            (Column::Coded { table, codes }, Column::Single(weights)) => {
                let arrival = |k: usize| spike_time + table[codes[k] as usize];
                self.spread(projection, row, (arrival, |k| f64::from(weights[k]), &rows.targets), span);
            }
            (delays, weights) => {
                let arrival = |k: usize| spike_time + delays.get(k);
                self.spread(projection, row, (arrival, |k| weights.get(k), &rows.targets), span);
            }
        }
    }

    #[inline(always)]
    fn spread(
        &mut self,
        projection: usize,
        row: Range<usize>,
        (arrival, weight, targets): (impl Fn(usize) -> f64, impl Fn(usize) -> f64, &[u16]),
        Span { from, until }: Span,
    ) {
        let mut k = row.start;
        if k < row.end && arrival(k) < from {
            k = first_at(row.clone(), |k| arrival(k) >= from);
        }
        while k < row.end && arrival(k) < until {
            let mut time = arrival(k);
            let slot = self.slot_of(time);
            let end = self.end(slot).min(until);
            let list = &mut self.lists[(slot % SLOTS) as usize * self.projections + projection];
            list.earliest = list.earliest.min(time);
            while time < end {
                list.latest = list.latest.max(time);
                list.bound.push(Bound { arrival: Arrival { time, weight: weight(k) }, target: targets[k] });
                k += 1;
                time = if k < row.end { arrival(k) } else { f64::INFINITY };
            }
        }
    }

    /// Time of the earliest arrival, ms; infinite if there is none.
    pub fn next(&self) -> f64 {
        self.lists.iter().map(|list| list.earliest).fold(f64::INFINITY, f64::min)
    }

    /// Hands the arrivals of an epoch to `push`, all before having been taken; returns how many.
    #[inline(always)]
    pub fn take(&mut self, Span { from, until }: Span, mut push: impl FnMut(u16, Arrival, Option<u16>)) -> usize {
        let mut taken = 0;
        // ORDER: by slot, projection, spike, position: with the stable sort by time at the target, tauspike_spike::ArrivalOrder
        for slot in self.slot_of(from)..=self.slot_of(until) {
            let first = (slot % SLOTS) as usize * self.projections;
            for list in self.lists[first..first + self.projections].iter_mut().filter(|list| list.earliest < until) {
                taken += list.take(until, &mut push);
            }
        }
        taken
    }
}

impl List {
    const EMPTY: Self = Self { earliest: f64::INFINITY, latest: f64::NEG_INFINITY, bound: Vec::new() };

    #[inline(always)]
    fn take(&mut self, until: f64, push: &mut impl FnMut(u16, Arrival, Option<u16>)) -> usize {
        let before = self.bound.len();
        if self.latest < until {
            for (k, bound) in self.bound.iter().enumerate() {
                push(bound.target, bound.arrival, self.bound.get(k + SOON).map(|soon| soon.target));
            }
            self.bound.clear();
            (self.earliest, self.latest) = (Self::EMPTY.earliest, Self::EMPTY.latest);
            return before;
        }
        let mut earliest = f64::INFINITY;
        self.bound.retain(|bound| {
            let stays = bound.arrival.time >= until;
            if stays {
                earliest = earliest.min(bound.arrival.time);
            } else {
                push(bound.target, bound.arrival, None);
            }
            stays
        });
        self.earliest = earliest;
        before - self.bound.len()
    }
}

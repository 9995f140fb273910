//! Arrivals on their way to one block over projections of drawn delays, by the span of time they fall into.
//!
//! A row of drawn delays is spread over many epochs. It is read once, when its spike takes off, and each synapse handed out to the
//! slot of its arrival; looking for the due part of every row in every epoch costs more than the arrivals themselves. Slots reach
//! [`REACH`] epochs ahead; what lies beyond is handed out when they have come nearer (see [`crate::transit::flights`]).
//!
//! Slots lie at fixed multiples of the epoch's length, epochs begin anywhere: what is found too early stays. Nothing here is part
//! of the state of a simulation, it can be made again from the spikes in flight.

use crate::block::arrivals::Arrivals;
use crate::block::signs::{Side, Signs};
use crate::transit::span::{Span, first_at};
use std::ops::Range;
use tauspike_network::column::Column;
use tauspike_network::fanout::Rows;

/// Epochs ahead for which arrivals are handed out.
pub(crate) const REACH: u32 = 64;
/// An epoch can begin and end inside a slot, and rounding may move both ends.
const SLOTS: u64 = REACH as u64 + 4;

#[derive(Clone)]
pub(crate) struct Slots {
    /// ms.
    width: f64,
    /// By side.
    slots: Vec<[Slot; 2]>,
}

/// Arrivals of one side in a slot.
#[derive(Clone)]
struct Slot {
    arrivals: Arrivals,
    /// None is earlier or later, ms.
    earliest: f64,
    latest: f64,
}

impl Default for Slot {
    fn default() -> Self {
        Self { arrivals: Arrivals::default(), earliest: f64::INFINITY, latest: f64::NEG_INFINITY }
    }
}

impl Slots {
    /// Slots of `width` ms; none if no arrivals are `handed_out`.
    pub fn new(handed_out: bool, width: f64) -> Self {
        Self { width, slots: vec![Default::default(); if handed_out { SLOTS as usize } else { 0 }] }
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

    /// Hands out the synapses of a row, with weights of these signs, that arrive in `span` after a spike at `spike_time`.
    #[inline(always)]
    pub fn hand_out(&mut self, (rows, row): (&Rows, Range<usize>), signs: Signs, spike_time: f64, span: Span) {
        // the usual column without a question per synapse
        match &rows.delays {
            Column::Coded { table, codes } => {
                self.spread((rows, row), signs, |k| spike_time + table[codes[k] as usize], span);
            }
            delays => self.spread((rows, row), signs, |k| spike_time + delays.get(k), span),
        }
    }

    #[inline(always)]
    fn spread(
        &mut self,
        (rows, row): (&Rows, Range<usize>),
        signs: Signs,
        arrival: impl Fn(usize) -> f64,
        Span { from, until }: Span,
    ) {
        let (mut k, last) = (row.start, row.end);
        if k < last && arrival(k) < from {
            k = first_at(row, |k| arrival(k) >= from);
        }
        while k < last && arrival(k) < until {
            let first = k;
            let slot = self.slot_of(arrival(k));
            let end = self.end(slot).min(until);
            while k < last && arrival(k) < end {
                k += 1;
            }
            let sides = &mut self.slots[(slot % SLOTS) as usize];
            if signs.both() {
                for synapse in first..k {
                    let weight = rows.weights.get(synapse);
                    let side = &mut sides[Side::of_weight(weight) as usize];
                    side.arrivals.push(rows.targets[synapse], arrival(synapse), weight);
                }
                sides.iter_mut().for_each(|side| side.reach(arrival(first), arrival(k - 1)));
            } else {
                let side = &mut sides[usize::from(!signs.positive)];
                side.arrivals.extend(rows, first..k, &arrival);
                side.reach(arrival(first), arrival(k - 1));
            }
        }
    }

    /// A time before which there is no arrival, ms; infinite if there is none.
    pub fn next(&self) -> f64 {
        self.slots.iter().flatten().map(|slot| slot.earliest).fold(f64::INFINITY, f64::min)
    }

    /// Moves the arrivals of an epoch, all before having been taken, to `taken`, by side.
    pub fn take(&mut self, Span { from, until }: Span, mut taken: [&mut Arrivals; 2]) {
        if self.slots.is_empty() {
            return;
        }
        for slot in self.slot_of(from)..=self.slot_of(until) {
            for (slot, taken) in self.slots[(slot % SLOTS) as usize].iter_mut().zip(&mut taken) {
                if slot.earliest < until {
                    slot.take(until, taken);
                }
            }
        }
    }
}

impl Slot {
    fn reach(&mut self, earliest: f64, latest: f64) {
        self.earliest = self.earliest.min(earliest);
        self.latest = self.latest.max(latest);
    }

    fn take(&mut self, until: f64, taken: &mut Arrivals) {
        if self.latest < until {
            taken.take_all(&mut self.arrivals);
            (self.earliest, self.latest) = (f64::INFINITY, f64::NEG_INFINITY);
            return;
        }
        let due = self.arrivals.part(0, until);
        taken.take_first(&mut self.arrivals, due);
        self.earliest = self.arrivals.times.iter().copied().fold(f64::INFINITY, f64::min);
    }
}

//! Arrivals on their way to one block over projections of drawn delays, by the span of time they fall into.
//!
//! A row of drawn delays is spread over many epochs. It is read once, when its spike takes off, and each synapse handed out to the
//! slot of its arrival; looking for the due part of every row in every epoch costs more than the arrivals themselves. Where delays are few
//! and rows long, what is handed out is a *run* of synapses with one delay, which are read when they arrive. Slots reach [`REACH`] epochs
//! ahead; what lies beyond is handed out when they have come nearer (see [`crate::transit::flights`]).
//!
//! Slots lie at fixed multiples of the epoch's length, epochs begin anywhere: what is found too early stays. Nothing here is part
//! of the state of a simulation, it can be made again from the spikes in flight.

use crate::block::arrivals::Arrivals;
use crate::block::signs::{Side, Signs};
use crate::transit::span::{Span, first_at};
use std::ops::Range;
use tauspike_network::column::Column;
use tauspike_network::fanout::{Delays, Rows, Runs};

/// Epochs ahead for which arrivals are handed out.
pub(crate) const REACH: u32 = 64;
/// An epoch can begin and end inside a slot, and rounding may move both ends.
const SLOTS: u64 = REACH as u64 + 4;

/// Synapses of a stored row that arrive at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    /// ms.
    pub time: f64,
    pub projection: u32,
    /// Of the synapses of the projection onto the block.
    pub first: u32,
    pub len: u32,
}

/// Synapses that are to be handed out: those of a row of a projection, with weights of these signs.
pub(crate) struct Outgoing<'a> {
    pub projection: u32,
    pub rows: &'a Rows,
    pub row: Range<usize>,
    /// The runs of the row, where delays are kept so.
    pub runs: Range<usize>,
    pub signs: Signs,
}

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
    runs: Vec<Run>,
    /// None is earlier or later, ms.
    earliest: f64,
    latest: f64,
}

impl Default for Slot {
    fn default() -> Self {
        Self { arrivals: Arrivals::default(), runs: Vec::new(), earliest: f64::INFINITY, latest: f64::NEG_INFINITY }
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

    /// Hands out the synapses of a row that arrive in `span` after a spike at `spike_time`.
    #[inline(always)]
    pub fn hand_out(&mut self, outgoing: &Outgoing, spike_time: f64, span: Span) {
        match &outgoing.rows.delays {
            Delays::Runs(runs) => self.hand_out_runs(outgoing, runs, spike_time, span),
            // the usual column without a question per synapse
            Delays::Each(Column::Coded { table, codes }) => {
                self.spread(outgoing, |k| spike_time + table[codes[k] as usize], span);
            }
            Delays::Each(delays) => self.spread(outgoing, |k| spike_time + delays.get(k), span),
        }
    }

    #[inline(always)]
    fn hand_out_runs(
        &mut self,
        &Outgoing { projection, ref row, runs: ref of_row, signs, .. }: &Outgoing,
        runs: &Runs,
        spike_time: f64,
        Span { from, until }: Span,
    ) {
        for (piece, delay) in runs.pieces(of_row.clone(), row.start) {
            let time = spike_time + delay;
            if time >= until {
                break;
            }
            if time >= from {
                let run = Run { time, projection, first: piece.start as u32, len: piece.len() as u32 };
                let slot = self.slot_of(time);
                let sides = &mut self.slots[(slot % SLOTS) as usize];
                for side in [Side::Excitation, Side::Inhibition] {
                    if signs.listed(side) {
                        sides[side as usize].runs.push(run);
                        sides[side as usize].reach(time, time);
                    }
                }
            }
        }
    }

    #[inline(always)]
    fn spread(
        &mut self,
        &Outgoing { rows, ref row, signs, .. }: &Outgoing,
        arrival: impl Fn(usize) -> f64,
        Span { from, until }: Span,
    ) {
        let (mut k, last) = (row.start, row.end);
        if k < last && arrival(k) < from {
            k = first_at(row.clone(), |k| arrival(k) >= from);
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

    /// Moves what arrives in an epoch, all before having been taken, to `taken`, by side.
    pub fn take(&mut self, Span { from, until }: Span, mut taken: [(&mut Arrivals, &mut Vec<Run>); 2]) {
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

    fn take(&mut self, until: f64, (arrivals, runs): &mut (&mut Arrivals, &mut Vec<Run>)) {
        if self.latest < until {
            arrivals.take_all(&mut self.arrivals);
            runs.append(&mut self.runs);
            (self.earliest, self.latest) = (f64::INFINITY, f64::NEG_INFINITY);
            return;
        }
        let due = self.arrivals.part(0, until);
        arrivals.take_first(&mut self.arrivals, due);
        runs.extend(self.runs.extract_if(.., |run| run.time < until));
        let times = self.arrivals.times.iter().copied().chain(self.runs.iter().map(|run| run.time));
        self.earliest = times.fold(f64::INFINITY, f64::min);
    }
}

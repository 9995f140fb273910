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
use crate::hardware::prefetch::prefetch_end;
use crate::inputs::injected::Landing;
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
    /// Slots in a ms.
    per_ms: f64,
    /// By side.
    slots: Vec<[Slot; 2]>,
}

/// Arrivals of one side in a slot.
#[derive(Clone)]
struct Slot {
    arrivals: Vec<Landing>,
    runs: Vec<Run>,
    /// None is earlier, ms.
    earliest: f64,
}

impl Default for Slot {
    fn default() -> Self {
        Self { arrivals: Vec::new(), runs: Vec::new(), earliest: f64::INFINITY }
    }
}

impl Slots {
    /// Slots of `width` ms; none if no arrivals are `handed_out`.
    pub fn new(handed_out: bool, width: f64) -> Self {
        Self { per_ms: 1.0 / width, slots: vec![Default::default(); if handed_out { SLOTS as usize } else { 0 }] }
    }

    /// The slot of an instant. A product grows with its factor, rounded too, so what arrives between two instants is in no slot before that of the first
    /// and none after that of the second.
    #[inline(always)]
    fn slot_of(&self, time: f64) -> u64 {
        (time * self.per_ms) as u64
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
                        let slot = &mut sides[side as usize];
                        slot.runs.push(run);
                        slot.earliest = slot.earliest.min(time);
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
        let first = if row.is_empty() || arrival(row.start) >= from {
            row.start
        } else {
            first_at(row.clone(), |k| arrival(k) >= from)
        };
        let only = if signs.positive { Side::Excitation } else { Side::Inhibition };
        // not slot by slot: where each has few of a row, how many is a throw of dice
        for k in first..row.end {
            let time = arrival(k);
            if time >= until {
                break;
            }
            let (target, weight) = (rows.targets[k], rows.weights.get(k));
            let side = if signs.both() { Side::of_weight(weight) } else { only };
            let slot = (self.slot_of(time) % SLOTS) as usize;
            let slot = &mut self.slots[slot][side as usize];
            slot.arrivals.push(Landing { time, target, weight });
            slot.earliest = slot.earliest.min(time);
            prefetch_end(&slot.arrivals);
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
    fn take(&mut self, until: f64, (arrivals, runs): &mut (&mut Arrivals, &mut Vec<Run>)) {
        let due = self.arrivals.extract_if(.., |landing| landing.time < until);
        due.for_each(|Landing { time, target, weight }| arrivals.push(target, time, weight));
        runs.extend(self.runs.extract_if(.., |run| run.time < until));
        let times = self.arrivals.iter().map(|landing| landing.time).chain(self.runs.iter().map(|run| run.time));
        self.earliest = times.fold(f64::INFINITY, f64::min);
    }
}

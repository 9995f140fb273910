//! Arrivals on their way to one block over projections of drawn delays, by the span of time they fall into.
//!
//! A row of drawn delays is spread over many epochs. It is read once, when its spike takes off, and each synapse handed out to the
//! slot of its arrival; looking for the due part of every row in every epoch costs more than the arrivals themselves. Slots reach
//! [`REACH`] epochs ahead; what lies beyond is handed out when they have come nearer (see [`crate::flight`]).
//!
//! Slots lie at fixed multiples of the epoch's length, epochs begin anywhere: what is found too early stays. Nothing here is part
//! of the state of a simulation, it can be made again from the spikes in flight.

use std::ops::Range;
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
    /// No arrival is earlier, ms.
    earliest: f64,
    bound: Vec<Bound>,
}

pub(crate) struct Slots {
    inverse_width: f64,
    projections: usize,
    /// By slot, then by projection.
    lists: Vec<List>,
}

impl Slots {
    /// Slots of `width` ms for the arrivals over this many projections.
    pub fn new(projections: usize, width: f64) -> Self {
        let empty = List { earliest: f64::INFINITY, bound: Vec::new() };
        Self { inverse_width: 1.0 / width, projections, lists: vec![empty; SLOTS as usize * projections] }
    }

    #[inline(always)]
    fn slot_of(&self, time: f64) -> u64 {
        (time * self.inverse_width) as u64
    }

    fn lists_of(&mut self, slot: u64) -> &mut [List] {
        let from = (slot % SLOTS) as usize * self.projections;
        &mut self.lists[from..from + self.projections]
    }

    /// Hands out the synapses of a row that arrive in `[from, until)` after a spike at `spike_time`; `projection` counts those
    /// onto the block.
    #[inline(always)]
    pub fn hand_out(
        &mut self,
        projection: usize,
        (rows, row): (&Rows, Range<usize>),
        spike_time: f64,
        (from, until): (f64, f64),
    ) {
        let arrival = |k: usize| spike_time + rows.delays.get(k);
        let mut first = row.start;
        if !row.is_empty() && arrival(first) < from {
            first = first_at(row.clone(), |k| arrival(k) >= from);
        }
        for k in first..row.end {
            let time = arrival(k);
            if time >= until {
                break;
            }
            let place = (self.slot_of(time) % SLOTS) as usize * self.projections + projection;
            let list = &mut self.lists[place];
            list.earliest = list.earliest.min(time);
            list.bound.push(Bound { arrival: Arrival { time, weight: rows.weights.get(k) }, target: rows.targets[k] });
        }
    }

    /// Hands the arrivals in `[from, until)` to `push`, all before having been taken; returns how many.
    #[inline(always)]
    pub fn take(&mut self, (from, until): (f64, f64), mut push: impl FnMut(u16, Arrival)) -> usize {
        let mut taken = 0;
        // ORDER: by slot, projection, spike, position: with the stable sort by time at the target, tauspike_spike::ArrivalOrder
        for slot in self.slot_of(from)..=self.slot_of(until) {
            for list in self.lists_of(slot).iter_mut().filter(|list| list.earliest < until) {
                let before = list.bound.len();
                let mut earliest = f64::INFINITY;
                list.bound.retain(|bound| {
                    let stays = bound.arrival.time >= until;
                    if stays {
                        earliest = earliest.min(bound.arrival.time);
                    } else {
                        push(bound.target, bound.arrival);
                    }
                    stays
                });
                list.earliest = earliest;
                taken += before - list.bound.len();
            }
        }
        taken
    }
}

/// First index of `range` for which `reached` holds, which is monotone; the end if none.
#[inline(always)]
fn first_at(range: Range<usize>, reached: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (range.start, range.end);
    while low < high {
        let middle = low + (high - low) / 2;
        if reached(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

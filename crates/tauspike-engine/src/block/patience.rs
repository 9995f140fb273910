//! Which neurons can wait: decide *whether* a neuron can fire before asking when, and look at it only then.
//!
//! A neuron of headroom h stays silent, until something of its own is due, as long as the positive weights that have arrived since
//! it was last looked at add up to no more than h: it may be looked at later, with the same result, because its state belongs to
//! its last event and not to the present. So a patient block only keeps what arrives, and visits
//!
//! * a neuron whose headroom is used up, in that epoch;
//! * a neuron that has something of its own to do (a crossing by itself, a private arrival beyond those its headroom allows for, a
//!   current step, a probe), in that epoch;
//! * a neuron with many arrivals waiting, to bound memory.
//!
//! The bound is that of D'Haene et al. 2009 (Neural Comput 21:1068): exact firing needs no prediction for neurons that are far from
//! threshold. A neuron that fires by itself is looked at half of the way to threshold at the latest; the other half is its headroom,
//! if it has exponential currents, and 0 if V jumps. Inhibition can always wait: it only delays.
//!
//! Where many arrivals come in each epoch, waiting saves nothing, and a block is impatient (see [`crate::block::neurons`]).

use crate::block::buckets::Buckets;
use crate::block::deliver::{self, Arriving};
use crate::block::group::{Group, Synaptic};
use crate::block::neurons::Neurons;
use crate::hardware::prefetch::{AHEAD, SOON};
use tauspike_neuron::{Arrival, Cell};

/// Arrivals that may wait at one neuron.
const MOST: u32 = 16;
/// Arrivals by neuron and epoch above which a block loses patience, and below which it finds it again.
const MANY: u64 = 6;
const FEW: u64 = 2;

/// Where arrivals wait.
struct Waiting<'a> {
    buckets: &'a mut Buckets<Arrival>,
    headroom: &'a mut [f64],
    /// Neurons to be visited are found by looking at all, not by the list.
    busy: bool,
}

impl Waiting<'_> {
    /// Lets an arrival wait at its target, and lists the target if that uses up its headroom. `soon` is a target to come.
    #[inline(always)]
    fn keep(&mut self, target: u16, arrival: Arrival, soon: Option<u16>) {
        if let Some(later) = soon {
            self.buckets.prefetch_end(later);
        }
        let room = &mut self.headroom[target as usize];
        let left = if self.buckets.count(target) < MOST { *room - arrival.weight.max(0.0) } else { -1.0 };
        if left < 0.0 && *room >= 0.0 && !self.busy {
            self.buckets.add_active(target);
        }
        *room = left.min(*room);
        self.buckets.push(target, arrival);
    }
}

impl<C: Cell> Neurons<C> {
    /// One epoch of a patient block. `alike` has time and weight of each row, if its synapses are alike.
    #[inline(always)]
    pub(super) fn wait_or_visit(&mut self, arriving: &Arriving, alike: Option<&mut Vec<Arrival>>, group: &mut Group) {
        let until = arriving.transit.plan.epoch.until;
        let slots = &mut self.slots;
        let mut waiting = Waiting { buckets: &mut self.waiting, headroom: &mut self.headroom, busy: self.busy };
        self.counters.synaptic_arrivals += match alike {
            Some(rows) => deliver::rows(arriving, |targets, row| {
                for (k, &target) in targets.iter().enumerate() {
                    waiting.keep(target, rows[row as usize], targets.get(k + SOON).copied());
                }
            }),
            None => deliver::arrivals(arriving, slots, |target, arrival, soon| waiting.keep(target, arrival, soon)),
        };
        self.list_due(until);
        let active = self.waiting.take_active();
        self.visit_waiting(&active, arriving.sorted(), until, group);
        self.change_pace(active.len(), until);
        self.waiting.clear(active);
    }

    /// Lists the neurons that have to be visited before `until`.
    #[inline(always)]
    fn list_due(&mut self, until: f64) {
        let (wake, headroom, waiting) = (&self.wake, &self.headroom, &mut self.waiting);
        if self.busy {
            waiting.list(wake.iter().zip(headroom).map(|(&at, &room)| (at < until) | (room < 0.0)));
            return;
        }
        self.calendar.drain(until, |calendar, neuron| {
            let at = wake[neuron as usize];
            if at >= until {
                calendar.schedule(neuron, at);
            } else if headroom[neuron as usize] >= 0.0 {
                waiting.add_active(neuron);
            }
        });
    }

    /// Advances these neurons to `until`, with what waits at them.
    #[inline(always)]
    fn visit_waiting(&mut self, neurons: &[u16], sorted: bool, until: f64, group: &mut Group) {
        let waiting = std::mem::replace(&mut self.waiting, Buckets::new(0));
        for (k, &neuron) in neurons.iter().enumerate() {
            if let Some(&later) = neurons.get(k + AHEAD) {
                self.prefetch(later as usize);
                waiting.prefetch(later);
            }
            let arrivals = waiting.of(neuron).iter().copied();
            self.join(group, neuron, Synaptic { arrivals, sorted }, until);
            if group.is_full() {
                self.advance_group(group, until);
            }
        }
        self.advance_group(group, until);
        self.waiting = waiting;
        if !self.busy {
            for &neuron in neurons {
                self.calendar.schedule(neuron, self.wake[neuron as usize]);
            }
        }
    }

    /// Applies all that has arrived before `until`: the end of a run, or of patience.
    #[inline(always)]
    pub(super) fn catch_up(&mut self, sorted: bool, until: f64, group: &mut Group) {
        let behind = |n: usize| self.poisson.iter().any(|lane| lane.positions[n].next < until);
        let due: Vec<bool> = (0..self.cells.len()).map(|n| self.waiting.count(n as u16) > 0 || behind(n)).collect();
        self.waiting.list(due.into_iter());
        let active = self.waiting.take_active();
        self.visit_waiting(&active, sorted, until, group);
        self.waiting.clear(active);
        debug_assert!(self.fired.is_empty() || !self.fired.iter().any(|spike| spike.time >= until));
    }

    /// Whether to wait in the next epoch, after one in which `arrived` arrivals came.
    #[inline(always)]
    pub(super) fn change_patience(&mut self, arrived: u64, sorted: bool, until: f64, group: &mut Group) {
        let neurons = self.cells.len() as u64;
        if self.patient && arrived > MANY * neurons {
            self.catch_up(sorted, until, group);
            self.waiting = Buckets::new(neurons as usize);
            self.patient = false;
        } else if !self.patient && self.can_wait && arrived < FEW * neurons {
            self.patient = true;
        }
    }
}

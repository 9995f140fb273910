//! Brings neurons up to a time: everything that reaches a neuron reaches it here.
//!
//! Many neurons at a time, a group, in three steps: put together what arrives at each; raise the exponentials of all gaps at
//! once; apply the arrivals. A neuron cannot tell in which group it was, or whether it was alone: its arrivals before some time
//! are all that comes from the schedule.

use crate::block::group::{Group, Member, Synaptic};
use crate::block::guard::Guard;
use crate::block::merge::{END, merge};
use crate::block::neurons::Neurons;
use tauspike_neuron::{Arrival, Cell, Drive, Foreseen, Membrane};
use tauspike_spike::{ProbeRow, Spike};

impl<C: Cell> Neurons<C> {
    /// Takes `neuron` into the group, with what arrives at it before `until`: over synapses and from its private inputs.
    #[inline(always)]
    pub(super) fn join(
        &mut self,
        group: &mut Group,
        neuron: u16,
        synaptic: Synaptic<impl Iterator<Item = Arrival>>,
        until: f64,
    ) {
        group.synaptic.clear();
        group.synaptic.extend(synaptic.arrivals);
        if !synaptic.sorted {
            // ORDER: stable, and the bucket was filled in the order of tauspike_spike::ArrivalOrder within an instant
            group.synaptic.sort_by(|a, b| a.time.total_cmp(&b.time));
        }
        self.pull(neuron as usize, until, group);
        let first = group.append();
        let (cell, arrivals, factors) =
            (&self.cells[neuron as usize], &group.arrivals[first..group.filled], &mut group.factors);
        if self.stops[neuron as usize] < until {
            // a step is an event, so the gap after it begins there; a probe is none
            let step = self.next_step(neuron as usize);
            let (before, after) = arrivals.split_at(arrivals.partition_point(|a| a.time < step));
            cell.measure(cell.clock(), before, factors);
            cell.measure(step, after, factors);
        } else {
            cell.measure(cell.clock(), arrivals, factors);
        }
        group.members.push(Member { neuron, first: first as u32, end: group.filled as u32 });
    }

    /// Draws the private arrivals of neuron `n` before `until`.
    #[inline(always)]
    fn pull(&mut self, n: usize, until: f64, Group { private, other, merged, .. }: &mut Group) {
        let entity = self.range.first + n as u32;
        private.clear();
        for (k, lane) in self.poisson.iter_mut().enumerate() {
            if k == 0 {
                lane.pull(n, entity, until, |arrival| private.push(arrival));
                continue;
            }
            other.clear();
            lane.pull(n, entity, until, |arrival| other.push(arrival));
            merged.resize(private.len() + other.len(), END);
            private.push(END);
            other.push(END);
            merge(private, other, merged);
            std::mem::swap(private, merged);
        }
        self.counters.external_arrivals += private.len() as u64;
    }

    /// Advances the neurons of the group to `until`, and empties it.
    #[inline(always)]
    pub(super) fn advance_group(&mut self, group: &mut Group, until: f64) {
        group.factors.raise();
        for k in 0..group.members.len() {
            let Member { neuron, first, end } = group.members[k];
            let (first, end, n) = (first as usize, end as usize, neuron as usize);
            let arrivals = &group.arrivals[first..end];
            let foreseen = Foreseen { factors: &group.factors, first, from: self.cells[n].clock() };
            if self.stops[n] < until {
                self.advance_in_pieces(n, arrivals, foreseen, until);
            } else {
                self.advance(n, arrivals, foreseen, until);
            }
            self.settle(n, until);
        }
        group.members.clear();
        group.factors.clear();
        group.filled = 0;
    }

    #[inline(always)]
    fn advance(&mut self, n: usize, arrivals: &[Arrival], foreseen: Foreseen, until: f64) {
        let (source, fired) = (self.range.first + n as u32, &mut self.fired);
        let mut guard = Guard::new(arrivals.len(), &mut self.endless);
        let emit = &mut |time| {
            fired.push(Spike { time, source });
            guard.pass(time, source)
        };
        self.cells[n].advance(arrivals, foreseen, until, &mut self.work, emit);
    }

    /// Stops at current steps and probe times on the way. At one instant: step, arrivals, spike, probe.
    fn advance_in_pieces(&mut self, n: usize, mut arrivals: &[Arrival], mut foreseen: Foreseen, until: f64) {
        let mut step = self.next_step(n);
        let first_step = step;
        let mut stop = self.stops[n];
        while stop < until {
            let takes_step = step <= stop;
            let is_due = |a: &&Arrival| if takes_step { a.time < stop } else { a.time <= stop };
            let due = arrivals.iter().take_while(is_due).count();
            self.advance(n, &arrivals[..due], foreseen, stop.next_up());
            foreseen.first += due;
            foreseen.from = arrivals[..due].last().map_or(foreseen.from, |a| a.time);
            arrivals = &arrivals[due..];
            if takes_step {
                self.step(n, stop);
                // only the gap after the first step was measured from it
                foreseen.from = if stop == first_step { stop } else { foreseen.from };
                step = self.next_step(n);
            } else {
                self.probe(n, stop);
            }
            stop = self.next_look(n).min(step);
        }
        self.stops[n] = stop;
        self.advance(n, arrivals, foreseen, until);
    }

    /// Takes all current steps of neuron `n` at `time`.
    fn step(&mut self, n: usize, time: f64) {
        for lane in self.steps.iter_mut() {
            if lane.next(n) <= time {
                lane.taken[n] += 1;
            }
        }
        let drive = self.drive(n);
        self.cells[n].set_drive(time, drive);
        self.counters.external_arrivals += 1;
    }

    /// What the present current drives neuron `n` to.
    pub(super) fn drive(&self, n: usize) -> Drive {
        let p = self.lif.parameters(n);
        let current = self.steps.iter().map(|lane| lane.amplitude(n)).sum::<f64>() + p.i_e;
        Drive { v_inf: p.e_l + p.tau_m / p.c_m * current, v_th: p.v_th, v_reset: p.v_reset }
    }

    /// Looks at neuron `n` for the probe that is due at `time`.
    fn probe(&mut self, n: usize, time: f64) {
        if let Some(due) = self.looks.next(n) {
            self.looks.done(&due);
            let Membrane { v, current } = self.cells[n].membrane(time);
            self.rows.push(ProbeRow { time, neuron: self.range.first + n as u32, v, current });
        }
    }

    /// Lets the probes look that are due at `time`, the end of a run, to which every neuron has been advanced.
    pub(super) fn look_at(&mut self, time: f64) {
        for n in 0..self.cells.len() {
            while self.stops[n] <= time && self.looks.next(n).is_some_and(|due| due.time == time) {
                self.probe(n, time);
                self.stops[n] = self.next_stop(n);
            }
        }
    }

    /// When neuron `n` next takes a current step or is looked at, ms; infinite if never.
    pub(super) fn next_stop(&self, n: usize) -> f64 {
        self.next_look(n).min(self.next_step(n))
    }

    fn next_step(&self, n: usize) -> f64 {
        self.steps.iter().map(|lane| lane.next(n)).fold(f64::INFINITY, f64::min)
    }

    fn next_look(&self, n: usize) -> f64 {
        self.looks.next(n).map_or(f64::INFINITY, |due| due.time)
    }
}

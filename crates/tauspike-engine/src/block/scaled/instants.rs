//! The same neurons one instant at a time, for the schedule of zero delays.

use crate::block::scaled::ahead::Ahead;
use crate::block::scaled::neurons::{Private, Scaled};
use crate::block::scaled::resolve::Hit;
use crate::transit::span::Span;
use tauspike_neuron::{Arrival, Int, Lattice};

/// Span for which private input is drawn ahead, ms.
const DRAWN: f64 = 1.0;

impl<I: Int> Scaled<I> {
    /// Begins to go instant by instant at `now`.
    pub fn begin_instants(&mut self, now: f64) {
        self.ahead = Ahead {
            until: now,
            arrivals: vec![Vec::new(); self.members.len()],
            begins: now == 0.0,
            ..Ahead::default()
        };
        self.private.iter_mut().for_each(|private| private.lane.stand(now));
        self.draw_ahead(now);
        self.go_to(now);
        self.find_wakes(now);
    }

    /// When each neuron is next due, ms.
    pub fn wakes(&self) -> &[f64] {
        &self.ahead.wakes
    }

    /// Whether all neurons are due at other times than before; asked once.
    pub fn take_changed(&mut self) -> bool {
        std::mem::take(&mut self.ahead.changed)
    }

    /// Whether the integer of a neuron holds what comes of arrivals of so many mV at once, and of private ones.
    pub fn holds_at(&self, neuron: u32, weight: f64) -> bool {
        let n = (neuron - self.range.first) as usize;
        let here = if self.asleep[n] { 0.0 } else { self.u[n].to_f64().abs() };
        here + self.headroom.at_once(weight) <= I::LIMIT
    }

    /// Applies `arrivals`, all at `time`, and whatever else is due at `neuron` then; returns when it is next due, ms.
    pub fn instant(&mut self, neuron: u32, arrivals: impl ExactSizeIterator<Item = Arrival>, time: f64) -> f64 {
        let n = (neuron - self.range.first) as usize;
        while self.views.next() < time {
            let seen = self.views.next().next_up();
            self.catch_up(seen);
            self.look(seen);
        }
        self.ahead.begins &= time == 0.0;
        if self.members.passes.start(time) > self.members.pass || self.is_to_step(time) {
            self.catch_up(time);
        }
        if self.step(time) | self.draw_ahead(time) {
            self.go_to(time);
            self.find_wakes(time);
            self.ahead.changed = true;
        }
        self.go_to(time);
        self.counters.synaptic_arrivals += arrivals.len() as u64;
        let mut hits = std::mem::take(&mut self.hits);
        hits.clear();
        let private = &mut self.ahead.arrivals[n];
        while let Some(arrival) = private.pop_if(|arrival| arrival.time <= time) {
            hits.push(hit(arrival, self.members.factor(n, arrival.time)));
            self.counters.external_arrivals += 1;
        }
        let factor = self.members.factor(n, time);
        hits.extend(arrivals.map(|arrival| hit(Arrival { time, ..arrival }, factor)));
        self.work.updates += hits.len() as u64;
        if !self.asleep[n] || self.since[n] <= time {
            self.resolve(n, self.u[n], &hits, Span { from: time, until: time.next_up() });
        }
        self.hits = hits;
        let wake = self.wake_of(n, time);
        self.ahead.wakes[n] = wake;
        wake
    }

    /// Adds the private arrivals before `until` that could not make their neurons fire, and so were left.
    pub(super) fn catch_up(&mut self, until: f64) {
        for n in 0..self.ahead.arrivals.len() {
            while let Some(arrival) = self.ahead.arrivals[n].pop_if(|arrival| arrival.time < until) {
                let late = arrival.time < self.since[n];
                self.u[n] = if late || self.asleep[n] {
                    self.u[n]
                } else {
                    self.u[n].plus(I::round(arrival.weight * self.members.factor(n, arrival.time)))
                };
                self.counters.external_arrivals += 1;
                self.work.updates += 1;
            }
        }
    }

    /// The first private arrival, if any, that may make neuron `n` fire, or comes in a later pass, ms. All before `now` is done.
    fn private_wake(&self, n: usize, now: f64) -> f64 {
        let Some(private) = self.ahead.arrivals.get(n) else { return f64::INFINITY };
        let end = self.members.pass + self.members.passes.length;
        let heard = private.iter().rev().filter(|arrival| arrival.time >= self.since[n]);
        let level = Lattice::below(self.members.theta[n] * self.members.factor(n, now));
        let mut u = self.u[n].to_f64();
        for arrival in heard {
            u += arrival.weight.max(0.0) * self.members.factor(n, arrival.time.min(end));
            if self.asleep[n] || arrival.time >= end || self.members.theta[n] <= 0.0 || u >= level {
                return arrival.time;
            }
        }
        f64::INFINITY
    }

    fn find_wakes(&mut self, now: f64) {
        self.ahead.wakes = (0..self.members.len()).map(|n| self.wake_of(n, now)).collect();
    }

    /// When neuron `n` is next due, ms, all before `now` being done; the first of a block also whenever the block is.
    fn wake_of(&self, n: usize, now: f64) -> f64 {
        let (members, theta) = (&self.members, self.members.theta[n]);
        let mut wake = f64::INFINITY;
        if self.ahead.begins && !self.asleep[n] && self.u[n] >= Lattice::level(theta, members.lattice.unit, 0) {
            // V_init >= V_th
            return 0.0;
        }
        if members.lattice.is_driven(theta) {
            let (decay, _) = members.decay(n);
            let (u, start) = match self.asleep[n] {
                true => members.woken(n, self.since[n]),
                false => (self.u[n], members.pass),
            };
            wake = members.lattice.crossing(u, theta, &decay, (members.passes, start), self.since[n]);
        }
        wake = wake.min(self.private_wake(n, now));
        if n == 0 {
            let drawn = if self.private.is_empty() { f64::INFINITY } else { self.ahead.until };
            wake = wake.min(self.currents.next()).min(self.restep).min(self.views.next().next_up()).min(drawn);
        }
        wake
    }

    /// Draws private input where that has come to its end at `time`; whether it had.
    fn draw_ahead(&mut self, time: f64) -> bool {
        if self.private.is_empty() || time < self.ahead.until {
            return false;
        }
        let span = Span { from: time, until: ((time / DRAWN).floor() + 1.0).max(1.0) * DRAWN };
        for Private { lane, .. } in &mut self.private {
            lane.take(span);
            let (targets, times) = lane.due();
            for (&target, &time) in targets.iter().zip(times) {
                let weight = lane.weights.get(target.into());
                self.ahead.arrivals[target as usize].push(Arrival { time, weight });
            }
        }
        self.ahead.arrivals.iter_mut().for_each(|private| private.sort_unstable_by(|a, b| b.time.total_cmp(&a.time)));
        self.ahead.until = span.until;
        true
    }
}

fn hit<I: Int>(Arrival { time, weight }: Arrival, factor: f64) -> Hit<I> {
    Hit { time, factor, value: I::round(weight * factor), excites: weight > 0.0 }
}

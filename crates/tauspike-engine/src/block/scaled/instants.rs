//! The same neurons one instant at a time, for the schedule of zero delays.

use crate::block::scaled::ahead::Ahead;
use crate::block::scaled::neurons::{Private, Scaled};
use crate::block::scaled::resolve::Hit;
use crate::transit::span::Span;
use tauspike_neuron::{Arrival, Int, Lattice};

/// Span for which private input is drawn ahead, ms.
const DRAWN: f64 = 1.0;
/// Private arrivals of a neuron that come at the same instant, to the last bit: never so many.
const AT_ONCE: f64 = 8.0;

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
        self.find_wakes();
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
        let private =
            self.ahead.arrivals.get(n).map_or(0.0, |all| all.iter().map(|a| a.weight.abs()).fold(0.0, f64::max));
        let here = if self.asleep[n] { 0.0 } else { self.u[n].to_f64().abs() };
        here + self.headroom.at_once(weight + AT_ONCE * private) <= I::LIMIT
    }

    /// Applies `arrivals`, all at `time`, and whatever else is due at `neuron` then; returns when it is next due, ms.
    pub fn instant(&mut self, neuron: u32, arrivals: impl ExactSizeIterator<Item = Arrival>, time: f64) -> f64 {
        let n = (neuron - self.range.first) as usize;
        self.look(time);
        self.ahead.begins &= time == 0.0;
        if self.step(time) | self.draw_ahead(time) {
            self.find_wakes();
            self.ahead.changed = true;
        }
        self.go_to(time);
        self.counters.synaptic_arrivals += arrivals.len() as u64;
        let factor = self.members.factor(n, time);
        let hit = |arrival: Arrival| {
            let (value, excites) = (I::round(arrival.weight * factor), arrival.weight > 0.0);
            Hit { time, factor, value, excites }
        };
        let mut hits: Vec<Hit<I>> = arrivals.map(hit).collect();
        if let Some(private) = self.ahead.arrivals.get_mut(n) {
            while private.last().is_some_and(|arrival| arrival.time <= time) {
                hits.extend(private.pop().map(hit));
                self.counters.external_arrivals += 1;
            }
        }
        self.work.updates += hits.len() as u64;
        if !self.asleep[n] || self.since[n] <= time {
            self.resolve(n, self.u[n], &hits, Span { from: time, until: time.next_up() });
        }
        let wake = self.wake_of(n);
        self.ahead.wakes[n] = wake;
        wake
    }

    fn find_wakes(&mut self) {
        self.ahead.wakes = (0..self.members.len()).map(|n| self.wake_of(n)).collect();
    }

    /// When neuron `n` is next due, ms; the first of a block also whenever the block is.
    fn wake_of(&self, n: usize) -> f64 {
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
        if let Some(arrival) = self.ahead.arrivals.get(n).and_then(|private| private.last()) {
            wake = wake.min(arrival.time);
        }
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

//! The same neurons one instant at a time, for the schedule of zero delays.

use crate::block::scaled::ahead::Ahead;
use crate::block::scaled::model::Model;
use crate::block::scaled::neurons::{Private, Scaled};
use crate::block::scaled::window::hit;
use crate::transit::span::Span;
use tauspike_neuron::{Arrival, Int};

/// Span for which private input is drawn ahead, ms.
const DRAWN: f64 = 1.0;

impl<M: Model> Scaled<M> {
    /// Begins to go instant by instant at `now`.
    pub fn begin_instants(&mut self, now: f64) {
        self.ahead = Ahead { until: now, arrivals: vec![Vec::new(); self.model.len()], ..Ahead::default() };
        self.private.iter_mut().for_each(|private| private.lane.stand(now));
        self.draw_ahead(now);
        self.model.begin_instants(&mut self.cells);
        self.stand_at(now);
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

    /// Whether the integers of a neuron hold what comes of arrivals of so many mV or pA at once, and of private ones.
    pub fn holds_at(&mut self, neuron: u32, weight: f64) -> bool {
        let n = (neuron - self.range.first) as usize;
        let here = self.model.size(n, &mut self.cells[n]);
        here + self.headroom.at_once(weight) <= M::Int::LIMIT
    }

    /// Applies `arrivals`, all at `time`, and whatever else is due at `neuron` then; returns when it is next due, ms.
    pub fn instant(&mut self, neuron: u32, arrivals: &[Arrival], time: f64) -> f64 {
        let n = (neuron - self.range.first) as usize;
        self.look_back(time);
        if self.model.passes().start(time) > self.model.pass() || self.is_to_step(time) {
            self.catch_up(time);
        }
        if self.step(time) | self.draw_ahead(time) {
            self.stand_at(time);
            self.find_wakes(time);
            self.ahead.changed = true;
        }
        self.stand_at(time);
        self.counters.synaptic_arrivals += arrivals.len() as u64;
        self.take_private(n, time.next_up());
        self.hits.extend(arrivals.iter().map(|arrival| hit(&self.model, n, Arrival { time, ..*arrival })));
        self.apply(n, Span { from: time, until: time.next_up() });
        let wake = self.wake_of(n, time);
        self.ahead.wakes[n] = wake;
        wake
    }

    /// Makes hits of the private arrivals of neuron `n` before `until`.
    fn take_private(&mut self, n: usize, until: f64) {
        self.hits.clear();
        while let Some(arrival) = self.ahead.arrivals[n].pop_if(|arrival| arrival.time < until) {
            self.hits.push(hit(&self.model, n, arrival));
            self.counters.external_arrivals += 1;
        }
    }

    /// Takes neuron `n` through its hits.
    fn apply(&mut self, n: usize, span: Span) {
        let hits = std::mem::take(&mut self.hits);
        self.work.updates += hits.len() as u64;
        for hit in &hits {
            M::add(&mut self.cells[n], hit.side, hit.value);
        }
        self.resolve(n, &hits, span);
        self.hits = hits;
    }

    /// Applies the private arrivals before `until` that could not make their neurons fire, and so were left.
    pub(super) fn catch_up(&mut self, until: f64) {
        for n in 0..self.ahead.arrivals.len() {
            self.take_private(n, until);
            if let Some(first) = self.hits.first() {
                self.apply(n, Span { from: first.time, until });
            }
        }
    }

    fn find_wakes(&mut self, now: f64) {
        self.ahead.wakes = (0..self.model.len()).map(|n| self.wake_of(n, now)).collect();
    }

    /// When neuron `n` is next due, ms, all before `now` being done; the first of a block also whenever the block is.
    fn wake_of(&self, n: usize, now: f64) -> f64 {
        let private =
            self.ahead.arrivals.get(n).into_iter().flatten().rev().map(|arrival| (arrival.time, arrival.weight));
        let wake = self.model.wake(n, &self.cells, now).min(self.model.alarm(n, &self.cells, now, private));
        if n > 0 {
            return wake;
        }
        let drawn = if self.private.is_empty() { f64::INFINITY } else { self.ahead.until };
        wake.min(self.currents.next()).min(self.restep).min(self.views.next()).min(drawn)
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

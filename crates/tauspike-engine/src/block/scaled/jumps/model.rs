//! What the engine asks of them.

use crate::block::calendar::Calendar;
use crate::block::scaled::four::four;
use crate::block::scaled::jumps::members::Decays;
use crate::block::scaled::jumps::neurons::Jumps;
use crate::block::scaled::jumps::resolve::{self, State};
use crate::block::scaled::marks::Marks;
use crate::block::scaled::model::{Cells, Found, HitOf, Model};
use crate::block::scaled::table::LINE;
use crate::block::signs::Side;
use crate::hardware::prefetch::prefetch;
use crate::inputs::currents::Currents;
use crate::transit::span::Span;
use tauspike_neuron::elementary::exp2;
use tauspike_neuron::{Int, Lattice, Membrane, Passes};

impl<I: Int> Model for Jumps<I> {
    type Int = I;
    type Cell = I;
    type Value = I;
    /// growth * unit.
    type Factor = f64;

    const BYTES: usize = 4 * size_of::<f64>() + 1;

    fn len(&self) -> usize {
        self.members.len()
    }

    #[inline(always)]
    fn passes(&self) -> Passes {
        self.members.passes
    }

    #[inline(always)]
    fn pass(&self) -> f64 {
        self.members.pass
    }

    #[inline(always)]
    fn go_to(&mut self, cells: &mut Cells<Self>, time: f64) {
        let asleep = &self.asleep;
        self.members.go_to(time, self.excited, |first, octaves| {
            for ((u, asleep), octaves) in cells[first..].iter_mut().zip(&asleep[first..]).zip(octaves) {
                *u = if *asleep { I::DEAF } else { u.halved(*octaves) };
            }
        });
    }

    #[inline(always)]
    fn is_uniform(&self) -> bool {
        matches!(self.members.decays, Decays::Shared { .. })
    }

    #[inline(always)]
    fn factor(&self, _: Side, n: usize, time: f64) -> f64 {
        self.members.factor(n, time)
    }

    #[inline(always)]
    fn factors(&self, _: Side, times: &[f64; LINE]) -> [f64; LINE] {
        let mut factors = [0.0; LINE];
        self.members.exponents(&[0; LINE], times, &mut factors);
        for factor in &mut factors {
            *factor = exp2(*factor) * self.members.lattice.unit;
        }
        factors
    }

    #[inline(always)]
    fn value(weight: f64, factor: &f64) -> I {
        I::round(weight * factor)
    }

    #[inline(always)]
    fn line(weights: &[f64; LINE], factor: &f64) -> [I; LINE] {
        let mut products = *weights;
        products.iter_mut().for_each(|product| *product *= factor);
        I::round_all(products)
    }

    #[inline(always)]
    fn values(&self, _: Side, (targets, times): (&[u16; LINE], &[f64; LINE]), weights: &[f64; LINE]) -> [I; LINE] {
        let mut products = [0.0; LINE];
        self.members.exponents(targets, times, &mut products);
        for (product, weight) in products.iter_mut().zip(weights) {
            *product = weight * (exp2(*product) * self.members.lattice.unit);
        }
        I::round_all(products)
    }

    #[inline(always)]
    fn add(cell: &mut I, _: Side, value: I) {
        *cell = cell.plus(value);
    }

    #[inline(always)]
    fn take_away(cell: &mut I, _: Side, value: I) {
        *cell = cell.minus(value);
    }

    #[inline(always)]
    fn begin_window(&mut self, cells: &Cells<Self>, window: Span, marks: &mut Marks) -> usize {
        self.wake_up(cells, window, marks);
        0
    }

    #[inline(always)]
    fn fires_alone(&self) -> bool {
        self.members.driven && self.excited
    }

    #[inline(always)]
    fn sweep(&self, cells: &Cells<Self>, window: Span, marks: &mut Marks) {
        if self.members.fire() {
            self.compare(cells, window, marks);
        }
    }

    #[inline(always)]
    fn may_fire(&self, n: usize, u: &I, window: Span) -> bool {
        self.members.fire() && self.members.may_reach(n, *u, window)
    }

    #[inline(always)]
    fn ask(&self, n: usize) {
        prefetch(&self.since, n);
        self.members.ask(n);
    }

    fn resolve(
        &mut self,
        (n, source): (usize, u32),
        cells: &mut Cells<Self>,
        hits: &[HitOf<Self>],
        window: Span,
        found: &mut Found,
    ) {
        if !self.members.fire() {
            // all that arrived is in its cell
            return;
        }
        let since = self.since[n];
        if self.asleep[n] && (since >= window.until || self.members.passes.start(since) > self.members.pass) {
            cells[n] = I::DEAF;
            return;
        }
        // the sums of this window again taken away
        let before = hits.iter().fold(cells[n], |u, hit| u.minus(hit.value));
        let state = State { u: before, since: self.since[n], asleep: self.asleep[n] };
        let state = resolve::resolve(&self.members, (n, source), state, hits, window, found);
        self.since[n] = state.since;
        self.asleep[n] = state.asleep;
        cells[n] = if state.asleep { I::DEAF } else { state.u };
        if self.calendar.is_some() {
            self.schedule(n, cells[n]);
        }
    }

    fn excite(&mut self) {
        self.excited = true;
        self.members.compare();
    }

    fn moves_v_inf(&self, n: usize, current: f64) -> f64 {
        self.members.lif.moves_v_inf(n, current)
    }

    fn driven_to(&self, n: usize, currents: &Currents) -> (f64, f64) {
        (self.members.driven_to(n, currents), self.members.v_inf[n])
    }

    fn drive(&mut self, n: usize, cells: &mut Cells<Self>, time: f64, v_inf: f64) {
        let before = self.members.v_inf[n];
        if self.asleep[n] && self.since[n] <= time {
            // it went on from V_reset with the current before
            (cells[n], self.asleep[n]) = (self.members.awake(n, self.since[n]), false);
        }
        self.members.set_v_inf(n, v_inf);
        if !self.asleep[n] {
            // V stays, V_inf moves
            cells[n] = cells[n].plus(I::round((before - v_inf) * self.members.factor(n, time)));
            self.since[n] = self.since[n].max(time);
        }
    }

    fn driven(&mut self, cells: &Cells<Self>) {
        self.members.compare();
        if self.is_by_calendar() {
            self.calendar.iter_mut().for_each(Calendar::clear);
            (0..self.len()).for_each(|n| self.schedule(n, cells[n]));
        }
    }

    fn size(&self, n: usize, u: &mut I) -> f64 {
        if self.asleep[n] {
            *u = I::DEAF;
            return 0.0;
        }
        u.to_f64().abs()
    }

    fn peak(&self, cells: &mut Cells<Self>) -> f64 {
        let mut peak = 0.0f64;
        // of integers, several at a time, where none is refractory
        let (mut low, mut high) = ([I::default(); 8], [I::default(); 8]);
        let (lines, rest) = self.asleep.as_chunks::<{ 4 * LINE }>();
        for (line, asleep) in lines.iter().enumerate() {
            let first = line * asleep.len();
            let cells = &mut cells[first..first + asleep.len()];
            if asleep.iter().fold(false, |any, asleep| any | asleep) {
                peak = (first..).zip(cells).map(|(n, u)| self.size(n, u)).fold(peak, f64::max);
                continue;
            }
            for eight in cells.as_chunks::<8>().0 {
                for ((low, high), u) in low.iter_mut().zip(&mut high).zip(eight) {
                    (*low, *high) = ((*low).min(*u), (*high).max(*u));
                }
            }
        }
        let first = self.len() - rest.len();
        peak = (first..).zip(&mut cells[first..self.len()]).map(|(n, u)| self.size(n, u)).fold(peak, f64::max);
        low.into_iter().chain(high).map(|u| u.to_f64().abs()).fold(peak, f64::max)
    }

    #[inline(always)]
    fn peak_of(&self, neurons: &[u16], cells: &mut Cells<Self>) -> f64 {
        let (fours, rest) = neurons.as_chunks::<4>();
        let (mut low, mut high) = ([I::default(); 4], [I::default(); 4]);
        for neurons in fours {
            for ((low, high), n) in low.iter_mut().zip(&mut high).zip(four(neurons)) {
                (*low, *high) = ((*low).min(cells[n as usize]), (*high).max(cells[n as usize]));
            }
        }
        let size = low.into_iter().chain(high).map(|u| u.to_f64().abs()).fold(0.0, f64::max);
        if size > I::LIMIT {
            // one of them hears nothing
            return neurons.iter().map(|&n| self.size(n.into(), &mut cells[n as usize])).fold(0.0, f64::max);
        }
        rest.iter().map(|&n| self.size(n.into(), &mut cells[n as usize])).fold(size, f64::max)
    }

    fn membrane(&self, n: usize, cells: &Cells<Self>, time: f64) -> Membrane {
        let members = &self.members;
        if self.asleep[n] && time < self.since[n] {
            return Membrane { v: members.reset(n) + members.v_inf[n], current: None };
        }
        let ((decay, phase), start) = (members.decay(n), members.passes.start(time));
        let then = decay.phase(members.passes, start);
        let (u, from) = match self.asleep[n] {
            true => {
                let (u, woken) = members.woken(n, self.since[n]);
                (u, decay.phase(members.passes, woken))
            }
            false => (cells[n], phase),
        };
        let growth = decay.growth(then.fraction, time - start);
        let x = members.lattice.potential(u.halved(then.since(from)), growth);
        Membrane { v: members.v_inf[n] + x, current: None }
    }

    fn next(&self, cells: &Cells<Self>, _: f64) -> f64 {
        match &self.calendar {
            Some(calendar) if self.is_by_calendar() => calendar.next(|n| self.due_at(n.into(), cells[n as usize])),
            _ if self.members.driven => {
                (0..self.len()).map(|n| self.earliest(n, cells[n])).fold(f64::INFINITY, f64::min)
            }
            _ => f64::INFINITY,
        }
    }

    fn restart(&mut self, cells: &Cells<Self>, now: f64, width: f64) {
        let calendar = self.calendar.get_or_insert_with(|| Calendar::new(width));
        calendar.restart(now);
        let operations = calendar.operations;
        (0..self.len()).for_each(|n| self.schedule(n, cells[n]));
        // beginning anew is no work of the run
        self.calendar.iter_mut().for_each(|calendar| calendar.operations = operations);
    }

    fn begin_instants(&mut self, _: &mut Cells<Self>) {
        self.operations = self.queue_operations();
        self.calendar = None;
    }

    fn wake(&self, n: usize, cells: &Cells<Self>, now: f64) -> f64 {
        let (members, theta) = (&self.members, self.members.theta[n]);
        if now == 0.0 && members.fire() && self.starts_above(n, cells[n]) {
            return 0.0;
        }
        if !members.lattice.is_driven(theta) {
            return f64::INFINITY;
        }
        let (decay, _) = members.decay(n);
        let (u, start) = match self.asleep[n] {
            true => members.woken(n, self.since[n]),
            false => (cells[n], members.pass),
        };
        members.lattice.crossing(u, theta, &decay, (members.passes, start), self.since[n])
    }

    fn alarm(&self, n: usize, cells: &Cells<Self>, now: f64, arrivals: impl Iterator<Item = (f64, f64)>) -> f64 {
        let (members, end) = (&self.members, self.members.pass + self.members.passes.length);
        let level = Lattice::below(members.theta[n] * members.factor(n, now));
        let mut u = cells[n].to_f64();
        for (time, weight) in arrivals.filter(|(time, _)| *time >= self.since[n]) {
            u += weight.max(0.0) * members.factor(n, time.min(end));
            if self.asleep[n] || time >= end || members.theta[n] <= 0.0 || u >= level {
                return time;
            }
        }
        f64::INFINITY
    }

    fn queue_operations(&self) -> u64 {
        self.operations + self.calendar.as_ref().map_or(0, |calendar| calendar.operations)
    }
}

//! What the engine asks of them.

use crate::block::scaled::currents::neurons::{Cell, Currents};
use crate::block::scaled::marks::Marks;
use crate::block::scaled::model::{Cells, Found, HitOf, Model};
use crate::block::scaled::potentials::v_inf;
use crate::block::scaled::table::LINE;
use crate::block::signs::Side;
use crate::hardware::prefetch::prefetch;
use crate::inputs::currents::Currents as Inputs;
use crate::transit::span::Span;
use tauspike_neuron::kinetics::factors;
use tauspike_neuron::{Int, Membrane, Part, Passes, Synaptic};

impl<I: Int, const NUMBERS: usize> Model for Currents<I, NUMBERS> {
    type Int = I;
    type Cell = Cell<I, NUMBERS>;
    type Value = Part<I, NUMBERS>;
    type Factor = Part<f64, NUMBERS>;

    const BYTES: usize = size_of::<Synaptic<I, NUMBERS>>() + size_of::<[[I; NUMBERS]; 2]>() + 3 * size_of::<f64>() + 2;

    fn len(&self) -> usize {
        self.last.len()
    }

    #[inline(always)]
    fn passes(&self) -> Passes {
        self.passes
    }

    #[inline(always)]
    fn pass(&self) -> f64 {
        self.pass
    }

    #[inline(always)]
    fn go_to(&mut self, cells: &mut Cells<Self>, time: f64) {
        let pass = self.passes.start(time);
        if pass != self.pass {
            self.move_all(cells, pass);
        }
    }

    #[inline(always)]
    fn is_uniform(&self) -> bool {
        self.kinetics.len() == 1
    }

    #[inline(always)]
    fn factor(&self, side: Side, n: usize, time: f64) -> Part<f64, NUMBERS> {
        self.kinetics(n).factor(side == Side::Excitation, time)
    }

    #[inline(always)]
    fn factors(&self, side: Side, times: &[f64; LINE]) -> [Part<f64, NUMBERS>; LINE] {
        let rows = factors(|_| &self.kinetics[0], side == Side::Excitation, times);
        std::array::from_fn(|k| Part { x: rows.x[k], y: rows.y.map(|row| row[k]) })
    }

    #[inline(always)]
    fn value(weight: f64, factor: &Part<f64, NUMBERS>) -> Part<I, NUMBERS> {
        Part { x: I::round(weight * factor.x), y: factor.y.map(|factor| I::round(weight * factor)) }
    }

    #[inline(always)]
    fn line(weights: &[f64; LINE], factor: &Part<f64, NUMBERS>) -> [Part<I, NUMBERS>; LINE] {
        let mut rows = Part { x: [factor.x; LINE], y: [[0.0; LINE]; NUMBERS] };
        rows.y.iter_mut().zip(factor.y).for_each(|(row, factor)| row.fill(factor));
        rounded(weights, rows)
    }

    #[inline(always)]
    fn values(
        &self,
        side: Side,
        (targets, times): (&[u16; LINE], &[f64; LINE]),
        weights: &[f64; LINE],
    ) -> [Part<I, NUMBERS>; LINE] {
        let excites = side == Side::Excitation;
        let rows = match &self.kinetics[..] {
            [kinetics] => factors(|_| kinetics, excites, times),
            kinetics => factors(|k| &kinetics[targets[k] as usize], excites, times),
        };
        rounded(weights, rows)
    }

    #[inline(always)]
    fn add(cell: &mut Cell<I, NUMBERS>, side: Side, value: Part<I, NUMBERS>) {
        let (x, y) = &mut cell[side as usize];
        *x = x.plus(value.x);
        y.iter_mut().zip(value.y).for_each(|(y, value)| *y = y.plus(value));
    }

    #[inline(always)]
    fn take_away(cell: &mut Cell<I, NUMBERS>, side: Side, value: Part<I, NUMBERS>) {
        let (x, y) = &mut cell[side as usize];
        *x = x.minus(value.x);
        y.iter_mut().zip(value.y).for_each(|(y, value)| *y = y.minus(value));
    }

    fn begin_window(&mut self, cells: &Cells<Self>, window: Span, marks: &mut Marks) -> usize {
        let last = &self.last;
        self.waking.retain(|n| last[*n as usize].release > window.from);
        self.waking.iter().chain(&self.due).for_each(|n| marks.mark(*n));
        if !self.sparse {
            return 0;
        }
        for &n in self.classes.iter().flat_map(|class| &class.watched) {
            if self.may_reach(n.into(), &cells[n as usize], window) {
                marks.mark(n);
            }
        }
        self.classes.iter().map(|class| class.watched.len()).sum()
    }

    fn comparison(&self) -> usize {
        if self.rates.is_empty() { 1 } else { 2 }
    }

    #[inline(always)]
    fn is_lazy(&self) -> bool {
        self.sparse
    }

    #[inline(always)]
    fn prepare(&mut self, cells: &mut Cells<Self>, targets: &[u16]) {
        self.show_stale(targets, cells);
    }

    fn sift(&mut self, cells: &Cells<Self>, window: Span, marks: &mut Marks) {
        if !self.sparse {
            return;
        }
        marks.retain(|n| {
            let n = usize::from(n);
            self.watch(n, cells);
            self.due.contains(&(n as u16)) || self.last[n].release > window.from || self.may_reach(n, &cells[n], window)
        });
    }

    fn adapt(&mut self, cells: &mut Cells<Self>, arrivals: f64) {
        self.adapt_to(arrivals, cells);
    }

    #[inline(always)]
    fn fires_alone(&self) -> bool {
        // what has come before may still lift it
        !self.sparse && self.fire()
    }

    #[inline(always)]
    fn sweep(&self, cells: &Cells<Self>, window: Span, marks: &mut Marks) {
        self.compare(cells, window, marks);
    }

    fn may_fire(&self, n: usize, cell: &Cell<I, NUMBERS>, window: Span) -> bool {
        match self.is_watched[n] {
            true => self.may_reach(n, cell, window),
            false => !self.is_quiet(n, cell),
        }
    }

    #[inline(always)]
    fn ask(&self, n: usize) {
        prefetch(&self.last, n);
        prefetch(&self.stood, n);
        prefetch(&self.kinetics, n);
    }

    fn resolve(
        &mut self,
        at: (usize, u32),
        cells: &mut Cells<Self>,
        hits: &[HitOf<Self>],
        window: Span,
        found: &mut Found,
    ) {
        // of others all that arrived is in their cells
        if self.fire() {
            self.resolve_one(at, cells, hits, window, found);
        }
    }

    fn moves_v_inf(&self, n: usize, current: f64) -> f64 {
        self.lif.moves_v_inf(n, current)
    }

    fn driven_to(&self, n: usize, currents: &Inputs) -> (f64, f64) {
        (v_inf(&self.lif.lif, self.lif.first + n, currents.amplitude(n)), self.v_inf[n])
    }

    fn drive(&mut self, n: usize, cells: &mut Cells<Self>, time: f64, v_inf: f64) {
        let mut neuron = self.neuron(n, &cells[n]);
        neuron.move_to(&self.rules(n), self.pass_of(n));
        neuron.shift(&self.rules(n), time, v_inf - self.v_inf[n]);
        self.set_v_inf(n, v_inf);
        if self.fire() && neuron.is_at_threshold(&self.rules(n), time) && !self.due.contains(&(n as u16)) {
            self.due.push(n as u16);
        }
        self.put(n, neuron, cells);
    }

    fn driven(&mut self, _: &Cells<Self>) {}

    fn size(&self, n: usize, cell: &mut Cell<I, NUMBERS>) -> f64 {
        if self.is_held(n) {
            (cell[0].0, cell[1].0) = (I::DEAF, I::default());
        }
        let sizes = |(x, y): &(I, [I; NUMBERS])| {
            let x = if self.is_held(n) { 0.0 } else { x.to_f64().abs() };
            y.iter().map(|y| y.to_f64().abs()).sum::<f64>() + x
        };
        cell.iter().map(sizes).sum()
    }

    fn membrane(&self, n: usize, cells: &Cells<Self>, time: f64) -> Membrane {
        let seen = self.neuron(n, &cells[n]).seen(&self.rules(n), time);
        let c_m = self.lif.lif.c_m.get(self.lif.first + n);
        Membrane { v: self.v_inf[n] + seen.x, current: Some((seen.ex[0] * c_m, seen.inh[0] * c_m)) }
    }

    fn next(&self, cells: &Cells<Self>, now: f64) -> f64 {
        if !self.fire() {
            return f64::INFINITY;
        }
        if !self.due.is_empty() {
            return now;
        }
        let quiet = |n: &u16| {
            let n = *n as usize;
            self.neuron(n, &cells[n]).quiet_until(&self.rules(n), now)
        };
        self.classes.iter().flat_map(|class| &class.watched).map(quiet).fold(f64::INFINITY, f64::min)
    }

    fn restart(&mut self, _: &Cells<Self>, _: f64, _: f64) {}

    fn begin_instants(&mut self, cells: &mut Cells<Self>) {
        if self.sparse {
            self.watch_all(cells);
        }
    }

    fn wake(&self, n: usize, cells: &Cells<Self>, now: f64) -> f64 {
        if self.due.contains(&(n as u16)) {
            return now;
        }
        if !self.fire() {
            return f64::INFINITY;
        }
        let (neuron, rules) = (self.neuron(n, &cells[n]), self.rules(n));
        let quiet = neuron.quiet_until(&rules, now);
        // a bound that gets on is worth more than a search
        if quiet > now + 0.01 * self.passes.length {
            quiet
        } else {
            neuron.crossing(&rules, (now, f64::INFINITY), &mut 0)
        }
    }

    fn alarm(&self, n: usize, cells: &Cells<Self>, now: f64, arrivals: impl Iterator<Item = (f64, f64)>) -> f64 {
        let (neuron, rules, end) =
            (self.neuron(n, &cells[n]), self.rules(n), self.pass_of(n) + self.kinetics(n).passes.length);
        let mut room = if self.fire() { neuron.room(&rules, now) } else { f64::INFINITY };
        for (time, weight) in arrivals {
            room -= weight.max(0.0);
            if time >= end || weight > 0.0 && room <= 0.0 {
                return time;
            }
        }
        f64::INFINITY
    }

    fn queue_operations(&self) -> u64 {
        0
    }
}

/// What weights add whose factors are in rows.
#[inline(always)]
fn rounded<I: Int, const NUMBERS: usize>(
    weights: &[f64; LINE],
    mut rows: Part<[f64; LINE], NUMBERS>,
) -> [Part<I, NUMBERS>; LINE] {
    let mut values = [Part::default(); LINE];
    rows.x.iter_mut().zip(weights).for_each(|(factor, weight)| *factor *= weight);
    values.iter_mut().zip(I::round_all(rows.x)).for_each(|(value, x)| value.x = x);
    for (number, row) in rows.y.iter_mut().enumerate() {
        row.iter_mut().zip(weights).for_each(|(factor, weight)| *factor *= weight);
        values.iter_mut().zip(I::round_all(*row)).for_each(|(value, y)| value.y[number] = y);
    }
    values
}

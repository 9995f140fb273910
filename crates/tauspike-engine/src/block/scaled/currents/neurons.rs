//! The neurons, and what the engine asks of them.

use crate::block::calendar::Calendar;
use crate::block::columns::LifColumns;
use crate::block::scaled::kind::Kind;
use crate::block::scaled::marks::Marks;
use crate::block::scaled::model::{Cells, Found, HitOf, Model};
use crate::block::scaled::potentials::v_inf;
use crate::block::scaled::table::{LINE, Table, table};
use crate::block::signs::Side;
use crate::inputs::currents::Currents as Inputs;
use crate::transit::span::Span;
use tauspike_network::population::Synapse;
use tauspike_neuron::exponential::{Rules, above_rest, factors};
use tauspike_neuron::glance::Rates;
use tauspike_neuron::{Exponential, Int, Kinetics, Lattice, Membrane, Passes};

/// Where in a cell X and the current of each side are: X is the sum of both.
pub(super) const X: [usize; 2] = [0, 2];
pub(super) const Y: [usize; 2] = [1, 3];

/// Neurons with exponential currents of a block. The cell of each is the neuron as it is seen from the present pass, with what has arrived in
/// it; X is [`Int::DEAF`], and whatever has arrived since, while it is refractory until a later pass.
#[derive(Clone)]
pub(crate) struct Currents<I> {
    /// The shortest of any neuron.
    pub(super) passes: Passes,
    /// Start of that pass, ms.
    pub(super) pass: f64,
    /// Neurons by the length of their passes, and of which class each is.
    pub(super) classes: Vec<Class>,
    pub(super) class_of: Vec<u8>,
    pub(super) is_watched: Vec<bool>,
    /// Not all are watched.
    pub(super) sparse: bool,
    /// Start of the pass in which the cell of each neuron stands, ms.
    pub(super) stands: Vec<f64>,
    /// By position, or one for all.
    pub(super) kinetics: Vec<Kinetics>,
    /// Where each has its own.
    pub(super) rates: Vec<Rates>,
    pub(super) lattice: Lattice,
    /// V_th - V_inf, mV.
    pub(super) theta: Vec<f64>,
    /// mV.
    pub(super) v_inf: Vec<f64>,
    pub(super) lif: LifColumns,
    /// Each neuron as its last event has left it. One to which something has come since is in its cell.
    pub(super) last: Vec<Exponential<I>>,
    /// The currents in the cell as they would be if nothing had come in this pass, or since `last`.
    pub(super) stood: Vec<[I; 2]>,
    /// Neurons whose refractoriness ends in the present pass.
    pub(super) waking: Vec<u16>,
    /// Neurons that V_init or a step of the current has put at threshold at the present time.
    pub(super) due: Vec<u16>,
}

impl<I: Int> Currents<I> {
    /// At time 0, and their cells.
    pub fn new(kind: &Kind, neurons: usize, lif: LifColumns) -> (Self, Table<[I; 4]>) {
        let Synapse::Exponential { tau_syn_ex, tau_syn_in } = &lif.lif.synapse else {
            unreachable!("they have exponential synapses")
        };
        let of = |n: usize| {
            let k = lif.first + n;
            let synaptic = (tau_syn_ex.get(k), tau_syn_in.get(k));
            Kinetics::new(lif.lif.tau_m.get(k), synaptic, lif.lif.c_m.get(k), kind.lattice)
        };
        let mut kinetics: Vec<Kinetics> = (0..neurons).map(of).collect();
        if kinetics.iter().all(|of| *of == kinetics[0]) {
            kinetics.truncate(1);
        }
        let rates = if kinetics.len() == 1 { Vec::new() } else { kinetics.iter().map(Rates::of).collect() };
        let v_inf: Vec<f64> = (0..neurons).map(|n| v_inf(&lif.lif, lif.first + n, 0.0)).collect();
        let v_th = |n: usize| lif.lif.v_th.get(lif.first + n);
        let v_init = |n: usize| lif.lif.v_init.get(lif.first + n);
        let theta: Vec<f64> = (0..neurons).map(|n| above_rest(v_th(n) - v_inf[n])).collect();
        let due = (0..neurons).filter(|n| v_init(*n) >= v_th(*n)).map(|n| n as u16).collect();
        let (classes, class_of) = classes(&kinetics, neurons);
        let mut last = vec![Exponential::default(); neurons];
        let mut cells = table();
        for (n, last) in last.iter_mut().enumerate() {
            last.x = kind.lattice.scaled(v_init(n) - v_inf[n], 1.0);
            cells[n] = cell_of(last);
        }
        let stood = vec![[I::default(); 2]; neurons];
        let (passes, waking) = (kind.passes, Vec::new());
        (
            Self {
                passes,
                pass: 0.0,
                classes,
                class_of,
                is_watched: vec![true; neurons],
                sparse: false,
                stands: vec![0.0; neurons],
                kinetics,
                rates,
                lattice: kind.lattice,
                theta,
                v_inf,
                lif,
                last,
                stood,
                waking,
                due,
            },
            cells,
        )
    }

    #[inline(always)]
    pub(super) fn kinetics(&self, n: usize) -> &Kinetics {
        if self.kinetics.len() == 1 { &self.kinetics[0] } else { &self.kinetics[n] }
    }

    #[inline(always)]
    pub(super) fn rules(&self, n: usize) -> Rules<'_> {
        let reset = self.lif.lif.v_reset.get(self.lif.first + n) - self.v_inf[n];
        Rules { kinetics: self.kinetics(n), theta: self.theta[n], reset }
    }

    /// Neuron `n`, whose cell is `cell`.
    pub(super) fn neuron(&self, n: usize, cell: &[I; 4]) -> Exponential<I> {
        let last = self.last[n];
        let y = [cell[Y[0]], cell[Y[1]]];
        if y == self.stood[n] {
            return last;
        }
        let (pass, held) = (self.stands[n], self.is_held(n));
        let x = if held { I::default() } else { cell[X[0]].plus(cell[X[1]]) };
        Exponential { x, y, pass, release: last.release, held }
    }

    /// Start of the present pass of neuron `n`, ms.
    #[inline(always)]
    pub(super) fn pass_of(&self, n: usize) -> f64 {
        self.kinetics(n).passes.start(self.pass)
    }

    /// Whether neuron `n` is refractory until a later pass than that of its cell.
    #[inline(always)]
    pub(super) fn is_held(&self, n: usize) -> bool {
        let last = &self.last[n];
        last.held && self.kinetics(n).passes.start(last.release) > self.stands[n]
    }

    /// Makes `neuron`, which stands in the present pass, neuron `n` as its last event has left it.
    pub(super) fn put(&mut self, n: usize, neuron: Exponential<I>, cells: &mut Cells<Self>) {
        self.last[n] = neuron;
        self.stood[n] = neuron.y;
        self.stands[n] = neuron.pass;
        cells[n] = cell_of(&neuron);
        self.watch(n, cells);
    }
}

/// Neurons whose passes are of one length.
#[derive(Clone)]
pub(super) struct Class {
    pub passes: Passes,
    /// Those that are shown in each pass.
    pub watched: Vec<u16>,
}

/// All of them watched, and of which class each is.
fn classes(kinetics: &[Kinetics], neurons: usize) -> (Vec<Class>, Vec<u8>) {
    let (mut classes, mut of) = (Vec::<Class>::new(), Vec::with_capacity(neurons));
    for n in 0..neurons {
        let passes = kinetics[n.min(kinetics.len() - 1)].passes;
        let known = classes.iter().position(|class| class.passes == passes);
        // lengths are powers of two
        let class = known.unwrap_or(classes.len());
        if known.is_none() {
            classes.push(Class { passes, watched: Vec::new() });
        }
        classes[class].watched.push(n as u16);
        of.push(class as u8);
    }
    (classes, of)
}

/// The cell of a neuron that stands in the present pass.
#[inline(always)]
pub(super) fn cell_of<I: Int>(neuron: &Exponential<I>) -> [I; 4] {
    let x = if neuron.held { I::DEAF } else { neuron.x };
    [x, neuron.y[0], I::default(), neuron.y[1]]
}

impl Currents<i64> {
    /// The same neurons, whose cells have room for more.
    pub fn widened(&self, cells: &Cells<Self>) -> (Currents<i128>, Table<[i128; 4]>) {
        let wide = |y: [i64; 2]| y.map(i128::from);
        let last = self.last.iter().map(|last| Exponential {
            x: last.x.into(),
            y: wide(last.y),
            pass: last.pass,
            release: last.release,
            held: last.held,
        });
        let mut widened = table();
        let currents = Currents {
            passes: self.passes,
            pass: self.pass,
            classes: self.classes.clone(),
            class_of: self.class_of.clone(),
            is_watched: self.is_watched.clone(),
            sparse: self.sparse,
            stands: self.stands.clone(),
            kinetics: self.kinetics.clone(),
            rates: self.rates.clone(),
            lattice: self.lattice,
            theta: self.theta.clone(),
            v_inf: self.v_inf.clone(),
            lif: self.lif.clone(),
            last: last.collect(),
            stood: self.stood.iter().map(|stood| wide(*stood)).collect(),
            waking: self.waking.clone(),
            due: self.due.clone(),
        };
        for n in 0..self.last.len() {
            widened[n] = cells[n].map(i128::from);
            if self.is_held(n) {
                (widened[n][X[0]], widened[n][X[1]]) = (i128::DEAF, 0);
            }
        }
        (currents, widened)
    }
}

impl<I: Int> Model for Currents<I> {
    type Int = I;
    type Cell = [I; 4];
    /// Of X and of the current.
    type Value = [I; 2];
    type Factor = [f64; 2];

    const BYTES: usize = size_of::<Exponential<I>>() + size_of::<[I; 2]>() + 2 * size_of::<f64>();

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
    fn factor(&self, side: Side, n: usize, time: f64) -> [f64; 2] {
        self.kinetics(n).factor(side == Side::Excitation, time)
    }

    #[inline(always)]
    fn value(weight: f64, factor: &[f64; 2]) -> [I; 2] {
        [I::round(weight * factor[0]), I::round(weight * factor[1])]
    }

    #[inline(always)]
    fn values(
        &self,
        side: Side,
        (targets, times): (&[u16; LINE], &[f64; LINE]),
        weights: &[f64; LINE],
    ) -> [[I; 2]; LINE] {
        let excites = side == Side::Excitation;
        let factors = match &self.kinetics[..] {
            [kinetics] => factors(|_| kinetics, excites, times),
            kinetics => factors(|k| &kinetics[targets[k] as usize], excites, times),
        };
        let mut values = [[I::default(); 2]; LINE];
        for ((value, factor), weight) in values.iter_mut().zip(&factors).zip(weights) {
            *value = Self::value(*weight, factor);
        }
        values
    }

    #[inline(always)]
    fn add(cell: &mut [I; 4], side: Side, [x, y]: [I; 2]) {
        let (to_x, to_y) = (X[side as usize], Y[side as usize]);
        cell[to_x] = cell[to_x].plus(x);
        cell[to_y] = cell[to_y].plus(y);
    }

    #[inline(always)]
    fn take_away(cell: &mut [I; 4], side: Side, [x, y]: [I; 2]) {
        let (to_x, to_y) = (X[side as usize], Y[side as usize]);
        cell[to_x] = cell[to_x].minus(x);
        cell[to_y] = cell[to_y].minus(y);
    }

    fn begin_window(&mut self, cells: &Cells<Self>, window: Span, marks: &mut Marks) {
        let last = &self.last;
        self.waking.retain(|n| last[*n as usize].release > window.from);
        self.waking.iter().chain(&self.due).for_each(|n| marks.mark(*n));
        if self.sparse {
            for &n in self.classes.iter().flat_map(|class| &class.watched) {
                if self.may_reach(n.into(), &cells[n as usize], window) {
                    marks.mark(n);
                }
            }
        }
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
        !self.sparse
    }

    #[inline(always)]
    fn sweep(&self, cells: &Cells<Self>, window: Span, marks: &mut Marks) {
        self.compare(cells, window, marks);
    }

    fn may_fire(&self, n: usize, cell: &[I; 4], window: Span) -> bool {
        match self.is_watched[n] {
            true => self.may_reach(n, cell, window),
            false => !self.is_quiet(n, cell),
        }
    }

    fn resolve(
        &mut self,
        at: (usize, u32),
        cells: &mut Cells<Self>,
        hits: &[HitOf<Self>],
        window: Span,
        found: &mut Found,
    ) {
        self.resolve_one(at, cells, hits, window, found);
    }

    fn driven_to(&self, n: usize, currents: &Inputs) -> (f64, f64) {
        (v_inf(&self.lif.lif, self.lif.first + n, currents.amplitude(n)), self.v_inf[n])
    }

    fn drive(&mut self, n: usize, cells: &mut Cells<Self>, time: f64, v_inf: f64) {
        let mut neuron = self.neuron(n, &cells[n]);
        neuron.move_to(&self.rules(n), self.pass_of(n));
        neuron.shift(&self.rules(n), time, v_inf - self.v_inf[n]);
        self.v_inf[n] = v_inf;
        self.theta[n] = above_rest(self.lif.lif.v_th.get(self.lif.first + n) - v_inf);
        if neuron.is_at_threshold(&self.rules(n), time) && !self.due.contains(&(n as u16)) {
            self.due.push(n as u16);
        }
        self.put(n, neuron, cells);
    }

    fn driven(&mut self, _: &Cells<Self>) {}

    fn size(&self, n: usize, cell: &mut [I; 4]) -> f64 {
        let currents = cell[Y[0]].to_f64() - cell[Y[1]].to_f64();
        if self.is_held(n) {
            (cell[X[0]], cell[X[1]]) = (I::DEAF, I::default());
            return currents;
        }
        currents + cell[X[0]].to_f64().abs() + cell[X[1]].to_f64().abs()
    }

    fn membrane(&self, n: usize, cells: &Cells<Self>, time: f64) -> Membrane {
        let seen = self.neuron(n, &cells[n]).seen(&self.rules(n), time);
        let c_m = self.lif.lif.c_m.get(self.lif.first + n);
        Membrane { v: self.v_inf[n] + seen.x, current: Some((seen.ex * c_m, seen.inh * c_m)) }
    }

    fn next(&self, cells: &Cells<Self>, now: f64) -> f64 {
        if !self.due.is_empty() {
            return now;
        }
        let quiet = |n: &u16| {
            let n = *n as usize;
            self.neuron(n, &cells[n]).quiet_until(&self.rules(n), now)
        };
        self.classes.iter().flat_map(|class| &class.watched).map(quiet).fold(f64::INFINITY, f64::min)
    }

    fn restart(&mut self, cells: &mut Cells<Self>, calendar: Option<Calendar>) {
        if calendar.is_none() && self.sparse {
            self.watch_all(cells);
        }
    }

    fn wake(&self, n: usize, cells: &Cells<Self>, now: f64) -> f64 {
        if self.due.contains(&(n as u16)) {
            return now;
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
        let mut room = neuron.room(&rules, now);
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

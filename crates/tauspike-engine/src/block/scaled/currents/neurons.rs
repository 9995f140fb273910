//! The neurons, and what is kept of each.

use crate::block::columns::LifColumns;
use crate::block::scaled::kind::Kind;
use crate::block::scaled::model::Cells;
use crate::block::scaled::potentials::v_inf;
use crate::block::scaled::table::{Table, table};
use tauspike_network::population::Synapse;
use tauspike_neuron::exponential::{Rules, above_rest};
use tauspike_neuron::glance::Rates;
use tauspike_neuron::{Exponential, Int, Kinetics, Passes};

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

    /// Makes V_inf of neuron `n` another.
    pub(super) fn set_v_inf(&mut self, n: usize, v_inf: f64) {
        self.v_inf[n] = v_inf;
        self.theta[n] = above_rest(self.lif.lif.v_th.get(self.lif.first + n) - v_inf);
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

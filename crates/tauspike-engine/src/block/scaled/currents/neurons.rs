//! The neurons, and what is kept of each.

use crate::block::columns::LifColumns;
use crate::block::scaled::kind::Kind;
use crate::block::scaled::model::Cells;
use crate::block::scaled::potentials::v_inf;
use crate::block::scaled::table::{Table, table};
use tauspike_neuron::glance::Rates;
use tauspike_neuron::synaptic::{Rules, above_rest};
use tauspike_neuron::{Int, Kinetics, Passes, Synaptic};

/// What of a neuron arrivals of either side add to: a part of X, which is the sum of both, and the numbers of a current.
pub(crate) type Cell<I, const NUMBERS: usize> = [(I, [I; NUMBERS]); 2];

/// Nothing.
pub(super) fn empty<I: Int, const NUMBERS: usize>() -> Cell<I, NUMBERS> {
    [(I::default(), [I::default(); NUMBERS]); 2]
}

/// Its X and its currents.
#[inline(always)]
pub(super) fn parts<I: Int, const NUMBERS: usize>(cell: &Cell<I, NUMBERS>) -> (I, [[I; NUMBERS]; 2]) {
    (cell[0].0.plus(cell[1].0), [cell[0].1, cell[1].1])
}

/// Neurons with synaptic currents of a block, each of `NUMBERS` numbers: exponential ones or alpha functions. The cell of each is the neuron as it is seen from the present pass, with what has arrived in
/// it; X is [`Int::DEAF`], and whatever has arrived since, while it is refractory until a later pass.
#[derive(Clone)]
pub(crate) struct Currents<I, const NUMBERS: usize> {
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
    pub(super) kinetics: Vec<Kinetics<NUMBERS>>,
    /// Where each has its own.
    pub(super) rates: Vec<Rates<NUMBERS>>,
    /// V_th - V_inf, mV.
    pub(super) theta: Vec<f64>,
    /// mV.
    pub(super) v_inf: Vec<f64>,
    pub(super) lif: LifColumns,
    /// Each neuron as its last event has left it. One to which something has come since is in its cell.
    pub(super) last: Vec<Synaptic<I, NUMBERS>>,
    /// The currents in the cell as they would be if nothing had come in this pass, or since `last`.
    pub(super) stood: Vec<[[I; NUMBERS]; 2]>,
    /// Neurons whose refractoriness ends in the present pass.
    pub(super) waking: Vec<u16>,
    /// Neurons that V_init or a step of the current has put at threshold at the present time.
    pub(super) due: Vec<u16>,
}

impl<I: Int, const NUMBERS: usize> Currents<I, NUMBERS> {
    /// At time 0, and their cells.
    pub fn new(kind: &Kind, neurons: usize, lif: LifColumns) -> (Self, Table<Cell<I, NUMBERS>>) {
        let Some((tau_syn_ex, tau_syn_in)) = lif.lif.synapse.tau_syn() else {
            unreachable!("arrivals act through currents")
        };
        let of = |n: usize| {
            let k = lif.first + n;
            let synaptic = (tau_syn_ex.get(k), tau_syn_in.get(k));
            Kinetics::new(lif.lif.tau_m.get(k), synaptic, lif.lif.c_m.get(k), kind.lattice)
        };
        let mut kinetics: Vec<Kinetics<NUMBERS>> = (0..neurons).map(of).collect();
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
        let mut last = vec![Synaptic::default(); neurons];
        let mut cells = table(empty());
        for (n, last) in last.iter_mut().enumerate() {
            last.x = kind.lattice.scaled(v_init(n) - v_inf[n], 1.0);
            cells[n] = cell_of(last);
        }
        let stood = vec![[[I::default(); NUMBERS]; 2]; neurons];
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
    pub(super) fn kinetics(&self, n: usize) -> &Kinetics<NUMBERS> {
        if self.kinetics.len() == 1 { &self.kinetics[0] } else { &self.kinetics[n] }
    }

    #[inline(always)]
    pub(super) fn rules(&self, n: usize) -> Rules<'_, NUMBERS> {
        let reset = self.lif.lif.v_reset.get(self.lif.first + n) - self.v_inf[n];
        Rules { kinetics: self.kinetics(n), theta: self.theta[n], reset }
    }

    /// Makes V_inf of neuron `n` another.
    pub(super) fn set_v_inf(&mut self, n: usize, v_inf: f64) {
        self.v_inf[n] = v_inf;
        self.theta[n] = above_rest(self.lif.lif.v_th.get(self.lif.first + n) - v_inf);
    }

    /// Neuron `n`, whose cell is `cell`.
    #[inline(always)]
    pub(super) fn neuron(&self, n: usize, cell: &Cell<I, NUMBERS>) -> Synaptic<I, NUMBERS> {
        let last = self.last[n];
        let (x, y) = parts(cell);
        if y == self.stood[n] {
            return last;
        }
        let (pass, held) = (self.stands[n], self.is_held(n));
        let x = if held { I::default() } else { x };
        Synaptic { x, y, pass, release: last.release, held }
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
    pub(super) fn put(&mut self, n: usize, neuron: Synaptic<I, NUMBERS>, cells: &mut Cells<Self>) {
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
fn classes<const NUMBERS: usize>(kinetics: &[Kinetics<NUMBERS>], neurons: usize) -> (Vec<Class>, Vec<u8>) {
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
pub(super) fn cell_of<I: Int, const NUMBERS: usize>(neuron: &Synaptic<I, NUMBERS>) -> Cell<I, NUMBERS> {
    cell(if neuron.held { I::DEAF } else { neuron.x }, neuron.y)
}

/// The cell of a neuron of which these are X and the currents.
#[inline(always)]
pub(super) fn cell<I: Int, const NUMBERS: usize>(x: I, y: [[I; NUMBERS]; 2]) -> Cell<I, NUMBERS> {
    [(x, y[0]), (I::default(), y[1])]
}

impl<const NUMBERS: usize> Currents<i64, NUMBERS> {
    /// The same neurons, whose cells have room for more.
    pub fn widened(&self, cells: &Cells<Self>) -> (Currents<i128, NUMBERS>, Table<Cell<i128, NUMBERS>>) {
        let wide = |y: [[i64; NUMBERS]; 2]| y.map(|y| y.map(i128::from));
        let last = self.last.iter().map(|last| Synaptic {
            x: last.x.into(),
            y: wide(last.y),
            pass: last.pass,
            release: last.release,
            held: last.held,
        });
        let mut widened = table(empty());
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
            widened[n] = cells[n].map(|(x, y)| (x.into(), y.map(i128::from)));
            if self.is_held(n) {
                (widened[n][0].0, widened[n][1].0) = (i128::DEAF, 0);
            }
        }
        (currents, widened)
    }
}

//! Potentials and currents of a neuron as integers: what a unit of each is, and what an arrival adds.
//!
//! With s' the time of an arrival since the start of its pass, w its weight, and the symbols of [`crate::dynamics`], so that V does not jump:
//!
//! ```text
//! exponential   Y += w / C_m e^(bs')                  X -= w / C_m P(s') e^((a+b)s')
//! alpha         Z += w / C_m be e^(bs')               X += w / C_m be R(s') e^((a+b)s')      R is Q with a and b exchanged
//!               Y -= w / C_m be e^(bs') s'
//! ```
//!
//! EXACT: the lattice of X has a unit of 2^-47 of the smallest potential of the population, that of a current more than four times as many
//! units in the largest deflection that a current of that size causes: an arrival that changes X at all changes the number that it adds to
//! first, Y or Z.

use crate::decay::Passes;
use crate::dynamics::{ALPHA, Dynamics, State, Step, rises};
use crate::elementary::{exp, expm1, power_of_two_within};
use crate::lattice::Int;
use crate::scaled::Lattice;

/// Bits that resolve the smallest scale of a population: the others are for sums of currents, which come on a finer lattice, grown by up to two
/// octaves, and for what X takes from them.
pub const BITS: i32 = 47;

/// Octaves by which the fastest of the three exponentials may decay in a pass.
pub const OCTAVES: f64 = 2.0;

/// Units of a current in what lifts V by a unit.
const FINER: f64 = 4.0;

/// Units, in terms of what V is lifted by, that an arrival may add to X and to the numbers of a current together in a pass: growth of 2^OCTAVES
/// for a number on a lattice of up to 8 units, and of twice that exponent for X. What an alpha function takes from Y is at most as much as
/// it adds to Z, times s' P / Q for their largest values, which is at most 2.
pub const fn most(numbers: usize) -> f64 {
    let first = 4.0 * 8.0 + 16.0;
    if numbers == ALPHA { first + 2.0 * 4.0 * 8.0 } else { first }
}

/// Far more than a neuron moves by being looked at in one way or another, in units of X.
pub(crate) const UNITS: f64 = 128.0;

/// A part of X, and the numbers of one current: what arrivals of one sign add, or have added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part<T, const NUMBERS: usize> {
    /// Of X.
    pub x: T,
    /// Of the current, and of what feeds it.
    pub y: [T; NUMBERS],
}

impl<T: Copy + Default, const NUMBERS: usize> Default for Part<T, NUMBERS> {
    fn default() -> Self {
        Self { x: T::default(), y: [T::default(); NUMBERS] }
    }
}

/// Constants of a neuron with synaptic currents.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kinetics<const NUMBERS: usize> {
    /// How membrane and currents move.
    pub dynamics: Dynamics<NUMBERS>,
    /// What a unit of each number is: powers of two.
    pub(crate) inverse: State<NUMBERS>,
    /// Units by weight, in pA, of an excitatory and of an inhibitory one.
    per_weight: [Part<f64, NUMBERS>; 2],
    /// Its passes: those of neurons of a population need not be alike.
    pub passes: Passes,
}

impl<const NUMBERS: usize> Kinetics<NUMBERS> {
    /// From time constants in ms and capacitance in pF.
    pub fn new(tau_m: f64, (tau_syn_ex, tau_syn_in): (f64, f64), c_m: f64, lattice: Lattice) -> Self {
        let passes = Passes::within(tau_m.min(tau_syn_ex).min(tau_syn_in), OCTAVES);
        let dynamics = Dynamics::new(tau_m, tau_syn_ex, tau_syn_in);
        let of_current = |peak: f64| 2.0 * power_of_two_within(FINER * lattice.unit * peak);
        let [ex, inh] = [dynamics.ex, dynamics.inh].map(|kernel| std::array::from_fn(|k| of_current(kernel.peaks[k])));
        let units = State { x: lattice.unit, ex, inh };
        let per_weight = [(dynamics.ex.b, units.ex), (dynamics.inh.b, units.inh)].map(|(b, y)| {
            // an alpha function of weight w begins with z = w e / tau_syn
            let of = |unit: f64| if NUMBERS == ALPHA { unit * (std::f64::consts::E * b) / c_m } else { unit / c_m };
            Part { x: of(units.x), y: y.map(of) }
        });
        let inverse = State { x: 1.0 / units.x, ex: units.ex.map(|u| 1.0 / u), inh: units.inh.map(|u| 1.0 / u) };
        Self { dynamics, inverse, per_weight, passes }
    }

    /// Most that an arrival of 1 pA lifts V by, mV.
    pub fn lift(&self) -> f64 {
        let of = |peaks: [f64; 2], part: &Part<f64, NUMBERS>| peaks[NUMBERS - 1] * part.x;
        let [ex, inh] = &self.per_weight;
        of(self.dynamics.ex.peaks, ex).max(of(self.dynamics.inh.peaks, inh)) * self.inverse.x
    }

    /// What a weight of 1 pA adds, in units, at `time` ms.
    #[inline(always)]
    pub fn factor(&self, excites: bool, time: f64) -> Part<f64, NUMBERS> {
        let Part { x: [x], y } = factors(|_| self, excites, &[time]);
        Part { x, y: y.map(|[y]| y) }
    }

    /// What these integers mean.
    #[inline(always)]
    pub fn state<I: Int>(&self, x: I, y: [[I; NUMBERS]; 2]) -> State<NUMBERS> {
        meaning(&self.inverse, x, y)
    }

    /// The integers of a state.
    #[inline(always)]
    pub fn rounded<I: Int>(&self, state: State<NUMBERS>) -> (I, [[I; NUMBERS]; 2]) {
        let units = self.units();
        let mut y = [[I::default(); NUMBERS]; 2];
        for (y, (number, unit)) in y[0].iter_mut().zip(state.ex.iter().zip(&units.ex)) {
            *y = I::round(number * unit);
        }
        for (y, (number, unit)) in y[1].iter_mut().zip(state.inh.iter().zip(&units.inh)) {
            *y = I::round(number * unit);
        }
        (I::round(state.x * units.x), y)
    }

    /// Units of X per mV, and of each number of the currents per mV/ms or mV/ms^2.
    #[inline(always)]
    pub fn units(&self) -> State<NUMBERS> {
        let State { x, ex, inh } = self.inverse;
        let turned = inverse_power_of_two;
        State { x: turned(x), ex: ex.map(turned), inh: inh.map(turned) }
    }

    /// The integer of a potential relative to V_inf, mV, that has grown from `after` ms into a pass back to its start.
    pub(crate) fn x_of<I: Int>(&self, potential: f64, after: f64) -> I {
        I::round(potential * (exp(self.dynamics.a * after) * self.units().x))
    }

    /// Far more than what rounding does to V by looking at it in one way or another, mV.
    #[inline(always)]
    pub fn margin(&self, state: State<NUMBERS>, theta: f64) -> f64 {
        1e-12 * self.dynamics.magnitude(state, theta) + UNITS * self.inverse.x
    }

    /// More than what rounding does to V, mV.
    pub(crate) fn slack(&self, state: State<NUMBERS>, theta: f64) -> f64 {
        1e-14 * self.dynamics.magnitude(state, theta) + 16.0 * self.inverse.x
    }
}

/// The numbers of several neurons, each of all of them in a row.
#[derive(Clone, Copy, Debug)]
pub struct Numbers<T, const N: usize, const NUMBERS: usize> {
    x: [T; N],
    y: [[[T; N]; NUMBERS]; 2],
}

impl<T: Copy + Default, const N: usize, const NUMBERS: usize> Default for Numbers<T, N, NUMBERS> {
    fn default() -> Self {
        Self { x: [T::default(); N], y: [[[T::default(); N]; NUMBERS]; 2] }
    }
}

impl<T: Copy, const N: usize, const NUMBERS: usize> Numbers<T, N, NUMBERS> {
    /// X, and the numbers of either current, of neuron `k`.
    #[inline(always)]
    pub fn get(&self, k: usize) -> (T, [[T; NUMBERS]; 2]) {
        let mut y = [[self.x[k]; NUMBERS]; 2];
        for (numbers, rows) in y.iter_mut().zip(&self.y) {
            numbers.iter_mut().zip(rows).for_each(|(number, row)| *number = row[k]);
        }
        (self.x[k], y)
    }

    /// Makes these X and the numbers of either current of neuron `k`.
    #[inline(always)]
    pub fn set(&mut self, k: usize, x: T, y: [[T; NUMBERS]; 2]) {
        self.x[k] = x;
        for (rows, numbers) in self.y.iter_mut().zip(&y) {
            rows.iter_mut().zip(numbers).for_each(|(row, number)| row[k] = *number);
        }
    }
}

/// The integers of neurons after a step; `of` gives the constants and the step of each.
#[inline(always)]
pub fn carry<'a, I: Int, const N: usize, const NUMBERS: usize>(
    of: impl Fn(usize) -> (&'a Kinetics<NUMBERS>, &'a Step<NUMBERS>),
    numbers: &Numbers<I, N, NUMBERS>,
) -> Numbers<I, N, NUMBERS> {
    let mut moved = Numbers::<f64, N, NUMBERS>::default();
    for k in 0..N {
        let ((kinetics, step), (x, y)) = (of(k), numbers.get(k));
        let (state, units) = (step.apply(kinetics.state(x, y)), kinetics.units());
        let mut scaled = [state.ex, state.inh];
        for (scaled, units) in scaled.iter_mut().zip([units.ex, units.inh]) {
            scaled.iter_mut().zip(units).for_each(|(scaled, unit)| *scaled *= unit);
        }
        moved.set(k, state.x * units.x, scaled);
    }
    let mut rounded = Numbers { x: I::round_all(moved.x), ..Numbers::default() };
    for (rounded, moved) in rounded.y.iter_mut().zip(&moved.y) {
        rounded.iter_mut().zip(moved).for_each(|(rounded, moved)| *rounded = I::round_all(*moved));
    }
    rounded
}

/// What integers mean, given what a unit of each is.
#[inline(always)]
pub(crate) fn meaning<I: Int, const NUMBERS: usize>(
    units: &State<NUMBERS>,
    x: I,
    y: [[I; NUMBERS]; 2],
) -> State<NUMBERS> {
    let mut state = *units;
    state.x *= x.to_f64();
    for (number, y) in state.ex.iter_mut().zip(&y[0]) {
        *number *= y.to_f64();
    }
    for (number, y) in state.inh.iter_mut().zip(&y[1]) {
        *number *= y.to_f64();
    }
    state
}

/// 1 / x of a power of two, not far from 1: its exponent turned around.
#[inline(always)]
fn inverse_power_of_two(x: f64) -> f64 {
    f64::from_bits((2046 << 52) - x.to_bits())
}

/// What weights of 1 pA at neurons `of` add, each at its time, ms; see [`Kinetics::factor`]. Each number of all of them is in a row.
#[inline(always)]
pub fn factors<'a, const N: usize, const NUMBERS: usize>(
    of: impl Fn(usize) -> &'a Kinetics<NUMBERS>,
    excites: bool,
    times: &[f64; N],
) -> Part<[f64; N], NUMBERS> {
    // each loop over arrays of its own: so the compiler sees that it can take all at once
    let (mut after, mut rate, mut outer, mut gap) = ([0.0; N], [0.0; N], [0.0; N], [0.0; N]);
    let (mut of_x, mut of_y, mut inverse, mut slow) = ([0.0; N], [[0.0; NUMBERS]; N], [0.0; N], false);
    for k in 0..N {
        let kinetics = of(k);
        let kernel = if excites { &kinetics.dynamics.ex } else { &kinetics.dynamics.inh };
        after[k] = times[k] - kinetics.passes.start(times[k]);
        (rate[k], outer[k], gap[k]) = (kernel.b, kernel.b.max(kinetics.dynamics.a), kernel.gap);
        let per_weight = &kinetics.per_weight[usize::from(!excites)];
        (of_x[k], of_y[k], inverse[k]) = (per_weight.x, per_weight.y, kernel.inv_gap);
        slow |= kernel.b < kinetics.dynamics.a;
    }
    let (mut growth, mut lead) = ([0.0; N], [0.0; N]);
    for k in 0..N {
        growth[k] = exp(rate[k] * after[k]);
    }
    for k in 0..N {
        lead[k] = expm1(-gap[k] * after[k]);
    }
    let mut outermost = growth;
    if slow {
        for k in 0..N {
            outermost[k] = exp(outer[k] * after[k]);
        }
    }
    let mut factors = Part { x: [0.0; N], y: [[0.0; N]; NUMBERS] };
    for k in 0..N {
        if NUMBERS == ALPHA {
            let (in_fast, in_slow) = rises(after[k], gap[k] * after[k], lead[k], inverse[k]);
            // from the other side: where the current is fast, it is the membrane that is slow
            let risen = if outer[k] > rate[k] { in_fast } else { in_slow };
            let (y, z) = (-after[k] * growth[k] * of_y[k][0], growth[k] * of_y[k][NUMBERS - 1]);
            factors.x[k] = outermost[k] * risen * of_x[k];
            factors.y[0][k] = y;
            factors.y[NUMBERS - 1][k] = z;
        } else {
            factors.x[k] = outermost[k] * lead[k] * (inverse[k] * of_x[k]);
            factors.y[0][k] = growth[k] * of_y[k][0];
        }
    }
    factors
}

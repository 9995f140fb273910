//! LIF with exponential synaptic currents, one time constant for excitatory and one for inhibitory input, as integers that arrivals add to.
//!
//! With s the time since the start of a pass ([`crate::decay::Passes`]) and the symbols of [`crate::dynamics`],
//!
//! ```text
//! V(s) - V_inf = X e^(-as) + Y_ex P_ex(s) + Y_in P_in(s)
//! arrival at s', weight w:  Y += w / C_m e^(bs')     X -= w / C_m P(s') e^((a+b)s')       so that V does not jump
//! ```
//!
//! X, Y_ex and Y_in do not change between arrivals, and what an arrival adds to them depends on its time alone: they are sums, which as
//! integers have no order. Going to another pass mixes them (X takes from Y) and rounds, so it must not depend on who looks:
//!
//! * **The state moves only when something that is not 0 arrives in a later pass**, or the neuron fires; then in one step over all passes between,
//!   stopping once, in the pass in which refractoriness ends. Whoever looks (a bound, a crossing, a probe) works on a copy.
//! * While the neuron is refractory until a later pass (`held`), X has no meaning. At the end it is set so that V is V_reset then; what arrives
//!   before that in the same pass takes from X as of the end.
//! * Where V comes to threshold is a function of X, Y_ex, Y_in and the pass ([`crate::crossing`]); who asks only takes the first crossing not before
//!   the time of asking.
//! * A neuron that is within rounding of threshold at an arrival, or at a step of its current, fires there: computed V is not monotone near its top,
//!   and a crossing just after might be lost otherwise.
//!
//! EXACT: the lattice of X has a unit of 2^-47 of the smallest potential of the population, that of Y more than four times as many
//! units in the largest deflection that a current of that size causes: an arrival that changes X at all changes Y. Each arrival is rounded to half a unit, each move
//! to half a unit and some 1e-15 of the terms.

use crate::crossing::first_crossing;
use crate::decay::Passes;
use crate::dynamics::{Dynamics, State};
use crate::elementary::{exp, expm1, power_of_two_within};
use crate::glance::UNITS;
use crate::lattice::Int;
use crate::scaled::Lattice;

/// Bits that resolve the smallest scale of a population: the others are for sums of currents, which come on a finer lattice, grown by up to two
/// octaves, and for what X takes from them.
pub const BITS: i32 = 47;

/// Octaves by which the fastest of the three exponentials may decay in a pass.
pub const OCTAVES: f64 = 2.0;

/// Units of a current in what lifts V by a unit.
const FINER: f64 = 4.0;

/// Units, in terms of what V is lifted by, that an arrival may add to X and a current together in a pass: growth of 2^OCTAVES for a current on
/// a lattice of up to 8 units, and of twice that exponent for X.
pub const MOST: f64 = 4.0 * 8.0 + 16.0;

/// Constants of a neuron with exponential currents.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kinetics {
    /// How membrane and currents move.
    pub dynamics: Dynamics,
    /// mV in a unit of X, and mV/ms in one of Y_ex and of Y_in: powers of two.
    pub(crate) inverse: [f64; 3],
    /// Units by weight, in pA.
    per_weight: [f64; 3],
    /// Its passes: those of neurons of a population need not be alike.
    pub passes: Passes,
}

impl Kinetics {
    /// From time constants in ms and capacitance in pF.
    pub fn new(tau_m: f64, (tau_syn_ex, tau_syn_in): (f64, f64), c_m: f64, lattice: Lattice) -> Self {
        let passes = Passes::within(tau_m.min(tau_syn_ex).min(tau_syn_in), OCTAVES);
        let dynamics = Dynamics::new(tau_m, tau_syn_ex, tau_syn_in);
        let of_current = |peak: f64| 2.0 * power_of_two_within(FINER * lattice.unit * peak);
        let units = [lattice.unit, of_current(dynamics.ex.peak), of_current(dynamics.inh.peak)];
        Self { dynamics, inverse: units.map(|unit| 1.0 / unit), per_weight: units.map(|unit| unit / c_m), passes }
    }

    /// Most that a current of 1 pA, decaying, lifts V by, mV.
    pub fn lift(&self) -> f64 {
        self.dynamics.ex.peak.max(self.dynamics.inh.peak) * self.per_weight[0] * self.inverse[0]
    }

    /// What a weight of 1 pA adds to X and to the current of that side, in units, at `time` ms.
    #[inline(always)]
    pub fn factor(&self, excites: bool, time: f64) -> [f64; 2] {
        factors(|_| self, excites, &[time])[0]
    }

    /// What these integers mean.
    #[inline(always)]
    pub fn state<I: Int>(&self, x: I, y: [I; 2]) -> State {
        meaning(&self.inverse, x, y)
    }

    /// The integers of a state.
    #[inline(always)]
    pub fn rounded<I: Int>(&self, state: State) -> (I, [I; 2]) {
        let [x, ex, inh] = self.units();
        (I::round(state.x * x), [I::round(state.ex * ex), I::round(state.inh * inh)])
    }

    /// Units of X per mV, and of Y_ex and Y_in per mV/ms.
    #[inline(always)]
    pub fn units(&self) -> [f64; 3] {
        self.inverse.map(inverse_power_of_two)
    }

    /// The integer of a potential relative to V_inf, mV, that has grown from `after` ms into a pass back to its start.
    fn x_of<I: Int>(&self, potential: f64, after: f64) -> I {
        I::round(potential * (exp(self.dynamics.a * after) * self.units()[0]))
    }

    /// Far more than what rounding does to V by looking at it in one way or another, mV.
    #[inline(always)]
    pub fn margin(&self, state: State, theta: f64) -> f64 {
        1e-12 * self.dynamics.magnitude(state, theta) + UNITS * self.inverse[0]
    }

    /// More than what rounding does to V, mV.
    fn slack(&self, state: State, theta: f64) -> f64 {
        1e-14 * self.dynamics.magnitude(state, theta) + 16.0 * self.inverse[0]
    }
}

/// What X, Y_ex and Y_in mean, given what a unit of each is.
#[inline(always)]
pub(crate) fn meaning<I: Int>([of_x, of_ex, of_in]: &[f64; 3], x: I, y: [I; 2]) -> State {
    State { x: x.to_f64() * of_x, ex: y[0].to_f64() * of_ex, inh: y[1].to_f64() * of_in }
}

/// A neuron as its last event has left it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Exponential<I> {
    /// X; of no meaning while `held`.
    pub x: I,
    /// Y_ex >= 0 and Y_in <= 0.
    pub y: [I; 2],
    /// Start of the pass in which it stands, ms.
    pub pass: f64,
    /// End of refractoriness, ms.
    pub release: f64,
    /// Refractory until a later pass.
    pub held: bool,
}

/// 1 / x of a power of two, not far from 1: its exponent turned around.
#[inline(always)]
fn inverse_power_of_two(x: f64) -> f64 {
    f64::from_bits((2046 << 52) - x.to_bits())
}

/// What weights of 1 pA at neurons `of` add, each at its time, ms; see [`Kinetics::factor`].
#[inline(always)]
pub fn factors<'a, const N: usize>(
    of: impl Fn(usize) -> &'a Kinetics,
    excites: bool,
    times: &[f64; N],
) -> [[f64; 2]; N] {
    // each loop over arrays of its own: so the compiler sees that it can take all at once
    let (mut after, mut rate, mut outer, mut gap) = ([0.0; N], [0.0; N], [0.0; N], [0.0; N]);
    let (mut of_x, mut of_y, mut slow) = ([0.0; N], [0.0; N], false);
    for k in 0..N {
        let kinetics = of(k);
        let kernel = if excites { &kinetics.dynamics.ex } else { &kinetics.dynamics.inh };
        after[k] = times[k] - kinetics.passes.start(times[k]);
        (rate[k], outer[k], gap[k]) = (kernel.b, kernel.b.max(kinetics.dynamics.a), kernel.gap);
        of_x[k] = kernel.inv_gap * kinetics.per_weight[0];
        of_y[k] = kinetics.per_weight[if excites { 1 } else { 2 }];
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
    let mut factors = [[0.0; 2]; N];
    for k in 0..N {
        factors[k] = [outermost[k] * lead[k] * of_x[k], growth[k] * of_y[k]];
    }
    factors
}

/// What it takes to move a neuron: constants, and the distance of V_th and V_reset from V_inf, mV.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    /// Of this neuron.
    pub kinetics: &'a Kinetics,
    /// V_th - V_inf, not 0.
    pub theta: f64,
    /// V_reset - V_inf.
    pub reset: f64,
}

impl<I: Int> Exponential<I> {
    fn state(&self, rules: &Rules) -> State {
        let state = rules.kinetics.state(self.x, self.y);
        State { x: if self.held { 0.0 } else { state.x }, ..state }
    }

    /// Goes to a pass that starts at `pass`, no earlier than its own.
    #[inline(always)]
    pub fn move_to(&mut self, rules: &Rules, pass: f64) {
        if self.held && pass > self.pass {
            let release = rules.kinetics.passes.start(self.release);
            self.step(rules, pass.min(release));
            if pass >= release {
                self.let_go(rules);
            }
        }
        if pass > self.pass {
            self.step(rules, pass);
        }
    }

    #[inline(always)]
    fn step(&mut self, rules: &Rules, pass: f64) {
        let moved = rules.kinetics.dynamics.after(self.state(rules), pass - self.pass);
        (self.x, self.y) = rules.kinetics.rounded(moved);
        self.pass = pass;
    }

    /// Sets X so that V is V_reset at the end of refractoriness, which lies in this pass.
    fn let_go(&mut self, rules: &Rules) {
        let after = self.release - self.pass;
        let currents = State { x: 0.0, ..self.state(rules) };
        let lifted = rules.kinetics.dynamics.step(after).potential(currents);
        self.x = rules.kinetics.x_of(rules.reset - lifted, after);
        self.held = false;
    }

    /// Takes what arrives at `time`, in this pass: sums of X and of both currents. Whether the neuron fires at once.
    pub fn arrive(&mut self, rules: &Rules, time: f64, (x, y): (I, [I; 2])) -> bool {
        for (all, y) in self.y.iter_mut().zip(y) {
            *all = all.plus(y);
        }
        if time >= self.release {
            self.x = self.x.plus(x);
            return self.is_at_threshold(rules, time);
        }
        if !self.held {
            // V still is V_reset at the end of refractoriness
            let after = self.release - self.pass;
            let lifted = rules.kinetics.dynamics.step(after).potential(rules.kinetics.state(I::default(), y));
            self.x = self.x.plus(rules.kinetics.x_of(-lifted, after));
        }
        false
    }

    /// V_inf moves by `moved` mV at `time`, in this pass; V stays.
    pub fn shift(&mut self, rules: &Rules, time: f64, moved: f64) {
        if !self.held {
            self.x = self.x.plus(rules.kinetics.x_of(-moved, time.max(self.release) - self.pass));
        }
    }

    /// Whether V is at threshold at `time`, within rounding; not while it is refractory.
    pub fn is_at_threshold(&self, rules: &Rules, time: f64) -> bool {
        let state = self.state(rules);
        let v = rules.kinetics.dynamics.step(time - self.pass).potential(state);
        time >= self.release && v >= rules.theta - rules.kinetics.slack(state, rules.theta)
    }

    /// Fires at `time`, which is in the pass that starts at `pass`, and is refractory until `release`.
    pub fn fire(&mut self, rules: &Rules, pass: f64, release: f64) {
        self.move_to(rules, pass);
        self.release = release;
        self.x = I::default();
        self.held = rules.kinetics.passes.start(release) > self.pass;
        if !self.held {
            self.let_go(rules);
        }
    }

    /// The neuron out of refractoriness.
    fn free(&self, rules: &Rules) -> Self {
        let mut free = *self;
        if self.held {
            free.move_to(rules, rules.kinetics.passes.start(self.release));
        }
        free
    }

    /// First time, ms, not before `from` and before `until`, at which it fires if nothing more arrives; infinite if there is none. Counts in
    /// `solved` if that took a search.
    pub fn crossing(&self, rules: &Rules, (from, until): (f64, f64), solved: &mut u64) -> f64 {
        let from = from.max(self.release);
        if from >= until {
            return f64::INFINITY;
        }
        let (free, dynamics) = (self.free(rules), &rules.kinetics.dynamics);
        let (state, span) = (free.state(rules), until - from);
        let then = dynamics.after(state, from - free.pass);
        let highest = dynamics.highest(then, (span, exp(-dynamics.a * span)));
        if rules.theta - highest > rules.kinetics.margin(state, rules.theta) {
            return f64::INFINITY;
        }
        *solved += 1;
        let time = free.pass + first_crossing(dynamics, state, rules.theta, |s| free.pass + s < from);
        if time < until { time } else { f64::INFINITY }
    }

    /// A time before which it does not fire if nothing more arrives, ms, not before `from`; infinite if it never does.
    pub fn quiet_until(&self, rules: &Rules, from: f64) -> f64 {
        let from = from.max(self.release);
        let (free, dynamics) = (self.free(rules), &rules.kinetics.dynamics);
        let (state, theta) = (free.state(rules), rules.theta);
        let then = dynamics.after(state, (from - free.pass).max(0.0));
        let margin = rules.kinetics.margin(state, theta);
        if theta - dynamics.highest(then, (f64::INFINITY, 0.0)) > margin {
            return f64::INFINITY;
        }
        from + (1.0 - 1e-9) * (theta - then.x - margin).max(0.0) / dynamics.steepest(then)
    }

    /// Excitation, in pA, that may come in all, from `now` on, whenever it does, without making it fire; 0 or less if any may.
    pub fn room(&self, rules: &Rules, now: f64) -> f64 {
        let (free, dynamics) = (self.free(rules), &rules.kinetics.dynamics);
        let state = free.state(rules);
        let then = dynamics.after(state, (now.max(self.release) - free.pass).max(0.0));
        // refractory, its current has not decayed that far
        let then = State { ex: then.ex.max(dynamics.after(self.state(rules), (now - self.pass).max(0.0)).ex), ..then };
        let highest = dynamics.highest(then, (f64::INFINITY, 0.0));
        (1.0 - 1e-9) * (rules.theta - highest - rules.kinetics.margin(state, rules.theta)) / rules.kinetics.lift()
    }

    /// V - V_inf, mV, and both currents divided by C_m, mV/ms, at `time`, neither before its last event nor after its next; V_reset while
    /// it is refractory.
    pub fn seen(&self, rules: &Rules, time: f64) -> State {
        let refractory = time < self.release;
        let now = if refractory { *self } else { self.free(rules) };
        let seen = rules.kinetics.dynamics.after(now.state(rules), time - now.pass);
        State { x: if refractory { rules.reset } else { seen.x }, ..seen }
    }
}

/// V_th - V_inf, and the smallest number above 0 instead of 0: if V_inf = V_th exactly V never arrives there, although after
/// ages at rest x underflows to 0.
pub fn above_rest(theta: f64) -> f64 {
    if theta == 0.0 { f64::MIN_POSITIVE } else { theta }
}

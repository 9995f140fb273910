//! LIF with synaptic currents, one time constant for excitatory and one for inhibitory input, as integers that arrivals add to.
//!
//! With s the time since the start of a pass ([`crate::decay::Passes`]) and the symbols of [`crate::dynamics`],
//!
//! ```text
//! V(s) - V_inf = X e^(-as) + Y_ex P_ex(s) + Z_ex Q_ex(s) + Y_in P_in(s) + Z_in Q_in(s)
//! ```
//!
//! where exponential currents have no Z. These numbers do not change between arrivals, and what an arrival adds to them ([`crate::kinetics`])
//! depends on its time alone: they are sums, which as integers have no order. Going to another pass mixes them (X takes from Y, Y from Z) and
//! rounds, so it must not depend on who looks:
//!
//! * **The state moves only when something that is not 0 arrives in a later pass**, or the neuron fires; then in one step over all passes between,
//!   stopping once, in the pass in which refractoriness ends. Whoever looks (a bound, a crossing, a probe) works on a copy.
//! * While the neuron is refractory until a later pass (`held`), X has no meaning. At the end it is set so that V is V_reset then; what arrives
//!   before that in the same pass takes from X as of the end.
//! * Where V comes to threshold is a function of these numbers and the pass ([`crate::crossing`]); who asks only takes the first crossing not before
//!   the time of asking.
//! * A neuron that is within rounding of threshold at an arrival, or at a step of its current, fires there: computed V is not monotone near its top,
//!   and a crossing just after might be lost otherwise.
//!
//! EXACT: each arrival is rounded to half a unit, each move to half a unit and some 1e-15 of the terms.

use crate::crossing::first_crossing;
use crate::dynamics::State;
use crate::elementary::exp;
use crate::kinetics::Kinetics;
use crate::lattice::Int;

/// A neuron as its last event has left it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Synaptic<I, const NUMBERS: usize> {
    /// X; of no meaning while `held`.
    pub x: I,
    /// Those of the excitatory current, and of the inhibitory one. The last of each are >= 0 and <= 0.
    pub y: [[I; NUMBERS]; 2],
    /// Start of the pass in which it stands, ms.
    pub pass: f64,
    /// End of refractoriness, ms.
    pub release: f64,
    /// Refractory until a later pass.
    pub held: bool,
}

/// What it takes to move a neuron: constants, and the distance of V_th and V_reset from V_inf, mV.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a, const NUMBERS: usize> {
    /// Of this neuron.
    pub kinetics: &'a Kinetics<NUMBERS>,
    /// V_th - V_inf, not 0.
    pub theta: f64,
    /// V_reset - V_inf.
    pub reset: f64,
}

impl<I: Int, const NUMBERS: usize> Default for Synaptic<I, NUMBERS> {
    fn default() -> Self {
        let none = [[I::default(); NUMBERS]; 2];
        Self { x: I::default(), y: none, pass: 0.0, release: 0.0, held: false }
    }
}

impl<I: Int, const NUMBERS: usize> Synaptic<I, NUMBERS> {
    fn state(&self, rules: &Rules<NUMBERS>) -> State<NUMBERS> {
        let state = rules.kinetics.state(self.x, self.y);
        State { x: if self.held { 0.0 } else { state.x }, ..state }
    }

    /// Goes to a pass that starts at `pass`, no earlier than its own.
    #[inline(always)]
    pub fn move_to(&mut self, rules: &Rules<NUMBERS>, pass: f64) {
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
    fn step(&mut self, rules: &Rules<NUMBERS>, pass: f64) {
        let moved = rules.kinetics.dynamics.after(self.state(rules), pass - self.pass);
        (self.x, self.y) = rules.kinetics.rounded(moved);
        self.pass = pass;
    }

    /// Sets X so that V is V_reset at the end of refractoriness, which lies in this pass.
    fn let_go(&mut self, rules: &Rules<NUMBERS>) {
        let after = self.release - self.pass;
        let currents = State { x: 0.0, ..self.state(rules) };
        let lifted = rules.kinetics.dynamics.step(after).potential(currents);
        self.x = rules.kinetics.x_of(rules.reset - lifted, after);
        self.held = false;
    }

    /// Takes what arrives at `time`, in this pass: sums of X and of both currents. Whether the neuron fires at once.
    pub fn arrive(&mut self, rules: &Rules<NUMBERS>, time: f64, (x, y): (I, [[I; NUMBERS]; 2])) -> bool {
        for (all, y) in self.y.iter_mut().flatten().zip(y.into_iter().flatten()) {
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
    pub fn shift(&mut self, rules: &Rules<NUMBERS>, time: f64, moved: f64) {
        if !self.held {
            self.x = self.x.plus(rules.kinetics.x_of(-moved, time.max(self.release) - self.pass));
        }
    }

    /// Whether V is at threshold at `time`, within rounding; not while it is refractory.
    pub fn is_at_threshold(&self, rules: &Rules<NUMBERS>, time: f64) -> bool {
        let state = self.state(rules);
        let v = rules.kinetics.dynamics.step(time - self.pass).potential(state);
        time >= self.release && v >= rules.theta - rules.kinetics.slack(state, rules.theta)
    }

    /// Fires at `time`, which is in the pass that starts at `pass`, and is refractory until `release`.
    pub fn fire(&mut self, rules: &Rules<NUMBERS>, pass: f64, release: f64) {
        self.move_to(rules, pass);
        self.release = release;
        self.x = I::default();
        self.held = rules.kinetics.passes.start(release) > self.pass;
        if !self.held {
            self.let_go(rules);
        }
    }

    /// The neuron out of refractoriness.
    fn free(&self, rules: &Rules<NUMBERS>) -> Self {
        let mut free = *self;
        if self.held {
            free.move_to(rules, rules.kinetics.passes.start(self.release));
        }
        free
    }

    /// First time, ms, not before `from` and before `until`, at which it fires if nothing more arrives; infinite if there is none. Counts in
    /// `solved` if that took a search.
    pub fn crossing(&self, rules: &Rules<NUMBERS>, (from, until): (f64, f64), solved: &mut u64) -> f64 {
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
    pub fn quiet_until(&self, rules: &Rules<NUMBERS>, from: f64) -> f64 {
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
    pub fn room(&self, rules: &Rules<NUMBERS>, now: f64) -> f64 {
        let (free, dynamics) = (self.free(rules), &rules.kinetics.dynamics);
        let state = free.state(rules);
        let then = dynamics.after(state, (now.max(self.release) - free.pass).max(0.0));
        // refractory, its current has not decayed that far
        let mut ex = dynamics.after(self.state(rules), (now - self.pass).max(0.0)).ex;
        ex.iter_mut().zip(then.ex).for_each(|(ex, then)| *ex = then.max(*ex));
        let then = State { ex, ..then };
        let highest = dynamics.highest(then, (f64::INFINITY, 0.0));
        (1.0 - 1e-9) * (rules.theta - highest - rules.kinetics.margin(state, rules.theta)) / rules.kinetics.lift()
    }

    /// V - V_inf, mV, and both currents divided by C_m, mV/ms, and what feeds them, at `time`, neither before its last event nor after its next; V_reset while
    /// it is refractory.
    pub fn seen(&self, rules: &Rules<NUMBERS>, time: f64) -> State<NUMBERS> {
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

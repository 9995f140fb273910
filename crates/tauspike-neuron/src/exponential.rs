//! LIF with exponential synaptic currents, one time constant for excitatory and one for inhibitory input.
//!
//! With `x = V - V_inf`, `a = 1/tau_m` and, for each of the two currents, `y = I / C_m` (mV/ms) and `b = 1/tau_syn`:
//!
//! ```text
//! x(t+s) = x e^(-as) + y_ex P_ex(s) + y_in P_in(s)        P(s) = (e^(-bs) - e^(-as)) / (a - b)
//! y(t+s) = y e^(-bs)                                           = e^(-min(a,b) s) (1 - e^(-|a-b| s)) / |a-b|
//! ```
//!
//! EXACT: the second form of P has no cancellation, so tau_syn may be near or equal to tau_m (then P = s e^(-as)).
//!
//! Decide *whether* before *when* (the idea of D'Haene et al. 2009, Neural Comput 21:1068, and Krishnan et al. 2018, Front
//! Neuroinform 11:75). Excitatory weights only ever add to y_ex >= 0 and inhibitory ones to y_in <= 0, so
//!
//! * for ever, `x <= max(x, 0) + y_ex max P_ex`;
//! * while V is above its present value, `dV/dt <= max(-a x, 0) + y_ex`: the time before which V cannot be at threshold. Both hold for
//!   many arrivals at once if their excitation is taken to come at the start;
//! * over a gap of length s, `x <= max(x, x e^(-as)) + y_ex min(s, max P_ex)`;
//! * over a gap whose end state is known, which it is anyway: `g(s) = V'(s) e^(as)` has a derivative of the sign of
//!   `-(b_ex y_ex(s) + b_in y_in(s))`, which changes at most once. If it is positive at both ends, V has no maximum inside and is below its
//!   ends. If it is negative at both, V has one at most, and none if it starts falling or ends rising; else it is below its first tangent.
//!
//! Each has to hold by a margin far above rounding, so that none can contradict the search. What they do not settle goes to
//! [`crate::crossing`].
//!
//! While the neuron is refractory V stands at V_reset; the currents go on.

use crate::cell::{Arrival, Cell, Drive, Membrane, Work, gaps};
use crate::crossing::first_crossing;
use crate::dynamics::{Dynamics, State, Step};
use crate::factors::{Factors, Foreseen};
use std::ops::ControlFlow;

/// A LIF neuron with exponential synaptic currents.
#[derive(Clone, Debug, PartialEq)]
pub struct Exponential {
    state: State,
    /// Time of the state, ms.
    t: f64,
    /// End of refractoriness, ms; V is clamped while `t < release`.
    release: f64,
    dynamics: Dynamics,
    /// V_th - V_inf and V_reset - V_inf, mV.
    theta: f64,
    reset: f64,
    t_ref: f64,
    v_inf: f64,
    inv_c: f64,
}

/// What changes of an [`Exponential`] in time.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Saved {
    state: State,
    /// Time of the state, and end of refractoriness, ms.
    t: f64,
    release: f64,
    /// Where the present current drives V, mV.
    v_inf: f64,
}

/// Parameters beyond those of [`crate::delta::Parameters`].
#[derive(Clone, Copy, Debug)]
pub struct SynapticTimes {
    /// Time constant of the excitatory current, ms, > 0.
    pub ex: f64,
    /// Time constant of the inhibitory current, ms, > 0.
    pub inh: f64,
}

/// V_th - V_inf, and the smallest number above 0 instead of 0: if V_inf = V_th exactly V never arrives there, although after
/// ages at rest x underflows to 0.
fn above_rest(theta: f64) -> f64 {
    if theta == 0.0 { f64::MIN_POSITIVE } else { theta }
}

impl Exponential {
    /// The neuron at time 0, with no synaptic current.
    pub fn new(p: &crate::delta::Parameters, tau_syn: SynapticTimes) -> Self {
        let v_inf = p.e_l + p.tau_m / p.c_m * p.i_e;
        let theta = above_rest(p.v_th - v_inf);
        let x = if p.v_init >= p.v_th { theta.max(p.v_init - v_inf) } else { p.v_init - v_inf };
        Self {
            state: State { x, ex: 0.0, inh: 0.0 },
            t: 0.0,
            release: 0.0,
            dynamics: Dynamics::new(p.tau_m, tau_syn.ex, tau_syn.inh),
            theta,
            reset: p.v_reset - v_inf,
            t_ref: p.t_ref,
            v_inf,
            inv_c: 1.0 / p.c_m,
        }
    }

    fn drive_to(&mut self, drive: Drive) {
        self.theta = above_rest(drive.v_th - drive.v_inf);
        self.reset = drive.v_reset - drive.v_inf;
        self.v_inf = drive.v_inf;
    }

    /// Carries the currents to `time <= release`; V stays at V_reset.
    fn wait(&mut self, time: f64) {
        let moved = self.dynamics.after(self.state, time - self.t);
        self.state = State { x: self.state.x, ..moved };
        self.t = time;
    }

    /// Without a branch: which sign is next is as good as random.
    #[inline(always)]
    fn add(&mut self, weight: f64) {
        let y = weight * self.inv_c;
        self.state.ex += y.max(0.0);
        self.state.inh += y.min(0.0);
    }

    fn fire(&mut self, time: f64, emit: &mut impl FnMut(f64) -> ControlFlow<()>) {
        // EXACT: through the end of refractoriness, where an arrival behind this spike would have taken the currents as well
        self.move_to(time);
        self.state.x = self.reset;
        // a neuron that is told to stop stays refractory for ever
        self.release = if emit(time).is_break() { f64::INFINITY } else { time + self.t_ref };
    }

    /// Whether the neuron provably does not fire before `until` without further arrivals: whatever settles it soonest.
    #[inline(always)]
    fn is_silent_until(&self, until: f64) -> bool {
        self.dynamics.never_reaches(self.state, self.theta) || self.not_before(1.0) > until || self.passes_until(until)
    }

    /// [`Exponential::is_silent_until`] by the state at `until`.
    fn passes_until(&self, until: f64) -> bool {
        if until <= self.release {
            return true;
        }
        let free = self.at(self.t.max(self.release));
        let gap = (until - free.t).max(0.0);
        self.dynamics.passes_below(free.state, self.dynamics.after(free.state, gap), gap, self.theta)
    }

    /// The neuron at `time`, no earlier than its last event, if it does not fire before.
    fn at(&self, time: f64) -> Self {
        let mut at = self.clone();
        at.move_to(time);
        at
    }

    /// Carries the state to `time`, if that is later.
    fn move_to(&mut self, time: f64) {
        let clamped_until = time.min(self.release);
        if self.t < clamped_until {
            self.wait(clamped_until);
        }
        if self.t < time {
            self.state = self.dynamics.after(self.state, time - self.t);
            self.t = time;
        }
    }

    /// By how much V is below V_th, rounding allowed for, mV; may be negative.
    #[inline(always)]
    fn distance(&self) -> f64 {
        self.theta - self.state.x - self.dynamics.margin(self.state, self.theta)
    }

    /// A time before which the neuron does not fire without further arrivals: when V, rising all the time as steeply as it can,
    /// has gone `part` of the way to threshold.
    #[inline(always)]
    fn not_before(&self, part: f64) -> f64 {
        let time = part * self.distance().max(0.0) / self.dynamics.steepest(self.state);
        self.t.max(self.release) + (1.0 - 1e-9) * time
    }

    /// First time with V >= V_th without further arrivals; infinite if none.
    fn crossing(&self) -> f64 {
        let mut free = self.clone();
        if free.t < free.release {
            free.wait(free.release);
        }
        free.t + first_crossing(&free.dynamics, free.state, free.theta)
    }

    /// Whether the neuron provably does not fire before the last of `arrivals`, which come after refractoriness: not even if what
    /// excites it came at once.
    #[inline(always)]
    fn is_silent_through(&self, arrivals: &[Arrival]) -> bool {
        let Some(last) = arrivals.last() else { return true };
        let mut all = self.state;
        for arrival in arrivals {
            let y = arrival.weight * self.inv_c;
            all.ex += y.max(0.0);
            all.inh += y.min(0.0);
        }
        let excited = Self { state: all, ..*self };
        self.dynamics.never_reaches(all, self.theta) || excited.not_before(1.0) > last.time
    }

    /// Applies arrivals from `from` on until the first spike or the last of them; returns the first not yet applied. `step` leads
    /// to the first, `factors` from each to the next.
    #[inline(always)]
    fn apply(
        &mut self,
        arrivals: &[Arrival],
        from: usize,
        (mut step, (factors, first)): (Step, (&Factors, usize)),
        (work, emit): (&mut Work, &mut impl FnMut(f64) -> ControlFlow<()>),
    ) -> usize {
        let silent = self.is_silent_through(&arrivals[from..]);
        for (i, arrival) in arrivals.iter().enumerate().skip(from) {
            work.crossings_tested += 1;
            let end = step.apply(self.state);
            if !silent && !self.passes_gap(arrival.time - self.t, step.membrane, end) {
                work.crossings_solved += 1;
                let time = self.crossing();
                if time <= arrival.time {
                    self.fire(time, emit);
                    return i;
                }
            }
            self.state = end;
            self.t = arrival.time;
            self.add(arrival.weight);
            work.updates += 1;
            if i + 1 < arrivals.len() {
                step = self.dynamics.recall(factors, first + i + 1);
            }
        }
        arrivals.len()
    }

    /// Whether V provably stays below threshold over a gap to the state `end`, given e^(-a gap).
    #[inline(always)]
    fn passes_gap(&self, gap: f64, membrane: f64, end: State) -> bool {
        self.dynamics.stays_below(self.state, self.theta, (gap, membrane))
            || self.dynamics.passes_below(self.state, end, gap, self.theta)
    }
}

impl Cell for Exponential {
    type Saved = Saved;

    fn save(&self) -> Saved {
        Saved { state: self.state, t: self.t, release: self.release, v_inf: self.v_inf }
    }

    fn load(&mut self, &Saved { state, t, release, v_inf }: &Saved, v_th: f64, v_reset: f64) -> bool {
        let times = [t, release].iter().all(|time| (0.0..f64::INFINITY).contains(time));
        let currents = (0.0..f64::INFINITY).contains(&state.ex) && state.inh <= 0.0 && state.inh.is_finite();
        let valid = times && currents && state.x.is_finite() && v_inf.is_finite();
        if valid {
            (self.state, self.t, self.release) = (state, t, release);
            self.drive_to(Drive { v_inf, v_th, v_reset });
        }
        valid
    }

    fn v_inf(&self) -> f64 {
        self.v_inf
    }

    #[inline(always)]
    fn clock(&self) -> f64 {
        self.t
    }

    #[inline(always)]
    fn measure(&self, from: f64, arrivals: &[Arrival], factors: &mut Factors) {
        let first = factors.membrane.len();
        let d = &self.dynamics;
        let gaps = gaps(from, arrivals);
        factors.membrane.extend(gaps.clone().map(|s| -d.a * s));
        d.ex.measure(gaps.clone(), first, &mut factors.ex);
        if !d.alike() {
            d.inh.measure(gaps, first, &mut factors.inh);
        }
    }

    #[inline(always)]
    fn advance(
        &mut self,
        arrivals: &[Arrival],
        Foreseen { factors, first, from }: Foreseen,
        until: f64,
        work: &mut Work,
        emit: &mut impl FnMut(f64) -> ControlFlow<()>,
    ) {
        let (mut next, mut foreseen) = (0, self.t == from);
        while next < arrivals.len() {
            let arrival = arrivals[next];
            if self.t < self.release && self.release <= arrival.time {
                self.wait(self.release);
                foreseen = false;
            }
            let step = match foreseen {
                true => self.dynamics.recall(factors, first + next),
                false => self.dynamics.step(arrival.time - self.t),
            };
            if arrival.time < self.release {
                self.state = State { x: self.state.x, ..step.apply(self.state) };
                self.t = arrival.time;
                self.add(arrival.weight);
                work.updates += 1;
                (next, foreseen) = (next + 1, true);
                continue;
            }
            next = self.apply(arrivals, next, (step, (factors, first)), (work, emit));
            foreseen = false;
        }
        while !self.is_silent_until(until) {
            work.crossings_solved += 1;
            let time = self.crossing();
            if time >= until {
                break;
            }
            work.updates += 1;
            self.fire(time, emit);
        }
    }

    fn quiet_until(&self, from: f64, work: &mut Work) -> f64 {
        if self.dynamics.never_reaches(self.state, self.theta) {
            return f64::INFINITY;
        }
        // half of the way leaves the other half to what may arrive: see `headroom`
        let earliest = self.not_before(0.5);
        if earliest > from {
            return earliest;
        }
        let later = self.at(from).not_before(1.0);
        if later - from > 0.25 * (from - self.t) {
            return later;
        }
        work.crossings_solved += 1;
        let crossing = self.crossing();
        // what arrives before, inhibition too, may move it down by rounding
        let sooner = crossing - 1e-9 * (crossing - self.t);
        if sooner > from { sooner } else { crossing }
    }

    #[inline(always)]
    fn headroom(&self, before: f64) -> f64 {
        let (y, ex, inh) = (self.state, &self.dynamics.ex, &self.dynamics.inh);
        // an arrival of weight w lifts V by w / C_m max P_ex at most; 1e-9 is far above what rounding can do
        let free = self.theta - (y.x.max(0.0) + y.ex * ex.peak);
        let margin = 1e-9 * (y.x.abs() + self.theta.abs() + y.ex * ex.peak - y.inh * inh.peak);
        let ever = (free - margin) / ex.peak;
        // and dV/dt by w / C_m
        let time = before - self.t.max(self.release);
        if time <= 0.0 {
            return f64::INFINITY;
        }
        let soon = self.distance() / time * (1.0 - 1e-9) - self.dynamics.steepest(self.state);
        (ever.max(soon) / self.inv_c).max(0.0)
    }

    fn membrane(&self, time: f64) -> Membrane {
        let state = if time == self.t { self.state } else { self.at(time).state };
        let c_m = 1.0 / self.inv_c;
        Membrane { v: self.v_inf + state.x, current: Some((state.ex * c_m, state.inh * c_m)) }
    }

    fn set_drive(&mut self, time: f64, drive: Drive) {
        self.move_to(time);
        self.state.x += self.v_inf - drive.v_inf;
        self.drive_to(drive);
    }
}

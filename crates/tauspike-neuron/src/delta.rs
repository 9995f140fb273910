//! LIF with delta synapses: an arrival of weight w lifts V by w, at once.
//!
//! State is kept as `x = V - V_inf` with `V_inf = E_L + tau_m / C_m * I`, so that between events `x(t + s) = x(t) exp(-s / tau_m)`:
//! one multiplication. A spike can occur
//!
//! * at an arrival, if the summed jumps of that instant leave V >= V_th;
//! * between arrivals only if V_inf > V_th, at `t + tau_m ln(x / (V_th - V_inf))`. If V_inf = V_th exactly, V never arrives there.
//!
//! An arrival in `[t_s, t_s + t_ref)` is dropped: the clock of the state simply stands at `t_s + t_ref` meanwhile.
//!
//! EXACT: the decision "the neuron fires in this gap" is *defined* as `crossing() <= next arrival`. The cheap test before it
//! (is V at the end of the gap within 1e-9 of threshold?) can only send more cases to that definition, never fewer: V is
//! monotone, carries a relative error of a few 1e-16 times the exponent, and a gap of 1e-9 in V is 1e-9 tau_m in time at least,
//! while `crossing` errs by a few 1e-16 tau_m.

use crate::cell::{Arrival, Cell, Drive, Membrane, Work, gaps};
use crate::elementary::exp;
use crate::factors::{Factors, Foreseen};
use std::ops::ControlFlow;

/// A LIF neuron with delta synapses; one cache line.
#[derive(Clone, Debug, PartialEq)]
#[repr(C, align(64))]
pub struct Delta {
    /// V - V_inf, mV, at `t`.
    x: f64,
    /// Time of the state, ms: the last event, or the end of refractoriness.
    t: f64,
    /// -1 / tau_m, 1/ms.
    rate: f64,
    /// V_th - V_inf, mV. Negative: the neuron fires by itself.
    theta: f64,
    /// V_reset - V_inf, mV.
    reset: f64,
    /// ms.
    t_ref: f64,
    /// E_L + tau_m / C_m * I, mV.
    v_inf: f64,
    /// ms.
    tau_m: f64,
}

/// What changes of a [`Delta`] in time.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Saved {
    /// V - V_inf, mV, at `t`.
    x: f64,
    /// Time of the state, ms.
    t: f64,
    /// Where the present current drives V, mV.
    v_inf: f64,
}

/// Parameters that every LIF neuron has. Units: ms, pF, mV, pA.
#[derive(Clone, Copy, Debug)]
pub struct Parameters {
    /// Membrane time constant, ms, > 0.
    pub tau_m: f64,
    /// Capacitance, pF, > 0.
    pub c_m: f64,
    /// Resting potential, mV.
    pub e_l: f64,
    /// Threshold, mV.
    pub v_th: f64,
    /// Reset, mV, < v_th.
    pub v_reset: f64,
    /// Refractory time, ms, >= 0.
    pub t_ref: f64,
    /// Constant current, pA.
    pub i_e: f64,
    /// Potential at time 0, mV.
    pub v_init: f64,
}

impl Delta {
    /// The neuron at time 0.
    pub fn new(p: &Parameters) -> Self {
        let v_inf = p.e_l + p.tau_m / p.c_m * p.i_e;
        Self {
            x: p.v_init - v_inf,
            t: 0.0,
            rate: -1.0 / p.tau_m,
            theta: p.v_th - v_inf,
            reset: p.v_reset - v_inf,
            t_ref: p.t_ref,
            v_inf,
            tau_m: p.tau_m,
        }
    }

    /// First time >= t with V >= V_th, without further arrivals.
    fn crossing(&self) -> f64 {
        if self.x >= self.theta {
            self.t
        } else if self.theta < 0.0 {
            // x <= theta < 0: ln(x / theta) through log1p, which keeps the digits of a small distance to threshold
            self.t + self.tau_m * libm::log1p((self.x - self.theta) / self.theta)
        } else {
            f64::INFINITY
        }
    }

    /// V_th - V_inf, and 1e-9 of it less: what ends below this has certainly not crossed.
    #[inline(always)]
    fn near(&self) -> f64 {
        self.theta + 1e-9 * self.theta
    }

    /// Whether V certainly stays below threshold before `until`, without further arrivals.
    #[inline(always)]
    fn stays_below_until(&self, until: f64) -> bool {
        let below = self.x < self.theta;
        below
            && (self.theta >= 0.0
                || self.earliest() > until
                || self.x * exp((until - self.t).max(0.0) * self.rate) < self.near())
    }

    /// For theta < 0: a time before which V cannot be at threshold. V rises ever more slowly, so it is not there before its
    /// present slope would bring it there: ln y >= 1 - 1/y.
    #[inline(always)]
    fn earliest(&self) -> f64 {
        self.t + self.tau_m * (1.0 - self.theta / self.x) * (1.0 - 1e-12)
    }

    fn drive_to(&mut self, drive: Drive) {
        self.theta = drive.v_th - drive.v_inf;
        self.reset = drive.v_reset - drive.v_inf;
        self.v_inf = drive.v_inf;
    }

    #[inline(always)]
    fn fire(&mut self, time: f64, emit: &mut impl FnMut(f64) -> ControlFlow<()>) {
        self.x = self.reset;
        // a neuron that is told to stop stays refractory for ever
        self.t = if emit(time).is_break() { f64::INFINITY } else { time + self.t_ref };
    }

    /// Applies arrivals from `from` on until the first spike or the last of them; returns the first not yet applied. `decay` is
    /// the factor over the gap before the first, `decays` those before each.
    #[inline(always)]
    fn jumps(
        &mut self,
        arrivals: &[Arrival],
        from: usize,
        (mut decay, decays): (f64, &[f64]),
        emit: &mut impl FnMut(f64) -> ControlFlow<()>,
    ) -> usize {
        let (mut x, theta) = (self.x, self.theta);
        for i in from..arrivals.len() {
            x = x * decay + arrivals[i].weight;
            if x >= theta && is_last_of_instant(arrivals, i) {
                self.fire(arrivals[i].time, emit);
                return i + 1;
            }
            decay = decays.get(i + 1).copied().unwrap_or(1.0);
        }
        (self.x, self.t) = (x, arrivals[arrivals.len() - 1].time);
        arrivals.len()
    }

    /// As [`Delta::jumps`] for a neuron with V_inf >= V_th, which may also fire in the gap before an arrival.
    fn gaps_and_jumps(
        &mut self,
        arrivals: &[Arrival],
        from: usize,
        (mut decay, decays): (f64, &[f64]),
        (work, emit): (&mut Work, &mut impl FnMut(f64) -> ControlFlow<()>),
    ) -> usize {
        let near = self.near();
        for i in from..arrivals.len() {
            // Only a gap is looked at: between arrivals of one instant V may be anywhere, and their sum alone counts.
            if arrivals[i].time > self.t {
                // After ages at rest x underflows to -0, which compares as "V reached V_inf"; it never does.
                let x = (self.x * decay).min(-f64::MIN_POSITIVE);
                if x >= near {
                    work.crossings_solved += 1;
                    let time = self.crossing();
                    if time <= arrivals[i].time {
                        self.fire(time, emit);
                        return i;
                    }
                }
                (self.x, self.t) = (x, arrivals[i].time);
            }
            self.x += arrivals[i].weight;
            if self.x >= self.theta && is_last_of_instant(arrivals, i) {
                self.fire(arrivals[i].time, emit);
                return i + 1;
            }
            decay = decays.get(i + 1).copied().unwrap_or(1.0);
        }
        arrivals.len()
    }
}

/// The threshold holds for the sum of the arrivals of one instant, so only the last of them can fire.
#[inline(always)]
fn is_last_of_instant(arrivals: &[Arrival], i: usize) -> bool {
    arrivals.get(i + 1).is_none_or(|next| next.time > arrivals[i].time)
}

impl Cell for Delta {
    type Saved = Saved;

    fn save(&self) -> Saved {
        Saved { x: self.x, t: self.t, v_inf: self.v_inf }
    }

    fn load(&mut self, &Saved { x, t, v_inf }: &Saved, v_th: f64, v_reset: f64) -> bool {
        let valid = x.is_finite() && v_inf.is_finite() && (0.0..f64::INFINITY).contains(&t);
        if valid {
            (self.x, self.t) = (x, t);
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
        factors.membrane.extend(gaps(from, arrivals).map(|gap| gap * self.rate));
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
        let decays = &factors.membrane[first..first + arrivals.len()];
        let mut foreseen = self.t == from;
        if !arrivals.is_empty() && self.x >= self.theta && self.crossing() <= arrivals[0].time {
            // only at the start of a run: V_init >= V_th
            self.fire(self.t, emit);
            foreseen = false;
        }
        let mut next = 0;
        while next < arrivals.len() {
            let arrival = arrivals[next];
            if arrival.time < self.t {
                (next, foreseen) = (next + 1, false);
                continue;
            }
            let from = next;
            let decay = if foreseen { decays[from] } else { exp((arrival.time - self.t) * self.rate) };
            next = if self.theta <= 0.0 {
                self.gaps_and_jumps(arrivals, from, (decay, decays), (work, emit))
            } else {
                self.jumps(arrivals, from, (decay, decays), emit)
            };
            foreseen = false;
            work.updates += (next - from) as u64;
            work.crossings_tested += (next - from) as u64;
        }
        while !self.stays_below_until(until) {
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
        if self.x >= self.theta {
            return self.t;
        }
        if self.theta >= 0.0 {
            return f64::INFINITY;
        }
        let earliest = self.earliest();
        if earliest > from {
            return earliest;
        }
        work.crossings_solved += 1;
        self.crossing()
    }

    #[inline(always)]
    fn headroom(&self, _: f64) -> f64 {
        // V_inf <= V_th: V decays towards V_inf and jumps add up at most; 1e-9 is far above what rounding can do
        if self.theta > 0.0 { ((self.theta - self.x.max(0.0)) * (1.0 - 1e-9)).max(0.0) } else { 0.0 }
    }

    fn membrane(&self, time: f64) -> Membrane {
        // within refractoriness the clock of the state stands ahead of `time`
        let x = if time > self.t { self.x * exp((time - self.t) * self.rate) } else { self.x };
        Membrane { v: self.v_inf + x, current: None }
    }

    fn set_drive(&mut self, time: f64, drive: Drive) {
        if time > self.t {
            self.x *= exp((time - self.t) * self.rate);
            self.t = time;
        }
        // V stays, V_inf moves
        self.x += self.v_inf - drive.v_inf;
        self.drive_to(drive);
    }
}

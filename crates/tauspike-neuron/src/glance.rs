//! Whether a neuron with synaptic currents may fire in a window, at a glance: bounds far above rounding, in which no bit matters.
//!
//! Exponential currents: with `d` from the beginning of the window, W its length, an arrival of current y at d has been added as if it had always been: y e^(bd) at
//! the beginning, and -P of what lies before it there, which is d e^(max(a, b) d) y at most. Taking `W e^((a - b) W) y e^(bd)`, or W
//! times that if b > a, for what it lifts V by makes up for both: it is at least d e^(max(a, b) d) y + (W - d) y.
//!
//! Alpha functions: an arrival of z at d has been added as z e^(bd), as a current of -d z e^(bd), and to X, which only lifts. Of what is seen at
//! the beginning, y and z, the current was in truth at most y + Wz before the arrivals of the window, and they lift V by z W^2 / 2 at most:
//! W y + 1.5 W^2 z is enough.

use crate::decay::Passes;
use crate::dynamics::{ALPHA, State, Step, dot};
use crate::elementary::exp;
use crate::kinetics::{Kinetics, UNITS, meaning};
use crate::lattice::Int;

/// What is seen of neurons with one kinetics in a window.
#[derive(Clone, Copy, Debug)]
pub struct Glance<const NUMBERS: usize> {
    step: Step<NUMBERS>,
    /// e^(-a W).
    shrink: f64,
    /// What each number of a current at the beginning of the pass lifts V by in the window, ms and ms^2.
    lifts: [f64; 2],
    peaks: [[f64; 2]; 2],
    units: State<NUMBERS>,
}

impl<const NUMBERS: usize> Glance<NUMBERS> {
    /// At a window that begins at `from`, ms, of `width` ms, within a pass.
    #[inline(always)]
    pub fn of(kinetics: &Kinetics<NUMBERS>, (from, width): (f64, f64)) -> Self {
        let (dynamics, after) = (&kinetics.dynamics, from - kinetics.passes.start(from));
        let (a, b) = (dynamics.a, dynamics.ex.b);
        let lifts = if NUMBERS == ALPHA {
            let decayed = exp(-b * after) * width;
            [decayed, decayed * (after + 1.5 * width)]
        } else {
            [exp(-b * after) * (width * exp((a - b).max(0.0) * width)), 0.0]
        };
        Self {
            step: dynamics.step(after),
            shrink: exp(-a * width),
            lifts,
            peaks: [dynamics.ex.peaks, dynamics.inh.peaks],
            units: kinetics.inverse,
        }
    }

    /// Whether a neuron may come to `theta`, all excitation of the window having been added, and no inhibition.
    #[inline(always)]
    pub fn may_reach<I: Int>(&self, x: I, y: [[I; NUMBERS]; 2], theta: f64) -> bool {
        let state = meaning(&self.units, x, y);
        let v = self.step.potential(state);
        let highest = dot(v.max(v * self.shrink), &state.ex, &self.lifts);
        let (ex, inh) = (state.ex.map(f64::abs), state.inh.map(f64::abs));
        let magnitude = dot(dot(state.x.abs() + theta.abs(), &ex, &self.peaks[0]), &inh, &self.peaks[1]);
        theta - highest <= 1e-12 * magnitude + UNITS * self.units.x
    }
}

/// What is needed for a glance at a neuron with kinetics of its own, without an exponential: polynomials for decay within a pass.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rates<const NUMBERS: usize> {
    /// 1/tau_m, 1/tau_syn_ex and 1/tau_syn_in, 1/ms.
    a: f64,
    ex: f64,
    inh: f64,
    passes: Passes,
    units: State<NUMBERS>,
}

/// Far above the error of [`decayed`] and [`mean_decayed`].
const ROUGH: f64 = 4e-5;

/// e^-z, for z from 0 to 1.4, to 1e-5 of it: interpolated at Chebyshev's points.
#[inline(always)]
fn decayed(z: f64) -> f64 {
    let z2 = z * z;
    (0.9999971503949868 - z * 0.9998530108127872)
        + z2 * ((0.4987561533290224 - z * 0.16275400139878649) + z2 * (0.03594215589660146 - z * 0.004211186533942583))
}

/// (1 - e^-z) / z, likewise.
#[inline(always)]
fn mean_decayed(z: f64) -> f64 {
    let z2 = z * z;
    (0.9999995619277124 - z * 0.49997741261997203)
        + z2 * ((0.1664759344758323 - z * 0.04106930860467538)
            + z2 * (0.007466521586650642 - z * 0.0007750797744492035))
}

/// (e^z - 1 - z) / z^2, for z from 0 to 1.4, to 2e-6 of it: the first terms of its series.
#[inline(always)]
fn risen(z: f64) -> f64 {
    let first = 1.0 / 2.0 + z * (1.0 / 6.0 + z * (1.0 / 24.0 + z * (1.0 / 120.0)));
    let z4 = (z * z) * (z * z);
    first + z4 * (1.0 / 720.0 + z * (1.0 / 5040.0 + z * (1.0 / 40320.0 + z * (1.0 / 362_880.0))))
}

impl<const NUMBERS: usize> Rates<NUMBERS> {
    /// Of these kinetics.
    pub fn of(kinetics: &Kinetics<NUMBERS>) -> Self {
        let Kinetics { dynamics, passes, inverse: units, .. } = *kinetics;
        Self { a: dynamics.a, ex: dynamics.ex.b, inh: dynamics.inh.b, passes, units }
    }

    /// As [`Glance::may_reach`], for a window as in [`Glance::of`].
    #[inline(always)]
    pub fn may_reach<I: Int>(&self, (from, width): (f64, f64), x: I, y: [[I; NUMBERS]; 2], theta: f64) -> bool {
        let Self { a, ex: b_ex, inh: b_in, passes, units } = *self;
        let (after, state) = (from - passes.start(from), meaning(&units, x, y));
        if NUMBERS == ALPHA {
            return self.may_be_fed_to(theta, (after, width), state);
        }
        let (x, ex, inh) = (state.x, state.ex[0], state.inh[0]);
        let (membrane, current) = (decayed(a * after), decayed(b_ex * after));
        let lifted = |b: f64, outer: f64| after * outer * mean_decayed((a - b).abs() * after);
        let ex_lifted = lifted(b_ex, if b_ex < a { current } else { membrane });
        let in_lifted = lifted(b_in, if b_in < a { decayed(b_in * after) } else { membrane });
        let v = x * membrane + ex * ex_lifted + inh * in_lifted;
        // e^z below its chord up to z = 1.4
        let to_come = width * current * (1.0 + 2.2 * ((a - b_ex) * width).max(0.0));
        let highest = v.max(v * decayed(a * width)) + ex * to_come;
        let rough = ROUGH * (x.abs() + theta.abs() + (ex - inh) * after + ex * to_come);
        theta - highest <= rough + UNITS * units.x
    }

    /// The same of alpha functions, `after` ms into the pass.
    #[inline(always)]
    fn may_be_fed_to(&self, theta: f64, (after, width): (f64, f64), state: State<NUMBERS>) -> bool {
        let membrane = decayed(self.a * after);
        let current = decayed(self.ex * after);
        // what P and Q are, roughly
        let moves = |b: f64| {
            let z = (self.a - b).abs() * after;
            let (outer, shrunk, mean) =
                (if b < self.a { decayed(b * after) } else { membrane }, decayed(z), mean_decayed(z));
            let in_fast = shrunk * risen(z);
            let q = if b < self.a { mean - in_fast } else { in_fast };
            [outer * mean * after, outer * q * (after * after)]
        };
        let v = dot(dot(state.x * membrane, &state.ex, &moves(self.ex)), &state.inh, &moves(self.inh));
        let lifts = [width * current, width * current * (after + 1.5 * width)];
        let highest = dot(v.max(v * decayed(self.a * width)), &state.ex, &lifts);
        let sizes = [after + width, (after + width) * (after + 1.5 * width)];
        let (ex, inh) = (state.ex.map(f64::abs), state.inh.map(f64::abs));
        let rough = ROUGH * dot(dot(state.x.abs() + theta.abs(), &ex, &sizes), &inh, &sizes);
        theta - highest <= rough + UNITS * self.units.x
    }
}

#[cfg(test)]
mod tests {
    use super::{ROUGH, decayed, mean_decayed, risen};

    #[test]
    fn polynomials_are_as_good_as_they_say() {
        for k in 1..=14_000 {
            let z = f64::from(k) * 1e-4;
            let (exact, mean) = (f64::exp(-z), -f64::exp_m1(-z) / z);
            assert!((decayed(z) / exact - 1.0).abs() < ROUGH / 4.0, "{z}");
            assert!((mean_decayed(z) / mean - 1.0).abs() < ROUGH / 4.0, "{z}");
            let rise = if z < 0.01 { 0.5 + z / 6.0 + z * z / 24.0 } else { (z.exp_m1() - z) / (z * z) };
            assert!((risen(z) / rise - 1.0).abs() < ROUGH / 4.0, "{z}");
        }
    }
}

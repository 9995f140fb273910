//! Whether a neuron with exponential currents may fire in a window, at a glance: bounds far above rounding, in which no bit matters.
//!
//! With `d` from the beginning of the window, W its length, an arrival of current y at d has been added as if it had always been: y e^(bd) at
//! the beginning, and -P of what lies before it there, which is d e^(max(a, b) d) y at most. Taking `W e^((a - b) W) y e^(bd)`, or W
//! times that if b > a, for what it lifts V by makes up for both: it is at least d e^(max(a, b) d) y + (W - d) y.

use crate::decay::Passes;
use crate::dynamics::{State, Step};
use crate::elementary::exp;
use crate::exponential::{Kinetics, meaning};
use crate::lattice::Int;

/// Far more than a neuron moves by being looked at in one way or another, in units of X.
pub(crate) const UNITS: f64 = 128.0;

/// What is seen of neurons with one kinetics in a window.
#[derive(Clone, Copy, Debug)]
pub struct Glance {
    step: Step,
    /// e^(-a W).
    shrink: f64,
    /// What a current at the beginning of the pass lifts V by in the window, ms.
    lifts: f64,
    peaks: [f64; 2],
    inverse: [f64; 3],
}

impl Glance {
    /// At a window that begins at `from`, ms, of `width` ms, within a pass.
    #[inline(always)]
    pub fn of(kinetics: &Kinetics, (from, width): (f64, f64)) -> Self {
        let (dynamics, after) = (&kinetics.dynamics, from - kinetics.passes.start(from));
        let (a, b) = (dynamics.a, dynamics.ex.b);
        let lifts = exp(-b * after) * (width * exp((a - b).max(0.0) * width));
        Self {
            step: dynamics.step(after),
            shrink: exp(-a * width),
            lifts,
            peaks: [dynamics.ex.peak, dynamics.inh.peak],
            inverse: kinetics.inverse,
        }
    }

    /// Whether a neuron may come to `theta`, all excitation of the window having been added, and no inhibition.
    #[inline(always)]
    pub fn may_reach<I: Int>(&self, x: I, y: [I; 2], theta: f64) -> bool {
        let State { x, ex, inh } = meaning(&self.inverse, x, y);
        let v = self.step.potential(State { x, ex, inh });
        let highest = v.max(v * self.shrink) + ex * self.lifts;
        let magnitude = x.abs() + theta.abs() + ex * self.peaks[0] - inh * self.peaks[1];
        theta - highest <= 1e-12 * magnitude + UNITS * self.inverse[0]
    }
}

/// What is needed for a glance at a neuron with kinetics of its own, without an exponential: polynomials for decay within a pass.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rates {
    /// 1/tau_m, 1/tau_syn_ex and 1/tau_syn_in, 1/ms.
    a: f64,
    ex: f64,
    inh: f64,
    passes: Passes,
    inverse: [f64; 3],
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

impl Rates {
    /// Of these kinetics.
    pub fn of(kinetics: &Kinetics) -> Self {
        let Kinetics { dynamics, passes, inverse, .. } = *kinetics;
        Self { a: dynamics.a, ex: dynamics.ex.b, inh: dynamics.inh.b, passes, inverse }
    }

    /// As [`Glance::may_reach`], for a window as in [`Glance::of`].
    #[inline(always)]
    pub fn may_reach<I: Int>(&self, (from, width): (f64, f64), x: I, y: [I; 2], theta: f64) -> bool {
        let Self { a, ex: b_ex, inh: b_in, passes, inverse } = *self;
        let (after, State { x, ex, inh }) = (from - passes.start(from), meaning(&inverse, x, y));
        let (membrane, current) = (decayed(a * after), decayed(b_ex * after));
        let lifted = |b: f64, outer: f64| after * outer * mean_decayed((a - b).abs() * after);
        let ex_lifted = lifted(b_ex, if b_ex < a { current } else { membrane });
        let in_lifted = lifted(b_in, if b_in < a { decayed(b_in * after) } else { membrane });
        let v = x * membrane + ex * ex_lifted + inh * in_lifted;
        // e^z below its chord up to z = 1.4
        let to_come = width * current * (1.0 + 2.2 * ((a - b_ex) * width).max(0.0));
        let highest = v.max(v * decayed(a * width)) + ex * to_come;
        let rough = ROUGH * (x.abs() + theta.abs() + (ex - inh) * after + ex * to_come);
        theta - highest <= rough + UNITS * inverse[0]
    }
}

#[cfg(test)]
mod tests {
    use super::{ROUGH, decayed, mean_decayed};

    #[test]
    fn polynomials_are_as_good_as_they_say() {
        for k in 1..=14_000 {
            let z = f64::from(k) * 1e-4;
            let (exact, mean) = (f64::exp(-z), -f64::exp_m1(-z) / z);
            assert!((decayed(z) / exact - 1.0).abs() < ROUGH / 4.0, "{z}");
            assert!((mean_decayed(z) / mean - 1.0).abs() < ROUGH / 4.0, "{z}");
        }
    }
}

//! LIF with delta synapses as an integer that does not move between events.
//!
//! `u = (V - V_inf) * growth(t) * unit`, with growth of [`crate::decay`] and unit of [`Lattice`]. An arrival of weight w at t adds the
//! integer nearest to `w growth(t) unit`, in whatever order arrivals come; the threshold, scaled likewise, is what moves. A neuron fires
//!
//! * at an instant with arrivals, if with all of them u is at the scaled threshold of that instant ([`Lattice::level`]);
//! * between arrivals only if V_inf > V_th: where `log2(u / (V_th - V_inf))` octaves have passed ([`Lattice::meets`]).
//!
//! EXACT: u carries one rounding (half a unit) for each arrival and one (a unit, downwards) for each octave of decay. The level is lowered
//! by what those of one instant can add up to, so that a sum that touches threshold in real numbers fires, and one that fails the
//! test puts a crossing strictly later.

use crate::decay::{Decay, Passes};
use crate::elementary::power_of_two_within;
use crate::lattice::Int;

/// Units per potential.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lattice {
    /// Units per mV: a power of two.
    pub unit: f64,
}

/// Bits that resolve the smallest scale of a population whose potentials jump.
pub const BITS: i32 = 50;
/// So many bits more for neurons driven barely above threshold.
const FINER: i32 = 40;
/// A drive above threshold by fewer units than this counts as none.
const LEAST_DRIVE: f64 = 1024.0;
/// A neuron that is driven above threshold by less than this part of its scale, per ms of tau_m, needs the finer lattice: its crossing
/// is good to 2 units tau_m / |V_inf - V_th|. For [`BITS`]; twice as much for each bit less.
const BARELY: f64 = 4e-5;

/// What a population's potentials are like.
#[derive(Clone, Copy, Debug)]
pub struct Extent {
    /// Smallest and largest over its neurons of max(|V_th|, |V_reset|, |V_init|), relative to V_inf, mV.
    pub scales: (f64, f64),
    /// Smallest (V_inf - V_th) / (scale tau_m) of neurons driven above threshold, 1/ms; infinite if there is none.
    pub drive: f64,
    /// That resolve the smallest scale.
    pub bits: i32,
}

impl Extent {
    fn needs_finer(&self) -> bool {
        self.drive < BARELY * power_of_two(BITS - self.bits)
    }

    /// Octaves that a membrane may decay by in a pass: a long one, where potentials are of like size.
    pub fn octaves(&self) -> f64 {
        if self.scales.1 <= 8.0 * self.scales.0 { 4.0 } else { 1.0 }
    }

    /// Whether 64 bits hold the potentials.
    pub fn is_narrow(&self) -> bool {
        !self.needs_finer() && self.scales.1 <= 64.0 * self.scales.0
    }
}

impl Lattice {
    /// For potentials of this extent, mV.
    pub fn of(extent: &Extent) -> Self {
        let finer = if extent.needs_finer() { FINER } else { 0 };
        let scale = extent.scales.0.clamp(1e-200, 1e200);
        Self { unit: power_of_two(extent.bits + finer - 1) / power_of_two_within(scale) }
    }

    /// The integer of a potential, relative to V_inf, mV.
    #[inline(always)]
    pub fn scaled<I: Int>(&self, potential: f64, growth: f64) -> I {
        I::round(potential * (growth * self.unit))
    }

    /// V - V_inf, mV.
    pub fn potential<I: Int>(&self, u: I, growth: f64) -> f64 {
        u.to_f64() / (growth * self.unit)
    }

    /// Whether V_inf is above threshold; `theta` is V_th - V_inf, mV.
    #[inline(always)]
    pub fn is_driven(&self, theta: f64) -> bool {
        theta * self.unit < -LEAST_DRIVE
    }

    /// The scaled threshold, lowered by what the roundings of an instant with this many arrivals can add up to. `factor` is growth * unit.
    #[inline(always)]
    pub fn level<I: Int>(theta: f64, factor: f64, arrivals: usize) -> I {
        let level = theta * factor;
        I::round((level - level.abs() * (0.5 * f64::EPSILON * 4.0) - (arrivals as f64 + 4.0)).floor())
    }

    /// What u is certainly below if it does not reach this scaled threshold, in units.
    #[inline(always)]
    pub fn below(level: f64) -> f64 {
        level - level.abs() * 1e-12 - 1e4
    }

    /// Where a neuron that is driven above threshold meets it, ms after the start of the pass in which u stands; may be negative. `rate` is in
    /// octaves per ms.
    pub fn meets<I: Int>(&self, u: I, theta: f64, fraction: f64, rate: f64) -> f64 {
        let ratio = u.to_f64() / (theta * self.unit);
        if ratio < f64::MIN_POSITIVE {
            // at V_inf or above it
            return f64::NEG_INFINITY;
        }
        (log2(ratio) - fraction) / rate
    }

    /// First time, ms, at which a neuron that is driven above threshold reaches it, if nothing more arrives: in the first pass in which u,
    /// taken down to it, meets threshold before the pass ends. u stands in the pass that starts at `start`; not before `since`.
    pub fn crossing<I: Int>(&self, u: I, theta: f64, decay: &Decay, (passes, start): (Passes, f64), since: f64) -> f64 {
        let here = decay.phase(passes, start);
        // being taken down moves u away from threshold, so no earlier pass has the crossing
        let sure = start + self.meets(u, theta, here.fraction, decay.rate) - 1e-6 * passes.length;
        let mut pass = passes.start(sure.max(since)).max(start);
        loop {
            let phase = decay.phase(passes, pass);
            let then = u.halved(phase.since(here));
            let time = (pass + self.meets(then, theta, phase.fraction, decay.rate)).max(pass).max(since);
            let next = pass + passes.length;
            if time < next || next == pass {
                return time;
            }
            pass = next;
        }
    }
}

fn power_of_two(exponent: i32) -> f64 {
    f64::from_bits(((1023 + exponent) as u64) << 52)
}

fn log2(x: f64) -> f64 {
    crate::elementary::ln(x) * std::f64::consts::LOG2_E
}

//! How much a membrane has decayed since time 0, counted in octaves (halvings), and exactly so.
//!
//! A potential that is *scaled* by all the decay since time 0, `u = (V - V_inf) 2^(t rate)`, does not move between events, and an
//! arrival at t adds `w 2^(t rate)`. So that u stays in bounds, time is divided into *passes*, `[j P, (j + 1) P)` with P a power of two,
//! and u is taken down by whole octaves from pass to pass:
//!
//! ```text
//! octaves at j P   = j * (rate P)                     exact, in integers = whole(j) + fraction(j)
//! growth at t      = 2^(fraction(j) + (t - j P) rate)    1 or more
//! from pass i to j : u >> whole(j) - whole(i)          floor
//! ```
//!
//! Because floors compose, it does not matter when, how often, or whether at all a neuron at rest is rescaled. See ADR 0013.

use crate::elementary::{exp2, power_of_two_within};

/// The passes of all neurons of a population.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Passes {
    /// Length, ms: a power of two.
    pub length: f64,
    inverse: f64,
}

impl Passes {
    /// The longest in which a membrane with this time constant, ms, decays by so many octaves at most, 1 to 4.
    pub fn within(tau_m: f64, octaves: f64) -> Self {
        let length = power_of_two_within(octaves / rate(tau_m));
        Self { length, inverse: 1.0 / length }
    }

    /// Start of the pass of `time`, ms. Exact: both products are with powers of two.
    #[inline(always)]
    pub fn start(&self, time: f64) -> f64 {
        (time * self.inverse).floor() * self.length
    }

    /// Number of the pass that starts at `start`.
    #[inline(always)]
    pub fn number(&self, start: f64) -> u128 {
        (start * self.inverse) as u128
    }
}

/// Octaves per ms: the only rounded form of tau_m, which everything else comes from.
fn rate(tau_m: f64) -> f64 {
    std::f64::consts::LOG2_E / tau_m
}

/// How one membrane decays.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decay {
    /// Octaves per ms.
    pub rate: f64,
    /// Octaves per pass are `step / 2^bits`, exactly.
    step: u64,
    bits: u32,
}

/// Decay since time 0 at the start of a pass.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Phase {
    /// Whole octaves.
    pub whole: u128,
    /// The rest, in [0, 1).
    pub fraction: f64,
}

impl Decay {
    /// Of a membrane with this time constant, ms, that decays by four octaves in a pass at most.
    pub fn new(tau_m: f64, passes: Passes) -> Self {
        let rate = rate(tau_m);
        let bits = (rate * passes.length).to_bits();
        // a normal number in (0, 4]: mantissa and exponent
        let (mantissa, exponent) = (bits & ((1 << 52) - 1) | 1 << 52, (bits >> 52) as u32);
        Self { rate, step: mantissa, bits: 1075 - exponent }
    }

    /// At the start of a pass.
    #[inline]
    pub fn phase(&self, passes: Passes, start: f64) -> Phase {
        self.phase_of(passes.number(start))
    }

    /// At the start of the pass of this number.
    #[inline(always)]
    pub fn phase_of(&self, pass: u128) -> Phase {
        // at most 2^74 passes of 2^53
        let octaves = pass * u128::from(self.step);
        let whole = octaves.checked_shr(self.bits).unwrap_or(0);
        let rest = octaves - whole.checked_shl(self.bits).unwrap_or(0);
        // 53 bits of it; there are fewer where a pass is an octave or more
        let fraction = (rest << 53u32.saturating_sub(self.bits)).checked_shr(self.bits.saturating_sub(53)).unwrap_or(0);
        Phase { whole, fraction: fraction as u64 as f64 * (1.0 / (1u64 << 53) as f64) }
    }

    /// 2^(octaves since the last whole one before the pass) at `after` ms into a pass with this `fraction`.
    #[inline(always)]
    pub fn growth(&self, fraction: f64, after: f64) -> f64 {
        exp2(fraction + after * self.rate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dashu_float::{FBig, round::mode::HalfEven};
    use proptest::prelude::*;

    type Big = FBig<HalfEven, 2>;

    fn big(x: f64) -> Big {
        Big::try_from(x).unwrap().with_precision(300).value()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn octaves_are_counted_exactly(shortest in -9.0..6.0f64, ratio in 0.0..15.0f64, octaves in prop_oneof![Just(1.0), Just(4.0)], time in prop_oneof![0.0..100.0f64, 0.0..1e9f64, 0.0..1e12f64]) {
            let (shortest, tau_m) = (f64::powf(10.0, shortest), f64::powf(10.0, shortest + ratio));
            let passes = Passes::within(shortest, octaves);
            let most = octaves * shortest * std::f64::consts::LN_2;
            prop_assert!(passes.length <= most && 2.0 * passes.length > most);
            let (decay, start) = (Decay::new(tau_m, passes), passes.start(time));
            prop_assert!(start <= time && (time < start + passes.length || time - start == 0.0));
            let phase = decay.phase(passes, start);
            prop_assert!((0.0..1.0).contains(&phase.fraction));
            let exact = big(start) * big(decay.rate);
            let counted = Big::from(phase.whole).with_precision(300).value() + big(phase.fraction);
            let off = (exact - counted).to_f64().value();
            prop_assert!((0.0..=f64::EPSILON / 2.0).contains(&off), "{off}");
        }
    }
}

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

impl Phase {
    /// Whole octaves since an earlier phase.
    #[inline(always)]
    pub fn since(&self, earlier: Self) -> u64 {
        u64::try_from(self.whole - earlier.whole).unwrap_or(u64::MAX)
    }
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

    /// What is beyond whole octaves at the start of the pass of this number, in 2^-128.
    fn rest(&self, pass: u128) -> u128 {
        let octaves = pass * u128::from(self.step);
        let rest = octaves - octaves.checked_shr(self.bits).unwrap_or(0).checked_shl(self.bits).unwrap_or(0);
        match self.bits {
            bits if bits <= 128 => rest << (128 - bits),
            bits => rest.checked_shr(bits - 128).unwrap_or(0),
        }
    }

    /// 2^(octaves since the last whole one before the pass) at `after` ms into a pass with this `fraction`.
    #[inline(always)]
    pub fn growth(&self, fraction: f64, after: f64) -> f64 {
        exp2(fraction + after * self.rate)
    }
}

/// Phases of many membranes from pass to pass: additions of fixed point, with 128 bits after the point, do what a product does for one.
#[derive(Clone, Debug)]
pub struct Phases {
    decays: Vec<Decay>,
    /// Octaves in a pass: whole ones, and the rest in two words.
    steps: Vec<u8>,
    steps_high: Vec<u64>,
    steps_low: Vec<u64>,
    /// The rest of a whole octave, in two words.
    high: Vec<u64>,
    low: Vec<u64>,
    /// Words that hold every step, if there are enough.
    words: Words,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Words {
    /// The high ones: of the time constants of most populations, within a factor of some thousand.
    One,
    Two,
    TooFew,
}

impl Phases {
    /// At time 0.
    pub fn new(decays: Vec<Decay>) -> Self {
        let step = |of: &dyn Fn(&Decay) -> u64| decays.iter().map(of).collect();
        let words = match decays.iter().map(|decay| decay.bits).max() {
            Some(129..) => Words::TooFew,
            Some(65..) => Words::Two,
            _ => Words::One,
        };
        // a step is the rest after one pass, but for its whole octaves
        Self {
            steps: decays.iter().map(|decay| decay.phase_of(1).whole as u8).collect(),
            steps_high: step(&|decay| (decay.rest(1) >> 64) as u64),
            steps_low: step(&|decay| decay.rest(1) as u64),
            high: vec![0; decays.len()],
            low: vec![0; decays.len()],
            words,
            decays,
        }
    }

    /// How each membrane decays.
    pub fn decays(&self) -> &[Decay] {
        &self.decays
    }

    /// How membrane `n` decays.
    pub fn decay(&self, n: usize) -> Decay {
        self.decays[n]
    }

    /// Takes membranes `first ..` from one pass to another: gives the whole octaves that go by, and the fractions that are left.
    #[inline(always)]
    pub fn go_to(&mut self, (from, to): (u128, u128), first: usize, octaves: &mut [u64], fractions: &mut [f64]) {
        let here = first..first + octaves.len();
        if to == from + 1 && self.words == Words::One {
            let steps = self.steps[here.clone()].iter().zip(&self.steps_high[here.clone()]);
            let all = steps.zip(&mut self.high[here]).zip(octaves.iter_mut().zip(fractions));
            for (((step, step_high), high), (octaves, fraction)) in all {
                let sum = high.wrapping_add(*step_high);
                *octaves = u64::from(*step) + u64::from(sum < *high);
                *high = sum;
                *fraction = (sum >> 11) as f64 * (1.0 / (1u64 << 53) as f64);
            }
            return;
        }
        let rests = self.high[here.clone()].iter_mut().zip(&mut self.low[here.clone()]);
        if to != from + 1 || self.words == Words::TooFew {
            let all = self.decays[here].iter().zip(rests).zip(octaves.iter_mut().zip(fractions));
            for ((decay, (high, low)), (octaves, fraction)) in all {
                let (phase, rest) = (decay.phase_of(to), decay.rest(to));
                (*octaves, *fraction) = (phase.since(decay.phase_of(from)), phase.fraction);
                (*high, *low) = ((rest >> 64) as u64, rest as u64);
            }
            return;
        }
        let steps = self.steps[here.clone()].iter().zip(&self.steps_high[here.clone()]).zip(&self.steps_low[here]);
        let all = steps.zip(rests).zip(octaves.iter_mut().zip(fractions));
        for ((((step, step_high), step_low), (high, low)), (octaves, fraction)) in all {
            let sum_low = low.wrapping_add(*step_low);
            let carried = u64::from(sum_low < *low);
            let sum = high.wrapping_add(*step_high);
            let over = u64::from(sum < *high);
            let sum_high = sum.wrapping_add(carried);
            *octaves = u64::from(*step) + over + u64::from(sum_high < carried);
            (*high, *low) = (sum_high, sum_low);
            *fraction = (sum_high >> 11) as f64 * (1.0 / (1u64 << 53) as f64);
        }
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

        #[test]
        fn steps_from_pass_to_pass_add_up(shortest in -9.0..6.0f64, ratios in prop_oneof![prop::collection::vec(0.0..30.0f64, 1..20), prop::collection::vec(0.0..3.0f64, 1..20), prop::collection::vec(2.5..4.0f64, 1..3)], from in 0..1u64 << 50, passes in prop::collection::vec(1..4u64, 1..30)) {
            let kind = Passes::within(f64::powf(10.0, shortest), 4.0);
            let decays: Vec<Decay> = ratios.iter().map(|ratio| Decay::new(f64::powf(10.0, shortest + ratio), kind)).collect();
            let mut phases = Phases::new(decays.clone());
            let (mut octaves, mut fractions) = (vec![0; decays.len()], vec![0.0; decays.len()]);
            let mut at = u128::from(from);
            phases.go_to((0, at), 0, &mut octaves, &mut fractions);
            for step in passes {
                let next = at + u128::from(step);
                phases.go_to((at, next), 0, &mut octaves, &mut fractions);
                for (n, decay) in decays.iter().enumerate() {
                    let (before, then) = (decay.phase_of(at), decay.phase_of(next));
                    prop_assert_eq!((octaves[n], fractions[n]), (then.since(before), then.fraction));
                }
                at = next;
            }
        }
    }
}

//! Potentials as integers: sums that have no order.
//!
//! A potential V is kept as the integer nearest to `V * unit`, `unit` a power of two. The meaning is "an integer of any size"; i64 and
//! i128 are two storages of it, and where both hold a number they hold the same one, so the width never shows in a result.

use std::fmt::Debug;

/// Storage of a scaled potential.
pub trait Int: Copy + Default + Ord + Debug + Send + Sync + Into<i128> + TryFrom<i128> {
    /// Far below every potential: what a neuron that hears nothing holds, so that no bound takes it for one near threshold.
    const DEAF: Self;
    /// Size that a potential may come to: what is added to [`Int::DEAF`] within it neither wraps nor reaches any threshold.
    const LIMIT: f64;

    /// The integer nearest to `x`, ties to even.
    fn round(x: f64) -> Self;
    /// The same of many.
    fn round_all<const N: usize>(x: [f64; N]) -> [Self; N];
    /// Nearest f64.
    fn to_f64(self) -> f64;
    /// Sum. What wraps in between does not matter as long as the last sum fits.
    fn plus(self, other: Self) -> Self;
    /// Difference.
    fn minus(self, other: Self) -> Self;
    /// Floor of self / 2^octaves. Floors compose, `(u >> a) >> b = u >> (a + b)`, so a rescale may be late, early or in parts.
    fn halved(self, octaves: u64) -> Self;
}

/// Adding 1.5 * 2^52 rounds to an integer and leaves it in the low mantissa bits.
const ROUND: f64 = 6755399441055744.0;
const TWO_32: f64 = 4294967296.0;

/// All but the rounding, which each width has its own way of.
macro_rules! storage {
    ($int:ty, $round:path, $round_all:path) => {
        impl Int for $int {
            const DEAF: Self = <$int>::MIN / 2;
            const LIMIT: f64 = -(<$int>::MIN as f64) / 8.0;

            #[inline(always)]
            fn round(x: f64) -> Self {
                $round(x)
            }

            #[inline(always)]
            fn round_all<const N: usize>(x: [f64; N]) -> [Self; N] {
                $round_all(x)
            }

            #[inline(always)]
            fn to_f64(self) -> f64 {
                self as f64
            }

            #[inline(always)]
            fn plus(self, other: Self) -> Self {
                self.wrapping_add(other)
            }

            #[inline(always)]
            fn minus(self, other: Self) -> Self {
                self.wrapping_sub(other)
            }

            #[inline(always)]
            fn halved(self, octaves: u64) -> Self {
                self >> octaves.min(u64::from(<$int>::BITS - 1)) as u32
            }
        }
    };
}

storage!(i64, narrow_round, narrow_round_all);
storage!(i128, wide_round, wide_round_all);

/// In two halves, each rounded by an addition: vector instructions of every width have that, few have a conversion. |x| < 2^63.
#[inline(always)]
fn narrow_round(x: f64) -> i64 {
    let high = (x * (1.0 / TWO_32) + ROUND) - ROUND;
    let low = (x - high * TWO_32) + ROUND;
    let high = (high + ROUND).to_bits().wrapping_sub(ROUND.to_bits());
    (high << 32).wrapping_add(low.to_bits().wrapping_sub(ROUND.to_bits())) as i64
}

/// What most arrivals add is below 2^51, and then one addition is enough.
#[inline(always)]
fn narrow_round_all<const N: usize>(x: [f64; N]) -> [i64; N] {
    let mut rounded = [0; N];
    if x.iter().fold(false, |far, x| far | (x.abs() >= ROUND / 3.0)) {
        for (rounded, x) in rounded.iter_mut().zip(x) {
            *rounded = narrow_round(x);
        }
        return rounded;
    }
    for (rounded, x) in rounded.iter_mut().zip(x) {
        *rounded = (x + ROUND).to_bits().wrapping_sub(ROUND.to_bits()) as i64;
    }
    rounded
}

#[inline(always)]
fn wide_round(x: f64) -> i128 {
    x.round_ties_even() as i128
}

#[inline(always)]
fn wide_round_all<const N: usize>(x: [f64; N]) -> [i128; N] {
    x.map(wide_round)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn both_widths_round_alike(x in prop_oneof![-8.0..8.0f64, -1e9..1e9f64, -9e18..9e18f64, (0..1u64 << 53).prop_map(|k| k as f64 / 2.0)]) {
            prop_assert_eq!(i128::from(<i64 as Int>::round(x)), <i128 as Int>::round(x));
            let (small, near) = (x * f64::EPSILON, 2251799813685248.0f64.copysign(x) + x.fract());
            for line in [[x; 4], [small; 4], [near, 0.5, 1.5, small], [near.next_down(), 2.5, small, -0.5], [x, near, 1.0, small]] {
                prop_assert_eq!(<i64 as Int>::round_all(line).map(i128::from), line.map(<i128 as Int>::round));
            }
        }

        #[test]
        fn a_rescale_in_parts_is_one_rescale(u: i64, a in 0..80u64, b in 0..80u64) {
            prop_assert_eq!(u.halved(a).halved(b), u.halved(a + b));
            prop_assert_eq!(i128::from(u).halved(a), u.halved(a).into());
        }
    }
}

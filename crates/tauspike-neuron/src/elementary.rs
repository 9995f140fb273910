//! exp, exp2, expm1 and ln, in plain f64 additions, multiplications and (for ln) one division.
//!
//! The same operations in the same order on every machine, with no fused multiply-add and no table, so a loop over them compiles
//! to SSE2, AVX2 or AVX-512 with the same bits (ADR 0007). Errors, measured against 40-digit arithmetic in the tests of this
//! file: [`exp`], [`exp2`] and [`expm1`] below 1.5 ulp, [`ln`] below 1.5 ulp on (0, 1].
//!
//! Not a general libm: the domains below are those the simulator needs.

const LOG2_E: f64 = std::f64::consts::LOG2_E;
/// ln 2 cut to 32 bits, so that `k * LN2_HIGH` is exact; the rest is `LN2_LOW`.
const LN2_HIGH: f64 = 0.6931471803691238;
const LN2_LOW: f64 = 1.9082149292705877e-10;
/// Adding 1.5 * 2^52 rounds to an integer and leaves it in the low mantissa bits.
const ROUND: f64 = 6755399441055744.0;
/// Below this, `exp` is 0: the result would be under 1e-307, and k must not reach the denormal exponents.
const UNDERFLOW: f64 = -707.0;

/// (k, exp(r) - 1) with x = k ln 2 + r, |r| <= ln(2)/2; k comes as the bits of `k + ROUND`.
#[inline(always)]
fn reduce(x: f64) -> (u64, f64) {
    let shifted = x * LOG2_E + ROUND;
    let k = shifted - ROUND;
    (shifted.to_bits(), small((x - k * LN2_HIGH) - k * LN2_LOW))
}

/// e^r - 1 for |r| <= ln(2)/2.
#[inline(always)]
fn small(r: f64) -> f64 {
    // (exp(r) - 1 - r) / r^2, Chebyshev fit on |r| <= 0.3467, relative error of exp below 1.3e-17; Estrin's scheme
    let r2 = r * r;
    let r4 = r2 * r2;
    let a = 0.5000000000000001 + r * 0.16666666666666669;
    let b = 0.04166666666662399 + r * 0.008333333333330051;
    let c = 0.0013888888917281794 + r * 0.00019841269863105968;
    let d = 2.480152119021773e-05 + r * 2.7557268378684192e-06;
    let e = 2.7620138719733994e-07 + r * 2.5100424157005067e-08;
    let q = (a + r2 * b) + r4 * ((c + r2 * d) + r4 * e);
    r + r2 * q
}

/// e^x for x <= 709; exactly 0 below -707 and exactly 1 at 0.
#[inline(always)]
pub fn exp(x: f64) -> f64 {
    let (k, m) = reduce(x.max(UNDERFLOW));
    let y = f64::from_bits((1.0 + m).to_bits().wrapping_add(k << 52));
    if x < UNDERFLOW { 0.0 } else { y }
}

/// 2^x for |x| <= 1020.
#[inline(always)]
pub fn exp2(x: f64) -> f64 {
    let shifted = x + ROUND;
    // |x - k| <= 1/2, exactly
    let r = (x - (shifted - ROUND)) * std::f64::consts::LN_2;
    let y = 1.0 + small(r);
    f64::from_bits(y.to_bits().wrapping_add(shifted.to_bits() << 52))
}

/// The largest power of two that is at most `x`, which is normal and positive, or infinite.
#[inline(always)]
pub fn power_of_two_within(x: f64) -> f64 {
    f64::from_bits(x.to_bits() & !((1 << 52) - 1))
}

/// e^x - 1 for x <= 0, accurate also where x is tiny; exactly -1 below -707.
#[inline(always)]
pub fn expm1(x: f64) -> f64 {
    let (k, m) = reduce(x.max(UNDERFLOW));
    let scale = f64::from_bits(1.0f64.to_bits().wrapping_add(k << 52));
    let y = scale * m + (scale - 1.0);
    if x < UNDERFLOW { -1.0 } else { y }
}

/// ln x for normal x > 0.
#[inline(always)]
pub fn ln(x: f64) -> f64 {
    let (k, m) = split(x);
    let f = m - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    // (2 atanh(s) / s - 2) / s^2 in z = s^2, Chebyshev fit on |s| <= 0.1717, relative error below 3.1e-20
    let z2 = z * z;
    let a = 0.6666666666666666 + z * 0.40000000000000885;
    let b = 0.28571428570799784 + z * 0.22222222392581045;
    let c = 0.18181795547521137 + z * 0.15386244737621665;
    let d = 0.13268638369266825 + z * 0.13088034850927555;
    let p = (a + z2 * b) + z2 * z2 * (c + z2 * d);
    // 2s = f - s f exactly in real numbers: f carries no error, so only the small correction is rounded
    k * LN2_HIGH + (f - (s * (f - z * p) - k * LN2_LOW))
}

/// log2 x or up to 6e-6 less, for normal x > 0: a bound that costs no division.
#[inline(always)]
pub fn log2_below(x: f64) -> f64 {
    let (k, m) = split(x);
    let f = m - 1.0;
    // log2(1 + f) / f, least greatest error of the product: 2.2e-6
    let a = 1.4427134813688136 - f * 0.7211318577646548;
    let b = 0.4793480211301178 - f * 0.36748999401872834;
    let c = 0.32215477513856854 - f * 0.20659163817516107;
    let f2 = f * f;
    (k - 3e-6) + f * ((a + f2 * b) + f2 * f2 * c)
}

/// k and m of x = 2^k m, m in [sqrt(1/2), sqrt(2)), for normal x > 0.
#[inline(always)]
fn split(x: f64) -> (f64, f64) {
    const SQRT_HALF: u64 = 0x3FE6_A09E_667F_3BCD;
    const EXPONENT: u64 = 0xFFF0_0000_0000_0000;
    let shifted = x.to_bits().wrapping_sub(SQRT_HALF);
    let m = f64::from_bits((shifted & !EXPONENT).wrapping_add(SQRT_HALF));
    // the exponent as an exact small integer, signed
    let k = f64::from_bits(ROUND.to_bits().wrapping_add(((shifted as i64) >> 52) as u64)) - ROUND;
    (k, m)
}

#[cfg(test)]
mod tests {
    use super::*;
    use dashu_float::{DBig, FBig, round::mode::HalfEven};
    use proptest::prelude::*;

    type Big = FBig<HalfEven, 2>;

    fn big(x: f64) -> Big {
        Big::try_from(x).unwrap().with_precision(160).value()
    }

    fn ulps(got: f64, exact: &Big) -> f64 {
        let near = exact.to_f64().value();
        let ulp = f64::from_bits(near.abs().to_bits() + 1) - near.abs();
        ((big(got) - exact).to_f64().value() / ulp).abs()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn exp_is_within_1_5_ulp(x in prop_oneof![-706.0..0.0f64, -1.0..0.0f64, -1e-3..1e-3f64, 0.0..700.0f64]) {
            prop_assert!(ulps(exp(x), &big(x).exp()) < 1.5, "{x}: {}", exp(x));
        }

        #[test]
        fn exp2_is_within_1_5_ulp(x in prop_oneof![0.0..2.0f64, -1000.0..1000.0f64, -1e-3..1e-3f64]) {
            let exact = (big(x) * big(2.0).ln()).exp();
            prop_assert!(ulps(exp2(x), &exact) < 1.5, "{x}: {}", exp2(x));
        }

        #[test]
        fn expm1_is_within_1_5_ulp(x in prop_oneof![-700.0..0.0f64, -2.0..0.0f64, (-300.0..-1.0f64).prop_map(|e| -f64::powf(10.0, e))]) {
            prop_assert!(ulps(expm1(x), &big(x).exp_m1()) < 1.5, "{x}: {}", expm1(x));
        }

        #[test]
        fn ln_is_within_1_5_ulp(x in prop_oneof![1e-300..1.0f64, 0.5..1.0f64, 0.0..1e-9f64, 0.9999..1.0f64]) {
            prop_assume!(x >= f64::MIN_POSITIVE);
            prop_assert!(ulps(ln(x), &big(x).ln()) < 1.5, "{x}: {}", ln(x));
        }
    }

    #[test]
    fn the_ends_of_the_domain_are_exact() {
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(exp(-0.0), 1.0);
        assert_eq!(exp(-1e4), 0.0);
        assert_eq!(exp(f64::NEG_INFINITY), 0.0);
        assert_eq!(expm1(0.0), 0.0);
        assert_eq!(expm1(-1e4), -1.0);
        assert_eq!(ln(1.0), 0.0);
        assert!(DBig::from(1) > DBig::from(0));
    }

    #[test]
    fn the_cheap_logarithm_is_a_bound_from_below() {
        // over both ends of the reduced range, and octaves far apart
        for k in 0..400_000 {
            let m = 0.5 + 1.75 * f64::from(k) / 400_000.0;
            for x in [m, m * 1e-300, m * 1e300, m * 1e18] {
                let below = libm::log2(x) - log2_below(x);
                assert!((0.0..6e-6).contains(&below), "{x}: {below}");
            }
        }
    }
}

//! Continuous random variates from a [`Stream`], through `libm` alone, so that they are the same bits on every machine.
//!
//! It is *not* `rand_distr`: that crate takes `ln` and `exp` from `num-traits`, and cargo's feature unification switches
//! `num-traits` to the platform's libm as soon as any dependency (here `sprs` through `ndarray`) asks for `std`.

use rand::TryRng;
use tauspike_spike::Stream;
use tauspike_spike::draw::unit_open_zero;

/// The next 64 bits.
#[inline(always)]
pub(crate) fn word(stream: &mut Stream) -> u64 {
    let Ok(word) = stream.try_next_u64();
    word
}

/// Uniform on (0, 1].
#[inline(always)]
pub(crate) fn unit(stream: &mut Stream) -> f64 {
    unit_open_zero(word(stream))
}

/// Standard normal, by inversion: one word each.
#[inline]
pub(crate) fn normal(stream: &mut Stream) -> f64 {
    // The middle of one of 2^52 equal cells: never 0 or 1, and symmetric about 1/2.
    normal_quantile(((word(stream) >> 12) as f64 + 0.5) * (1.0 / (1u64 << 52) as f64))
}

/// Gamma with this shape and scale 1: Marsaglia and Tsang, "A simple method for generating gamma variables", ACM TOMS 26
/// (2000); below shape 1 by their power-of-a-uniform boost.
pub(crate) fn gamma(stream: &mut Stream, shape: f64) -> f64 {
    if shape < 1.0 {
        let boost = libm::pow(unit(stream), 1.0 / shape);
        return gamma(stream, shape + 1.0) * boost;
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let x = normal(stream);
        let root = 1.0 + c * x;
        if root <= 0.0 {
            continue;
        }
        let v = root * root * root;
        if libm::log(unit(stream)) < 0.5 * x * x + d - d * v + d * libm::log(v) {
            return d * v;
        }
    }
}

/// Beta on [0, 1] with these shapes: G / (G + H) of two gammas, by their logarithms, because those of small shapes underflow.
pub(crate) fn beta(stream: &mut Stream, left: f64, right: f64) -> f64 {
    let mut log_gamma = |shape: f64| {
        let boost = if shape < 1.0 { libm::log(unit(stream)) / shape } else { 0.0 };
        libm::log(gamma(stream, if shape < 1.0 { shape + 1.0 } else { shape })) + boost
    };
    let (g, h) = (log_gamma(left), log_gamma(right));
    1.0 / (1.0 + libm::exp(h - g))
}

/// Inverse Gaussian with mean 1 and variance `variance`: Michael, Schucany and Haas, The American Statistician 30 (1976).
pub(crate) fn inverse_gaussian(stream: &mut Stream, variance: f64) -> f64 {
    let x = normal(stream);
    let w = variance * x * x;
    // EXACT: the roots of the quadratic multiply to 1; the smaller one is taken as a reciprocal because
    // 1 + w/2 - sqrt(w + w^2/4) cancels for large w.
    let small = 1.0 / (1.0 + 0.5 * w + (w + 0.25 * w * w).sqrt());
    if unit(stream) * (1.0 + small) <= 1.0 { small } else { 1.0 / small }
}

/// The x with P(standard normal <= x) = `p`, 0 < p < 1: algorithm AS 241 (PPND16) of Wichura, Applied Statistics 37 (1988),
/// relative accuracy about 1e-16.
#[inline]
fn normal_quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180625 - q * q;
        return q * polynomial(&A, r) / polynomial(&B, r);
    }
    let r = (-libm::log(if q < 0.0 { p } else { 1.0 - p })).sqrt();
    let x = if r <= 5.0 {
        polynomial(&C, r - 1.6) / polynomial(&D, r - 1.6)
    } else {
        polynomial(&E, r - 5.0) / polynomial(&F, r - 5.0)
    };
    if q < 0.0 { -x } else { x }
}

#[inline(always)]
fn polynomial(coefficients: &[f64; 8], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

const A: [f64; 8] = [
    3.387_132_872_796_366_5,
    1.331_416_678_917_843_8e2,
    1.971_590_950_306_551_3e3,
    1.373_169_376_550_946e4,
    4.592_195_393_154_987e4,
    6.726_577_092_700_87e4,
    3.343_057_558_358_813e4,
    2.509_080_928_730_122_7e3,
];
const B: [f64; 8] = [
    1.0,
    4.231_333_070_160_091e1,
    6.871_870_074_920_579e2,
    5.394_196_021_424_751e3,
    2.121_379_430_158_66e4,
    3.930_789_580_009_271e4,
    2.872_908_573_572_194_3e4,
    5.226_495_278_852_854e3,
];
const C: [f64; 8] = [
    1.423_437_110_749_683_5,
    4.630_337_846_156_546,
    5.769_497_221_460_691,
    3.647_848_324_763_204_5,
    1.270_458_252_452_368_4,
    2.417_807_251_774_506e-1,
    2.272_384_498_926_918_4e-2,
    7.745_450_142_783_414e-4,
];
const D: [f64; 8] = [
    1.0,
    2.053_191_626_637_759,
    1.676_384_830_183_803_8,
    6.897_673_349_851e-1,
    1.481_039_764_274_800_8e-1,
    1.519_866_656_361_645_7e-2,
    5.475_938_084_995_345e-4,
    1.050_750_071_644_416_9e-9,
];
const E: [f64; 8] = [
    6.657_904_643_501_103,
    5.463_784_911_164_114,
    1.784_826_539_917_291_3,
    2.965_605_718_285_048_7e-1,
    2.653_218_952_657_612_4e-2,
    1.242_660_947_388_078_4e-3,
    2.711_555_568_743_487_6e-5,
    2.010_334_399_292_288_1e-7,
];
const F: [f64; 8] = [
    1.0,
    5.998_322_065_558_88e-1,
    1.369_298_809_227_358e-1,
    1.487_536_129_085_061_5e-2,
    7.868_691_311_456_133e-4,
    1.846_318_317_510_054_8e-5,
    1.421_511_758_316_446e-7,
    2.044_263_103_389_939_8e-15,
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Against `erfc`, which shares nothing with the rational approximations; a wrong digit of any coefficient shows.
    #[test]
    fn normal_quantile_inverts_the_normal_distribution_function() {
        for k in 1..=4000 {
            for p in [f64::from(k) / 8000.0, libm::exp(-f64::from(k) / 110.0)] {
                let back = 0.5 * libm::erfc(-normal_quantile(p) / std::f64::consts::SQRT_2);
                assert!((back / p - 1.0).abs() < 5e-14, "p {p:e}: {back:e}");
            }
        }
        assert_eq!(normal_quantile(0.75), -normal_quantile(0.25));
    }
}

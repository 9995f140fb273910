use super::*;
use crate::{Grid, Key, Stimulus};
use proptest::prelude::*;

fn ramp() -> Samples {
    let line = |scale: f64| (0..10).map(|k| scale * f64::from(k)).collect();
    Samples::new(0.1, vec![line(1.0), line(-2.0)]).unwrap()
}

#[test]
fn a_positive_shift_predicts_and_a_negative_one_recalls() {
    let signal = ramp();
    let future = Target::nostradamus(0.3);
    assert_eq!(future.rows(&signal).unwrap(), 0..7);
    assert_eq!(future.values(&signal, 0..3).unwrap(), [3.0, 4.0, 5.0]);
    let past = Target::tayloramus(2, -0.3);
    assert_eq!(past.rows(&signal).unwrap(), 3..10);
    assert_eq!(past.values(&signal, 3..6).unwrap(), [0.0, 1.0, 4.0]);
    assert_eq!(Target::taylor(3).values(&signal, 0..3).unwrap(), [0.0, 1.0, 8.0]);
}

#[test]
fn a_cross_taylor_target_multiplies_dimensions() {
    let signal = ramp();
    assert_eq!(Target::cross_taylor(&[2, 1], -0.1).values(&signal, 1..4).unwrap(), [0.0, -2.0, -16.0]);
    let factor = |dimension, shift| Factor { dimension, degree: 1, shift };
    let mixed = Target { basis: Basis::Power, factors: vec![factor(0, -0.2), factor(1, 0.1)] };
    assert_eq!(mixed.rows(&signal).unwrap(), 2..9);
    assert_eq!(mixed.values(&signal, 2..4).unwrap(), [0.0, -8.0]);
}

#[test]
fn a_shift_beyond_the_signal_leaves_no_rows() {
    for shift in [1.0, -1.0, 1e300, -1e300] {
        let rows = Target::nostradamus(shift).rows(&ramp());
        assert!(rows.as_ref().is_ok_and(|r| r.is_empty()), "{shift}: {rows:?}");
        assert!(Target::nostradamus(shift).values(&ramp(), rows.unwrap()).unwrap().is_empty());
    }
}

#[test]
fn what_is_not_a_target_of_the_signal_is_refused_by_name() {
    let signal = ramp();
    let message = |target: Target| target.rows(&signal).unwrap_err().to_string();
    assert_eq!(
        message(Target::nostradamus(0.25)),
        "target \"u0@+0.25\": shift = 0.25 ms, allowed: multiples of the sampling step, 0.1 ms"
    );
    assert!(message(Target::cross_taylor(&[1, 1, 1], 0.0)).contains("dimension = 2, allowed: below 2"));
    assert!(message(Target::taylor(0)).contains("degree = 0, allowed: at least 1"));
    assert!(message(Target::cross_taylor(&[], 0.0)).contains("factors = []"));
    assert!(message(Target::nostradamus(f64::INFINITY)).contains("shift = inf ms"));
    let rows = Target::nostradamus(-0.2).values(&signal, 1..5).unwrap_err().to_string();
    assert!(rows.contains("rows = 1..5, allowed: within 2..10"), "{rows}");
    let legendre = Target::taylor(2).in_basis(Basis::Legendre).values(&signal, 0..5).unwrap_err().to_string();
    assert!(legendre.contains("dimension 0, sample 2 = 2.0, allowed: -1 to 1"), "{legendre}");
}

#[test]
fn legendre_factors_have_their_closed_forms() {
    for u in [-1.0, -0.3, 0.0, 0.7, 1.0f64] {
        let closed = [u, (3.0 * u * u - 1.0) / 2.0, (5.0 * u * u * u - 3.0 * u) / 2.0];
        for (degree, p) in (1..).zip(closed) {
            let expected = f64::sqrt(2.0 * f64::from(degree) + 1.0) * p;
            assert!((Basis::Legendre.apply(degree, u) - expected).abs() < 1e-14);
        }
    }
}

/// Standard error of each product about 0.005.
#[test]
fn legendre_targets_are_orthonormal_under_uniform_input() {
    let key = Key::new(2, 0).unwrap();
    let signal = Stimulus::Uniform {}.generate(Grid::new(1.0, 100_000).unwrap(), 2, key).unwrap();
    let targets = [Target::taylor(1), Target::taylor(2), Target::taylor(4), Target::cross_taylor(&[1, 2], -1.0)];
    let values: Vec<Vec<f64>> =
        targets.map(|t| t.in_basis(Basis::Legendre).values(&signal, 1..99_999).unwrap()).to_vec();
    for (i, a) in values.iter().enumerate() {
        for (j, b) in values.iter().enumerate() {
            let product = a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>() / a.len() as f64;
            let expected = if i == j { 1.0 } else { 0.0 };
            assert!((product - expected).abs() < 0.03, "{i} {j}: {product}");
        }
    }
}

#[test]
fn names_say_what_the_target_is() {
    assert_eq!(Target::taylor(2).to_string(), "u0^2@+0");
    assert_eq!(Target::nostradamus(-0.0).to_string(), "u0@+0");
    assert_eq!(Target::cross_taylor(&[2, 1], -20.0).to_string(), "u0^2*u1@-20");
    assert_eq!(Target::taylor(1).in_basis(Basis::Legendre).to_string(), "P1(u0)@+0");
    let factor = |dimension, shift| Factor { dimension, degree: 1, shift };
    let mixed = Target { basis: Basis::Power, factors: vec![factor(0, -0.5), factor(0, 3.0)] };
    assert_eq!(mixed.to_string(), "u0@-0.5*u0@+3");
}

#[test]
fn a_target_is_read_from_toml() {
    let text = "factors = [{ degree = 2, shift_ms = -5.0 }, { dimension = 1, degree = 1, shift_ms = -5.0 }]";
    assert_eq!(toml::from_str::<Target>(text).unwrap(), Target::cross_taylor(&[2, 1], -5.0));
    assert!(toml::from_str::<Target>("factors = [{ degre = 2 }]").unwrap_err().to_string().contains("degre"));
}

proptest! {
    #[test]
    fn every_allowed_row_is_the_product_of_its_shifted_samples(
        values in prop::collection::vec(-2.0..2.0f64, 1..40), shifts in prop::collection::vec(-12i32..12, 1..4)
    ) {
        let signal = Samples::new(0.1, vec![values.clone()]).unwrap();
        let factor = |shift: &i32| Factor { dimension: 0, degree: 2, shift: f64::from(*shift) * 0.1 };
        let target = Target { basis: Basis::Power, factors: shifts.iter().map(factor).collect() };
        let inside = |k: usize| shifts.iter().all(|s| (0..values.len() as i64).contains(&(k as i64 + i64::from(*s))));
        let rows = target.rows(&signal).unwrap();
        prop_assert!((0..values.len()).all(|k| rows.contains(&k) == inside(k)));
        for (k, y) in rows.clone().zip(target.values(&signal, rows).unwrap()) {
            let expected: f64 = shifts.iter().map(|s| values[(k as i64 + i64::from(*s)) as usize].powi(2)).product();
            prop_assert!((y - expected).abs() <= 1e-12 * expected.abs());
        }
    }
}

/// A stimulus is standardised before it drives; its polynomials are those of what was drawn.
#[test]
fn legendre_targets_are_of_the_stimulus_before_it_was_standardised() {
    let drawn = Stimulus::Uniform {};
    let drawn = drawn.generate(Grid::new(1.0, 300).unwrap(), 2, Key::new(4, 0).unwrap()).unwrap();
    let scaled = drawn.clone().standardised().unwrap().standardised().unwrap();
    let factor = |dimension, degree| Factor { dimension, degree, shift: -1.0 };
    let target = Target { basis: Basis::Legendre, factors: vec![factor(0, 3), factor(1, 2)] };
    let (before, after) = (target.values(&drawn, 1..300).unwrap(), target.values(&scaled, 1..300).unwrap());
    assert!(before.iter().zip(&after).all(|(a, b)| (a - b).abs() < 1e-12));
}

use super::*;
use crate::crossing;
use proptest::prelude::*;

/// V_inf = 0 and C_m = 1, so that a current of 1 pA is a slope of 1 mV/ms.
fn membrane(tau_m: f64, tau_ex: f64, tau_in: f64, v_th: f64) -> Membrane {
    Membrane { tau_m, tau_ex, tau_in, c_m: 1.0, v_inf: 0.0, v_th }
}

fn close(value: f64, expected: f64) -> bool {
    (value - expected).abs() <= 2.0 * f64::EPSILON * expected.abs()
}

#[test]
fn without_current_the_crossing_is_a_logarithm() {
    let crossing = first_crossing(&State { v: -12.0, i_ex: 0.0, i_in: 0.0 }, &membrane(20.0, 2.0, 2.0, -3.0));
    assert!(close(crossing.expect("V_inf is above V_th"), 20.0 * 4f64.ln()));
}

#[test]
fn v_inf_at_threshold_is_never_reached() {
    let rest = State { v: -12.0, i_ex: 0.0, i_in: 0.0 };
    assert_eq!(first_crossing(&rest, &membrane(20.0, 2.0, 2.0, 0.0)), None);
}

#[test]
fn v_inf_at_threshold_is_reached_with_the_help_of_a_current() {
    // x e^(-s) + p (e^(-s/2) - e^(-s)) 2 = 0 at e^(s/2) = 1 - x / 2p
    let crossing = first_crossing(&State { v: -3.0, i_ex: 0.5, i_in: 0.0 }, &membrane(1.0, 2.0, 1.0, 0.0));
    assert!(close(crossing.expect("the slow current wins in the end"), 2.0 * 4f64.ln()));
    // a fast current lifts V by at most p / (b - a) times e^(-as)
    let state = |i_ex| State { v: -3.0, i_ex, i_in: 0.0 };
    assert_eq!(first_crossing(&state(2.9), &membrane(1.0, 0.5, 1.0, 0.0)), None);
    assert!(first_crossing(&state(3.1), &membrane(1.0, 0.5, 1.0, 0.0)).is_some());
    // inhibition that lasts longer takes it back before
    let inhibited = State { v: -3.0, i_ex: 3.1, i_in: -0.1 };
    assert_eq!(first_crossing(&inhibited, &membrane(1.0, 0.5, 2.0, 0.0)), None);
}

#[test]
fn a_touched_threshold_is_reached() {
    // e^(-s/2) - e^(-s) is largest, 1/4, at s = 2 ln 2
    let touch = |v_th| first_crossing(&State { v: 0.0, i_ex: 1.0, i_in: 0.0 }, &membrane(1.0, 2.0, 1.0, v_th));
    assert!(close(touch(0.5).expect("the touch counts"), 2.0 * 2f64.ln()));
    assert_eq!(touch(0.5 * (1.0 + f64::EPSILON)), None);
    assert!(touch(0.5 * (1.0 - f64::EPSILON)).expect("above") < 2.0 * 2f64.ln());
}

#[test]
fn equal_time_constants_give_the_alpha_function() {
    // V = s e^(-s) reaches 1/e at s = 1, and 2 e^(-2) < 1/e at s = 2 on its way down
    let v_th = 0.3;
    let s = first_crossing(&State { v: 0.0, i_ex: 1.0, i_in: 0.0 }, &membrane(1.0, 1.0, 3.0, v_th)).expect("crosses");
    assert!(s < 1.0 && close(s * (-s).exp(), v_th));
}

#[test]
fn a_second_rise_is_found_when_the_first_falls_short() {
    // a fast excitation, a slower inhibition, and a drive above threshold
    let (state, membrane) = (State { v: -1.0, i_ex: 1.0, i_in: -1.0 }, membrane(10.0, 0.5, 20.0, -0.01));
    let crossing = first_crossing(&state, &membrane).expect("V_inf is above V_th");
    assert!(crossing > 40.0, "{crossing}");
}

#[test]
fn a_turn_long_after_everything_has_decayed_hides_no_crossing() {
    // nearly equal tau_syn: h turns at 2.4e9 ms; V is almost the alpha function s e^(-s) and exceeds 0.3 around s = 1
    let tau_in = 1.0 + 1e-9;
    let state = State { v: 0.0, i_ex: 1.1, i_in: -0.1 };
    let precise = first_crossing(&state, &membrane(1.0, 1.0, tau_in, 0.3)).expect("crosses");
    let path = crossing::Deflection { a: 1.0, b: 1.0, c: 1.0 / tau_in, x: 0.0, p: 1.1, q: -0.1 };
    let plain = crossing::first_crossing(&path, 0.3, 1e3).expect("crosses");
    assert!((0.4..0.6).contains(&precise) && (plain - precise).abs() < 1e-14, "{plain} {precise}");
}

/// A time constant ratio over six decades, often 1 or nearly 1.
fn ratio() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => (-3.0..3.0).prop_map(|e| 10f64.powf(e)),
        1 => Just(1.0),
        2 => (-15.0..-2.0, any::<bool>()).prop_map(|(e, more)| 1.0 + if more { 10f64.powf(e) } else { -10f64.powf(e) }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn plain_and_precise_crossings_agree(
        (tau_m, ex, inh) in (0.5..50.0, ratio(), ratio()),
        (v, v_inf, psp_ex, psp_in) in (-30.0..-0.1, -40.0..20.0, 0.0..60.0, -60.0..0.0),
    ) {
        let membrane = Membrane { tau_m, tau_ex: tau_m * ex, tau_in: tau_m * inh, c_m: 250.0, v_inf, v_th: 0.0 };
        let current = |psp: f64, ratio: f64| psp * 250.0 / (tau_m * ratio.min(1.0));
        let state = State { v, i_ex: current(psp_ex, ex), i_in: current(psp_in, inh) };
        let path = crossing::Deflection {
            a: 1.0 / tau_m,
            b: 1.0 / membrane.tau_ex,
            c: 1.0 / membrane.tau_in,
            x: v - v_inf,
            p: state.i_ex / 250.0,
            q: state.i_in / 250.0,
        };
        let horizon = 1e5 * tau_m;
        let plain = crossing::first_crossing(&path, -v_inf, horizon);
        match (plain, first_crossing(&state, &membrane)) {
            (None, None) => {}
            (Some(plain), Some(precise)) => {
                // what V may be wrong by, carried to time at the slope there
                let slope = (path.at(plain * (1.0 + 1e-6)) - path.at(plain)) / (plain * 1e-6);
                let bound = 1e-12 * plain + 1e-12 / slope.abs();
                prop_assert!((plain - precise).abs() <= bound, "{plain} {precise}, allowed {bound:e}");
            }
            (plain, precise) => prop_assert!(false, "{plain:?} instead of {precise:?}"),
        }
    }
}

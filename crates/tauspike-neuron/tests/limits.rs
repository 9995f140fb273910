//! Neurons driven as far as a network allows (`build/drive.rs` of `tauspike-network`): V_inf 1e8 times as far from V_th as V_reset is.
//! There V is still known to 1e-6 of V_th - V_reset, and the closed forms hold to that.
#![allow(clippy::disallowed_methods, reason = "tests compare and time")]

use tauspike_neuron::{Arrival, Cell, Delta, Drive, Exponential, Factors, Parameters, SynapticTimes, Work};

/// Of V_inf - V_th, in units of V_th - V_reset.
const FAR: f64 = 1e8;
/// What rounding may do to V there, in units of V_th - V_reset.
const KNOWN: f64 = 1e-6;

/// Parameters of neurons of many kinds, resting at V_th + `far` (V_th - V_reset), and that last difference.
fn neurons(far: f64) -> Vec<(Parameters, f64)> {
    let mut neurons = Vec::new();
    for (v_th, v_reset) in [(-55.0, -70.0), (1.0, 0.0), (-55.0, -55.0 - 1e-5)] {
        for tau_m in [0.1, 10.0, 1e4] {
            for t_ref in [0.0, 2.0] {
                let climb = v_th - v_reset;
                let e_l = v_th + far * climb;
                neurons.push((
                    Parameters { tau_m, c_m: 250.0, e_l, v_th, v_reset, t_ref, i_e: 0.0, v_init: v_reset },
                    climb,
                ));
            }
        }
    }
    neurons
}

/// tau_syn so long that a current does not decay.
fn exponential(p: &Parameters) -> Exponential {
    Exponential::new(p, SynapticTimes { ex: 1e25, inh: 1e25 })
}

fn spikes(cell: &mut impl Cell, arrivals: &[(f64, f64)], until: f64) -> Vec<f64> {
    let arrivals: Vec<_> = arrivals.iter().map(|&(time, weight)| Arrival { time, weight }).collect();
    let mut out = Vec::new();
    cell.advance_alone(&arrivals, &mut Factors::default(), until, &mut Work::default(), &mut |t| out.push(t));
    out
}

/// V at `s` ms after it was V_reset, mV.
fn fallen(p: &Parameters, s: f64) -> f64 {
    p.v_reset - (p.e_l - p.v_reset) * f64::exp_m1(-s / p.tau_m)
}

#[test]
fn a_neuron_pulled_down_as_far_as_allowed_never_fires() {
    for (p, _) in neurons(-FAR) {
        assert_eq!(spikes(&mut Delta::new(&p), &[], 1e6), [], "{p:?}");
        assert_eq!(spikes(&mut exponential(&p), &[], 1e6), [], "{p:?}");
    }
}

#[test]
fn a_neuron_pulled_up_as_far_as_allowed_fires_at_the_closed_form_interval() {
    for (p, climb) in neurons(FAR).into_iter().filter(|(p, _)| p.t_ref > 0.0) {
        let rise = p.tau_m * f64::ln_1p(climb / (p.e_l - p.v_th));
        for found in [spikes(&mut Delta::new(&p), &[], 100.0), spikes(&mut exponential(&p), &[], 100.0)] {
            assert_eq!(found.len(), 50, "{p:?}");
            for (k, time) in found.iter().enumerate() {
                let expected = (k + 1) as f64 * rise + k as f64 * p.t_ref;
                let error = (k + 1) as f64 * KNOWN * rise + 1e-13 * expected;
                assert!((time - expected).abs() < error, "{p:?}: spike {k} at {time}");
            }
        }
    }
}

#[test]
fn a_neuron_without_refractoriness_fires_a_thousand_million_times_a_second() {
    for (mut p, climb) in neurons(0.0).into_iter().filter(|(p, _)| p.t_ref == 0.0) {
        p.e_l = p.v_th + climb / f64::exp_m1(1e-6 / p.tau_m);
        if p.e_l - p.v_th > FAR * climb {
            continue;
        }
        for found in [spikes(&mut Delta::new(&p), &[], 1e-3), spikes(&mut exponential(&p), &[], 1e-3)] {
            assert!((999..=1000).contains(&found.len()), "{p:?}: {} spikes", found.len());
            for (k, time) in found.iter().enumerate() {
                assert!((time / (1e-6 * (k + 1) as f64) - 1.0).abs() < 10.0 * KNOWN, "{p:?}: spike {k} at {time}");
            }
        }
    }
}

#[test]
fn an_arrival_at_a_neuron_pulled_down_fires_it_if_it_is_just_large_enough() {
    for (p, climb) in neurons(-FAR) {
        for s in [1e-9, 1e-6, 1e-3, 1.0, 50.0].map(|s| s * p.tau_m) {
            let needed = p.v_th - fallen(&p, s);
            let fired = |weight| spikes(&mut Delta::new(&p), &[(s, weight)], 1e6);
            assert_eq!(fired(needed + KNOWN * climb), [s], "{p:?}");
            assert_eq!(fired(needed - KNOWN * climb), [], "{p:?}");
        }
    }
}

#[test]
fn a_current_against_the_pull_fires_the_neuron_at_the_closed_form_time() {
    for (p, climb) in neurons(-FAR) {
        // V_inf is now as far above V_th as V_reset is below
        let weight = (p.v_th + climb - p.e_l) * p.c_m / p.tau_m;
        let found = spikes(&mut exponential(&p), &[(0.0, weight)], p.tau_m);
        let expected = p.tau_m * f64::ln(2.0);
        assert!((found[0] - expected).abs() < KNOWN * p.tau_m, "{p:?}: {found:?} instead of {expected}");
        let too_little = (p.v_th - KNOWN * climb - p.e_l) * p.c_m / p.tau_m;
        assert_eq!(spikes(&mut exponential(&p), &[(0.0, too_little)], 100.0 * p.tau_m), [], "{p:?}");
    }
}

#[test]
fn a_drive_that_steps_from_one_end_to_the_other_fires_at_the_closed_form_time() {
    for (p, climb) in neurons(-FAR) {
        for (s, up) in [(1e-9, 1.0), (1e-3, 1.0), (3.0, 1.0), (3.0, FAR)] {
            let s = s * p.tau_m;
            let up = Drive { v_inf: p.v_th + up * climb, v_th: p.v_th, v_reset: p.v_reset };
            let expected = s + p.tau_m * f64::ln_1p((p.v_th - fallen(&p, s)) / (up.v_inf - p.v_th));
            let (mut delta, mut exponential) = (Delta::new(&p), exponential(&p));
            assert!(spikes(&mut delta, &[], s).is_empty() && spikes(&mut exponential, &[], s).is_empty(), "{p:?}");
            delta.set_drive(s, up);
            exponential.set_drive(s, up);
            // no longer, lest it fire without end
            let until = expected + 2.0 * KNOWN * p.tau_m;
            for first in [spikes(&mut delta, &[], until)[0], spikes(&mut exponential, &[], until)[0]] {
                assert!((first - expected).abs() < KNOWN * p.tau_m, "{p:?}: {first} instead of {expected}");
            }
        }
    }
}

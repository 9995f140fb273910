//! Neurons driven as far as a network allows (`crates/tauspike-network/src/build/drive.rs`): V_inf 1e8 times as far from V_th as V_reset is.
//! There V is still known to 1e-6 of V_th - V_reset, and the closed forms hold to that.

use crate::neurons::{One, spikes, with_currents};
use tauspike_network::spec::{LifSpec, SynapseSpec};

/// Of V_inf - V_th, in units of V_th - V_reset.
const FAR: f64 = 1e8;
/// What rounding may do to V there, in units of V_th - V_reset.
const KNOWN: f64 = 1e-6;
/// The longest there is, ms.
const TAU_SYN: f64 = 1e15;

#[derive(Clone, Copy, Debug)]
struct Kind {
    tau_m: f64,
    e_l: f64,
    v_th: f64,
    v_reset: f64,
    t_ref: f64,
}

impl Kind {
    fn climb(&self) -> f64 {
        self.v_th - self.v_reset
    }

    fn delta(&self) -> LifSpec {
        LifSpec {
            tau_m: self.tau_m.into(),
            c_m: 250.0.into(),
            e_l: self.e_l.into(),
            fires: true,
            v_th: self.v_th.into(),
            v_reset: Some(self.v_reset.into()),
            t_ref: self.t_ref.into(),
            i_e: 0.0.into(),
            v_init: Some(self.v_reset.into()),
            synapse: SynapseSpec::Delta,
        }
    }

    /// tau_syn so long that a current hardly decays.
    fn exponential(&self) -> LifSpec {
        with_currents(self.delta(), TAU_SYN, TAU_SYN)
    }

    /// V at `s` ms after it was V_reset, mV.
    fn fallen(&self, s: f64) -> f64 {
        self.v_reset - (self.e_l - self.v_reset) * f64::exp_m1(-s / self.tau_m)
    }
}

/// Neurons of many kinds, resting at V_th + `far` (V_th - V_reset).
fn kinds(far: f64) -> Vec<Kind> {
    let mut kinds = Vec::new();
    for (v_th, v_reset) in [(-55.0, -70.0), (1.0, 0.0), (-55.0, -55.0 - 1e-5)] {
        for tau_m in [0.1, 10.0, 1e4] {
            for t_ref in [0.0, 2.0] {
                kinds.push(Kind { tau_m, e_l: v_th + far * (v_th - v_reset), v_th, v_reset, t_ref });
            }
        }
    }
    kinds
}

#[test]
fn a_neuron_pulled_down_as_far_as_allowed_never_fires() {
    for kind in kinds(-FAR) {
        assert!(spikes(kind.delta(), &[], 1e6).is_empty(), "{kind:?}");
        assert!(spikes(kind.exponential(), &[], 1e6).is_empty(), "{kind:?}");
    }
}

#[test]
fn a_neuron_pulled_up_as_far_as_allowed_fires_at_the_closed_form_interval() {
    for kind in kinds(FAR).into_iter().filter(|kind| kind.t_ref > 0.0) {
        let rise = kind.tau_m * f64::ln_1p(kind.climb() / (kind.e_l - kind.v_th));
        for found in [spikes(kind.delta(), &[], 100.0), spikes(kind.exponential(), &[], 100.0)] {
            assert_eq!(found.len(), 50, "{kind:?}");
            for (k, time) in found.iter().enumerate() {
                let expected = (k + 1) as f64 * rise + k as f64 * kind.t_ref;
                let error = (k + 1) as f64 * KNOWN * rise + 1e-13 * expected;
                assert!((time - expected).abs() < error, "{kind:?}: spike {k} at {time}");
            }
        }
    }
}

#[test]
fn an_arrival_at_a_neuron_pulled_down_fires_it_if_it_is_just_large_enough() {
    for kind in kinds(-0.999 * FAR) {
        for s in [1e-9, 1e-6, 1e-3, 1.0, 50.0].map(|s| s * kind.tau_m) {
            let needed = kind.v_th - kind.fallen(s);
            let fired = |weight| spikes(kind.delta(), &[(s, weight)], 1e6);
            assert_eq!(fired(needed + KNOWN * kind.climb()), [s], "{kind:?}");
            assert!(fired(needed - KNOWN * kind.climb()).is_empty(), "{kind:?}");
        }
    }
}

#[test]
fn a_current_against_the_pull_fires_the_neuron_at_the_closed_form_time() {
    for kind in kinds(-FAR) {
        // V_inf is now as far above V_th as V_reset is below
        let weight = (kind.v_th + kind.climb() - kind.e_l) * 250.0 / kind.tau_m;
        let found = spikes(kind.exponential(), &[(0.0, weight)], kind.tau_m);
        let expected = kind.tau_m * f64::ln(2.0);
        // what the current decays by in that time, against the slope of V there
        let decays = FAR * expected / TAU_SYN * kind.tau_m;
        assert!((found[0] - expected).abs() < KNOWN * kind.tau_m + decays, "{kind:?}: {found:?} instead of {expected}");
        let too_little = (kind.v_th - KNOWN * kind.climb() - kind.e_l) * 250.0 / kind.tau_m;
        assert!(spikes(kind.exponential(), &[(0.0, too_little)], 100.0 * kind.tau_m).is_empty(), "{kind:?}");
    }
}

#[test]
fn a_current_that_steps_from_one_end_to_the_other_fires_at_the_closed_form_time() {
    for kind in kinds(-FAR) {
        for (s, up) in [(1e-9, 1.0), (1e-3, 1.0), (3.0, 1.0)] {
            let s = s * kind.tau_m;
            let v_inf = kind.v_th + up * kind.climb();
            let expected = s + kind.tau_m * f64::ln_1p((kind.v_th - kind.fallen(s)) / (v_inf - kind.v_th));
            // no longer, lest it fire without end
            let until = expected + 2.0 * KNOWN * kind.tau_m;
            for lif in [kind.delta(), kind.exponential()] {
                let steps = vec![(s, (v_inf - kind.e_l) * 250.0 / kind.tau_m)];
                let first = One { lif, arrivals: Vec::new(), steps }.spikes(until)[0];
                assert!((first - expected).abs() < KNOWN * kind.tau_m, "{kind:?}: {first} instead of {expected}");
            }
        }
    }
}

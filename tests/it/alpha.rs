//! Single neurons driven by alpha functions, against 50-digit arithmetic and NEST's `iaf_psc_alpha_ps`.
//!
//! `tests/data/alpha/generate.py` made the cases: 150 arrivals each, tau_syn from 1/400 to 20 times tau_m, equal and nearly equal, of either sign.

use crate::networks::bits;
use crate::neurons::One;
use serde::Deserialize;
use std::sync::Arc;
use tauspike_engine::{Options, Schedule, Simulation};
use tauspike_network::builder::{BuildOptions, NetworkBuilder};
use tauspike_network::distribution::Distribution;
use tauspike_network::rule::Rule;
use tauspike_network::spec::{DriveSpec, InputSpec, LifSpec, ProjectionSpec, RateSpec, SynapseSpec};

/// What two exact times may differ by, ms: 1e-15 of the largest terms over dV/dt at the crossing.
const EXACT: f64 = 1e-10;
/// NEST ends its regula falsi where V is within 1e-14 mV of threshold, or two guesses within 1e-14 ms; its state is carried from step to step.
const NEST: f64 = 1e-9;

#[derive(Deserialize)]
struct Case {
    params: Parameters,
    delay: f64,
    t_stop: f64,
    /// Time of emission, ms, and weight, pA.
    input: Vec<(f64, f64)>,
    exact: Vec<f64>,
    nest: Vec<f64>,
}

#[derive(Deserialize)]
#[allow(non_snake_case)]
struct Parameters {
    C_m: f64,
    tau_m: f64,
    E_L: f64,
    V_th: f64,
    V_reset: f64,
    t_ref: f64,
    I_e: f64,
    V_m: f64,
    tau_syn_ex: f64,
    tau_syn_in: f64,
}

fn one(case: &Case) -> One {
    let p = &case.params;
    let lif = LifSpec {
        tau_m: p.tau_m.into(),
        c_m: p.C_m.into(),
        e_l: p.E_L.into(),
        v_th: p.V_th.into(),
        v_reset: Some(p.V_reset.into()),
        t_ref: p.t_ref.into(),
        i_e: p.I_e.into(),
        v_init: Some(p.V_m.into()),
        synapse: SynapseSpec::Alpha { tau_syn_ex: p.tau_syn_ex.into(), tau_syn_in: p.tau_syn_in.into() },
        ..LifSpec::default()
    };
    One {
        lif,
        arrivals: case.input.iter().map(|(time, weight)| (time + case.delay, *weight)).collect(),
        steps: Vec::new(),
    }
}

#[test]
fn spikes_agree_with_exact_ones_and_with_nest() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../data/alpha/alpha.json")).unwrap();
    assert_eq!(cases.len(), 9);
    for (k, case) in cases.iter().enumerate() {
        let found = one(case).spikes(case.t_stop);
        for (expected, bound) in [(&case.exact, EXACT), (&case.nest, NEST)] {
            assert_eq!(found.len(), expected.len(), "case {k}");
            for (found, expected) in found.iter().zip(expected) {
                assert!((found - expected).abs() < bound, "case {k}: {found} instead of {expected}");
            }
        }
    }
}

/// Equal neurons are looked at by other bounds than those with parameters of their own: window by window they must find what instants do, where
/// each arrival is looked at.
#[test]
fn a_network_of_equal_neurons_fires_alike_window_by_window_and_instant_by_instant() {
    for (tau_ex, tau_in) in [(0.5, 3.0), (20.0, 20.0), (60.0, 2.0)] {
        let mut builder = NetworkBuilder::new(8);
        let synapse = SynapseSpec::Alpha { tau_syn_ex: tau_ex.into(), tau_syn_in: tau_in.into() };
        let lif = LifSpec { tau_m: 20.0.into(), i_e: 120.0.into(), synapse, ..LifSpec::default() };
        let cells = builder.population("cells", 200, lif);
        let unit = |tau: f64| 250.0 / (tau * std::f64::consts::E).min(20.0);
        for (name, weight) in [("excites", 0.8 * unit(tau_ex)), ("inhibits", -0.6 * unit(tau_in))] {
            let spec = ProjectionSpec::new(name, (cells, cells), Rule::FixedInDegree(20)).weight(weight);
            builder.project(spec.delay(Distribution::uniform(0.3, 6.0)));
        }
        let drive = DriveSpec::Poisson { rate: RateSpec::constant(300.0), weight: (2.0 * unit(tau_ex)).into() };
        builder.input(InputSpec { name: "noise".into(), population: cells, members: None, drive });
        let network = Arc::new(builder.build(&BuildOptions::default()).unwrap());
        let run = |schedule| {
            let mut spikes = Vec::new();
            let mut sim = Simulation::new(network.clone(), Options { schedule, ..Options::default() }).unwrap();
            sim.run(60.0, &mut spikes).unwrap();
            spikes
        };
        let (windows, instants) = (run(Schedule::Automatic), run(Schedule::Instants));
        assert!(windows.len() > 100, "{tau_ex}: {} spikes", windows.len());
        assert_eq!(bits(&windows), bits(&instants), "{tau_ex}, {tau_in}");
    }
}

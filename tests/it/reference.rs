//! Single neurons under 200 arrivals each, against spike times in 40-digit arithmetic (and NEST's precise models, which agree).

use serde::Deserialize;
use std::sync::Arc;
use tauspike_engine::{Options, Schedule, Simulation};
use tauspike_network::builder::{BuildOptions, NetworkBuilder};
use tauspike_network::network::Network;
use tauspike_network::rule::{Rule, SynapseList};
use tauspike_network::spec::{LifSpec, ProjectionSpec, SynapseSpec};

#[derive(Deserialize)]
struct Case {
    name: String,
    params: Parameters,
    delay: f64,
    t_stop: f64,
    /// Time of emission, ms, and weight, mV or pA.
    input: Vec<(f64, f64)>,
    output_exact: Vec<f64>,
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
    tau_syn_ex: Option<f64>,
    tau_syn_in: Option<f64>,
}

fn network(case: &Case) -> Network {
    let p = &case.params;
    let synapse = match (p.tau_syn_ex, p.tau_syn_in) {
        (Some(ex), Some(inh)) => SynapseSpec::Exponential { tau_syn_ex: ex.into(), tau_syn_in: inh.into() },
        _ => SynapseSpec::Delta,
    };
    let lif = LifSpec {
        tau_m: p.tau_m.into(),
        c_m: p.C_m.into(),
        e_l: p.E_L.into(),
        fires: true,
        v_th: p.V_th.into(),
        v_reset: Some(p.V_reset.into()),
        t_ref: p.t_ref.into(),
        i_e: p.I_e.into(),
        v_init: Some(p.V_m.into()),
        synapse,
    };
    let mut builder = NetworkBuilder::new(1);
    let n = case.input.len() as u32;
    let input = builder.population("input", n, case.input.iter().map(|&(t, _)| vec![t]).collect::<Vec<_>>());
    let neuron = builder.population("neuron", 1, lif);
    let synapses = SynapseList {
        pre: (0..n).collect(),
        post: vec![0; n as usize],
        weight: Some(case.input.iter().map(|&(_, w)| w).collect()),
        delay: Some(vec![case.delay; n as usize]),
    };
    builder.project(ProjectionSpec::new("in", (input, neuron), Rule::Explicit(synapses)));
    builder.build(&BuildOptions::default()).unwrap()
}

#[test]
fn spike_times_agree_with_40_digit_arithmetic_to_1e_10_ms() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../data/single_neuron.json")).unwrap();
    assert_eq!(cases.len(), 10);
    let mut worst: f64 = 0.0;
    for case in &cases {
        let network = Arc::new(network(case));
        let schedules = [Schedule::Automatic, Schedule::Instants];
        for schedule in schedules {
            let mut spikes = Vec::new();
            let options = Options { schedule, ..Options::default() };
            let mut sim = Simulation::new(network.clone(), options).unwrap();
            sim.run(case.t_stop, &mut spikes).unwrap();
            let times: Vec<f64> =
                spikes.iter().filter(|s| s.source == case.input.len() as u32).map(|s| s.time).collect();
            assert_eq!(times.len(), case.output_exact.len(), "{}", case.name);
            for (got, exact) in times.iter().zip(&case.output_exact) {
                assert!((got - exact).abs() < 1e-10, "{}: {got} instead of {exact}", case.name);
                worst = worst.max((got - exact).abs());
            }
        }
    }
    println!("largest error {worst:e} ms");
}

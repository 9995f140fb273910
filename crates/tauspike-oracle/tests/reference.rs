//! The reference cases of single neurons: spike times known to the last digit (`output_exact`), for both arithmetics.
#![allow(clippy::disallowed_methods, reason = "tests compare and time")]

use serde_json::Value;
use tauspike_network::{
    BuildOptions, LifSpec, Network, NetworkBuilder, ProjectionSpec, Rule, SynapseList, SynapseSpec,
};
use tauspike_oracle::precise::{self, Parameters};

/// One case of the file.
struct Case {
    name: String,
    parameters: Parameters,
    delay: f64,
    t_stop: f64,
    /// (emission time, weight)
    input: Vec<(f64, f64)>,
    expected: Vec<f64>,
}

fn cases() -> Vec<Case> {
    let file: Value = serde_json::from_str(include_str!("data/single_neuron.json")).expect("valid JSON");
    file.as_array().expect("a list of cases").iter().map(case).collect()
}

fn case(value: &Value) -> Case {
    let number = |value: &Value| value.as_f64().expect("a number");
    let given = &value["params"];
    let exponential = given.get("tau_syn_ex").is_some();
    Case {
        name: value["name"].as_str().expect("a name").to_owned(),
        parameters: Parameters {
            tau_m: number(&given["tau_m"]),
            tau_syn: exponential.then(|| (number(&given["tau_syn_ex"]), number(&given["tau_syn_in"]))),
            c_m: number(&given["C_m"]),
            e_l: number(&given["E_L"]),
            v_th: number(&given["V_th"]),
            v_reset: number(&given["V_reset"]),
            t_ref: number(&given["t_ref"]),
            i_e: number(&given["I_e"]),
            v_init: number(&given["V_m"]),
        },
        delay: number(&value["delay"]),
        t_stop: number(&value["t_stop"]),
        input: list(&value["input"]).iter().map(|pair| (number(&pair[0]), number(&pair[1]))).collect(),
        expected: list(&value["output_exact"]).iter().map(number).collect(),
    }
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().expect("a list")
}

/// Source k fires once, at the k-th emission time, and reaches the neuron with the k-th weight.
fn network(case: &Case) -> Network {
    let sources = case.input.len() as u32;
    let given = &case.parameters;
    let mut builder = NetworkBuilder::new(0);
    let trains: Vec<Vec<f64>> = case.input.iter().map(|&(time, _)| vec![time]).collect();
    let source = (sources > 0).then(|| builder.population("sources", sources, trains));
    let spec = LifSpec {
        tau_m: given.tau_m.into(),
        c_m: given.c_m.into(),
        e_l: given.e_l.into(),
        fires: true,
        v_th: given.v_th.into(),
        v_reset: Some(given.v_reset.into()),
        t_ref: given.t_ref.into(),
        i_e: given.i_e.into(),
        v_init: Some(given.v_init.into()),
        synapse: given.tau_syn.map_or(SynapseSpec::Delta, |(tau_ex, tau_in)| SynapseSpec::Exponential {
            tau_syn_ex: tau_ex.into(),
            tau_syn_in: tau_in.into(),
        }),
    };
    let neuron = builder.population("neuron", 1, spec);
    if let Some(source) = source {
        let weight = Some(case.input.iter().map(|&(_, weight)| weight).collect());
        let list = SynapseList { pre: (0..sources).collect(), post: vec![0; case.input.len()], weight, delay: None };
        builder.project(ProjectionSpec::new("input", (source, neuron), Rule::Explicit(list)).delay(case.delay));
    }
    builder.build(&BuildOptions::default()).expect("a valid case")
}

fn assert_as_expected(case: &Case, spikes: &[f64]) {
    assert_eq!(spikes.len(), case.expected.len(), "{}: number of spikes", case.name);
    for (spike, expected) in spikes.iter().zip(&case.expected) {
        assert!((spike - expected).abs() <= 1e-10, "{}: {spike} instead of {expected}", case.name);
    }
}

#[test]
fn the_simulator_gives_the_reference_spikes() {
    for case in cases() {
        let spikes = tauspike_oracle::simulate(&network(&case), case.t_stop).expect("a finite run");
        let neuron = case.input.len() as u32;
        let times: Vec<f64> = spikes.iter().filter(|spike| spike.source == neuron).map(|spike| spike.time).collect();
        assert_as_expected(&case, &times);
    }
}

#[test]
fn many_digits_give_the_reference_spikes() {
    for case in cases() {
        let arrivals: Vec<(f64, f64)> = case.input.iter().map(|&(time, weight)| (time + case.delay, weight)).collect();
        let spikes = precise::single_neuron(&case.parameters, &arrivals, case.t_stop, 40);
        assert_as_expected(&case, &spikes);
    }
}

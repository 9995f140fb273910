//! The reference cases of single neurons: spike times known to the last digit (`output_exact`), for both arithmetics.

use serde_json::Value;
use std::sync::Arc;
use tauspike_network::column::Column;
use tauspike_network::fanout::{Block, FanOut, Projection, Rows};
use tauspike_network::network::Network;
use tauspike_network::population::{Cells, Lif, Population, Synapse};
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
    let trains = case.input.iter().map(|&(time, _)| vec![time]).collect();
    let given = &case.parameters;
    let lif = Lif {
        tau_m: Column::Shared(given.tau_m),
        c_m: Column::Shared(given.c_m),
        e_l: Column::Shared(given.e_l),
        v_th: Column::Shared(given.v_th),
        v_reset: Column::Shared(given.v_reset),
        t_ref: Column::Shared(given.t_ref),
        i_e: Column::Shared(given.i_e),
        v_init: Column::Shared(given.v_init),
        synapse: given.tau_syn.map_or(Synapse::Delta, |(tau_ex, tau_in)| Synapse::Exponential {
            tau_syn_ex: Column::Shared(tau_ex),
            tau_syn_in: Column::Shared(tau_in),
        }),
    };
    let rows = Rows {
        offsets: (0..=sources).collect(),
        targets: vec![0; case.input.len()],
        weights: Column::Double(case.input.iter().map(|&(_, weight)| weight).collect()),
        delays: Column::Shared(case.delay),
    };
    let projection = Projection {
        name: "input".into(),
        source: 0,
        target: 1,
        fan_out: FanOut::Stored(vec![rows]),
        min_delay: case.delay,
        max_delay: case.delay,
    };
    let population = |name: &str, first, size, cells| Population { name: name.into(), first, size, cells };
    Network {
        seed: 0,
        populations: vec![
            population("sources", 0, sources, Cells::Trains(Arc::new(trains))),
            population("neuron", sources, 1, Cells::Lif(lif)),
        ],
        blocks: vec![Block { population: 1, first: sources, len: 1 }],
        projections: vec![projection],
        inputs: vec![],
    }
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

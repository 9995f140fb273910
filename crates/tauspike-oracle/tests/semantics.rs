//! What a neuron does at the edges, each against a closed form or a hand count.
#![allow(clippy::disallowed_methods, reason = "tests compare and time")]

use std::sync::Arc;
use tauspike_network::population::Signal;
use tauspike_network::{
    BuildOptions, DriveSpec, InputSpec, LifSpec, Network, NetworkBuilder, PopulationId, ProjectionSpec, Rule,
    SynapseList, SynapseSpec,
};
use tauspike_oracle::{OracleError, simulate};

/// E_L = V_reset = V_init = 0, V_th = 10 mV, tau_m = 20 ms, t_ref = 2 ms, delta synapses.
fn lif() -> LifSpec {
    LifSpec {
        tau_m: 20.0.into(),
        c_m: 250.0.into(),
        e_l: 0.0.into(),
        v_th: 10.0.into(),
        t_ref: 2.0.into(),
        ..LifSpec::default()
    }
}

/// The current that brings V_inf to `v` in [`lif`], pA.
fn current_for(v: f64) -> f64 {
    v * 250.0 / 20.0
}

fn exponential(tau_syn: f64) -> SynapseSpec {
    SynapseSpec::Exponential { tau_syn_ex: tau_syn.into(), tau_syn_in: tau_syn.into() }
}

/// One neuron of `spec`, index 0, and one source per arrival (time, weight), delay 0.5 ms.
fn driven(spec: LifSpec, arrivals: &[(f64, f64)]) -> Network {
    let mut builder = NetworkBuilder::new(1);
    let neuron = builder.population("neuron", 1, spec);
    if !arrivals.is_empty() {
        let trains: Vec<Vec<f64>> = arrivals.iter().map(|&(time, _)| vec![time - 0.5]).collect();
        let sources = builder.population("sources", trains.len() as u32, trains);
        let list = SynapseList {
            pre: (0..arrivals.len() as u32).collect(),
            post: vec![0; arrivals.len()],
            weight: Some(arrivals.iter().map(|&(_, weight)| weight).collect()),
            delay: None,
        };
        builder.project(ProjectionSpec::new("synapses", (sources, neuron), Rule::Explicit(list)).delay(0.5));
    }
    build(builder)
}

fn build(builder: NetworkBuilder) -> Network {
    builder.build(&BuildOptions::default()).expect("valid")
}

/// Times at which neuron 0 fires.
fn times(network: &Network, t_stop: f64) -> Vec<f64> {
    let spikes = simulate(network, t_stop).expect("finite");
    spikes.iter().filter(|spike| spike.source == 0).map(|spike| spike.time).collect()
}

fn assert_close(times: &[f64], expected: &[f64]) {
    assert_eq!(times.len(), expected.len(), "{times:?} instead of {expected:?}");
    for (time, expected) in times.iter().zip(expected) {
        assert!((time - expected).abs() < 1e-10, "{times:?} instead of {expected:?}");
    }
}

#[test]
fn a_constant_drive_fires_every_t_ref_plus_tau_ln() {
    let rise = 20.0 * (25.0f64 / 15.0).ln();
    let expected: Vec<f64> = (0..7).map(|k| rise + f64::from(k) * (rise + 2.0)).collect();
    for synapse in [SynapseSpec::Delta, exponential(20.0)] {
        let spec = LifSpec { i_e: current_for(25.0).into(), synapse, ..lif() };
        assert_close(&times(&driven(spec, &[]), expected[6] + 1.0), &expected);
    }
}

#[test]
fn v_inf_at_threshold_never_fires() {
    for synapse in [SynapseSpec::Delta, exponential(5.0)] {
        let spec = LifSpec { i_e: current_for(10.0).into(), synapse, ..lif() };
        assert_close(&times(&driven(spec, &[]), 1e5), &[]);
    }
}

#[test]
fn a_neuron_that_starts_at_threshold_fires_at_0_and_no_later_than_t_stop() {
    let spec = LifSpec { v_init: Some(10.0.into()), ..lif() };
    assert_eq!(times(&driven(spec.clone(), &[]), 1.0), [0.0]);
    assert!(times(&driven(spec, &[]), 0.0).is_empty());
    assert!(times(&driven(lif(), &[(5.0, 11.0)]), 5.0).is_empty());
}

#[test]
fn a_delta_arrival_is_dropped_until_the_very_end_of_refractoriness() {
    let before = 7.0f64.next_down();
    assert_eq!(times(&driven(lif(), &[(5.0, 11.0), (6.0, 11.0)]), 10.0), [5.0]);
    assert_eq!(times(&driven(lif(), &[(5.0, 11.0), (before, 11.0)]), 10.0), [5.0]);
    assert_eq!(times(&driven(lif(), &[(5.0, 11.0), (7.0, 11.0)]), 10.0), [5.0, 7.0]);
}

#[test]
fn a_current_accumulates_and_decays_while_v_is_clamped() {
    // fires at 0; 1 ms later, refractory for 1 ms more, a current comes; V rises from 0 at 2 ms with what is left of it
    let spec = LifSpec { v_init: Some(10.0.into()), synapse: exponential(20.0), ..lif() };
    let weight = 250.0 * 10.0;
    // V = y s e^(-s/20), y = 10 e^(-1/20) mV/ms: reaches 10 where s e^(-s/20) = e^(1/20)
    let mut s = 1.0f64;
    for _ in 0..60 {
        s = ((s + 1.0) / 20.0).exp();
    }
    let fired = times(&driven(spec, &[(1.0, weight)]), 2.0 + s + 0.5);
    assert_close(&fired, &[0.0, 2.0 + s]);
}

#[test]
fn simultaneous_arrivals_are_one_event() {
    assert_eq!(times(&driven(lif(), &[(5.0, 6.0), (5.0, 6.0)]), 10.0), [5.0]);
    assert_eq!(times(&driven(lif(), &[(5.0, 30.0), (5.0, -25.0)]), 10.0), [] as [f64; 0]);
    let restless = LifSpec { t_ref: 0.0.into(), ..lif() };
    assert_eq!(times(&driven(restless, &[(5.0, 30.0), (5.0, 30.0)]), 10.0), [5.0]);
}

#[test]
fn a_crossing_comes_before_an_arrival_at_the_same_time() {
    for synapse in [SynapseSpec::Delta, exponential(5.0)] {
        let spec = LifSpec { i_e: current_for(25.0).into(), t_ref: 0.0.into(), synapse, ..lif() };
        let free = times(&driven(spec.clone(), &[]), 50.0);
        // the train is 0.5 ms earlier: look for a time that survives the rounding of both
        let arrival = (free[0] - 0.5) + 0.5;
        assert_eq!(arrival, free[0]);
        let weight = if matches!(spec.synapse, SynapseSpec::Delta) { -5.0 } else { -500.0 };
        let pushed = times(&driven(spec, &[(arrival, weight)]), 50.0);
        assert_eq!(pushed[0], free[0]);
        assert!(pushed[1] > free[1], "without refractoriness the arrival counts after the spike");
    }
}

#[test]
fn a_step_of_current_acts_from_its_time_on() {
    let mut builder = NetworkBuilder::new(1);
    let population = builder.population("neuron", 1, lif());
    let signal = Arc::new(Signal { times: vec![3.0, 40.0], values: vec![12.5, 0.0] });
    let drive = DriveSpec::Current { signal, scale: 20.0.into() };
    builder.input(InputSpec { name: "step".into(), population, members: None, drive });
    // V_inf = 20 from 3 ms on; the second rise ends at 33 ms, the third would end after 40 ms
    let rise = 20.0 * 2f64.ln();
    assert_close(&times(&build(builder), 100.0), &[3.0 + rise, 5.0 + 2.0 * rise]);
}

/// Source 0 fires at 5 ms. Joins (pre, post, weight) of the neurons that follow, without delay.
fn immediate(t_ref: f64, neurons: u32, from_source: &[(u32, f64)], between: &[(u32, u32, f64)]) -> Network {
    let mut builder = NetworkBuilder::new(1);
    let source = builder.population("source", 1, vec![vec![5.0]]);
    let cells = builder.population("cells", neurons, LifSpec { t_ref: t_ref.into(), ..lif() });
    let first: Vec<(u32, u32, f64)> = from_source.iter().map(|&(post, weight)| (0, post, weight)).collect();
    for (name, from, joins) in [("first", source, first.as_slice()), ("next", cells, between)] {
        builder.project(joined(name, from, cells, joins));
    }
    build(builder)
}

fn joined(name: &str, from: PopulationId, to: PopulationId, joins: &[(u32, u32, f64)]) -> ProjectionSpec {
    let list = SynapseList {
        pre: joins.iter().map(|join| join.0).collect(),
        post: joins.iter().map(|join| join.1).collect(),
        weight: Some(joins.iter().map(|join| join.2).collect()),
        delay: None,
    };
    ProjectionSpec::new(name, (from, to), Rule::Explicit(list)).delay(0.0)
}

/// (time, source) of all spikes.
fn all_spikes(network: &Network) -> Result<Vec<(f64, u32)>, OracleError> {
    Ok(simulate(network, 10.0)?.iter().map(|spike| (spike.time, spike.source)).collect())
}

#[test]
fn zero_delays_pass_a_spike_on_at_the_same_instant() {
    let chain = immediate(2.0, 3, &[(0, 11.0)], &[(0, 1, 11.0), (1, 2, 11.0)]);
    assert_eq!(all_spikes(&chain), Ok(vec![(5.0, 0), (5.0, 1), (5.0, 2), (5.0, 3)]));
}

#[test]
fn the_wave_of_the_cause_is_an_event_before_the_wave_of_the_effect() {
    // cell 1 gets +11 from the source, and -5 from cell 0, which the source fires: together they would not do
    let network = immediate(2.0, 2, &[(0, 11.0), (1, 11.0)], &[(0, 1, -5.0)]);
    assert_eq!(all_spikes(&network), Ok(vec![(5.0, 0), (5.0, 1), (5.0, 2)]));
    let late = immediate(2.0, 3, &[(0, 11.0)], &[(0, 1, 11.0), (0, 2, 11.0), (1, 2, -5.0)]);
    assert_eq!(all_spikes(&late), Ok(vec![(5.0, 0), (5.0, 1), (5.0, 2), (5.0, 3)]));
    let same = immediate(2.0, 3, &[(0, 11.0), (1, 11.0)], &[(0, 2, 11.0), (1, 2, -5.0)]);
    assert_eq!(all_spikes(&same), Ok(vec![(5.0, 0), (5.0, 1), (5.0, 2)]));
}

#[test]
fn refractoriness_ends_a_cascade_and_its_absence_is_refused() {
    let ring = |t_ref| immediate(t_ref, 2, &[(0, 11.0)], &[(0, 1, 11.0), (1, 0, 11.0)]);
    assert_eq!(all_spikes(&ring(2.0)), Ok(vec![(5.0, 0), (5.0, 1), (5.0, 2)]));
    let refused = all_spikes(&ring(0.0)).expect_err("endless");
    assert!(matches!(refused, OracleError::EndlessCascade { time: 5.0, neuron: 1 | 2 }), "{refused}");
}

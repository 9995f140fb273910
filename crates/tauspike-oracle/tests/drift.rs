//! The two arithmetics of this crate on the same neurons, and the shape of the random networks.
#![allow(clippy::disallowed_methods, reason = "tests compare and time")]

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use tauspike_network::network::Network;
use tauspike_network::{BuildOptions, LifSpec, NetworkBuilder, ProjectionSpec, Rule, SynapseList, SynapseSpec};
use tauspike_oracle::precise::{Parameters, single_neuron};
use tauspike_oracle::random_network::{Delays, networks};
use tauspike_oracle::simulate;

fn parameters() -> impl Strategy<Value = Parameters> {
    let tau_syn = proptest::option::of((0.2..50.0, prop_oneof![Just(20.0), 0.2..50.0]));
    let tau_m = prop_oneof![Just(20.0), 0.5..100.0];
    let i_e = prop_oneof![Just(0.0), 300.0..700.0];
    (tau_m, tau_syn, prop_oneof![Just(0.0), Just(2.0), 0.1..5.0], i_e, -5.0..25.0).prop_map(
        |(tau_m, tau_syn, t_ref, i_e, v_init)| Parameters {
            tau_m,
            tau_syn,
            c_m: 250.0,
            e_l: 0.0,
            v_th: 20.0,
            v_reset: 5.0,
            t_ref,
            i_e: i_e * 20.0 / tau_m,
            v_init,
        },
    )
}

/// Neuron 0 with these parameters, and one source per arrival.
fn network(given: &Parameters, arrivals: &[(f64, f64)]) -> Network {
    let mut builder = NetworkBuilder::new(0);
    let synapse = given.tau_syn.map_or(SynapseSpec::Delta, |(tau_ex, tau_in)| SynapseSpec::Exponential {
        tau_syn_ex: tau_ex.into(),
        tau_syn_in: tau_in.into(),
    });
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
        synapse,
    };
    let neuron = builder.population("neuron", 1, spec);
    let trains: Vec<Vec<f64>> = arrivals.iter().map(|&(time, _)| vec![time]).collect();
    let sources = builder.population("sources", trains.len() as u32, trains);
    let list = SynapseList {
        pre: (0..arrivals.len() as u32).collect(),
        post: vec![0; arrivals.len()],
        weight: Some(arrivals.iter().map(|&(_, weight)| weight).collect()),
        delay: None,
    };
    builder.project(ProjectionSpec::new("synapses", (sources, neuron), Rule::Explicit(list)).delay(0.0));
    builder.build(&BuildOptions::default()).expect("valid")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_single_neuron_fires_alike_in_both_arithmetics(
        given in parameters(),
        arrivals in proptest::collection::vec((0.0..60.0, -6.0..12.0), 1..40),
    ) {
        let mut arrivals: Vec<(f64, f64)> = arrivals;
        arrivals.sort_by(|first, second| first.0.total_cmp(&second.0));
        if let Some((tau_ex, tau_in)) = given.tau_syn {
            for (_, weight) in &mut arrivals {
                let tau = if *weight > 0.0 { tau_ex } else { tau_in };
                *weight *= given.c_m / tau.min(given.tau_m);
            }
        }
        let precise = single_neuron(&given, &arrivals, 80.0, 40);
        let spikes = simulate(&network(&given, &arrivals), 80.0).expect("no cascade");
        let plain: Vec<f64> = spikes.iter().filter(|spike| spike.source == 0).map(|spike| spike.time).collect();
        prop_assert_eq!(plain.len(), precise.len());
        for (plain, precise) in plain.iter().zip(&precise) {
            prop_assert!((plain - precise).abs() < 1e-9, "{} instead of {}", plain, precise);
        }
    }

    #[test]
    fn random_networks_have_the_delays_asked_for_and_end(
        (delays, network) in prop_oneof![Just(Delays::Positive), Just(Delays::SomeZero), Just(Delays::AllZero)]
            .prop_flat_map(|delays| (Just(delays), networks(delays))),
    ) {
        for projection in network.projections().iter().filter(|projection| projection.max_delay >= projection.min_delay) {
            match delays {
                Delays::Positive => prop_assert!(projection.min_delay > 0.0),
                Delays::SomeZero => prop_assert!(projection.min_delay >= 0.0),
                Delays::AllZero => prop_assert!(projection.max_delay == 0.0),
            }
        }
        let spikes = simulate(&network, 40.0);
        prop_assert!(spikes.is_ok_and(|spikes| spikes.is_sorted() && spikes.iter().all(|spike| spike.time < 40.0)));
    }
}

#[test]
fn most_random_networks_fire_and_some_simultaneously() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut active, mut tied) = (0, 0);
    for _ in 0..40 {
        let network = networks(Delays::SomeZero).new_tree(&mut runner).expect("a network").current();
        let is_neuron = |index: u32| network.blocks().iter().any(|b| (b.first..b.first + b.len).contains(&index));
        let mut spikes = simulate(&network, 40.0).expect("no cascade");
        spikes.retain(|spike| is_neuron(spike.source));
        active += usize::from(spikes.len() > 5);
        tied += usize::from(spikes.windows(2).any(|pair| pair[0].time == pair[1].time));
    }
    assert!(active >= 30 && tied >= 10, "{active} of 40 networks fire, {tied} with ties");
}

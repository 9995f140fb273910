//! Neurons that decay a million times faster than the others of their population, as a wide gamma distribution draws them: windows may then
//! be no longer than a hundred thousandth of a ms, and nearly all of them are empty.

use crate::neurons::{spikes, with_currents};
use std::sync::Arc;
use tauspike_engine::{Options, Simulation};
use tauspike_network::builder::{BuildOptions, NetworkBuilder};
use tauspike_network::network::Network;
use tauspike_network::rule::{Rule, SynapseList};
use tauspike_network::spec::{DriveSpec, InputSpec, LifSpec, ProjectionSpec, RateSpec, SynapseSpec};
use tauspike_oracle::simulate;
use tauspike_spike::Spike;

const NEURONS: u32 = 60;
const SOURCES: u32 = 7;
const END: f64 = 60.0;

fn cells(shortest: f64, driven: bool, synapse: SynapseSpec) -> LifSpec {
    let taus = (0..NEURONS).map(|n| if n % 20 == 7 { shortest } else { 8.0 + f64::from(n) * 0.5 });
    let current = |n: u32| if driven && n.is_multiple_of(3) { 400.0 } else { 0.0 };
    LifSpec {
        tau_m: taus.collect::<Vec<f64>>().into(),
        i_e: (0..NEURONS).map(current).collect::<Vec<f64>>().into(),
        synapse,
        ..LifSpec::default()
    }
}

/// Sources that fire in turn, neurons that excite and inhibit each other over many delays, and private input to some where `noise` is.
fn network(lif: LifSpec, weight: f64, noise: bool) -> Arc<Network> {
    let mut builder = NetworkBuilder::new(3);
    let train = |s: u32| (0..12).map(|k| 0.3 + 4.7 * f64::from(k) + 0.61 * f64::from(s)).collect::<Vec<f64>>();
    let input = builder.population("input", SOURCES, (0..SOURCES).map(train).collect::<Vec<_>>());
    let cells = builder.population("cells", NEURONS, lif);
    let synapses = |pre: u32, weight: &dyn Fn(u32) -> f64| {
        let pairs = (0..pre).flat_map(|s| (0..NEURONS).filter(move |n| (s + n) % 4 == 1).map(move |n| (s, n)));
        let (pre, post): (Vec<u32>, Vec<u32>) = pairs.unzip();
        let delays = pre.iter().zip(&post).map(|(s, n)| 0.5 + 0.013 * f64::from((s * 31 + n * 17) % 150)).collect();
        Rule::Explicit(SynapseList {
            weight: Some(pre.iter().map(|s| weight(*s)).collect()),
            delay: Some(delays),
            pre,
            post,
        })
    };
    builder.project(ProjectionSpec::new("in", (input, cells), synapses(SOURCES, &|_| weight)));
    let recurrent = |n: u32| if n.is_multiple_of(4) { -0.3 * weight } else { 0.04 * weight };
    builder.project(ProjectionSpec::new("back", (cells, cells), synapses(NEURONS, &recurrent)));
    if noise {
        let drive = DriveSpec::Poisson { rate: RateSpec::constant(50.0), weight: (0.2 * weight).into() };
        builder.input(InputSpec { name: "noise".into(), population: cells, members: Some((0..20).collect()), drive });
    }
    Arc::new(builder.build(&BuildOptions::default()).unwrap())
}

fn trains(spikes: &[Spike]) -> Vec<Vec<f64>> {
    let mut trains = vec![Vec::new(); (SOURCES + NEURONS) as usize];
    spikes.iter().for_each(|spike| trains[spike.source as usize].push(spike.time));
    trains
}

#[test]
fn they_agree_with_the_oracle_and_most_windows_are_left_out() {
    let exponential = || SynapseSpec::Exponential { tau_syn_ex: 2.0.into(), tau_syn_in: 5.0.into() };
    let alpha = || SynapseSpec::Alpha { tau_syn_ex: 2.0.into(), tau_syn_in: 5.0.into() };
    for shortest in [1e-3, 1e-5] {
        for (synapse, weight) in [(SynapseSpec::Delta, 9.0), (exponential(), 600.0), (alpha(), 400.0)] {
            for (driven, noise) in [(false, false), (true, false), (false, true), (true, true)] {
                let network = network(cells(shortest, driven, synapse.clone()), weight, noise);
                let (mut found, mut sim) = (Vec::new(), Simulation::new(network.clone(), Options::default()).unwrap());
                sim.run(END, &mut found).unwrap();
                let case = format!("{shortest} ms, {synapse:?}, driven {driven}, noise {noise}");
                let expected = simulate(&network, END).unwrap();
                assert!(found.len() > 12 * SOURCES as usize, "{case}: nothing fires");
                for (n, (found, expected)) in trains(&found).iter().zip(trains(&expected)).enumerate() {
                    assert_eq!(found.len(), expected.len(), "{case}: neuron {n}");
                    let off = found.iter().zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
                    assert!(off < 1e-9, "{case}: neuron {n} by {off} ms");
                }
                let counters = sim.counters();
                let events = counters.synaptic_arrivals + counters.external_arrivals + found.len() as u64;
                // some follow each event, and each epoch has at least one
                let most = 8 * (events + (END / 0.5) as u64);
                assert!(counters.windows < most, "{case}: {} windows of {events} events", counters.windows);
            }
        }
    }
}

#[test]
fn one_alone_fires_in_windows_far_apart() {
    let lif = LifSpec {
        tau_m: 1e-6.into(),
        c_m: 1e-6.into(),
        e_l: (-70.0).into(),
        v_th: (-55.0).into(),
        v_reset: Some((-70.0).into()),
        t_ref: 2.0.into(),
        i_e: 30.0.into(),
        v_init: Some((-70.0).into()),
        ..LifSpec::default()
    };
    for lif in [lif.clone(), with_currents(lif, 2.0, 5.0)] {
        let found = spikes(lif, &[], 200.0);
        // V_th - V_reset = 15 mV of 30
        let rise = 1e-6 * f64::ln(2.0);
        assert_eq!(found.len(), 100);
        for (k, time) in found.iter().enumerate() {
            let expected = (k + 1) as f64 * rise + k as f64 * 2.0;
            assert!((time - expected).abs() < 1e-11, "spike {k} at {time} instead of {expected}");
        }
    }
}

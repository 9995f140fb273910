//! Weights far beyond the range of potentials: sums that 64 bits do not hold go on in 128, and no bit shows it.

use crate::networks::bits;
use std::sync::Arc;
use tauspike_engine::{EngineError, Options, Schedule, Simulation};
use tauspike_network::builder::{BuildOptions, NetworkBuilder};
use tauspike_network::distribution::{Distribution, Family, Spread};
use tauspike_network::network::Network;
use tauspike_network::rule::Rule;
use tauspike_network::spec::{LifSpec, ProjectionSpec, RateSpec};
use tauspike_oracle::simulate;
use tauspike_spike::Spike;

const END: f64 = 150.0;

/// Neurons that fire by ordinary weights, and get some of up to `strong` mV, of either sign, every now and then.
fn network(strong: f64) -> Arc<Network> {
    driven(strong, 0.0, 3)
}

/// The same driven to `v_inf` mV, with so many strong synapses each.
fn driven(strong: f64, v_inf: f64, synapses: u32) -> Arc<Network> {
    let mut builder = NetworkBuilder::new(3);
    let lif = LifSpec {
        tau_m: Distribution::skewed(Family::Lognormal, 20.0, Spread::Cv(0.5)).into(),
        e_l: v_inf.into(),
        v_th: 20.0.into(),
        v_reset: Some(5.0.into()),
        t_ref: 1.0.into(),
        ..LifSpec::default()
    };
    let neurons = builder.population("neurons", 60, lif);
    let many = builder.population("many", 100, RateSpec::constant(100.0));
    let few = builder.population("few", 20, RateSpec::constant(5.0));
    let usual = ProjectionSpec::new("usual", (many, neurons), Rule::FixedInDegree(30));
    builder.project(usual.weight(1.0).delay(0.5));
    let rare = ProjectionSpec::new("rare", (few, neurons), Rule::FixedInDegree(synapses));
    builder.project(rare.weight(Distribution::uniform(-strong, strong)).delay(0.7));
    Arc::new(builder.build(&BuildOptions::default()).unwrap())
}

fn run(network: &Arc<Network>, options: Options) -> Vec<Spike> {
    let mut spikes = Vec::new();
    Simulation::new(network.clone(), options).unwrap().run(END, &mut spikes).unwrap();
    spikes
}

#[test]
fn strong_weights_fire_when_the_oracle_says() {
    for strong in [1e2, 1e4, 1e6, 1e9] {
        let network = network(strong);
        let by_source = |mut spikes: Vec<Spike>| {
            spikes.sort_by_key(|spike| spike.source);
            spikes
        };
        let found = by_source(run(&network, Options::default()));
        let expected = by_source(simulate(&network, END).unwrap());
        assert_eq!(found.len(), expected.len(), "{strong}");
        assert!(found.iter().filter(|spike| spike.source < 60).count() > 500);
        for (found, expected) in found.iter().zip(&expected) {
            assert!(
                found.source == expected.source && (found.time - expected.time).abs() < 1e-8,
                "{strong}: {found:?}"
            );
        }
    }
}

#[test]
fn going_on_in_more_bits_does_not_show() {
    for strong in [1e4, 1e9] {
        let network = network(strong);
        let whole = run(&network, Options::default());
        assert_eq!(bits(&run(&network, Options { threads: 3, ..Options::default() })), bits(&whole));
        assert_eq!(bits(&run(&network, Options { schedule: Schedule::Instants, ..Options::default() })), bits(&whole));
        // before and after the block went over, and each schedule taking up what the other left
        let mut spikes = Vec::new();
        let mut bytes = Simulation::new(network.clone(), Options::default()).unwrap().save().unwrap();
        for k in 1..=30 {
            let schedule = if k % 3 == 0 { Schedule::Instants } else { Schedule::Automatic };
            let options = Options { schedule, ..Options::default() };
            let mut sim = Simulation::restore(network.clone(), options, &bytes).unwrap();
            sim.run(END * f64::from(k) / 30.0, &mut spikes).unwrap();
            bytes = sim.save().unwrap();
        }
        assert_eq!(bits(&spikes), bits(&whole));
    }
}

/// Driven so little above threshold that 40 bits more are needed to tell when, with the strongest weights there may be.
#[test]
fn what_128_bits_do_not_hold_ends_the_run_with_an_error() {
    for schedule in [Schedule::Automatic, Schedule::Instants] {
        let network = driven(1.4e9, 20.0 + 1e-9, 2000);
        let mut sim = Simulation::new(network, Options { schedule, ..Options::default() }).unwrap();
        let error = sim.run(END, &mut Vec::new()).unwrap_err();
        assert!(matches!(error, EngineError::Beyond { neuron, .. } if neuron < 60), "{error}");
        assert!(error.to_string().contains("give it weaker synapses"), "{error}");
    }
}

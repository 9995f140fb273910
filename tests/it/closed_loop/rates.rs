//! A rate that is set is that of another network with which a run goes on from a snapshot.

use crate::networks::bits;
use std::sync::Arc;
use tauspike_engine::{Options, Schedule, Simulation};
use tauspike_network::network::Network;
use tauspike_network::population::Signal;
use tauspike_network::{
    BuildOptions, DriveSpec, InputSpec, LifSpec, NetworkBuilder, ProjectionSpec, RateSpec, Rule, SynapseSpec,
};
use tauspike_spike::Spike;

const END: f64 = 80.0;

/// Neurons, 300 and so more than a group of private input, driven by private trains, and by sources, at these rates.
fn network(exponential: bool, rates: (f64, f64)) -> Arc<Network> {
    let mut builder = NetworkBuilder::new(8);
    builder.block_size(Some(70));
    let (synapse, unit) = match exponential {
        true => (SynapseSpec::Exponential { tau_syn_ex: 1.0.into(), tau_syn_in: 3.0.into() }, 300.0),
        false => (SynapseSpec::Delta, 1.0),
    };
    let cells = builder.population("cells", 300, LifSpec { synapse, ..LifSpec::default() });
    let noise = builder.population("noise", 30, RateSpec::constant(rates.1));
    builder.project(ProjectionSpec::new("noisy", (noise, cells), Rule::FixedInDegree(6)).weight(2.0 * unit).delay(0.8));
    builder.project(ProjectionSpec::new("inhibition", (cells, cells), Rule::FixedInDegree(6)).weight(-unit).delay(1.3));
    let profile = Signal { times: vec![0.0, 25.0], values: vec![0.5, 1.0] };
    let rate = RateSpec { profile: Some(Arc::new(profile)), ..RateSpec::constant(rates.0) };
    let drive = DriveSpec::Poisson { rate, weight: unit.into() };
    builder.input(InputSpec { name: "background".into(), population: cells, members: Some((5..290).collect()), drive });
    Arc::new(builder.build(&BuildOptions::default()).unwrap())
}

/// Rates from these times on: of the input, and of the sources.
const PHASES: [(f64, (f64, f64)); 7] = [
    (0.0, (900.0, 100.0)),
    (7.3, (900.0, 400.0)),
    (20.0, (2500.0, 400.0)),
    (33.3, (0.0, 0.0)),
    (41.0, (1800.0, 100.0)),
    (50.1, (1800.0, 100.0)),
    (64.0, (900.0, 30.0)),
];

fn options(k: usize) -> Options {
    let schedule = if k % 3 == 2 { Schedule::Instants } else { Schedule::Automatic };
    Options { threads: 1 + k % 3, schedule, ..Options::default() }
}

/// A snapshot at each change, and another network from then on.
fn resumed(exponential: bool) -> Vec<Spike> {
    let mut sim = Simulation::new(network(exponential, PHASES[0].1), Options::default()).unwrap();
    let mut spikes = Vec::new();
    for (from, rates) in &PHASES[1..] {
        sim.run(*from, &mut spikes).unwrap();
        let bytes = sim.save().unwrap();
        sim = Simulation::restore(network(exponential, *rates), Options::default(), &bytes).unwrap();
    }
    sim.run(END, &mut spikes).unwrap();
    spikes
}

/// The same set in one simulation; `saved` at some time after each.
fn set(exponential: bool, k: usize, saved: bool) -> Vec<Spike> {
    let network = network(exponential, PHASES[0].1);
    let mut sim = Simulation::new(network.clone(), options(k)).unwrap();
    let mut spikes = Vec::new();
    for (from, rates) in &PHASES[1..] {
        sim.run(*from, &mut spikes).unwrap();
        sim.set_rate("background", rates.0).unwrap();
        sim.set_rate("noise", rates.1).unwrap();
        if saved {
            sim = Simulation::restore(network.clone(), options(k), &sim.save().unwrap()).unwrap();
            sim.run(from + 3.1, &mut spikes).unwrap();
            sim = Simulation::restore(network.clone(), options(k + 1), &sim.save().unwrap()).unwrap();
        }
    }
    sim.run(END, &mut spikes).unwrap();
    spikes
}

#[test]
fn a_rate_that_is_set_equals_a_snapshot_and_another_network() {
    for exponential in [false, true] {
        let expected = bits(&resumed(exponential));
        let of = |sources: bool| expected.iter().filter(|(_, source)| (*source >= 300) == sources).count();
        assert!(of(false) > 300 && of(true) > 100, "{} and {}", of(false), of(true));
        for k in 0..3 {
            for saved in [false, true] {
                assert_eq!(bits(&set(exponential, k, saved)), expected, "{exponential}, {k}, {saved}");
            }
        }
    }
}

#[test]
fn draws_do_not_come_again_however_often_a_rate_is_set() {
    // neurons that fire at each event
    let mut builder = NetworkBuilder::new(8);
    let cells = builder.population("cells", 40, LifSpec { t_ref: 0.0.into(), ..LifSpec::default() });
    let drive = DriveSpec::Poisson { rate: RateSpec::constant(100.0), weight: 100.0.into() };
    builder.input(InputSpec { name: "private".into(), population: cells, members: None, drive });
    let network = Arc::new(builder.build(&BuildOptions::default()).unwrap());
    let mut sim = Simulation::new(network.clone(), Options::default()).unwrap();
    let mut spikes: Vec<Spike> = Vec::new();
    // cells of time are twice as long in the end: 256 changes after the one at 64 ms, that with the same number begins
    let cell = |time: f64| if time < 96.0 { 0.25 } else { 0.5 };
    for k in 0..600 {
        let now = f64::from(k) * 0.25;
        sim.set_rate("private", 2500.0 / cell(now) - 0.01 * now).unwrap();
        sim.run(now + 0.25, &mut spikes).unwrap();
        if k % 100 == 0 {
            sim = Simulation::restore(network.clone(), Options::default(), &sim.save().unwrap()).unwrap();
        }
    }
    let expected = 40.0 * (10.0 * 96.0 + 5.0 * 54.0);
    assert!((spikes.len() as f64 / expected - 1.0).abs() < 0.03, "{} events, expected {expected}", spikes.len());
    // where in its cell an event lies
    let part = |spike: &Spike| ((spike.time / cell(spike.time)).fract() * 2f64.powi(30)) as u64;
    let mut parts: Vec<u64> = spikes.iter().map(part).collect();
    parts.sort_unstable();
    parts.dedup();
    assert!(spikes.len() - parts.len() < 12, "{} of {} twice", spikes.len() - parts.len(), spikes.len());
}

//! The engine against the oracle: one heap, other arithmetic, other root finding, no code in common.
//!
//! Times may differ by rounding, never by more than 1e-8 ms here; simultaneous spikes of different neurons may therefore change
//! places, so the trains are compared neuron by neuron.

use proptest::prelude::*;
use std::sync::Arc;
use tauspike_engine::{Arithmetic, Options, Schedule, Simulation};
use tauspike_network::network::Network;
use tauspike_oracle::process::Private;
use tauspike_oracle::random_network::{Delays, networks};
use tauspike_oracle::simulate_with;
use tauspike_spike::Spike;

const END: f64 = 60.0;

fn engine(network: &Arc<Network>, options: Options) -> Vec<Spike> {
    let mut spikes = Vec::new();
    Simulation::new(network.clone(), options).unwrap().run(END, &mut spikes).unwrap();
    spikes
}

fn trains(network: &Network, spikes: &[Spike]) -> Vec<Vec<f64>> {
    let mut trains = vec![Vec::new(); network.neurons() as usize];
    spikes.iter().for_each(|spike| trains[spike.source as usize].push(spike.time));
    trains
}

/// The earliest spike that one has and the other has not: its neuron and time.
fn first_difference(one: &[Vec<f64>], other: &[Vec<f64>]) -> Option<(u32, f64)> {
    let of = |(neuron, (a, b)): (u32, (&Vec<f64>, &Vec<f64>))| {
        let alike = a.iter().zip(b).take_while(|(a, b)| (**a - **b).abs() < 1e-8).count();
        let next = [a.get(alike), b.get(alike)].into_iter().flatten().copied().reduce(f64::min)?;
        Some((neuron, next))
    };
    (0..).zip(one.iter().zip(other)).filter_map(of).min_by(|a, b| a.1.total_cmp(&b.1))
}

/// Whether arrivals at the neuron tie at that time but for rounding: d1 + d2 and d2 + d1 are one time in real numbers and may be two in
/// f64. What fires then depends on which comes first, so nobody can judge.
fn ties(network: &Network, trains: &[Vec<f64>], (neuron, time): (u32, f64)) -> bool {
    let mut times: Vec<f64> = Vec::new();
    for projection in 0..network.projections().len() {
        for synapse in network.synapses_of(projection).filter(|synapse| synapse.target == neuron) {
            times.extend(trains[synapse.source as usize].iter().map(|spike| spike + synapse.delay));
        }
    }
    times.retain(|arrival| (arrival - time).abs() < 1e-9);
    times.iter().any(|arrival| *arrival != times[0])
}

fn agrees(network: Network, options: Options) -> Result<(), TestCaseError> {
    let network = Arc::new(network);
    let private = match options.arithmetic {
        Arithmetic::Float => Private::Trains,
        Arithmetic::Integer => Private::Cells,
    };
    let expected = trains(&network, &simulate_with(&network, END, private).unwrap());
    let found = trains(&network, &engine(&network, options));
    if let Some(difference) = first_difference(&found, &expected) {
        prop_assume!(!ties(&network, &expected, difference) && !ties(&network, &found, difference));
        prop_assert!(false, "neuron and time of the first spike that only one has: {difference:?}");
    }
    Ok(())
}

proptest! {
    #[test]
    fn epochs_agree_with_the_oracle(network in networks(Delays::Positive)) {
        agrees(network, Options { threads: 2, ..Options::default() })?;
    }

    #[test]
    fn instants_agree_with_the_oracle(network in networks(Delays::Positive)) {
        agrees(network, Options { schedule: Schedule::Instants, ..Options::default() })?;
    }

    #[test]
    fn zero_delays_agree_with_the_oracle(network in prop_oneof![networks(Delays::SomeZero), networks(Delays::AllZero)]) {
        agrees(network, Options::default())?;
    }

    #[test]
    fn integers_agree_with_the_oracle(network in networks(Delays::Positive), by_instants: bool) {
        let schedule = if by_instants { Schedule::Instants } else { Schedule::Automatic };
        agrees(network, Options { threads: 2, schedule, arithmetic: Arithmetic::Integer, ..Options::default() })?;
    }

    #[test]
    fn integers_agree_at_zero_delays(network in prop_oneof![networks(Delays::SomeZero), networks(Delays::AllZero)]) {
        agrees(network, Options { arithmetic: Arithmetic::Integer, ..Options::default() })?;
    }
}

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

fn by_neuron(spikes: &[Spike]) -> Vec<Spike> {
    let mut sorted = spikes.to_vec();
    sorted.sort_by_key(|s| s.source);
    sorted
}

fn agrees(network: Network, options: Options) -> Result<(), TestCaseError> {
    let network = Arc::new(network);
    let private = match options.arithmetic {
        Arithmetic::Float => Private::Trains,
        Arithmetic::Integer => Private::Cells,
    };
    let expected = by_neuron(&simulate_with(&network, END, private).unwrap());
    let found = by_neuron(&engine(&network, options));
    for (found, expected) in found.iter().zip(&expected) {
        prop_assert_eq!(found.source, expected.source, "{:?} instead of {:?}", found, expected);
        prop_assert!((found.time - expected.time).abs() < 1e-8, "{:?} instead of {:?}", found, expected);
    }
    prop_assert_eq!(found.len(), expected.len());
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

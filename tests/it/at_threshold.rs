//! Neurons that start at threshold, or next to it: where what is a crossing and what is a start is decided by roundings.

use std::sync::Arc;
use tauspike_engine::{Options, Schedule, Simulation};
use tauspike_network::{BuildOptions, LifSpec, NetworkBuilder, SynapseSpec};
use tauspike_spike::Spike;

/// From far below what drives a neuron to threshold (1500 pA) to far above it, with all their digits.
fn currents() -> impl Iterator<Item = f64> {
    (0..200).map(|k| 400.0 + 997.3 * f64::from(k) / 3.0)
}

fn spikes(lif: &LifSpec, schedule: Schedule) -> Vec<Spike> {
    let mut builder = NetworkBuilder::new(1);
    builder.population("N", 1, lif.clone());
    let network = Arc::new(builder.build(&BuildOptions { threads: 1, ..BuildOptions::default() }).unwrap());
    let options = Options { threads: 1, schedule, ..Options::default() };
    let mut spikes = Vec::new();
    Simulation::new(network, options).unwrap().run(3.0, &mut spikes).unwrap();
    spikes
}

fn starting(synapse: &SynapseSpec, i_e: f64, v_init: f64) -> LifSpec {
    LifSpec { i_e: i_e.into(), v_init: Some(v_init.into()), synapse: synapse.clone(), ..LifSpec::default() }
}

#[test]
fn who_starts_at_threshold_or_next_to_it_fires_under_either_schedule() {
    const V_TH: f64 = -55.0;
    let exponential = SynapseSpec::Exponential { tau_syn_ex: 2.0.into(), tau_syn_in: 3.0.into() };
    for synapse in [SynapseSpec::Delta, exponential] {
        for i_e in currents() {
            for below in [0.0, -1e-13, -1.0, 1e-13, 1e-12, 1e-11, 1e-6] {
                let lif = starting(&synapse, i_e, V_TH - below);
                let [epochs, instants] = [Schedule::Automatic, Schedule::Instants].map(|by| spikes(&lif, by));
                assert_eq!(epochs, instants, "{synapse:?}, {i_e} pA, {below} mV below");
                if below <= 0.0 {
                    assert_eq!(epochs.first().map(|spike| spike.time), Some(0.0), "{synapse:?}, {i_e} pA, {below} mV");
                }
            }
        }
    }
}

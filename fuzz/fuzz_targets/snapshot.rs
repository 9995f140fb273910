//! Any bytes as a snapshot, and any bytes as the body of one whose header and checksum are right: an error or a simulation whose
//! state can be saved again; never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sha2::{Digest, Sha256};
use std::sync::{Arc, LazyLock};
use tauspike_engine::{Options, Simulation};
use tauspike_network::builder::{BuildOptions, NetworkBuilder};
use tauspike_network::network::Network;
use tauspike_network::population::Signal;
use tauspike_network::rule::Rule;
use tauspike_network::spec::{DriveSpec, InputSpec, LifSpec, ProjectionSpec, RateSpec, SynapseSpec};

/// Up to the length of the body: magic, version.
const FRONT: usize = 8 + 4;

static NETWORK: LazyLock<(Arc<Network>, Vec<u8>)> = LazyLock::new(|| {
    let mut builder = NetworkBuilder::new(1);
    let exponential = SynapseSpec::Exponential { tau_syn_ex: 1.0.into(), tau_syn_in: 2.0.into() };
    let noise = builder.population("noise", 2, RateSpec::constant(100.0));
    let delta = builder.population("delta", 2, LifSpec::default());
    let slow = builder.population("slow", 2, LifSpec { synapse: exponential, ..LifSpec::default() });
    for (name, ends) in [("a", (noise, delta)), ("b", (delta, slow))] {
        builder.project(ProjectionSpec::new(name, ends, Rule::AllToAll).weight(20.0).delay(1.5));
    }
    let rate = RateSpec { stop: 50.0, ..RateSpec::constant(200.0) };
    let poisson = DriveSpec::Poisson { rate, weight: 1.0.into() };
    let signal = Signal { times: vec![5.0, 30.0], values: vec![100.0, 0.0] };
    let current = DriveSpec::Current { signal: Arc::new(signal), scale: 1.0.into() };
    for (name, population, drive) in [("private", delta, poisson), ("current", slow, current)] {
        builder.input(InputSpec { name: name.into(), population, members: None, drive });
    }
    let network = Arc::new(builder.build(&BuildOptions::default()).unwrap());
    let mut sim = Simulation::new(network.clone(), Options::default()).unwrap();
    sim.run(20.0, &mut ()).unwrap();
    (network, sim.save().unwrap())
});

fuzz_target!(|data: &[u8]| {
    let Some((&selector, bytes)) = data.split_first() else { return };
    let (network, valid) = &*NETWORK;
    let snapshot = match selector % 3 {
        0 => bytes.to_vec(),
        1 => wrapped(&valid[..FRONT], bytes),
        _ => {
            // a valid body with some bytes overwritten
            let mut body = valid[FRONT + 40..].to_vec();
            for change in bytes.chunks_exact(3) {
                let at = usize::from(u16::from_le_bytes([change[0], change[1]])) % body.len();
                body[at] = change[2];
            }
            wrapped(&valid[..FRONT], &body)
        }
    };
    if let Ok(sim) = Simulation::restore(network.clone(), Options::default(), &snapshot) {
        let saved = sim.save().unwrap();
        assert!(Simulation::restore(network.clone(), Options::default(), &saved).is_ok());
    }
});

fn wrapped(front: &[u8], body: &[u8]) -> Vec<u8> {
    let mut bytes = front.to_vec();
    bytes.extend_from_slice(&(body.len() as u64).to_le_bytes());
    bytes.extend_from_slice(&Sha256::digest(body));
    bytes.extend_from_slice(body);
    bytes
}

//! What an arrival, and a neuron, costs on this machine: three small networks, run now, in some tenths of a second.
//!
//! What is left out: the search for crossings (matters under constant drive), short epochs, the disk, and the slower memory of networks
//! much larger than these.

use crate::failure::Failure;
use std::sync::Arc;
use std::time::Instant;
use tauspike_engine::{Counters, Options, Simulation};
use tauspike_network::distribution::{Distribution, Family, Spread};
use tauspike_network::{
    BuildOptions, DriveSpec, InputSpec, LifSpec, NetworkBuilder, ProjectionSpec, RateSpec, Rule, SynapseSpec,
};

/// So many that they do not stay in the caches of a core, as those of large networks do not.
const NEURONS: u32 = 50_000;
const IN_DEGREE: u32 = 100;
/// ms.
const DURATION: f64 = 20.0;
/// When the last source fires, ms; the delay after it still fits in.
const LAST: f64 = 18.0;
const RATE_HZ: f64 = 2000.0;
/// So little that a neuron costs more than what comes to it.
const IDLE_HZ: f64 = 200.0;
const REPEATS: usize = 3;

/// Seconds on one thread.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// Of an arrival over a synapse.
    pub synaptic_s: f64,
    /// Of one from a private Poisson input, with drawing it.
    pub external_s: f64,
    /// Of a neuron in a ms, whatever comes to it.
    pub neuron_s: f64,
}

impl Cost {
    /// Measures it, for neurons with exponential currents or with delta synapses.
    ///
    /// # Errors
    /// If the networks cannot be built, for want of memory.
    pub fn measure(exponential: bool) -> Result<Self, Failure> {
        let spread = Distribution::skewed(Family::Lognormal, 20.0, Spread::Cv(0.5));
        let synapse = match exponential {
            true => SynapseSpec::Exponential { tau_syn_ex: 0.5.into(), tau_syn_in: 0.5.into() },
            false => SynapseSpec::Delta,
        };
        let lif = LifSpec { synapse, ..LifSpec::default() };
        // weights so small that nothing fires
        let mut synaptic = NetworkBuilder::new(1);
        let trains: Vec<Vec<f64>> = (0..NEURONS).map(|k| vec![f64::from(k) / f64::from(NEURONS) * LAST]).collect();
        let sources = synaptic.population("sources", NEURONS, trains);
        let targets = synaptic.population("targets", NEURONS, lif.clone());
        let all = ProjectionSpec::new("all", (sources, targets), Rule::FixedInDegree(IN_DEGREE));
        synaptic.project(all.weight(1e-3).delay(1.5));

        let noise = |lif: LifSpec, rate: f64| {
            let mut builder = NetworkBuilder::new(1);
            let population = builder.population("targets", NEURONS, lif);
            let drive = DriveSpec::Poisson { rate: RateSpec::constant(rate), weight: 1e-3.into() };
            builder.input(InputSpec { name: "noise".into(), population, members: None, drive });
            builder
        };
        let external_s = seconds_per(noise(lif.clone(), RATE_HZ), |work| work.external_arrivals as f64)?;
        let idle = noise(LifSpec { tau_m: spread.into(), ..lif }, IDLE_HZ);
        let idle_s = seconds_per(idle, |_| f64::from(NEURONS) * DURATION)?;
        Ok(Self {
            synaptic_s: seconds_per(synaptic, |work| work.synaptic_arrivals as f64)?,
            external_s,
            neuron_s: (idle_s - IDLE_HZ * 1e-3 * external_s).max(0.0),
        })
    }
}

/// The least of a few runs: whatever else the machine does only adds.
fn seconds_per(network: NetworkBuilder, what: impl Fn(&Counters) -> f64) -> Result<f64, Failure> {
    let options = BuildOptions { threads: 1, ranks: 1, memory_limit: None };
    let network = Arc::new(network.build(&options).map_err(Failure::input)?);
    let mut least = f64::INFINITY;
    for _ in 0..REPEATS {
        let mut simulation = Simulation::new(network.clone(), Options::default()).map_err(Failure::input)?;
        let start = Instant::now();
        simulation.run(DURATION, &mut ()).map_err(Failure::input)?;
        least = least.min(start.elapsed().as_secs_f64() / what(&simulation.counters()));
    }
    Ok(least)
}

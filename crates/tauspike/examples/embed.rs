//! A network built in Rust: weights in as a sparse matrix, spikes recorded to Parquet, weights out again.
//!
//! `cargo run --example embed` writes `embed-spikes.parquet` into a new folder in the temporary one, and prints rates.

use std::error::Error;
use std::sync::Arc;
use tauspike::record::{ROWS_PER_GROUP, Spikes, rates, read_spikes};
use tauspike::sprs::{CsMat, TriMat};
use tauspike::*;

const EXCITATORY: u32 = 400;
const INHIBITORY: u32 = 100;
/// ms.
const DURATION: f64 = 1000.0;

fn main() -> Result<(), Box<dyn Error>> {
    let ring = ring();
    let network = Arc::new(network(&ring)?);
    println!("{} neurons, {} synapses", network.neurons(), network.synapses());

    let range =
        |p: &network::population::Population| PopulationRange { name: p.name.clone(), first: p.first, size: p.size };
    let populations = Populations::new(network.populations().iter().map(range).collect())?;
    let folder = std::env::temp_dir().join(format!("tauspike-embed-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let file = folder.join("embed-spikes.parquet");
    let mut recorder = SpikeRecorder::create(&file, Spikes::new(populations.clone()), ROWS_PER_GROUP)?;
    let mut simulation = Simulation::new(network.clone(), Options { threads: 2, ..Options::default() })?;
    simulation.run(DURATION, &mut recorder)?;
    recorder.finish()?;

    let spikes = read_spikes(&file)?;
    for (population, rate) in populations.ranges().iter().zip(rates(&spikes, &populations, DURATION)) {
        println!("{}: {rate:.2} Hz", population.name);
    }
    let out: CsMat<f64> = network.weight_matrix(0)?;
    println!("ring: {} weights, density {:.4}, the same as handed in: {}", out.nnz(), out.density(), out == ring);
    println!("spikes are in {}", file.display());
    Ok(())
}

/// Each excitatory neuron excites its eight neighbours ahead, less the farther they are; row = source, column = target, mV.
fn ring() -> CsMat<f64> {
    let size = EXCITATORY as usize;
    let mut weights = TriMat::new((size, size));
    for source in 0..size {
        for step in 1..=8 {
            weights.add_triplet(source, (source + step) % size, 0.4 / step as f64);
        }
    }
    weights.to_csr()
}

fn network(ring: &CsMat<f64>) -> Result<Network, NetworkError> {
    let mut builder = NetworkBuilder::new(7);
    let cells = |mean, cv| LifSpec {
        tau_m: Distribution::skewed(Family::Gamma, mean, Spread::Cv(cv)).into(),
        ..LifSpec::default()
    };
    let e = builder.population("E", EXCITATORY, cells(20.0, 0.7));
    let i = builder.population("I", INHIBITORY, cells(10.0, 0.3));
    builder.project(ProjectionSpec::new("ring", (e, e), Rule::Explicit(SynapseList::from_csmat(ring)?)).delay(1.5));
    builder.project(ProjectionSpec::new("E to I", (e, i), Rule::FixedInDegree(40)).weight(0.2).delay(1.0));
    let delay = Distribution::normal(1.5, Spread::Sd(0.5)).truncated(Some(0.2), None);
    builder.project(ProjectionSpec::new("I to E", (i, e), Rule::PairwiseBernoulli(0.1)).weight(-1.0).delay(delay));
    for (name, population) in [("drive of E", e), ("drive of I", i)] {
        let drive = DriveSpec::Poisson { rate: RateSpec::constant(9_000.0), weight: 0.1.into() };
        builder.input(InputSpec { name: name.into(), population, members: None, drive });
    }
    builder.build(&BuildOptions::default())
}

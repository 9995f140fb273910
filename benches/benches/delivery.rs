//! Delivery against the least it could cost: a bare scatter-add over the same rows of the same fan-out table, for the same spikes.
//!
//! 10 000 sources that fire at 43 Hz onto 10 000 silent neurons, in-degree 1000: the numbers of the `brunel` scenario without its
//! Poisson input. The engine adds an integer scaled to the time of each arrival, and looks which neurons come near threshold; the scatter-add
//! does one addition per synapse and knows no time. Their ratio is printed: it is how far the engine is from the memory's limit.
#![allow(clippy::disallowed_methods, reason = "measures time")]
#![allow(missing_docs)]

use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tauspike_engine::{Options, Simulation};
use tauspike_network::{BuildOptions, LifSpec, Network, NetworkBuilder, ProjectionSpec, Rule};

const NEURONS: u32 = 10_000;
const IN_DEGREE: u32 = 1000;
/// ms; a rate of 43 Hz.
const INTERVAL: f64 = 1e3 / 43.0;
/// ms.
const DURATION: f64 = 20.0;
const GOLDEN: f64 = 0.618_033_988_749_895;

/// When source `k` fires: once at most in [`DURATION`], spread evenly.
fn train(k: u32) -> Vec<f64> {
    let first = (f64::from(k) * GOLDEN).fract() * INTERVAL;
    if first < DURATION - 2.0 { vec![first] } else { Vec::new() }
}

fn network() -> Network {
    let mut builder = NetworkBuilder::new(1);
    let sources = builder.population("sources", NEURONS, (0..NEURONS).map(train).collect::<Vec<_>>());
    let targets = builder.population("targets", NEURONS, LifSpec::default());
    let rule = Rule::FixedInDegree(IN_DEGREE);
    builder.project(ProjectionSpec::new("all", (sources, targets), rule).weight(1e-3).delay(1.5));
    builder.build(&BuildOptions { threads: 1, ..BuildOptions::default() }).expect("the description is right")
}

/// Adds 1 to each target of each of `spikes`, in their order.
fn scatter(network: &Network, spikes: &[u32], sums: &mut [Vec<i64>]) {
    for &source in spikes {
        for (rows, sums) in network.projections()[0].stored().unwrap_or_default().iter().zip(&mut *sums) {
            for &target in &rows.targets[rows.row(source)] {
                sums[usize::from(target)] += 1;
            }
        }
    }
}

fn simulate(mut simulation: Simulation) -> u64 {
    simulation.run(DURATION, &mut ()).expect("nothing can be refused");
    simulation.counters().synaptic_arrivals
}

fn least_of_5(mut run: impl FnMut() -> Duration) -> f64 {
    (0..5).map(|_| run()).min().map_or(0.0, |least| least.as_secs_f64())
}

fn delivery(c: &mut Criterion) {
    let network = Arc::new(network());
    let fresh = || Simulation::new(network.clone(), Options::default()).expect("one thread");
    let mut spikes: Vec<u32> = (0..NEURONS).filter(|k| !train(*k).is_empty()).collect();
    spikes.sort_by(|a, b| train(*a)[0].total_cmp(&train(*b)[0]));
    let mut sums: Vec<Vec<i64>> =
        network.projections()[0].stored().unwrap_or_default().iter().map(|_| vec![0; 1 << 16]).collect();

    let arrivals = simulate(fresh());
    scatter(&network, &spikes, &mut sums);
    assert_eq!(arrivals, sums.iter().flatten().sum::<i64>() as u64, "both deliver the same arrivals");
    let bare = least_of_5(|| {
        let start = Instant::now();
        scatter(&network, &spikes, black_box(&mut sums));
        start.elapsed()
    });
    let engine = least_of_5(|| {
        let (simulation, start) = (fresh(), Instant::now());
        simulate(simulation);
        start.elapsed()
    });
    let ns = |seconds: f64| seconds * 1e9 / arrivals as f64;
    println!(
        "{arrivals} arrivals: scatter-add {:.3} ns, engine {:.3} ns each, ratio {:.2}",
        ns(bare),
        ns(engine),
        engine / bare
    );

    let mut group = c.benchmark_group("delivery");
    group.sampling_mode(SamplingMode::Flat).sample_size(10).throughput(Throughput::Elements(arrivals));
    group.bench_function("scatter_add", |b| b.iter(|| scatter(&network, &spikes, black_box(&mut sums))));
    group.bench_function("engine", |b| b.iter_batched(fresh, simulate, criterion::BatchSize::PerIteration));
    group.finish();
}

criterion_group!(benches, delivery);
criterion_main!(benches);

//! What it costs to come back after each millisecond: 1e5 neurons (those of the scenario `sparse_low`) run for 100 ms, whole and in steps of
//! 1 ms, on one thread and on two. The ratio is printed.
#![allow(clippy::disallowed_methods, reason = "measures time")]
#![allow(missing_docs)]

use criterion::{Criterion, SamplingMode, criterion_group, criterion_main};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tauspike_engine::{Options, Simulation};
use tauspike_network::Network;
use tauspike_scenario::load;
use tauspike_spike::Spike;

/// Before and after what is measured, ms.
const FROM: u32 = 100;
const UNTIL: u32 = 200;

/// Runs in steps of so many ms.
fn stepped(network: &Arc<Network>, threads: usize, step: u32) -> Duration {
    let options = Options { threads, ..Options::default() };
    let mut simulation = Simulation::new(network.clone(), options).expect("so many threads are allowed");
    let mut spikes: Vec<Spike> = Vec::new();
    let mut run = |until: u32| simulation.run(until.into(), &mut spikes).expect("nothing can be refused");
    run(FROM);
    let begun = Instant::now();
    (FROM..UNTIL).step_by(step as usize).for_each(|now| run(now + step));
    begun.elapsed()
}

fn closed_loop(c: &mut Criterion) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios/sparse_low");
    let scenario = load(&folder, &[]).unwrap_or_else(|error| panic!("{error}"));
    let network = Arc::new(scenario.network(2).unwrap_or_else(|error| panic!("{error}")));
    let mut group = c.benchmark_group("closed_loop");
    group.sampling_mode(SamplingMode::Flat).sample_size(10);
    for threads in [1, 2] {
        let least = |step| (0..5).map(|_| stepped(&network, threads, step)).min().unwrap_or_default().as_secs_f64();
        let (whole, steps) = (least(UNTIL - FROM), least(1));
        println!("{threads} threads: steps of 1 ms cost {:+.1} %", 100.0 * (steps / whole - 1.0));
        for (name, step) in [("whole", UNTIL - FROM), ("steps of 1 ms", 1)] {
            let timed = |times: u64| -> Duration { (0..times).map(|_| stepped(&network, threads, step)).sum() };
            group.bench_function(format!("{name}, {threads} threads"), |b| b.iter_custom(timed));
        }
    }
    group.finish();
}

criterion_group!(benches, closed_loop);
criterion_main!(benches);

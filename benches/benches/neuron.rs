//! One neuron: decay factors by the batch, and the search for a crossing.
#![allow(missing_docs)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use tauspike_neuron::crossing::first_crossing;
use tauspike_neuron::dynamics::{Dynamics, State};
use tauspike_neuron::elementary::expm1;

/// Decay factors of a batch of arrivals, exp(-dt / tau_m) - 1, with the instructions every machine has.
fn decay(c: &mut Criterion) {
    let intervals: Vec<f64> = (0..1024).map(|k| -0.016 * f64::from(k) / 20.0).collect();
    let mut factors = vec![0.0; intervals.len()];
    let mut group = c.benchmark_group("decay");
    group.throughput(Throughput::Elements(intervals.len() as u64));
    group.bench_function("batch_of_1024", |b| {
        b.iter(|| {
            black_box(&intervals).iter().zip(black_box(&mut factors)).for_each(|(x, factor)| *factor = expm1(*x));
        });
    });
    group.finish();
}

fn crossing(c: &mut Criterion) {
    let mut group = c.benchmark_group("first_crossing");
    let dynamics = Dynamics::new(20.0, 0.5, 2.0);
    for (name, ex) in [("found", 8.0), ("refused", 2.0)] {
        let y = State { x: 18.0, ex: [ex], inh: [-1.0] };
        group.bench_function(name, |b| b.iter(|| first_crossing(black_box(&dynamics), black_box(y), 20.0, |_| false)));
    }
    group.finish();
}

criterion_group!(benches, decay, crossing);
criterion_main!(benches);

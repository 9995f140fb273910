//! One neuron: arrivals by the batch, decay factors by the batch, and the search for a crossing.
#![allow(missing_docs)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use tauspike_neuron::crossing::first_crossing;
use tauspike_neuron::dynamics::{Dynamics, State};
use tauspike_neuron::elementary::expm1;
use tauspike_neuron::{Arrival, Cell, Delta, Exponential, Factors, Parameters, SynapticTimes, Work};

const PARAMETERS: Parameters =
    Parameters { tau_m: 20.0, c_m: 250.0, e_l: 0.0, v_th: 20.0, v_reset: 10.0, t_ref: 2.0, i_e: 0.0, v_init: 0.0 };

/// Arrivals every 16 us, four excitatory for one inhibitory: what a neuron of the `brunel` scenario gets.
fn arrivals(unit: f64) -> Vec<Arrival> {
    let weight = |k| if k % 5 == 4 { -0.35 * unit } else { 0.1 * unit };
    (0..10_000).map(|k| Arrival { time: 0.016 * f64::from(k), weight: weight(k) }).collect()
}

fn advance(c: &mut Criterion) {
    let mut group = c.benchmark_group("advance");
    let delta = arrivals(1.0);
    group.throughput(Throughput::Elements(delta.len() as u64));
    group.bench_function("delta", |b| {
        b.iter(|| run(Delta::new(&PARAMETERS), black_box(&delta)));
    });
    let exponential = arrivals(500.0);
    group.bench_function("exponential", |b| {
        let cell = Exponential::new(&PARAMETERS, SynapticTimes { ex: 0.5, inh: 0.5 });
        b.iter(|| run(cell.clone(), black_box(&exponential)));
    });
    group.finish();
}

fn run(mut cell: impl Cell, arrivals: &[Arrival]) -> usize {
    let mut spikes = 0;
    cell.advance_alone(arrivals, &mut Factors::default(), 1e3, &mut Work::default(), &mut |_| spikes += 1);
    spikes
}

/// Decay factors of a batch of arrivals, exp(-dt / tau_m) - 1, with the instructions every machine has.
fn decay(c: &mut Criterion) {
    let intervals: Vec<f64> = arrivals(1.0)[..1024].iter().map(|arrival| -arrival.time / PARAMETERS.tau_m).collect();
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
        let y = State { x: 18.0, ex, inh: -1.0 };
        group.bench_function(name, |b| b.iter(|| first_crossing(black_box(&dynamics), black_box(y), 20.0)));
    }
    group.finish();
}

criterion_group!(benches, advance, decay, crossing);
criterion_main!(benches);

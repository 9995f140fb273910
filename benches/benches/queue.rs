//! The two queues of the instant loop, as a network with zero delays uses them: one neuron leads, a hundred others move later.
#![allow(missing_docs)]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use tauspike_engine::queue::{CrossingQueue, Keyed, Tournament};
use tauspike_spike::Domain;
use tauspike_spike::draw::block;

const FAN_OUT: u64 = 100;

fn spike(queue: &mut impl CrossingQueue, neurons: u32, turn: u64) {
    let Some(first) = queue.first() else { return };
    for k in 0..FAN_OUT {
        let [a, b] = block(1, Domain::other(0), 0, turn * FAN_OUT + k);
        let target = (a % u64::from(neurons)) as u32;
        queue.set(target, first.time + 1.0 + (b >> 40) as f64 * 1e-6);
    }
    queue.set(first.neuron, first.time + 20.0);
}

fn filled<Q: CrossingQueue>(mut queue: Q, neurons: u32) -> Q {
    for neuron in 0..neurons {
        queue.set(neuron, (block(1, Domain::other(1), neuron, 0)[0] >> 40) as f64 * 1e-5);
    }
    queue
}

fn spikes(c: &mut Criterion) {
    let mut group = c.benchmark_group("spike_of_100_targets");
    group.throughput(Throughput::Elements(FAN_OUT));
    for neurons in [1_000, 100_000] {
        let (mut keyed, mut tree) =
            (filled(Keyed::default(), neurons), filled(Tournament::new(neurons as usize), neurons));
        let mut turn = 0;
        group.bench_function(BenchmarkId::new("keyed", neurons), |b| {
            b.iter(|| {
                turn += 1;
                spike(&mut keyed, neurons, turn);
            });
        });
        group.bench_function(BenchmarkId::new("tournament", neurons), |b| {
            b.iter(|| {
                turn += 1;
                spike(&mut tree, neurons, turn);
            });
        });
    }
    group.finish();
}

criterion_group!(benches, spikes);
criterion_main!(benches);

//! Spikes to Parquet: what the engine's thread waits for (`push`), with the writing thread's time until all is on disk (`finish`).
#![allow(missing_docs)]

use criterion::{BatchSize, Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use std::path::PathBuf;
use tauspike_record::{PopulationRange, Populations, ROWS_PER_GROUP, SpikeRecorder, Spikes};
use tauspike_spike::Spike;

const SPIKES: u32 = 500_000;
/// Spikes of one epoch of `brunel`.
const EPOCH: usize = 650;

fn recorder() -> (tempfile::TempDir, SpikeRecorder) {
    let folder = tempfile::tempdir().expect("the system has a place for temporary files");
    let range = PopulationRange { name: "E".into(), first: 0, size: 10_000 };
    let populations = Populations::new(vec![range]).expect("one population");
    let path: PathBuf = folder.path().join("spikes.parquet");
    let recorder = SpikeRecorder::create(&path, Spikes::new(populations), ROWS_PER_GROUP).expect("the folder is new");
    (folder, recorder)
}

fn recording(c: &mut Criterion) {
    let spikes: Vec<Spike> = (0..SPIKES)
        .map(|k| Spike { time: f64::from(k) * 0.0023, source: k.wrapping_mul(2_654_435_761) % 10_000 })
        .collect();
    let mut group = c.benchmark_group("record");
    group.sampling_mode(SamplingMode::Flat).sample_size(10).throughput(Throughput::Elements(SPIKES.into()));
    group.bench_function("spikes", |b| {
        let record = |(folder, mut recorder): (tempfile::TempDir, SpikeRecorder)| {
            spikes.chunks(EPOCH).for_each(|epoch| recorder.push(epoch).expect("the disk takes them"));
            recorder.finish().expect("the disk takes them");
            folder
        };
        b.iter_batched(recorder, record, BatchSize::PerIteration);
    });
    group.finish();
}

criterion_group!(benches, recording);
criterion_main!(benches);

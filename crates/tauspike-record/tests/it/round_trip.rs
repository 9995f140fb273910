//! What goes in comes out, whatever the sizes of slices and row groups.

use crate::train;
use arrow_array::Array;
use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, UInt64Type};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use proptest::prelude::*;
use std::fs::File;
use std::path::Path;
use tauspike_record::*;
use tauspike_spike::{ProbeRow, Spike, SpikeSink};

fn record(path: &Path, spikes: &[Spike], slice: usize, rows_per_group: usize) -> Digest {
    let table = Spikes::new(train::populations());
    let mut recorder = SpikeRecorder::create(path, table, train::rows(rows_per_group)).unwrap();
    spikes.chunks(slice).for_each(|slice| recorder.take(slice).unwrap());
    recorder.finish().unwrap().digest
}

fn group_sizes(path: &Path) -> Vec<i64> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
    reader.metadata().row_groups().iter().map(|group| group.num_rows()).collect()
}

fn batches(path: &Path) -> Vec<RecordBatch> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
    reader.build().unwrap().map(Result::unwrap).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_spike_comes_back_bit_by_bit(count in 0usize..300, slice in 1usize..80, rows in 1usize..120) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("spikes.parquet");
        let spikes = train::first(count);
        let digest = record(&path, &spikes, slice, rows);

        prop_assert!(path.is_file());
        let table = read_spikes(&path).unwrap();
        prop_assert_eq!(train::of(&table), spikes.clone());
        prop_assert_eq!(table.populations, Some(train::populations()));
        let mut expected = Digest::new(train::populations());
        expected.take(&spikes).unwrap();
        prop_assert_eq!(digest.hex(), expected.hex());
        prop_assert_eq!(read_digest(&path, train::populations()).unwrap().hex(), expected.hex());
        prop_assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left beside the file");
    }

    #[test]
    fn no_row_group_is_larger_than_asked_for(count in 0usize..500, slice in 1usize..700, rows in 1usize..120) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("spikes.parquet");
        record(&path, &train::first(count), slice, rows);
        let groups = group_sizes(&path);
        prop_assert_eq!(groups.len(), count.div_ceil(rows));
        prop_assert!(groups.iter().all(|&group| group as usize <= rows));
    }
}

#[test]
fn a_run_without_spikes_gives_a_valid_empty_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("spikes.parquet");
    record(&path, &[], 1, 10);
    let table = read_spikes(&path).unwrap();
    assert!(table.is_empty());
    assert_eq!(table.names, ["e", "i"]);
}

#[test]
fn the_folder_of_parts_is_readable_from_the_start_and_after_a_dropped_run() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("spikes.parquet");
    let table = Spikes::new(train::populations());
    let mut recorder = SpikeRecorder::create(&path, table, train::rows(64)).unwrap();
    assert!(read_spikes(&path).unwrap().is_empty());
    recorder.take(&train::first(100)).unwrap();
    drop(recorder);
    assert!(path.is_dir());
    assert_eq!(train::of(&read_spikes(&path).unwrap()), train::first(100));
}

#[test]
fn columns_carry_units_and_the_file_carries_versions() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("spikes.parquet");
    record(&path, &train::first(30), 7, 10);
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(&path).unwrap()).unwrap();
    let field = reader.schema().field_with_name("time_ms").unwrap();
    assert_eq!(field.metadata()["unit"], "ms");
    let entries = reader.metadata().file_metadata().key_value_metadata().unwrap();
    let value = |key: &str| entries.iter().find(|entry| entry.key == key).unwrap().value.clone().unwrap();
    assert_eq!(value("tauspike.schema_version"), "1");
    assert_eq!(value("tauspike.version"), env!("CARGO_PKG_VERSION"));
    assert!(value("tauspike.populations").contains("\"first\":800"));
}

#[test]
fn currents_of_delta_neurons_are_null_and_those_of_others_are_kept() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("probes.parquet");
    let probes = Probes::new(train::populations());
    let recorder = ProbeRecorder::create(&path, probes, train::rows(100)).unwrap();
    let row = |neuron, current| ProbeRow { time: 0.1, neuron, v: -61.25, current };
    let mut sink = Tee(Vec::new(), recorder);
    sink.take(&train::first(3)).unwrap();
    sink.take_probes(&[row(3, None), row(801, Some((4.5, -7.0)))]).unwrap();
    let Tee(spikes, recorder) = sink;
    recorder.finish().unwrap();
    assert_eq!(spikes, train::first(3));

    let batch = &batches(&path)[0];
    assert_eq!(batch.num_rows(), 2);
    let column = |name| batch.column_by_name(name).unwrap().as_primitive::<Float64Type>().clone();
    assert_eq!(column("v_mv").values(), &[-61.25, -61.25]);
    assert!(column("i_syn_ex_pa").is_null(0) && column("i_syn_in_pa").is_null(0));
    assert_eq!((column("i_syn_ex_pa").value(1), column("i_syn_in_pa").value(1)), (4.5, -7.0));
}

#[test]
fn every_counter_there_is_has_a_column_and_says_what_it_counts() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("counters.parquet");
    let table = Counters::default();
    let mut recorder = CounterRecorder::create(&path, table, train::rows(2)).unwrap();
    let row = |k: u64| {
        let counted = tauspike_spike::Counters { spikes: k, neuron_updates: u64::MAX - k, ..Default::default() };
        CounterRow { start: k as f64, end: k as f64 + 1.0, counted }
    };
    recorder.push(&(0..5).map(row).collect::<Vec<_>>()).unwrap();
    recorder.finish().unwrap();
    let batches = batches(&path);
    let fields = batches[0].schema();
    for (field, counter) in fields.fields()[2..].iter().zip(tauspike_spike::Counters::LIST) {
        assert_eq!((field.name().as_str(), field.metadata()["description"].as_str()), (counter.name, counter.meaning));
    }
    assert_eq!(fields.fields().len(), 2 + tauspike_spike::Counters::COUNT);
    let updates = batches.iter().flat_map(|batch| {
        batch.column_by_name("neuron_updates").unwrap().as_primitive::<UInt64Type>().values().to_vec()
    });
    assert_eq!(updates.collect::<Vec<_>>(), (0..5).map(|k| u64::MAX - k).collect::<Vec<_>>());
}

#[test]
fn counters_that_come_fast_share_row_groups() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("counters.parquet");
    let mut recorder = CounterRecorder::create(&path, Counters::default(), train::rows(64)).unwrap();
    let counted = tauspike_spike::Counters::default();
    let rows: Vec<CounterRow> =
        (0..20_000).map(|k| CounterRow { start: f64::from(k), end: f64::from(k + 1), counted }).collect();
    rows.chunks(1).for_each(|row| recorder.push(row).unwrap());
    recorder.finish().unwrap();
    let sizes = group_sizes(&path);
    assert_eq!(sizes.iter().sum::<i64>(), 20_000);
    assert!(sizes.len() < 40, "{} row groups, each of which cost three syncs", sizes.len());
}

#[test]
fn comparison_names_the_first_difference_and_both_counts() {
    let dir = tempfile::tempdir().unwrap();
    let (a, b) = (dir.path().join("a.parquet"), dir.path().join("b.parquet"));
    let spikes = train::first(50);
    record(&a, &spikes, 50, 7);
    record(&b, &spikes, 50, 100);
    assert_eq!(compare(&a, &b).unwrap(), Comparison { spikes: [50, 50], first_difference: None });

    let c = dir.path().join("c.parquet");
    let mut moved = spikes[..48].to_vec();
    moved[31].time = moved[31].time.next_up();
    record(&c, &moved, 50, 7);
    let found = compare(&a, &c).unwrap();
    assert_eq!(found.spikes, [50, 48]);
    assert_eq!(found.first_difference, Some(Difference { index: 31, a: Some(spikes[31]), b: Some(moved[31]) }));

    let d = dir.path().join("d.parquet");
    record(&d, &spikes[..49], 50, 7);
    let found = compare(&d, &a).unwrap();
    assert_eq!(found.first_difference, Some(Difference { index: 49, a: None, b: Some(spikes[49]) }));
}

//! Files that are not a recording are refused with file, column, what was found and what is expected.

use crate::train;
use arrow_array::RecordBatch;
use arrow_array::{ArrayRef, Float32Array, Float64Array, Int64Array, StringArray, UInt32Array};
use parquet::arrow::ArrowWriter;
use proptest::prelude::*;
use std::fs::{self, File};
use std::path::Path;
use std::sync::{Arc, LazyLock};
use tauspike_record::*;
use tauspike_spike::SpikeSink;

fn write(path: &Path, columns: Vec<(&str, ArrayRef)>) {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

fn times(values: &[f64]) -> ArrayRef {
    Arc::new(Float64Array::from(values.to_vec()))
}

fn neurons() -> ArrayRef {
    Arc::new(UInt32Array::from(vec![4, 5]))
}

fn names() -> ArrayRef {
    Arc::new(StringArray::from(vec!["e", "i"]))
}

fn refusal(columns: Vec<(&str, ArrayRef)>) -> String {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("odd.parquet");
    write(&path, columns);
    let error = read_spikes(&path).unwrap_err().to_string();
    assert!(error.contains("odd.parquet"), "{error}");
    error
}

#[test]
fn plain_strings_and_foreign_writers_are_read() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("plain.parquet");
    write(&path, vec![("population", names()), ("neuron", neurons()), ("time_ms", times(&[1.0, 2.0]))]);
    let table = read_spikes(&path).unwrap();
    assert_eq!((table.neuron, table.population), (vec![4, 5], vec![0, 1]));
    assert_eq!((table.names, table.populations), (vec!["e".to_string(), "i".into()], None));
}

#[test]
fn a_missing_column_is_named_with_those_there_are() {
    let error = refusal(vec![("time_ms", times(&[1.0, 2.0])), ("sender", neurons()), ("population", names())]);
    assert!(error.contains("`neuron` is missing") && error.contains("UInt32"), "{error}");
    assert!(error.contains("time_ms, sender, population"), "{error}");
}

#[test]
fn a_wrong_type_is_named_with_the_one_expected() {
    let short: ArrayRef = Arc::new(Float32Array::from(vec![1.0, 2.0]));
    let error = refusal(vec![("time_ms", short), ("neuron", neurons()), ("population", names())]);
    assert!(error.contains("`time_ms` has type Float32; expected Float64"), "{error}");
    let signed: ArrayRef = Arc::new(Int64Array::from(vec![4, 5]));
    let error = refusal(vec![("time_ms", times(&[1.0, 2.0])), ("neuron", signed), ("population", names())]);
    assert!(error.contains("`neuron` has type Int64; expected UInt32"), "{error}");
    let error = refusal(vec![("time_ms", times(&[1.0, 2.0])), ("neuron", neurons()), ("population", neurons())]);
    assert!(error.contains("`population` has type UInt32; expected Dictionary"), "{error}");
}

#[test]
fn nulls_and_times_that_are_not_finite_are_named_by_row() {
    let columns = |time| vec![("time_ms", time), ("neuron", neurons()), ("population", names())];
    let error = refusal(columns(times(&[1.0, f64::NAN])));
    assert!(error.contains("`time_ms`, row 1: NaN; expected a finite time"), "{error}");
    let gap: ArrayRef = Arc::new(Float64Array::from(vec![None, Some(1.0)]));
    let error = refusal(columns(gap));
    assert!(error.contains("`time_ms`, row 0: null"), "{error}");
}

#[test]
fn absent_empty_and_foreign_files_are_refused_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let refusal = |path: &Path| read_spikes(path).unwrap_err().to_string();
    assert!(refusal(&dir.path().join("none.parquet")).contains("none.parquet"));
    assert!(refusal(dir.path()).contains("the folder has no part"));
    for content in ["", "PAR1", "time_ms,neuron\n1.0,2\n"] {
        let path = dir.path().join("text.parquet");
        fs::write(&path, content).unwrap();
        assert!(refusal(&path).contains("cannot read"), "{content}");
    }
}

/// The bytes of a recording with three row groups.
static RECORDING: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("spikes.parquet");
    let table = Spikes::new(train::populations());
    let mut recorder = SpikeRecorder::create(&path, table, train::rows(100)).unwrap();
    recorder.take(&train::first(250)).unwrap();
    recorder.finish().unwrap();
    fs::read(path).unwrap()
});

/// Reads the bytes as a file; an error must name it.
fn read_bytes(bytes: &[u8]) -> Result<SpikeTable, String> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("odd.parquet");
    fs::write(&path, bytes).unwrap();
    let result = read_spikes(&path).map_err(|error| error.to_string());
    if let Err(error) = &result {
        assert!(error.contains("odd.parquet"), "{error}");
    }
    result
}

/// There is no checksum in the pages, so a changed byte may read as other values. Found by this test: a panic of the decoder,
/// <https://github.com/apache/arrow-rs/issues/11121>, which prints its message but must reach the caller as an error.
#[test]
fn no_changed_byte_makes_the_reader_panic() {
    let mut bytes = RECORDING.clone();
    let mut refused = 0;
    for at in 0..bytes.len() {
        bytes[at] ^= 0x13;
        refused += usize::from(read_bytes(&bytes).is_err());
        bytes[at] ^= 0x13;
    }
    assert!(refused > 100, "only {refused} of {} changes were noticed", bytes.len());
    assert!(read_bytes(&bytes).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_truncated_file_is_refused(kept in 0..RECORDING.len()) {
        prop_assert!(read_bytes(&RECORDING[..kept]).is_err());
    }

    #[test]
    fn several_changed_bytes_are_an_error_or_other_values_but_no_panic(
        changes in prop::collection::vec((0..RECORDING.len(), any::<u8>()), 1..8),
    ) {
        let mut bytes = RECORDING.clone();
        changes.into_iter().for_each(|(at, byte)| bytes[at] = byte);
        let _ = read_bytes(&bytes);
    }
}

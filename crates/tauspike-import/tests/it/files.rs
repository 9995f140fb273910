//! Makes files in memory with the crates that define the formats, independent of the readers under test.

use arrow_array::{ArrayRef, RecordBatch};
use npyz::{AutoSerialize, WriteOptions, WriterBuilder};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use std::io::{Cursor, Write};
use tauspike_import::{ImportError, SynapseShape, WeightUnit};

pub fn parquet(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    parquet_compressed(columns, Compression::UNCOMPRESSED)
}

pub fn parquet_compressed(columns: Vec<(&str, ArrayRef)>, compression: Compression) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let properties = WriterProperties::builder().set_compression(compression).build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

pub fn npy<T: AutoSerialize + Copy>(values: &[T]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let shape = [values.len() as u64];
    let mut writer = WriteOptions::new().default_dtype().shape(&shape).writer(&mut bytes).begin_nd().unwrap();
    writer.extend(values.iter().copied()).unwrap();
    writer.finish().unwrap();
    bytes
}

pub fn zip(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer.start_file(format!("{name}.npy"), zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Up to 3 sources, 5 targets, weights in mV.
pub const SHAPE: SynapseShape = SynapseShape { n_pre: 3, n_post: 5, unit: WeightUnit::Millivolt };

/// The message of the error, which must contain every one of `parts`.
#[track_caller]
pub fn assert_says<T: std::fmt::Debug>(result: Result<T, ImportError>, parts: &[&str]) {
    let message = result.unwrap_err().to_string();
    for part in parts {
        assert!(message.contains(part), "`{part}` is not in: {message}");
    }
}

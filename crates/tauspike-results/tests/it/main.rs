//! What is written is read again, and what is wrong is named.

use arrow_array::RecordBatch;
use arrow_array::{ArrayRef, Float64Array, StringArray};
use parquet::arrow::ArrowWriter;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tauspike_results::columns::{self, CV, N, NETWORK_ID, RATE};
use tauspike_results::{Column, Kind, Rows, Table, write};

fn file() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.parquet");
    (folder, path)
}

/// Any column, with values of its kind, one of them missing where that may be.
fn filled(rows: Rows, column: Column) -> Rows {
    match column.kind {
        Kind::Text => rows.text(column, ["a".into(), "b".into()]),
        Kind::Whole => rows.whole(column, [3, u64::MAX]),
        Kind::Count => rows.count(column, [None, Some(7)]),
        Kind::Real => rows.real(column, [0.5, -1e-300]),
        Kind::Optional => rows.real(column, [f64::NAN, 2.5]),
    }
}

#[test]
fn every_column_of_both_tables_is_read_as_it_was_written() {
    for schema in [columns::networks(), columns::results()] {
        let (_folder, path) = file();
        let rows = || schema.iter().fold(Rows::default(), |rows, column| filled(rows, *column));
        write(&path, &schema, [rows(), rows()]).unwrap();
        let table = Table::read(&path, &schema).unwrap();
        assert_eq!(table.rows, 4);
        for &column in &schema {
            match column.kind {
                Kind::Text => assert_eq!(&*table.text(column, 3), "b"),
                Kind::Whole => assert_eq!(table.whole(column, 3), u64::MAX),
                Kind::Count => assert!(table.real(column, 2).is_nan() && table.real(column, 3) == 7.0),
                Kind::Real => assert_eq!(table.real(column, 3), -1e-300),
                Kind::Optional => assert!(table.real(column, 2).is_nan() && table.real(column, 3) == 2.5),
            }
        }
    }
}

#[test]
fn no_name_is_there_twice() {
    for schema in [columns::networks(), columns::results()] {
        let mut names: Vec<&str> = schema.iter().map(|column| column.name).collect();
        names.sort_unstable();
        assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
    }
}

#[test]
fn a_writer_that_forgets_a_column_or_a_value_is_refused() {
    let (_folder, path) = file();
    let refusal = |rows| write(&path, &[N, CV], [rows]).unwrap_err().to_string();
    let error = refusal(Rows::default().whole(N, [1]));
    assert!(error.contains("t.parquet") && error.contains("cv"), "{error}");
    let error = refusal(Rows::default().whole(N, [1]).real(CV, [f64::NAN]));
    assert!(error.contains("t.parquet") && error.contains("cv"), "{error}");
    assert!(!path.exists());
}

/// A file that somebody else wrote.
fn foreign(path: &Path, column: &str, values: ArrayRef) {
    let batch = RecordBatch::try_from_iter([(column, values)]).unwrap();
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

#[test]
fn a_missing_or_wrong_column_is_named_with_file_and_type() {
    let (_folder, path) = file();
    let refusal = |column| Table::read(&path, &[column]).err().unwrap().to_string();
    foreign(&path, "network_id", Arc::new(Float64Array::from(vec![1.0])));
    for (column, needed) in [
        (N, ["t.parquet", "`n` is missing", "whole numbers", "network_id"]),
        (NETWORK_ID, ["t.parquet", "`network_id`", "Float64", "strings"]),
    ] {
        let error = refusal(column);
        assert!(needed.iter().all(|part| error.contains(part)), "{error}");
    }
    foreign(&path, "cv", Arc::new(Float64Array::from(vec![0.5, f64::INFINITY])));
    let error = refusal(CV);
    assert!(["t.parquet", "`cv`", "row 1", "inf", "finite"].iter().all(|part| error.contains(part)), "{error}");
    foreign(&path, "rate_hz", Arc::new(StringArray::from(vec!["x"])));
    assert!(refusal(RATE).contains("Utf8"));
}

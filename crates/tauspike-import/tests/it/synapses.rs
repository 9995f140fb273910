//! Synapse lists in every format, and every way to get one wrong.

use crate::files::{self, SHAPE, assert_says, npy, zip};
use arrow_array::{
    ArrayRef, Float32Array, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray, UInt64Array,
};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use std::sync::Arc;
use tauspike_import::{Format, Source, SynapseColumns, SynapseShape, WeightUnit, read_synapses};

fn csv(text: &str) -> Result<SynapseColumns, tauspike_import::ImportError> {
    read_synapses(&Source::bytes("s.csv", Format::Csv, text.as_bytes()), SHAPE)
}

fn npz(entries: &[(&str, Vec<u8>)]) -> Result<SynapseColumns, tauspike_import::ImportError> {
    read_synapses(&Source::bytes("s.npz", Format::Npz, &zip(entries)), SHAPE)
}

fn from_parquet(columns: Vec<(&str, ArrayRef)>) -> Result<SynapseColumns, tauspike_import::ImportError> {
    read_synapses(&Source::bytes("s.parquet", Format::Parquet, &files::parquet(columns)), SHAPE)
}

fn expected() -> SynapseColumns {
    SynapseColumns {
        pre: vec![0, 2, 2],
        post: vec![4, 0, 0],
        weight: Some(vec![0.5, -1.25, 0.0]),
        delay: Some(vec![1.0, 0.0, 2.5]),
    }
}

#[test]
fn csv_parquet_and_npz_give_the_same_columns() {
    let text =
        "# made by hand\n\ndelay_ms,\"pre\", post,weight_mv\r\n1,0,4,0.5\n# a comment\n-0.0,2,0,-1.25\n2.5,2,0,0\n";
    assert_eq!(csv(text).unwrap(), expected());
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("post", Arc::new(UInt64Array::from(vec![4, 0, 0]))),
        ("weight", Arc::new(Float32Array::from(vec![0.5, -1.25, 0.0]))),
        ("pre", Arc::new(Int32Array::from(vec![0, 2, 2]))),
        ("delay", Arc::new(Float64Array::from(vec![1.0, 0.0, 2.5]))),
    ];
    assert_eq!(from_parquet(columns).unwrap(), expected());
    let entries = [
        ("pre", npy(&[0_i64, 2, 2])),
        ("post", npy(&[4_u16, 0, 0])),
        ("weight", npy(&[0.5_f32, -1.25, 0.0])),
        ("delay", npy(&[1.0_f64, 0.0, 2.5])),
    ];
    assert_eq!(npz(&entries).unwrap(), expected());
}

#[test]
fn a_byte_order_mark_and_a_missing_last_line_feed_do_no_harm() {
    let read = csv("\u{feff}pre,post\n1,4").unwrap();
    assert_eq!(read, SynapseColumns { pre: vec![1], post: vec![4], weight: None, delay: None });
}

#[test]
fn negative_zero_delay_becomes_zero() {
    let delay = csv("pre,post,delay\n0,0,-0.0\n").unwrap().delay.unwrap();
    assert_eq!(delay[0].to_bits(), 0.0_f64.to_bits());
}

#[test]
fn a_file_on_disk_reads_like_its_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("list.csv");
    std::fs::write(&path, "pre,post\n0,1\n0,9\n").unwrap();
    assert_says(read_synapses(&Source::file(&path).unwrap(), SHAPE), &["list.csv", "line 3", "`post`", "9", "< 5"]);
    let columns: Vec<(&str, ArrayRef)> =
        vec![("pre", Arc::new(Int32Array::from(vec![1]))), ("post", Arc::new(Int32Array::from(vec![2])))];
    let path = folder.path().join("list.parquet");
    std::fs::write(&path, files::parquet(columns)).unwrap();
    assert_eq!(read_synapses(&Source::file(&path).unwrap(), SHAPE).unwrap().post, [2]);
}

#[test]
fn a_missing_file_and_an_unknown_extension_are_refused_by_name() {
    assert_says(
        read_synapses(&Source::file("/no/such.parquet").unwrap(), SHAPE),
        &["/no/such.parquet", "cannot be read"],
    );
    assert_says(Source::file("synapses.xlsx"), &["synapses.xlsx", "`xlsx`", ".csv, .parquet"]);
    assert_says(
        read_synapses(&Source::bytes("s.txt", Format::Text, b"1"), SHAPE),
        &["s.txt", "`text`", "CSV, Parquet, NPZ"],
    );
}

#[test]
fn csv_errors_name_line_column_value_and_what_is_allowed() {
    let cases: [(&str, &[&str]); 14] = [
        ("", &["no header line"]),
        ("# only\n# comments\n", &["no header line"]),
        ("pre,weight\n", &["`post` is missing", "found: pre, weight"]),
        ("pre,post,wieght\n", &["unknown column `wieght`", "did you mean `weight`?", "allowed: pre, post, weight"]),
        ("pre,post,delay,delay_ms\n", &["`delay_ms`", "given twice, also as `delay`"]),
        ("pre,post,weight_pa\n", &["`weight_pa`", "mV", "allowed: weight, weight_mv"]),
        ("pre,post\n0,1\n\n# gap\n0,5\n", &["line 5: `post` = 5", "an integer >= 0 and < 5"]),
        ("pre,post\r\n0,1\r\n3,0\r\n", &["line 3: `pre` = 3", "< 3"]),
        ("pre,post\n-1,1\n", &["line 2: `pre` = -1", "an integer >= 0"]),
        ("pre,post\n1.5,1\n", &["line 2: `pre` = 1.5", "an integer"]),
        ("pre,post,weight\n1,1,nan\n", &["`weight` = nan", "a finite number"]),
        ("pre,post,weight\n1,1,1e999\n", &["`weight` = 1e999", "a finite number"]),
        ("pre,post,weight\n1,1,\n", &["`weight` = (empty)", "a finite number"]),
        ("pre,post,delay\n1,1,-0.1\n", &["`delay` = -0.1", "a finite number >= 0"]),
    ];
    for (text, parts) in cases {
        assert_says(csv(text), &[&["s.csv"], parts].concat());
    }
    assert_says(csv("pre,post\n0,1\n\n0\n"), &["s.csv", "line 4 has 1 cells, the header has 2"]);
}

#[test]
fn a_long_cell_is_shown_shortened() {
    let error = csv(&format!("pre,post\n{},1\n", "9".repeat(100_000))).unwrap_err().to_string();
    assert!(error.len() < 200, "{error}");
}

#[test]
fn parquet_errors_name_row_column_value_and_what_is_allowed() {
    let pre = || Arc::new(Int32Array::from(vec![0, 1]));
    let with_post = |post: ArrayRef| from_parquet(vec![("pre", pre()), ("post", post)]);
    let with_weight = |weight: ArrayRef| from_parquet(vec![("pre", pre()), ("post", pre()), ("weight_mv", weight)]);
    assert_says(with_post(Arc::new(Int64Array::from(vec![0, -2]))), &["s.parquet", "row 1", "`post` = -2", "< 5"]);
    assert_says(with_post(Arc::new(Int64Array::from(vec![Some(0), None]))), &["row 1", "`post` = null"]);
    assert_says(with_post(Arc::new(UInt64Array::from(vec![0, u64::MAX]))), &["`post` = 18446744073709551615"]);
    assert_says(with_post(Arc::new(Float64Array::from(vec![0.0, 0.5]))), &["row 1", "`post` = 0.5", "an integer"]);
    assert_says(
        with_weight(Arc::new(Float64Array::from(vec![0.0, f64::NAN]))),
        &["row 1", "`weight_mv` = NaN", "finite"],
    );
    assert_says(with_weight(Arc::new(StringArray::from(vec!["a", "b"]))), &["`weight_mv`", "Utf8", "floating point"]);
    assert_says(with_weight(Arc::new(Int64Array::from(vec![1, (1 << 53) + 1]))), &["`weight_mv` = 9007199254740993"]);
    assert_says(from_parquet(vec![("pre", pre()), ("pots", pre())]), &["`pots`", "did you mean `post`?"]);
}

#[test]
fn a_small_parquet_file_that_unpacks_to_very_many_rows_is_refused() {
    let zeros: ArrayRef = Arc::new(Int32Array::from(vec![0; 2_000_000]));
    let batch = RecordBatch::try_from_iter([("pre", zeros.clone()), ("post", zeros)]).unwrap();
    let properties = WriterProperties::builder()
        .set_data_page_row_count_limit(usize::MAX)
        .set_statistics_enabled(EnabledStatistics::None)
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let source = Source::bytes("bomb.parquet", Format::Parquet, &bytes);
    assert_says(read_synapses(&source, SHAPE), &["bomb.parquet", "claims 2000000 rows", "at most"]);
}

#[test]
fn npz_errors_name_row_array_value_and_what_is_allowed() {
    let pre = || ("pre", npy(&[0_i32, 1]));
    assert_says(npz(&[pre(), ("post", npy(&[0_i64, -7]))]), &["s.npz", "row 1", "`post` = -7", "< 5"]);
    assert_says(npz(&[pre(), ("post", npy(&[0_i32]))]), &["s.npz", "`post`", "1 elements", "allowed: 2"]);
    assert_says(npz(&[pre(), ("post", npy(&[0.0, 1.5]))]), &["row 1", "`post` = 1.5", "an integer"]);
    assert_says(npz(&[pre()]), &["`post` is missing", "found: pre"]);
    assert_says(npz(&[pre(), ("pst", npy(&[1_i32]))]), &["`pst`", "did you mean `post`?"]);
    let mut longer = npy(&[0_i32, 1]);
    longer.push(0);
    assert_says(npz(&[pre(), ("post", longer)]), &["s.npz", "`post` goes on after its last element"]);
}

#[test]
fn a_header_that_claims_too_much_is_refused_without_allocating() {
    let claim = |shape: &str| {
        let text = format!("{{'descr': '<i4', 'fortran_order': False, 'shape': ({shape}), }}\n");
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend((text.len() as u16).to_le_bytes());
        bytes.extend(text.as_bytes());
        bytes.extend([0; 8]);
        npz(&[("pre", bytes), ("post", npy(&[0_i32, 0]))])
    };
    assert!(claim("2,").is_ok());
    assert_says(
        claim("1152921504606846976,"),
        &["s.npz", "`pre` claims 1152921504606846976 elements and ends after 2"],
    );
    assert_says(claim("1152921504606846976, 1152921504606846976"), &["s.npz", "not a valid NPZ file"]);
    assert_says(claim("1, 2"), &["`pre`", "2 dimensions", "one-dimensional"]);
    assert_says(claim(&"(".repeat(900)), &["`pre`", "structured type"]);
    let mut long_header = b"\x93NUMPY\x02\x00".to_vec();
    long_header.extend(u32::MAX.to_le_bytes());
    assert_says(npz(&[("pre", long_header), ("post", npy(&[0_i32]))]), &["`pre` claims a header of 4294967295 bytes"]);
}

#[test]
fn scipy_matrices_give_row_as_pre_and_column_as_post() {
    let shape = SynapseShape { n_pre: 3, n_post: 4, unit: WeightUnit::Picoampere };
    let read = |name, bytes| read_synapses(&Source::bytes(name, Format::Npz, bytes), shape).unwrap();
    let csr = read("csr.npz", include_bytes!("../fixtures/csr.npz"));
    assert_eq!((csr.pre, csr.post, csr.weight), (vec![0, 1, 2, 2], vec![3, 1, 0, 1], Some(vec![0.5, 2.25, -1.5, 0.0])));
    let csc = read("csc.npz", include_bytes!("../fixtures/csc.npz"));
    assert_eq!((csc.pre, csc.post, csc.weight), (vec![2, 1, 2, 0], vec![0, 1, 1, 3], Some(vec![-1.5, 2.25, 0.0, 0.5])));
    let coo = read("coo.npz", include_bytes!("../fixtures/coo.npz"));
    assert_eq!((coo.pre, coo.post, coo.weight), (vec![0, 2, 2, 1], vec![3, 0, 1, 1], Some(vec![0.5, -1.5, 0.0, 2.25])));
    let plain = read("plain.npz", include_bytes!("../fixtures/plain.npz"));
    assert_eq!((plain.pre, plain.post), (vec![0, 2, 2, 1], vec![3, 0, 1, 1]));
    assert_eq!((plain.weight, plain.delay), (Some(vec![0.5, -1.5, 0.0, 2.25]), Some(vec![1.0, 2.0, 3.0, 4.0])));
}

#[test]
fn a_transposed_scipy_matrix_is_refused_by_its_shape() {
    let source = Source::bytes("csr.npz", Format::Npz, include_bytes!("../fixtures/csr.npz"));
    let shape = SynapseShape { n_pre: 4, n_post: 3, unit: WeightUnit::Millivolt };
    assert_says(read_synapses(&source, shape), &["csr.npz", "`shape`", "(3, 4)", "allowed: (4, 3)"]);
}

#[test]
fn inconsistent_scipy_matrices_are_refused() {
    let format = |letters: &str| {
        let mut bytes = npy(&[0_u8; 0]);
        let text = "{'descr': '|S3', 'fortran_order': False, 'shape': (), }";
        bytes.truncate(8);
        bytes.extend((text.len() as u16).to_le_bytes());
        bytes.extend(text.as_bytes());
        bytes.extend(letters.as_bytes());
        bytes
    };
    let matrix = |letters: &str, indptr: &[i32], indices: &[i32]| {
        npz(&[
            ("format", format(letters)),
            ("shape", npy(&[3_i64, 5])),
            ("data", npy(&[0.5, 1.5])),
            ("indptr", npy(indptr)),
            ("indices", npy(indices)),
        ])
    };
    assert_eq!(matrix("csr", &[0, 1, 1, 2], &[4, 0]).unwrap().pre, [0, 2]);
    assert_says(matrix("csr", &[0, 2, 1, 2], &[4, 0]), &["s.npz", "row 2", "`indptr` = 1", "at least 2"]);
    assert_says(matrix("csr", &[0, 9, 1, 2], &[4, 0]), &["row 2", "`indptr` = 1", "at least 9"]);
    assert_says(matrix("csr", &[1, 1, 1, 2], &[4, 0]), &["`indptr`", "does not start with 0"]);
    assert_says(matrix("csr", &[0, 1, 2], &[4, 0]), &["`indptr`", "3 pointers", "4 pointers, the last 2"]);
    assert_says(matrix("csr", &[0, 1, 1, 2], &[4]), &["1 elements", "2, as many as `data`"]);
    assert_says(matrix("csr", &[0, 1, 1, 2], &[5, 0]), &["row 0", "`indices` = 5", "< 5"]);
    assert_says(matrix("csc", &[0, 1, 1, 2, 2, 2], &[3, 0]), &["row 0", "`indices` = 3", "< 3"]);
    assert_says(matrix("bsr", &[0, 1, 1, 2], &[4, 0]), &["`format`", "`bsr`", "csr, csc, coo"]);
}

#[test]
fn a_changed_byte_in_a_zip_entry_is_found_by_its_checksum() {
    let mut bytes = include_bytes!("../fixtures/coo.npz").to_vec();
    let weight = 2.25_f64.to_le_bytes();
    let position = bytes.windows(8).position(|window| window == weight).unwrap();
    bytes[position + 6] ^= 1;
    let shape = SynapseShape { n_pre: 3, n_post: 4, unit: WeightUnit::Millivolt };
    assert_says(
        read_synapses(&Source::bytes("coo.npz", Format::Npz, &bytes), shape),
        &["coo.npz", "not a valid NPZ", "checksum"],
    );
}

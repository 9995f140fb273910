//! Files as other programs write them: compressed, with pandas' row labels, with other separators.

use crate::files::{assert_says, parquet, parquet_compressed};
use arrow_array::{ArrayRef, Float64Array, Int64Array};
use flate2::write::GzEncoder;
use parquet::basic::{BrotliLevel, Compression, GzipLevel, ZstdLevel};
use std::io::Write;
use std::sync::Arc;
use tauspike_import::{
    Format, Members, Quantity, Source, read_member_values, read_parameters, read_signal, read_trains, read_values,
};

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn csv(text: &str) -> Result<Vec<f64>, tauspike_import::ImportError> {
    read_values(&Source::bytes("v.csv", Format::Csv, text.as_bytes()), Some("tau"), Quantity::Time)
}

#[test]
fn parquet_is_read_in_every_compression() {
    let values: Vec<f64> = (0..5000).map(|k| f64::from(k % 7)).collect();
    let codecs = [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::BROTLI(BrotliLevel::default()),
        Compression::ZSTD(ZstdLevel::default()),
        Compression::LZ4,
        Compression::LZ4_RAW,
    ];
    for codec in codecs {
        let column: ArrayRef = Arc::new(Float64Array::from(values.clone()));
        let bytes = parquet_compressed(vec![("v", column)], codec);
        let read = read_values(&Source::bytes("v.parquet", Format::Parquet, &bytes), None, Quantity::Other);
        assert_eq!(read.unwrap(), values, "{codec}");
    }
}

#[test]
fn gzipped_csv_and_text_are_read_and_errors_name_their_lines() {
    let bytes = gzip("time_ms,neuron\n# c\n1,0\n2,x\n");
    let refused = read_trains(&Source::bytes("t.csv.gz", Format::Csv, &bytes), 1, None);
    assert_says(refused, &["t.csv.gz: line 4: `neuron` = x", "an integer"]);
    let folder = tempfile::tempdir().unwrap();
    let read = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        read_values(&Source::file(&path).unwrap(), None, Quantity::Other)
    };
    assert_eq!(read("v.csv.gz", &gzip("v\n1\n2\n")).unwrap(), [1.0, 2.0]);
    assert_eq!(read("v.TXT.GZ", &[gzip("1\n"), gzip("2\n")].concat()).unwrap(), [1.0, 2.0]);
    let whole = gzip("v\n1\n2\n");
    assert_says(read("cut.csv.gz", &whole[..whole.len() - 4]), &["cut.csv.gz", "truncated"]);
    assert_says(read("plain.csv.gz", b"v\n1\n2\n3\n4\n5\n6\n7\n"), &["plain.csv.gz", "not a valid CSV file", "gzip"]);
    assert_says(Source::file("v.parquet.gz"), &["`parquet.gz`", ".csv, .txt and .dat"]);
}

#[test]
fn pandas_row_labels_are_ignored() {
    let labels: ArrayRef = Arc::new(Int64Array::from(vec![7, 8]));
    let tau: ArrayRef = Arc::new(Float64Array::from(vec![10.0, 20.0]));
    let bytes = parquet(vec![("tau_m_ms", tau.clone()), ("__index_level_0__", labels.clone())]);
    let source = Source::bytes("p.parquet", Format::Parquet, &bytes);
    assert_eq!(read_parameters(&source, 2, &["tau_m_ms"]).unwrap()["tau_m_ms"], [10.0, 20.0]);
    assert_eq!(read_values(&source, None, Quantity::Time).unwrap(), [10.0, 20.0]);
    for header in [",tau_m_ms", "\"\",tau_m_ms", "\u{feff},tau_m_ms", "Unnamed: 0,tau_m_ms"] {
        let text = format!("{header}\n7,10\n8,20\n");
        let source = Source::bytes("p.csv", Format::Csv, text.as_bytes());
        assert_eq!(read_parameters(&source, 2, &["tau_m_ms"]).unwrap()["tau_m_ms"], [10.0, 20.0], "{header}");
        assert_eq!(read_values(&source, None, Quantity::Time).unwrap(), [10.0, 20.0], "{header}");
        assert_eq!(read_member_values(&source, None, Members::all(2), Quantity::Time).unwrap(), [10.0, 20.0]);
    }
    let named = Source::bytes("p.csv", Format::Csv, b"cell,tau_m_ms\n7,10\n8,20\n");
    assert_says(read_parameters(&named, 2, &["tau_m_ms"]), &["unknown column `cell`"]);
}

#[test]
fn another_separator_gets_a_hint_that_names_it() {
    for (separator, name) in [(";", "`;`"), ("\t", "a tab"), ("|", "`|`"), (" ", "a blank")] {
        let text = format!("time_ms{separator}neuron\n1{separator}0\n");
        let source = Source::bytes("t.csv", Format::Csv, text.as_bytes());
        assert_says(read_trains(&source, 1, None), &["t.csv", "its header is `time_ms", name, "allowed: a comma"]);
        let source = Source::bytes("u.csv", Format::Csv, text.as_bytes());
        assert_says(read_signal(&source, Default::default()), &["u.csv", name, "allowed: a comma"]);
        assert_says(csv(&text.replace("neuron", "tau")), &["v.csv", name, "allowed: a comma"]);
    }
    // The header may be right, or hold one column that is taken by any name.
    assert_says(csv("a,tau\n1;2\n"), &["line 2 has 1 cells, the header has 2; `;` seems to separate columns"]);
    let only = Source::bytes("v.csv", Format::Csv, b"a;b\n1;2\n");
    assert_says(read_values(&only, None, Quantity::Other), &["line 2: `a;b` = 1;2", "`;` seems to separate columns"]);
    let text = Source::bytes("v.txt", Format::Text, b"1;2\n");
    assert_says(read_values(&text, None, Quantity::Other), &["line 1", "1;2", "`;` seems to separate", "white space"]);
}

#[test]
fn decimal_commas_get_a_hint() {
    assert_says(csv("tau\n\"0,5\"\n"), &["v.csv: line 2: `tau` = 0,5", "the decimal sign is a point, not a comma"]);
    assert_says(
        csv("tau\n0,5\n"),
        &["v.csv", "line 2 has 2 cells, the header has 1; if its numbers have decimal commas"],
    );
    assert_says(csv("x;tau\n1;0,5\n"), &["v.csv", "`;` seems to separate its columns", "decimal points"]);
    let text = Source::bytes("v.txt", Format::Text, b"0,5\n");
    assert_says(read_values(&text, None, Quantity::Other), &["v.txt: line 1", "0,5", "the decimal sign is a point"]);
}

/// Polars writes a null of a table of one column as a blank line: what follows would come a sample too early.
#[test]
fn a_blank_line_between_the_values_of_one_column_is_a_missing_value() {
    let signal =
        |name, format, text: &str| read_values(&Source::bytes(name, format, text.as_bytes()), None, Quantity::Other);
    assert_says(signal("v.csv", Format::Csv, "value\n0.0\n\n500.0\n"), &["v.csv", "line 3 is blank"]);
    assert_says(signal("v.csv", Format::Csv, "value\r\n\r\n500.0\r\n"), &["line 2 is blank"]);
    assert_says(signal("v.txt", Format::Text, "# head\n0.0\n \n500.0\n"), &["v.txt", "line 3 is blank"]);
    assert_eq!(signal("v.csv", Format::Csv, "value\n0.0\n500.0\n\n\n").unwrap(), [0.0, 500.0]);
    assert_eq!(signal("v.txt", Format::Text, "\n0.0\n# pause\n500.0\n\n").unwrap(), [0.0, 500.0]);
    assert_eq!(csv("tau,other\n1.0,2.0\n\n3.0,4.0\n").unwrap(), [1.0, 3.0], "no value is missing");
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_first_number() {
    let text = Source::bytes("v.txt", Format::Text, "\u{feff}1.5\n2.5\n".as_bytes());
    assert_eq!(read_values(&text, None, Quantity::Other).unwrap(), [1.5, 2.5]);
}

#[test]
fn a_number_of_too_many_digits_is_told_apart_from_one_that_is_not_finite() {
    assert_says(csv("tau\n9007199254740993\n"), &["9007199254740993", "2^53"]);
}

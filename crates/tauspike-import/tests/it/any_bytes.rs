//! Whatever the bytes: an error or valid columns, never a panic. The fuzz targets of the workspace ask the same for longer.

use crate::files::{SHAPE, npy, parquet_compressed, zip};
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, Decimal128Array, DictionaryArray, DurationMicrosecondArray, Float16Array, Float64Array, Int32Array,
};
use flate2::write::GzEncoder;
use half::f16;
use parquet::basic::{BrotliLevel, Compression, GzipLevel, ZstdLevel};
use proptest::prelude::*;
use std::io::Write;
use std::sync::Arc;
use tauspike_import::{
    Format, Members, Quantity, Sampling, Source, SynapseShape, TimeUnit, WeightUnit, read_member_values,
    read_parameters, read_signal, read_synapses, read_trains, read_values,
};

const FORMATS: [Format; 5] = [Format::Csv, Format::Parquet, Format::Npz, Format::Npy, Format::Text];

/// Runs every reader; true if any of them took the bytes. Checks the promises of those that did.
fn read_everything(format: Format, bytes: &[u8]) -> bool {
    let source = Source::bytes("any", format, bytes);
    let synapses = read_synapses(&source, SHAPE);
    if let Ok(columns) = &synapses {
        assert!(
            columns.pre.iter().all(|&pre| pre < SHAPE.n_pre) && columns.post.iter().all(|&post| post < SHAPE.n_post)
        );
        assert_eq!(columns.pre.len(), columns.post.len());
        for values in [&columns.weight, &columns.delay].into_iter().flatten() {
            assert!(values.len() == columns.pre.len() && values.iter().all(|value| value.is_finite()));
        }
    }
    let trains = [read_trains(&source, 3, None), read_trains(&source, 1, Some(TimeUnit::S))];
    for train in trains.iter().flatten().flatten() {
        assert!(train.iter().all(|time| time.is_finite() && *time >= 0.0) && train.is_sorted());
    }
    let signals = [Some(0.1), None].map(|dt| read_signal(&source, Sampling { dt, time_unit: None }));
    for signal in signals.iter().flatten() {
        assert!(signal.times.is_sorted_by(|a, b| a < b) && signal.times.len() == signal.values.len());
    }
    let parameters = read_parameters(&source, 2, &["tau_m_ms", "pre", "value"]);
    let values = [
        read_values(&source, None, Quantity::Time),
        read_values(&source, Some("weight"), Quantity::Other),
        read_member_values(&source, Some("weight"), Members::all(3), Quantity::Time),
        read_member_values(&source, None, Members { listed: Some(&[1, 4]), ..Members::all(9) }, Quantity::Other),
    ];
    for values in values.iter().flatten() {
        assert!(values.iter().all(|value| value.is_finite()));
    }
    synapses.is_ok()
        || trains.iter().any(Result::is_ok)
        || signals.iter().any(Result::is_ok)
        || parameters.is_ok()
        || values.iter().any(Result::is_ok)
}

/// Valid synapse lists of every binary kind, compression and family of types.
fn binary_files() -> Vec<(Format, Vec<u8>)> {
    let index: ArrayRef = Arc::new(Int32Array::from(vec![0, 1, 1]));
    let code: ArrayRef = Arc::new(DictionaryArray::<Int32Type>::new(Int32Array::from(vec![0, 1, 1]), index.clone()));
    let half: ArrayRef = Arc::new(Float16Array::from(vec![f16::ONE, f16::ZERO, f16::ONE]));
    let weight: ArrayRef = Arc::new(Float64Array::from(vec![0.5, 1.5, 2.5]));
    let decimal: ArrayRef = Arc::new(Decimal128Array::from(vec![5, 15, 25]).with_precision_and_scale(20, 1).unwrap());
    let delay: ArrayRef = Arc::new(DurationMicrosecondArray::from(vec![100, 200, 300]));
    let plain = || vec![("pre", index.clone()), ("post", index.clone()), ("weight", weight.clone())];
    let typed = vec![("pre", code), ("post", half), ("weight", decimal), ("delay", delay)];
    let arrays = [("pre", npy(&[0_i32, 1])), ("post", npy(&[0_i64, 1])), ("weight", npy(&[1.0, 2.0]))];
    let mut files: Vec<(Format, Vec<u8>)> = [
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::BROTLI(BrotliLevel::default()),
        Compression::ZSTD(ZstdLevel::default()),
        Compression::LZ4,
        Compression::LZ4_RAW,
    ]
    .into_iter()
    .map(|codec| (Format::Parquet, parquet_compressed(plain(), codec)))
    .collect();
    files.push((Format::Parquet, parquet_compressed(typed, Compression::UNCOMPRESSED)));
    files.push((Format::Npz, zip(&arrays)));
    files.push((Format::Npy, npy(&[1.0, 2.0])));
    files
}

#[test]
fn a_binary_file_cut_at_any_length_is_an_error() {
    for (format, bytes) in binary_files() {
        assert!(read_everything(format, &bytes), "{format}");
        for length in 0..bytes.len() {
            assert!(!read_everything(format, &bytes[..length]), "{format} cut at {length}");
        }
    }
}

/// Found by the fuzz targets: refused only after half a minute, or after gigabytes, while their claims were believed.
#[test]
fn a_parquet_file_that_claims_too_much_is_refused_at_once() {
    let says = |bytes: &[u8], expected: &str| {
        let source = Source::bytes("any.parquet", Format::Parquet, bytes);
        let messages = [
            read_synapses(&source, SHAPE).unwrap_err().to_string(),
            read_trains(&source, 3, None).unwrap_err().to_string(),
            read_parameters(&source, 3, &["tau_m_ms", "v_th_mv"]).unwrap_err().to_string(),
        ];
        assert!(messages.iter().any(|message| message.contains(expected)), "{messages:?}");
        read_everything(Format::Parquet, bytes);
    };
    says(include_bytes!("../fixtures/long_list_in_the_footer.parquet"), "a field of the wrong type");
    says(include_bytes!("../fixtures/long_list_in_a_page.parquet"), "a field of the wrong type");
    says(include_bytes!("../fixtures/many_entries.parquet"), "entries of a dictionary; allowed: 0 to 12");
}

#[test]
fn a_scipy_matrix_cut_at_any_length_is_an_error() {
    let shape = SynapseShape { n_pre: 3, n_post: 4, unit: WeightUnit::Millivolt };
    let bytes = include_bytes!("../fixtures/csr.npz");
    assert!(read_synapses(&Source::bytes("csr.npz", Format::Npz, bytes), shape).is_ok());
    for length in 0..bytes.len() {
        let message =
            read_synapses(&Source::bytes("csr.npz", Format::Npz, &bytes[..length]), shape).unwrap_err().to_string();
        assert!(message.starts_with("csr.npz: not a valid NPZ file"), "cut at {length}: {message}");
    }
}

#[test]
fn a_csv_file_cut_at_any_length_is_an_error_or_a_prefix() {
    let text = b"pre,post,weight,delay\n# note\n0,1,0.5,1.5\n2,4,-10,0\n";
    let whole = read_synapses(&Source::bytes("s.csv", Format::Csv, text), SHAPE).unwrap();
    for length in 0..text.len() {
        if let Ok(part) = read_synapses(&Source::bytes("s.csv", Format::Csv, &text[..length]), SHAPE) {
            assert!(whole.pre.starts_with(&part.pre) && whole.post.starts_with(&part.post), "cut at {length}");
        }
    }
}

#[test]
fn a_gzipped_file_cut_at_any_length_or_with_any_one_byte_changed_is_an_error() {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(b"pre,post,weight\n0,1,0.5\n2,4,-10\n").unwrap();
    let bytes = encoder.finish().unwrap();
    let read = |bytes: &[u8]| read_synapses(&Source::bytes("s.csv.gz", Format::Csv, bytes), SHAPE);
    assert!(read(&bytes).is_ok());
    for position in 0..bytes.len() {
        assert!(read(&bytes[..position]).is_err(), "cut at {position}");
        let mut changed = bytes.clone();
        changed[position] ^= 0x80;
        // Bytes 4 to 9 are a date and the system, and before the checksum of the text comes a byte of which not all bits count.
        let counts = !(4..10).contains(&position) && position != bytes.len() - 9;
        assert!(!counts || read(&changed).is_err(), "changed at {position}");
    }
}

#[test]
fn a_binary_file_with_any_one_byte_changed_does_not_panic() {
    for (format, bytes) in binary_files() {
        for position in 0..bytes.len() {
            for change in [0x01, 0x80, 0xff] {
                let mut changed = bytes.clone();
                changed[position] ^= change;
                read_everything(format, &changed);
            }
        }
    }
}

/// Text made of what these formats are made of, so that a random file gets past its header.
fn table_like() -> impl Strategy<Value = String> {
    let token = prop::sample::select(vec![
        "pre", "post", "weight", "delay_ms", "time_ms", "neuron", "value", "tau_m_ms", ",", "\n", "\r\n", "#", "\"",
        " ", "0", "1", "-1", "0.5", "1e308", "nan", "\u{feff}", "é",
    ]);
    prop::collection::vec(token, 0..60).prop_map(|tokens| tokens.concat())
}

proptest! {
    #[test]
    fn arbitrary_bytes_do_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for format in FORMATS {
            read_everything(format, &bytes);
        }
    }

    #[test]
    fn table_like_text_does_not_panic(text in table_like()) {
        read_everything(Format::Csv, text.as_bytes());
        read_everything(Format::Text, text.as_bytes());
    }
}

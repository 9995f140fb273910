//! Whatever the bytes: an error or valid columns, never a panic. The fuzz targets of the workspace ask the same for longer.

use crate::files::{SHAPE, npy, parquet, zip};
use arrow::array::{ArrayRef, Float64Array, Int32Array};
use proptest::prelude::*;
use std::sync::Arc;
use tauspike_import::{
    Format, Sampling, Source, SynapseShape, TimeUnit, WeightUnit, read_parameters, read_signal, read_synapses,
    read_trains, read_values,
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
    let values = [read_values(&source, None), read_values(&source, Some("weight"))];
    synapses.is_ok()
        || trains.iter().any(Result::is_ok)
        || signals.iter().any(Result::is_ok)
        || parameters.is_ok()
        || values.iter().any(Result::is_ok)
}

/// Valid synapse lists of every binary kind.
fn binary_files() -> Vec<(Format, Vec<u8>)> {
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("pre", Arc::new(Int32Array::from(vec![0, 1, 2]))),
        ("post", Arc::new(Int32Array::from(vec![0, 1, 1]))),
        ("weight", Arc::new(Float64Array::from(vec![0.5, 1.5, 2.5]))),
    ];
    let arrays = [("pre", npy(&[0_i32, 1])), ("post", npy(&[0_i64, 1])), ("weight", npy(&[1.0, 2.0]))];
    vec![(Format::Parquet, parquet(columns)), (Format::Npz, zip(&arrays)), (Format::Npy, npy(&[1.0, 2.0]))]
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

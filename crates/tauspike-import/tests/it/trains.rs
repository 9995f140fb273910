//! Spike trains in every format, and every way to get one wrong.

use crate::files::{assert_says, npy, parquet, zip};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, DictionaryArray, Float64Array, UInt32Array};
use std::sync::Arc;
use tauspike_import::{Format, ImportError, Sampling, Source, TimeUnit, read_signal, read_trains, read_trains_of};

fn csv(text: &str) -> Result<Vec<Vec<f64>>, ImportError> {
    read_trains(&Source::bytes("t.csv", Format::Csv, text.as_bytes()), 3, None)
}

fn text(content: &str, unit: TimeUnit) -> Result<Vec<Vec<f64>>, ImportError> {
    read_trains(&Source::bytes("t.txt", Format::Text, content.as_bytes()), 1, Some(unit))
}

#[test]
fn csv_parquet_and_npz_deal_the_spikes_out_to_their_neurons() {
    let expected = vec![vec![0.5, 0.5, 3.0], vec![], vec![1.25]];
    assert_eq!(csv("neuron,time_ms\n0,0.5\n0,0.5\n2,1.25\n0,3\n").unwrap(), expected);
    assert_eq!(csv("time_ms,neuron\n1.25,2\n0.5,0\n0.5,0\n3,0\n").unwrap(), expected);
    let population: DictionaryArray<Int32Type> = ["exc", "exc", "inh", "exc"].into_iter().collect();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("time_ms", Arc::new(Float64Array::from(vec![0.5, 0.5, 1.25, 3.0]))),
        ("neuron", Arc::new(UInt32Array::from(vec![0, 0, 2, 0]))),
        ("population", Arc::new(population)),
    ];
    let bytes = parquet(columns);
    assert_eq!(read_trains(&Source::bytes("t.parquet", Format::Parquet, &bytes), 3, None).unwrap(), expected);
    let source = Source::bytes("t.parquet", Format::Parquet, &bytes);
    assert_eq!(read_trains_of(&source, "exc", 3, None).unwrap(), [vec![0.5, 0.5, 3.0], vec![], vec![]]);
    assert_says(read_trains_of(&source, "other", 3, None), &["t.parquet", "other", "exc", "inh"]);
    let bytes = zip(&[("time_ms", npy(&[0.5, 0.5, 1.25, 3.0])), ("neuron", npy(&[0_i64, 0, 2, 0]))]);
    assert_eq!(read_trains(&Source::bytes("t.npz", Format::Npz, &bytes), 3, None).unwrap(), expected);
}

#[test]
fn the_name_of_the_column_tells_the_unit_of_its_times() {
    for (column, time) in [("time_ms", "2.5"), ("time_s", "0.0025"), ("time_us", "2500"), ("time_ns", "2500000")] {
        assert_eq!(csv(&format!("{column},neuron\n{time},1\n")).unwrap()[1], [2.5], "{column}");
        let signal = format!("{column},value\n{time},1\n");
        let source = Source::bytes("u.csv", Format::Csv, signal.as_bytes());
        assert_eq!(read_signal(&source, Sampling::default()).unwrap().times, [2.5], "{column}");
    }
    let duration = zip(&[("time_s", crate::types::npy_of_type("<m8[us]", &[2500])), ("neuron", npy(&[0_i64]))]);
    assert_says(read_trains(&Source::bytes("t.npz", Format::Npz, &duration), 3, None), &["`time_s`", "m8[us]"]);
}

#[test]
fn text_is_one_train_in_the_given_unit() {
    // The layout of nitime's grasshopper_spike_times1.txt, which ends in blank lines.
    let recording = "# repro call number: 0\n# mode: 3\n6700\n9900\n13900\n\n\n";
    assert_eq!(text(recording, TimeUnit::Us).unwrap(), [[6.7, 9.9, 13.9]]);
    assert_eq!(text("0.0067\n", TimeUnit::S).unwrap(), [[6.7]]);
    assert_eq!(text("# nothing\n", TimeUnit::Ms).unwrap(), [[0.0; 0]]);
    let bytes = npy(&[1.0, 2.0]);
    assert_eq!(read_trains(&Source::bytes("t.npy", Format::Npy, &bytes), 1, None).unwrap(), [[1.0, 2.0]]);
}

#[test]
fn errors_name_place_value_and_what_is_allowed() {
    assert_says(csv("time_ms,neuron\n1,0\n-1,0\n"), &["t.csv", "line 3: `time_ms` = -1", "a finite number >= 0"]);
    assert_says(csv("time_ms,neuron\n1,0\ninf,0\n"), &["line 3: `time_ms` = inf"]);
    assert_says(csv("time_ms,neuron\n1,3\n"), &["line 2: `neuron` = 3", "< 3"]);
    assert_says(csv("time,neuron\n1,0\n"), &["unknown column `time`"]);
    assert_says(csv("time_s,neuron,time_ms\n1,0,1\n"), &["`time_ms`: given twice, also as `time_s`"]);
    assert_says(csv("time_ms\n1\n"), &["`neuron` is missing"]);
    // Only the order within a train counts.
    assert_says(
        csv("time_ms,neuron\n5,0\n# pause\n1,1\n4,0\n"),
        &["line 5: `time` = 4.0 ms", "at least 5.0 ms", "neuron 0"],
    );
    assert_says(text("1\n\nx1\n", TimeUnit::Ms), &["t.txt", "line 3: `column 1` = x1", "a finite number"]);
    assert_says(text("1\n2 3\n", TimeUnit::Ms), &["t.txt", "line 2 has 2 numbers; allowed: 1"]);
    assert_says(text("-5\n", TimeUnit::Us), &["line 1: `time` = -5.0 us", "a finite number >= 0"]);
    assert_says(text("1e308\n", TimeUnit::S), &["line 1: `time` = 1e308 s", "a finite number"]);
}

#[test]
fn options_that_contradict_the_file_are_refused() {
    let csv = Source::bytes("t.csv", Format::Csv, b"time_ms,neuron\n");
    assert_says(read_trains(&csv, 3, Some(TimeUnit::S)), &["t.csv", "`time_unit` = s", "absent"]);
    let text = Source::bytes("t.txt", Format::Text, b"1\n");
    assert_says(read_trains(&text, 2, None), &["t.txt", "`size` = 2", "1, because"]);
    assert_eq!(TimeUnit::parse("us"), Some(TimeUnit::Us));
    assert_eq!(TimeUnit::parse("sec"), None);
}

#[test]
fn rows_of_another_population_are_not_read_and_places_are_those_of_the_file() {
    let of = |text: &str| read_trains_of(&Source::bytes("t.csv", Format::Csv, text.as_bytes()), "I", 2, None);
    assert_eq!(of("time_ms,neuron,population\n1,0,E\n7,9,E\n3,0,I\n4,1,I\n").unwrap(), [[3.0], [4.0]]);
    assert_eq!(of("time_ms,neuron\n1,0\n").unwrap(), [vec![1.0], vec![]]);
    assert_says(of("time_ms,neuron,population\n1,0,E\n3,0,I\n2,0,I\n"), &["t.csv: line 4", "at least 3"]);
    assert_says(of("time_ms,neuron,population\n1,0,E\n"), &["t.csv", "I", "E"]);
}

/// They would be dropped otherwise, or taken for those of the population that is asked for.
#[test]
fn rows_of_no_population_and_columns_that_hold_no_names_are_refused() {
    let of = |name, format, bytes: &[u8]| read_trains_of(&Source::bytes(name, format, bytes), "I", 2, None);
    let error = of("t.csv", Format::Csv, b"time_ms,neuron,population\n1,0,I\n2,1,\n");
    assert_says(error, &["t.csv", "line 3: `population` = (empty)", "a name"]);
    let table = |population: ArrayRef| {
        parquet(vec![
            ("time_ms", Arc::new(Float64Array::from(vec![1.0, 2.0])) as ArrayRef),
            ("neuron", Arc::new(UInt32Array::from(vec![0, 1]))),
            ("population", population),
        ])
    };
    let missing: DictionaryArray<Int32Type> = [Some("I"), None].into_iter().collect();
    assert_says(of("t.parquet", Format::Parquet, &table(Arc::new(missing))), &["row 1", "`population` = (empty)"]);
    let numbers = table(Arc::new(UInt32Array::from(vec![0, 1])));
    assert_says(of("t.parquet", Format::Parquet, &numbers), &["`population`", "UInt32", "text, the names"]);
    let bytes = zip(&[("time_ms", npy(&[1.0])), ("neuron", npy(&[0_i64])), ("population", npy(&[0_i64]))]);
    assert_says(of("t.npz", Format::Npz, &bytes), &["`population`", "an array", "text, the names"]);
}

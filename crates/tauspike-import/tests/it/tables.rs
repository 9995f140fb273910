//! Per-neuron tables and single columns.

use crate::files::{assert_says, npy, parquet};
use arrow_array::{ArrayRef, Float64Array, Int64Array, StringArray};
use std::collections::BTreeMap;
use std::sync::Arc;
use tauspike_import::{
    Format, ImportError, Members, Quantity, Source, read_member_values, read_parameters, read_values,
};

const ALLOWED: [&str; 2] = ["tau_m_ms", "v_th_mv"];

fn csv(text: &str) -> Result<BTreeMap<String, Vec<f64>>, ImportError> {
    read_parameters(&Source::bytes("p.csv", Format::Csv, text.as_bytes()), 3, &ALLOWED)
}

#[test]
fn a_neuron_column_reorders_the_rows() {
    let plain = csv("v_th_mv,tau_m_ms\n1,10\n2,20\n3,30\n").unwrap();
    assert_eq!(plain["tau_m_ms"], [10.0, 20.0, 30.0]);
    assert_eq!(plain["v_th_mv"], [1.0, 2.0, 3.0]);
    let shuffled = csv("neuron,tau_m_ms\n2,30\n0,10\n1,20\n").unwrap();
    assert_eq!(shuffled["tau_m_ms"], [10.0, 20.0, 30.0]);
    assert!(!shuffled.contains_key("neuron") && !shuffled.contains_key("v_th_mv"));
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("tau_m_ms", Arc::new(Float64Array::from(vec![30.0, 10.0, 20.0]))),
        ("neuron", Arc::new(Int64Array::from(vec![2, 0, 1]))),
    ];
    let bytes = parquet(columns);
    assert_eq!(read_parameters(&Source::bytes("p.parquet", Format::Parquet, &bytes), 3, &ALLOWED).unwrap(), shuffled);
}

#[test]
fn errors_name_place_field_value_and_what_is_allowed() {
    assert_says(csv("tau_m\n1\n"), &["p.csv", "unknown column `tau_m`", "did you mean `tau_m_ms`?", "v_th_mv"]);
    let seconds = csv("tau_m_s\n1\n").unwrap_err().to_string();
    assert!(seconds.contains("unknown column `tau_m_s`; allowed: ") && seconds.contains("tau_m_ms"), "{seconds}");
    assert_says(csv("tau_m_ms\n1\n2\n"), &["p.csv", "2 rows", "allowed: 3"]);
    assert_says(csv("tau_m_ms\n1\n2\n3\n4\n"), &["4 rows", "allowed: 3"]);
    assert_says(csv("neuron\n0\n1\n2\n"), &["column `tau_m_ms or v_th_mv` is missing", "found: neuron"]);
    assert_says(csv(""), &["p.csv", "no header line"]);
    assert_says(csv("tau_m_ms\n1\nNaN\n3\n"), &["line 3: `tau_m_ms` = NaN", "a finite number"]);
    assert_says(csv("tau_m_ms,v_th_mv\n1,\n2,2\n3,3\n"), &["line 2: `v_th_mv` = (empty)"]);
    assert_says(csv("neuron,tau_m_ms\n0,1\n# c\n1,2\n0,3\n"), &["line 5: `neuron` = 0", "each neuron once", "line 2"]);
    assert_says(csv("neuron,tau_m_ms\n0,1\n1,2\n3,3\n"), &["line 4: `neuron` = 3", "< 3"]);
}

#[test]
fn one_column_of_values_is_found_in_every_format() {
    let values =
        |name, format, bytes: &[u8], column| read_values(&Source::bytes(name, format, bytes), column, Quantity::Other);
    assert_eq!(values("v.txt", Format::Text, b"# tau\n1\n2.5\n", None).unwrap(), [1.0, 2.5]);
    assert_eq!(values("v.npy", Format::Npy, &npy(&[1_i32, 2]), None).unwrap(), [1.0, 2.0]);
    assert_eq!(values("v.csv", Format::Csv, b"tau\n1\n2.5\n", None).unwrap(), [1.0, 2.5]);
    assert_eq!(values("v.csv", Format::Csv, b"cell,tau,,\na,1,,\nb,2.5,,\n", Some("tau")).unwrap(), [1.0, 2.5]);
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("cell", Arc::new(StringArray::from(vec!["a", "b"]))),
        ("tau", Arc::new(Float64Array::from(vec![1.0, 2.5]))),
    ];
    assert_eq!(values("v.parquet", Format::Parquet, &parquet(columns), Some("tau")).unwrap(), [1.0, 2.5]);
}

#[test]
fn a_column_that_is_absent_ambiguous_or_empty_is_refused() {
    let values =
        |format, bytes: &[u8], column| read_values(&Source::bytes("v", format, bytes), column, Quantity::Other);
    assert_says(values(Format::Csv, b"a,b\n1,2\n", Some("c")), &["v: column `c` is missing", "found: a, b"]);
    assert_says(values(Format::Csv, b"a,b\n1,2\n", None), &["`column` = absent", "one of a, b"]);
    assert_says(values(Format::Csv, b"a\n", None), &["0 rows", "at least 1"]);
    assert_says(values(Format::Csv, b"a,a\n1,2\n", Some("a")), &["`a`", "given twice"]);
    assert_says(values(Format::Text, b"1\n", Some("a")), &["`column` = a", "no column names"]);
    assert_says(values(Format::Text, b"1 2\n", None), &["line 1 has 2 numbers", "at most 1"]);
}

#[test]
fn a_column_is_dealt_out_by_the_neurons_it_names() {
    let table = b"neuron,tau\n2,30\n0,10\n1,20\n";
    let csv = Source::bytes("v.csv", Format::Csv, table);
    let read = |column| read_member_values(&csv, column, Members::all(3), Quantity::Time).unwrap();
    assert_eq!(read(Some("tau")), [10.0, 20.0, 30.0]);
    assert_eq!(read(None), [10.0, 20.0, 30.0], "the only column beside `neuron`");
    assert_eq!(read(Some("neuron")), [2.0, 0.0, 1.0], "asked for by name it is a column like any other");
    assert_eq!(read_values(&csv, Some("tau"), Quantity::Time).unwrap(), [30.0, 10.0, 20.0]);
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("neuron", Arc::new(Int64Array::from(vec![2, 0, 1]))),
        ("tau", Arc::new(Float64Array::from(vec![30.0, 10.0, 20.0]))),
        ("cell", Arc::new(StringArray::from(vec!["c", "a", "b"]))),
    ];
    let bytes = parquet(columns);
    let source = Source::bytes("v.parquet", Format::Parquet, &bytes);
    let read = read_member_values(&source, Some("tau"), Members::all(3), Quantity::Time);
    assert_eq!(read.unwrap(), [10.0, 20.0, 30.0]);
}

#[test]
fn each_member_must_be_named_once_and_nobody_else() {
    let read = |text: &str, listed: Option<&[u32]>| {
        let source = Source::bytes("v.csv", Format::Csv, text.as_bytes());
        read_member_values(&source, Some("tau"), Members { listed, ..Members::all(6) }, Quantity::Time)
    };
    let members: Option<&[u32]> = Some(&[0, 3, 5]);
    assert_eq!(read("neuron,tau\n5,50\n0,1\n3,30\n", members).unwrap(), [1.0, 30.0, 50.0]);
    assert_eq!(read("tau\n1\n30\n50\n", members).unwrap(), [1.0, 30.0, 50.0]);
    assert_says(read("neuron,tau\n0,1\n3,30\n", members), &["v.csv: column `neuron`: neuron 5 is missing", "3 in all"]);
    assert_says(
        read("neuron,tau\n0,1\n4,2\n3,30\n5,50\n", members),
        &["v.csv: line 3: `neuron` = 4", "one of the members"],
    );
    assert_says(read("neuron,tau\n0,1\n3,1\n3,1\n5,1\n", members), &["line 4: `neuron` = 3", "stands at line 3 too"]);
    assert_says(read("neuron,tau\n6,1\n", members), &["line 2: `neuron` = 6", "< 6"]);
    assert_says(read("neuron,tau\n0.5,1\n", members), &["line 2: `neuron` = 0.5", "an integer"]);
    assert_says(read("tau\n1\n", members), &["v.csv: 1 rows; allowed: 3, one per member"]);
    assert_says(read("tau\n1\n", None), &["v.csv: 1 rows; allowed: 6, one per neuron"]);
    assert_says(read("neuron,tau\n1,1\n", None), &["neuron 0 is missing", "each neuron from 0", "6 in all"]);
}

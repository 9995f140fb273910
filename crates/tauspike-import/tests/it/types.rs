//! Every type a file can hold: converted by its unit, or refused by name.

use crate::files::{assert_says, npy, parquet, zip};
use arrow_array::types::{Float64Type, Int32Type};
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal32Array, Decimal64Array, Decimal128Array, Decimal256Array,
    DictionaryArray, DurationMicrosecondArray, DurationMillisecondArray, DurationNanosecondArray, DurationSecondArray,
    Float16Array, Float32Array, Float64Array, Int8Array, Int16Array, Int32Array, Int64Array, ListArray, StringArray,
    Time32MillisecondArray, Time32SecondArray, Time64MicrosecondArray, Time64NanosecondArray,
    TimestampMicrosecondArray, UInt8Array, UInt16Array, UInt32Array, UInt64Array,
};
use arrow_buffer::i256;
use half::f16;
use std::sync::Arc;
use tauspike_import::{
    Format, ImportError, Members, Quantity, Sampling, Source, SynapseShape, TimeUnit, WeightUnit, read_member_values,
    read_parameters, read_signal, read_synapses, read_trains, read_values,
};

fn values(column: ArrayRef, quantity: Quantity) -> Result<Vec<f64>, ImportError> {
    read_values(&Source::bytes("v.parquet", Format::Parquet, &parquet(vec![("v", column)])), None, quantity)
}

/// The times 0.5 ms and 1500 ms, in every type that can tell them; seconds can tell the second alone.
fn times() -> Vec<(ArrayRef, Vec<f64>)> {
    let both = || vec![0.5, 1500.0];
    vec![
        (Arc::new(Float64Array::from(vec![0.5, 1500.0])), both()),
        (Arc::new(Decimal128Array::from(vec![5, 15000]).with_precision_and_scale(10, 1).unwrap()), both()),
        (Arc::new(DurationNanosecondArray::from(vec![500_000, 1_500_000_000])), both()),
        (Arc::new(DurationMicrosecondArray::from(vec![500, 1_500_000])), both()),
        (Arc::new(DurationMillisecondArray::from(vec![1, 1500])), vec![1.0, 1500.0]),
        (Arc::new(DurationSecondArray::from(vec![0, 2])), vec![0.0, 2000.0]),
        (Arc::new(Time64NanosecondArray::from(vec![500_000, 1_500_000_000])), both()),
        (Arc::new(Time64MicrosecondArray::from(vec![500, 1_500_000])), both()),
        (Arc::new(Time32MillisecondArray::from(vec![1, 1500])), vec![1.0, 1500.0]),
        (Arc::new(Time32SecondArray::from(vec![0, 2])), vec![0.0, 2000.0]),
        (Arc::new(Int16Array::from(vec![0, 1500])), vec![0.0, 1500.0]),
    ]
}

#[test]
fn a_time_is_converted_by_its_unit_in_every_importer() {
    for (column, expected) in times() {
        let name = column.data_type().to_string();
        let table = |others: &[(&'static str, ArrayRef)], time: &'static str| {
            let mut columns = others.to_vec();
            columns.push((time, column.clone()));
            parquet(columns)
        };
        let indices: ArrayRef = Arc::new(UInt32Array::from(vec![0, 0]));
        let numbers: ArrayRef = Arc::new(Float64Array::from(vec![1.0, 2.0]));

        let bytes = table(&[("neuron", indices.clone())], "time_ms");
        let source = Source::bytes("t.parquet", Format::Parquet, &bytes);
        assert_eq!(read_trains(&source, 1, None).unwrap()[0], expected, "trains: {name}");

        let bytes = table(&[("value", numbers)], "time_ms");
        let source = Source::bytes("t.parquet", Format::Parquet, &bytes);
        assert_eq!(read_signal(&source, Sampling::default()).unwrap().times, expected, "signal: {name}");

        let bytes = table(&[("pre", indices.clone()), ("post", indices)], "delay");
        let source = Source::bytes("t.parquet", Format::Parquet, &bytes);
        let shape = SynapseShape { n_pre: 1, n_post: 1, unit: WeightUnit::Millivolt };
        assert_eq!(read_synapses(&source, shape).unwrap().delay.unwrap(), expected, "synapses: {name}");

        let bytes = table(&[], "tau_m_ms");
        let source = Source::bytes("t.parquet", Format::Parquet, &bytes);
        assert_eq!(read_parameters(&source, 2, &["tau_m_ms"]).unwrap()["tau_m_ms"], expected, "parameters: {name}");
        let read = read_member_values(&source, None, Members::all(2), Quantity::Time);
        assert_eq!(read.unwrap(), expected, "members: {name}");
        assert_eq!(values(column, Quantity::Time).unwrap(), expected, "values: {name}");
    }
}

#[test]
fn a_duration_of_what_is_no_time_is_refused_by_name() {
    let us: ArrayRef = Arc::new(DurationMicrosecondArray::from(vec![1, 2]));
    let midnight: ArrayRef = Arc::new(Time32SecondArray::from(vec![1, 2]));
    assert_says(values(us.clone(), Quantity::Other), &["v.parquet", "column `v`", "Duration(µs)", "allowed: "]);
    assert_says(values(midnight, Quantity::Other), &["column `v`", "Time32(s)", "allowed: "]);
    let bytes = parquet(vec![("v_th_mv", us.clone())]);
    let source = Source::bytes("p.parquet", Format::Parquet, &bytes);
    assert_says(read_parameters(&source, 2, &["v_th_mv"]), &["p.parquet", "`v_th_mv`", "Duration"]);
    let bytes = parquet(vec![("time_ms", us.clone()), ("neuron", us)]);
    let source = Source::bytes("t.parquet", Format::Parquet, &bytes);
    assert_says(read_trains(&source, 9, None), &["t.parquet", "`neuron`", "Duration", "an integer type"]);
}

#[test]
fn what_is_no_number_is_refused_by_name() {
    let refused: [(ArrayRef, &str); 6] = [
        (Arc::new(TimestampMicrosecondArray::from(vec![1])), "Timestamp"),
        (Arc::new(TimestampMicrosecondArray::from(vec![1]).with_timezone("UTC")), "Timestamp"),
        (Arc::new(Date32Array::from(vec![1])), "Date32"),
        (Arc::new(BooleanArray::from(vec![true])), "Boolean"),
        (Arc::new(StringArray::from(vec!["1"])), "Utf8"),
        (Arc::new(ListArray::from_iter_primitive::<Float64Type, _, _>([Some([Some(1.0)])])), "List"),
    ];
    for (column, name) in refused {
        for quantity in [Quantity::Time, Quantity::Other] {
            assert_says(values(column.clone(), quantity), &["v.parquet: column `v`: it has type", name, "allowed: "]);
        }
    }
    let words: DictionaryArray<Int32Type> = ["a"].into_iter().collect();
    assert_says(values(Arc::new(words), Quantity::Other), &["column `v`", "Dictionary", "allowed: "]);
}

#[test]
fn numbers_of_every_width_are_read_as_values_and_as_indices() {
    let decimal = |values: Vec<i128>| Decimal128Array::from(values).with_precision_and_scale(9, 2).unwrap();
    let columns: [ArrayRef; 17] = [
        Arc::new(Int8Array::from(vec![2, 1])),
        Arc::new(Int16Array::from(vec![2, 1])),
        Arc::new(Int32Array::from(vec![2, 1])),
        Arc::new(Int64Array::from(vec![2, 1])),
        Arc::new(UInt8Array::from(vec![2, 1])),
        Arc::new(UInt16Array::from(vec![2, 1])),
        Arc::new(UInt32Array::from(vec![2, 1])),
        Arc::new(UInt64Array::from(vec![2, 1])),
        Arc::new(Float16Array::from(vec![f16::from_f32(2.0), f16::ONE])),
        Arc::new(Float32Array::from(vec![2.0, 1.0])),
        Arc::new(Float64Array::from(vec![2.0, 1.0])),
        Arc::new(decimal(vec![200, 100])),
        Arc::new(Decimal32Array::from(vec![20, 10]).with_precision_and_scale(5, 1).unwrap()),
        Arc::new(Decimal64Array::from(vec![2, 1]).with_precision_and_scale(12, 0).unwrap()),
        Arc::new(Decimal256Array::from(vec![i256::from(2), i256::from(1)]).with_precision_and_scale(50, 0).unwrap()),
        Arc::new(DictionaryArray::<Int32Type>::new(
            Int32Array::from(vec![1, 0]),
            Arc::new(Float64Array::from(vec![1.0, 2.0])),
        )),
        Arc::new(DictionaryArray::<Int32Type>::new(
            Int32Array::from(vec![1, 0]),
            Arc::new(Int64Array::from(vec![1, 2])),
        )),
    ];
    for column in columns {
        let name = column.data_type().to_string();
        assert_eq!(values(column.clone(), Quantity::Other).unwrap(), [2.0, 1.0], "{name}");
        let bytes = parquet(vec![("pre", column.clone()), ("post", column)]);
        let shape = SynapseShape { n_pre: 3, n_post: 3, unit: WeightUnit::Millivolt };
        let read = read_synapses(&Source::bytes("s.parquet", Format::Parquet, &bytes), shape).unwrap();
        assert_eq!((read.pre, read.post), (vec![2, 1], vec![2, 1]), "{name}");
    }
}

#[test]
fn what_f64_cannot_hold_is_refused_and_not_rounded() {
    let odd = (1_i64 << 53) + 1;
    let other = Quantity::Other;
    assert_says(values(Arc::new(Int64Array::from(vec![0, odd])), other), &["row 1", "`v` = 9007199254740993"]);
    assert_says(values(Arc::new(UInt64Array::from(vec![u64::MAX])), other), &["`v` = 18446744073709551615"]);
    let durations = Arc::new(DurationMicrosecondArray::from(vec![odd]));
    assert_says(values(durations, Quantity::Time), &["row 0", "`v` = 9007199254740993 us"]);
    let exact = Arc::new(UInt64Array::from(vec![1 << 63]));
    assert_eq!(values(exact, other).unwrap(), [9_223_372_036_854_775_808.0]);
    let text = |cell: &str| {
        let text = format!("v\n{cell}\n");
        read_values(&Source::bytes("v.csv", Format::Csv, text.as_bytes()), None, other)
    };
    assert_says(text("9007199254740993"), &["v.csv: line 2: `v` = 9007199254740993; allowed: a finite number"]);
    assert_eq!(text("9007199254740994").unwrap(), [9_007_199_254_740_994.0]);
    assert_eq!(text("1e300").unwrap(), [1e300]);
    let decimal = Decimal128Array::from(vec![1]).with_precision_and_scale(38, 1).unwrap();
    assert_eq!(values(Arc::new(decimal), other).unwrap(), [0.1], "rounded once, as the text 0.1 is");
}

#[test]
fn an_index_in_floating_point_must_be_whole_and_told_apart_by_its_type() {
    let read = |neuron: ArrayRef, n: u32| {
        let time: ArrayRef = Arc::new(Float64Array::from(vec![0.0, 1.0]));
        let bytes = parquet(vec![("time_ms", time), ("neuron", neuron)]);
        read_trains(&Source::bytes("t.parquet", Format::Parquet, &bytes), n, None)
    };
    assert!(read(Arc::new(Float32Array::from(vec![1.0, 0.0])), 1 << 24).is_ok());
    assert_says(
        read(Arc::new(Float32Array::from(vec![1.0, 0.0])), (1 << 24) + 1),
        &["`neuron`: it has type Float32", "of enough digits"],
    );
    let half = vec![f16::ONE, f16::ZERO];
    assert_says(read(Arc::new(Float16Array::from(half)), 3000), &["`neuron`: it has type Float16"]);
    for wrong in [0.5, -1.0, 3.0, f64::NAN, f64::INFINITY] {
        let refused = read(Arc::new(Float64Array::from(vec![0.0, wrong])), 3);
        assert_says(refused, &["row 1", &format!("`neuron` = {wrong:?}"), "an integer >= 0 and < 3"]);
    }
    let csv = Source::bytes("t.csv", Format::Csv, b"time_ms,neuron\n1,1.0\n2,2.5\n");
    assert_says(read_trains(&csv, 3, None), &["t.csv: line 3: `neuron` = 2.5", "an integer"]);
}

#[test]
fn nulls_are_named_by_row() {
    let null: [ArrayRef; 4] = [
        Arc::new(Float64Array::from(vec![Some(1.0), None])),
        Arc::new(UInt8Array::from(vec![Some(1), None])),
        Arc::new(DurationMicrosecondArray::from(vec![Some(1), None])),
        Arc::new(DictionaryArray::<Int32Type>::new(
            Int32Array::from(vec![Some(0), None]),
            Arc::new(Float64Array::from(vec![1.0])),
        )),
    ];
    for column in null {
        assert_says(values(column, Quantity::Time), &["v.parquet: row 1 (counted from 0): `v` = null"]);
    }
    assert_says(values(Arc::new(Float32Array::from(vec![0.0, f32::NAN])), Quantity::Time), &["row 1", "`v` = NaN"]);
}

/// An array of 8-byte integers with another type in its header.
pub fn npy_of_type(descr: &str, values: &[i64]) -> Vec<u8> {
    let text = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({},), }}\n", values.len());
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((text.len() as u16).to_le_bytes());
    bytes.extend(text.as_bytes());
    values.iter().for_each(|value| bytes.extend(value.to_le_bytes()));
    bytes
}

#[test]
fn numpy_durations_are_converted_and_other_types_refused_by_name() {
    let read = |bytes: &[u8], quantity| read_values(&Source::bytes("v.npy", Format::Npy, bytes), None, quantity);
    for (descr, expected) in [("<m8[ns]", 0.002), ("<m8[us]", 2.0), ("<m8[ms]", 2000.0), ("<m8[s]", 2_000_000.0)] {
        assert_eq!(read(&npy_of_type(descr, &[2000]), Quantity::Time).unwrap(), [expected], "{descr}");
        assert_says(read(&npy_of_type(descr, &[2000]), Quantity::Other), &["v.npy", "m8", "allowed: floating point"]);
    }
    assert_says(read(&npy_of_type("<m8[us]", &[1, i64::MIN]), Quantity::Time), &["row 1", "a finite number"]);
    for descr in ["<M8[us]", "<m8[D]", "<m8[25us]", "<U2", "<c8", "|b8"] {
        assert!(
            read(&npy_of_type(descr, &[1]), Quantity::Time).unwrap_err().to_string().starts_with("v.npy: "),
            "{descr}"
        );
    }
    assert_eq!(read(&npy(&[f16::from_f32(0.5)]), Quantity::Other).unwrap(), [0.5]);

    let train = npy_of_type("<m8[us]", &[500, 1500]);
    assert_eq!(read_trains(&Source::bytes("t.npy", Format::Npy, &train), 1, None).unwrap(), [[0.5, 1.5]]);
    let unit = Some(TimeUnit::S);
    assert_says(read_trains(&Source::bytes("t.npy", Format::Npy, &train), 1, unit), &["t.npy", "m8[us]"]);
    let table = zip(&[("time_ms", train), ("neuron", npy(&[0.0, 0.0]))]);
    assert_eq!(read_trains(&Source::bytes("t.npz", Format::Npz, &table), 1, None).unwrap(), [[0.5, 1.5]]);
}

//! What is written reads back the same.

use proptest::prelude::*;
use std::io::Cursor;
use tauspike_import::{
    Entry, Format, Heading, Holds, Members, Source, SynapseColumns, SynapseShape, TableWriter, Values, WeightUnit,
    read_member_parameters, read_projection, read_synapses, write_csr,
};

const SHAPE: SynapseShape = SynapseShape { n_pre: 4, n_post: 6, unit: WeightUnit::Picoampere };
const NAMES: [&str; 2] = ["a", "b"];

fn synapses() -> impl Strategy<Value = SynapseColumns> {
    let weight = any::<f64>().prop_filter("finite", |weight| weight.is_finite());
    prop::collection::vec((0..SHAPE.n_pre, 0..SHAPE.n_post, weight, 0.0..1e6), 0..40).prop_map(|rows| SynapseColumns {
        pre: rows.iter().map(|row| row.0).collect(),
        post: rows.iter().map(|row| row.1).collect(),
        weight: Some(rows.iter().map(|row| row.2).collect()),
        delay: Some(rows.iter().map(|row| row.3).collect()),
    })
}

fn headings(columns: &[(&'static str, Holds)]) -> Vec<Heading> {
    columns.iter().map(|&(name, holds)| Heading { name, holds }).collect()
}

fn write(format: Format, columns: &[(&'static str, Holds)], pieces: &[Vec<Values>]) -> Vec<u8> {
    let columns = headings(columns);
    let writer = if format == Format::Csv { TableWriter::csv } else { TableWriter::parquet };
    let mut table = writer(Vec::new(), &columns).unwrap();
    pieces.iter().for_each(|piece| table.write(piece).unwrap());
    table.finish().unwrap()
}

proptest! {
    #[test]
    fn tables_of_two_projections_read_back_the_same(one in synapses(), other in synapses()) {
        let names: Vec<String> = NAMES.map(String::from).to_vec();
        let columns = [
            ("projection", Holds::Names),
            ("source", Holds::Indices),
            ("pre", Holds::Indices),
            ("post", Holds::Indices),
            ("weight_mv", Holds::Numbers),
            ("weight_pa", Holds::Numbers),
            ("delay_ms", Holds::Numbers),
        ];
        let codes = [vec![0; one.pre.len()], vec![1; other.pre.len()]];
        let absent = [vec![f64::NAN; one.pre.len()], vec![f64::NAN; other.pre.len()]];
        let pieces: Vec<Vec<Values>> = [&one, &other].into_iter().zip(&codes).zip(&absent).map(|((list, rows), absent)| vec![
            Values::Names { rows, names: &names },
            Values::Indices(&list.post),
            Values::Indices(&list.pre),
            Values::Indices(&list.post),
            Values::Numbers(absent),
            Values::Numbers(list.weight.as_ref().unwrap()),
            Values::Numbers(list.delay.as_ref().unwrap()),
        ]).collect();
        for (format, file) in [(Format::Csv, "s.csv"), (Format::Parquet, "s.parquet")] {
            let bytes = write(format, &columns, &pieces);
            let source = Source::bytes(file, format, &bytes);
            for (list, name) in [&one, &other].into_iter().zip(NAMES) {
                match read_projection(&source, SHAPE, name) {
                    Ok(back) => prop_assert_eq!(&back, list),
                    Err(error) => {
                        prop_assert!(list.pre.is_empty(), "{}", error);
                        prop_assert!(error.to_string().contains("`projection`"), "{}", error);
                    }
                }
            }
        }
    }

    #[test]
    fn npz_reads_back_the_same_sorted_by_source(mut synapses in synapses()) {
        let mut order: Vec<usize> = (0..synapses.pre.len()).collect();
        order.sort_by_key(|&k| synapses.pre[k]);
        let (weight, delay) = (synapses.weight.clone().unwrap(), synapses.delay.clone().unwrap());
        let entries = || order.iter().map(|&k| {
            Entry { row: synapses.pre[k], column: synapses.post[k], weight: weight[k], delay: delay[k] }
        });
        let out = write_csr((SHAPE.n_pre, SHAPE.n_post), entries, Cursor::new(Vec::new())).unwrap();
        let back = read_synapses(&Source::bytes("s.npz", Format::Npz, out.get_ref()), SHAPE).unwrap();
        synapses = SynapseColumns {
            pre: order.iter().map(|&k| synapses.pre[k]).collect(),
            post: order.iter().map(|&k| synapses.post[k]).collect(),
            weight: Some(order.iter().map(|&k| weight[k]).collect()),
            delay: Some(order.iter().map(|&k| delay[k]).collect()),
        };
        prop_assert_eq!(back, synapses);
    }
}

#[test]
fn a_matrix_with_a_source_out_of_range_is_not_written() {
    let entries = || std::iter::once(Entry { row: 4, column: 0, weight: 1.0, delay: 1.0 });
    let error = write_csr((4, 6), entries, Cursor::new(Vec::new())).unwrap_err().to_string();
    assert!(error.contains("row 4"), "{error}");
}

/// Rows of other populations may lack a value, and have parameters that this one has not.
#[test]
fn the_rows_of_one_population_are_read_by_their_local_positions() {
    let names: Vec<String> = ["E", "I"].map(String::from).to_vec();
    let columns = [
        ("population", Holds::Names),
        ("neuron", Holds::Indices),
        ("local", Holds::Indices),
        ("tau_m_ms", Holds::Numbers),
        ("tau_syn_ex_ms", Holds::Numbers),
    ];
    let piece = vec![
        Values::Names { rows: &[1, 0, 1], names: &names },
        Values::Indices(&[6, 4, 5]),
        Values::Indices(&[1, 0, 0]),
        Values::Numbers(&[10.0, 20.0, 30.0]),
        Values::Numbers(&[1.0, f64::NAN, 3.0]),
    ];
    for (format, file) in [(Format::Csv, "p.csv"), (Format::Parquet, "p.parquet")] {
        let bytes = write(format, &columns, std::slice::from_ref(&piece));
        let source = Source::bytes(file, format, &bytes);
        let read = |size, population, allowed: &[&str], others: &[&str]| {
            read_member_parameters(&source, Members::all(size).of(population), allowed, others)
        };
        let i = read(2, "I", &["tau_m_ms", "tau_syn_ex_ms"], &[]).unwrap();
        assert_eq!((&i["tau_m_ms"][..], &i["tau_syn_ex_ms"][..]), (&[30.0, 10.0][..], &[3.0, 1.0][..]));
        assert_eq!(read(1, "E", &["tau_m_ms"], &["tau_syn_ex_ms"]).unwrap()["tau_m_ms"], [20.0]);
        let error = read(1, "E", &["tau_m_ms", "tau_syn_ex_ms"], &[]).unwrap_err().to_string();
        assert!(error.contains("tau_syn_ex_ms") && (error.contains("line 3") || error.contains("row 1")), "{error}");
        let error = read(1, "J", &["tau_m_ms"], &["tau_syn_ex_ms"]).unwrap_err().to_string();
        assert!(error.contains("rows of E, I") && error.contains("rows of J"), "{error}");
        let error = read(3, "I", &["tau_m_ms"], &["tau_syn_ex_ms"]).unwrap_err().to_string();
        assert!(error.contains("neuron 2 is missing"), "{error}");
    }
}

/// Lines that begin with # are comments.
#[test]
fn names_that_begin_as_comments_do_are_read_back() {
    let names = vec!["#E".to_owned()];
    let columns = [
        ("population", Holds::Names),
        ("neuron", Holds::Indices),
        ("local", Holds::Indices),
        ("tau_m_ms", Holds::Numbers),
    ];
    let rows = [0];
    let piece = vec![
        Values::Names { rows: &rows, names: &names },
        Values::Indices(&rows),
        Values::Indices(&rows),
        Values::Numbers(&[10.0]),
    ];
    let bytes = write(Format::Csv, &columns, std::slice::from_ref(&piece));
    let source = Source::bytes("p.csv", Format::Csv, &bytes);
    let read = read_member_parameters(&source, Members::all(1).of("#E"), &["tau_m_ms"], &[]).unwrap();
    assert_eq!(read["tau_m_ms"], [10.0]);
}

//! What is written reads back the same.

use proptest::prelude::*;
use std::io::Cursor;
use tauspike_import::{
    Format, Source, SynapseColumns, SynapseShape, WeightUnit, read_synapses, write_synapses_csv, write_synapses_npz,
};

const SHAPE: SynapseShape = SynapseShape { n_pre: 4, n_post: 6, unit: WeightUnit::Picoampere };

fn synapses() -> impl Strategy<Value = SynapseColumns> {
    let weight = any::<f64>().prop_filter("finite", |weight| weight.is_finite());
    prop::collection::vec((0..SHAPE.n_pre, 0..SHAPE.n_post, weight, 0.0..1e6), 0..40).prop_map(|rows| SynapseColumns {
        pre: rows.iter().map(|row| row.0).collect(),
        post: rows.iter().map(|row| row.1).collect(),
        weight: Some(rows.iter().map(|row| row.2).collect()),
        delay: Some(rows.iter().map(|row| row.3).collect()),
    })
}

proptest! {
    #[test]
    fn csv_reads_back_the_same(synapses in synapses()) {
        let mut bytes = Vec::new();
        write_synapses_csv(&synapses, &mut bytes).unwrap();
        let back = read_synapses(&Source::bytes("s.csv", Format::Csv, &bytes), SHAPE).unwrap();
        prop_assert_eq!(back, synapses);
    }

    #[test]
    fn npz_reads_back_the_same_sorted_by_source(mut synapses in synapses()) {
        let mut out = Cursor::new(Vec::new());
        write_synapses_npz(&synapses, SHAPE.n_pre, SHAPE.n_post, &mut out).unwrap();
        let back = read_synapses(&Source::bytes("s.npz", Format::Npz, out.get_ref()), SHAPE).unwrap();
        let mut order: Vec<usize> = (0..synapses.pre.len()).collect();
        order.sort_by_key(|&k| synapses.pre[k]);
        let pick = |values: &[f64]| order.iter().map(|&k| values[k]).collect();
        synapses = SynapseColumns {
            pre: order.iter().map(|&k| synapses.pre[k]).collect(),
            post: order.iter().map(|&k| synapses.post[k]).collect(),
            weight: synapses.weight.as_deref().map(pick),
            delay: synapses.delay.as_deref().map(pick),
        };
        prop_assert_eq!(back, synapses);
    }
}

#[test]
fn a_matrix_without_weights_or_with_a_source_out_of_range_is_not_written() {
    let list = SynapseColumns { pre: vec![4], post: vec![0], weight: None, delay: None };
    let refused =
        |list: &SynapseColumns| write_synapses_npz(list, 4, 6, Cursor::new(Vec::new())).unwrap_err().to_string();
    assert!(refused(&list).contains("weights"));
    assert!(refused(&SynapseColumns { weight: Some(vec![1.0]), ..list }).contains("n_pre"));
}

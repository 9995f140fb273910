//! Where a block is, and the parameters of its neurons.

use crate::hardware::prefetch::prefetch;
use std::sync::Arc;
use tauspike_network::column::Column;
use tauspike_network::fanout;
use tauspike_network::population::Lif;

/// Where in the network a block is.
#[derive(Clone, Copy)]
pub(crate) struct Site {
    pub range: fanout::Block,
    /// Which of its population's blocks this is.
    pub ordinal: usize,
}

/// Columns needed when a current changes; those of the population, shared by its blocks.
#[derive(Clone)]
pub(crate) struct LifColumns {
    pub first: usize,
    pub lif: Arc<Lif>,
}

impl LifColumns {
    /// By how much a current, pA, moves V_inf of neuron `n` of the block, mV.
    pub fn moves_v_inf(&self, n: usize, current: f64) -> f64 {
        let k = self.first + n;
        (self.lif.tau_m.get(k) / self.lif.c_m.get(k) * current).abs()
    }
}

/// Values by position, one of them if all are alike.
pub(crate) fn compact(values: Vec<f64>) -> Column {
    match values.first() {
        Some(&first) if values.iter().all(|&v| v == first) => Column::Shared(first),
        _ => Column::Double(values),
    }
}

/// Asks for the memory of `len` values of a column, from number `from` on.
#[inline(always)]
pub(super) fn ask(column: &Column, from: usize, len: usize) {
    match column {
        Column::Shared(_) => {}
        Column::Coded { codes, .. } => (from..from + len).step_by(32).for_each(|k| prefetch(codes, k)),
        Column::Single(values) => (from..from + len).step_by(16).for_each(|k| prefetch(values, k)),
        Column::Double(values) => (from..from + len).step_by(8).for_each(|k| prefetch(values, k)),
    }
}

/// Values of a column, from number `from` on.
#[inline(always)]
pub(super) fn read(column: &Column, from: usize, out: &mut [f64]) {
    let range = from..from + out.len();
    match column {
        Column::Shared(value) => out.fill(*value),
        Column::Coded { table, codes } => {
            for (out, code) in out.iter_mut().zip(&codes[range]) {
                *out = table[*code as usize];
            }
        }
        Column::Single(values) => {
            for (out, value) in out.iter_mut().zip(&values[range]) {
                *out = f64::from(*value);
            }
        }
        Column::Double(values) => out.copy_from_slice(&values[range]),
    }
}

//! Where a block is, and the parameters of its neurons.

use std::sync::Arc;
use tauspike_network::column::Column;
use tauspike_network::fanout;
use tauspike_network::population::Lif;
use tauspike_neuron::Parameters;

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
    pub fn parameters(&self, n: usize) -> Parameters {
        let (k, lif) = (self.first + n, &self.lif);
        Parameters {
            tau_m: lif.tau_m.get(k),
            c_m: lif.c_m.get(k),
            e_l: lif.e_l.get(k),
            v_th: lif.v_th.get(k),
            v_reset: lif.v_reset.get(k),
            t_ref: lif.t_ref.get(k),
            i_e: lif.i_e.get(k),
            v_init: lif.v_init.get(k),
        }
    }
}

/// Values by position, one of them if all are alike.
pub(crate) fn compact(values: Vec<f64>) -> Column {
    match values.first() {
        Some(&first) if values.iter().all(|&v| v == first) => Column::Shared(first),
        _ => Column::Double(values),
    }
}

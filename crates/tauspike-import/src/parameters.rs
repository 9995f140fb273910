//! Per-neuron parameters: a table with one row for each neuron.

use crate::columns::column::Kind;
use crate::columns::fields::{Field, missing_column};
use crate::columns::table;
use crate::error::ImportError;
use crate::members::{Members, NEURON};
use crate::quantity::Quantity;
use crate::source::Source;
use std::collections::BTreeMap;

/// Reads a table with one row for each of `n` neurons from CSV, Parquet or NPZ: for every column its values by neuron.
///
/// Columns are named as in `allowed` (`tau_m_ms`, `v_th_mv`, ...), each in the unit that its name ends in; a column of times may
/// hold durations. If there is a column `neuron` it says which row belongs to which neuron, by its position in the population
/// (0 to `n - 1`, not the global index of a recording), and must name each once; otherwise row k is neuron k. All values are
/// finite; whether a parameter may be negative is the caller's to check.
///
/// # Errors
/// [`ImportError`] naming file, field, place and value: unknown column (with the nearest allowed name), wrong number of rows, empty
/// cell, NaN, a neuron out of range, named twice, or missing.
pub fn read_parameters(source: &Source, n: u32, allowed: &[&str]) -> Result<BTreeMap<String, Vec<f64>>, ImportError> {
    let neuron = Field { names: &[NEURON], kind: Some(Kind::Index { below: n }), required: false };
    let parameters = allowed.iter().map(|name| {
        let kind = Some(Kind::finite(Quantity::of_key(name)));
        Field { names: std::slice::from_ref(name), kind, required: false }
    });
    let fields: Vec<Field> = std::iter::once(neuron).chain(parameters).collect();
    let mut table = table::read(source, &fields)?;
    let neurons = table.indices(0);
    if table.columns.iter().all(Option::is_none) {
        return Err(missing_column(source, &allowed.join(" or "), &[NEURON.into()]));
    }
    let rows = Members::all(n).rows(source, neurons, table.rows)?;
    Ok(table.columns.into_iter().flatten().map(|column| (column.name, rows.of(column.reals))).collect())
}

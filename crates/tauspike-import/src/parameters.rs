//! Per-neuron parameters: a table with one row for each neuron.

use crate::columns::column::Kind;
use crate::columns::fields::{Field, missing_column};
use crate::columns::table;
use crate::error::ImportError;
use crate::members::{LOCAL, Members, NEURON, POPULATION};
use crate::quantity::Quantity;
use crate::source::Source;
use std::collections::BTreeMap;

/// Reads a table with one row for each of `n` neurons from CSV, Parquet or NPZ: for every column its values by neuron.
///
/// Columns are named as in `allowed` (`tau_m_ms`, `v_th_mv`, ...), each in the unit that its name ends in; a column of times may
/// hold durations. If there is a column `neuron` it says which row belongs to which neuron, by its position in the population
/// (0 to `n - 1`, not the global index of a recording), and must name each once; otherwise row k is neuron k. In a table that has
/// `local` too, as `tauspike export` writes it, that is the position, and `neuron` is not read. All values are finite; whether a
/// parameter may be negative is the caller's to check.
///
/// # Errors
/// [`ImportError`] naming file, field, place and value: unknown column (with the nearest allowed name), wrong number of rows, empty
/// cell, NaN, a neuron out of range, named twice, or missing.
pub fn read_parameters(source: &Source, n: u32, allowed: &[&str]) -> Result<BTreeMap<String, Vec<f64>>, ImportError> {
    read_member_parameters(source, Members::all(n), allowed, &[])
}

/// As [`read_parameters`], of `members`. A table with a column `population` may have the columns `of_others` too, which only other
/// populations have.
///
/// # Errors
/// Those of [`read_parameters`]; if no row is for the population.
pub fn read_member_parameters(
    source: &Source,
    members: Members,
    allowed: &[&str],
    of_others: &[&str],
) -> Result<BTreeMap<String, Vec<f64>>, ImportError> {
    let names = table::names(source)?;
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    let (position, not_read) = if has(LOCAL) { (LOCAL, NEURON) } else { (NEURON, LOCAL) };
    let position = Field { names: &[position], kind: Some(Kind::Index { below: members.size }), required: false };
    let parameters = allowed.iter().map(|name| {
        let kind = Some(Kind::finite(Quantity::of_key(name)));
        Field { names: std::slice::from_ref(name), kind, required: false }
    });
    let mut ignored = vec![not_read];
    if members.population.is_some() && has(POPULATION) {
        ignored.push(POPULATION);
        ignored.extend(of_others);
    }
    let ignored = Field { names: &ignored, kind: None, required: false };
    let fields: Vec<Field> = std::iter::once(position).chain(parameters).chain([ignored]).collect();
    let mut table = table::read_only(source, &fields, members.only())?;
    let neurons = table.indices(0);
    if table.columns.iter().all(Option::is_none) {
        return Err(missing_column(source, &allowed.join(" or "), &[NEURON.into()]));
    }
    let rows = members.rows(source, neurons, (table.rows, &table.kept))?;
    Ok(table.columns.into_iter().flatten().map(|column| (column.name, rows.of(column.reals))).collect())
}

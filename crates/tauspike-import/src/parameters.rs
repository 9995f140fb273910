//! Per-neuron parameters, one row per neuron; and single columns of values for an empirical distribution.

use crate::error::ImportError;
use crate::source::Source;
use crate::table::{self, Field, Kind};
use crate::unnamed::{self, is_unnamed};
use std::collections::BTreeMap;

/// Reads a table with one row for each of `n` neurons from CSV, Parquet or NPZ: for every column its values by neuron.
///
/// Columns are named as in `allowed` (`tau_m_ms`, `v_th_mv`, ...). If there is a column `neuron` it says which row belongs to which
/// neuron and must name each once; otherwise row k is neuron k. All values are finite; whether a parameter may be negative is
/// the caller's to check.
///
/// # Errors
/// [`ImportError`] naming file, field, place and value: unknown column (with the nearest allowed name), wrong number of rows, empty
/// cell, NaN, a neuron out of range or named twice.
pub fn read_parameters(source: &Source, n: u32, allowed: &[&str]) -> Result<BTreeMap<String, Vec<f64>>, ImportError> {
    let neuron = Field { names: &["neuron"], kind: Some(Kind::Index { below: n }), required: false };
    let parameter = |name| Field { names: std::slice::from_ref(name), kind: Some(Kind::FINITE), required: false };
    let fields: Vec<Field> = std::iter::once(neuron).chain(allowed.iter().map(parameter)).collect();
    let mut table = table::read(source, &fields)?;
    if table.rows != n as usize {
        let allowed = format!("{n}, one per neuron");
        return Err(ImportError::Rows { file: source.name().into(), found: table.rows as u64, allowed });
    }
    let order = table.indices(0);
    if table.columns.iter().all(Option::is_none) {
        return Err(table::missing_column(source, &allowed.join(" or "), &["neuron".into()]));
    }
    if let Some(order) = &order {
        check_permutation(source, order)?;
    }
    let by_neuron = |values: Vec<f64>| match &order {
        None => values,
        Some(order) => {
            let mut sorted = vec![0.0; values.len()];
            order.iter().zip(values).for_each(|(&neuron, value)| sorted[neuron as usize] = value);
            sorted
        }
    };
    Ok(table.columns.into_iter().flatten().map(|column| (column.name, by_neuron(column.reals))).collect())
}

/// `order` is known to have as many entries as there are neurons, each in range.
fn check_permutation(source: &Source, order: &[u32]) -> Result<(), ImportError> {
    let mut row_of = vec![None; order.len()];
    for (row, &neuron) in order.iter().enumerate() {
        if let Some(earlier) = row_of[neuron as usize].replace(row) {
            let allowed = format!("each neuron once; it stands at {} too", source.place(earlier));
            return Err(source.refuse(row, "neuron", neuron, allowed));
        }
    }
    Ok(())
}

/// Reads one column of finite values: that called `column`, or the only one there is. Text and NPY have no names.
///
/// Other columns, of whatever type, are not read.
///
/// # Errors
/// [`ImportError`] naming file, place and value: no such column, `column` absent although there are several, no value, a value
/// that is not a finite number.
pub fn read_values(source: &Source, column: Option<&str>) -> Result<Vec<f64>, ImportError> {
    let values = if is_unnamed(source.format()) {
        if let Some(column) = column {
            return Err(source.wrong_option("column", column, "absent, because the file has no column names"));
        }
        unnamed::read(source, 1)?.pop().unwrap_or_default()
    } else {
        read_named(source, column)?
    };
    if values.is_empty() {
        return Err(ImportError::Rows { file: source.name().into(), found: 0, allowed: "at least 1".into() });
    }
    Ok(values)
}

fn read_named(source: &Source, column: Option<&str>) -> Result<Vec<f64>, ImportError> {
    let names = table::names(source)?;
    let wanted = match (column, names.as_slice()) {
        (Some(column), _) => column,
        (None, [only]) => only.as_str(),
        (None, _) => {
            let allowed = format!("one of {}", table::shown(&names));
            return Err(source.wrong_option("column", "absent", &allowed));
        }
    };
    let wanted = [wanted];
    let others: Vec<&str> = names.iter().map(String::as_str).filter(|name| *name != wanted[0]).collect();
    let fields = [
        Field { names: &wanted, kind: Some(Kind::FINITE), required: true },
        Field { names: &others, kind: None, required: false },
    ];
    Ok(table::read(source, &fields)?.reals(0).unwrap_or_default())
}

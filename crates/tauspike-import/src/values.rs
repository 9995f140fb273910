//! Single columns: the values of an empirical distribution or a signal, or one value for each neuron.

use crate::columns::column::Kind;
use crate::columns::fields::{Field, is_row_label, shown};
use crate::columns::table;
use crate::columns::unnamed::{self, is_unnamed};
use crate::error::ImportError;
use crate::members::{Members, NEURON};
use crate::quantity::Quantity;
use crate::source::Source;

/// Reads one column of finite values, in the order of the file: that called `column`, or the only one there is. Text and NPY have
/// no names. Times are in ms, other quantities in the unit the caller takes.
///
/// Other columns, of whatever type, are not read, and columns in which pandas numbered the rows do not count.
///
/// # Errors
/// [`ImportError`] naming file, place and value: no such column, `column` absent although there are several, no value, a value
/// that is not a finite number.
pub fn read_values(source: &Source, column: Option<&str>, quantity: Quantity) -> Result<Vec<f64>, ImportError> {
    let (values, _) = read(source, column, quantity, None)?;
    if values.is_empty() {
        return Err(ImportError::Rows { file: source.name().into(), found: 0, allowed: "at least 1".into() });
    }
    Ok(values)
}

/// As [`read_values`], with one value for each of `members`, in their order.
///
/// If the file has a column `neuron`, it says which row belongs to which neuron, by its position in the population, and must name
/// each member once and nothing else; otherwise row k is member k.
///
/// # Errors
/// Those of [`read_values`], and: wrong number of rows, a neuron out of range, named twice, missing, or no member.
pub fn read_member_values(
    source: &Source,
    column: Option<&str>,
    members: Members,
    quantity: Quantity,
) -> Result<Vec<f64>, ImportError> {
    let (values, neurons) = read(source, column, quantity, Some(members.size))?;
    Ok(members.rows(source, neurons, values.len())?.of(values))
}

/// The values, and the column `neuron` if there is one and neurons below a number are asked for.
fn read(
    source: &Source,
    column: Option<&str>,
    quantity: Quantity,
    neurons_below: Option<u32>,
) -> Result<(Vec<f64>, Option<Vec<u32>>), ImportError> {
    let kind = Kind::finite(quantity);
    if is_unnamed(source.format()) {
        if let Some(column) = column {
            return Err(source.wrong_option("column", column, "absent, because the file has no column names"));
        }
        return Ok((unnamed::read(source, 1, kind)?.pop().unwrap_or_default(), None));
    }
    let names = table::names(source)?;
    let neuron = neurons_below.map(|below| Kind::Index { below }).filter(|_| column != Some(NEURON));
    let is_label = |position, name: &str| is_row_label(position, name) || neuron.is_some() && name == NEURON;
    let candidates: Vec<String> = names
        .iter()
        .enumerate()
        .filter(|(position, name)| !is_label(*position, name))
        .map(|(_, name)| name.clone())
        .collect();
    let wanted = match (column, candidates.as_slice()) {
        (Some(column), _) => column,
        (None, [only]) => only.as_str(),
        (None, _) => {
            return Err(source.wrong_option("column", "absent", &format!("one of {}", shown(&candidates))));
        }
    };
    let others: Vec<&str> = names
        .iter()
        .map(String::as_str)
        .filter(|name| *name != wanted && !(neuron.is_some() && *name == NEURON))
        .collect();
    let fields = [
        Field { names: &[wanted], kind: Some(kind), required: true },
        Field { names: &[NEURON], kind: neuron, required: false },
        Field { names: &others, kind: None, required: false },
    ];
    let mut table = table::read(source, &fields)?;
    Ok((table.reals(0).unwrap_or_default(), table.indices(1)))
}

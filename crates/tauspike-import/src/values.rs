//! Single columns: the values of an empirical distribution or a signal, or one value for each neuron.

use crate::columns::column::Kind;
use crate::columns::fields::{Field, Table, is_row_label, shown};
use crate::columns::table;
use crate::columns::text::column_name;
use crate::columns::unnamed::{self, is_unnamed};
use crate::error::ImportError;
use crate::members::{LOCAL, Members, NEURON, POPULATION};
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
    let values = read(source, column, quantity, None)?.reals(VALUE).unwrap_or_default();
    if values.is_empty() {
        return Err(ImportError::Rows { file: source.name().into(), found: 0, allowed: "at least 1".into() });
    }
    Ok(values)
}

/// As [`read_values`], with one value for each of `members`, in their order.
///
/// If the file has a column `neuron`, it says which row belongs to which neuron, by its position in the population, and must name
/// each member once and nothing else; otherwise row k is member k. In a table that has `local` too, as `tauspike export` writes it,
/// that is the position.
///
/// # Errors
/// Those of [`read_values`], and: wrong number of rows, a neuron out of range, named twice, missing, or no member.
pub fn read_member_values(
    source: &Source,
    column: Option<&str>,
    members: Members,
    quantity: Quantity,
) -> Result<Vec<f64>, ImportError> {
    let mut table = read(source, column, quantity, Some(members))?;
    let (values, neurons) = (table.reals(VALUE).unwrap_or_default(), table.indices(POSITION));
    Ok(members.rows(source, neurons, (values.len(), &table.kept))?.of(values))
}

/// The refusal of the value of member number `member` of those in `members`, which [`read_member_values`], or
/// [`crate::read_member_parameters`] in this column, has read: with its place in the file. The caller knows the value, and what it may be.
pub fn refused_member(
    source: &Source,
    column: Option<&str>,
    (members, member): (Members, usize),
    value: &str,
    allowed: &str,
) -> ImportError {
    // Read again, because the places of rows are not kept for the case that a value is refused.
    let place = || -> Result<(usize, String), ImportError> {
        let mut table = read(source, column, Quantity::Time, Some(members))?;
        let (rows, neurons) = (table.rows, table.indices(POSITION));
        let row = members.rows(source, neurons, (rows, &table.kept))?.row(member);
        let name = table.columns[VALUE].take().map(|column| column.name).filter(|name| !name.is_empty());
        Ok((table.kept.row(row), name.unwrap_or_else(|| column_name(0))))
    };
    match place() {
        Ok((row, name)) => source.refuse(row, &name, value, allowed),
        Err(changed) => changed,
    }
}

/// Places of the columns in the table that is read.
const VALUE: usize = 0;
const POSITION: usize = 1;

/// The values, and the positions of members if they are asked for and the file has them.
fn read(
    source: &Source,
    column: Option<&str>,
    quantity: Quantity,
    members: Option<Members>,
) -> Result<Table, ImportError> {
    let kind = Kind::finite(quantity);
    if is_unnamed(source.format()) {
        if let Some(column) = column {
            return Err(source.wrong_option("column", column, "absent, because the file has no column names"));
        }
        let values = unnamed::read(source, 1, kind)?.pop().unwrap_or_default();
        return Ok(Table::of(values, kind));
    }
    let names = table::names(source)?;
    let has_local = names.iter().any(|name| name == LOCAL);
    let position = if has_local { LOCAL } else { NEURON };
    let positions = members.filter(|_| column != Some(position)).map(|members| Kind::Index { below: members.size });
    // What says for whom a row is, is no value.
    let labels: &[&str] = match (positions, has_local) {
        (None, _) => &[],
        (Some(_), true) => &[LOCAL, NEURON, POPULATION],
        (Some(_), false) => &[NEURON, POPULATION],
    };
    let is_value = |(place, name): &(usize, &String)| !is_row_label(*place, name) && !labels.contains(&name.as_str());
    let candidates: Vec<String> = names.iter().enumerate().filter(is_value).map(|(_, name)| name.clone()).collect();
    let wanted = match (column, candidates.as_slice()) {
        (Some(column), _) => column,
        (None, [only]) => only.as_str(),
        (None, _) => {
            return Err(source.wrong_option("column", "absent", &format!("one of {}", shown(&candidates))));
        }
    };
    let is_other = |name: &&str| *name != wanted && !(positions.is_some() && *name == position);
    let others: Vec<&str> = names.iter().map(String::as_str).filter(is_other).collect();
    let fields = [
        Field { names: &[wanted], kind: Some(kind), required: true },
        Field { names: &[position], kind: positions, required: false },
        Field { names: &others, kind: None, required: false },
    ];
    table::read_only(source, &fields, members.and_then(|members| members.only()))
}

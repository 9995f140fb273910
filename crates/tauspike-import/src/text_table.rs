//! Named columns from text: a line of names, then lines of numbers, separated by white space; lines that start with `#` are comments.
//!
//! This is what NEST writes to its `.dat` files. Without a line of names, columns are called by their places: `1`, `2`, ...

use crate::error::{ImportError, excerpt};
use crate::source::Source;
use crate::text::each_line;

fn cells(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(u8::is_ascii_whitespace).filter(|cell| !cell.is_empty())
}

fn number(cell: &[u8]) -> Option<f64> {
    std::str::from_utf8(cell).ok()?.parse().ok().filter(|number: &f64| number.is_finite())
}

/// Names, none of which is a number.
fn is_header(line: &[u8]) -> bool {
    cells(line).all(|cell| number(cell).is_none())
}

/// Lines before the first row of numbers, comments not counted: 1 if there is a line of names.
pub(crate) fn header_lines(source: &Source) -> usize {
    let mut lines = 0;
    let counted = each_line(source, |_, line| {
        lines = usize::from(is_header(line));
        Ok(false)
    });
    counted.map_or(0, |()| lines)
}

/// The names in the first line, or the places of its numbers.
pub(crate) fn names(source: &Source) -> Result<Vec<String>, ImportError> {
    let mut names = Vec::new();
    each_line(source, |_, line| {
        let name = |(k, cell): (usize, &[u8])| match is_header(line) {
            true => String::from_utf8_lossy(cell).into_owned(),
            false => (k + 1).to_string(),
        };
        names = cells(line).enumerate().map(name).collect();
        Ok(false)
    })?;
    if names.is_empty() { Err(source.malformed("it has neither names nor numbers")) } else { Ok(names) }
}

/// The columns called `wanted`, each of them one of `names`.
pub(crate) fn read(source: &Source, names: &[String], wanted: &[&str]) -> Result<Vec<Vec<f64>>, ImportError> {
    let place = |name: &&str| names.iter().position(|other| other == name).unwrap_or_default();
    let places: Vec<usize> = wanted.iter().map(place).collect();
    let mut columns = vec![Vec::new(); wanted.len()];
    let mut rows = 0;
    each_line(source, |number_of_line, line| {
        rows += 1;
        if rows == 1 && is_header(line) {
            return Ok(true);
        }
        let row: Vec<&[u8]> = cells(line).collect();
        if row.len() != names.len() {
            let reason = format!("line {number_of_line} has {} columns, the first line has {}", row.len(), names.len());
            return Err(source.malformed(reason));
        }
        for ((column, place), name) in columns.iter_mut().zip(&places).zip(wanted) {
            let cell = row[*place];
            let Some(value) = number(cell) else {
                return Err(source.refuse(rows - 1, name, excerpt(cell), "a finite number"));
            };
            column.push(value + 0.0);
        }
        Ok(true)
    })?;
    Ok(columns)
}

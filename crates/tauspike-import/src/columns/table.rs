//! Named columns of numbers, the same from CSV, Parquet and NPZ: the caller names the [`Field`]s it takes, and gets them filled.
//!
//! A cell is checked where it is read, so an error can name its place. What needs more than one cell (order, permutation) is
//! checked by the caller, which asks `Source::place` for the place of a row. Not a data frame: no strings, no missing values.

use crate::columns::column::Column;
use crate::columns::fields::Field;
use crate::columns::{csv, npz, parquet};
use crate::error::ImportError;
use crate::format::Format;
use crate::source::Source;

/// The columns of a file, one slot per [`Field`] and in its order, all of `rows` values.
#[derive(Debug)]
pub(crate) struct Table {
    pub columns: Vec<Option<Column>>,
    pub rows: usize,
}

impl Table {
    /// Takes the indices of field `field`, if the file has them.
    pub fn indices(&mut self, field: usize) -> Option<Vec<u32>> {
        self.columns[field].take().map(|column| column.indices)
    }

    /// Takes the numbers of field `field`, if the file has them.
    pub fn reals(&mut self, field: usize) -> Option<Vec<f64>> {
        self.columns[field].take().map(|column| column.reals)
    }
}

/// Reads the given fields; every other column is an error.
pub(crate) fn read(source: &Source, fields: &[Field]) -> Result<Table, ImportError> {
    let (columns, rows) = match source.format() {
        Format::Csv => csv::read(source, fields),
        Format::Parquet => parquet::read(source, fields),
        Format::Npz => npz::read(source, fields),
        Format::Npy | Format::Text => Err(source.wrong_format("CSV, Parquet, NPZ")),
    }?;
    Ok(Table { columns, rows })
}

/// The names of all columns.
pub(crate) fn names(source: &Source) -> Result<Vec<String>, ImportError> {
    match source.format() {
        Format::Csv => csv::names(source),
        Format::Parquet => parquet::names(source),
        Format::Npz => npz::names(source),
        Format::Npy | Format::Text => Err(source.wrong_format("CSV, Parquet, NPZ")),
    }
}

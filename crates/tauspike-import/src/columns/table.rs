//! Named columns of numbers, the same from CSV, Parquet and NPZ: the caller names the [`Field`]s it takes, and gets them filled.
//!
//! A cell is checked where it is read, so an error can name its place. What needs more than one cell (order, permutation) is
//! checked by the caller, which asks `Source::place` for the place of a row. Not a data frame: no strings, no missing values.

use crate::columns::fields::{Field, Table};
use crate::columns::only::{Filter, Kept, Only};
use crate::columns::{csv, npz, parquet};
use crate::error::ImportError;
use crate::format::Format;
use crate::source::Source;

/// Reads the given fields; every other column is an error.
pub(crate) fn read(source: &Source, fields: &[Field]) -> Result<Table, ImportError> {
    read_only(source, fields, None)
}

/// As [`read`], those rows alone that `only` names; NPZ with a column of names is refused.
pub(crate) fn read_only(source: &Source, fields: &[Field], only: Option<Only>) -> Result<Table, ImportError> {
    match source.format() {
        Format::Csv => csv::read(source, fields, only),
        Format::Parquet => parquet::read(source, fields, only),
        Format::Npz => {
            if only.is_some()
                && let Some(filter) = Filter::new(only, &npz::names(source)?)
            {
                return Err(filter.no_names(source, "it is an array, which is not read".into()));
            }
            npz::read(source, fields).map(|(columns, rows)| Table { columns, rows, kept: Kept::default() })
        }
        Format::Npy | Format::Text => Err(source.wrong_format("CSV, Parquet, NPZ")),
    }
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

//! Named columns of numbers, the same from CSV, Parquet and NPZ: the caller names the [`Field`]s it takes, and gets them filled.
//!
//! A cell is checked where it is read, so an error can name its place. What needs more than one cell (order, permutation) is
//! checked by the caller, which asks `Source::place` for the place of a row. Not a data frame: no strings, no missing values.

use crate::error::{ImportError, excerpt};
use crate::nearest::nearest;
use crate::source::{Format, Source};
use crate::{csv_table, npz_table, parquet_table};

/// A column the caller takes.
#[derive(Clone, Debug)]
pub(crate) struct Field<'a> {
    /// The first is the name in messages; the others are accepted too.
    pub names: &'a [&'a str],
    /// None: the column may be there and is not read.
    pub kind: Option<Kind>,
    pub required: bool,
}

/// What a column may hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    /// Integers from 0 to `below - 1`.
    Index { below: u32 },
    /// Finite numbers >= `least`, which may be minus infinity.
    Real { least: f64 },
}

impl Kind {
    /// Any finite number.
    pub const FINITE: Kind = Kind::Real { least: f64::NEG_INFINITY };
    /// A finite number >= 0.
    pub const NOT_NEGATIVE: Kind = Kind::Real { least: 0.0 };

    pub fn allowed(self) -> String {
        match self {
            Kind::Index { below } => format!("an integer >= 0 and < {below}"),
            Kind::Real { least: 0.0 } => "a finite number >= 0".into(),
            Kind::Real { .. } => "a finite number".into(),
        }
    }
}

/// One column of a file, being filled. Only the vector of its kind is used.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    /// The name in the file.
    pub name: String,
    /// Its place among the columns of the file, from 0.
    pub position: usize,
    pub kind: Kind,
    pub indices: Vec<u32>,
    pub reals: Vec<f64>,
}

impl Column {
    pub fn new(name: impl Into<String>, position: usize, kind: Kind) -> Self {
        Self { name: name.into(), position, kind, indices: Vec::new(), reals: Vec::new() }
    }

    pub fn len(&self) -> usize {
        self.indices.len().max(self.reals.len())
    }

    /// Appends an integer; false if it is not allowed.
    pub fn push_integer(&mut self, value: i128) -> bool {
        match self.kind {
            Kind::Index { below } => match u32::try_from(value) {
                Ok(index) if index < below => self.indices.push(index),
                _ => return false,
            },
            // A cast that rounds would change a value silently.
            Kind::Real { .. } => return (value as f64) as i128 == value && self.push_real(value as f64),
        }
        true
    }

    /// Appends a real number; false if it is not allowed. An index is never read from a real number.
    pub fn push_real(&mut self, value: f64) -> bool {
        match self.kind {
            // Adding 0 turns -0 into 0: two zeros that differ in bits would be two different times to a sort by bits.
            Kind::Real { least } if value.is_finite() && value >= least => self.reals.push(value + 0.0),
            Kind::Real { .. } | Kind::Index { .. } => return false,
        }
        true
    }

    /// Appends a cell of text; false if it is not allowed.
    pub fn push_text(&mut self, cell: &[u8]) -> bool {
        let text = std::str::from_utf8(cell).unwrap_or_default();
        match self.kind {
            Kind::Index { .. } => text.parse().is_ok_and(|value| self.push_integer(value)),
            Kind::Real { .. } => text.parse().is_ok_and(|value| self.push_real(value)),
        }
    }
}

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
    match source.format() {
        Format::Csv => csv_table::read(source, fields),
        Format::Parquet => parquet_table::read(source, fields),
        Format::Npz => npz_table::read(source, fields),
        Format::Npy | Format::Text => Err(source.wrong_format("CSV, Parquet, NPZ")),
    }
}

/// The names of all columns.
pub(crate) fn names(source: &Source) -> Result<Vec<String>, ImportError> {
    match source.format() {
        Format::Csv => csv_table::names(source),
        Format::Parquet => parquet_table::names(source),
        Format::Npz => npz_table::names(source),
        Format::Npy | Format::Text => Err(source.wrong_format("CSV, Parquet, NPZ")),
    }
}

/// For each field its column among `names`, still empty.
pub(crate) fn bind(source: &Source, names: &[String], fields: &[Field]) -> Result<Vec<Option<Column>>, ImportError> {
    let mut bound: Vec<Option<Column>> = vec![None; fields.len()];
    for (position, name) in names.iter().enumerate() {
        let Some(k) = fields.iter().position(|field| field.names.contains(&name.as_str())) else {
            return Err(unknown(source, name, fields));
        };
        let Some(kind) = fields[k].kind else { continue };
        if let Some(earlier) = bound[k].replace(Column::new(name, position, kind)) {
            let found = format!("given twice, also as `{}`", earlier.name);
            return Err(source.unfit(name, found, "one column for each quantity"));
        }
    }
    let missing = fields.iter().zip(&bound).find(|(field, column)| field.required && column.is_none());
    match missing {
        Some((field, _)) => Err(missing_column(source, field.names[0], names)),
        None if bound.iter().all(Option::is_none) => Err(missing_column(source, &list(fields), names)),
        None => Ok(bound),
    }
}

fn unknown(source: &Source, name: &str, fields: &[Field]) -> ImportError {
    let all: Vec<&str> = fields.iter().flat_map(|field| field.names).copied().collect();
    ImportError::UnknownColumn {
        file: source.name().into(),
        column: excerpt(name.as_bytes()),
        nearest: nearest(name, &all).map(String::from),
        allowed: list(fields),
    }
}

fn list(fields: &[Field]) -> String {
    let all: Vec<&str> = fields.iter().flat_map(|field| field.names).copied().collect();
    all.join(", ")
}

pub(crate) fn missing_column(source: &Source, column: &str, names: &[String]) -> ImportError {
    ImportError::MissingColumn { file: source.name().into(), column: column.into(), found: shown(names) }
}

/// Names found in a file as they may be shown in a message: the first 20.
pub(crate) fn shown(names: &[String]) -> String {
    let mut shown: Vec<String> = names.iter().take(20).map(|name| excerpt(name.as_bytes())).collect();
    if names.len() > shown.len() {
        shown.push("…".into());
    }
    shown.join(", ")
}

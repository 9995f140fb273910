//! Columns of a Parquet file by name: texts (plain or dictionary), whole numbers and real numbers.
//!
//! It knows no study: [`crate::study`] says which columns there are. Other columns are ignored.

use arrow::array::{Array, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type, UInt64Type};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tauspike_record::{RecordError, guarded};

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Strings, plain or dictionary-encoded, none missing.
    Text,
    /// Whole numbers from 0 to 2^64 - 1, none missing.
    Whole,
    /// Finite numbers, none missing.
    Real,
    /// Numbers that may be missing or not a number: both are read as NaN.
    Optional,
}

impl Kind {
    fn expected(self) -> &'static str {
        match self {
            Kind::Text => "strings, plain or dictionary, without nulls",
            Kind::Whole => "whole numbers of at least 0, without nulls",
            Kind::Real => "finite numbers, without nulls",
            Kind::Optional => "numbers, or nulls",
        }
    }

    fn fits(self, found: &DataType) -> bool {
        match (self, found) {
            (Kind::Text, DataType::Dictionary(_, values)) => self.fits(values),
            (Kind::Text, found) => matches!(found, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View),
            (Kind::Whole, found) => found.is_integer(),
            (Kind::Real | Kind::Optional, found) => found.is_numeric() || (self == Kind::Optional && found.is_null()),
        }
    }
}

/// A column and what it holds.
pub(crate) type Field = (&'static str, Kind);

/// The columns asked for, each as long as the file has rows.
pub(crate) struct Table {
    /// Number of rows.
    pub rows: usize,
    texts: HashMap<&'static str, Vec<Arc<str>>>,
    wholes: HashMap<&'static str, Vec<u64>>,
    reals: HashMap<&'static str, Vec<f64>>,
}

impl Table {
    /// Reads the columns `fields` of a file.
    ///
    /// # Errors
    /// If the file is absent or malformed, or a column is missing, has another type, or a value that its kind forbids: all are
    /// named.
    pub fn read(path: &Path, fields: &[Field]) -> Result<Self, RecordError> {
        let open = |source| RecordError::Io { path: path.into(), action: "read", source };
        let file = File::open(path).map_err(open)?;
        let builder = guarded(path, || ParquetRecordBatchReaderBuilder::try_new(file))?;
        for &(column, kind) in fields {
            check(path, builder.schema(), column, kind)?;
        }
        let names = fields.iter().map(|field| field.0);
        let mask = ProjectionMask::columns(builder.parquet_schema(), names);
        let mut batches = guarded(path, || builder.with_projection(mask).build())?;
        let mut table = Self { rows: 0, texts: HashMap::new(), wholes: HashMap::new(), reals: HashMap::new() };
        let mut known = HashMap::new();
        while let Some(batch) = guarded(path, || Ok(batches.next().transpose()?))? {
            for &(column, kind) in fields {
                let values = batch.column_by_name(column).expect("checked in the schema of the file");
                let place = Place { path, column, kind, first: table.rows };
                match kind {
                    Kind::Text => table.texts.entry(column).or_default().extend(place.texts(values, &mut known)?),
                    Kind::Whole => table.wholes.entry(column).or_default().extend(place.wholes(values)?),
                    _ => table.reals.entry(column).or_default().extend(place.reals(values)?),
                }
            }
            table.rows += batch.num_rows();
        }
        Ok(table)
    }

    /// A value of a column that was asked for as text.
    pub fn text(&self, column: &str, row: usize) -> Arc<str> {
        self.texts[column][row].clone()
    }

    /// A value of a column that was asked for as whole numbers.
    pub fn whole(&self, column: &str, row: usize) -> u64 {
        self.wholes[column][row]
    }

    /// A value of a column that was asked for as real numbers; NaN if missing.
    pub fn real(&self, column: &str, row: usize) -> f64 {
        self.reals[column][row]
    }
}

fn check(path: &Path, schema: &arrow::datatypes::Schema, column: &'static str, kind: Kind) -> Result<(), RecordError> {
    let expected = kind.expected();
    let Some((_, field)) = schema.column_with_name(column) else {
        let found = schema.fields().iter().map(|field| field.name().as_str()).collect::<Vec<_>>().join(", ");
        return Err(RecordError::MissingColumn { path: path.into(), column, expected, found });
    };
    if kind.fits(field.data_type()) {
        return Ok(());
    }
    let found = field.data_type().to_string();
    Err(RecordError::ColumnType { path: path.into(), column, found, expected })
}

/// Where a batch of values is, for messages.
struct Place<'a> {
    path: &'a Path,
    column: &'static str,
    kind: Kind,
    first: usize,
}

impl Place<'_> {
    fn refuse(&self, row: usize, found: impl ToString) -> RecordError {
        let path = PathBuf::from(self.path);
        let row = (self.first + row) as u64;
        RecordError::Value { path, column: self.column, row, found: found.to_string(), expected: self.kind.expected() }
    }

    fn cast(&self, values: &dyn Array, to: &DataType) -> Result<Arc<dyn Array>, RecordError> {
        guarded(self.path, || Ok(cast(values, to)?))
    }

    /// Equal texts are kept once.
    fn texts(&self, values: &dyn Array, known: &mut HashMap<String, Arc<str>>) -> Result<Vec<Arc<str>>, RecordError> {
        let values = self.cast(values, &DataType::Utf8)?;
        let text = |(row, value): (usize, Option<&str>)| {
            let value = value.ok_or_else(|| self.refuse(row, "null"))?;
            if !known.contains_key(value) {
                known.insert(value.into(), value.into());
            }
            Ok(known[value].clone())
        };
        values.as_string::<i32>().iter().enumerate().map(text).collect()
    }

    fn wholes(&self, values: &dyn Array) -> Result<Vec<u64>, RecordError> {
        // A negative value becomes null.
        let values = self.cast(values, &DataType::UInt64)?;
        let whole = |(row, value): (usize, Option<u64>)| value.ok_or_else(|| self.refuse(row, "null or below 0"));
        values.as_primitive::<UInt64Type>().iter().enumerate().map(whole).collect()
    }

    fn reals(&self, values: &dyn Array) -> Result<Vec<f64>, RecordError> {
        let values = self.cast(values, &DataType::Float64)?;
        let real = |(row, value): (usize, Option<f64>)| match value {
            Some(value) if value.is_finite() => Ok(value),
            _ if self.kind == Kind::Optional => Ok(f64::NAN),
            Some(value) => Err(self.refuse(row, value)),
            None => Err(self.refuse(row, "null")),
        };
        values.as_primitive::<Float64Type>().iter().enumerate().map(real).collect()
    }
}

//! What does a file hold, and what is wrong with it?

use crate::columns::{Column, Kind};
use arrow_array::Array;
use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::downcast_integer_array;
use arrow_array::types::{Float16Type, Float32Type, Float64Type};
use arrow_schema::{DataType, Schema};
use arrow_select::concat::concat_batches;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::collections::HashMap;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use tauspike_record::{RecordError, Texts, guarded};

/// The columns asked for, each as long as the file has rows.
pub struct Table {
    /// Number of rows.
    pub rows: usize,
    texts: HashMap<&'static str, Vec<Arc<str>>>,
    wholes: HashMap<&'static str, Vec<u64>>,
    reals: HashMap<&'static str, Vec<f64>>,
}

impl Table {
    /// Reads `columns` of a file; others are not looked at.
    ///
    /// # Errors
    /// If the file is absent or malformed, or a column is missing, has another type, or a value that its kind forbids: all are
    /// named.
    pub fn read(path: &Path, columns: &[Column]) -> Result<Self, RecordError> {
        let file = File::open(path).map_err(RecordError::io(path, "read"))?;
        let builder = guarded(path, || ParquetRecordBatchReaderBuilder::try_new(file))?;
        for column in columns {
            check(path, builder.schema(), *column)?;
        }
        let names = columns.iter().map(|column| column.name);
        let mask = ProjectionMask::columns(builder.parquet_schema(), names);
        let mut batches = guarded(path, || builder.with_projection(mask).build())?;
        let mut table = Self { rows: 0, texts: HashMap::new(), wholes: HashMap::new(), reals: HashMap::new() };
        let mut known = HashMap::new();
        while let Some(batch) = guarded(path, || Ok(batches.next().transpose()?))? {
            for &column in columns {
                let values = batch.column_by_name(column.name).expect("checked in the schema of the file");
                let place = Place { path, column, first: table.rows };
                match column.kind {
                    Kind::Text => table.texts.entry(column.name).or_default().extend(place.texts(values, &mut known)?),
                    Kind::Whole => table.wholes.entry(column.name).or_default().extend(place.wholes(values)?),
                    _ => table.reals.entry(column.name).or_default().extend(place.reals(values)?),
                }
            }
            table.rows += batch.num_rows();
        }
        Ok(table)
    }

    /// A value of a column that was asked for as text.
    pub fn text(&self, column: Column, row: usize) -> Arc<str> {
        self.texts[column.name][row].clone()
    }

    /// A value of a column that was asked for as whole numbers.
    pub fn whole(&self, column: Column, row: usize) -> u64 {
        self.wholes[column.name][row]
    }

    /// A value of a column that was asked for as real numbers; NaN if missing.
    pub fn real(&self, column: Column, row: usize) -> f64 {
        self.reals[column.name][row]
    }
}

/// The whole of a file as one batch, as it is.
///
/// # Errors
/// If it is absent or malformed.
pub fn read_batch(path: &Path) -> Result<RecordBatch, RecordError> {
    let file = File::open(path).map_err(RecordError::io(path, "read"))?;
    let builder = guarded(path, || ParquetRecordBatchReaderBuilder::try_new(file))?;
    let schema = builder.schema().clone();
    let batches = guarded(path, || Ok(builder.build()?.collect::<Result<Vec<_>, _>>()?))?;
    guarded(path, || Ok(concat_batches(&schema, &batches)?))
}

fn check(path: &Path, schema: &Schema, Column { name, kind, .. }: Column) -> Result<(), RecordError> {
    let expected = kind.expected();
    let Some((_, field)) = schema.column_with_name(name) else {
        let found = schema.fields().iter().map(|field| field.name().as_str()).collect::<Vec<_>>().join(", ");
        return Err(RecordError::MissingColumn { path: path.into(), column: name, expected, found });
    };
    if fits(kind, field.data_type()) {
        return Ok(());
    }
    let found = field.data_type().to_string();
    Err(RecordError::ColumnType { path: path.into(), column: name, found, expected })
}

fn fits(kind: Kind, found: &DataType) -> bool {
    match (kind, found) {
        (Kind::Text, DataType::Dictionary(_, values)) => fits(kind, values),
        (Kind::Text, found) => matches!(found, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View),
        (Kind::Whole, found) => found.is_integer(),
        (Kind::Count, found) => found.is_integer() || found.is_null(),
        (Kind::Real, found) => found.is_integer() || found.is_floating(),
        (Kind::Optional, found) => found.is_null() || fits(Kind::Real, found),
    }
}

/// Where a batch of values is, for messages.
struct Place<'a> {
    path: &'a Path,
    column: Column,
    first: usize,
}

impl Place<'_> {
    fn refuse(&self, row: usize, found: impl ToString) -> RecordError {
        let (column, expected) = (self.column.name, self.column.kind.expected());
        let row = (self.first + row) as u64;
        RecordError::Value { path: self.path.into(), column, row, found: found.to_string(), expected }
    }

    /// Equal texts are kept once.
    fn texts(&self, values: &dyn Array, known: &mut HashMap<String, Arc<str>>) -> Result<Vec<Arc<str>>, RecordError> {
        let texts = guarded(self.path, || Ok(Texts::of(values)))?;
        let text = |row: usize| {
            let value = texts.row(row);
            let value = value.ok_or_else(|| self.refuse(row, "null"))?;
            if !known.contains_key(value) {
                known.insert(value.into(), value.into());
            }
            Ok(known[value].clone())
        };
        (0..values.len()).map(text).collect()
    }

    fn wholes(&self, values: &dyn Array) -> Result<Vec<u64>, RecordError> {
        let whole = |(row, value): (usize, Option<u64>)| value.ok_or_else(|| self.refuse(row, "null or below 0"));
        whole_numbers(values).into_iter().enumerate().map(whole).collect()
    }

    fn reals(&self, values: &dyn Array) -> Result<Vec<f64>, RecordError> {
        let real = |(row, value): (usize, Option<f64>)| match value {
            Some(value) if value.is_finite() => Ok(value),
            _ if self.column.kind != Kind::Real => Ok(f64::NAN),
            Some(value) => Err(self.refuse(row, value)),
            None => Err(self.refuse(row, "null")),
        };
        real_numbers(values).into_iter().enumerate().map(real).collect()
    }
}

/// Of integers of any width, and none of others; what is below 0 is missing.
fn whole_numbers(values: &dyn Array) -> Vec<Option<u64>> {
    downcast_integer_array!(
        values => values.iter().map(|value| u64::try_from(i128::from(value?)).ok()).collect(),
        _ => vec![None; values.len()]
    )
}

/// Of integers and floating-point numbers of any width, and none of others.
fn real_numbers(values: &dyn Array) -> Vec<Option<f64>> {
    downcast_integer_array!(
        values => values.iter().map(|value| Some(value? as f64)).collect(),
        DataType::Float64 => values.as_primitive::<Float64Type>().iter().collect(),
        DataType::Float32 => values.as_primitive::<Float32Type>().iter().map(|value| value.map(f64::from)).collect(),
        DataType::Float16 => values.as_primitive::<Float16Type>().iter().map(|value| value.map(f64::from)).collect(),
        _ => vec![None; values.len()]
    )
}

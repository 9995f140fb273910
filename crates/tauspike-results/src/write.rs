//! How does a table become a file?

use crate::columns::{Column, Kind};
use arrow_array::RecordBatch;
use arrow_array::{ArrayRef, Float64Array, StringArray, UInt64Array};
use arrow_schema::ArrowError;
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use tauspike_record::{RecordError, write_atomic};

/// Some rows of a table, column by column.
#[derive(Default)]
pub struct Rows {
    columns: Vec<(Column, ArrayRef)>,
}

impl Rows {
    /// Adds a column of texts.
    pub fn text(self, column: Column, values: impl IntoIterator<Item = String>) -> Self {
        self.with(column, Arc::new(StringArray::from_iter_values(values)))
    }

    /// Adds a column of whole numbers.
    pub fn whole(self, column: Column, values: impl IntoIterator<Item = u64>) -> Self {
        self.with(column, Arc::new(UInt64Array::from_iter_values(values)))
    }

    /// Adds a column of whole numbers that may be missing.
    pub fn count(self, column: Column, values: impl IntoIterator<Item = Option<u64>>) -> Self {
        self.with(column, Arc::new(values.into_iter().collect::<UInt64Array>()))
    }

    /// Adds a column of numbers; those that are not finite are missing.
    pub fn real(self, column: Column, values: impl IntoIterator<Item = f64>) -> Self {
        let known = |value: f64| value.is_finite().then_some(value);
        self.with(column, Arc::new(values.into_iter().map(known).collect::<Float64Array>()))
    }

    fn with(mut self, column: Column, values: ArrayRef) -> Self {
        self.columns.push((column, values));
        self
    }
}

/// Writes a table of the columns `schema`. Every part has all of them, in order.
///
/// # Errors
/// If the file cannot be written, a part has other columns, or a value is missing where none may be: the column is named.
pub fn write(path: &Path, schema: &[Column], parts: impl IntoIterator<Item = Rows>) -> Result<(), RecordError> {
    let to = Arc::new(Schema::new(schema.iter().map(field).collect::<Vec<_>>()));
    write_batches(path, to.clone(), parts.into_iter().map(|rows| batch(&to, rows)))
}

/// Writes a table of any columns, whole or not at all.
///
/// # Errors
/// If a batch is an error or of another schema, or the file cannot be written.
pub fn write_batches(
    path: &Path,
    schema: SchemaRef,
    batches: impl IntoIterator<Item = Result<RecordBatch, ArrowError>>,
) -> Result<(), RecordError> {
    let encoded = || {
        let properties = WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?)).build();
        let mut writer = ArrowWriter::try_new(Vec::new(), schema, Some(properties))?;
        for batch in batches {
            writer.write(&batch?)?;
        }
        writer.into_inner()
    };
    let content = encoded().map_err(RecordError::parquet::<ParquetError>(path, "write"))?;
    write_atomic(path, &content)
}

fn batch(schema: &SchemaRef, rows: Rows) -> Result<RecordBatch, ArrowError> {
    let given: Vec<&str> = rows.columns.iter().map(|(column, _)| column.name).collect();
    let wanted: Vec<&String> = schema.fields().iter().map(|field| field.name()).collect();
    if given != wanted {
        return Err(ArrowError::SchemaError(format!("columns {given:?}, expected {wanted:?}")));
    }
    RecordBatch::try_new(schema.clone(), rows.columns.into_iter().map(|(_, values)| values).collect())
}

fn field(column: &Column) -> Field {
    let (of, nullable) = match column.kind {
        Kind::Text => (DataType::Utf8, false),
        Kind::Whole => (DataType::UInt64, false),
        Kind::Count => (DataType::UInt64, true),
        Kind::Real => (DataType::Float64, false),
        Kind::Optional => (DataType::Float64, true),
    };
    let metadata = [("unit", column.unit), ("description", column.meaning)];
    let owned: HashMap<String, String> = metadata.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
    Field::new(column.name, of, nullable).with_metadata(owned)
}

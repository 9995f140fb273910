//! Columns from Parquet, compressed in any way but LZO; no nulls.

mod claims;
mod format;
mod thrift;

use crate::columns::arrow_values;
use crate::columns::contain::contain;
use crate::columns::fields::{Field, Table, bind};
use crate::columns::only::{Filter, Kept, Only};
use crate::error::ImportError;
use crate::source::{Data, Source};
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, BooleanArray, RecordBatch};
use arrow_schema::ArrowError;
use arrow_schema::DataType;
use arrow_select::filter::filter_record_batch;
use arrow_select::take::take;
use bytes::Bytes;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::file::reader::ChunkReader;
use std::fs::File;
use std::path::Path;

const BATCH_ROWS: usize = 8192;

/// The names of all columns.
pub(crate) fn names(source: &Source) -> Result<Vec<String>, ImportError> {
    Ok(match &source.data {
        Data::File(path) => Opened::new(source, open(source, path)?)?.names(),
        Data::Bytes(bytes) => Opened::new(source, Bytes::copy_from_slice(bytes))?.names(),
    })
}

/// Reads the given fields of the rows that `only` names; every other column is an error.
pub(crate) fn read(source: &Source, fields: &[Field], only: Option<Only>) -> Result<Table, ImportError> {
    match &source.data {
        Data::File(path) => read_from(source, Opened::new(source, open(source, path)?)?, fields, only),
        Data::Bytes(bytes) => read_from(source, Opened::new(source, Bytes::copy_from_slice(bytes))?, fields, only),
    }
}

fn open(source: &Source, path: &Path) -> Result<File, ImportError> {
    File::open(path).map_err(|error| source.unreadable(error))
}

/// A file whose footer was read.
struct Opened<T> {
    input: T,
    footer: ArrowReaderMetadata,
}

impl<T: ChunkReader> Opened<T> {
    fn new(source: &Source, input: T) -> Result<Self, ImportError> {
        contain(source, || claims::check_footer(&input))?;
        // With the Arrow schema that most writers embed: it alone tells a duration from an integer.
        let footer = contain(source, || ArrowReaderMetadata::load(&input, ArrowReaderOptions::default()))?;
        contain(source, || claims::check_rows(&input, footer.metadata()))?;
        Ok(Self { input, footer })
    }

    fn names(&self) -> Vec<String> {
        self.footer.schema().fields().iter().map(|field| field.name().clone()).collect()
    }
}

fn read_from<T: ChunkReader + 'static>(
    source: &Source,
    opened: Opened<T>,
    fields: &[Field],
    only: Option<Only>,
) -> Result<Table, ImportError> {
    let names = opened.names();
    let schema = opened.footer.schema();
    let mut columns = bind(source, &names, fields)?;
    for column in columns.iter().flatten() {
        let found = schema.field(column.position).data_type();
        arrow_values::check_type(column.kind, found)
            .map_err(|allowed| source.unfit(&column.name, format!("it has type {found}"), allowed))?;
    }
    let mut filter = Filter::new(only, &names);
    if let Some(filter) = &filter {
        let found = schema.field(filter.position).data_type();
        if !is_string(found) {
            return Err(filter.no_names(source, format!("it has type {found}")));
        }
    }
    let mut wanted: Vec<usize> = columns.iter().flatten().map(|column| column.position).collect();
    wanted.extend(filter.as_ref().map(|filter| filter.position));
    wanted.sort_unstable();
    contain(source, || claims::check_pages(&opened.input, opened.footer.metadata(), &wanted))?;
    let mask = ProjectionMask::roots(opened.footer.parquet_schema(), wanted.iter().copied());
    let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(opened.input, opened.footer);
    let mut reader = contain(source, || builder.with_projection(mask).with_batch_size(BATCH_ROWS).build())?;
    let mut rows = 0;
    while let Some(batch) = next_batch(source, &mut reader)? {
        let place = |position: usize| wanted.partition_point(|&other| other < position);
        let batch = match &mut filter {
            Some(filter) => taken(source, &batch, place(filter.position), filter)?,
            None => batch,
        };
        for column in columns.iter_mut().flatten() {
            arrow_values::append(column, batch.column(place(column.position))).map_err(|(row, value)| {
                let row = filter.as_ref().map_or(rows + row, |filter| filter.row(rows + row));
                source.refuse(row, &column.name, value, column.kind.allowed())
            })?;
        }
        rows += batch.num_rows();
    }
    let kept = filter.map_or(Ok(Kept::default()), |filter| filter.finish(source))?;
    Ok(Table { columns, rows, kept })
}

/// The rows whose name, in the column at `place`, the filter takes.
fn taken(source: &Source, batch: &RecordBatch, place: usize, filter: &mut Filter) -> Result<RecordBatch, ImportError> {
    let names = contain(source, || decoded(batch.column(place)))?;
    let takes = (0..names.len()).map(|row| filter.takes(source, text(&names, row).as_bytes()));
    let takes: BooleanArray = takes.map(|takes| takes.map(Some)).collect::<Result<_, _>>()?;
    contain(source, || filter_record_batch(batch, &takes))
}

/// The values themselves where there are keys of a dictionary.
fn decoded(values: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    match values.as_any_dictionary_opt() {
        Some(dictionary) => decoded(&take(dictionary.values(), dictionary.keys(), None)?),
        None => Ok(values.clone()),
    }
}

/// Of an array of any type that [`is_string`]; what is missing is empty.
fn text(values: &dyn Array, row: usize) -> &str {
    match values.data_type() {
        _ if values.is_null(row) => "",
        DataType::LargeUtf8 => values.as_string::<i64>().value(row),
        DataType::Utf8View => values.as_string_view().value(row),
        _ => values.as_string::<i32>().value(row),
    }
}

fn is_string(of: &DataType) -> bool {
    match of {
        DataType::Dictionary(_, values) => is_string(values),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        _ => false,
    }
}

fn next_batch(source: &Source, reader: &mut ParquetRecordBatchReader) -> Result<Option<RecordBatch>, ImportError> {
    contain(source, || reader.next().transpose())
}

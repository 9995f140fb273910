//! Columns from Parquet: integers of any width as indices, floating point or integers as reals; no nulls.

use crate::contain::contain;
use crate::error::ImportError;
use crate::source::{Data, Source};
use crate::table::{Column, Field, Kind, Table, bind};
use arrow::array::{Array, AsArray};
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use bytes::Bytes;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::file::reader::ChunkReader;
use std::fmt::Debug;
use std::fs::File;

/// Rows per byte of file beyond which it is refused. Run lengths can claim 2^31 rows in a few bytes; the largest ratio of
/// zip's compression is taken as the limit here too, so that no format unpacks a small file into all of the memory.
const MOST_ROWS_PER_BYTE: u64 = 1032;
const BATCH_ROWS: usize = 8192;

/// The names of all columns.
pub(crate) fn names(source: &Source) -> Result<Vec<String>, ImportError> {
    Ok(match &source.data {
        Data::File(path) => column_names(&builder(source, open(source, path)?)?),
        Data::Bytes(bytes) => column_names(&builder(source, Bytes::copy_from_slice(bytes))?),
    })
}

/// Reads the given fields; every other column is an error.
pub(crate) fn read(source: &Source, fields: &[Field]) -> Result<Table, ImportError> {
    match &source.data {
        Data::File(path) => read_from(source, builder(source, open(source, path)?)?, fields),
        Data::Bytes(bytes) => read_from(source, builder(source, Bytes::copy_from_slice(bytes))?, fields),
    }
}

fn open(source: &Source, path: &std::path::Path) -> Result<File, ImportError> {
    File::open(path).map_err(|error| source.unreadable(error))
}

type Builder<T> = ParquetRecordBatchReaderBuilder<T>;

fn builder<T: ChunkReader + 'static>(source: &Source, input: T) -> Result<Builder<T>, ImportError> {
    // The Arrow schema that some writers embed adds nothing to plain numbers.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    contain(source, || Builder::try_new_with_options(input, options))
}

fn column_names<T: ChunkReader + 'static>(builder: &Builder<T>) -> Vec<String> {
    builder.schema().fields().iter().map(|field| field.name().clone()).collect()
}

fn read_from<T: ChunkReader + 'static>(
    source: &Source,
    builder: Builder<T>,
    fields: &[Field],
) -> Result<Table, ImportError> {
    check_row_count(source, &builder)?;
    let names = column_names(&builder);
    let mut columns = bind(source, &names, fields)?;
    for column in columns.iter().flatten() {
        check_type(source, column, builder.schema().field(column.position).data_type())?;
    }
    let mut wanted: Vec<usize> = columns.iter().flatten().map(|column| column.position).collect();
    wanted.sort_unstable();
    let mask = ProjectionMask::roots(builder.parquet_schema(), wanted.iter().copied());
    let mut reader = contain(source, || builder.with_projection(mask).with_batch_size(BATCH_ROWS).build())?;
    let mut rows = 0;
    while let Some(batch) = next_batch(source, &mut reader)? {
        for column in columns.iter_mut().flatten() {
            let place = wanted.partition_point(|&position| position < column.position);
            append(column, batch.column(place))
                .map_err(|(row, value)| source.refuse(rows + row, &column.name, value, column.kind.allowed()))?;
        }
        rows += batch.num_rows();
    }
    Ok(Table { columns, rows })
}

fn next_batch(
    source: &Source,
    reader: &mut ParquetRecordBatchReader,
) -> Result<Option<arrow::array::RecordBatch>, ImportError> {
    contain(source, || reader.next().transpose())
}

fn check_row_count<T: ChunkReader + 'static>(source: &Source, builder: &Builder<T>) -> Result<(), ImportError> {
    let claimed: i128 = builder.metadata().row_groups().iter().map(|group| i128::from(group.num_rows())).sum();
    let most = source.size()?.saturating_mul(MOST_ROWS_PER_BYTE);
    if (0..=i128::from(most)).contains(&claimed) {
        return Ok(());
    }
    Err(source.malformed(format!("it claims {claimed} rows; a file of its size has at most {most}")))
}

fn check_type(source: &Source, column: &Column, found: &DataType) -> Result<(), ImportError> {
    let allowed = match column.kind {
        _ if found.is_integer() => return Ok(()),
        Kind::Index { .. } => "an integer type",
        _ if matches!(found, DataType::Float32 | DataType::Float64) => return Ok(()),
        _ => "Float32, Float64 or an integer type",
    };
    Err(source.unfit(&column.name, format!("it has type {found}"), allowed))
}

/// Appends all values; the error is the first row that is not allowed and its value.
fn append(column: &mut Column, values: &dyn Array) -> Result<(), (usize, String)> {
    if let Some(row) = (0..values.len()).find(|&row| values.is_null(row)) {
        return Err((row, "null".into()));
    }
    match values.data_type() {
        DataType::Int8 => integers::<Int8Type>(column, values),
        DataType::Int16 => integers::<Int16Type>(column, values),
        DataType::Int32 => integers::<Int32Type>(column, values),
        DataType::Int64 => integers::<Int64Type>(column, values),
        DataType::UInt8 => integers::<UInt8Type>(column, values),
        DataType::UInt16 => integers::<UInt16Type>(column, values),
        DataType::UInt32 => integers::<UInt32Type>(column, values),
        DataType::UInt64 => integers::<UInt64Type>(column, values),
        DataType::Float32 => {
            let values = values.as_primitive::<Float32Type>().values();
            each(values, |value| column.push_real(f64::from(value)))
        }
        DataType::Float64 => each(values.as_primitive::<Float64Type>().values(), |value| column.push_real(value)),
        // The schema said otherwise when the type was checked.
        other => Err((0, format!("a value of type {other}"))),
    }
}

fn integers<T: ArrowPrimitiveType<Native: Into<i128>>>(
    column: &mut Column,
    values: &dyn Array,
) -> Result<(), (usize, String)> {
    each(values.as_primitive::<T>().values(), |value| column.push_integer(value.into()))
}

fn each<T: Copy + Debug>(values: &[T], mut push: impl FnMut(T) -> bool) -> Result<(), (usize, String)> {
    match values.iter().position(|&value| !push(value)) {
        Some(row) => Err((row, format!("{:?}", values[row]))),
        None => Ok(()),
    }
}

//! Columns from Parquet, compressed in any way but LZO; no nulls.

use crate::columns::arrow_values;
use crate::columns::contain::contain;
use crate::columns::fields::{Field, Table, bind};
use crate::columns::only::{Filter, Kept, Only};
use crate::error::ImportError;
use crate::source::{Data, Source};
use arrow::array::{AsArray, BooleanArray, RecordBatch};
use arrow::compute::{cast, filter_record_batch};
use arrow::datatypes::DataType;
use arrow::error::ArrowError;
use bytes::Bytes;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::file::reader::ChunkReader;
use std::fs::File;
use std::path::Path;

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

/// Reads the given fields of the rows that `only` names; every other column is an error.
pub(crate) fn read(source: &Source, fields: &[Field], only: Option<Only>) -> Result<Table, ImportError> {
    match &source.data {
        Data::File(path) => read_from(source, builder(source, open(source, path)?)?, fields, only),
        Data::Bytes(bytes) => read_from(source, builder(source, Bytes::copy_from_slice(bytes))?, fields, only),
    }
}

fn open(source: &Source, path: &Path) -> Result<File, ImportError> {
    File::open(path).map_err(|error| source.unreadable(error))
}

type Builder<T> = ParquetRecordBatchReaderBuilder<T>;

fn builder<T: ChunkReader + 'static>(source: &Source, input: T) -> Result<Builder<T>, ImportError> {
    // With the Arrow schema that most writers embed: it alone tells a duration from an integer.
    contain(source, || Builder::try_new(input))
}

fn column_names<T: ChunkReader + 'static>(builder: &Builder<T>) -> Vec<String> {
    builder.schema().fields().iter().map(|field| field.name().clone()).collect()
}

fn read_from<T: ChunkReader + 'static>(
    source: &Source,
    builder: Builder<T>,
    fields: &[Field],
    only: Option<Only>,
) -> Result<Table, ImportError> {
    check_row_count(source, &builder)?;
    let names = column_names(&builder);
    let mut columns = bind(source, &names, fields)?;
    for column in columns.iter().flatten() {
        let found = builder.schema().field(column.position).data_type();
        arrow_values::check_type(column.kind, found)
            .map_err(|allowed| source.unfit(&column.name, format!("it has type {found}"), allowed))?;
    }
    let is_text = |filter: &Filter| is_string(builder.schema().field(filter.position).data_type());
    let mut filter = Filter::new(only, &names).filter(is_text);
    let mut wanted: Vec<usize> = columns.iter().flatten().map(|column| column.position).collect();
    wanted.extend(filter.as_ref().map(|filter| filter.position));
    wanted.sort_unstable();
    let mask = ProjectionMask::roots(builder.parquet_schema(), wanted.iter().copied());
    let mut reader = contain(source, || builder.with_projection(mask).with_batch_size(BATCH_ROWS).build())?;
    let mut rows = 0;
    while let Some(batch) = next_batch(source, &mut reader)? {
        let place = |position: usize| wanted.partition_point(|&other| other < position);
        let batch = match &mut filter {
            Some(filter) => contain(source, || taken(&batch, place(filter.position), filter))?,
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
fn taken(batch: &RecordBatch, place: usize, filter: &mut Filter) -> Result<RecordBatch, ArrowError> {
    let names = cast(batch.column(place), &DataType::Utf8)?;
    let takes: BooleanArray =
        names.as_string::<i32>().iter().map(|name| Some(filter.takes(name.unwrap_or_default().as_bytes()))).collect();
    filter_record_batch(batch, &takes)
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

fn check_row_count<T: ChunkReader + 'static>(source: &Source, builder: &Builder<T>) -> Result<(), ImportError> {
    let claimed: i128 = builder.metadata().row_groups().iter().map(|group| i128::from(group.num_rows())).sum();
    let most = source.size()?.saturating_mul(MOST_ROWS_PER_BYTE);
    if (0..=i128::from(most)).contains(&claimed) {
        return Ok(());
    }
    Err(source.malformed(format!("it claims {claimed} rows; a file of its size has at most {most}")))
}

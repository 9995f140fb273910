//! Tables out, piece by piece: the same rows to CSV or Parquet.

use arrow_array::RecordBatch;
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, DictionaryArray, Float64Array, Int32Array, StringArray, UInt32Array};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use std::io::{self, Write};
use std::sync::Arc;

/// Rows of a row group: 10 columns of them are some 20 MB before compression.
const ROWS_PER_GROUP: usize = 262_144;

/// A column of a table that is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// Its name, which ends in its unit.
    pub name: &'static str,
    /// What it holds.
    pub holds: Holds,
}

/// What a column that is written holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Names, of which there are few.
    Names,
    /// Indices.
    Indices,
    /// Numbers, some of which may be absent.
    Numbers,
}

/// Some rows of a column that is written.
#[derive(Clone, Copy, Debug)]
pub enum Values<'a> {
    /// For each row a position in `names`.
    Names {
        /// The positions.
        rows: &'a [u32],
        /// The same for every piece of a table.
        names: &'a [String],
    },
    /// Indices.
    Indices(&'a [u32]),
    /// Numbers; NaN is an absent one.
    Numbers(&'a [f64]),
}

/// Writes rows to CSV or Parquet: every number reads back to the same bits.
pub struct TableWriter<W: Write + Send> {
    out: Out<W>,
}

enum Out<W: Write + Send> {
    Csv(Box<csv::Writer<W>>),
    Parquet(Box<ArrowWriter<W>>, SchemaRef),
}

impl<W: Write + Send> TableWriter<W> {
    /// A CSV table with these columns.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn csv(out: W, columns: &[Heading]) -> io::Result<Self> {
        // a name that begins with # is quoted: such lines are comments
        let mut writer = csv::WriterBuilder::new().comment(Some(b'#')).from_writer(out);
        writer.write_record(columns.iter().map(|column| column.name))?;
        Ok(Self { out: Out::Csv(Box::new(writer)) })
    }

    /// A Parquet table with these columns. Memory: one row group.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn parquet(out: W, columns: &[Heading]) -> io::Result<Self> {
        let dictionary = || DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        let field = |column: &Heading| match column.holds {
            Holds::Names => Field::new(column.name, dictionary(), false),
            Holds::Indices => Field::new(column.name, DataType::UInt32, false),
            Holds::Numbers => Field::new(column.name, DataType::Float64, true),
        };
        let schema = Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()));
        let level = ZstdLevel::try_new(1).map_err(io::Error::other)?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(level))
            .set_max_row_group_row_count(Some(ROWS_PER_GROUP))
            .build();
        let writer = ArrowWriter::try_new(out, schema.clone(), Some(properties)).map_err(io::Error::other)?;
        Ok(Self { out: Out::Parquet(Box::new(writer), schema) })
    }

    /// Appends rows: as many values of each column.
    ///
    /// # Errors
    /// Those of `out`; [`io::ErrorKind::Other`] if the columns do not fit the headings.
    pub fn write(&mut self, columns: &[Values]) -> io::Result<()> {
        match &mut self.out {
            Out::Csv(writer) => write_csv(writer, columns),
            Out::Parquet(writer, schema) => {
                let arrays = columns.iter().map(array).collect();
                let batch = RecordBatch::try_new(schema.clone(), arrays).map_err(io::Error::other)?;
                writer.write(&batch).map_err(io::Error::other)
            }
        }
    }

    /// Completes the table and gives `out` back.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn finish(self) -> io::Result<W> {
        match self.out {
            Out::Csv(writer) => writer.into_inner().map_err(|error| error.into_error()),
            Out::Parquet(writer, _) => writer.into_inner().map_err(io::Error::other),
        }
    }
}

fn array(values: &Values) -> ArrayRef {
    match values {
        Values::Names { rows, names } => {
            let names: StringArray = names.iter().map(Some).collect();
            let rows: Int32Array = rows.iter().map(|row| Some(*row as i32)).collect();
            Arc::new(DictionaryArray::<Int32Type>::new(rows, Arc::new(names)))
        }
        Values::Indices(indices) => Arc::new(UInt32Array::from(indices.to_vec())),
        Values::Numbers(numbers) => {
            Arc::new(numbers.iter().map(|number| (!number.is_nan()).then_some(*number)).collect::<Float64Array>())
        }
    }
}

fn write_csv<W: Write>(writer: &mut csv::Writer<W>, columns: &[Values]) -> io::Result<()> {
    let rows = columns.iter().map(Values::len).max().unwrap_or(0);
    let mut cell = String::new();
    for row in 0..rows {
        for column in columns {
            match column {
                Values::Names { rows, names } => writer.write_field(&names[rows[row] as usize])?,
                Values::Indices(indices) => write_number(writer, &mut cell, indices[row])?,
                Values::Numbers(numbers) if numbers[row].is_nan() => writer.write_field("")?,
                // The shortest text that reads back to the same bits.
                Values::Numbers(numbers) => write_number(writer, &mut cell, numbers[row])?,
            }
        }
        writer.write_record(None::<&[u8]>)?;
    }
    Ok(())
}

fn write_number<W: Write>(
    writer: &mut csv::Writer<W>,
    cell: &mut String,
    number: impl std::fmt::Debug,
) -> io::Result<()> {
    use std::fmt::Write as _;
    cell.clear();
    write!(cell, "{number:?}").map_err(io::Error::other)?;
    Ok(writer.write_field(&*cell)?)
}

impl Values<'_> {
    fn len(&self) -> usize {
        match self {
            Values::Names { rows, .. } => rows.len(),
            Values::Indices(indices) => indices.len(),
            Values::Numbers(numbers) => numbers.len(),
        }
    }
}

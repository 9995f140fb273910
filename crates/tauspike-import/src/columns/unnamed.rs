//! Columns from a file without column names: text lines or one NumPy array.

use crate::columns::column::{Column, Kind};
use crate::columns::{npy, text};
use crate::error::ImportError;
use crate::format::Format;
use crate::source::Source;

/// Whether the columns of `format` have no names.
pub(crate) fn is_unnamed(format: Format) -> bool {
    matches!(format, Format::Text | Format::Npy)
}

/// The columns of an unnamed source, finite and of one length; none if a text file has no numbers. A NumPy array is of `kind`.
pub(crate) fn read(source: &Source, most_columns: usize, kind: Kind) -> Result<Vec<Vec<f64>>, ImportError> {
    match source.format() {
        Format::Text => Ok(text::read(source, most_columns)?.into_iter().map(|column| column.reals).collect()),
        Format::Npy => {
            let mut column = Column::new(text::column_name(0), 0, kind);
            npy::fill(source, source.open()?, &mut column)?;
            Ok(vec![column.reals])
        }
        Format::Csv | Format::Parquet | Format::Npz => Err(source.wrong_format("text, NPY")),
    }
}

//! Numbers from a file without column names: text lines or one NumPy array; and the unit of their times.

use crate::error::ImportError;
use crate::source::{Format, Source};
use crate::table::{Column, Kind};
use crate::{npy, text};

/// Unit of the times in a file whose column names do not tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeUnit {
    /// Microseconds.
    Us,
    /// Milliseconds.
    Ms,
    /// Seconds.
    S,
}

impl TimeUnit {
    /// `us`, `ms` or `s`; nothing else.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "us" => Some(TimeUnit::Us),
            "ms" => Some(TimeUnit::Ms),
            "s" => Some(TimeUnit::S),
            _ => None,
        }
    }

    /// A time in this unit as ms, rounded once. May overflow to infinity.
    pub fn to_ms(self, time: f64) -> f64 {
        match self {
            // Not `* 0.001`, which rounds twice: 0.001 is no f64.
            TimeUnit::Us => time / 1000.0,
            TimeUnit::Ms => time,
            TimeUnit::S => time * 1000.0,
        }
    }

    /// The name that [`TimeUnit::parse`] takes.
    pub fn name(self) -> &'static str {
        match self {
            TimeUnit::Us => "us",
            TimeUnit::Ms => "ms",
            TimeUnit::S => "s",
        }
    }
}

/// Whether the columns of `format` have no names.
pub(crate) fn is_unnamed(format: Format) -> bool {
    matches!(format, Format::Text | Format::Npy)
}

/// The columns of an unnamed source, finite and of one length; none if a text file has no numbers.
pub(crate) fn read(source: &Source, most_columns: usize) -> Result<Vec<Vec<f64>>, ImportError> {
    match source.format() {
        Format::Text => text::read(source, most_columns),
        Format::Npy => {
            let mut column = Column::new(text::column_name(0), 0, Kind::FINITE);
            npy::fill(source, source.open()?, &mut column)?;
            Ok(vec![column.reals])
        }
        Format::Csv | Format::Parquet | Format::Npz => Err(source.wrong_format("text, NPY")),
    }
}

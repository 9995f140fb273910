//! Where the bytes come from: a file on disk or a slice in memory, under a name that errors can show.

use crate::error::{ImportError, Place};
use crate::format::Format;
use crate::lines;
use flate2::read::MultiGzDecoder;
use std::fs::File;
use std::io::{BufReader, Cursor, ErrorKind, Read, Seek};
use std::path::{Path, PathBuf};

/// Bytes to import, with the name that errors show and their format.
#[derive(Clone, Debug)]
pub struct Source<'a> {
    name: String,
    format: Format,
    pub(crate) data: Data<'a>,
}

#[derive(Clone, Debug)]
pub(crate) enum Data<'a> {
    File(PathBuf),
    Bytes(&'a [u8]),
}

/// What a zip archive or a Parquet footer needs: a reader that can go back.
pub(crate) trait ReadSeek: Read + Seek {}
impl<T: Read + Seek> ReadSeek for T {}

impl Source<'static> {
    /// A file, its format told by its extension. Nothing is read yet.
    ///
    /// # Errors
    /// [`ImportError::Format`] if the extension is not one of [`Format`]'s.
    pub fn file(path: impl AsRef<Path>) -> Result<Self, ImportError> {
        let allowed =
            "a file name ending in .csv, .parquet, .npz, .npy, .txt or .dat; .gz may follow .csv, .txt and .dat";
        Self::of_path(path.as_ref(), |_| true, allowed)
    }

    /// As [`Source::file`], of a table with named columns: text and NPY are refused.
    ///
    /// # Errors
    /// [`ImportError::Format`] if the extension is not that of CSV, Parquet or NPZ.
    pub fn table(path: impl AsRef<Path>) -> Result<Self, ImportError> {
        let allowed = "CSV, Parquet, NPZ: a file name ending in .csv, .parquet or .npz; .gz may follow .csv";
        Self::of_path(path.as_ref(), |format| !matches!(format, Format::Text | Format::Npy), allowed)
    }

    fn of_path(path: &Path, takes: impl Fn(Format) -> bool, allowed: &str) -> Result<Self, ImportError> {
        let name = path.display().to_string();
        let found = match Format::of_name(&path.file_name().unwrap_or_default().to_string_lossy()) {
            Ok(format) if takes(format) => return Ok(Self { name, format, data: Data::File(path.to_owned()) }),
            Ok(format) => format.to_string(),
            Err(found) => found,
        };
        Err(ImportError::Format { file: name, found, allowed: allowed.into() })
    }
}

impl<'a> Source<'a> {
    /// Bytes in memory, called `name` in errors; a `name` that ends in `.gz` says that CSV or text is compressed by gzip.
    pub fn bytes(name: impl Into<String>, format: Format, bytes: &'a [u8]) -> Self {
        Self { name: name.into(), format, data: Data::Bytes(bytes) }
    }

    /// The name shown in errors: the path of a file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The format.
    pub fn format(&self) -> Format {
        self.format
    }

    /// A fresh reader at the first byte.
    pub(crate) fn open(&self) -> Result<Box<dyn ReadSeek + '_>, ImportError> {
        Ok(match &self.data {
            Data::File(path) => Box::new(BufReader::new(File::open(path).map_err(|error| self.unreadable(error))?)),
            Data::Bytes(bytes) => Box::new(Cursor::new(*bytes)),
        })
    }

    /// A fresh reader at the first character of CSV or text, decompressed.
    pub(crate) fn open_text(&self) -> Result<Box<dyn Read + '_>, ImportError> {
        let input = self.open()?;
        Ok(if self.name.to_lowercase().ends_with(".gz") {
            Box::new(MultiGzDecoder::new(input))
        } else {
            Box::new(input)
        })
    }

    /// Where data row `row` (counted from 0) stands. Only errors ask, so a text file is simply read again up to that row.
    pub(crate) fn place(&self, row: usize) -> Place {
        let line = match self.format {
            Format::Csv => lines::line_in_csv(|| self.open_text().ok(), row),
            Format::Text => self.open_text().ok().and_then(|input| lines::line_in_text(input, row)),
            Format::Parquet | Format::Npz | Format::Npy => None,
        };
        line.map_or(Place::Row(row as u64), Place::Line)
    }

    /// The refusal of one value.
    pub(crate) fn refuse(
        &self,
        row: usize,
        column: &str,
        value: impl ToString,
        allowed: impl Into<String>,
    ) -> ImportError {
        ImportError::Value {
            file: self.name.clone(),
            place: self.place(row),
            column: column.into(),
            value: value.to_string(),
            allowed: allowed.into(),
        }
    }

    /// The refusal of a whole column.
    pub(crate) fn unfit(&self, column: &str, found: impl Into<String>, allowed: impl Into<String>) -> ImportError {
        ImportError::Column {
            file: self.name.clone(),
            column: column.into(),
            found: found.into(),
            allowed: allowed.into(),
        }
    }

    /// The refusal of the file as a whole.
    pub(crate) fn malformed(&self, reason: impl ToString) -> ImportError {
        ImportError::Malformed { file: self.name.clone(), format: self.format, reason: reason.to_string() }
    }

    /// The refusal of this format by a reader that takes only `allowed`.
    pub(crate) fn wrong_format(&self, allowed: &str) -> ImportError {
        ImportError::Format { file: self.name.clone(), found: self.format.to_string(), allowed: allowed.into() }
    }

    /// The refusal of an option of the caller.
    pub(crate) fn wrong_option(&self, option: &'static str, value: impl ToString, allowed: &str) -> ImportError {
        ImportError::Option { file: self.name.clone(), option, value: value.to_string(), allowed: allowed.into() }
    }

    /// An error of a reader: bad content is ours to describe, anything else is the system's.
    pub(crate) fn unreadable(&self, error: std::io::Error) -> ImportError {
        match error.kind() {
            ErrorKind::UnexpectedEof => self.malformed("it ends too early (truncated)"),
            ErrorKind::InvalidData | ErrorKind::InvalidInput | ErrorKind::Other => self.malformed(error),
            _ => ImportError::Io { file: self.name.clone(), source: error },
        }
    }
}

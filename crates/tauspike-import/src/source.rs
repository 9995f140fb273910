//! Where the bytes come from: a file on disk or a slice in memory, under a name that errors can show.

use crate::error::{ImportError, Place};
use crate::{csv_table, text};
use std::fmt;
use std::fs::File;
use std::io::{BufReader, Cursor, ErrorKind, Read, Seek};
use std::path::{Path, PathBuf};

/// A file format. The extension of a file name decides it: `.csv`, `.parquet`, `.npz`, `.npy`; `.txt` and `.dat` are text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values with a header line; lines that start with `#` are comments.
    Csv,
    /// Apache Parquet.
    Parquet,
    /// A zip archive of NumPy arrays; SciPy's `save_npz` writes one too.
    Npz,
    /// One NumPy array.
    Npy,
    /// Numbers in lines, separated by white space, without a header; lines that start with `#` are comments.
    Text,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Format::Csv => "CSV",
            Format::Parquet => "Parquet",
            Format::Npz => "NPZ",
            Format::Npy => "NPY",
            Format::Text => "text",
        })
    }
}

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
        let path = path.as_ref();
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        let format = match extension.as_str() {
            "csv" => Format::Csv,
            "parquet" => Format::Parquet,
            "npz" => Format::Npz,
            "npy" => Format::Npy,
            "txt" | "dat" => Format::Text,
            _ => {
                return Err(ImportError::Format {
                    file: path.display().to_string(),
                    found: extension,
                    allowed: "a file name ending in .csv, .parquet, .npz, .npy, .txt or .dat".into(),
                });
            }
        };
        Ok(Self { name: path.display().to_string(), format, data: Data::File(path.to_owned()) })
    }
}

impl<'a> Source<'a> {
    /// Bytes in memory, called `name` in errors.
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

    /// Number of bytes.
    pub(crate) fn size(&self) -> Result<u64, ImportError> {
        match &self.data {
            Data::File(path) => Ok(std::fs::metadata(path).map_err(|error| self.unreadable(error))?.len()),
            Data::Bytes(bytes) => Ok(bytes.len() as u64),
        }
    }

    /// Where data row `row` (counted from 0) stands. Only errors ask, so a text file is simply read again up to that row.
    pub(crate) fn place(&self, row: usize) -> Place {
        let line = match self.format {
            Format::Csv => csv_table::line_of(self, row),
            Format::Text => text::line_of(self, row),
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

//! Why a file was refused. Every message names the file, the field, the value and what is allowed.

use crate::format::Format;
use std::fmt;

/// Where in a file a value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// A line of a CSV or text file, counted from 1, comments and blank lines included.
    Line(u64),
    /// A row of a Parquet file or an element of an NPZ array, counted from 0.
    Row(u64),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Line(line) => write!(f, "line {line}"),
            Place::Row(row) => write!(f, "row {row} (counted from 0)"),
        }
    }
}

/// Why a file was refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The operating system could not give us the bytes.
    #[error("{file}: cannot be read: {source}")]
    Io {
        /// Name of the file.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The format cannot hold what was asked for, or the file name does not tell the format.
    #[error("{file}: format `{found}` cannot be read here; allowed: {allowed}")]
    Format {
        /// Name of the file.
        file: String,
        /// The format or extension found.
        found: String,
        /// The formats that can be read.
        allowed: String,
    },
    /// Truncated or corrupted.
    #[error("{file}: not a valid {format} file: {reason}")]
    Malformed {
        /// Name of the file.
        file: String,
        /// The format the file should have.
        format: Format,
        /// What is wrong.
        reason: String,
    },
    /// A column (or array) nobody asked for: most often a misspelt one.
    #[error("{file}: unknown column `{column}`{}; allowed: {allowed}", did_you_mean(.nearest))]
    UnknownColumn {
        /// Name of the file.
        file: String,
        /// The name found.
        column: String,
        /// The allowed name most like it, if one is near.
        nearest: Option<String>,
        /// All allowed names.
        allowed: String,
    },
    /// A column (or array) that must be there is not.
    #[error("{file}: column `{column}` is missing; found: {found}")]
    MissingColumn {
        /// Name of the file.
        file: String,
        /// The name looked for.
        column: String,
        /// The names found.
        found: String,
    },
    /// A whole column is unfit: its type, its length, its unit.
    #[error("{file}: column `{column}`: {found}; allowed: {allowed}")]
    Column {
        /// Name of the file.
        file: String,
        /// Name of the column.
        column: String,
        /// What it is.
        found: String,
        /// What it should be.
        allowed: String,
    },
    /// One value is not allowed.
    #[error("{file}: {place}: `{column}` = {value}; allowed: {allowed}")]
    Value {
        /// Name of the file.
        file: String,
        /// Where the value stands.
        place: Place,
        /// Name of the column.
        column: String,
        /// The value as written.
        value: String,
        /// What it should be.
        allowed: String,
    },
    /// Too few or too many rows.
    #[error("{file}: {found} rows; allowed: {allowed}")]
    Rows {
        /// Name of the file.
        file: String,
        /// Number of rows found.
        found: u64,
        /// What it should be.
        allowed: String,
    },
    /// An option of the caller does not fit this file.
    #[error("{file}: option `{option}` = {value}; allowed: {allowed}")]
    Option {
        /// Name of the file.
        file: String,
        /// Name of the option.
        option: &'static str,
        /// Its value, `absent` if it was not given.
        value: String,
        /// What it should be.
        allowed: String,
    },
}

fn did_you_mean(nearest: &Option<String>) -> String {
    nearest.as_ref().map(|name| format!(" (did you mean `{name}`?)")).unwrap_or_default()
}

/// A cell or name as it may be shown in a message: at most 40 characters, control characters escaped.
pub(crate) fn excerpt(bytes: &[u8]) -> String {
    // A damaged file can hold one cell of a gigabyte.
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(160)]);
    let mut shown: String = head.chars().take(40).flat_map(char::escape_debug).collect();
    if head.chars().count() > 40 {
        shown.push('…');
    }
    shown
}

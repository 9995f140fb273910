//! Calls into the Parquet library with bytes that may be malformed.

use crate::error::RecordError;
use parquet::errors::{ParquetError, Result};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Runs `read`, and makes a panic of the library an error that names the file.
///
/// The library panics on some malformed files: a page header that declares more values than the page has is an index out of
/// bounds in the BYTE_STREAM_SPLIT decoder (<https://github.com/apache/arrow-rs/issues/11121>, open in parquet 60.1). Whatever
/// `read` was using must not be used after an error.
///
/// # Errors
/// If `read` fails or panics.
pub fn guarded<T>(path: &Path, read: impl FnOnce() -> Result<T>) -> std::result::Result<T, RecordError> {
    let result = catch_unwind(AssertUnwindSafe(read));
    let malformed = |_| Err(ParquetError::General("malformed Parquet; the decoder gave up".into()));
    result.unwrap_or_else(malformed).map_err(RecordError::parquet(path, "read"))
}

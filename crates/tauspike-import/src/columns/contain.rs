//! The one border at which a panic of a library is turned into an error.
//!
//! The Parquet and NumPy readers assert on bytes that a damaged file can hold (for example the product of the dimensions
//! of an array overflows in debug builds). A user's file must not end the process. Only calls into those libraries are wrapped, never our
//! own code; what was being read is dropped afterwards, so no half-changed state is seen again.

use crate::error::ImportError;
use crate::source::Source;
use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs `read`; its error, or its panic, becomes [`ImportError::Malformed`].
pub(crate) fn contain<T, E: Display>(source: &Source, read: impl FnOnce() -> Result<T, E>) -> Result<T, ImportError> {
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(source.malformed(error)),
        Err(_) => Err(source.malformed("its contents contradict one another (the reader gave up)")),
    }
}

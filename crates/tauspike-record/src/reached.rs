//! Up to when a table is complete whose recording may be killed: of rows alone nobody can tell, since none may have come for long.
//!
//! A recorder that is told ([`crate::Recorder::reached`]) keeps it in a file beside the table, `.spikes.parquet.reached`: one number, ms,
//! written once all rows before that time are on disk.

use crate::durable::{beside, write_atomic};
use crate::error::RecordError;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Where that of a table is.
pub(crate) fn reached_file(table: &Path) -> PathBuf {
    beside(table, ".reached")
}

/// Notes that all rows of `table` before `time`, ms, are on disk.
pub(crate) fn note(table: &Path, time: f64) -> Result<(), RecordError> {
    write_atomic(&reached_file(table), format!("{time:?}\n").as_bytes())
}

/// What was noted last, ms; 0 if nothing was.
pub(crate) fn read(table: &Path) -> Result<f64, RecordError> {
    let path = reached_file(table);
    let text = match fs::read_to_string(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(0.0),
        text => text.map_err(RecordError::io(&path, "read"))?,
    };
    let time: Option<f64> = text.trim_end().parse().ok().filter(|time| (0.0..f64::INFINITY).contains(time));
    time.ok_or_else(|| RecordError::altered(&path, format!("`{}` is not a time in ms", text.trim_end())))
}

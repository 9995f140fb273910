//! Turns the folder of parts into one file, so that a crash at any point loses nothing, and only if every part is what was recorded.
//!
//! | state on disk | meaning | [`complete`] |
//! |---|---|---|
//! | `spikes.parquet/`, `.spikes.parquet.ledger` | running, or killed | checks the parts against the ledger, joins them |
//! | `.spikes.parquet.parts/`, no `spikes.parquet` | crash between the two renames | renames back, joins |
//! | `spikes.parquet` a file, and `.spikes.parquet.parts/` or the ledger | crash before they were deleted | checks the number of rows, deletes them |
//! | `spikes.parquet` a file | finished | nothing |
//!
//! Row groups are copied byte for byte, not encoded again. A recording with at most one row group is moved, not copied.

use crate::decode::guarded;
use crate::durable::{self, Existing};
use crate::error::RecordError;
use crate::ledger::{Ledger, Part, ledger_file, part_files, part_name, sha256_of};
use parquet::column::writer::ColumnCloseResult;
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData, ParquetMetaDataReader};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::NamedTempFile;

/// Completes the table `path` that a crash left behind; see the table above. Whether there was something to do.
pub(crate) fn complete(path: &Path) -> Result<bool, RecordError> {
    let (ledger, aside) = (Ledger::read(path)?, parts_aside(path));
    if path.is_file() {
        if !aside.is_dir() && ledger.is_none() {
            return Ok(false);
        }
        if let Some(ledger) = ledger {
            check_rows(path, path, ledger.rows())?;
        }
        return remove_parts(path).map(|()| true);
    }
    if aside.is_dir() && !path.exists() {
        durable::rename(&aside, path)?;
    }
    if !path.is_dir() {
        // Killed before the first part had a name: nothing was recorded.
        return durable::remove_file(&ledger_file(path)).map(|()| false);
    }
    let ledger = match ledger {
        Some(ledger) => ledger,
        None => Ledger::of_parts(as_they_are(path)?),
    };
    ledger.name_the_last(path)?;
    if ledger.parts.is_empty() {
        fs::remove_dir(path).map_err(RecordError::io(path, "remove"))?;
        return durable::remove_file(&ledger_file(path)).map(|()| false);
    }
    join(path, &ledger, |_| Ok(())).map(|()| true)
}

/// Replaces the folder of parts `path` by one file, if the folder holds what the ledger says and nothing else, and `verify` agrees
/// with the whole.
pub(crate) fn join(
    path: &Path,
    ledger: &Ledger,
    verify: impl FnOnce(&Path) -> Result<(), RecordError>,
) -> Result<(), RecordError> {
    ledger.check(path)?;
    let with_rows: Vec<usize> = (0..ledger.parts.len()).filter(|&number| ledger.parts[number].rows > 0).collect();
    let aside = parts_aside(path);
    if let [_, _, ..] = with_rows[..] {
        let parts: Vec<PathBuf> = with_rows.iter().map(|&number| path.join(part_name(number))).collect();
        let whole = copy_row_groups(&parts, path)?;
        check_rows(whole.path(), path, ledger.rows())?;
        verify(whole.path())?;
        durable::rename(path, &aside)?;
        durable::publish(whole, path, Existing::Refuse)?;
    } else {
        let only = part_name(with_rows.first().copied().unwrap_or(0));
        check_rows(&path.join(&only), path, ledger.rows())?;
        verify(&path.join(&only))?;
        durable::rename(path, &aside)?;
        durable::rename(&aside.join(&only), path)?;
    }
    remove_parts(path)
}

/// Rows of a finished file.
pub(crate) fn rows_of(file: &Path) -> Result<u64, RecordError> {
    Ok(footer(file)?.1.file_metadata().num_rows().unsigned_abs())
}

/// Whether the file has so many rows; a message calls it `path`.
pub(crate) fn check_rows(file: &Path, path: &Path, expected: u64) -> Result<(), RecordError> {
    let rows = rows_of(file)?;
    if rows == expected {
        return Ok(());
    }
    Err(RecordError::altered(path, format!("has {rows} rows, of {expected} that were recorded")))
}

/// Where the parts of the table `path` are while it becomes one file.
pub(crate) fn parts_aside(path: &Path) -> PathBuf {
    durable::beside(path, ".parts")
}

/// Removes what is left of the parts of a table that is one file now, and nothing else: fails if something else is with them.
fn remove_parts(path: &Path) -> Result<(), RecordError> {
    let aside = parts_aside(path);
    if aside.is_dir() {
        for part in part_files(&aside)? {
            durable::remove_file(&part)?;
        }
        fs::remove_dir(&aside).map_err(RecordError::io(&aside, "remove"))?;
    }
    durable::remove_file(&ledger_file(path))
}

/// The parts a version without ledgers left. Their numbers must have no gap.
fn as_they_are(folder: &Path) -> Result<Vec<Part>, RecordError> {
    let part = |(number, path): (usize, PathBuf)| {
        let expected = folder.join(part_name(number));
        if path != expected {
            return Err(RecordError::altered(&expected, "is gone"));
        }
        Ok(Part { rows: rows_of(&path)?, sha256: sha256_of(&path)? })
    };
    part_files(folder)?.into_iter().enumerate().map(part).collect()
}

fn footer(part: &Path) -> Result<(File, ParquetMetaData), RecordError> {
    let file = File::open(part).map_err(RecordError::io(part, "read"))?;
    let reader = ParquetMetaDataReader::new().with_page_index_policy(PageIndexPolicy::Optional);
    let metadata = guarded(part, || reader.parse_and_finish(&file))?;
    Ok((file, metadata))
}

/// One part is open at a time: there may be more parts than file handles.
fn copy_row_groups(parts: &[PathBuf], to: &Path) -> Result<NamedTempFile, RecordError> {
    let (_, first) = footer(&parts[0])?;
    let description = first.file_metadata();
    let properties = WriterProperties::builder()
        .set_key_value_metadata(description.key_value_metadata().cloned())
        .set_sorting_columns(first.row_groups().first().and_then(|group| group.sorting_columns().cloned()))
        .build();
    let mut whole = durable::aside(to)?;
    let schema = description.schema_descr().root_schema_ptr();
    let mut writer = SerializedFileWriter::new(whole.as_file_mut(), schema, Arc::new(properties))
        .map_err(RecordError::parquet(to, "write"))?;
    for part in parts {
        let (file, metadata) = footer(part)?;
        append(&mut writer, &file, &metadata).map_err(RecordError::parquet(to, "write"))?;
    }
    writer.into_inner().map_err(RecordError::parquet(to, "write"))?;
    Ok(whole)
}

fn append(
    writer: &mut SerializedFileWriter<&mut File>,
    file: &File,
    metadata: &ParquetMetaData,
) -> Result<(), parquet::errors::ParquetError> {
    let pages = metadata.page_index();
    for (group, rows) in metadata.row_groups().iter().enumerate() {
        let mut target = writer.next_row_group()?;
        for (position, column) in rows.columns().iter().enumerate() {
            let closed = ColumnCloseResult {
                bytes_written: column.compressed_size().unsigned_abs(),
                rows_written: rows.num_rows().unsigned_abs(),
                metadata: column.clone(),
                bloom_filter: None,
                column_index: pages.and_then(|pages| pages.column_index(group, position)).cloned(),
                offset_index: pages.and_then(|pages| pages.offset_index(group, position)).cloned(),
            };
            target.append_column(file, closed)?;
        }
        target.close()?;
    }
    Ok(())
}

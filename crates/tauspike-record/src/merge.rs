//! Turns the folder of parts into one file, so that a crash at any point loses nothing.
//!
//! | state on disk | meaning | [`recover`] |
//! |---|---|---|
//! | `spikes.parquet/` | running, or killed | merges the parts |
//! | and `.spikes.parquet.part.tmp`, `.spikes.parquet.merged.tmp` | unfinished copies: nothing in them is missing elsewhere, except the rows after the last finished row group | removes them |
//! | `.spikes.parquet.parts/`, no `spikes.parquet` | crash between the two renames | renames back, merges |
//! | `spikes.parquet` a file, and `.spikes.parquet.parts/` | crash before the parts were deleted | deletes them |
//! | `spikes.parquet` a file | finished | nothing |
//!
//! Row groups are copied byte for byte, not encoded again. A recording with at most one row group is moved, not copied.

use crate::decode::guarded;
use crate::{OutputDir, RecordError, durable, manifest};
use parquet::column::writer::ColumnCloseResult;
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData, ParquetMetaDataReader};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(crate) const PART_SUFFIX: &str = ".part.tmp";
pub(crate) const MERGED_SUFFIX: &str = ".merged.tmp";
pub(crate) const PARTS_SUFFIX: &str = ".parts";

/// Completes every recording in the output folder `dir` that a crash left behind; see the table above. Idempotent. A manifest
/// that still says `running` then says `interrupted`, with the time of the last recorded spike as the model time reached.
/// Returns the files that needed it. Must not be called while a run is writing there.
///
/// # Errors
/// If a part cannot be read or the disk refuses. Nothing is lost then; it may be called again.
pub fn recover(dir: &Path) -> Result<Vec<PathBuf>, RecordError> {
    let mut recovered = Vec::new();
    for table in crate::output::TABLES {
        let path = dir.join(table);
        if recover_table(&path)? {
            recovered.push(path);
        }
    }
    let output = OutputDir::at(dir);
    if manifest::end_killed(&output.manifest(), &output.spikes())? {
        recovered.push(output.manifest());
    }
    Ok(recovered)
}

fn recover_table(path: &Path) -> Result<bool, RecordError> {
    let aside = durable::beside(path, PARTS_SUFFIX);
    durable::remove_file(&durable::beside(path, PART_SUFFIX))?;
    durable::remove_file(&durable::beside(path, MERGED_SUFFIX))?;
    if path.is_file() {
        if !aside.is_dir() {
            return Ok(false);
        }
        return remove_parts(&aside).map(|()| true);
    }
    if aside.is_dir() && !path.exists() {
        durable::rename(&aside, path)?;
    }
    if !path.is_dir() {
        return Ok(false);
    }
    merge_parts(path).map(|()| true)
}

/// Replaces the folder of parts `path` by one file. Called with all parts finished.
pub(crate) fn merge_parts(path: &Path) -> Result<(), RecordError> {
    let mut with_rows = Vec::new();
    let parts = part_files(path)?;
    for part in &parts {
        if footer(part)?.1.num_row_groups() > 0 {
            with_rows.push(part.clone());
        }
    }
    let Some(first) = with_rows.first().or(parts.first()).cloned() else {
        let reason = "the folder is empty".into();
        return Err(RecordError::NoRecording { path: path.into(), reason });
    };

    let aside = durable::beside(path, PARTS_SUFFIX);
    let whole = if with_rows.len() > 1 {
        let merged = durable::beside(path, MERGED_SUFFIX);
        copy_row_groups(&with_rows, &merged)?;
        merged
    } else {
        aside.join(first.file_name().unwrap_or_default())
    };
    durable::rename(path, &aside)?;
    durable::rename(&whole, path)?;
    remove_parts(&aside)
}

/// Part files of a folder, in the order of their numbers.
pub(crate) fn part_files(folder: &Path) -> Result<Vec<PathBuf>, RecordError> {
    let list = |error| RecordError::io(folder, "list")(error);
    let mut parts = Vec::new();
    for entry in fs::read_dir(folder).map_err(list)? {
        let path = entry.map_err(list)?.path();
        if is_part(&path) {
            parts.push(path);
        }
    }
    // Length first: part-100000 comes after part-99999.
    parts.sort_by_key(|path| (path.as_os_str().len(), path.clone()));
    Ok(parts)
}

/// Whether the name is one [`crate::PartWriter`] gives.
pub(crate) fn is_part(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let number = name.strip_prefix("part-").and_then(|rest| rest.strip_suffix(".parquet"));
    number.is_some_and(|digits| digits.len() >= 5 && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Removes a folder of parts and nothing else: fails if something else is in it.
pub(crate) fn remove_parts(folder: &Path) -> Result<(), RecordError> {
    for part in part_files(folder)? {
        durable::remove_file(&part)?;
    }
    fs::remove_dir(folder).map_err(RecordError::io(folder, "remove"))
}

fn footer(part: &Path) -> Result<(File, ParquetMetaData), RecordError> {
    let file = File::open(part).map_err(RecordError::io(part, "read"))?;
    let reader = ParquetMetaDataReader::new().with_page_index_policy(PageIndexPolicy::Optional);
    let metadata = guarded(part, || reader.parse_and_finish(&file))?;
    Ok((file, metadata))
}

/// One part is open at a time: there may be more parts than file handles.
fn copy_row_groups(parts: &[PathBuf], to: &Path) -> Result<(), RecordError> {
    let (_, first) = footer(&parts[0])?;
    let description = first.file_metadata();
    let properties =
        WriterProperties::builder().set_key_value_metadata(description.key_value_metadata().cloned()).build();
    let file = File::create(to).map_err(RecordError::io(to, "write"))?;
    let schema = description.schema_descr().root_schema_ptr();
    let mut writer =
        SerializedFileWriter::new(file, schema, Arc::new(properties)).map_err(RecordError::parquet(to, "write"))?;
    for part in parts {
        let (file, metadata) = footer(part)?;
        append(&mut writer, &file, &metadata).map_err(RecordError::parquet(to, "write"))?;
    }
    let file = writer.into_inner().map_err(RecordError::parquet(to, "write"))?;
    file.sync_all().map_err(RecordError::io(to, "write"))
}

fn append(
    writer: &mut SerializedFileWriter<File>,
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

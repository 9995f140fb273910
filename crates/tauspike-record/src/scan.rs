//! Reads times and neurons of a long recording: only the row groups that a window of time needs, decoded by several threads, handed on
//! in order.
//!
//! ```text
//! decoding thread 0   row groups 0, 2, 4, ..  -> [bounded channel] -.
//! decoding thread 1   row groups 1, 3, 5, ..  -> [bounded channel] --+-> one after the other, to the caller
//! ```
//!
//! Bounded memory: ten batches of 65 536 rows for each thread, and the footers. A recording is sorted by
//! time, so what a row group holds is known from the smallest and the largest time in its statistics; a row group without statistics is
//! read.

use crate::decode::guarded;
use crate::error::RecordError;
use crate::ledger::part_files;
use crate::manifest::{Manifest, Status};
use crate::schema::{NEURON, TIME, check_spikes};
use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, UInt32Type};
use arrow_schema::DataType;
use crossbeam::channel::{Receiver, Sender, bounded};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::statistics::Statistics;
use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::thread;

/// Rows handed on at once.
const ROWS_PER_BATCH: usize = 65_536;
/// Batches a decoding thread may be ahead.
const BATCHES_AHEAD: usize = 8;

/// What was read of a recording.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Scanned {
    /// Row groups there are.
    pub row_groups: usize,
    /// Row groups that were read.
    pub row_groups_read: usize,
    /// Rows of those.
    pub rows_read: u64,
}

/// One row group to read.
struct Task {
    file: usize,
    row_group: usize,
    rows: u64,
}

struct Part {
    path: PathBuf,
    metadata: ArrowReaderMetadata,
}

type Batch = (Vec<f64>, Vec<u32>);
type Sent = Option<Result<Batch, RecordError>>;

/// Hands times (ms) and neurons of all rows in `window` to `take`, in the order of the recording, which is that of time.
///
/// # Errors
/// If the file or folder of parts cannot be read; if a column is missing or has another type; if a time is not finite or earlier than the
/// one before.
pub fn scan(
    path: &Path,
    window: Range<f64>,
    threads: usize,
    mut take: impl FnMut(&[f64], &[u32]),
) -> Result<Scanned, RecordError> {
    let parts = open(path)?;
    let (tasks, all) = needed(&parts, &window);
    let threads = threads.clamp(1, tasks.len().max(1));
    let scanned =
        Scanned { row_groups: all, row_groups_read: tasks.len(), rows_read: tasks.iter().map(|task| task.rows).sum() };
    thread::scope(|scope| {
        let mut queues: Vec<Receiver<Sent>> = Vec::with_capacity(threads);
        for first in 0..threads {
            let (send, receive) = bounded(BATCHES_AHEAD);
            queues.push(receive);
            let (parts, tasks) = (&parts, &tasks);
            scope.spawn(move || decode(parts, tasks.iter().skip(first).step_by(threads), &send));
        }
        let (mut row, mut last) = (0, f64::NEG_INFINITY);
        for (k, task) in tasks.iter().enumerate() {
            // `None` ends a row group; a thread that has gone, has told its error before.
            while let Ok(Some(batch)) = queues[k % threads].recv() {
                let (time, neuron) = batch?;
                check_order(&parts[task.file].path, &time, row, &mut last)?;
                row += time.len() as u64;
                // Sorted by time: what is outside the window is at the ends.
                let (from, to) =
                    (time.partition_point(|t| *t < window.start), time.partition_point(|t| *t < window.end));
                take(&time[from..to], &neuron[from..to]);
            }
        }
        Ok(scanned)
    })
}

/// The last time in the recording, ms, by its statistics; `None` if there is no spike or they do not tell.
///
/// # Errors
/// As [`scan`].
pub fn last_time(path: &Path) -> Result<Option<f64>, RecordError> {
    let parts = open(path)?;
    let groups = parts.iter().flat_map(|part| part.metadata.metadata().row_groups().iter().map(move |g| (part, g)));
    Ok(groups.filter_map(|(part, group)| times(part, group)).map(|(_, last)| last).reduce(f64::max))
}

/// Refuses the `spikes.parquet` of a run that is over if it holds another number of spikes than the manifest beside it tells.
///
/// # Errors
/// [`RecordError::Altered`] with both numbers; as [`scan`].
pub fn check_complete(path: &Path, manifest: &Manifest) -> Result<(), RecordError> {
    let is_of_run = path.is_file() && path.file_name().is_some_and(|name| name == "spikes.parquet");
    let Some(told) = manifest.spikes.filter(|_| is_of_run && manifest.status == Status::Finished) else {
        return Ok(());
    };
    let held: i64 = open(path)?.iter().map(|part| part.metadata.metadata().file_metadata().num_rows()).sum();
    if held == told as i64 {
        return Ok(());
    }
    let reason = format!("it holds {held} spikes, of {told} that the manifest.json beside it tells");
    Err(RecordError::Altered { path: path.to_path_buf(), reason })
}

fn open(path: &Path) -> Result<Vec<Part>, RecordError> {
    let files = if path.is_dir() { part_files(path)? } else { vec![path.to_path_buf()] };
    if files.is_empty() {
        return Err(RecordError::NoRecording { path: path.into(), reason: "the folder has no part".into() });
    }
    let part = |path: PathBuf| {
        let file = File::open(&path).map_err(RecordError::io(&path, "read"))?;
        let metadata = guarded(&path, || ArrowReaderMetadata::load(&file, ArrowReaderOptions::default()))?;
        check_spikes(&path, metadata.schema())?;
        check(&path, &metadata, TIME, DataType::Float64, "Float64 (ms), without nulls")?;
        check(&path, &metadata, NEURON, DataType::UInt32, "UInt32 (global index), without nulls")?;
        Ok(Part { path, metadata })
    };
    files.into_iter().map(part).collect()
}

fn check(
    path: &Path,
    metadata: &ArrowReaderMetadata,
    column: &'static str,
    wanted: DataType,
    expected: &'static str,
) -> Result<(), RecordError> {
    match metadata.schema().column_with_name(column) {
        Some((_, field)) if *field.data_type() == wanted => Ok(()),
        Some((_, field)) => {
            let found = field.data_type().to_string();
            Err(RecordError::ColumnType { path: path.into(), column, found, expected })
        }
        None => {
            let names: Vec<&str> = metadata.schema().fields().iter().map(|field| field.name().as_str()).collect();
            Err(RecordError::MissingColumn { path: path.into(), column, expected, found: names.join(", ") })
        }
    }
}

/// The row groups that may hold rows in the window, and how many there are in all.
fn needed(parts: &[Part], window: &Range<f64>) -> (Vec<Task>, usize) {
    let (mut tasks, mut all) = (Vec::new(), 0);
    for (file, part) in parts.iter().enumerate() {
        for (row_group, group) in part.metadata.metadata().row_groups().iter().enumerate() {
            all += 1;
            let outside = times(part, group).is_some_and(|(first, last)| last < window.start || first >= window.end);
            if group.num_rows() > 0 && !outside {
                tasks.push(Task { file, row_group, rows: group.num_rows().unsigned_abs() });
            }
        }
    }
    (tasks, all)
}

/// The smallest and the largest time of a row group.
fn times(part: &Part, group: &RowGroupMetaData) -> Option<(f64, f64)> {
    let descriptor = part.metadata.metadata().file_metadata().schema_descr();
    let column = descriptor.columns().iter().position(|column| column.name() == TIME)?;
    match group.column(column).statistics()? {
        Statistics::Double(of) => Some((*of.min_opt()?, *of.max_opt()?)),
        _ => None,
    }
}

/// Decodes row group after row group, until there are no more or nobody listens.
fn decode<'t>(parts: &[Part], tasks: impl Iterator<Item = &'t Task>, to: &Sender<Sent>) {
    for task in tasks {
        let part = &parts[task.file];
        let sent = decode_one(part, task.row_group, |batch| to.send(Some(Ok(batch))).is_ok());
        let told = match sent {
            Ok(true) => to.send(None).is_ok(),
            Ok(false) => false,
            Err(error) => {
                let _ = to.send(Some(Err(error)));
                false
            }
        };
        if !told {
            return;
        }
    }
}

/// Whether all of it was taken.
fn decode_one(part: &Part, row_group: usize, take: impl Fn(Batch) -> bool) -> Result<bool, RecordError> {
    let path = &part.path;
    let file = File::open(path).map_err(RecordError::io(path, "read"))?;
    let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, part.metadata.clone());
    let columns = ProjectionMask::columns(builder.parquet_schema(), [TIME, NEURON]);
    let builder = builder.with_row_groups(vec![row_group]).with_projection(columns).with_batch_size(ROWS_PER_BATCH);
    let mut reader = guarded(path, || builder.build())?;
    while let Some(batch) = guarded(path, || Ok(reader.next().transpose()?))? {
        let column = |name: &'static str| {
            let column = batch.column_by_name(name).filter(|column| column.null_count() == 0);
            column.ok_or(RecordError::Value {
                path: path.clone(),
                column: name,
                row: 0,
                found: "null".into(),
                expected: "no nulls",
            })
        };
        let time = column(TIME)?.as_primitive::<Float64Type>().values().to_vec();
        let neuron = column(NEURON)?.as_primitive::<UInt32Type>().values().to_vec();
        if !take((time, neuron)) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// `row` is that of the first; `last` the time before it.
fn check_order(path: &Path, time: &[f64], row: u64, last: &mut f64) -> Result<(), RecordError> {
    let before = std::iter::once(*last).chain(time.iter().copied());
    // NaN is not >= anything either.
    if let Some(bad) = time.iter().zip(before).position(|(time, before)| !(*time >= before && time.is_finite())) {
        return Err(RecordError::Value {
            path: path.into(),
            column: TIME,
            row: row + bad as u64,
            found: time[bad].to_string(),
            expected: "a finite time in ms, not before the one in the row above",
        });
    }
    *last = time.last().copied().unwrap_or(*last);
    Ok(())
}

//! Many sorted tables become one, row by row, in memory that does not depend on how long they are.

use crate::decode::guarded;
use crate::durable;
use crate::error::RecordError;
use crate::part::properties;
use crate::recorder::Table;
use crate::schema::{NEURON, TIME};
use crate::tables::{Probes, Spikes};
use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::{ArrowPrimitiveType, Float64Type, UInt32Type};
use arrow_array::{Array, PrimitiveArray};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use tauspike_spike::{ProbeRow, Spike};
use tempfile::NamedTempFile;

/// Rows that are held of all tables together.
const ROWS_HELD: usize = 1 << 20;
/// Of each table at least so many, or it would be read in crumbs.
const LEAST_ROWS: usize = 512;

/// A table whose rows have an order.
pub(crate) trait MergeTable: Table {
    /// The rows of a batch; `None` if it has other columns.
    fn rows(batch: &RecordBatch) -> Option<Vec<Self::Row>>;

    /// What rows are sorted by: time, and neuron.
    fn key(row: &Self::Row) -> Spike;
}

impl MergeTable for Spikes {
    fn rows(batch: &RecordBatch) -> Option<Vec<Spike>> {
        let (time, source) = (column::<Float64Type>(batch, TIME)?, column::<UInt32Type>(batch, NEURON)?);
        let rows = time.values().iter().zip(source.values());
        Some(rows.map(|(&time, &source)| Spike { time, source }).collect())
    }

    fn key(row: &Spike) -> Spike {
        *row
    }
}

impl MergeTable for Probes {
    fn rows(batch: &RecordBatch) -> Option<Vec<ProbeRow>> {
        let (time, neuron) = (column::<Float64Type>(batch, TIME)?, column::<UInt32Type>(batch, NEURON)?);
        let of = |name| column::<Float64Type>(batch, name);
        let (v, ex, inh) = (of("v_mv")?, of("i_syn_ex_pa")?, of("i_syn_in_pa")?);
        let row = |k: usize| {
            let current = ex.is_valid(k).then(|| (ex.value(k), inh.value(k)));
            ProbeRow { time: time.value(k), neuron: neuron.value(k), v: v.value(k), current }
        };
        Some((0..batch.num_rows()).map(row).collect())
    }

    fn key(row: &ProbeRow) -> Spike {
        Spike { time: row.time, source: row.neuron }
    }
}

fn column<'a, T: ArrowPrimitiveType>(batch: &'a RecordBatch, name: &str) -> Option<&'a PrimitiveArray<T>> {
    batch.column_by_name(name)?.as_primitive_opt::<T>()
}

/// One of the tables.
struct Part<R> {
    path: PathBuf,
    batches: ParquetRecordBatchReader,
    rows: std::vec::IntoIter<R>,
}

impl<R> Part<R> {
    fn open(path: &Path, rows: usize) -> Result<Self, RecordError> {
        let file = File::open(path).map_err(RecordError::io(path, "read"))?;
        let builder = guarded(path, || ParquetRecordBatchReaderBuilder::try_new(file))?;
        let batches = guarded(path, || builder.with_batch_size(rows).build())?;
        Ok(Self { path: path.into(), batches, rows: Vec::new().into_iter() })
    }

    fn next<T: MergeTable<Row = R>>(&mut self) -> Result<Option<R>, RecordError> {
        loop {
            if let Some(row) = self.rows.next() {
                return Ok(Some(row));
            }
            let batches = &mut self.batches;
            let Some(batch) = guarded(&self.path, || Ok(batches.next().transpose()?))? else { return Ok(None) };
            let rows = T::rows(&batch).ok_or_else(|| RecordError::altered(&self.path, "has other columns"))?;
            self.rows = rows.into_iter();
        }
    }
}

/// One sorted table, still without its name, of the sorted tables `parts`.
pub(crate) fn merge<T: MergeTable>(
    parts: &[PathBuf],
    to: &Path,
    table: &mut T,
    rows_per_group: NonZeroUsize,
) -> Result<NamedTempFile, RecordError> {
    let held = (ROWS_HELD / parts.len().max(1)).max(LEAST_ROWS);
    let mut parts: Vec<Part<T::Row>> = parts.iter().map(|path| Part::open(path, held)).collect::<Result<_, _>>()?;
    let mut first = BinaryHeap::new();
    let mut rows: Vec<Option<T::Row>> = Vec::with_capacity(parts.len());
    for (k, part) in parts.iter_mut().enumerate() {
        let row = part.next::<T>()?;
        first.extend(row.iter().map(|row| Reverse((T::key(row), k))));
        rows.push(row);
    }
    let file = durable::aside(to)?;
    let mut writer = ArrowWriter::try_new(file, table.schema(), Some(properties(&table.schema())))
        .map_err(RecordError::parquet(to, "write"))?;
    let mut group = Vec::with_capacity(rows_per_group.get());
    let mut put = |group: &mut Vec<T::Row>| {
        group.iter().try_for_each(|row| table.check(row))?;
        let written = writer.write(&table.batch(group)).and_then(|()| writer.flush());
        group.clear();
        written.map_err(RecordError::parquet(to, "write"))
    };
    while let Some(Reverse((_, k))) = first.pop() {
        let next = parts[k].next::<T>()?;
        first.extend(next.iter().map(|row| Reverse((T::key(row), k))));
        group.extend(std::mem::replace(&mut rows[k], next));
        if group.len() == rows_per_group.get() {
            put(&mut group)?;
        }
    }
    if !group.is_empty() {
        put(&mut group)?;
    }
    writer.into_inner().map_err(RecordError::parquet(to, "write"))
}

//! A table on disk while it is written: a folder of finished part files, readable at every moment.
//!
//! While running, `spikes.parquet` is a *folder* of parts. Each part is one row group with its own footer, written beside the
//! folder, synced, and only then renamed into it. So whoever reads the folder, also after a kill -9, sees every row up to the
//! last finished row group and no broken file. `part-00000.parquet` has no rows: the folder is readable from the start.
//! What each part holds is noted beside them (`ledger.rs`); at the end, if all of them are there as they were written, they
//! become one file (`join.rs`).
//!
//! Memory: the encoded pages of one row group, at most `rows_per_group` rows.
//!
//! It is *not* a thread; see [`crate::recorder`] for the one that keeps the engine from waiting.

use crate::durable::{self, Existing};
use crate::error::RecordError;
use crate::join;
use crate::ledger::{Hashing, Ledger, Part, part_name};
use crate::reached;
use crate::schema::KEY_TABLE;
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::metadata::{KeyValue, SortingColumn};
use parquet::file::properties::WriterProperties;
use parquet::schema::types::ColumnPath;
use same_file::Handle;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Rows in a row group unless told otherwise: 3 MB of spikes before compression, 2 MB on disk.
pub const ROWS_PER_GROUP: NonZeroUsize = NonZeroUsize::new(262_144).unwrap();

/// Writes record batches of one schema as part files. See the module documentation.
pub struct PartWriter {
    path: PathBuf,
    folder: Handle,
    schema: SchemaRef,
    rows_per_group: usize,
    open: Option<Open>,
    ledger: Ledger,
}

/// The part in progress.
struct Open {
    writer: ArrowWriter<Hashing<NamedTempFile>>,
    rows: usize,
}

impl PartWriter {
    /// Makes the folder `path` with an empty first part.
    ///
    /// # Errors
    /// If `path` exists, its parent does not, or it cannot be written.
    pub fn create(path: &Path, schema: SchemaRef, rows_per_group: NonZeroUsize) -> Result<Self, RecordError> {
        fs::create_dir(path).map_err(RecordError::io(path, "create"))?;
        let folder = Handle::from_path(path).map_err(RecordError::io(path, "create"))?;
        let ledger = Ledger::create(path).inspect_err(|_| drop(fs::remove_dir(path)))?;
        let mut writer =
            Self { path: path.into(), folder, schema, rows_per_group: rows_per_group.get(), open: None, ledger };
        writer.open = Some(writer.start_part()?);
        writer.flush()?;
        Ok(writer)
    }

    /// Appends rows; finishes a part whenever one is full.
    ///
    /// # Errors
    /// If the disk is full or otherwise refuses. Finished parts stay readable; the rows of the part in progress are lost.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), RecordError> {
        let mut done = 0;
        while done < batch.num_rows() {
            let mut part = match self.open.take() {
                Some(part) => part,
                None => self.start_part()?,
            };
            let room = self.rows_per_group - part.rows;
            let rows = room.min(batch.num_rows() - done);
            part.writer.write(&batch.slice(done, rows)).map_err(RecordError::parquet(&self.path, "write"))?;
            part.rows += rows;
            self.open = Some(part);
            done += rows;
            if rows == room {
                self.flush()?;
            }
        }
        Ok(())
    }

    /// Rows of the part in progress, which a kill would lose.
    pub(crate) fn open_rows(&self) -> usize {
        self.open.as_ref().map_or(0, |part| part.rows)
    }

    /// Finishes the part in progress, so that all rows so far are readable.
    ///
    /// # Errors
    /// As [`PartWriter::write`]; if the folder has been removed or replaced.
    pub fn flush(&mut self) -> Result<(), RecordError> {
        let Some(Open { writer, rows }) = self.open.take() else { return Ok(()) };
        let (file, sha256) = writer.into_inner().map_err(RecordError::parquet(&self.path, "write"))?.into_inner();
        file.as_file().sync_all().map_err(RecordError::io(&self.path, "write"))?;
        if !Handle::from_path(&self.path).is_ok_and(|there| there == self.folder) {
            return Err(RecordError::altered(&self.path, "the folder was removed or replaced while it was written"));
        }
        let path = self.path.join(part_name(self.ledger.parts.len()));
        self.ledger.append(&self.path, Part { rows: rows as u64, sha256 })?;
        durable::publish(file, &path, Existing::Refuse).map_err(|error| match error {
            RecordError::Exists { path } => RecordError::altered(&path, "was not written by this recording"),
            other => other,
        })
    }

    /// Finishes the last part and, if the folder holds the parts as they were written, with `rows` rows, and `verify` agrees with the
    /// whole, turns it into one file of the same name.
    ///
    /// # Errors
    /// As [`PartWriter::write`]; [`RecordError::Altered`] if somebody changed a part, or took or added one. All rows are then still
    /// in the folder, and [`crate::recover()`] may be tried later.
    pub fn finish(
        mut self,
        rows: u64,
        verify: impl FnOnce(&Path) -> Result<(), RecordError>,
    ) -> Result<(), RecordError> {
        self.flush()?;
        if self.ledger.rows() != rows {
            let reason = format!("{} rows were written, of {rows} that were recorded", self.ledger.rows());
            return Err(RecordError::altered(&self.path, reason));
        }
        join::join(&self.path, &self.ledger, verify)
    }

    /// Notes that all rows before `time`, ms, have been written: they are on disk then, and known to be all.
    ///
    /// # Errors
    /// As [`PartWriter::write`].
    pub(crate) fn reached(&mut self, time: f64) -> Result<(), RecordError> {
        self.flush()?;
        reached::note(&self.path, time)
    }

    fn start_part(&self) -> Result<Open, RecordError> {
        let file = Hashing::new(durable::aside(&self.path)?);
        let writer = ArrowWriter::try_new(file, self.schema.clone(), Some(properties(&self.schema)))
            .map_err(RecordError::parquet(&self.path, "write"))?;
        Ok(Open { writer, rows: 0 })
    }
}

/// Chosen by measurement: 7 to 8 bytes per spike against 17 plain, near the best at every size of network
/// (`tests/it/size.rs` has the table).
pub(crate) fn properties(schema: &SchemaRef) -> WriterProperties {
    let mut entries: Vec<_> = schema.metadata().iter().collect();
    entries.sort();
    let entries = entries.into_iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone())).collect();
    let level = ZstdLevel::try_new(1).expect("zstd has a level 1");
    let mut builder = WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_key_value_metadata(Some(entries))
        .set_sorting_columns(sorted_by(schema))
        .set_max_row_group_row_count(None);
    for field in schema.fields() {
        if field.data_type().is_numeric() {
            let column = ColumnPath::from(field.name().as_str());
            builder = builder
                .set_column_dictionary_enabled(column.clone(), false)
                .set_column_encoding(column, Encoding::BYTE_STREAM_SPLIT);
        }
    }
    builder.build()
}

/// Spikes are sorted by time, then neuron, which readers may rely on.
fn sorted_by(schema: &SchemaRef) -> Option<Vec<SortingColumn>> {
    let spikes = schema.metadata().get(KEY_TABLE).is_some_and(|table| table == "spikes");
    let ascending = |column_idx| SortingColumn { column_idx, descending: false, nulls_first: false };
    spikes.then(|| [0, 1].map(ascending).to_vec())
}

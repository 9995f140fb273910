//! Takes rows from the engine and writes them on a thread of its own, so that the engine waits for the disk only when the
//! disk is slower than the simulation.
//!
//! ```text
//! engine thread                        writing thread
//!   push -> chunk of rows -> [bounded channel] -> record batch -> PartWriter -> part files
//! ```
//!
//! Bounded memory: [`CHUNKS_IN_FLIGHT`] + 2 chunks of at most [`ROWS_PER_CHUNK`] rows, and one row group in the part writer.
//! An error of the writing thread is returned by the next `push`, and by every call after it: whoever asks last still learns the
//! cause. A recorder that is dropped without `finish`, because the run failed or panicked, still writes every row it took and
//! leaves the folder of parts.

use crate::error::RecordError;
use crate::pace::Pace;
use crate::part::{PartWriter, ROWS_PER_GROUP};
use crate::reached;
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use crossbeam::channel::{Receiver, Sender, bounded};
use std::fmt;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};

/// Rows handed over at once.
pub const ROWS_PER_CHUNK: usize = 16_384;
/// Chunks the writing thread may be behind before the engine waits.
pub const CHUNKS_IN_FLIGHT: usize = 8;

/// How rows of one table become record batches.
pub trait Table: Send + 'static {
    /// One row.
    type Row: Clone + Send + 'static;

    /// Columns of every batch.
    fn schema(&self) -> SchemaRef;

    /// Whether a row belongs in this table.
    ///
    /// # Errors
    /// If not. The rows before it are recorded.
    fn check(&self, _row: &Self::Row) -> Result<(), RecordError> {
        Ok(())
    }

    /// Whether rows come at a pace that nobody knows beforehand, so that a clock has to say when a row group ends (`pace.rs`).
    fn is_paced(&self) -> bool {
        false
    }

    /// The rows as columns; each of them has been checked.
    fn batch(&mut self, rows: &[Self::Row]) -> RecordBatch;

    /// Whether `file` holds what went through [`Table::batch`]; the number of rows has been checked. A message calls it `path`.
    ///
    /// # Errors
    /// If not, or if it cannot be read.
    fn verify(&self, _file: &Path, _path: &Path) -> Result<(), RecordError> {
        Ok(())
    }
}

/// What the writing thread gets.
enum Handed<R> {
    Rows(Vec<R>),
    /// All rows before this time, ms, have been handed over.
    Reached(f64),
}

type Writing<T> = JoinHandle<Result<(PartWriter, T), RecordError>>;

/// A table being recorded. See the module documentation.
pub struct Recorder<T: Table> {
    path: PathBuf,
    taken: u64,
    chunk: Vec<T::Row>,
    chunk_rows: usize,
    channel: Option<Sender<Handed<T::Row>>>,
    /// What it was last told of how far the run has come, ms, and when to note that.
    told: Option<f64>,
    noting: Pace,
    writing: Option<Writing<T>>,
    /// Why the writing thread has ended, once that is known.
    failed: Option<RecordError>,
}

impl<T: Table> fmt::Debug for Recorder<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").field("path", &self.path).field("rows", &self.taken).finish_non_exhaustive()
    }
}

impl<T: Table> Recorder<T> {
    /// Starts recording `table` at `path`, for example [`crate::OutputDir::spikes`]. `rows_per_group` is the most rows a
    /// kill -9 can lose beyond those in flight; [`crate::ROWS_PER_GROUP`] suits spikes. Of a table that [is paced](Table::is_paced)
    /// it is the least that is worth a row group, and a kill can lose what came in a second, too.
    ///
    /// # Errors
    /// If `path` exists or cannot be written.
    pub fn create(path: &Path, table: T, rows_per_group: NonZeroUsize) -> Result<Self, RecordError> {
        let pace = table.is_paced().then(|| Pace::new(rows_per_group));
        let most = if pace.is_some() { rows_per_group.max(ROWS_PER_GROUP) } else { rows_per_group };
        let parts = PartWriter::create(path, table.schema(), most)?;
        let (channel, handed) = bounded(CHUNKS_IN_FLIGHT);
        let writing = thread::Builder::new()
            .name("tauspike-record".into())
            .spawn(move || write_all(parts, pace, table, handed))
            .map_err(RecordError::io(path, "start the thread that writes"))?;
        let chunk_rows = ROWS_PER_CHUNK.min(rows_per_group.get());
        let (path, chunk) = (path.into(), Vec::with_capacity(chunk_rows));
        let noting = Pace::new(NonZeroUsize::MIN);
        let (channel, writing) = (Some(channel), Some(writing));
        Ok(Self { path, taken: 0, chunk, chunk_rows, channel, told: None, noting, writing, failed: None })
    }

    /// Takes rows.
    ///
    /// # Errors
    /// If earlier rows could not be written. Every later call fails too.
    pub fn push(&mut self, mut rows: &[T::Row]) -> Result<(), RecordError> {
        if self.writing.as_ref().is_none_or(|writing| writing.is_finished()) {
            return Err(self.failure());
        }
        self.taken += rows.len() as u64;
        while !rows.is_empty() {
            let (now, later) = rows.split_at(rows.len().min(self.chunk_rows - self.chunk.len()));
            self.chunk.extend_from_slice(now);
            rows = later;
            if self.chunk.len() == self.chunk_rows {
                self.send()?;
            }
        }
        Ok(())
    }

    /// Is told that it has taken all rows before `time`, ms: once in a while (`pace.rs`), and when it finishes, it puts them on disk, and that it
    /// was told, so that [`crate::recover()`] knows up to when the table is complete.
    ///
    /// # Errors
    /// As [`Recorder::push`].
    pub fn reached(&mut self, time: f64) -> Result<(), RecordError> {
        self.told = Some(time);
        if !self.noting.is_due(1) {
            return Ok(());
        }
        self.send()?;
        self.hand(Handed::Reached(time))
    }

    /// Where the table is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Rows taken so far.
    pub fn rows(&self) -> u64 {
        self.taken
    }

    /// Writes what is left, makes one file of the parts, and gives the table back: the file then holds every row that was taken.
    ///
    /// # Errors
    /// If rows could not be written; those in finished parts stay readable. [`RecordError::Altered`] if somebody changed what was
    /// written before; nothing of it is removed then.
    pub fn finish(mut self) -> Result<T, RecordError> {
        let (parts, table) = self.stop()?;
        let taken = self.taken;
        parts.finish(taken, |file| table.verify(file, &self.path))?;
        // the rows are there; who cannot note it is taken to have come to the last of them
        let _ = self.told.map(|time| reached::note(&self.path, time));
        Ok(table)
    }

    fn send(&mut self) -> Result<(), RecordError> {
        let empty = Vec::with_capacity(self.chunk_rows);
        let chunk = std::mem::replace(&mut self.chunk, empty);
        self.hand(Handed::Rows(chunk))
    }

    fn hand(&mut self, handed: Handed<T::Row>) -> Result<(), RecordError> {
        match &self.channel {
            Some(channel) if channel.send(handed).is_ok() => Ok(()),
            _ => Err(self.failure()),
        }
    }

    /// Why the writing thread has ended, which it does by itself only after an error.
    fn failure(&mut self) -> RecordError {
        self.chunk.clear();
        self.stop().err().unwrap_or_else(|| self.stopped())
    }

    fn stopped(&self) -> RecordError {
        RecordError::Stopped { path: self.path.clone() }
    }

    /// Ends the writing thread. The first error is the one to tell, to everybody who asks.
    fn stop(&mut self) -> Result<(PartWriter, T), RecordError> {
        if let Some(first) = &self.failed {
            return Err(first.clone());
        }
        let ended = self.join();
        self.failed = ended.as_ref().err().cloned();
        ended
    }

    fn join(&mut self) -> Result<(PartWriter, T), RecordError> {
        let writing = self.writing.take().ok_or_else(|| self.stopped())?;
        if let Some(channel) = self.channel.take() {
            // A send fails only if the thread has ended; joining it tells why.
            let _ = channel.send(Handed::Rows(std::mem::take(&mut self.chunk)));
        }
        // A panic of the thread has been printed by it.
        writing.join().unwrap_or_else(|_| Err(self.stopped()))
    }
}

impl<T: Table> Drop for Recorder<T> {
    fn drop(&mut self) {
        // Nobody is left to tell: the parts on disk are what remains.
        let _ = self.stop();
    }
}

fn write_all<T: Table>(
    mut parts: PartWriter,
    mut pace: Option<Pace>,
    mut table: T,
    handed: Receiver<Handed<T::Row>>,
) -> Result<(PartWriter, T), RecordError> {
    for handed in handed {
        let chunk = match handed {
            Handed::Rows(chunk) => chunk,
            Handed::Reached(time) => {
                parts.reached(time)?;
                continue;
            }
        };
        let refused = chunk.iter().map(|row| table.check(row)).enumerate().find(|(_, checked)| checked.is_err());
        let good = refused.as_ref().map_or(chunk.len(), |(position, _)| *position);
        parts.write(&table.batch(&chunk[..good]))?;
        if let Some((_, refused)) = refused {
            parts.flush()?;
            refused?;
        }
        if pace.as_mut().is_some_and(|pace| pace.is_due(parts.open_rows())) {
            parts.flush()?;
        }
    }
    parts.flush()?;
    Ok((parts, table))
}

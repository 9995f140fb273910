//! Reads recorded spikes back: a finished file, or the folder of parts of a run that is going on or was killed.
//!
//! Strict about what a simulation depends on (`time_ms` f64 and finite, `neuron` u32, nothing missing), and lenient about how
//! the strings of `population` are stored, so that a file that went through pandas or Polars can be read too.

use crate::decode::guarded;
use crate::digest::Digest;
use crate::error::RecordError;
use crate::ledger::part_files;
use crate::population::Populations;
use crate::schema::{KEY_POPULATIONS, NEURON, POPULATION, TIME, check_spikes};
use crate::texts::Texts;
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};

use arrow_array::RecordBatch;
use arrow_array::types::{Float64Type, UInt32Type};
use arrow_schema::{DataType, SchemaRef};
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use tauspike_spike::Spike;

const ROWS_PER_BATCH: usize = 65_536;
const FINITE: &str = "a finite time in ms";
const F64: &str = "Float64 (ms), without nulls";
const U32: &str = "UInt32 (global index), without nulls";
const STRINGS: &str = "Dictionary of strings, or strings, without nulls";

/// Spikes as columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SpikeTable {
    /// Model times, ms.
    pub time: Vec<f64>,
    /// Global indices.
    pub neuron: Vec<u32>,
    /// Positions in `names`.
    pub population: Vec<u32>,
    /// Names of populations: all of the network if the file tells, else in the order of appearance.
    pub names: Vec<String>,
    /// Ranges of global indices, if the file tells.
    pub populations: Option<Populations>,
}

impl SpikeTable {
    /// Number of spikes.
    pub fn len(&self) -> usize {
        self.time.len()
    }

    /// Whether there is no spike.
    pub fn is_empty(&self) -> bool {
        self.time.is_empty()
    }
}

/// Reads all spikes of a file or folder of parts.
///
/// # Errors
/// If the file is absent, truncated or malformed; if a column is missing or has another type (both are named, with the type
/// expected); if a value is null or a time is not finite.
pub fn read_spikes(path: &Path) -> Result<SpikeTable, RecordError> {
    let mut reader = SpikeReader::open(path)?;
    let mut all = SpikeTable::default();
    while let Some(batch) = reader.next_batch()? {
        all.time.extend(batch.time);
        all.neuron.extend(batch.neuron);
        all.population.extend(batch.population);
    }
    all.names = reader.names;
    all.populations = reader.populations;
    Ok(all)
}

/// The [`Digest`] of recorded spikes, as the recorder computed it.
///
/// # Errors
/// As [`read_spikes`]; if a neuron is in none of the populations.
pub fn read_digest(path: &Path, populations: Populations) -> Result<Digest, RecordError> {
    let mut reader = SpikeReader::open(path)?;
    let mut digest = Digest::new(populations);
    while let Some(batch) = reader.next_batch()? {
        for (&time, &source) in batch.time.iter().zip(&batch.neuron) {
            digest.add(Spike { time, source })?;
        }
    }
    Ok(digest)
}

/// A piece of a recording.
#[derive(Clone, Debug, PartialEq)]
pub struct SpikeBatch {
    /// Model times, ms.
    pub time: Vec<f64>,
    /// Global indices.
    pub neuron: Vec<u32>,
    /// Positions in [`SpikeReader::names`].
    pub population: Vec<u32>,
}

/// Reads spikes piece by piece, in bounded memory.
pub struct SpikeReader {
    /// Files still to be opened, last first.
    files: Vec<PathBuf>,
    file: PathBuf,
    batches: Option<ParquetRecordBatchReader>,
    names: Vec<String>,
    /// Where each of `names` is.
    places: HashMap<String, u32>,
    populations: Option<Populations>,
    row: u64,
}

impl SpikeReader {
    /// Opens a file or a folder of parts.
    ///
    /// # Errors
    /// As [`read_spikes`], as far as it shows in the first file.
    pub fn open(path: &Path) -> Result<Self, RecordError> {
        let mut files = if path.is_dir() { part_files(path)? } else { vec![path.to_path_buf()] };
        files.reverse();
        let Some(file) = files.pop() else {
            let reason = "the folder has no part".into();
            return Err(RecordError::NoRecording { path: path.into(), reason });
        };
        let (names, places) = (Vec::new(), HashMap::new());
        let mut reader = Self { files, file, batches: None, names, places, populations: None, row: 0 };
        let schema = reader.start_file()?;
        if let Some(text) = schema.metadata().get(KEY_POPULATIONS) {
            let populations: Populations = serde_json::from_str(text).map_err(RecordError::json(&reader.file))?;
            populations.ranges().iter().for_each(|range| _ = reader.position(&range.name));
            reader.populations = Some(populations);
        }
        Ok(reader)
    }

    /// Names of populations so far; a file without ranges may add names with each batch.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Ranges of global indices, if the file tells.
    pub fn populations(&self) -> Option<&Populations> {
        self.populations.as_ref()
    }

    /// The next rows, or `None` at the end.
    ///
    /// # Errors
    /// As [`read_spikes`]. What follows an error in that file is not read.
    pub fn next_batch(&mut self) -> Result<Option<SpikeBatch>, RecordError> {
        loop {
            if let Some(mut batches) = self.batches.take() {
                let next = guarded(&self.file, || Ok(batches.next().transpose()?))?;
                if let Some(batch) = next {
                    self.batches = Some(batches);
                    return self.columns(&batch).map(Some);
                }
            }
            let Some(file) = self.files.pop() else { return Ok(None) };
            self.file = file;
            self.start_file()?;
        }
    }

    fn start_file(&mut self) -> Result<SchemaRef, RecordError> {
        let file = File::open(&self.file).map_err(RecordError::io(&self.file, "read"))?;
        let builder = guarded(&self.file, || ParquetRecordBatchReaderBuilder::try_new(file))?;
        let schema = builder.schema().clone();
        check_spikes(&self.file, &schema)?;
        check(&self.file, &schema, TIME, F64, |of| *of == DataType::Float64)?;
        check(&self.file, &schema, NEURON, U32, |of| *of == DataType::UInt32)?;
        check(&self.file, &schema, POPULATION, STRINGS, is_string)?;
        self.batches = Some(guarded(&self.file, || builder.with_batch_size(ROWS_PER_BATCH).build())?);
        Ok(schema)
    }

    fn columns(&mut self, batch: &RecordBatch) -> Result<SpikeBatch, RecordError> {
        let time = self.column(batch, TIME, F64)?.as_primitive::<Float64Type>().values().to_vec();
        let neuron = self.column(batch, NEURON, U32)?.as_primitive::<UInt32Type>().values().to_vec();
        if let Some(bad) = time.iter().position(|time| !time.is_finite()) {
            return Err(self.value(TIME, bad, time[bad].to_string(), FINITE));
        }
        let names = self.column(batch, POPULATION, STRINGS)?;
        let population = self.positions(&names)?;
        self.row += batch.num_rows() as u64;
        Ok(SpikeBatch { time, neuron, population })
    }

    fn column(&self, batch: &RecordBatch, name: &'static str, expected: &'static str) -> Result<ArrayRef, RecordError> {
        let missing = || RecordError::MissingColumn {
            path: self.file.clone(),
            column: name,
            expected,
            found: column_names(&batch.schema()),
        };
        let column = batch.column_by_name(name).ok_or_else(missing)?;
        match (0..column.len()).find(|&row| column.is_null(row)) {
            Some(row) if column.null_count() > 0 => Err(self.value(name, row, "null".into(), expected)),
            _ => Ok(column.clone()),
        }
    }

    /// Each row's position in `self.names`. A dictionary is translated once for each of its values, not once for each row.
    fn positions(&mut self, column: &ArrayRef) -> Result<Vec<u32>, RecordError> {
        let texts = guarded(&self.file, || Ok(Texts::of(column)))?;
        let known: Vec<u32> = texts.values.iter().map(|name| self.position(name.unwrap_or_default())).collect();
        let mut positions = Vec::with_capacity(column.len());
        for (row, key) in texts.keys.iter().enumerate() {
            let known = key.and_then(|key| known.get(key));
            let unknown = || self.value(POPULATION, row, "an unknown key".into(), "a key of the dictionary");
            positions.push(*known.ok_or_else(unknown)?);
        }
        Ok(positions)
    }

    fn position(&mut self, name: &str) -> u32 {
        if let Some(position) = self.places.get(name) {
            return *position;
        }
        let position = self.names.len() as u32;
        self.names.push(name.into());
        self.places.insert(name.into(), position);
        position
    }

    fn value(&self, column: &'static str, row: usize, found: String, expected: &'static str) -> RecordError {
        RecordError::Value { path: self.file.clone(), column, row: self.row + row as u64, found, expected }
    }
}

fn check(
    file: &Path,
    schema: &SchemaRef,
    column: &'static str,
    expected: &'static str,
    allowed: impl Fn(&DataType) -> bool,
) -> Result<(), RecordError> {
    let Some((_, field)) = schema.column_with_name(column) else {
        let found = column_names(schema);
        return Err(RecordError::MissingColumn { path: file.into(), column, expected, found });
    };
    if !allowed(field.data_type()) {
        let found = field.data_type().to_string();
        return Err(RecordError::ColumnType { path: file.into(), column, found, expected });
    }
    Ok(())
}

fn column_names(schema: &SchemaRef) -> String {
    schema.fields().iter().map(|field| field.name().as_str()).collect::<Vec<_>>().join(", ")
}

fn is_string(of: &DataType) -> bool {
    match of {
        DataType::Dictionary(_, values) => is_string(values),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        _ => false,
    }
}

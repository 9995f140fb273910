//! A recording divided by population: a second copy, for who asks for one population of many again and again.
//!
//! ```text
//! by_population/
//!   population=E/part-0.parquet     time_ms f64 | neuron u32, sorted by time, then neuron
//!   population=I/part-0.parquet
//! ```
//!
//! A recording is sorted by time, so every row group holds spikes of all populations, and a filter on a population has to read all of
//! them. Here it reads one file, and a filter on time in addition the row groups of it that it needs. Polars, DuckDB and Arrow take the
//! folder for one table with a column `population` (hive partitioning).

use crate::error::RecordError;
use crate::file::NewFile;
use crate::part::{ROWS_PER_GROUP, properties};
use crate::reader::{SpikeBatch, SpikeReader};
use crate::schema;
use arrow_array::RecordBatch;
use arrow_array::{ArrayRef, Float64Array, UInt32Array};
use arrow_schema::SchemaRef;
use parquet::arrow::ArrowWriter;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The file of one population, in the making.
struct Part {
    path: PathBuf,
    writer: ArrowWriter<NewFile>,
    rows: usize,
    written: u64,
}

/// Divides the recording `spikes` into the folder `to`, which must not be there; gives the spikes of each population, in the order in
/// which the recording names them. Memory: a row group for each population.
///
/// # Errors
/// If the recording cannot be read, `to` exists, or a file cannot be written; nothing is left then.
pub fn split(spikes: &Path, to: &Path) -> Result<Vec<(String, u64)>, RecordError> {
    let mut reader = SpikeReader::open(spikes)?;
    fs::create_dir(to).map_err(RecordError::io(to, "create"))?;
    divide(&mut reader, to).inspect_err(|_| drop(fs::remove_dir_all(to)))
}

fn divide(reader: &mut SpikeReader, to: &Path) -> Result<Vec<(String, u64)>, RecordError> {
    let schema = schema::spikes_of_one_population();
    let mut parts: Vec<Part> = Vec::new();
    // Populations that never fire have a file, too.
    begin(reader.names(), to, &schema, &mut parts)?;
    while let Some(batch) = reader.next_batch()? {
        begin(reader.names(), to, &schema, &mut parts)?;
        for (population, part) in parts.iter_mut().enumerate() {
            part.write(&schema, &rows_of(&batch, population as u32))?;
        }
    }
    let counts = reader.names().iter().cloned().zip(parts.iter().map(|part| part.written)).collect();
    for Part { path, writer, .. } in parts {
        writer.into_inner().map_err(RecordError::parquet(&path, "write"))?.finish()?;
    }
    Ok(counts)
}

/// Begins the files of populations that have come to be known.
fn begin(names: &[String], to: &Path, schema: &SchemaRef, parts: &mut Vec<Part>) -> Result<(), RecordError> {
    for name in &names[parts.len()..] {
        let folder = to.join(format!("population={}", in_path(name)));
        fs::create_dir(&folder).map_err(RecordError::io(&folder, "create"))?;
        let path = folder.join("part-0.parquet");
        let file = NewFile::create(&path, false)?;
        let writer = ArrowWriter::try_new(file, schema.clone(), Some(properties(schema)));
        let writer = writer.map_err(RecordError::parquet(&path, "write"))?;
        parts.push(Part { path, writer, rows: 0, written: 0 });
    }
    Ok(())
}

fn rows_of(batch: &SpikeBatch, population: u32) -> (Vec<f64>, Vec<u32>) {
    let rows = batch.time.iter().zip(&batch.neuron).zip(&batch.population);
    rows.filter(|(_, of)| **of == population).map(|((time, neuron), _)| (*time, *neuron)).unzip()
}

impl Part {
    fn write(&mut self, schema: &SchemaRef, (time, neuron): &(Vec<f64>, Vec<u32>)) -> Result<(), RecordError> {
        let mut done = 0;
        while done < time.len() {
            let end = time.len().min(done + ROWS_PER_GROUP.get() - self.rows);
            let columns: Vec<ArrayRef> = vec![
                Arc::new(Float64Array::from(time[done..end].to_vec())),
                Arc::new(UInt32Array::from(neuron[done..end].to_vec())),
            ];
            let batch = RecordBatch::try_new(schema.clone(), columns).expect("two columns of the types of the schema");
            self.writer.write(&batch).map_err(RecordError::parquet(&self.path, "write"))?;
            self.rows += end - done;
            done = end;
            if self.rows == ROWS_PER_GROUP.get() {
                self.writer.flush().map_err(RecordError::parquet(&self.path, "write"))?;
                self.rows = 0;
            }
        }
        self.written += time.len() as u64;
        Ok(())
    }
}

/// A name as the name of a folder, with all but plain characters as in a URL, as Hive does.
fn in_path(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    name.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

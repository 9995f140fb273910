//! Makes the data set: rows of all runs, in the order of the plan, in folders by some of the axes.
//!
//! ```text
//! runs/g=3.0/part-0.parquet     every column but g
//! runs/g=3.5/part-0.parquet
//! ```
//!
//! Every file has all columns, in one order and of one type each, so Polars, DuckDB and Arrow read the folder as one table (ADR 0017). The
//! same sweep gives the same files, wall times aside. An earlier data set is replaced when the new one is whole.

use crate::dataset::{PART, parts};
use crate::error::SweepError;
use crate::identity::key;
use crate::place::Place;
use crate::row::is_measured;
use crate::row::{Cell, Row};
use crate::spec::Sweep;
use crate::store::Store;
use arrow_array::RecordBatch;
use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array, StringArray, UInt64Array};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tauspike_record::RecordError;

/// What was collected.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Collected {
    /// The data set.
    pub folder: PathBuf,
    /// Its rows.
    pub rows: usize,
    /// Those of runs that failed.
    pub failed_rows: usize,
    /// Runs of the sweep that are not there.
    pub missing: usize,
}

/// Writes `runs/` of the folder `out` of a sweep.
///
/// # Errors
/// If runs are missing and not `partial`; if the folder is of something else, or a file cannot be written.
pub fn collect(sweep: &Sweep, out: &Path, partial: bool) -> Result<Collected, SweepError> {
    let place = Place(out);
    let rows = rows(sweep, out)?;
    let (all, missing) = (sweep.plan.len(), sweep.plan.len() - rows.len());
    if missing > 0 && !partial {
        return Err(SweepError::Incomplete { out: out.into(), missing, all });
    }
    let _ours = place.take_dataset()?;
    let failed_rows = rows.iter().filter(|row| *row.get("exit") != Cell::Count(0)).count();
    let folder = place.runs();
    let (new, old) = (out.join(".tauspike-runs.new"), out.join(".tauspike-runs.old"));
    remove(&new)?;
    write(&new, &rows, &sweep.partition)?;
    // Of a process that died between the two renames.
    if folder.is_dir() {
        remove(&old)?;
        check_ours(&folder)?;
        fs::rename(&folder, &old).map_err(RecordError::io(&folder, "replace"))?;
    }
    fs::rename(&new, &folder).map_err(RecordError::io(&folder, "replace"))?;
    remove(&old)?;
    Ok(Collected { folder, rows: rows.len(), failed_rows, missing })
}

/// The rows that are there, in the order of the plan.
///
/// # Errors
/// If a file that the scenario names cannot be read.
pub fn rows(sweep: &Sweep, out: &Path) -> Result<Vec<Row>, SweepError> {
    let store = Store::at(Place(out), sweep.keep_spikes);
    let mut rows = Vec::new();
    for (index, run) in sweep.plan.iter().enumerate() {
        let key = key(sweep, run)?;
        if let Some(outcome) = store.get(&key) {
            rows.push(Row::of(sweep, index, &key, &outcome));
        }
    }
    Ok(rows)
}

/// Refuses to replace a folder in which somebody else put something.
fn check_ours(folder: &Path) -> Result<(), SweepError> {
    parts(folder).map(drop)
}

fn remove(folder: &Path) -> Result<(), SweepError> {
    if folder.symlink_metadata().is_ok() {
        check_ours(folder)?;
        fs::remove_dir_all(folder).map_err(RecordError::io(folder, "remove"))?;
    }
    Ok(())
}

fn write(folder: &Path, rows: &[Row], partition: &[String]) -> Result<(), SweepError> {
    let columns = columns(rows);
    let real = |name: &String| columns.iter().any(|(column, of)| column == name && *of == DataType::Float64);
    let real: Vec<bool> = partition.iter().map(real).collect();
    let columns: Vec<_> = columns.into_iter().filter(|(name, _)| !partition.contains(name)).collect();
    let mut folders: BTreeMap<PathBuf, Vec<&Row>> = BTreeMap::new();
    let directory = |row: &Row| {
        let names = partition.iter().zip(&real);
        names.fold(folder.to_path_buf(), |path, (name, real)| {
            path.join(format!("{name}={}", in_path(row.get(name), *real)))
        })
    };
    rows.iter().for_each(|row| folders.entry(directory(row)).or_default().push(row));
    fs::create_dir_all(folder).map_err(RecordError::io(folder, "create"))?;
    for (folder, rows) in &folders {
        fs::create_dir_all(folder).map_err(RecordError::io(folder, "create"))?;
        write_part(&folder.join(PART), &columns, rows)?;
    }
    if folders.is_empty() {
        write_part(&folder.join(PART), &columns, &[])?;
    }
    Ok(())
}

/// A value as the name of a folder: numbers so that readers take them for numbers, and other characters as in a URL, as Hive does.
fn in_path(cell: &Cell, real: bool) -> String {
    let text = match cell.number() {
        Some(value) if real => format!("{value:?}"),
        _ => cell.shown(),
    };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._+".contains(&byte);
    let escaped =
        text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") });
    let escaped: String = escaped.collect();
    if escaped.is_empty() { "__HIVE_DEFAULT_PARTITION__".to_owned() } else { escaped }
}

/// Names and types: those of the first row first, then what later ones add.
fn columns(rows: &[Row]) -> Vec<(String, DataType)> {
    let mut columns: Vec<(String, DataType)> = Vec::new();
    let mut place: BTreeMap<&str, usize> = BTreeMap::new();
    // A row of a run that failed has few columns: it is asked last which there are.
    let (good, failed): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| *row.get("exit") == Cell::Count(0));
    for (name, cell) in good.into_iter().chain(failed).flat_map(|row| &row.cells) {
        let at = *place.entry(name).or_insert_with(|| {
            columns.push((name.clone(), DataType::Null));
            columns.len() - 1
        });
        columns[at].1 = joined(&columns[at].1, &type_of(cell));
    }
    let typed = |(name, of): (String, DataType)| match of {
        // as where some run has a value, so that the tables of two sweeps go together
        DataType::Null if is_measured(&name) => (name, DataType::Float64),
        DataType::Null => (name, DataType::Utf8),
        of => (name, of),
    };
    columns.into_iter().map(typed).collect()
}

fn type_of(cell: &Cell) -> DataType {
    match cell {
        Cell::None => DataType::Null,
        Cell::Flag(_) => DataType::Boolean,
        Cell::Whole(_) => DataType::Int64,
        Cell::Count(_) => DataType::UInt64,
        Cell::Real(_) => DataType::Float64,
        Cell::Text(_) => DataType::Utf8,
    }
}

/// The type that holds both.
fn joined(a: &DataType, b: &DataType) -> DataType {
    match (a, b) {
        (a, b) if a == b => a.clone(),
        (DataType::Null, other) | (other, DataType::Null) => other.clone(),
        (
            DataType::Int64 | DataType::UInt64 | DataType::Float64,
            DataType::Int64 | DataType::UInt64 | DataType::Float64,
        ) => DataType::Float64,
        _ => DataType::Utf8,
    }
}

fn write_part(path: &Path, columns: &[(String, DataType)], rows: &[&Row]) -> Result<(), SweepError> {
    let fields: Vec<Field> = columns.iter().map(|(name, of)| Field::new(name, of.clone(), true)).collect();
    let schema = Arc::new(Schema::new(fields));
    let arrays = columns.iter().map(|(name, of)| array(of, rows.iter().map(|row| row.get(name)))).collect();
    let refused = RecordError::parquet(path, "write");
    let batch =
        RecordBatch::try_new(schema.clone(), arrays).expect("columns are built in the order and types of the schema");
    let level = ZstdLevel::try_new(3).expect("zstd has a level 3");
    let properties = WriterProperties::builder().set_compression(Compression::ZSTD(level)).build();
    let file = File::create_new(path).map_err(RecordError::io(path, "create"))?;
    let written = ArrowWriter::try_new(file, schema, Some(properties)).and_then(|mut writer| {
        writer.write(&batch)?;
        writer.into_inner()
    });
    written.map_err(refused)?.sync_all().map_err(RecordError::io(path, "write"))?;
    Ok(())
}

fn array<'r>(of: &DataType, cells: impl Iterator<Item = &'r Cell>) -> ArrayRef {
    match of {
        DataType::Boolean => {
            let flag = |cell: &Cell| if let Cell::Flag(value) = cell { Some(*value) } else { None };
            Arc::new(cells.map(flag).collect::<BooleanArray>())
        }
        DataType::Int64 => {
            let whole = |cell: &Cell| if let Cell::Whole(value) = cell { Some(*value) } else { None };
            Arc::new(cells.map(whole).collect::<Int64Array>())
        }
        DataType::UInt64 => {
            let count = |cell: &Cell| if let Cell::Count(value) = cell { Some(*value) } else { None };
            Arc::new(cells.map(count).collect::<UInt64Array>())
        }
        DataType::Float64 => Arc::new(cells.map(Cell::number).collect::<Float64Array>()),
        _ => {
            let text = |cell: &Cell| (*cell != Cell::None).then(|| cell.shown());
            Arc::new(cells.map(text).collect::<StringArray>())
        }
    }
}

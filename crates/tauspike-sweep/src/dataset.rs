//! Reads a data set of a sweep back: the files in its folders, with the values that the names of folders tell.

use crate::error::SweepError;
use crate::row::Cell;
use arrow_array::RecordBatchReader;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type, UInt64Type};
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use tauspike_record::{RecordError, guarded};

/// The one file in each folder.
pub(crate) const PART: &str = "part-0.parquet";

/// Rows, each a value for every column.
#[derive(Clone, Debug, Default)]
pub struct Dataset {
    /// Names of columns.
    pub columns: Vec<String>,
    /// Values in their order.
    pub rows: Vec<Vec<Cell>>,
}

impl Dataset {
    /// Reads the folder `runs` of a sweep, or the folder of the sweep itself.
    ///
    /// # Errors
    /// If there is none, or it cannot be read.
    pub fn read(path: &Path) -> Result<Self, SweepError> {
        let folder = if path.join("runs").is_dir() { path.join("runs") } else { path.to_owned() };
        let parts = parts(&folder)?;
        if parts.is_empty() {
            return Err(SweepError::NoDataset {
                path: folder,
                reason: format!("no {PART}; `tauspike sweep collect` makes it"),
            });
        }
        let mut dataset = Self::default();
        for (path, values) in &parts {
            dataset.add(path, values)?;
        }
        if let Some(run) = dataset.position("run") {
            let number = |row: &Vec<Cell>| row[run].number().unwrap_or(f64::MAX);
            dataset.rows.sort_by(|a, b| number(a).total_cmp(&number(b)));
        }
        Ok(dataset)
    }

    /// Where a column is.
    pub fn position(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|name| name == column)
    }

    /// As [`Dataset::position`].
    ///
    /// # Errors
    /// If there is no such column; `what` asked for it.
    pub fn need(&self, what: &'static str, column: &str) -> Result<usize, SweepError> {
        self.position(column).ok_or_else(|| SweepError::Column {
            what,
            name: column.to_owned(),
            allowed: tauspike_scenario::section::unknown_name(column, &self.columns),
        })
    }

    fn add(&mut self, path: &Path, values: &[(String, Cell)]) -> Result<(), SweepError> {
        let file = File::open(path).map_err(RecordError::io(path, "read"))?;
        let reader = guarded(path, || ParquetRecordBatchReaderBuilder::try_new(file)?.build())?;
        let names: Vec<String> = reader.schema().fields().iter().map(|field| field.name().clone()).collect();
        let of_folders = values.iter().map(|(name, _)| name.clone());
        let columns: Vec<String> = names.into_iter().chain(of_folders).collect();
        if self.columns.is_empty() {
            self.columns = columns;
        } else if self.columns != columns {
            let reason = format!("{} has other columns than the files before it", path.display());
            return Err(SweepError::NoDataset { path: path.to_owned(), reason });
        }
        let mut reader = reader;
        while let Some(batch) = guarded(path, || Ok(reader.next().transpose()?))? {
            for row in 0..batch.num_rows() {
                let cells = batch.columns().iter().map(|column| cell(column, row));
                self.rows.push(cells.chain(values.iter().map(|(_, value)| value.clone())).collect());
            }
        }
        Ok(())
    }
}

fn cell(column: &ArrayRef, row: usize) -> Cell {
    if column.is_null(row) {
        return Cell::None;
    }
    match column.data_type() {
        DataType::Boolean => Cell::Flag(column.as_boolean().value(row)),
        DataType::Int64 => Cell::Whole(column.as_primitive::<Int64Type>().value(row)),
        DataType::UInt64 => Cell::Count(column.as_primitive::<UInt64Type>().value(row)),
        DataType::Float64 => Cell::Real(column.as_primitive::<Float64Type>().value(row)),
        DataType::Utf8 => Cell::Text(column.as_string::<i32>().value(row).to_owned()),
        _ => Cell::None,
    }
}

/// A file of a data set, and what the names of its folders say.
type Part = (PathBuf, Vec<(String, Cell)>);

/// The files of a data set, in order.
///
/// # Errors
/// If something is there that is no part of a data set.
pub(crate) fn parts(folder: &Path) -> Result<Vec<Part>, SweepError> {
    let mut found = Vec::new();
    walk(folder, &mut Vec::new(), &mut found)?;
    Ok(found)
}

fn walk(folder: &Path, values: &mut Vec<(String, Cell)>, found: &mut Vec<Part>) -> Result<(), SweepError> {
    let entries = fs::read_dir(folder).map_err(RecordError::io(folder, "list"))?;
    let paths = entries.map(|entry| Ok(entry.map_err(RecordError::io(folder, "list"))?.path()));
    for path in paths.collect::<Result<BTreeSet<PathBuf>, SweepError>>()? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        match name.split_once('=') {
            Some((column, value)) if path.is_dir() => {
                values.push((column.to_owned(), of_path(value)));
                walk(&path, values, found)?;
                values.pop();
            }
            None if name == PART => found.push((path, values.clone())),
            _ => {
                let reason = format!("it holds {name}, which is no part of a data set");
                return Err(SweepError::NoDataset { path: folder.to_owned(), reason });
            }
        }
    }
    Ok(())
}

/// A value that stands in the name of a folder.
fn of_path(text: &str) -> Cell {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, others @ ..] = rest {
        let code = others.get(..2).and_then(|two| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok());
        match (first, code) {
            (b'%', Some(code)) => (bytes, rest) = ([bytes, vec![code]].concat(), &others[2..]),
            _ => {
                bytes.push(*first);
                rest = others;
            }
        }
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    match (text.parse::<i64>(), text.parse::<f64>()) {
        (Ok(whole), _) => Cell::Whole(whole),
        (_, Ok(real)) if real.is_finite() => Cell::Real(real),
        _ => Cell::Text(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_folders_are_read_as_they_were_written() {
        assert_eq!(of_path("3.0"), Cell::Real(3.0));
        assert_eq!(of_path("-2"), Cell::Whole(-2));
        assert_eq!(of_path("lif%5Fexp%20%C3%A4"), Cell::Text("lif_exp ä".into()));
        assert_eq!(of_path("100%"), Cell::Text("100%".into()));
    }
}

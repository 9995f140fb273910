//! Spikes of any simulator: a column of times and a column of neurons, called as the file calls them.

use crate::columns::column::Kind;
use crate::columns::fields::{Field, missing_column};
use crate::columns::{table, text_table};
use crate::error::ImportError;
use crate::format::Format;
use crate::quantity::TimeUnit;
use crate::source::Source;

/// Which columns hold the spikes, and how they count.
#[derive(Clone, Copy, Debug)]
pub struct SpikeColumns<'a> {
    /// Name of the column of times.
    pub time: &'a str,
    /// Unit of the times.
    pub unit: TimeUnit,
    /// Name of the column of neurons.
    pub neuron: &'a str,
    /// The number of the first neuron: 1 for NEST, else most often 0.
    pub first: u32,
}

/// Spikes in the order of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SpikeRows {
    /// ms, finite.
    pub time: Vec<f64>,
    /// Counted from 0.
    pub neuron: Vec<u32>,
}

/// The names of all columns of a table: CSV, Parquet, NPZ, or text, whose first line may hold names; if it does not, they are
/// called `1`, `2`, ...
///
/// # Errors
/// [`ImportError`] if the file cannot be read or holds no table.
pub fn column_names(source: &Source) -> Result<Vec<String>, ImportError> {
    match source.format() {
        Format::Text => text_table::names(source),
        _ => table::names(source),
    }
}

/// Reads the columns called `names`, which differ from each other, as finite numbers. Other columns, of whatever type, are not read.
///
/// # Errors
/// [`ImportError`] naming file, place and value: no such column, a value that is not a finite number.
pub fn read_columns(source: &Source, names: &[&str]) -> Result<Vec<Vec<f64>>, ImportError> {
    let all = column_names(source)?;
    if let Some(missing) = names.iter().find(|name| !all.iter().any(|other| other == *name)) {
        return Err(missing_column(source, missing, &all));
    }
    if source.format() == Format::Text {
        return text_table::read(source, &all, names);
    }
    let others: Vec<&str> = all.iter().map(String::as_str).filter(|name| !names.contains(name)).collect();
    let wanted = |name| Field { names: std::slice::from_ref(name), kind: Some(Kind::FINITE), required: true };
    let ignored = Field { names: &others, kind: None, required: false };
    let fields: Vec<Field> = names.iter().map(wanted).chain([ignored]).collect();
    let mut table = table::read(source, &fields)?;
    Ok((0..names.len()).map(|k| table.reals(k).unwrap_or_default()).collect())
}

/// Reads spikes, in the order of the file, which need not be that of time. Numbers of neurons may be stored as floating point.
///
/// # Errors
/// [`ImportError`] naming file, place and value: as [`read_columns`]; a neuron that is not a whole number from `first` on; a time
/// that is infinite in ms.
pub fn read_spikes(source: &Source, columns: SpikeColumns) -> Result<SpikeRows, ImportError> {
    let mut read = read_columns(source, &[columns.time, columns.neuron])?;
    // Names in the first line of a text count as a row where places are looked up.
    let before = if source.format() == Format::Text { text_table::header_lines(source) } else { 0 };
    let (numbers, mut time) = (read.pop().unwrap_or_default(), read.pop().unwrap_or_default());
    for (row, time) in time.iter_mut().enumerate() {
        let written = *time;
        *time = columns.unit.to_ms(written);
        if !time.is_finite() {
            let value = format!("{written:?} {}", columns.unit.name());
            return Err(source.refuse(row + before, columns.time, value, "a time that is finite in ms"));
        }
    }
    let first = f64::from(columns.first);
    let mut neuron = Vec::with_capacity(numbers.len());
    for (row, number) in numbers.into_iter().enumerate() {
        let index = number - first;
        if number.fract() != 0.0 || !(0.0..=f64::from(u32::MAX)).contains(&index) {
            let last = first + f64::from(u32::MAX);
            let allowed = format!("a whole number from {first}, the number of the first neuron, to {last}");
            return Err(source.refuse(row + before, columns.neuron, number, allowed));
        }
        neuron.push(index as u32);
    }
    Ok(SpikeRows { time, neuron })
}

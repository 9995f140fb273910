//! Spike trains: at which times each source fires.

use crate::columns::column::Kind;
use crate::columns::fields::Field;
use crate::columns::only::{Kept, Only};
use crate::columns::table;
use crate::columns::unnamed::{self, is_unnamed};
use crate::error::ImportError;
use crate::members::POPULATION;
use crate::quantity::{Quantity, TIMES, TimeUnit};
use crate::source::Source;

/// Reads `n` spike trains, by source: times in ms, finite, >= 0, ascending in each train (equal times are two spikes).
///
/// CSV, Parquet and NPZ have `time_ms` (or `time_s`, `time_us`, `time_ns`, which are converted to ms) and `neuron` in any order of columns;
/// the rows of different neurons may be mixed in any way.
/// `neuron` is the position in the population, 0 to `n - 1`: local numbering. A column `population`, as tauspike's recordings have,
/// is not read; see [`read_trains_of`]. Text (one time per line) and NPY hold a single train, so `n` must be 1; `unit` is that of their times, ms if absent.
///
/// # Errors
/// [`ImportError`] naming file, place and value: a time that is negative, not finite, or before the previous one of the same neuron
/// (most often several trials in one file); `neuron` out of range; `unit` given although the name of the column tells it.
pub fn read_trains(source: &Source, n: u32, unit: Option<TimeUnit>) -> Result<Vec<Vec<f64>>, ImportError> {
    read(source, n, unit, None)
}

/// As [`read_trains`], of a table that may hold other populations too: if it has a column `population` with names in it, the rows that
/// say `name` are read.
///
/// # Errors
/// Those of [`read_trains`]; if no row says `name`.
pub fn read_trains_of(
    source: &Source,
    name: &str,
    n: u32,
    unit: Option<TimeUnit>,
) -> Result<Vec<Vec<f64>>, ImportError> {
    read(source, n, unit, Some(Only { column: POPULATION, name }))
}

fn read(source: &Source, n: u32, unit: Option<TimeUnit>, only: Option<Only>) -> Result<Vec<Vec<f64>>, ImportError> {
    if is_unnamed(source.format()) {
        if n != 1 {
            return Err(source.wrong_option("size", n, "1, because a file without columns holds one train"));
        }
        let quantity = if unit.is_none() { Quantity::Time } else { Quantity::Other };
        let times = unnamed::read(source, 1, Kind::finite(quantity))?.pop().unwrap_or_default();
        return split(source, times, &[], (1, unit.unwrap_or(TimeUnit::Ms)), &Kept::default());
    }
    let (told, column) = TimeUnit::of_columns(&table::names(source)?);
    if let Some(unit) = unit {
        let allowed = format!("absent, because the column `{column}` tells its unit");
        return Err(source.wrong_option("time_unit", unit.name(), &allowed));
    }
    let times = Some(Kind::Real { least: 0.0, quantity: told.quantity() });
    let fields = [
        Field { names: &TIMES, kind: times, required: true },
        Field { names: &["neuron"], kind: Some(Kind::Index { below: n }), required: true },
        Field { names: &[POPULATION], kind: None, required: false },
    ];
    let mut table = table::read_only(source, &fields, only)?;
    let times = table.reals(0).unwrap_or_default();
    let neurons = table.indices(1).unwrap_or_default();
    split(source, times, &neurons, (n, told), &table.kept)
}

/// Deals the times out to their neurons; a time without a neuron belongs to neuron 0.
fn split(
    source: &Source,
    times: Vec<f64>,
    neurons: &[u32],
    (n, unit): (u32, TimeUnit),
    kept: &Kept,
) -> Result<Vec<Vec<f64>>, ImportError> {
    let mut trains = vec![Vec::new(); n as usize];
    for (row, written) in times.into_iter().enumerate() {
        let neuron = neurons.get(row).copied().unwrap_or(0);
        let time = unit.to_ms(written);
        let train = &mut trains[neuron as usize];
        let last = train.last().copied().unwrap_or(0.0);
        if !time.is_finite() || time < 0.0 {
            return Err(source.refuse(
                kept.row(row),
                "time",
                format!("{written:?} {}", unit.name()),
                Kind::TIME_FROM_0.allowed(),
            ));
        }
        if time < last {
            let allowed = format!("at least {last:?} ms, the spike of neuron {neuron} before it");
            return Err(source.refuse(kept.row(row), "time", format!("{time:?} ms"), allowed));
        }
        train.push(time);
    }
    Ok(trains)
}

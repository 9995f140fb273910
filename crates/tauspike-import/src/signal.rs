//! Signals: a value at strictly increasing times.

use crate::columns::column::Kind;
use crate::columns::fields::Field;
use crate::columns::table;
use crate::columns::unnamed::{self, is_unnamed};
use crate::error::ImportError;
use crate::quantity::{TIMES, TimeUnit};
use crate::source::Source;

/// A signal as it was sampled. One value per time; at least one.
#[derive(Clone, Debug, PartialEq)]
pub struct SampledSignal {
    /// Strictly increasing, ms, finite.
    pub times: Vec<f64>,
    /// Finite, in the unit of the file.
    pub values: Vec<f64>,
}

/// Where the times of a signal come from if the file does not say it all.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sampling {
    /// Sampling interval, ms, > 0: the first value is at time 0. Only for a file without times.
    pub dt: Option<f64>,
    /// Unit of the times of a text file; ms if absent. Only for a text file with two columns.
    pub time_unit: Option<TimeUnit>,
}

/// Reads a signal.
///
/// CSV, Parquet and NPZ have `time_ms` (or `time_s`, `time_us`, `time_ns`, which are converted to ms) and `value`, or `value` alone with a sampling interval. Text has two columns, time and value, or
/// values alone with a sampling interval; NPY has values alone.
///
/// # Errors
/// [`ImportError`] naming file, place and value: times that do not increase, a number that is not finite, no row, and options that
/// contradict the file (both an interval and times, or neither).
pub fn read_signal(source: &Source, sampling: Sampling) -> Result<SampledSignal, ImportError> {
    let (times, values) = if is_unnamed(source.format()) {
        let mut columns = unnamed::read(source, 2, Kind::FINITE)?;
        let values = columns.pop().unwrap_or_default();
        let unit = sampling.time_unit.unwrap_or(TimeUnit::Ms);
        let times = columns.pop().map(|times| times.into_iter().map(|time| unit.to_ms(time)).collect());
        (times, values)
    } else {
        let (unit, _) = TimeUnit::of_columns(&table::names(source)?);
        let fields = [
            Field { names: &TIMES, kind: Some(Kind::finite(unit.quantity())), required: false },
            Field { names: &["value"], kind: Some(Kind::FINITE), required: true },
        ];
        let mut table = table::read(source, &fields)?;
        let times = table.reals(0).map(|times| times.into_iter().map(|time| unit.to_ms(time)).collect());
        (times, table.reals(1).unwrap_or_default())
    };
    if values.is_empty() {
        return Err(ImportError::Rows { file: source.name().into(), found: 0, allowed: "at least 1".into() });
    }
    let times = match times {
        Some(times) => own_times(source, sampling, times)?,
        None => regular_times(source, sampling, values.len())?,
    };
    check_increasing(source, &times)?;
    Ok(SampledSignal { times, values })
}

fn own_times(source: &Source, sampling: Sampling, times: Vec<f64>) -> Result<Vec<f64>, ImportError> {
    match (sampling.dt, sampling.time_unit) {
        (Some(dt), _) => {
            Err(source.wrong_option("dt_ms", format!("{dt:?}"), "absent, because the file has its own times"))
        }
        (None, Some(unit)) if !is_unnamed(source.format()) => {
            let (_, column) = TimeUnit::of_columns(&table::names(source)?);
            let allowed = format!("absent, because the column `{column}` tells its unit");
            Err(source.wrong_option("time_unit", unit.name(), &allowed))
        }
        _ => Ok(times),
    }
}

fn regular_times(source: &Source, sampling: Sampling, n: usize) -> Result<Vec<f64>, ImportError> {
    if let Some(unit) = sampling.time_unit {
        return Err(source.wrong_option("time_unit", unit.name(), "absent, because the file has no times"));
    }
    match sampling.dt {
        // Multiplied, not added up, so that rounding does not accumulate.
        Some(dt) if dt.is_finite() && dt > 0.0 => Ok((0..n).map(|k| k as f64 * dt).collect()),
        Some(dt) => Err(source.wrong_option("dt_ms", format!("{dt:?}"), "a finite number > 0")),
        None => Err(source.wrong_option("dt_ms", "absent", "a finite number > 0, because the file has no times")),
    }
}

fn check_increasing(source: &Source, times: &[f64]) -> Result<(), ImportError> {
    if let Some(row) = times.iter().position(|time| !time.is_finite()) {
        return Err(source.refuse(row, "time", times[row], "a finite number of ms"));
    }
    match times.windows(2).position(|pair| pair[1] <= pair[0]) {
        Some(row) => {
            let allowed = format!("more than {:?} ms, the time before it", times[row]);
            Err(source.refuse(row + 1, "time", format!("{:?} ms", times[row + 1]), allowed))
        }
        None => Ok(()),
    }
}

//! How a signal is written: `{ times_ms = [..], values = [..] }`, or `{ file = "..", dt_ms = .., time_unit = ".." }`.

use crate::error::ScenarioError;
use crate::section::{Entry, Range};
use tauspike_import::{SampledSignal, Sampling, TimeUnit, read_signal};
use tauspike_network::population::Signal;

type Result<T> = std::result::Result<T, ScenarioError>;

const TIME_UNITS: [&str; 4] = ["ns", "us", "ms", "s"];

/// Reads a signal whose inline values have the key `values`.
pub(crate) fn read(entry: &Entry, values: &str) -> Result<Signal> {
    let section = entry.table(".")?;
    let Some(file) = section.get("file") else {
        section.allow(&["times_ms", values, "file"])?;
        let times = section.need("times_ms", "a list of times, or `file` instead")?;
        let written = section.need(values, "a list of numbers, one per time")?;
        let signal = Signal { times: times.numbers(Range::Finite)?, values: written.numbers(Range::Finite)? };
        if signal.times.len() != signal.values.len() {
            return Err(written.refuse(format!("{} numbers, one per time", signal.times.len())));
        }
        if !signal.times.is_sorted_by(|a, b| a < b) {
            return Err(times.refuse("strictly increasing times"));
        }
        return Ok(signal);
    };
    section.allow(&["file", "dt_ms", "time_unit"])?;
    let dt = section.get("dt_ms").map(|entry| entry.number(Range::Positive)).transpose()?;
    let time_unit = time_unit(section.get("time_unit"))?;
    let source = file.source()?;
    let SampledSignal { times, values } =
        read_signal(&source, Sampling { dt, time_unit }).map_err(|e| file.import(e))?;
    Ok(Signal { times, values })
}

/// Reads the unit of the times of a file without column names.
pub(crate) fn time_unit(entry: Option<Entry>) -> Result<Option<TimeUnit>> {
    let Some(entry) = entry else { return Ok(None) };
    Ok(TimeUnit::parse(TIME_UNITS[entry.choice(&TIME_UNITS)?]))
}

//! `bin_ms`: the bins of a run are kept in memory, so there may not be too many of them.

use super::{Axis, Result};
use crate::plan::Planned;
use tauspike_record::Activity;
use tauspike_scenario::section::{Range, Section};
use tauspike_scenario::tree::{self, Table, Value};

/// Used if the file does not say another.
const DEFAULT: f64 = 1.0;

/// The width of bins, ms, of which the longest run has no more than can be kept.
pub(super) fn read(whole: &Section, base: &Table, axes: &[Axis], plan: &[Planned]) -> Result<f64> {
    let Some(entry) = whole.get("bin_ms") else { return Ok(DEFAULT) };
    let bin = entry.number(Range::Positive)?;
    let (duration, warmup) = (Time::of("duration_ms", base, axes), Time::of("warmup_ms", base, axes));
    let longest = plan.iter().map(|run| duration.of_run(run) - warmup.of_run(run)).fold(0.0, f64::max);
    let least = longest / Activity::MOST_BINS as f64;
    match bin >= least {
        true => Ok(bin),
        false => Err(entry.refuse(format!("a finite width in ms, at least {least:e} for a run of {longest} ms"))),
    }
}

/// A time of the scenario that an axis may set.
struct Time<'a> {
    axis: Option<(usize, &'a Axis)>,
    /// Where no axis does, ms.
    given: f64,
}

impl<'a> Time<'a> {
    fn of(key: &str, base: &Table, axes: &'a [Axis]) -> Self {
        let axis = axes.iter().enumerate().find(|(_, axis)| axis.keys.iter().any(|other| other.trim() == key));
        Self { axis, given: tree::get(base, key).map_or(0.0, |node| number(&node.value)) }
    }

    fn of_run(&self, run: &Planned) -> f64 {
        self.axis.map_or(self.given, |(k, axis)| number(&axis.scaled(&run.values[k])))
    }
}

/// What is no number is refused where the scenario is read.
fn number(value: &Value) -> f64 {
    match value {
        Value::Integer(integer) => *integer as f64,
        Value::Float(number) => *number,
        _ => 0.0,
    }
}

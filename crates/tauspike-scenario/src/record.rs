//! `[record]` and `[energy]`: what is kept of a run.
//!
//! A probe looks at those of its times that the run covers: those before its start, if it goes on from a snapshot, and those after its end have
//! no row. So the same file serves a run that is made shorter, to be gone on with, and the one that goes on.

use crate::energy;
use crate::error::ScenarioError;
use crate::population::Declared;
use crate::projection::{neurons, population};
use crate::section::{Entry, Range, Section};
use std::num::NonZeroUsize;
use tauspike_energy::EnergyModel;
use tauspike_engine::LATEST;
use tauspike_record::ROWS_PER_GROUP;

type Result<T> = std::result::Result<T, ScenarioError>;

/// What is kept.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub spikes: bool,
    pub rows_per_group: NonZeroUsize,
    /// ms.
    pub counters_interval: Option<f64>,
    pub probes: Vec<ProbeSpec>,
    pub energy: Vec<EnergyModel>,
}

/// Some neurons of a population, and when to look at them.
#[derive(Clone, Debug)]
pub(crate) struct ProbeSpec {
    /// Position of the population.
    pub population: usize,
    /// Positions in it.
    pub neurons: Vec<u32>,
    pub times: ProbeTimes,
}

/// When to look, ms. The run need not cover all of the times.
#[derive(Clone, Debug)]
pub(crate) enum ProbeTimes {
    Every(f64),
    At(Vec<f64>),
}

/// Reads both tables of the whole file.
pub(crate) fn read(whole: &Section, populations: &[Declared]) -> Result<Record> {
    let mut record = Record {
        spikes: true,
        rows_per_group: ROWS_PER_GROUP,
        counters_interval: None,
        probes: Vec::new(),
        energy: energy::models(whole)?,
    };
    let Some(entry) = whole.get("record") else { return Ok(record) };
    let section = entry.table(".")?;
    section.allow(&["spikes", "rows_per_group", "counters_interval_ms", "probe"])?;
    if let Some(spikes) = section.get("spikes") {
        record.spikes = spikes.flag()?;
    }
    if let Some(rows) = section.get("rows_per_group") {
        let rows = rows.integer(1, 1 << 30)? as usize;
        record.rows_per_group = NonZeroUsize::new(rows).unwrap_or(ROWS_PER_GROUP);
    }
    record.counters_interval = section.get("counters_interval_ms").map(|e| interval(&e)).transpose()?;
    let probes = section.sections("probe")?;
    record.probes = probes.iter().map(|probe| read_probe(probe, populations)).collect::<Result<_>>()?;
    Ok(record)
}

fn read_probe(section: &Section, populations: &[Declared]) -> Result<ProbeSpec> {
    section.allow(&["population", "neurons", "interval_ms", "times_ms"])?;
    let target = population(section, "population", populations)?;
    neurons(section, "population", target)?;
    let times = match (section.get("interval_ms"), section.get("times_ms")) {
        (Some(interval), None) => ProbeTimes::Every(self::interval(&interval)?),
        (None, Some(times)) => ProbeTimes::At(increasing(&times)?),
        (Some(_), Some(times)) => return Err(times.refuse("either interval_ms or times_ms, not both")),
        (None, None) => return Err(section.absent("interval_ms", "a finite number > 0, or times_ms instead")),
    };
    let neurons = section.need("neurons", "a list of positions in the population")?.indices(target.size)?;
    Ok(ProbeSpec { population: target.id.index(), neurons, times })
}

/// Rows at times that f64 ms tells apart.
fn interval(entry: &Entry) -> Result<f64> {
    let interval = entry.number(Range::Positive)?;
    if interval < 1e-6 { Err(entry.refuse("a finite number > 0, at least 1e-6")) } else { Ok(interval) }
}

/// Some of them may be after the end of the run.
fn increasing(entry: &Entry) -> Result<Vec<f64>> {
    let times = entry.numbers(Range::NotNegative)?;
    if times.last().is_some_and(|last| *last > LATEST) {
        return Err(entry.refuse(format!("times of at most {LATEST:e}")));
    }
    if times.is_sorted_by(|a, b| a < b) { Ok(times) } else { Err(entry.refuse("strictly increasing times")) }
}

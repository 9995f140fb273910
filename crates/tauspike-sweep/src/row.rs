//! A row of the data set, and its columns.

use crate::plan::Planned;
use crate::spec::{Axis, Sweep};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tauspike_record::PopulationActivity;
use tauspike_scenario::section::unknown_name;
use tauspike_scenario::tree::{self, Table, Value};

/// The column that [`crate::regime`] fills.
pub const REGIME: &str = "regime";

/// What a run left. Everything but the wall times depends on the scenario alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// As the exit code of `tauspike run`: 0, or 2 if the scenario was refused or cannot be simulated, 101 after a panic.
    pub exit: u8,
    /// Why, if it is not 0.
    pub error: Option<String>,
    /// What came out, if it is 0.
    pub result: Option<Measured>,
    /// Seconds in all.
    pub wall_s: f64,
}

/// What came out of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// Neurons, sources not counted.
    pub neurons: u64,
    /// Synapses.
    pub synapses: u64,
    /// Model time, ms.
    pub model_time_ms: f64,
    /// Digest of the spikes.
    pub digest: String,
    /// After the warm-up.
    pub populations: Vec<PopulationActivity>,
    /// Those that depend on the network alone, by name.
    pub counters: BTreeMap<String, u64>,
    /// Energy proxies, event-only.
    pub energy: Vec<Energy>,
    /// Seconds to build.
    pub build_s: f64,
    /// Seconds to run.
    pub run_s: f64,
}

/// The figure of one energy model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Energy {
    /// Its name.
    pub model: String,
    /// pJ, uJ or ATP.
    pub unit: String,
    /// With neuron updates as counted.
    pub event_only: f64,
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Number of the run in the sweep, from 0.
    pub run: usize,
    /// Its columns, in order.
    pub cells: Vec<(String, Cell)>,
}

/// A value of a row.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Cell {
    /// Not known.
    None,
    /// true or false.
    Flag(bool),
    /// A whole number.
    Whole(i64),
    /// A count.
    Count(u64),
    /// Any number.
    Real(f64),
    /// A text.
    Text(String),
}

impl Cell {
    fn real(value: Option<f64>) -> Self {
        value.filter(|value| value.is_finite()).map_or(Cell::None, Cell::Real)
    }

    /// As a number, if it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Cell::Whole(value) => Some(*value as f64),
            Cell::Count(value) => Some(*value as f64),
            Cell::Real(value) => Some(*value),
            Cell::None | Cell::Flag(_) | Cell::Text(_) => None,
        }
    }

    /// As people read it; empty if it is not known.
    pub fn shown(&self) -> String {
        match self {
            Cell::None => String::new(),
            Cell::Flag(value) => value.to_string(),
            Cell::Whole(value) => value.to_string(),
            Cell::Count(value) => value.to_string(),
            Cell::Real(value) => format!("{value}"),
            Cell::Text(text) => text.clone(),
        }
    }
}

impl From<&Value> for Cell {
    fn from(value: &Value) -> Self {
        match value {
            Value::Integer(value) => Cell::Whole(*value),
            Value::Float(value) => Cell::Real(*value),
            Value::Flag(value) => Cell::Flag(*value),
            Value::Text(text) => Cell::Text(text.clone()),
            Value::List(_) | Value::Numbers(_) | Value::Table(_) => Cell::Text(value.toml()),
        }
    }
}

/// Columns that every row has beside those of axes, populations, counters and energies.
const FIXED: [&str; 12] = [
    "run",
    "key",
    "seed",
    "exit",
    "error",
    "model_time_ms",
    "neurons",
    "synapses",
    "digest",
    "build_s",
    "run_s",
    "wall_s",
];
/// Columns that two runs of the same scenario do not share.
pub const WALL: [&str; 3] = ["build_s", "run_s", "wall_s"];
const OF_POPULATION: [&str; 5] = ["spikes", "rate_hz", "cv_isi", "synchrony", "frequency_hz"];

/// Whether another column has this name, or may have it.
pub(crate) fn is_reserved(name: &str) -> bool {
    FIXED.contains(&name) || name == REGIME || counters().any(|counter| counter == name) || is_measured(name)
}

fn counters() -> impl Iterator<Item = &'static str> {
    let work = |counter: &&tauspike_spike::Counter| counter.kind == tauspike_spike::counters::Kind::Work;
    tauspike_spike::Counters::LIST.iter().filter(work).map(|counter| counter.name)
}

/// Of these, those of texts.
const TEXTS: [&str; 3] = ["key", "error", "digest"];

/// Whether what a run measured stands in this column: a number, also where no run has one.
pub(crate) fn is_measured(name: &str) -> bool {
    name.starts_with("energy_") || OF_POPULATION.iter().any(|measure| is_of(measure, name))
}

fn is_of(measure: &str, name: &str) -> bool {
    name.strip_prefix(measure).is_some_and(|rest| rest.starts_with('_'))
}

/// Columns that can be named in a sweep: those that its rows will have as far as the scenario tells, and which of them hold texts.
pub struct Columns {
    names: Vec<String>,
    texts: Vec<String>,
}

/// Of these axes, and of the populations of the scenario whose tree this is.
pub(crate) fn columns(axes: &[Axis], base: &Table) -> Columns {
    let mut names: Vec<String> = axes.iter().map(|axis| axis.name.clone()).collect();
    names.extend(FIXED.iter().map(ToString::to_string));
    names.extend(counters().map(str::to_owned));
    if let Some(Value::List(populations)) = tree::get(base, "population").map(|node| &node.value) {
        for name in populations.iter().filter_map(|population| population.name()) {
            names.extend(OF_POPULATION.iter().map(|measure| format!("{measure}_{name}")));
        }
    }
    let texts = axes.iter().filter(|axis| !axis.is_of_numbers()).map(|axis| axis.name.clone());
    Columns { names, texts: texts.chain(TEXTS.iter().chain([&REGIME]).map(ToString::to_string)).collect() }
}

impl Columns {
    pub(crate) fn knows(&self, name: &str) -> bool {
        self.names.iter().any(|column| column == name) || name.starts_with("energy_")
    }

    pub(crate) fn allowed(&self, name: &str) -> String {
        unknown_name(name, &self.names)
    }

    pub(crate) fn is_of_numbers(&self, name: &str) -> bool {
        self.texts.iter().all(|column| column != name)
    }
}

impl Row {
    /// The row of run `index`.
    pub fn of(sweep: &Sweep, index: usize, key: &str, outcome: &Outcome) -> Self {
        let run: &Planned = &sweep.plan[index];
        let mut cells: Vec<(String, Cell)> = vec![("run".into(), Cell::Count(index as u64))];
        cells.extend(sweep.axes.iter().zip(&run.values).map(|(axis, value)| (axis.name.clone(), value.into())));
        let mut put = |name: &str, cell| cells.push((name.to_owned(), cell));
        put("seed", Cell::Count(run.seed));
        put("exit", Cell::Count(outcome.exit.into()));
        put("error", outcome.error.clone().map_or(Cell::None, Cell::Text));
        if let Some(found) = &outcome.result {
            measured(found, &mut put);
        }
        put("wall_s", Cell::Real(outcome.wall_s));
        put("key", Cell::Text(key.to_owned()));
        let mut row = Self { run: index, cells };
        if !sweep.regimes.is_empty() {
            let regime = crate::regime::of(&sweep.regimes, &row).map_or(Cell::None, |name| Cell::Text(name.to_owned()));
            row.cells.push((REGIME.into(), regime));
        }
        row
    }

    /// The value in a column; `None` too if there is no such column.
    pub fn get(&self, column: &str) -> &Cell {
        self.cells.iter().find(|(name, _)| name == column).map_or(&Cell::None, |(_, cell)| cell)
    }

    /// As JSON, column by column.
    pub fn json(&self) -> serde_json::Value {
        let value = |cell: &Cell| serde_json::to_value(cell).unwrap_or_default();
        self.cells.iter().map(|(name, cell)| (name.clone(), value(cell))).collect::<serde_json::Map<_, _>>().into()
    }
}

fn measured(found: &Measured, put: &mut impl FnMut(&str, Cell)) {
    put("model_time_ms", Cell::Real(found.model_time_ms));
    put("neurons", Cell::Count(found.neurons));
    put("synapses", Cell::Count(found.synapses));
    for population in &found.populations {
        let mut of = |measure: &str, cell| put(&format!("{measure}_{}", population.name), cell);
        of("spikes", Cell::Count(population.spikes));
        of("rate_hz", Cell::real(population.rate_hz));
        of("cv_isi", Cell::real(population.cv_isi));
        of("synchrony", Cell::real(population.synchrony));
        of("frequency_hz", Cell::real(population.frequency_hz));
    }
    for (name, value) in &found.counters {
        put(name, Cell::Count(*value));
    }
    for energy in &found.energy {
        put(&energy_column(energy), Cell::real(Some(energy.event_only)));
    }
    put("digest", Cell::Text(found.digest.clone()));
    put("build_s", Cell::Real(found.build_s));
    put("run_s", Cell::Real(found.run_s));
}

/// `energy_pj_genn_rtx_4090` for "GeNN, RTX 4090".
fn energy_column(energy: &Energy) -> String {
    let words = energy.model.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let name: Vec<String> = words.map(str::to_lowercase).collect();
    format!("energy_{}_{}", energy.unit.to_lowercase(), name.join("_"))
}

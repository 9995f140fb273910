//! `[[population]]`: neurons and spike sources.

use crate::error::ScenarioError;
use crate::parameter::{self, Given};
use crate::section::{Entry, Range, Section};
use crate::{replay, signal};
use std::sync::Arc;
use tauspike_import::{Members, WeightUnit, read_trains_of};
use tauspike_network::population::Signal;
use tauspike_network::{CellsSpec, LifParameter, LifSpec, MODELS, Model, PopulationId, RateSpec, SynapseKind};
use tauspike_task::TaskError;
use tauspike_task::encode::send_on_delta;

type Result<T> = std::result::Result<T, ScenarioError>;

const SOURCES: [&str; 2] = ["spike_trains", "poisson"];

/// A population as the rest of the scenario sees it.
#[derive(Clone, Debug)]
pub(crate) struct Declared {
    pub name: String,
    pub model: &'static str,
    pub size: u32,
    pub id: PopulationId,
}

impl Declared {
    /// The unit of a weight onto it, if it consists of neurons.
    pub fn unit(&self) -> Option<WeightUnit> {
        weight_unit(self.model)
    }

    /// Whether it can be a source: leaky integrators never fire.
    pub fn fires(&self) -> bool {
        Model::named(self.model).is_none_or(|model| model.fires)
    }
}

/// The unit of a weight onto neurons of this model; none if it is not one of neurons.
pub(crate) fn weight_unit(model: &str) -> Option<WeightUnit> {
    match Model::named(model)?.synapse {
        SynapseKind::Delta => Some(WeightUnit::Millivolt),
        _ => Some(WeightUnit::Picoampere),
    }
}

/// What the table of a population says.
pub(crate) struct Read {
    pub name: String,
    pub model: &'static str,
    pub size: u32,
    pub cells: CellsSpec,
}

/// Reads one population. Trains that a program gives, ms, stand for a file of them.
pub(crate) fn read(section: &Section, given: Option<Vec<Vec<f64>>>) -> Result<Read> {
    let name = section.need("name", "a unique name")?.text()?.to_owned();
    let models: Vec<&str> = MODELS.iter().map(|model| model.name).chain(SOURCES).collect();
    let model = models[section.need("model", &format!("one of {}", models.join(", ")))?.choice(&models)?];
    if given.is_some() && model != "spike_trains" {
        return Err(section.need("model", "")?.refuse("\"spike_trains\", because there are trains"));
    }
    let neuron = Model::named(model).map(LifSpec::from);
    let own: &[&str] = match model {
        _ if neuron.is_some() => &["parameters"],
        "spike_trains" if given.is_some() => &[],
        "spike_trains" => &["file", "time_unit", "encode", "population", "numbering"],
        _ => &["rate_hz", "profile", "start_ms", "stop_ms"],
    };
    let parameters: Vec<&str> = neuron.iter().flat_map(LifParameter::of).map(|parameter| parameter.key).collect();
    if let Some(spec) = neuron.as_ref().filter(|spec| !spec.fires) {
        without_threshold(section, spec)?;
    }
    section.allow(&[&["name", "model", "size"], own, &parameters].concat())?;
    let size = section.need("size", "an integer >= 1")?.integer(1, (1 << 31) - 1)? as u32;
    let members = Members::all(size).of(&name);
    let cells = match (neuron, model) {
        (Some(spec), _) => CellsSpec::Lif(lif(spec, &Given::new(section, members, &parameters)?)?),
        (None, "spike_trains") => given.map_or_else(|| trains(section, size), Ok)?.into(),
        (None, _) => CellsSpec::Poisson(rate(section, members)?),
    };
    Ok(Read { name, model, size, cells })
}

/// Refuses what belongs to a threshold: of neurons without one that is no misspelling.
fn without_threshold(section: &Section, spec: &LifSpec) -> Result<()> {
    let firing = LifSpec { fires: true, ..spec.clone() };
    let extra = LifParameter::of(&firing).filter(|row| !LifParameter::of(spec).any(|own| own.key == row.key));
    match extra.filter_map(|row| section.get(row.key)).next() {
        None => Ok(()),
        Some(entry) => Err(entry.refuse(format!("absent, because neurons of model {} never fire", spec.model()))),
    }
}

/// `spec` with what is given.
fn lif(mut spec: LifSpec, given: &Given) -> Result<LifSpec> {
    for parameter in LifParameter::of(&spec) {
        if let Some(value) = given.get(parameter.key)? {
            parameter.give(&mut spec, value);
        }
    }
    Ok(spec)
}

/// Rate, profile, start and stop, of a population or an input.
pub(crate) fn rate(section: &Section, members: Members) -> Result<RateSpec> {
    let base_hz = parameter::read(&section.need("rate_hz", "a number >= 0, a list or a distribution")?, Some(members))?;
    let profile = section.get("profile").map(|entry| signal::read(&entry, "values")).transpose()?.map(Arc::new);
    let start = section.get("start_ms").map_or(Ok(0.0), |entry| entry.number(Range::NotNegative))?;
    let stop = section.get("stop_ms").map_or(Ok(f64::INFINITY), |entry| entry.number(Range::NotNegative))?;
    Ok(RateSpec { base_hz, profile, start, stop })
}

fn trains(section: &Section, size: u32) -> Result<Vec<Vec<f64>>> {
    if let Some(entry) = section.get("encode") {
        let other = ["file", "population", "numbering"].into_iter().find_map(|key| section.get(key));
        return match other {
            None => encoded(section, &entry, size),
            Some(other) => Err(other.refuse("absent, because there is `encode`")),
        };
    }
    let file = section.need("file", "the name of a file with spike times, or encode = { .. } instead")?;
    let unit = signal::time_unit(section.get("time_unit"))?;
    if replay::is_recording(section, &file) {
        return match section.get("time_unit") {
            None => replay::trains(section, &file, size),
            Some(unit) => Err(unit.refuse("absent, because recordings are in ms")),
        };
    }
    let source = file.source()?;
    let name = section.need("name", "a text in quotes")?;
    read_trains_of(&source, name.text()?, size, unit).map_err(|error| file.import(error))
}

/// Send-on-delta code of a signal: member 0 fires when it has risen by `delta`, member 1 when it has fallen.
fn encoded(section: &Section, entry: &Entry, size: u32) -> Result<Vec<Vec<f64>>> {
    let table = entry.table(".")?;
    table.allow(&["signal", "delta"])?;
    if size != 2 {
        return Err(section.need("size", "")?.refuse("2 for an encoded signal: one member for rises, one for falls"));
    }
    let signal = table.need("signal", "{ file = .., dt_ms = .. } or { times_ms = [..], values = [..] }")?;
    let delta = table.need("delta", "a finite number > 0, in units of the signal")?;
    let number = delta.number(Range::Positive)?;
    let Signal { times, values } = signal::read(&signal, "values")?;
    let step = times.get(1).copied().unwrap_or(1.0);
    let even = times.iter().enumerate().all(|(k, time)| (time - k as f64 * step).abs() <= 1e-6 * step);
    if !even {
        return Err(signal.refuse("a signal with evenly spaced times, the first of them 0"));
    }
    let code = send_on_delta(&values, step, number).map_err(|error| match error {
        TaskError::Value { allowed, .. } => delta.refuse(allowed),
        other => signal.refuse(other.to_string()),
    })?;
    Ok(vec![code.on, code.off])
}

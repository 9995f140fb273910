//! `[energy]`: models of what the counted work costs, those that come with tauspike and those of a file of the user.
//!
//! ```toml
//! [[model]]
//! name = "mine"
//! source = "where its figures are from"
//! scale = "chip"               # pJ; "system": uJ; "metabolic": molecules of ATP
//! per_synaptic_event = 1.5     # and other costs, each 0 if it is not there
//! ```

use crate::error::ScenarioError;
use crate::section::{Range, Section};
use crate::tree;
use std::collections::BTreeSet;
use std::path::Path;
use tauspike_energy::{EnergyModel, Scale, published};

type Result<T> = std::result::Result<T, ScenarioError>;

const SCALES: [(&str, Scale); 3] = [("chip", Scale::Chip), ("system", Scale::System), ("metabolic", Scale::Metabolic)];

/// The energy models that come with tauspike, and those of the user.
pub(crate) fn models(whole: &Section) -> Result<Vec<EnergyModel>> {
    let mut models = published();
    let Some(entry) = whole.get("energy") else { return Ok(models) };
    let section = entry.table(".")?;
    section.allow(&["models"])?;
    let entry = section.need("models", "the name of a TOML file with [[model]] tables")?;
    models.extend(read_file(&entry.path()?)?);
    let mut names = BTreeSet::new();
    match models.iter().find(|model| !names.insert(&model.name)) {
        Some(twice) => Err(entry.refuse(format!("a file whose models have unique names; \"{}\" is taken", twice.name))),
        None => Ok(models),
    }
}

fn read_file(path: &Path) -> Result<Vec<EnergyModel>> {
    let text = std::fs::read_to_string(path).map_err(ScenarioError::io(path, "be read"))?;
    let file = path.display().to_string();
    let table = tree::parse(&text).map_err(|wrong| ScenarioError::malformed(&file, wrong))?;
    let whole = Section::whole(&file, &table);
    whole.allow(&["model"])?;
    whole.need("model", "at least one [[model]] table")?;
    whole.sections("model")?.iter().map(read_model).collect()
}

fn read_model(section: &Section) -> Result<EnergyModel> {
    section.allow(&[
        "name",
        "source",
        "scale",
        "per_spike",
        "per_synaptic_event",
        "per_neuron_update",
        "per_neuron_second",
        "per_second",
        "clock_step_ms",
    ])?;
    let text = |key: &str, what: &str| section.need(key, what)?.text().map(str::to_owned);
    let cost = |key: &str| section.get(key).map_or(Ok(0.0), |entry| entry.number(Range::NotNegative));
    let scales = SCALES.map(|(name, _)| name);
    let scale = section.need("scale", "one of \"chip\", \"system\", \"metabolic\"")?.choice(&scales)?;
    let model = EnergyModel {
        name: text("name", "a unique name")?,
        source: text("source", "a text in quotes: where its figures are from")?,
        scale: SCALES[scale].1,
        per_spike: cost("per_spike")?,
        per_synaptic_event: cost("per_synaptic_event")?,
        per_neuron_update: cost("per_neuron_update")?,
        per_neuron_second: cost("per_neuron_second")?,
        per_second: cost("per_second")?,
        clock_step_ms: section.get("clock_step_ms").map(|entry| entry.number(Range::Positive)).transpose()?,
    };
    match model.validate() {
        Ok(()) => Ok(model),
        Err(wrong) => match section.get(wrong.field) {
            Some(entry) => Err(entry.refuse(wrong.allowed)),
            None => Err(section.absent(wrong.field, wrong.allowed)),
        },
    }
}

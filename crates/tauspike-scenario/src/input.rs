//! `[[input]]`: Poisson trains and currents that belong to their target neurons.

use crate::error::ScenarioError;
use crate::parameter;
use crate::population::{self, Declared};
use crate::projection::{neurons, population, unnamed, weight_key};
use crate::section::Section;
use crate::signal;
use std::sync::Arc;
use tauspike_import::Members;
use tauspike_network::{DriveSpec, InputSpec, Parameter};

type Result<T> = std::result::Result<T, ScenarioError>;

const KINDS: [&str; 2] = ["poisson", "current"];

/// Reads one input.
pub(crate) fn read(section: &Section, populations: &[Declared], taken: &[String]) -> Result<InputSpec> {
    let target = population(section, "target", populations)?;
    let unit = neurons(section, "target", target)?;
    let kind = KINDS[section.need("kind", "\"poisson\" or \"current\"")?.choice(&KINDS)?];
    let members = section.get("members").map(|entry| entry.indices(target.size)).transpose()?;
    let who = Members { size: target.size, listed: members.as_deref(), population: Some(&target.name) };
    let common = ["name", "kind", "target", "members"];
    let drive = if kind == "poisson" {
        let weight = weight_key(section, unit, target)?;
        section.allow(&[&common[..], &["rate_hz", weight, "start_ms", "stop_ms", "profile"]].concat())?;
        let weight = section.need(weight, "a number, a list or a distribution")?;
        DriveSpec::Poisson { rate: population::rate(section, who)?, weight: parameter::read(&weight, Some(who))? }
    } else {
        section.allow(&[&common[..], &["signal", "scale"]].concat())?;
        let signal = section.need("signal", "{ times_ms = [..], values_pa = [..] } or { file = .., dt_ms = .. }")?;
        let scale = section.get("scale").map(|entry| parameter::read(&entry, Some(who))).transpose()?;
        DriveSpec::Current {
            signal: Arc::new(signal::read(&signal, "values_pa")?),
            scale: scale.unwrap_or(Parameter::Value(1.0)),
        }
    };
    let name = match section.get("name") {
        Some(name) => name.text()?.to_owned(),
        None => unnamed(&format!("{kind} to {}", target.name), taken),
    };
    Ok(InputSpec { name, population: target.id, members, drive })
}

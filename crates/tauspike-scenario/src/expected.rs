//! `expected.toml` beside a scenario: the counts and the digest that a run of it gives, and why they last changed.
//!
//! Equal digests mean equal spikes to the last bit. A changed one is a changed result: it is written anew with a reason, never
//! refreshed without one.

use crate::error::ScenarioError;
use crate::report::RunReport;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::path::Path;
use tauspike_record::write_atomic;
use tauspike_spike::counters::Kind;

/// What a run should give.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// Version of tauspike that wrote it.
    pub version: String,
    /// Why it last changed.
    pub reason: String,
    /// The `--set`s under which it holds; most often a shorter duration.
    pub set: Vec<String>,
    /// Digest of the spikes.
    pub digest: String,
    /// Spikes of neurons and sources.
    pub spikes: u64,
    /// Spikes by population.
    pub populations: BTreeMap<String, u64>,
    /// Counters, without those that depend on the schedule.
    pub counters: BTreeMap<String, u64>,
    /// Energy proxies by model, event-only, in the unit of the model's scale. They follow from the counters; that a coefficient
    /// has changed shows here alone.
    pub energy: BTreeMap<String, f64>,
}

impl Expected {
    /// What this run gave.
    pub fn of(report: &RunReport, set: &[String], reason: &str) -> Self {
        let counters = report.counters.entries().into_iter().filter(|(counter, _)| counter.kind == Kind::Work);
        Self {
            version: env!("CARGO_PKG_VERSION").into(),
            reason: reason.into(),
            set: set.to_vec(),
            digest: report.digest.clone(),
            spikes: report.spikes,
            populations: report.populations.iter().map(|p| (p.name.clone(), p.spikes)).collect(),
            counters: counters.map(|(counter, value)| (counter.name.into(), value)).collect(),
            energy: report.energy.iter().map(|e| (e.model.clone(), e.event_only)).collect(),
        }
    }

    /// Reads the file.
    ///
    /// # Errors
    /// If it cannot be read, or is not one of ours; the message names line and key.
    pub fn read(path: &Path) -> Result<Self, ScenarioError> {
        let text = std::fs::read_to_string(path).map_err(ScenarioError::io(path, "be read"))?;
        toml::from_str(&text).map_err(|error| ScenarioError::toml(path, &text, &error))
    }

    /// Writes the file.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn write(&self, path: &Path) -> Result<(), ScenarioError> {
        let text = toml::to_string(self).expect("texts and numbers can be written as TOML");
        Ok(write_atomic(path, text.as_bytes())?)
    }

    /// What differs between this and the run, one line each; nothing if the run gave what was expected.
    pub fn differences(&self, report: &RunReport) -> Vec<String> {
        let found = Self::of(report, &self.set, &self.reason);
        let mut lines = Vec::new();
        if self.spikes != found.spikes {
            lines.push(format!("spikes: expected {}, found {}", self.spikes, found.spikes));
        }
        compare("population", &self.populations, &found.populations, &mut lines);
        compare("counter", &self.counters, &found.counters, &mut lines);
        compare("energy", &self.energy, &found.energy, &mut lines);
        if self.digest != found.digest {
            lines.push(format!("digest: expected {}, found {}", self.digest, found.digest));
        }
        lines
    }
}

/// One line for each name under which the two tables differ.
fn compare<T: PartialEq + Display>(
    kind: &str,
    expected: &BTreeMap<String, T>,
    found: &BTreeMap<String, T>,
    lines: &mut Vec<String>,
) {
    let names: BTreeSet<&String> = expected.keys().chain(found.keys()).collect();
    let shown = |value: Option<&T>| value.map_or("absent".to_owned(), T::to_string);
    for name in names {
        let (expected, found) = (expected.get(name), found.get(name));
        if expected != found {
            lines.push(format!("{kind} {name}: expected {}, found {}", shown(expected), shown(found)));
        }
    }
}

//! `expected.toml` beside a scenario: the counts and the digest that a run of it gives, and why they last changed.
//!
//! Equal digests mean equal spikes to the last bit. A changed one is a changed result: it is written anew with a reason, never
//! refreshed without one.

use crate::error::ScenarioError;
use crate::report::RunReport;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

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
    /// Counters, without `queue_operations`, which depends on the schedule.
    pub counters: BTreeMap<String, u64>,
}

impl Expected {
    /// What this run gave.
    pub fn of(report: &RunReport, set: &[String], reason: &str) -> Self {
        let counters = report.counters.named().into_iter().filter(|(name, _)| *name != "queue_operations");
        Self {
            version: env!("CARGO_PKG_VERSION").into(),
            reason: reason.into(),
            set: set.to_vec(),
            digest: report.digest.clone(),
            spikes: report.spikes,
            populations: report.populations.iter().map(|p| (p.name.clone(), p.spikes)).collect(),
            counters: counters.map(|(name, value)| (name.into(), value)).collect(),
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
        std::fs::write(path, text).map_err(ScenarioError::io(path, "be written"))
    }

    /// What differs between this and the run, one line each; nothing if the run gave what was expected.
    pub fn differences(&self, report: &RunReport) -> Vec<String> {
        let found = Self::of(report, &self.set, &self.reason);
        let mut lines = Vec::new();
        let mut compare = |what: String, expected: Option<&u64>, found: Option<&u64>| {
            let shown = |value: Option<&u64>| value.map_or("absent".to_owned(), u64::to_string);
            if expected != found {
                lines.push(format!("{what}: expected {}, found {}", shown(expected), shown(found)));
            }
        };
        compare("spikes".into(), Some(&self.spikes), Some(&found.spikes));
        for (kind, expected, found) in
            [("population", &self.populations, &found.populations), ("counter", &self.counters, &found.counters)]
        {
            let mut names: Vec<&String> = expected.keys().chain(found.keys()).collect();
            names.sort();
            names.dedup();
            for name in names {
                compare(format!("{kind} {name}"), expected.get(name), found.get(name));
            }
        }
        if self.digest != found.digest {
            lines.push(format!("digest: expected {}, found {}", self.digest, found.digest));
        }
        lines
    }
}

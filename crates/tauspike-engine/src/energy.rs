//! Energy proxies: what the counted work would cost under a named, cited, linear model.
//!
//! ```text
//! E = a spikes + b synaptic events + c neuron updates + d neurons T + e T
//! ```
//!
//! Ostrau, Klarhorst, Thies and Rückert, Front. Neurosci. 16:873935 (2022), fit such models to several platforms. A synaptic
//! event is an arrival over a synapse or a private external arrival: hardware has to deliver both.
//!
//! Two accounts of the same run, never added:
//!
//! - *event-only*: neuron updates as counted, at events alone. A lower bound for hardware that is driven by events throughout.
//! - *clocked*: every neuron is updated at every step of a clock, also when it is idle, as most digital hardware does. At low
//!   rates this dominates. Given only for models with a cost per update and a clock; the cost of one update of an event-driven
//!   chip says nothing about clocks.
//!
//! The scale of a model fixes its unit, so figures of different scales cannot be confused: a chip's pJ per operation and a
//! system's uJ at the outlet differ by 1e3 to 1e6 for reasons of accounting, not of technology. Compare within a scale.
//!
//! It is *not* a prediction for a device: the authors of the figures count different things as one synaptic operation.

use crate::counters::Counters;
use serde::{Deserialize, Serialize};

/// What is inside the boundary of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scale {
    /// The circuits that do an operation; pJ.
    Chip,
    /// A whole machine at its outlet; uJ.
    System,
    /// Living tissue; molecules of ATP.
    Metabolic,
}

impl Scale {
    /// Every scale.
    pub const ALL: [Scale; 3] = [Scale::Chip, Scale::System, Scale::Metabolic];

    /// The unit of every figure of this scale.
    pub fn unit(self) -> &'static str {
        match self {
            Scale::Chip => "pJ",
            Scale::System => "uJ",
            Scale::Metabolic => "ATP",
        }
    }
}

/// A linear model. Coefficients are in the unit of the scale ([`Scale::unit`]); one that is not given is 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct EnergyModel {
    /// Unique name.
    pub name: String,
    /// Where the figures are from.
    pub source: String,
    /// What they include, and hence their unit.
    pub scale: Scale,
    /// Per spike of a neuron.
    pub per_spike: f64,
    /// Per arrival over a synapse, and per external arrival.
    pub per_synaptic_event: f64,
    /// Per update of a neuron's state.
    pub per_neuron_update: f64,
    /// Per neuron and second of model time.
    pub per_neuron_second: f64,
    /// Per second of model time, whatever the network.
    pub per_second: f64,
    /// Step of the clock at which every neuron is updated, ms; absent if there is none, or its cost is not known.
    pub clock_step_ms: Option<f64>,
}

/// A model as a user writes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unchecked {
    name: String,
    source: String,
    scale: Scale,
    #[serde(default)]
    per_spike: f64,
    #[serde(default)]
    per_synaptic_event: f64,
    #[serde(default)]
    per_neuron_update: f64,
    #[serde(default)]
    per_neuron_second: f64,
    #[serde(default)]
    per_second: f64,
    clock_step_ms: Option<f64>,
}

/// Why a model is refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("energy model \"{model}\": {field} = {value}, allowed: {allowed}")]
pub struct EnergyModelError {
    /// Its name.
    pub model: String,
    /// The field.
    pub field: &'static str,
    /// What was given.
    pub value: String,
    /// What would do.
    pub allowed: &'static str,
}

impl TryFrom<Unchecked> for EnergyModel {
    type Error = EnergyModelError;

    fn try_from(u: Unchecked) -> Result<Self, EnergyModelError> {
        let model = Self {
            name: u.name,
            source: u.source,
            scale: u.scale,
            per_spike: u.per_spike,
            per_synaptic_event: u.per_synaptic_event,
            per_neuron_update: u.per_neuron_update,
            per_neuron_second: u.per_neuron_second,
            per_second: u.per_second,
            clock_step_ms: u.clock_step_ms,
        };
        model.validate()?;
        Ok(model)
    }
}

/// What a run would have cost under one model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// Name of the model.
    pub model: String,
    /// Where its figures are from.
    pub source: String,
    /// What is included.
    pub scale: Scale,
    /// Unit of the two figures.
    pub unit: &'static str,
    /// With neuron updates as counted.
    pub event_only: f64,
    /// With an update of every neuron at every step of the model's clock; absent if it has none.
    pub clocked: Option<f64>,
}

impl EnergyModel {
    /// Checks what deserialization checks: for models made in Rust.
    ///
    /// # Errors
    /// If the name or the source is empty, a coefficient is negative or not finite, all are 0, the clock's step is not
    /// positive, or there is a clock and no cost per update.
    pub fn validate(&self) -> Result<(), EnergyModelError> {
        let refuse =
            |field, value: String, allowed| Err(EnergyModelError { model: self.name.clone(), field, value, allowed });
        for (field, text) in [("name", &self.name), ("source", &self.source)] {
            if text.trim().is_empty() {
                return refuse(field, format!("{text:?}"), "a text that is not empty");
            }
        }
        let coefficients = self.coefficients();
        if let Some((field, value)) = coefficients.iter().find(|(_, c)| !(c.is_finite() && *c >= 0.0)) {
            return refuse(field, value.to_string(), "finite and >= 0");
        }
        if coefficients.iter().all(|(_, c)| *c == 0.0) {
            return refuse("per_synaptic_event", "0".into(), "> 0, for this or another coefficient");
        }
        match self.clock_step_ms {
            Some(step) if !(step.is_finite() && step > 0.0) => {
                refuse("clock_step_ms", step.to_string(), "finite and > 0")
            }
            Some(step) if self.per_neuron_update == 0.0 => {
                refuse("clock_step_ms", step.to_string(), "only together with per_neuron_update > 0")
            }
            _ => Ok(()),
        }
    }

    fn coefficients(&self) -> [(&'static str, f64); 5] {
        [
            ("per_spike", self.per_spike),
            ("per_synaptic_event", self.per_synaptic_event),
            ("per_neuron_update", self.per_neuron_update),
            ("per_neuron_second", self.per_neuron_second),
            ("per_second", self.per_second),
        ]
    }

    /// The cost of a run of `neurons` neurons (spike sources not counted) over `duration` ms of model time.
    pub fn estimate(&self, counters: &Counters, neurons: u64, duration: f64) -> Estimate {
        let (neurons, seconds) = (neurons as f64, duration * 1e-3);
        let without_updates = self.per_spike * counters.spikes as f64
            + self.per_synaptic_event * (counters.synaptic_arrivals + counters.external_arrivals) as f64
            + self.per_neuron_second * neurons * seconds
            + self.per_second * seconds;
        let clocked = |step: f64| without_updates + self.per_neuron_update * neurons * (duration / step);
        Estimate {
            model: self.name.clone(),
            source: self.source.clone(),
            scale: self.scale,
            unit: self.scale.unit(),
            event_only: without_updates + self.per_neuron_update * counters.neuron_updates as f64,
            clocked: self.clock_step_ms.map(clocked),
        }
    }

    /// A model with one source, all coefficients 0.
    fn cited(name: &str, scale: Scale, source: &str) -> Self {
        Self {
            name: name.into(),
            source: source.into(),
            scale,
            per_spike: 0.0,
            per_synaptic_event: 0.0,
            per_neuron_update: 0.0,
            per_neuron_second: 0.0,
            per_second: 0.0,
            clock_step_ms: None,
        }
    }
}

/// Per synaptic operation, pJ. One table of one review, so that at least the choice of figures is of one hand; its authors warn
/// that papers count different things as a synaptic operation.
const CHIPS: [(&str, f64); 7] = [
    ("TrueNorth", 2.5),
    ("Tianjic", 1.54),
    ("SENECA", 2.8),
    ("ReckOn", 5.3),
    ("SpiNNaker2", 10.0),
    ("ODIN", 12.7),
    ("Loihi", 23.6),
];
const CHIP_TABLE: &str = "per synaptic operation: PMC10326429, Table 3";

/// Per synaptic event, uJ: energy at the outlet during the microcircuit of Potjans and Diesmann (2014), everything included,
/// over its synaptic events.
const SYSTEMS: [(&str, f64, &str); 9] = [
    ("NEST, 3 nodes 2x Xeon E5-2680v3", 5.82, "van Albada 2018"),
    ("NEST, 1 node 2x EPYC 7702", 0.33, "Kurth 2022"),
    ("NEST GPU, RTX 2080 Ti", 0.25, "Golosio 2021"),
    ("NEST GPU, RTX 4090", 0.104, "Golosio 2023"),
    ("GeNN, Tesla V100", 0.47, "Knight & Nowotny 2018"),
    ("GeNN, RTX 4090", 0.074, "Golosio 2023"),
    ("SpiNNaker, 12 boards", 0.628, "Rhodes 2019, Poisson drive"),
    ("IBM INC-3000, 345 FPGA nodes", 0.284, "Heittmann 2022"),
    ("neuroAIx, 35 NetFPGA SUME", 0.048, "Kauth 2023"),
];
const SYSTEM_TABLE: &str = "Senk et al. 2026, Neuromorph. Comput. Eng. 6:012001, table of benchmarks";

/// The models that come with tauspike.
///
/// Chips: energy per synaptic operation. Only `Loihi with neuron updates` knows the cost of an update, and hence a clocked
/// account: 81 pJ (active neuron) at a step of 1 ms, both *recalled, unverified*, and said so in its source.
///
/// Systems: the published figures spread all costs over the synaptic events of one network at its rates, so they have no account
/// by the clock, and underestimate networks that are more silent.
///
/// `cortex`: 3.29e9 ATP per neuron and second at 4 Hz (Attwell & Laughlin 2001), split after Howarth, Gleeson & Attwell (2012):
/// 20 % resting, whence 6.58e8 ATP per neuron and second, and 80 % (spikes 21, postsynaptic 50, release 5, recycling 4) in
/// proportion to the rate, whence 6.58e8 ATP per spike. This counts the synapses of a cortical neuron, not those of the model.
pub fn builtin() -> Vec<EnergyModel> {
    let chip = |(name, cost): (&str, f64)| EnergyModel {
        per_synaptic_event: cost,
        ..EnergyModel::cited(name, Scale::Chip, CHIP_TABLE)
    };
    let system = |(name, cost, study): (&str, f64, &str)| EnergyModel {
        per_synaptic_event: cost,
        ..EnergyModel::cited(name, Scale::System, &format!("{study}; {SYSTEM_TABLE}"))
    };
    let loihi = EnergyModel {
        per_synaptic_event: 23.6,
        per_neuron_update: 81.0,
        clock_step_ms: Some(1.0),
        ..EnergyModel::cited(
            "Loihi with neuron updates",
            Scale::Chip,
            &format!("{CHIP_TABLE}; 81 pJ per update each 1 ms: recalled, unverified (Davies et al. 2018, Table 2)"),
        )
    };
    let cortex = EnergyModel {
        per_spike: 0.80 * 3.29e9 / 4.0,
        per_neuron_second: 0.20 * 3.29e9,
        ..EnergyModel::cited(
            "cortex",
            Scale::Metabolic,
            "total at 4 Hz: Attwell & Laughlin 2001 (BioNumbers 108672); split: Howarth et al. 2012 (PMC3390818)",
        )
    };
    let mut models: Vec<_> = CHIPS.into_iter().map(chip).collect();
    models.push(loihi);
    models.extend(SYSTEMS.map(system));
    models.push(cortex);
    models
}

#[cfg(test)]
mod tests;

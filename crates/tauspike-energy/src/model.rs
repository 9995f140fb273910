//! What does an operation cost, and hence a run?

use serde::{Deserialize, Serialize};
use tauspike_spike::Counters;

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
#[non_exhaustive]
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
    pub(crate) fn cited(name: &str, scale: Scale, source: &str) -> Self {
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

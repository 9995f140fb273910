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
//!
//! | module | question |
//! |---|---|
//! | [`model`] | what does an operation cost, and hence a run? |
//! | [`published()`] | which figures are there? |
//!
//! ```
//! use tauspike_energy::published;
//! use tauspike_spike::Counters;
//!
//! let counters = Counters { spikes: 10, synaptic_arrivals: 1000, ..Counters::default() };
//! let models = published();
//! let loihi = models.iter().find(|model| model.name == "Loihi").expect("one of the published ones");
//! // 100 neurons for 1000 ms
//! let estimate = loihi.estimate(&counters, 100, 1000.0);
//! assert_eq!((estimate.event_only, estimate.unit), (23.6 * 1000.0, "pJ"));
//! ```

pub mod model;
mod published;

pub use model::{EnergyModel, EnergyModelError, Estimate, Scale};
pub use published::published;

#[cfg(test)]
mod tests;

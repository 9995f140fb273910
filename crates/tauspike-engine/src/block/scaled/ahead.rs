//! What a block that goes instant by instant knows of the time to come.

use tauspike_neuron::Arrival;

/// What is known of the time to come.
#[derive(Clone, Default)]
pub(super) struct Ahead {
    /// Private input has been drawn until then, ms.
    pub(super) until: f64,
    /// Private arrivals of each neuron, the latest first.
    pub(super) arrivals: Vec<Vec<Arrival>>,
    /// When each neuron is next due, ms.
    pub(super) wakes: Vec<f64>,
    /// All of `wakes` are new.
    pub(super) changed: bool,
}

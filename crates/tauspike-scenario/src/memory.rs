//! Whether a network fits into the machine, asked before it is built.

use crate::error::ScenarioError;
use tauspike_network::{Prediction, available_memory};

/// Refuses a network that needs more than the system says is available.
pub(crate) fn check(prediction: &Prediction, file: &str) -> Result<(), ScenarioError> {
    match available_memory() {
        Some(available) if prediction.bytes > available => Err(ScenarioError::Memory {
            file: file.to_owned(),
            detail: format!("{} neurons, {} synapses", prediction.neurons, prediction.synapses),
            predicted: prediction.bytes,
            available,
        }),
        _ => Ok(()),
    }
}

//! Whether a network fits into the machine, asked before it is built.

use crate::error::ScenarioError;
use tauspike_network::Prediction;

/// Refuses a network that needs more than the system says is available.
pub(crate) fn check(prediction: &Prediction, file: &str) -> Result<(), ScenarioError> {
    match available() {
        Some(available) if prediction.bytes > available => Err(ScenarioError::Memory {
            file: file.to_owned(),
            detail: format!("{} neurons, {} synapses", prediction.neurons, prediction.synapses),
            predicted: prediction.bytes,
            available,
        }),
        _ => Ok(()),
    }
}

/// Bytes that can be taken without swapping, by the kernel's estimate; `None` where there is no `/proc/meminfo`.
pub fn available() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

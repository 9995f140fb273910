//! How a run is organised.

use crate::error::EngineError;
pub use crate::hardware::simd::Simd;

/// Times beyond this, ms (31 years), are refused: an ulp is 0.1 us there.
pub const LATEST: f64 = 1e12;
/// Epochs longer than this, ms, bring nothing: a block's arrivals would only leave the cache.
const LONGEST_EPOCH: f64 = 2.0;
/// Below this smallest delay, ms, epochs would be emptier than instants.
const SHORTEST_EPOCH: f64 = 1e-3;
/// How many threads a run may have.
pub const THREADS: std::ops::RangeInclusive<usize> = 1..=1024;

/// How a run is organised. No choice changes a bit of the spikes.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Threads, 1 to 1024.
    pub threads: usize,
    /// Epochs or instants.
    pub schedule: Schedule,
    /// Instruction set of the inner loops.
    pub simd: Simd,
}

impl Default for Options {
    fn default() -> Self {
        Self { threads: 1, schedule: Schedule::Automatic, simd: Simd::detect() }
    }
}

/// In which order the work is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// Epochs if the smallest delay allows, instants otherwise.
    Automatic,
    /// One instant after the other, on one thread.
    Instants,
}

impl Options {
    pub(crate) fn check(&self) -> Result<(), EngineError> {
        if THREADS.contains(&self.threads) {
            return Ok(());
        }
        let allowed = format!("{} to {}", THREADS.start(), THREADS.end());
        Err(EngineError::Option { field: "threads", value: self.threads.to_string(), allowed })
    }
}

impl Schedule {
    /// Whether a network with this smallest delay, ms, is run instant by instant.
    pub(crate) fn by_instants(self, min_delay: f64) -> bool {
        match self {
            Self::Instants => true,
            Self::Automatic => min_delay < SHORTEST_EPOCH,
        }
    }
}

/// Length of an epoch, ms, at this smallest delay.
pub(crate) fn epoch_length(min_delay: f64) -> f64 {
    if min_delay < SHORTEST_EPOCH { LONGEST_EPOCH } else { min_delay.min(LONGEST_EPOCH) }
}

//! Which neurons are looked at, and when.

use std::sync::Arc;

/// Times at which a probe looks.
#[derive(Clone, Debug, PartialEq)]
pub enum ProbeTimes {
    /// `start + k * interval`, k = 0, 1, ..., each computed by one multiplication and one addition. ms; interval > 0.
    Every {
        /// First time, ms.
        start: f64,
        /// Distance, ms.
        interval: f64,
    },
    /// Strictly increasing times, ms.
    At(Arc<[f64]>),
}

impl ProbeTimes {
    /// Time number `k`.
    pub fn time(&self, k: u64) -> Option<f64> {
        match self {
            ProbeTimes::Every { start, interval } => Some(start + k as f64 * interval),
            ProbeTimes::At(times) => times.get(k as usize).copied(),
        }
    }

    /// Number of the first time at or after `now`.
    pub(crate) fn first_at(&self, now: f64) -> u64 {
        match self {
            ProbeTimes::Every { start, interval } => {
                let mut k = ((now - start) / interval).max(0.0) as u64;
                while k > 0 && start + (k - 1) as f64 * interval >= now {
                    k -= 1;
                }
                while start + (k as f64) * interval < now {
                    k += 1;
                }
                k
            }
            ProbeTimes::At(times) => times.partition_point(|&t| t < now) as u64,
        }
    }
}

/// Looks at some neurons at some times. The rows go to `tauspike_spike::SpikeSink::take_probes`.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    /// Global indices of LIF neurons.
    pub neurons: Vec<u32>,
    /// When.
    pub times: ProbeTimes,
}

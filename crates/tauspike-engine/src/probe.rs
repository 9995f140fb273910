//! Which neurons are looked at, and when.

use crate::error::EngineError;
use crate::options::LATEST;
use std::sync::Arc;
use tauspike_network::network::Network;

/// Shortest interval of a probe, ms: 1e9 looks a second.
pub const SHORTEST_INTERVAL: f64 = 1e-6;

/// Times at which a probe looks.
#[derive(Clone, Debug, PartialEq)]
pub enum ProbeTimes {
    /// `start + k * interval`, k = 0, 1, ..., each computed by one multiplication and one addition.
    Every {
        /// First time, ms, >= 0.
        start: f64,
        /// Distance, ms, at least [`SHORTEST_INTERVAL`], and more than the resolution of f64 at the end of a run.
        interval: f64,
    },
    /// Strictly increasing times, ms, >= 0.
    At(Arc<[f64]>),
}

impl ProbeTimes {
    /// Time number `k`.
    pub fn time(&self, k: u64) -> Option<f64> {
        match self {
            ProbeTimes::Every { start, interval } => Some(start + k as f64 * interval),
            // -0.0 is an allowed way to write 0
            ProbeTimes::At(times) => times.get(k as usize).map(|time| time + 0.0),
        }
    }

    /// Number of the first time to look after `now`, or from 0 on.
    pub(crate) fn first_after(&self, now: f64) -> u64 {
        self.first_at(if now > 0.0 { now.next_up() } else { 0.0 })
    }

    /// Whether every time up to `until` is a time of its own.
    pub(crate) fn check_until(&self, until: f64) -> Result<(), EngineError> {
        match self {
            Self::Every { interval, .. } if *interval <= until.next_up() - until => {
                let allowed = format!("more than {} ms, the resolution of f64 at {until} ms", until.next_up() - until);
                Err(EngineError::Option { field: "probe interval", value: interval.to_string(), allowed })
            }
            _ => Ok(()),
        }
    }

    fn check(&self) -> Result<(), EngineError> {
        let refused = |field, value, allowed: String| Err(EngineError::Option { field, value, allowed });
        match self {
            Self::Every { start, interval } => {
                if !(0.0..=LATEST).contains(start) {
                    return refused("probe start", start.to_string(), format!("0 to {LATEST} ms"));
                }
                if !(SHORTEST_INTERVAL..=LATEST).contains(interval) {
                    let allowed = format!("{SHORTEST_INTERVAL} to {LATEST} ms");
                    return refused("probe interval", interval.to_string(), allowed);
                }
                Ok(())
            }
            Self::At(times) => {
                if let Some(time) = times.iter().find(|time| !(0.0..=LATEST).contains(*time)) {
                    return refused("probe times", time.to_string(), format!("0 to {LATEST} ms"));
                }
                match times.windows(2).find(|pair| pair[0] >= pair[1]) {
                    Some(pair) => refused(
                        "probe times",
                        format!("{} before {}", pair[0], pair[1]),
                        "strictly increasing times".into(),
                    ),
                    None => Ok(()),
                }
            }
        }
    }

    /// Number of the first time at or after `now`.
    fn first_at(&self, now: f64) -> u64 {
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

impl Probe {
    /// Whether it can look at neurons of this network.
    pub(crate) fn check(&self, network: &Network) -> Result<(), EngineError> {
        let known = |neuron: u32| {
            let holding = network.blocks().partition_point(|b| b.first <= neuron);
            holding > 0 && neuron < network.blocks()[holding - 1].first + network.blocks()[holding - 1].len
        };
        if let Some(neuron) = self.neurons.iter().find(|neuron| !known(**neuron)) {
            let allowed = "the global index of a LIF neuron".into();
            return Err(EngineError::Option { field: "probe neurons", value: neuron.to_string(), allowed });
        }
        self.times.check()
    }
}

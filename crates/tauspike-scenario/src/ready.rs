//! A network that is built, and what is to be recorded of it: for a program that keeps a run in memory.

use crate::error::ScenarioError;
use crate::record::{ProbeTimes, Record};
use crate::scenario::{Described, Scenario};
use std::sync::Arc;
use tauspike_energy::EnergyModel;
use tauspike_engine::Probe;
use tauspike_network::Network;

/// All that a run needs besides threads and a sink.
#[derive(Clone, Debug)]
pub struct Ready {
    /// The network.
    pub network: Arc<Network>,
    /// What to look at.
    pub probes: Vec<Probe>,
    /// Counters are told for intervals of this length, ms.
    pub counters_interval: Option<f64>,
    /// The energy models that come with tauspike, and those of the user.
    pub energy: Vec<EnergyModel>,
}

impl Scenario {
    /// Its network, built by `threads` threads, on which it does not depend, and what is to be recorded.
    ///
    /// # Errors
    /// As [`Scenario::network`].
    pub fn ready(&self, threads: usize) -> Result<Ready, ScenarioError> {
        let Described { builder, record, .. } = self.described()?;
        Ok(of(Arc::new(self.build(builder, threads)?), record))
    }
}

pub(crate) fn of(network: Arc<Network>, record: Record) -> Ready {
    let probes = probes(&record, &network);
    Ready { network, probes, counters_interval: record.counters_interval, energy: record.energy }
}

/// The first multiple of `interval` after `time`.
pub(crate) fn boundary_after(time: f64, interval: f64) -> f64 {
    let k = (time / interval).floor();
    let boundary = (k + 1.0) * interval;
    // After time / interval has rounded down over a whole number; and beyond 2^53 intervals, where k + 1 is k.
    let boundary = if boundary > time { boundary } else { (k + 2.0) * interval };
    boundary.max(time.next_up())
}

/// What `record` says to look at, in global indices.
pub(crate) fn probes(record: &Record, network: &Network) -> Vec<Probe> {
    let probe = |spec: &crate::record::ProbeSpec| Probe {
        neurons: spec.neurons.iter().map(|position| network.populations()[spec.population].first + position).collect(),
        times: match &spec.times {
            ProbeTimes::Every(interval) => tauspike_engine::ProbeTimes::Every { start: 0.0, interval: *interval },
            ProbeTimes::At(times) => tauspike_engine::ProbeTimes::At(times.as_slice().into()),
        },
    };
    record.probes.iter().map(probe).collect()
}

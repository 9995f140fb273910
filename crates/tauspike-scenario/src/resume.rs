//! Where a run begins: at time 0, or where a snapshot was saved.

use crate::error::ScenarioError;
use crate::scenario::Scenario;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use tauspike_engine::exchange::{Alone, Exchange};
use tauspike_engine::{Options, Simulation, Snapshot, SnapshotError};
use tauspike_network::{Fingerprint, Network};
use tauspike_record::{InputChange, Resumed};

type Result<T> = std::result::Result<T, ScenarioError>;

/// A snapshot to go on from.
pub(crate) struct Parent<'a> {
    path: &'a Path,
    snapshot: Snapshot,
}

impl<'a> Parent<'a> {
    /// Reads it.
    ///
    /// # Errors
    /// If it cannot be read or is none, or if the scenario ends before its time.
    pub fn read(path: &'a Path, scenario: &Scenario) -> Result<Self> {
        let file = File::open(path).map_err(ScenarioError::io(path, "be read"))?;
        let snapshot = Snapshot::read(file).map_err(|source| ScenarioError::snapshot(path, source))?;
        if snapshot.time() > scenario.duration() {
            let (file, path) = (scenario.file().to_owned(), path.display().to_string());
            return Err(ScenarioError::Duration {
                file,
                duration: scenario.duration(),
                snapshot: path,
                time: snapshot.time(),
            });
        }
        Ok(Self { path, snapshot })
    }

    /// The simulation at its time, and what the manifest tells of it.
    ///
    /// # Errors
    /// If it belongs to another network.
    pub fn resume(self, network: Arc<Network>, options: Options) -> Result<(Simulation, Resumed)> {
        let whole = Fingerprint::of(&network);
        self.resume_shared((network, &whole), options, Box::new(Alone))
    }

    /// The part of it that belongs to one rank; with the part of the network goes the fingerprint of the whole.
    ///
    /// # Errors
    /// As [`Parent::resume`].
    pub fn resume_shared(
        self,
        network: (Arc<Network>, &Fingerprint),
        options: Options,
        exchange: Box<dyn Exchange>,
    ) -> Result<(Simulation, Resumed)> {
        let (time_ms, sha256) = (self.snapshot.time(), self.snapshot.sha256().to_owned());
        let simulation = Simulation::resume_with_exchange(network, options, self.snapshot, exchange)
            .map_err(|source| ScenarioError::snapshot(self.path, source))?;
        let change = |change: &tauspike_network::Difference| InputChange {
            place: change.place.clone(),
            field: change.field.clone(),
            before: change.before.clone(),
            after: change.after.clone(),
        };
        let changes = simulation.changes().iter().map(change).collect();
        Ok((simulation, Resumed { file: self.path.display().to_string(), sha256, time_ms, changes }))
    }
}

impl ScenarioError {
    /// The refusal of a snapshot.
    pub(crate) fn snapshot(path: &Path, source: SnapshotError) -> Self {
        Self::Snapshot { file: path.display().to_string(), source }
    }
}

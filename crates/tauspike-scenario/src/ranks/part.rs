//! What one rank records: the spikes and probes of its own neurons, in a folder of its own.

use crate::error::ScenarioError;
use crate::record::Record;
use std::path::{Path, PathBuf};
use tauspike_engine::{Counters, Simulation};
use tauspike_record::{
    OutputDir, Populations, ProbeRecorder, Probes, RecordError, SpikeRecorder, Spikes, rank_folder, rank_snapshot,
    write_atomic,
};
use tauspike_spike::{ProbeRow, SinkError, Spike, SpikeSink};

/// The recording of one rank.
pub(crate) struct Part {
    output: OutputDir,
    spikes: Option<SpikeRecorder>,
    probes: Option<ProbeRecorder>,
}

impl Part {
    /// Of rank number `rank` of a run into `out`.
    pub fn create(out: &Path, rank: usize, record: &Record, populations: &Populations) -> Result<Self, RecordError> {
        let output = OutputDir::create(&rank_folder(out, rank), false)?;
        let rows = record.rows_per_group;
        let mut part = Self { spikes: None, probes: None, output };
        if record.spikes {
            let table = Spikes::new(populations.clone());
            part.spikes = Some(SpikeRecorder::create(&part.output.spikes(), table, rows)?);
        }
        if !record.probes.is_empty() {
            let table = Probes::new(populations.clone());
            part.probes = Some(ProbeRecorder::create(&part.output.probes(), table, rows)?);
        }
        Ok(part)
    }

    /// Is told that it has taken all before `time`, ms.
    pub fn reached(&mut self, time: f64) {
        // who cannot write says so when it takes more, and when it finishes
        let _ = self.spikes.as_mut().map(|spikes| spikes.reached(time));
    }

    /// Completes the tables; with `counted`, if every spike that was counted is in them. The folder is nobody's then. Every table that
    /// can be completed is.
    pub fn finish(self, counted: Option<&Counters>) -> Result<(), RecordError> {
        let spikes_file = self.output.spikes();
        let spikes = self.spikes.map_or(Ok(None), |spikes| spikes.finish().map(Some));
        let probes = self.probes.map_or(Ok(()), |probes| probes.finish().map(drop));
        let recorded = spikes?.map(|table| table.digest.spikes());
        probes?;
        let counted = counted.map(|counted| counted.spikes + counted.source_spikes);
        match (recorded, counted) {
            (Some(recorded), Some(counted)) if recorded != counted => {
                let reason = format!("holds {recorded} spikes; {counted} were counted");
                Err(RecordError::Altered { path: spikes_file, reason })
            }
            _ => Ok(()),
        }
    }

    /// Saves the state of this rank beside its tables.
    pub fn save(&self, simulation: &Simulation) -> Result<(), ScenarioError> {
        let path: PathBuf = rank_snapshot(self.output.path());
        let bytes = simulation.save().map_err(|source| ScenarioError::snapshot(&path, source))?;
        Ok(write_atomic(&path, &bytes)?)
    }
}

impl SpikeSink for Part {
    fn take(&mut self, spikes: &[Spike]) -> Result<(), SinkError> {
        self.spikes.as_mut().map_or(Ok(()), |recorder| recorder.take(spikes))
    }

    fn take_probes(&mut self, rows: &[ProbeRow]) -> Result<(), SinkError> {
        self.probes.as_mut().map_or(Ok(()), |recorder| recorder.take_probes(rows))
    }
}

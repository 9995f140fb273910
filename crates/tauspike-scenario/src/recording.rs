//! Everything that takes rows while a run is going on: the tables on disk, the digest, the summary.

use crate::record::Record;
use crate::summary::Summary;
use serde_json::{Map, Value};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use tauspike_engine::Counters;
use tauspike_record::{
    CounterRecorder, CounterRow, Digest, OutputDir, Populations, ProbeRecorder, Probes, RecordError, Recorder,
    SpikeRecorder, Spikes, Table, read_digest, tables,
};
use tauspike_spike::{ProbeRow, SinkError, Spike, SpikeSink};

/// Counters come rarely, so they are flushed often.
pub(crate) const COUNTER_ROWS: NonZeroUsize = NonZeroUsize::new(64).unwrap();

/// The sinks of one run.
pub(crate) struct Recording {
    spikes: Option<SpikeRecorder>,
    probes: Option<ProbeRecorder>,
    counters: Option<CounterRecorder>,
    /// Of all spikes. The recorder computes it on its own thread; without a recorder it is computed here.
    digest: Option<Digest>,
    rows: Map<String, Value>,
    spikes_file: PathBuf,
    populations: Populations,
    pub summary: Summary,
}

impl Recording {
    /// Opens the tables that `record` asks for.
    pub fn create(
        output: &OutputDir,
        record: &Record,
        populations: &Populations,
        warmup: f64,
    ) -> Result<Self, RecordError> {
        let rows = record.rows_per_group;
        let mut recording = Self {
            spikes: None,
            probes: None,
            counters: None,
            digest: None,
            rows: Map::new(),
            spikes_file: output.spikes(),
            populations: populations.clone(),
            summary: Summary::new(populations.end() as usize, warmup),
        };
        match record.spikes {
            true => {
                let table = Spikes::new(populations.clone());
                recording.spikes = Some(SpikeRecorder::create(&output.spikes(), table, rows)?);
            }
            false => recording.digest = Some(Digest::new(populations.clone())),
        }
        if !record.probes.is_empty() {
            let table = Probes::new(populations.clone());
            recording.probes = Some(ProbeRecorder::create(&output.probes(), table, rows)?);
        }
        if record.counters_interval.is_some() {
            let table = tables::Counters::default();
            recording.counters = Some(CounterRecorder::create(&output.counters(), table, COUNTER_ROWS)?);
        }
        Ok(recording)
    }

    /// Takes what was counted in an interval.
    pub fn take_counters(&mut self, row: CounterRow) -> Result<(), RecordError> {
        self.counters.as_mut().map_or(Ok(()), |counters| counters.push(&[row]))
    }

    /// Completes the tables, all that can be: each then holds every row it was given. The first error is the one to tell.
    pub fn finish(&mut self) -> Result<(), RecordError> {
        let spikes = finish(self.spikes.take(), &mut self.rows).map(|table| {
            if let Some(table) = table {
                self.digest = Some(table.digest);
            }
        });
        let probes = finish(self.probes.take(), &mut self.rows);
        let counters = finish(self.counters.take(), &mut self.rows);
        spikes.and(probes.map(drop)).and(counters.map(drop))
    }

    /// Of the spikes, once the tables are complete: of those recorded, or if the table of spikes could not be completed, of those
    /// that can be read.
    pub fn digest(&mut self) -> Option<&Digest> {
        if self.digest.is_none() {
            self.digest = read_digest(&self.spikes_file, self.populations.clone()).ok();
        }
        self.digest.as_ref()
    }

    /// The digest and the summary of a recording that has been checked.
    pub fn into_parts(self) -> (Digest, Summary) {
        (self.digest.unwrap_or_else(|| Digest::new(self.populations)), self.summary)
    }

    /// Rows of each complete table, by the name of its file.
    pub fn rows(&self) -> &Map<String, Value> {
        &self.rows
    }

    /// Whether every spike that the engine counted is here.
    pub fn check(&mut self, counted: &Counters) -> Result<(), RecordError> {
        let counted = counted.spikes + counted.source_spikes;
        let recorded = self.digest().map_or(0, Digest::spikes);
        if recorded == counted {
            return Ok(());
        }
        let reason = format!("holds {recorded} spikes; {counted} were counted");
        Err(RecordError::Altered { path: self.spikes_file.clone(), reason })
    }
}

/// Completes one table; notes its rows.
fn finish<T: Table>(recorder: Option<Recorder<T>>, rows: &mut Map<String, Value>) -> Result<Option<T>, RecordError> {
    let Some(recorder) = recorder else { return Ok(None) };
    let name = recorder.path().file_name().unwrap_or_default().to_string_lossy().into_owned();
    let taken = recorder.rows();
    let table = recorder.finish()?;
    rows.insert(name, taken.into());
    Ok(Some(table))
}

impl SpikeSink for Recording {
    fn take(&mut self, spikes: &[Spike]) -> Result<(), SinkError> {
        self.summary.take(spikes)?;
        if let Some(recorder) = &mut self.spikes {
            recorder.take(spikes)?;
        }
        match &mut self.digest {
            Some(digest) => digest.take(spikes),
            None => Ok(()),
        }
    }

    fn take_probes(&mut self, rows: &[ProbeRow]) -> Result<(), SinkError> {
        match &mut self.probes {
            Some(probes) => probes.take_probes(rows),
            None => Ok(()),
        }
    }
}

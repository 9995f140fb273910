//! Everything that takes rows while a run is going on: the tables on disk, the digest, the summary.

use crate::record::Record;
use crate::summary::Summary;
use std::num::NonZeroUsize;
use tauspike_engine::Counters;
use tauspike_record::{
    CounterRecorder, CounterRow, Digest, OutputDir, Populations, ProbeRecorder, Probes, RecordError, SpikeRecorder,
    Spikes, tables,
};
use tauspike_spike::{ProbeRow, SinkError, Spike, SpikeSink};

/// Counters come rarely, so they are flushed often.
const COUNTER_ROWS: NonZeroUsize = NonZeroUsize::new(64).unwrap();

/// The sinks of one run.
pub(crate) struct Recording {
    spikes: SpikesOrDigest,
    probes: Option<ProbeRecorder>,
    counters: Option<CounterRecorder>,
    pub summary: Summary,
}

/// The digest is that of the recorder, which computes it on its own thread; without a recorder it is computed here.
enum SpikesOrDigest {
    Spikes(SpikeRecorder),
    Digest(Digest),
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
        let spikes = if record.spikes {
            let table = Spikes::new(populations.clone());
            SpikesOrDigest::Spikes(SpikeRecorder::create(&output.spikes(), table, rows)?)
        } else {
            SpikesOrDigest::Digest(Digest::new(populations.clone()))
        };
        let probes = match record.probes.is_empty() {
            true => None,
            false => Some(ProbeRecorder::create(&output.probes(), Probes::new(populations.clone()), rows)?),
        };
        let counters = match record.counters_interval {
            None => None,
            Some(_) => Some(CounterRecorder::create(&output.counters(), tables::Counters::default(), COUNTER_ROWS)?),
        };
        Ok(Self { spikes, probes, counters, summary: Summary::new(populations.end() as usize, warmup) })
    }

    /// Takes what was counted from `start` to `end` ms.
    pub fn take_counters(&mut self, (start, end): (f64, f64), counted: &Counters) -> Result<(), RecordError> {
        let Some(counters) = &mut self.counters else { return Ok(()) };
        counters.push(&[CounterRow { start, end, counted: *counted }])
    }

    /// Completes the tables; gives the digest and the summary.
    pub fn finish(self) -> Result<(Digest, Summary), RecordError> {
        if let Some(probes) = self.probes {
            probes.finish()?;
        }
        if let Some(counters) = self.counters {
            counters.finish()?;
        }
        let digest = match self.spikes {
            SpikesOrDigest::Spikes(recorder) => recorder.finish()?.digest,
            SpikesOrDigest::Digest(digest) => digest,
        };
        Ok((digest, self.summary))
    }
}

impl SpikeSink for Recording {
    fn take(&mut self, spikes: &[Spike]) -> Result<(), SinkError> {
        self.summary.take(spikes)?;
        match &mut self.spikes {
            SpikesOrDigest::Spikes(recorder) => recorder.take(spikes),
            SpikesOrDigest::Digest(digest) => digest.take(spikes),
        }
    }

    fn take_probes(&mut self, rows: &[ProbeRow]) -> Result<(), SinkError> {
        match &mut self.probes {
            Some(probes) => probes.take_probes(rows),
            None => Ok(()),
        }
    }
}

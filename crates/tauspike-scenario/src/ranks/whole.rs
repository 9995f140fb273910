//! What the first rank does for all: the output, its manifest, and one table of what the ranks recorded.

use crate::error::ScenarioError;
use crate::ranks::line::{Heard, Shared, lock};
use crate::ranks::talk::Ranks;
use crate::record::Record;
use crate::recording::COUNTER_ROWS;
use crate::report::{self, Outcome, RunReport};
use crate::run::{RunOptions, outputs, populations, write_neurons};
use crate::scenario::Scenario;
use crate::snapshot_file::{self, SnapshotFile};
use std::fs::{self, File};
use std::path::Path;
use tauspike_engine::{Counters, Simulation, Snapshot};
use tauspike_network::fanout::FanOut;
use tauspike_network::{Fingerprint, Network};
use tauspike_record::{
    CounterRecorder, CounterRow, Manifest, OutputDir, Populations, RankEntry, RecordError, Resumed, ScenarioText,
    Status, complete_until, merge_probes, merge_spikes, rank_folder, rank_snapshot, tables,
};

type Result<T> = std::result::Result<T, ScenarioError>;

/// Where the output goes, while the network is built.
pub(crate) struct Place<'a> {
    output: OutputDir,
    snapshot: Option<SnapshotFile<'a>>,
}

impl<'a> Place<'a> {
    pub fn take(options: &RunOptions<'a>) -> Result<Self> {
        let output = OutputDir::take(options.out, options.force)?;
        let check = |path| SnapshotFile::check(path, options.force, &output);
        let snapshot = options.save_snapshot.map(check).transpose()?;
        options.resume.map_or(Ok(()), |path| snapshot_file::check_parent(path, &output))?;
        Ok(Self { output, snapshot })
    }

    /// Removes an earlier output and begins this one.
    pub fn begin(
        self,
        scenario: &Scenario,
        network: &Network,
        record: &Record,
        (ranks, resumed): (Vec<RankEntry>, Option<Resumed>),
        threads: usize,
    ) -> Result<Whole<'a>> {
        let Self { output, snapshot } = self;
        output.clear()?;
        let populations = populations(network)?;
        let text = ScenarioText::new(scenario.text());
        let mut manifest = Manifest::start(text, scenario.seed(), threads, populations.clone());
        manifest.parameters = report::parameters(network);
        let start = resumed.as_ref().map_or(0.0, |resumed| resumed.time_ms);
        manifest.parameters.insert("start_ms".into(), start.into());
        manifest.outputs = snapshot.iter().filter_map(|snapshot| snapshot.name_in_output.clone()).collect();
        (manifest.ranks, manifest.resumed) = (ranks, resumed);
        manifest.write(&output.manifest())?;
        let record = record.clone();
        let mut whole = Whole {
            output,
            snapshot,
            manifest,
            record,
            populations,
            start,
            heard: None,
            counters: None,
            partitioned: false,
        };
        let begun = write_neurons(network, &whole.output).and_then(|()| whole.begin_counters());
        match begun {
            Ok(()) => Ok(whole),
            Err(error) => Err(whole.fail(start, error)),
        }
    }
}

/// The output of all ranks.
pub(crate) struct Whole<'a> {
    output: OutputDir,
    snapshot: Option<SnapshotFile<'a>>,
    manifest: Manifest,
    record: Record,
    populations: Populations,
    /// ms.
    start: f64,
    counters: Option<CounterRecorder>,
    pub heard: Option<Shared<Option<Heard>>>,
    pub partitioned: bool,
}

impl Whole<'_> {
    fn begin_counters(&mut self) -> Result<()> {
        if self.record.counters_interval.is_some() {
            let table = tables::Counters::default();
            self.counters = Some(CounterRecorder::create(&self.output.counters(), table, COUNTER_ROWS)?);
        }
        Ok(())
    }

    /// Takes what all ranks counted in an interval.
    pub fn take_counters(&mut self, row: CounterRow) -> Result<()> {
        let Some(counters) = &mut self.counters else { return Ok(()) };
        Ok(counters.push(&[row])?)
    }

    /// Completes the output, whatever the run ended with. If ranks are `lost`, what they recorded is left to [`tauspike_record::recover()`].
    pub fn end(
        mut self,
        scenario: &Scenario,
        (simulation, fingerprint): (&Simulation, Option<Fingerprint>),
        ended: Result<Totals>,
        (build_s, run_s, finish_s): (f64, f64, f64),
        lost: bool,
    ) -> Result<RunReport> {
        let counters = self.counters.take().map(|counters| (counters.rows(), counters.finish()));
        let totals = match ended {
            Err(error) => return Err(self.end_failed(simulation.now(), error, lost)),
            Ok(totals) => totals,
        };
        let heard = self.heard.take().and_then(|heard| lock(&heard).take());
        let Some(Heard { digest, summary }) = heard else {
            return Err(self.fail(simulation.now(), ScenarioError::Panic));
        };
        let completed = match counters.map(|(rows, finished)| finished.map(|_| rows)).transpose() {
            Ok(rows) => self.complete(&digest, rows, &totals, fingerprint),
            Err(error) => Err(error.into()),
        };
        if let Err(error) = completed {
            return Err(self.fail(simulation.now(), error));
        }
        self.manifest.note_spikes(&digest);
        for (entry, (peak, exchange_s)) in self.manifest.ranks.iter_mut().zip(&totals.of_each) {
            (entry.peak_bytes, entry.exchange_s) = (*peak, *exchange_s);
        }
        let outcome = Outcome {
            start: self.start,
            end: simulation.now(),
            counters: totals.counters,
            synapses: totals.synapses,
            state_bytes: totals.state_bytes,
            build_s,
            run_s,
            finish_s,
            digest,
            summary,
        };
        let mut report = report::of(scenario, simulation.network(), &self.record.energy, outcome);
        report.threads = self.manifest.threads;
        report.ranks = self.manifest.ranks.clone();
        report.resumed = self.manifest.resumed.clone();
        report.snapshot = self.snapshot.as_ref().map(|snapshot| snapshot.path.to_owned());
        report.note(&mut self.manifest);
        self.note_outputs();
        report.outputs = outputs(&self.output);
        self.manifest.end(report.status, simulation.now());
        self.manifest.write(&self.output.manifest())?;
        if !self.partitioned {
            self.output.remove_ranks()?;
        }
        Ok(report)
    }

    /// Makes the tables of the run, and the snapshot, from what the ranks left.
    fn complete(
        &mut self,
        heard: &tauspike_record::Digest,
        counters: Option<u64>,
        totals: &Totals,
        fingerprint: Option<Fingerprint>,
    ) -> Result<()> {
        let altered = |reason| RecordError::Altered { path: self.output.spikes(), reason };
        let counted = totals.counters.spikes + totals.counters.source_spikes;
        if heard.spikes() != counted {
            return Err(altered(format!("{} spikes were exchanged; {counted} were counted", heard.spikes())).into());
        }
        let rows = self.record.rows_per_group;
        if !self.partitioned {
            let merged = merge_spikes(&self.output, &self.populations, rows)?;
            if let Some(merged) = merged.filter(|merged| merged.hex() != heard.hex()) {
                let (merged, heard) = (merged.hex(), heard.hex());
                return Err(
                    altered(format!("its spikes have the digest {merged}; those exchanged have {heard}")).into()
                );
            }
            let probes = merge_probes(&self.output, &self.populations, rows)?;
            self.manifest.rows.extend(probes.map(|rows| ("probes.parquet".to_owned(), rows.into())));
        }
        if self.record.spikes {
            self.manifest.rows.insert("spikes.parquet".into(), heard.spikes().into());
        }
        self.manifest.rows.extend(counters.map(|rows| ("counters.parquet".to_owned(), rows.into())));
        match (&self.snapshot, fingerprint) {
            (Some(snapshot), Some(fingerprint)) => self.join_snapshot(snapshot, fingerprint),
            _ => Ok(()),
        }
    }

    fn join_snapshot(&self, snapshot: &SnapshotFile, fingerprint: Fingerprint) -> Result<()> {
        let paths: Vec<_> =
            (0..self.manifest.ranks.len()).map(|rank| rank_snapshot(&rank_folder(self.output.path(), rank))).collect();
        let read = |path: &std::path::PathBuf| {
            let file = File::open(path).map_err(ScenarioError::io(path, "be read"))?;
            Snapshot::read(file).map_err(|source| ScenarioError::snapshot(path, source))
        };
        let parts: Vec<Snapshot> = paths.iter().map(read).collect::<Result<_>>()?;
        let bytes =
            Snapshot::join(parts, fingerprint).map_err(|source| ScenarioError::snapshot(snapshot.path, source))?;
        snapshot.write_bytes(&bytes)?;
        paths.iter().try_for_each(|path| fs::remove_file(path).map_err(ScenarioError::io(path, "be removed")))
    }

    /// Ends the output of a run that an error ended: what can be made one table is.
    fn end_failed(mut self, reached: f64, error: ScenarioError, lost: bool) -> ScenarioError {
        let mut until = reached;
        if !lost {
            let rows = self.record.rows_per_group;
            let digest = merge_spikes(&self.output, &self.populations, rows);
            let probes = merge_probes(&self.output, &self.populations, rows);
            if error.is_output() {
                let busy = self.manifest.ranks.iter().filter(|entry| entry.neurons > 0).map(|entry| entry.rank);
                until = complete_until(self.output.path(), busy)
                    .map_or(self.start, |until| until.clamp(self.start, reached));
            }
            if let (Ok(digest), Ok(_)) = (digest, probes) {
                if let Some(digest) = digest {
                    self.manifest.note_spikes(&digest);
                }
                // Whatever cannot be removed is removed by `recover`.
                let _ = self.output.remove_ranks();
            }
        }
        self.note_outputs();
        self.fail(until, error)
    }

    /// Ends the manifest. The first error is the one to tell, not that this file cannot be written either.
    fn fail(&mut self, reached: f64, error: ScenarioError) -> ScenarioError {
        self.manifest.error = Some(error.to_string());
        self.manifest.end(Status::Failed, reached);
        let _ = self.manifest.write(&self.output.manifest());
        error
    }

    fn note_outputs(&mut self) {
        let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
        let tables = outputs(&self.output);
        let names = tables.iter().filter_map(|path| name(path));
        self.manifest.outputs = names.chain(self.manifest.outputs.drain(..)).collect();
    }
}

/// What all ranks did together.
pub(crate) struct Totals {
    pub counters: Counters,
    pub synapses: u64,
    pub state_bytes: u64,
    /// Most memory, bytes, and time for the exchange, s.
    pub of_each: Vec<(Option<u64>, f64)>,
}

impl Totals {
    pub fn of_all(ranks: &mut Ranks, simulation: &Simulation, counted: &Counters) -> Result<Self> {
        let projections = simulation.network().projections().iter();
        let (stored, drawn): (Vec<_>, Vec<_>) = projections.partition(|p| matches!(p.fan_out, FanOut::Stored(_)));
        let stored = stored.iter().map(|p| p.synapses()).sum::<u64>();
        let drawn = drawn.iter().map(|p| p.synapses()).sum::<u64>();
        let micros = (ranks.spent_s() * 1e6) as u64;
        let figures = [stored, simulation.state_bytes(), peak_bytes().unwrap_or(0), micros];
        let of_each = ranks.say(0, &figures)?.words.clone();
        let column = |at: usize| of_each.chunks_exact(figures.len()).map(move |figures| figures[at]);
        let (synapses, state_bytes) = (column(0).sum::<u64>() + drawn, column(1).sum());
        let told = |peak| Some(peak).filter(|peak| *peak > 0);
        let of_each = column(2).zip(column(3)).map(|(peak, micros)| (told(peak), micros as f64 * 1e-6)).collect();
        let counters = sum_of(&ranks.say(0, &counted.entries().map(|(_, value)| value))?.words);
        Ok(Self { counters, synapses, state_bytes, of_each })
    }
}

/// The sum of the counters of all ranks.
pub(crate) fn sum_of(words: &[u64]) -> Counters {
    let mut sum = Counters::default();
    for counted in words.chunks_exact(Counters::COUNT) {
        sum.add(&Counters::from_values(std::array::from_fn(|at| counted[at])));
    }
    sum
}

/// The most memory this process has taken, bytes; `None` where there is no `/proc/self/status`.
fn peak_bytes() -> Option<u64> {
    let text = fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

//! One run: scenario -> network -> engine -> tables and manifest on disk.
//!
//! The order is what keeps a wrong run harmless: the output is taken before the network is built, so that nobody else gets it
//! meanwhile, but an earlier one is removed only when the run can start. The manifest says `running` until every table holds all
//! that was recorded, and then how the run ended, also if by an error.

use crate::error::ScenarioError;
use crate::export;
use crate::intervals::{self, Hearers};
use crate::ready::probes;
use crate::record::Record;
use crate::recording::Recording;
use crate::report::{self, Outcome, RunReport};
use crate::resume::Parent;
use crate::scenario::{Described, Scenario};
use crate::snapshot_file::{self, SnapshotFile};
use std::io;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;
use tauspike_engine::{EngineError, Options, Simulation, THREADS};
use tauspike_network::Network;
use tauspike_record::{
    Manifest, OutputDir, PopulationRange, Populations, RecordError, Resumed, ScenarioText, Status, last_time,
    write_atomic,
};

type Result<T> = std::result::Result<T, ScenarioError>;

/// How to run. None of it changes a spike.
pub struct RunOptions<'a> {
    /// The folder to write, made if need be.
    pub out: &'a Path,
    /// Replace an earlier output there, and an earlier snapshot.
    pub force: bool,
    /// Threads, 1 to 1024.
    pub threads: usize,
    /// Set to end the run at the next epoch, with everything recorded so far intact.
    pub stop: &'a AtomicBool,
    /// Gets model time and the time to run to, ms, after each epoch.
    pub progress: &'a mut dyn FnMut(f64, f64),
    /// Save the state at the end, or where the run was stopped.
    pub save_snapshot: Option<&'a Path>,
    /// Go on from this snapshot; the output then begins at its time.
    pub resume: Option<&'a Path>,
}

/// Runs the scenario.
///
/// # Errors
/// If the output exists and is not to be replaced, is being written by somebody else, or cannot be written; if the snapshot cannot
/// be read or belongs to another network; or what the engine refuses. What was recorded before the error stays readable, and the
/// manifest tells the error.
#[allow(clippy::disallowed_methods, reason = "the times are told, and decide nothing")]
pub fn run(scenario: &Scenario, options: RunOptions) -> Result<RunReport> {
    let Described { builder, record, .. } = scenario.described()?;
    check_threads(scenario, options.threads)?;
    let threads = options.threads;
    let parent = options.resume.map(|path| Parent::read(path, scenario)).transpose()?;
    let output = OutputDir::take(options.out, options.force)?;
    let snapshot = options.save_snapshot.map(|path| SnapshotFile::check(path, options.force, &output)).transpose()?;
    options.resume.map_or(Ok(()), |path| snapshot_file::check_parent(path, &output))?;

    let building = Instant::now();
    let network = Arc::new(scenario.build(builder, threads)?);
    let (mut simulation, resumed) = start(scenario, &network, threads, parent)?;
    simulation.set_probes(&probes(&record, &network)).map_err(|source| engine_error(scenario, source))?;
    let build_s = building.elapsed().as_secs_f64();
    if options.stop.load(Ordering::Relaxed) {
        return Err(ScenarioError::Stopped { file: scenario.file().to_owned() });
    }

    output.clear()?;
    let populations = populations(&network)?;
    let text = ScenarioText::new(scenario.text());
    let mut manifest = Manifest::start(text, scenario.seed(), options.threads, populations.clone());
    manifest.resumed = resumed;
    manifest.parameters = report::parameters(&network);
    manifest.parameters.insert("start_ms".into(), simulation.now().into());
    manifest.outputs = snapshot.iter().filter_map(|snapshot| snapshot.name_in_output.clone()).collect();
    manifest.write(&output.manifest())?;
    if let Err(error) = write_neurons(&network, &output) {
        fail(&mut manifest, simulation.now(), error.to_string(), &output);
        return Err(error);
    }

    let mut recording = Recording::create(&output, &record, &populations, scenario.warmup())?;
    let (before, start) = (simulation.counters(), simulation.now());
    let running = Instant::now();
    let (ended, reached) = advance_watched(scenario, &mut simulation, &mut recording, &record, options);
    let finishing = Instant::now();
    let finished = recording.finish();
    let (run_s, finish_s) = (running.elapsed().as_secs_f64(), finishing.elapsed().as_secs_f64());

    note_recorded(&mut manifest, &mut recording, &output);
    let ended = ended.unwrap_or_else(|panic| {
        fail(&mut manifest, reached, "a panic, which is a mistake in tauspike".into(), &output);
        resume_unwind(panic)
    });
    let recorded = finished.is_ok();
    let completed = ended.and(finished.map_err(ScenarioError::from)).and_then(|()| {
        recording.check(&simulation.counters().since(&before))?;
        snapshot.as_ref().map_or(Ok(()), |snapshot| snapshot.write(&simulation))
    });
    if let Err(error) = completed {
        let reached = if recorded { reached } else { on_disk(&output, reached, start) };
        fail(&mut manifest, reached, error.to_string(), &output);
        return Err(error);
    }

    let (digest, summary) = recording.into_parts();
    let (end, counters) = (simulation.now(), simulation.counters().since(&before));
    let (synapses, state_bytes) = (network.synapses(), simulation.state_bytes());
    let outcome = Outcome { start, end, counters, synapses, state_bytes, build_s, run_s, finish_s, digest, summary };
    let mut report = report::of(scenario, &network, &record.energy, outcome);
    report.threads = threads;
    report.outputs = outputs(&output);
    report.resumed = manifest.resumed.clone();
    report.snapshot = snapshot.map(|snapshot| snapshot.path.to_owned());
    report.note(&mut manifest);
    manifest.end(report.status, simulation.now());
    manifest.write(&output.manifest())?;
    Ok(report)
}

/// What the neurons are, beside what they do.
pub(crate) fn write_neurons(network: &Network, output: &OutputDir) -> Result<()> {
    let unwritten =
        |error: io::Error| RecordError::Io { path: output.neurons(), action: "write", reason: error.to_string() };
    match export::parameters(network).map_err(unwritten)? {
        Some(table) => Ok(write_atomic(&output.neurons(), &table)?),
        None => Ok(()),
    }
}

/// What is on disk now, and stays.
fn note_recorded(manifest: &mut Manifest, recording: &mut Recording, output: &OutputDir) {
    manifest.rows = recording.rows().clone();
    if let Some(digest) = recording.digest() {
        manifest.note_spikes(digest);
    }
    let name = |path: PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned());
    manifest.outputs = outputs(output).into_iter().filter_map(name).chain(manifest.outputs.drain(..)).collect();
}

/// Up to when the spikes on disk are all that came until `reached`, ms, of a run that could not write: up to the last of them.
fn on_disk(output: &OutputDir, reached: f64, start: f64) -> f64 {
    let last = if output.spikes().exists() { last_time(&output.spikes()).ok().flatten() } else { None };
    last.map_or(start, |last| last.clamp(start, reached))
}

/// Ends the manifest of a run that an error ended. The first error is the one to tell, not that this file cannot be written either.
fn fail(manifest: &mut Manifest, reached: f64, error: String, output: &OutputDir) {
    manifest.error = Some(error);
    manifest.end(Status::Failed, reached);
    let _ = manifest.write(&output.manifest());
}

/// What the engine would say too, but after the network is built.
pub(crate) fn check_threads(scenario: &Scenario, threads: usize) -> Result<()> {
    if THREADS.contains(&threads) {
        return Ok(());
    }
    let source = EngineError::Option {
        field: "threads",
        value: threads.to_string(),
        allowed: format!("1 to {}", THREADS.end()),
    };
    Err(engine_error(scenario, source))
}

fn start(
    scenario: &Scenario,
    network: &Arc<Network>,
    threads: usize,
    parent: Option<Parent>,
) -> Result<(Simulation, Option<Resumed>)> {
    let options = Options { threads, ..Options::default() };
    match parent {
        Some(parent) => {
            parent.resume(network.clone(), options).map(|(simulation, resumed)| (simulation, Some(resumed)))
        }
        None => match Simulation::new(network.clone(), options) {
            Ok(simulation) => Ok((simulation, None)),
            Err(source) => Err(engine_error(scenario, source)),
        },
    }
}

/// As [`advance`], with what ended it, be it a panic, and the model time that was reached, ms.
fn advance_watched(
    scenario: &Scenario,
    simulation: &mut Simulation,
    recording: &mut Recording,
    record: &Record,
    options: RunOptions,
) -> (std::thread::Result<Result<()>>, f64) {
    let mut reached = simulation.now();
    let mut watch = |now: f64| {
        reached = now;
        (options.progress)(now, scenario.duration());
        if options.stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let ended = catch_unwind(AssertUnwindSafe(|| advance(scenario, simulation, recording, record, &mut watch)));
    (ended, reached)
}

/// To the end, interval after interval where counters are asked for.
fn advance(
    scenario: &Scenario,
    simulation: &mut Simulation,
    recording: &mut Recording,
    record: &Record,
    watch: &mut dyn FnMut(f64) -> ControlFlow<()>,
) -> Result<()> {
    let counted = |recording: &mut Recording, row| Ok(recording.take_counters(row)?);
    let hearers = Hearers { sink: recording, watch, counted };
    let end = (scenario.duration(), record.counters_interval);
    intervals::run(simulation, end, hearers, |source| engine_error(scenario, source))
}

/// The populations of a network, as tables name them.
///
/// # Errors
/// Never for a network that a scenario describes.
pub fn populations(network: &Network) -> Result<Populations> {
    let range = |p: &tauspike_network::population::Population| PopulationRange {
        name: p.name.clone(),
        first: p.first,
        size: p.size,
    };
    Ok(Populations::new(network.populations().iter().map(range).collect())?)
}

pub(crate) fn engine_error(scenario: &Scenario, source: EngineError) -> ScenarioError {
    ScenarioError::Engine { file: scenario.file().to_owned(), source }
}

pub(crate) fn outputs(output: &OutputDir) -> Vec<PathBuf> {
    let all = [output.spikes(), output.probes(), output.counters(), output.neurons(), output.manifest()];
    all.into_iter().filter(|path| path.exists()).collect()
}

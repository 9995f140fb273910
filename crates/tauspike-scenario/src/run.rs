//! One run: scenario -> network -> engine -> tables and manifest on disk.
//!
//! The order is what keeps a wrong run harmless: whether the output can be written is asked before the network is built, but the
//! output is made, and an earlier one replaced, only when the run can start; the manifest says `running` until the tables are
//! complete.

use crate::error::ScenarioError;
use crate::record::{ProbeTimes, Record};
use crate::recording::Recording;
use crate::report::{self, Outcome, RunReport};
use crate::resume::Parent;
use crate::scenario::{Described, Scenario};
use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;
use tauspike_engine::{EngineError, Options, Probe, Simulation};
use tauspike_network::Network;
use tauspike_record::{Manifest, OutputDir, PopulationRange, Populations, RecordError, Resumed, ScenarioText, Status};

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
/// If the output exists and is not to be replaced, or cannot be written; if the snapshot cannot be read or belongs to another
/// network; or what the engine refuses. What was recorded before the error stays readable.
#[allow(clippy::disallowed_methods, reason = "the times are told, and decide nothing")]
pub fn run(scenario: &Scenario, options: RunOptions) -> Result<RunReport> {
    let Described { builder, record } = scenario.described()?;
    check_threads(scenario, options.threads)?;
    let parent = options.resume.map(|path| Parent::read(path, scenario)).transpose()?;
    if let Some(path) = options.save_snapshot {
        check_snapshot_place(path, options.force)?;
    }
    OutputDir::check(options.out, options.force)?;

    let building = Instant::now();
    let network = Arc::new(scenario.build(builder, options.threads)?);
    let (mut simulation, resumed) = start(scenario, &network, options.threads, parent)?;
    simulation.set_probes(&probes(&record, &network)).map_err(|source| engine_error(scenario, source))?;
    let build_s = building.elapsed().as_secs_f64();

    let output = OutputDir::create(options.out, options.force)?;
    let populations = populations(&network)?;
    let text = ScenarioText::new(scenario.text());
    let mut manifest = Manifest::start(text, scenario.seed(), options.threads, populations.clone());
    manifest.resumed = resumed;
    manifest.parameters = report::parameters(&network);
    manifest.parameters.insert("start_ms".into(), simulation.now().into());
    manifest.write(&output.manifest())?;

    let mut recording = Recording::create(&output, &record, &populations, scenario.warmup())?;
    let (before, start) = (simulation.counters(), simulation.now());
    let running = Instant::now();
    let outcome = advance(scenario, &mut simulation, &mut recording, &record, options.stop, options.progress);
    if let Err(error) = outcome {
        // The first error is the one to tell; what can still be saved is saved.
        if let Ok((digest, _)) = recording.finish() {
            manifest.end(Status::Interrupted, simulation.now(), &digest);
            manifest.write(&output.manifest())?;
        }
        return Err(error);
    }
    let (digest, summary) = recording.finish()?;
    let run_s = running.elapsed().as_secs_f64();

    let outcome = Outcome { start, before, build_s, run_s, digest, summary };
    let mut report = report::of(scenario, &simulation, &record.energy, &outcome);
    report.threads = options.threads;
    report.outputs = outputs(&output);
    report.resumed = manifest.resumed.clone();
    report.note(&mut manifest);
    manifest.end(report.status, simulation.now(), &outcome.digest);
    manifest.write(&output.manifest())?;
    if let Some(path) = options.save_snapshot {
        let state = simulation.save().map_err(|source| ScenarioError::snapshot(path, source))?;
        write_snapshot(path, &state)?;
        report.snapshot = Some(path.to_owned());
    }
    Ok(report)
}

/// A snapshot is written after the last spike: that it cannot be must not come out then.
fn check_snapshot_place(path: &Path, force: bool) -> Result<()> {
    if path.exists() && !force {
        return Err(RecordError::Exists { path: path.to_owned() }.into());
    }
    let trial = unfinished(path);
    fs::write(&trial, b"").and_then(|()| fs::remove_file(&trial)).map_err(snapshot_error(path))
}

/// What the engine would say too, but after the network is built.
fn check_threads(scenario: &Scenario, threads: usize) -> Result<()> {
    if (1..=1024).contains(&threads) {
        return Ok(());
    }
    let source = EngineError::Option { field: "threads", value: threads.to_string(), allowed: "1 to 1024".into() };
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

/// To the end, interval after interval where counters are asked for: run(a) + run(b) = run(a + b) makes that harmless.
fn advance(
    scenario: &Scenario,
    simulation: &mut Simulation,
    recording: &mut Recording,
    record: &Record,
    stop: &AtomicBool,
    progress: &mut dyn FnMut(f64, f64),
) -> Result<()> {
    let end = scenario.duration();
    loop {
        let (start, before) = (simulation.now(), simulation.counters());
        let until = match record.counters_interval {
            Some(interval) => boundary_after(start, interval).min(end),
            None => end,
        };
        let mut watch = |now: f64| {
            progress(now, end);
            if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        simulation.run_watched(until, recording, &mut watch).map_err(|source| engine_error(scenario, source))?;
        if simulation.now() > start {
            recording.take_counters((start, simulation.now()), &simulation.counters().since(&before))?;
        }
        if simulation.now() < until || until >= end {
            return Ok(());
        }
    }
}

/// The first multiple of `interval` after `time`.
fn boundary_after(time: f64, interval: f64) -> f64 {
    let k = (time / interval).floor();
    let boundary = (k + 1.0) * interval;
    // After time / interval has rounded down over a whole number; and beyond 2^53 intervals, where k + 1 is k.
    let boundary = if boundary > time { boundary } else { (k + 2.0) * interval };
    boundary.max(time.next_up())
}

fn probes(record: &Record, network: &Network) -> Vec<Probe> {
    let probe = |spec: &crate::record::ProbeSpec| Probe {
        neurons: spec.neurons.iter().map(|position| network.populations()[spec.population].first + position).collect(),
        times: match &spec.times {
            ProbeTimes::Every(interval) => tauspike_engine::ProbeTimes::Every { start: 0.0, interval: *interval },
            ProbeTimes::At(times) => tauspike_engine::ProbeTimes::At(times.as_slice().into()),
        },
    };
    record.probes.iter().map(probe).collect()
}

fn populations(network: &Network) -> Result<Populations> {
    let range = |p: &tauspike_network::population::Population| PopulationRange {
        name: p.name.clone(),
        first: p.first,
        size: p.size,
    };
    Ok(Populations::new(network.populations().iter().map(range).collect())?)
}

fn engine_error(scenario: &Scenario, source: EngineError) -> ScenarioError {
    ScenarioError::Engine { file: scenario.file().to_owned(), source }
}

fn outputs(output: &OutputDir) -> Vec<PathBuf> {
    let all = [output.spikes(), output.probes(), output.counters(), output.manifest()];
    all.into_iter().filter(|path| path.exists()).collect()
}

/// Under another name first, so that a crash leaves the old snapshot or the new one.
fn write_snapshot(path: &Path, bytes: &[u8]) -> Result<()> {
    let unfinished = unfinished(path);
    fs::write(&unfinished, bytes).and_then(|()| fs::rename(&unfinished, path)).map_err(snapshot_error(path))
}

fn unfinished(path: &Path) -> PathBuf {
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(".tmp");
    unfinished.into()
}

fn snapshot_error(path: &Path) -> impl FnOnce(io::Error) -> ScenarioError {
    move |source| RecordError::Io { path: path.to_owned(), action: "write", source }.into()
}

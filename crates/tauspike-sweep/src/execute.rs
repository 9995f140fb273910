//! One run: from a scenario to what came out.

use crate::error::SweepError;
use crate::plan::Planned;
use crate::row::{Energy, Measured, Outcome};
use crate::spec::Sweep;
use std::any::Any;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;
use tauspike_engine::{EngineError, Options, Simulation};
use tauspike_network::SharedSynapses;
use tauspike_record::{Activity, Digest, RecordError, Tee, scan};
use tauspike_scenario::run::populations;
use tauspike_scenario::{Ready, RunOptions, RunReport, Scenario, ScenarioError};
use tauspike_spike::Counters;
use tauspike_spike::counters::Kind;

/// Exit codes of rows, as of `tauspike run`.
const DONE: u8 = 0;
const REFUSED: u8 = 2;
const PANIC: u8 = 101;

/// How a run is done; none of it changes its row, wall times aside.
pub struct How<'a> {
    /// Threads of the run.
    pub threads: usize,
    /// Set by somebody else to stop.
    pub stop: &'a AtomicBool,
    /// Where its spikes go, if they are kept.
    pub recording: Option<&'a Path>,
    /// Whose synapses it may have.
    pub synapses: Option<Arc<SharedSynapses>>,
}

/// What became of it.
pub enum Ended {
    /// It is done, or it cannot be done.
    Done(Box<Outcome>),
    /// It was stopped before its end.
    Stopped,
    /// There is too little memory now.
    NoMemory(Box<Outcome>),
}

/// Runs it.
///
/// # Errors
/// If its results cannot be written, or the system gives too few threads: that is no matter of this run alone.
#[allow(clippy::disallowed_methods, reason = "the times are told, and decide nothing")]
pub fn execute(sweep: &Sweep, run: &Planned, how: &How) -> Result<Ended, SweepError> {
    let begin = Instant::now();
    let outcome =
        |exit, error, result| Box::new(Outcome { exit, error, result, wall_s: begin.elapsed().as_secs_f64() });
    let attempt = catch_unwind(AssertUnwindSafe(|| {
        let scenario = sweep.scenario_of(run)?;
        let scenario = match &how.synapses {
            Some(synapses) => scenario.sharing(synapses.clone()),
            None => scenario,
        };
        match how.recording {
            None => in_memory(sweep, &scenario, how),
            Some(folder) => recorded(sweep, &scenario, how, folder),
        }
    }));
    let error = match attempt {
        Err(panic) => {
            let error = format!("a panic, which is a mistake in tauspike: {}", message(&*panic));
            return Ok(Ended::Done(outcome(PANIC, Some(error), None)));
        }
        Ok(Ok(Some(measured))) => return Ok(Ended::Done(outcome(DONE, None, Some(measured)))),
        Ok(Ok(None)) => return Ok(Ended::Stopped),
        Ok(Err(error)) => error,
    };
    let told = Some(error.to_string());
    match error {
        ScenarioError::Stopped { .. } => Ok(Ended::Stopped),
        ScenarioError::Record(_)
        | ScenarioError::Engine {
            source: EngineError::Sink(_) | EngineError::Option { field: "threads", .. }, ..
        } => Err(error.into()),
        ScenarioError::Memory { .. } => Ok(Ended::NoMemory(outcome(REFUSED, told, None))),
        _ => Ok(Ended::Done(outcome(REFUSED, told, None))),
    }
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
}

/// Keeps no spike; `None` if it was stopped.
#[allow(clippy::disallowed_methods, reason = "the times are told, and decide nothing")]
fn in_memory(sweep: &Sweep, scenario: &Scenario, how: &How) -> Result<Option<Measured>, ScenarioError> {
    let building = Instant::now();
    let Ready { network, energy, .. } = scenario.ready(how.threads)?;
    let engine_error = |source| ScenarioError::Engine { file: scenario.file().to_owned(), source };
    let options = Options { threads: how.threads, ..Options::default() };
    let mut simulation = Simulation::new(network.clone(), options).map_err(engine_error)?;
    let build_s = building.elapsed().as_secs_f64();
    let mut sink = Tee(Digest::new(populations(&network)?), activity(sweep, scenario, populations(&network)?));
    let running = Instant::now();
    let mut watch = |_| match how.stop.load(Ordering::Relaxed) {
        true => ControlFlow::Break(()),
        false => ControlFlow::Continue(()),
    };
    simulation.run_watched(scenario.duration(), &mut sink, &mut watch).map_err(engine_error)?;
    if simulation.now() < scenario.duration() {
        return Ok(None);
    }
    let (counters, neurons) = (simulation.counters(), neurons(&network));
    let estimates = energy.iter().map(|model| model.estimate(&counters, neurons, simulation.now()));
    Ok(Some(Measured {
        neurons,
        synapses: network.synapses(),
        model_time_ms: simulation.now(),
        digest: sink.0.hex(),
        populations: sink.1.populations_so_far(),
        counters: work(&counters),
        energy: estimates.map(|e| told(e.model, e.unit, e.event_only)).collect(),
        build_s,
        run_s: running.elapsed().as_secs_f64(),
    }))
}

/// With a folder as `tauspike run` leaves it, from which the activity is read.
fn recorded(sweep: &Sweep, scenario: &Scenario, how: &How, folder: &Path) -> Result<Option<Measured>, ScenarioError> {
    let options = RunOptions {
        out: folder,
        // of an attempt that was stopped or killed
        force: true,
        threads: how.threads,
        stop: how.stop,
        progress: &mut |_, _| (),
        save_snapshot: None,
        resume: None,
    };
    let report: RunReport = tauspike_scenario::run(scenario, options)?;
    if report.end_ms < scenario.duration() {
        return Ok(None);
    }
    let spikes = report.outputs.iter().find(|path| path.ends_with("spikes.parquet"));
    let Some(spikes) = spikes else {
        let reason = "spikes.parquet is absent".into();
        return Err(RecordError::NoRecording { path: folder.into(), reason }.into());
    };
    let manifest = tauspike_record::Manifest::read(&folder.join("manifest.json"))?;
    let mut activity = activity(sweep, scenario, manifest.populations);
    scan(spikes, f64::NEG_INFINITY..f64::INFINITY, 1, |times, neurons| {
        times.iter().zip(neurons).for_each(|(&time, &neuron)| activity.add(time, neuron));
    })?;
    Ok(Some(Measured {
        neurons: report.neurons,
        synapses: report.synapses,
        model_time_ms: report.end_ms,
        digest: report.digest,
        populations: activity.populations_so_far(),
        counters: work(&report.counters),
        energy: report.energy.into_iter().map(|e| told(e.model, e.unit, e.event_only)).collect(),
        build_s: report.build_s,
        run_s: report.run_s,
    }))
}

fn activity(sweep: &Sweep, scenario: &Scenario, populations: tauspike_record::Populations) -> Activity {
    Activity::new(populations, scenario.warmup()..scenario.duration(), sweep.bin)
}

fn neurons(network: &tauspike_network::Network) -> u64 {
    network.blocks().iter().map(|block| u64::from(block.len)).sum()
}

/// Counters that depend on the network alone: a row does not depend on threads.
fn work(counters: &Counters) -> BTreeMap<String, u64> {
    let work = counters.entries().into_iter().filter(|(counter, _)| counter.kind == Kind::Work);
    work.map(|(counter, value)| (counter.name.to_owned(), value)).collect()
}

fn told(model: String, unit: &str, event_only: f64) -> Energy {
    Energy { model, unit: unit.to_owned(), event_only }
}

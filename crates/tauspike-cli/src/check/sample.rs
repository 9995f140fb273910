//! What a run costs, found by running its beginning.

use crate::failure::Failure;
use std::io::Write;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};
use tauspike_engine::{Counters, Options, Simulation};
use tauspike_scenario::Scenario;

/// How long to run before it counts, because a network may begin with a burst, and for how long then.
const UNCOUNTED: Duration = Duration::from_millis(150);
const COUNTED: Duration = Duration::from_millis(350);
/// Times that `run` waits for the disk, whatever the scenario: about so often.
const SYNCS: f64 = 30.0;

/// The beginning of a run on one thread.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// How far it went, ms of model time.
    pub until_ms: f64,
    /// What the whole run takes, if it goes on so.
    pub seconds: f64,
    pub synaptic_arrivals: f64,
    pub external_arrivals: f64,
}

/// # Errors
/// If the network cannot be built.
pub fn sample(scenario: &Scenario) -> Result<Sample, Failure> {
    let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get().min(64));
    let ready = scenario.ready(threads)?;
    let mut simulation = Simulation::new(ready.network, Options::default()).map_err(Failure::input)?;
    simulation.set_probes(&ready.probes).map_err(Failure::input)?;
    let begun = run_for(&mut simulation, scenario.duration(), UNCOUNTED)?;
    let counted = run_for(&mut simulation, scenario.duration(), COUNTED)?;
    // what is left, as in the part that counted
    let left = (scenario.duration() - simulation.now()) / counted.length_ms.max(f64::MIN_POSITIVE);
    let whole = |of: fn(&Run) -> f64| of(&begun) + of(&counted) + if left > 0.0 { left * of(&counted) } else { 0.0 };
    Ok(Sample {
        until_ms: simulation.now(),
        seconds: whole(|run| run.seconds) + SYNCS * sync_s(),
        synaptic_arrivals: whole(|run| run.work.synaptic_arrivals as f64),
        external_arrivals: whole(|run| run.work.external_arrivals as f64),
    })
}

/// A part of a run.
struct Run {
    length_ms: f64,
    seconds: f64,
    work: Counters,
}

/// Runs for about so long; to `end`, ms, at most.
fn run_for(simulation: &mut Simulation, end: f64, time: Duration) -> Result<Run, Failure> {
    let (from, before, start) = (simulation.now(), simulation.counters(), Instant::now());
    let mut watch = |_| if start.elapsed() < time { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
    simulation.run_watched(end, &mut (), &mut watch).map_err(Failure::input)?;
    let seconds = start.elapsed().as_secs_f64();
    Ok(Run { length_ms: simulation.now() - from, seconds, work: simulation.counters().since(&before) })
}

/// Seconds until a small file is on the disk that temporary files are on; 0 if none can be written.
fn sync_s() -> f64 {
    let write = || {
        let mut file = tempfile::tempfile()?;
        let start = Instant::now();
        file.write_all(b"tauspike")?;
        file.sync_all()?;
        Ok::<_, std::io::Error>(start.elapsed().as_secs_f64())
    };
    let mut times: Vec<f64> = (0..5).filter_map(|_| write().ok()).collect();
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(0.0)
}

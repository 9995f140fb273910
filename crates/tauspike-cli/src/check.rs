//! `check`: is the scenario right, how large would it be, and how long would it run? Nothing of it is built.

mod cost;
mod run_time;

use crate::args::CheckArgs;
use crate::columns::{bytes, count, number};
use crate::failure::Failure;
use crate::output;
use serde::Serialize;
use tauspike_scenario::load;

#[derive(Serialize)]
struct Report {
    scenario: String,
    seed: u64,
    duration_ms: f64,
    neurons: u64,
    synapses: u64,
    bytes: u64,
    /// Synaptic arrivals of the whole run for each Hz of mean rate of all neurons and sources.
    arrivals_per_hz: f64,
    /// Arrivals of the whole run from Poisson inputs at their base rates.
    external_arrivals: f64,
    /// Absent if nothing says at which rates the network fires.
    run_time: Option<run_time::RunTime>,
}

/// # Errors
/// If the scenario is refused.
pub fn check(args: &CheckArgs) -> Result<(), Failure> {
    let CheckArgs { scenario: args, rate_hz } = args;
    if let Some(rate) = rate_hz.filter(|rate| !(rate.is_finite() && *rate >= 0.0)) {
        return Err(Failure::input(format!("--rate-hz {rate}: allowed: a finite number >= 0")));
    }
    let scenario = load(&args.scenario, &args.overrides())?;
    let size = scenario.predict()?;
    let report = Report {
        scenario: scenario.name().to_owned(),
        seed: scenario.seed(),
        duration_ms: scenario.duration(),
        neurons: size.neurons,
        synapses: size.synapses,
        bytes: size.bytes,
        arrivals_per_hz: size.synapses as f64 * scenario.duration() * 1e-3,
        external_arrivals: size.external_per_s as f64 * scenario.duration() * 1e-3,
        run_time: run_time::predict(&args.scenario, scenario.duration(), &size, *rate_hz)?,
    };
    if args.json {
        return output::print_json(&report);
    }
    let run_time = match &report.run_time {
        Some(run_time) => run_time.text(),
        None => "  run time  not predicted: say at which mean rate it fires, with --rate-hz\n".to_owned(),
    };
    output::print(&format!(
        "{}: valid\n  neurons   {} (spike sources included)\n  synapses  {} expected\n  memory    {}\n  \
         work      {} ms of model time: {} synaptic arrivals for each Hz of mean rate, {} external ones\n{run_time}",
        report.scenario,
        count(report.neurons),
        count(report.synapses),
        bytes(report.bytes),
        report.duration_ms,
        number(report.arrivals_per_hz),
        number(report.external_arrivals),
    ))
}

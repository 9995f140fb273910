//! `check`: is the scenario right, how large would it be, and how long would it run? Nothing is written; only a network of moderate size is
//! built, for a moment.

mod cost;
mod ranks;
mod run_time;
mod sample;

use crate::args::CheckArgs;
use crate::columns::{bytes, count, number};
use crate::failure::Failure;
use crate::output;
use serde::Serialize;
use tauspike_scenario::scenario::load_shared;
use tauspike_scenario::{Scenario, load};

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
    /// Absent if nobody asked for ranks.
    #[serde(skip_serializing_if = "Option::is_none")]
    ranks: Option<ranks::OnRanks>,
}

/// Says on standard error which drawn parameters have other moments than were asked for.
///
/// # Errors
/// If a file of the scenario has changed for the worse.
pub fn tell_cuts(scenario: &Scenario) -> Result<(), Failure> {
    scenario.cuts()?.iter().for_each(|cut| eprintln!("note: {cut}"));
    Ok(())
}

/// # Errors
/// If the scenario is refused.
pub fn check(args: &CheckArgs) -> Result<(), Failure> {
    let CheckArgs { scenario: args, rate_hz, ranks } = args;
    if let Some(rate) = rate_hz.filter(|rate| !(rate.is_finite() && *rate >= 0.0)) {
        return Err(Failure::input(format!("--rate-hz {rate}: allowed: a finite number >= 0")));
    }
    let scenario = match ranks {
        None => load(&args.scenario, &args.overrides())?,
        // it need not fit into this machine, but a rank of it
        Some(ranks) => load_shared(&args.scenario, &args.overrides(), *ranks as usize, 1)?,
    };
    tell_cuts(&scenario)?;
    let size = scenario.predict()?;
    let run_time = run_time::predict(&scenario, &args.scenario, &size, *rate_hz)?;
    let on_ranks =
        ranks.map(|ranks| ranks::predict(&scenario, &size, run_time.as_ref(), ranks as usize)).transpose()?;
    let report = Report {
        scenario: scenario.name().to_owned(),
        seed: scenario.seed(),
        duration_ms: scenario.duration(),
        neurons: size.neurons,
        synapses: size.synapses,
        bytes: size.bytes,
        arrivals_per_hz: size.synapses as f64 * scenario.duration() * 1e-3,
        external_arrivals: size.external_per_s as f64 * scenario.duration() * 1e-3,
        run_time,
        ranks: on_ranks,
    };
    if args.json {
        return output::print_json(&report);
    }
    let run_time = match &report.run_time {
        Some(run_time) => run_time.text(),
        None => "  run time  not predicted: say at which mean rate it fires, with --rate-hz\n".to_owned(),
    };
    let on_ranks = report.ranks.as_ref().map_or_else(String::new, ranks::OnRanks::text);
    output::print(&format!(
        "{}: valid\n  neurons   {} (spike sources included)\n  synapses  {} expected\n  memory    {}\n  \
         work      {} ms of model time: {} synaptic arrivals for each Hz of mean rate, {} external ones\n{run_time}{on_ranks}",
        report.scenario,
        count(report.neurons),
        count(report.synapses),
        bytes(report.bytes),
        report.duration_ms,
        number(report.arrivals_per_hz),
        number(report.external_arrivals),
    ))
}

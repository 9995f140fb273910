//! `stats`: what a recording of any length says, in bounded memory, read by several threads.

use crate::args::Threads;
use crate::columns::{Columns, count, number, number_or_dash};
use crate::failure::Failure;
use crate::output;
use crate::place_of_spikes::{spikes_of, tell_if_a_part};
use crate::recording::{covered, manifest_beside, outside, start_of};
use clap::Args;
use serde::Serialize;
use std::ops::Range;
use std::path::{Path, PathBuf};
use tauspike_record::{
    Activity, PopulationActivity, PopulationRange, Populations, Scanned, SpikeReader, check_complete, last_time, scan,
};

#[derive(Args)]
pub struct StatsArgs {
    /// The folder of a run, or its spikes.parquet
    pub input: PathBuf,
    /// Start of the window, ms [default: the start of the run]
    #[arg(long, value_name = "MS")]
    pub from: Option<f64>,
    /// End of the window, ms [default: the end of the run]
    #[arg(long, value_name = "MS")]
    pub to: Option<f64>,
    /// Width of the bins of synchrony and rhythm, ms [default: 1]
    #[arg(long, value_name = "MS")]
    pub bin: Option<f64>,
    #[command(flatten)]
    pub threads: Threads,
    /// Print a report for programs to standard output
    #[arg(long)]
    pub json: bool,
}

#[derive(Serialize)]
struct Report {
    from_ms: f64,
    to_ms: f64,
    spikes: u64,
    populations: Vec<PopulationActivity>,
    #[serde(flatten)]
    scanned: Scanned,
}

/// # Errors
/// If the recording cannot be read, or an option makes no sense.
pub fn stats(args: &StatsArgs) -> Result<(), Failure> {
    let file = spikes_of(&args.input)?;
    tell_if_a_part(&file)?;
    let window = window(args, &file)?;
    let bin = bin(args, &window)?;
    let mut activity = Activity::new(populations(&file, &window)?, window.clone(), bin);
    let scanned = scan(&file, window.clone(), args.threads.count(), |times, neurons| {
        times.iter().zip(neurons).for_each(|(&time, &neuron)| activity.add(time, neuron));
    })?;
    let populations = activity.populations_so_far();
    let spikes = populations.iter().map(|population| population.spikes).sum();
    let report = Report { from_ms: window.start, to_ms: window.end, spikes, populations, scanned };
    if args.json { output::print_json(&report) } else { output::print(&text(&report)) }
}

/// Model time, ms: what is asked for, or all of the recording, which may be nothing.
fn window(args: &StatsArgs, file: &Path) -> Result<Range<f64>, Failure> {
    let last = last_time(file)?;
    let told = told(file, last)?;
    let whole = told.clone().unwrap_or(0.0..last.map_or(0.0, f64::next_up));
    let (from, to) = (args.from.unwrap_or(whole.start), args.to.unwrap_or(whole.end));
    if let Some(outside) = told.and_then(|told| outside((args.from, args.to), &told)) {
        return Err(Failure::input(outside));
    }
    let allowed = match (args.from, args.to) {
        (None, None) => {
            tell_if_more(whole.end, last);
            return Ok(whole);
        }
        _ if from.is_finite() && to.is_finite() && from < to => return Ok(from..to),
        (Some(_), Some(_)) => {
            format!("--from {from} --to {to}: allowed: finite times in ms, the first one before the other")
        }
        (Some(_), None) => format!("--from {from}: allowed: a time in ms before {to}, the end of the recording"),
        (None, Some(_)) => format!("--to {to}: allowed: a finite time in ms after {from}, the start of the recording"),
    };
    Err(Failure::input(allowed))
}

/// What the manifest beside the spikes tells, which for a run that goes on is their last; `None` if there is no manifest.
fn told(file: &Path, last: Option<f64>) -> Result<Option<Range<f64>>, Failure> {
    let Some(manifest) = manifest_beside(file)? else { return Ok(None) };
    check_complete(file, &manifest)?;
    let start = start_of(&manifest);
    let so_far = start..last.map_or(start, |last| last.next_up().max(start));
    Ok(Some(covered(&manifest, last).unwrap_or(so_far)))
}

/// Of several processes that were killed some had recorded more than others.
fn tell_if_more(end: f64, last: Option<f64>) {
    if let Some(last) = last.filter(|last| *last >= end) {
        eprintln!(
            "note: the recording is complete up to {end} ms; what it holds from there to {last} ms is not counted"
        );
    }
}

/// Width of a bin, ms. What is refused is what was given.
fn bin(args: &StatsArgs, window: &Range<f64>) -> Result<f64, Failure> {
    const DEFAULT: f64 = 1.0;
    let (length, most) = (window.end - window.start, Activity::MOST_BINS as f64);
    let bin = args.bin.unwrap_or(DEFAULT);
    if bin.is_finite() && bin > 0.0 && length / bin <= most {
        return Ok(bin);
    }
    let least = length / most;
    Err(Failure::input(match (args.bin, args.to) {
        (Some(bin), _) => format!("--bin {bin}: allowed: a finite width in ms, at least {least:e}"),
        (None, Some(to)) => {
            let latest = window.start + most * DEFAULT;
            format!(
                "--to {to}: allowed: at most {latest}, for {most} bins of {DEFAULT} ms, or --bin with at least {least:e}"
            )
        }
        (None, None) => {
            format!(
                "{length} ms are more than {most} bins of {DEFAULT} ms; allowed: --bin with at least {least:e}, or --to"
            )
        }
    }))
}

/// Those that the file tells; or one of all neurons up to the largest that fired, which a first pass over the window finds.
fn populations(file: &Path, window: &Range<f64>) -> Result<Populations, Failure> {
    if let Some(populations) = SpikeReader::open(file)?.populations() {
        return Ok(populations.clone());
    }
    let mut last = 0;
    scan(file, window.clone(), 1, |_, neurons| last = neurons.iter().copied().fold(last, u32::max))?;
    let all = PopulationRange { name: "all".into(), first: 0, size: last.saturating_add(1) };
    Ok(Populations::new(vec![all])?)
}

fn text(report: &Report) -> String {
    let Report { from_ms, to_ms, spikes, populations, scanned } = report;
    let headers = ["population", "N", "spikes", "rate (Hz)", "CV ISI", "synchrony", "rhythm (Hz)"];
    let mut table = Columns::new(&headers);
    for p in populations {
        let numbers = [p.rate_hz, p.cv_isi, p.synchrony, p.frequency_hz].map(number_or_dash);
        table.row([vec![p.name.clone(), count(p.size.into()), count(p.spikes)], numbers.to_vec()].concat());
    }
    if from_ms >= to_ms {
        return format!("no spikes over 0 ms: there is nothing to count\n{table}");
    }
    format!(
        "{} spikes from {} to {} ms\n{table}read {} of {} row groups\n",
        count(*spikes),
        number(*from_ms),
        number(*to_ms),
        count(scanned.row_groups_read as u64),
        count(scanned.row_groups as u64),
    )
}

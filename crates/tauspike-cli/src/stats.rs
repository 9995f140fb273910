//! `stats`: what a recording of any length says, in bounded memory, read by several threads.

use crate::args::Threads;
use crate::columns::{Columns, count, number, number_or_dash};
use crate::failure::Failure;
use crate::output;
use crate::recording::spikes_of;
use clap::Args;
use serde::Serialize;
use std::ops::Range;
use std::path::{Path, PathBuf};
use tauspike_record::{
    Activity, Manifest, PopulationActivity, PopulationRange, Populations, Scanned, SpikeReader, last_time, scan,
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
    /// Width of the bins of synchrony and rhythm, ms
    #[arg(long, value_name = "MS", default_value_t = 1.0)]
    pub bin: f64,
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
    let file = spikes_of(&args.input);
    let window = window(args, &file)?;
    let bins = (window.end - window.start) / args.bin;
    if !(args.bin.is_finite() && args.bin > 0.0 && bins <= Activity::MOST_BINS as f64) {
        let least = (window.end - window.start) / Activity::MOST_BINS as f64;
        return Err(Failure::input(format!("--bin {}: allowed: a finite width in ms, at least {least:e}", args.bin)));
    }
    let mut activity = Activity::new(populations(&file, &window)?, window.clone(), args.bin);
    let scanned = scan(&file, window.clone(), args.threads.count(), |times, neurons| {
        times.iter().zip(neurons).for_each(|(&time, &neuron)| activity.add(time, neuron));
    })?;
    let populations = activity.populations_so_far();
    let spikes = populations.iter().map(|population| population.spikes).sum();
    let report = Report { from_ms: window.start, to_ms: window.end, spikes, populations, scanned };
    if args.json { output::print_json(&report) } else { output::print(&text(&report)) }
}

/// Model time covered: what is asked for, or what the manifest beside the spikes tells, or up to the last spike, which is in it.
fn window(args: &StatsArgs, file: &Path) -> Result<Range<f64>, Failure> {
    let path = file.with_file_name("manifest.json");
    let manifest = if path.is_file() { Some(Manifest::read(&path)?) } else { None };
    let start = manifest.as_ref().and_then(|manifest| manifest.parameters.get("start_ms")?.as_f64()).unwrap_or(0.0);
    let from = args.from.unwrap_or(start);
    let to = match (args.to, manifest) {
        (Some(to), _) => to,
        (None, Some(manifest)) if manifest.model_time_ms > from => manifest.model_time_ms,
        (None, _) => last_time(file)?.map_or(from, f64::next_up),
    };
    if from.is_finite() && to.is_finite() && from < to {
        return Ok(from..to);
    }
    Err(Failure::input(format!("--from {from} --to {to}: allowed: finite times in ms, the first one before the other")))
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
    format!(
        "{} spikes from {} to {} ms\n{table}read {} of {} row groups\n",
        count(*spikes),
        number(*from_ms),
        number(*to_ms),
        count(scanned.row_groups_read as u64),
        count(scanned.row_groups as u64),
    )
}

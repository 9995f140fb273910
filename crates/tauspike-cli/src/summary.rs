//! What a run prints for people: what came out and where it is, on one screen. The rest is asked for.

use crate::columns::{Columns, count, number, number_or_dash};
use std::fmt::Write;
use std::path::Path;
use tauspike_energy::{Estimate, Scale};
use tauspike_network::Difference;
use tauspike_record::{InputChange, Status};
use tauspike_scenario::RunReport;

/// The report in words and tables; with `energy`, the counters and every energy model too.
pub fn text(report: &RunReport, energy: bool) -> String {
    let state = if report.status == Status::Finished { "finished" } else { "interrupted" };
    let (start, end) = (report.start_ms, report.end_ms);
    let mut text = format!("{}: {state}, {start} to {end} ms, seed {}\n", report.scenario, report.seed);
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{} neurons, {} synapses", count(report.neurons), count(report.synapses));
    if let Some(resumed) = &report.resumed {
        let _ = writeln!(text, "went on from {}, saved at {} ms", resumed.file, resumed.time_ms);
        for InputChange { place, field, before, after } in resumed.changes.iter().cloned() {
            let _ = writeln!(text, "  {}", Difference { place, field, before, after, is_input: true });
        }
    }
    let _ = write!(text, "\n{}", populations(report));
    if report.warmup_ms > start {
        let _ = writeln!(text, "  (rate and CV without the first {} ms)", report.warmup_ms);
    }
    let threads = if report.threads == 1 { "1 thread".to_owned() } else { format!("{} threads", report.threads) };
    let threads = match report.ranks.len() {
        0 => threads,
        ranks => format!("{ranks} ranks of {threads}"),
    };
    let (build, run) = (number(report.build_s), number(report.run_s));
    let _ = writeln!(text, "\nspikes  {}", count(report.spikes));
    let _ = writeln!(text, "time    {build} s to build, {run} s to run on {threads}");
    for (k, line) in energies(report).iter().enumerate() {
        let _ = writeln!(text, "{:<6}  {line}", if k == 0 { "energy" } else { "" });
    }
    let _ = writeln!(text, "digest  {}", report.digest);
    let _ = writeln!(text, "output  {}", output(report));
    if let Some(path) = &report.snapshot {
        let _ = writeln!(text, "saved   {}", path.display());
    }
    if energy {
        let _ = write!(text, "\n{}", counters(report));
        for scale in Scale::ALL {
            let _ = write!(text, "{}", energy_table(report, scale));
        }
    }
    text
}

fn populations(report: &RunReport) -> Columns {
    let mut table = Columns::new(&["population", "N", "spikes", "rate (Hz)", "CV ISI"]);
    for p in &report.populations {
        let (rate, cv) = (number_or_dash(p.rate_hz), number_or_dash(p.cv_isi));
        table.row([p.name.clone(), count(p.size.into()), count(p.spikes), rate, cv]);
    }
    table
}

/// The folder, and what is in it.
fn output(report: &RunReport) -> String {
    let names = report.outputs.iter().filter_map(|path| path.file_name()).map(|name| name.to_string_lossy());
    let folder = report.outputs.first().and_then(|path| path.parent()).unwrap_or(Path::new("."));
    format!("{}: {}", folder.display(), names.collect::<Vec<_>>().join(", "))
}

/// What figures of a scale include.
fn told(scale: Scale) -> &'static str {
    match scale {
        Scale::Chip => "chip level, operations alone",
        Scale::System => "system level, at the outlet",
        Scale::Metabolic => "metabolic",
    }
}

fn of_scale(report: &RunReport, scale: Scale) -> Vec<&Estimate> {
    report.energy.iter().filter(|estimate| estimate.scale == scale).collect()
}

/// A line for each scale of which there is a model, of event-only figures. Scales are never mixed.
fn energies(report: &RunReport) -> Vec<String> {
    let mut lines = Vec::new();
    for scale in Scale::ALL {
        let models = of_scale(report, scale);
        let figures = || models.iter().map(|estimate| estimate.event_only);
        let (least, most) = (figures().fold(f64::INFINITY, f64::min), figures().fold(0.0, f64::max));
        let unit = scale.unit();
        match models.len() {
            0 => {}
            1 => lines.push(format!("{} {unit} ({}: {})", number(least), told(scale), models[0].model)),
            n => lines.push(format!("{} to {} {unit} ({}: {n} models)", number(least), number(most), told(scale))),
        }
    }
    lines
}

fn counters(report: &RunReport) -> Columns {
    let mut table = Columns::new(&["counter", "total"]);
    for (counter, value) in report.counters.entries() {
        table.row([counter.name.replace('_', " "), count(value)]);
    }
    table
}

/// A table of one scale alone; nothing if there is no model of it.
fn energy_table(report: &RunReport, scale: Scale) -> String {
    let models = of_scale(report, scale);
    if models.is_empty() {
        return String::new();
    }
    let unit = scale.unit();
    let mut table = Columns::new(&["model", &format!("event-only ({unit})"), &format!("clocked ({unit})")]);
    for e in &models {
        table.row([e.model.clone(), number(e.event_only), number_or_dash(e.clocked)]);
    }
    let mut notes = String::new();
    if models.iter().any(|e| e.clocked.is_none()) {
        notes += "  (-: no figure for the update of an idle neuron)\n";
    }
    format!("\nenergy proxies, {}\n{table}{notes}", told(scale))
}

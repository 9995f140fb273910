//! What a run prints for people.

use crate::columns::{Columns, bytes, count, number, number_or_dash};
use std::fmt::Write;
use tauspike_energy::{Estimate, Scale};
use tauspike_record::Status;
use tauspike_scenario::RunReport;

/// The report in words and tables.
pub fn text(report: &RunReport) -> String {
    let mut text = String::new();
    let state = if report.status == Status::Finished { "finished" } else { "interrupted" };
    let (start, end) = (report.start_ms, report.end_ms);
    // Writing to a String cannot fail.
    let _ = writeln!(
        text,
        "{}: {state}, {} to {} ms, {} neurons, {} synapses, seed {}",
        report.scenario,
        start,
        end,
        count(report.neurons),
        count(report.synapses),
        report.seed
    );
    let _ = write!(text, "\n{}", populations(report));
    if report.warmup_ms > start {
        let _ = writeln!(text, "  (rate and CV without the first {} ms)", report.warmup_ms);
    }
    let _ = write!(text, "\n{}", counters(report));
    for (scale, title) in [
        (Scale::Chip, "energy proxies, chip level (operations alone)"),
        (Scale::System, "energy proxies, system level (at the outlet, everything included)"),
        (Scale::Metabolic, "energy proxies, metabolic"),
    ] {
        let _ = write!(text, "{}", energy(report, scale, title));
    }
    let _ = writeln!(text, "\nstate   {}", bytes(report.state_bytes));
    let _ = writeln!(
        text,
        "wall    {} s to build, {} s to run, {} threads",
        number(report.build_s),
        number(report.run_s),
        report.threads
    );
    let _ = writeln!(text, "digest  {}", report.digest);
    for path in report.outputs.iter().chain(&report.snapshot) {
        let _ = writeln!(text, "wrote   {}", path.display());
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

fn counters(report: &RunReport) -> Columns {
    let mut table = Columns::new(&["counter", "total"]);
    for (counter, value) in report.counters.entries() {
        table.row([counter.name.replace('_', " "), count(value)]);
    }
    table
}

/// A table of one scale alone; nothing if there is no model of it. Scales are never mixed.
fn energy(report: &RunReport, scale: Scale, title: &str) -> String {
    let models: Vec<&Estimate> = report.energy.iter().filter(|e| e.scale == scale).collect();
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
    let recalled: Vec<&str> =
        models.iter().filter(|e| e.source.contains("unverified")).map(|e| e.model.as_str()).collect();
    if !recalled.is_empty() {
        notes += &format!("  (unverified figures in: {})\n", recalled.join(", "));
    }
    format!("\n{title}\n{table}{notes}")
}

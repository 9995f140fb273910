//! `compare`: where two recordings part, and how alike they are as activity.

mod activity;
mod matching;

use crate::args::CompareArgs;
use crate::columns::{Columns, count, number_or_dash};
use crate::failure::{DIFFERS, DONE, Failure};
use crate::output;
use crate::recording::{Recording, is_ours};
use activity::Activity;
use serde::Serialize;
use std::fmt::Write;
use std::path::Path;
use tauspike_spike::Spike;

#[derive(Serialize)]
struct Report {
    /// The same neurons at the same times: bit by bit, or within the tolerance.
    equal: bool,
    spikes: [u64; 2],
    /// Absent if times are compared bit by bit.
    tolerance_ms: Option<f64>,
    /// Spikes of one neuron that are in both, within the tolerance.
    shared: u64,
    /// The largest difference of two times that count as the same.
    largest_deviation_ms: f64,
    first_difference: Option<Parting>,
    populations: Vec<Activity>,
    /// How files of other simulators were read.
    read: Vec<String>,
}

/// Bit by bit: what stands in the first row that differs. Within a tolerance: the first spike that only one of them has.
#[derive(Serialize)]
struct Parting {
    row: Option<u64>,
    a: Option<Told>,
    b: Option<Told>,
}

#[derive(Serialize)]
struct Told {
    time_ms: f64,
    neuron: u32,
}

/// # Errors
/// If one of them cannot be read, or an option makes no sense.
pub fn compare(args: &CompareArgs) -> Result<u8, Failure> {
    if let Some(tolerance) = args.tolerance.filter(|tolerance| !(tolerance.is_finite() && *tolerance >= 0.0)) {
        return Err(Failure::input(format!("--tolerance {tolerance}: allowed: a finite time in ms >= 0")));
    }
    let mut recordings = read(args)?;
    activity::share_populations(&mut recordings)?;
    let report = report(recordings, args.tolerance);
    if args.json {
        output::print_json(&report)?;
    } else {
        output::print(&text(&report))?;
    }
    Ok(if report.equal { DONE } else { DIFFERS })
}

fn read(args: &CompareArgs) -> Result<[Recording; 2], Failure> {
    let told = args.files.told()?;
    let ours = [&args.a, &args.b].map(|path| is_ours(path));
    if args.files.is_for_each() {
        let read = |path: &Path, k: usize| Recording::of_others(path, told[k]);
        return Ok([read(&args.a, 0)?, read(&args.b, 1)?]);
    }
    if args.files.is_given() && ours == [true, true] {
        let message = "--columns, --unit and --first-id are for files of other simulators; both of these are recordings of tauspike";
        return Err(Failure::input(message));
    }
    Ok([Recording::read(&args.a, told[0])?, Recording::read(&args.b, told[1])?])
}

fn report(recordings: [Recording; 2], tolerance: Option<f64>) -> Report {
    let populations = activity::of(&recordings);
    let read = recordings.iter().filter_map(|recording| recording.how.clone()).collect();
    let [a, b] = recordings.map(|recording| spikes(&recording));
    let counts = [&a, &b].map(|spikes| spikes.len() as u64);
    let told = |spike: Spike| Told { time_ms: spike.time, neuron: spike.source };
    let row = match tolerance {
        None => matching::first_difference(&a, &b),
        Some(_) => None,
    };
    let mut first = row.map(|row| Parting {
        row: Some(row as u64),
        a: a.get(row).copied().map(told),
        b: b.get(row).copied().map(told),
    });
    let (mut shared, mut deviation) = (counts[0], 0.0);
    if tolerance.is_some() || first.is_some() {
        let found = matching::matched(a, b, tolerance.unwrap_or(0.0));
        (shared, deviation) = (found.shared, found.deviation);
        if tolerance.is_some() && (found.only_a.is_some() || found.only_b.is_some()) {
            let before =
                |x: Option<Spike>, y: Option<Spike>| y.is_none() || x.is_some_and(|x| y.is_some_and(|y| x <= y));
            let in_a = before(found.only_a, found.only_b);
            let [a, b] = if in_a { [found.only_a, None] } else { [None, found.only_b] };
            first = Some(Parting { row: None, a: a.map(told), b: b.map(told) });
        }
    }
    Report {
        equal: first.is_none(),
        spikes: counts,
        tolerance_ms: tolerance,
        shared,
        largest_deviation_ms: deviation,
        first_difference: first,
        populations,
        read,
    }
}

fn spikes(recording: &Recording) -> Vec<Spike> {
    recording.rows().map(|((&time, &source), _)| Spike { time, source }).collect()
}

fn text(report: &Report) -> String {
    let [a, b] = report.spikes.map(count);
    let mut text: String = report.read.iter().map(|how| format!("read {how}\n")).collect();
    // Writing to a String cannot fail.
    let _ = match (&report.first_difference, report.tolerance_ms) {
        (None, None) => writeln!(text, "equal: {a} spikes, the same neurons at the same times, bit by bit"),
        (None, Some(tolerance)) => {
            let most = report.largest_deviation_ms;
            writeln!(
                text,
                "equal: {a} spikes, the same neurons within {tolerance} ms; times differ by {most:.3e} ms at most"
            )
        }
        (Some(parting), tolerance) => {
            let _ = writeln!(text, "different: {a} and {b} spikes, {} of them shared", count(report.shared));
            write!(text, "{}", parted(parting, tolerance))
        }
    };
    let headers = ["population", "N", "spikes A", "spikes B", "rate A (Hz)", "rate B (Hz)", "CV ISI A", "CV ISI B"];
    let mut table = Columns::new(&headers);
    for row in &report.populations {
        let numbers = [row.rate_hz[0], row.rate_hz[1], row.cv_isi[0], row.cv_isi[1]].map(number_or_dash);
        let spikes = row.spikes.map(|spikes| spikes.map_or_else(|| "-".into(), count));
        table.row([vec![row.name.clone(), count(row.size.into())], spikes.to_vec(), numbers.to_vec()].concat());
    }
    text + &table.to_string()
}

/// All digits: two times may differ in the last one.
fn parted(parting: &Parting, tolerance: Option<f64>) -> String {
    let told = |spike: &Option<Told>| match (spike, tolerance) {
        (Some(spike), _) => format!("neuron {} at {} ms", spike.neuron, spike.time_ms),
        (None, None) => "has ended".into(),
        (None, Some(tolerance)) => format!("no spike of it within {tolerance} ms that is not matched already"),
    };
    let place = parting.row.map_or_else(String::new, |row| format!(" is at row {row}"));
    format!("the first difference{place}\n  A: {}\n  B: {}\n", told(&parting.a), told(&parting.b))
}

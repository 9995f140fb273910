//! `compare`: where two recordings part, and how alike they are as activity.

use crate::args::CompareArgs;
use crate::columns::{Columns, number_or_dash};
use crate::failure::{DIFFERS, Failure};
use crate::output;
use crate::recording::{Recording, spikes_of};
use serde::Serialize;
use std::collections::HashMap;
use std::process::ExitCode;
use tauspike_record::{Comparison, isi_cv, rates};

/// Neurons with fewer intervals have no CV worth averaging.
const LEAST_INTERVALS: u64 = 5;

#[derive(Serialize)]
struct Report {
    equal: bool,
    spikes: [u64; 2],
    first_difference: Option<Parting>,
    populations: Vec<Activity>,
}

#[derive(Serialize)]
struct Parting {
    row: u64,
    a: Option<Spike>,
    b: Option<Spike>,
}

#[derive(Serialize)]
struct Spike {
    time_ms: f64,
    neuron: u32,
}

/// Of one population in both recordings; absent where a recording does not have it.
#[derive(Serialize)]
struct Activity {
    name: String,
    rate_hz: [Option<f64>; 2],
    cv_isi: [Option<f64>; 2],
}

/// # Errors
/// If one of them cannot be read.
pub fn compare(args: &CompareArgs) -> Result<ExitCode, Failure> {
    let found = tauspike_record::compare(&spikes_of(&args.a), &spikes_of(&args.b))?;
    let activity = [activity(&Recording::read(&args.a)?), activity(&Recording::read(&args.b)?)];
    let report = report(&found, &activity);
    if args.json {
        output::print_json(&report)?;
    } else {
        output::print(&text(&report))?;
    }
    Ok(ExitCode::from(if report.equal { 0 } else { DIFFERS }))
}

/// (name, rate in Hz, mean CV of the intervals) of a population.
type Row = (String, Option<f64>, Option<f64>);

fn activity(recording: &Recording) -> Vec<Row> {
    let spikes = &recording.spikes;
    let rates = match &spikes.populations {
        Some(populations) if recording.duration > 0.0 => rates(spikes, populations, recording.duration),
        _ => Vec::new(),
    };
    let mut sums = vec![(0.0, 0u32); spikes.names.len()];
    let population_of: HashMap<u32, u32> =
        spikes.neuron.iter().copied().zip(spikes.population.iter().copied()).collect();
    for cv in isi_cv(spikes, LEAST_INTERVALS) {
        let (sum, neurons) = &mut sums[population_of[&cv.neuron] as usize];
        (*sum, *neurons) = (*sum + cv.cv, *neurons + 1);
    }
    let mean = |(sum, neurons): (f64, u32)| (neurons > 0).then(|| sum / f64::from(neurons));
    let row = |(k, name): (usize, &String)| (name.clone(), rates.get(k).copied(), mean(sums[k]));
    spikes.names.iter().enumerate().map(row).collect()
}

fn report(found: &Comparison, activity: &[Vec<Row>; 2]) -> Report {
    let mut names: Vec<&String> = activity[0].iter().map(|row| &row.0).collect();
    names.extend(activity[1].iter().map(|row| &row.0).filter(|name| !activity[0].iter().any(|row| row.0 == **name)));
    let row = |name: &String| {
        let [a, b] = activity.each_ref().map(|rows| rows.iter().find(|row| row.0 == *name));
        Activity {
            name: name.clone(),
            rate_hz: [a.and_then(|row| row.1), b.and_then(|row| row.1)],
            cv_isi: [a.and_then(|row| row.2), b.and_then(|row| row.2)],
        }
    };
    let spike = |spike: tauspike_spike::Spike| Spike { time_ms: spike.time, neuron: spike.source };
    Report {
        equal: found.first_difference.is_none(),
        spikes: found.spikes,
        first_difference: found.first_difference.map(|d| Parting {
            row: d.index,
            a: d.a.map(spike),
            b: d.b.map(spike),
        }),
        populations: names.into_iter().map(row).collect(),
    }
}

fn text(report: &Report) -> String {
    let [a, b] = report.spikes;
    let verdict = match &report.first_difference {
        None => format!("equal: {a} spikes, the same neurons at the same times, bit by bit\n"),
        Some(parting) => format!(
            "different: {a} and {b} spikes; the first difference is at row {}\n  A: {}\n  B: {}\n",
            parting.row,
            told(&parting.a),
            told(&parting.b)
        ),
    };
    let mut table = Columns::new(&["population", "rate A (Hz)", "rate B (Hz)", "CV ISI A", "CV ISI B"]);
    for row in &report.populations {
        let values = [row.rate_hz[0], row.rate_hz[1], row.cv_isi[0], row.cv_isi[1]].map(number_or_dash);
        table.row([vec![row.name.clone()], values.to_vec()].concat());
    }
    format!("{verdict}{table}")
}

/// All digits: two times may differ in the last one.
fn told(spike: &Option<Spike>) -> String {
    match spike {
        Some(spike) => format!("neuron {} at {} ms", spike.neuron, spike.time_ms),
        None => "has ended".into(),
    }
}

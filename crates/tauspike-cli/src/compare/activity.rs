//! Counts, rates and irregularity of two recordings, population by population.

use crate::failure::Failure;
use crate::recording::{Recording, sizes};
use serde::Serialize;
use tauspike_record::{Populations, isi_cv};

/// Neurons with fewer intervals have no CV worth averaging.
const LEAST_INTERVALS: u64 = 5;

/// Of one population in both recordings; absent where a recording does not have it.
#[derive(Serialize)]
pub struct Activity {
    pub name: String,
    /// Number of neurons; where no file tells it, of those that fired.
    pub size: u32,
    pub spikes: [Option<u64>; 2],
    pub rate_hz: [Option<f64>; 2],
    pub cv_isi: [Option<f64>; 2],
}

/// Gives a file of another simulator the populations, and the model time, of the recording it is compared with.
///
/// # Errors
/// If it has neurons that are in none of them.
pub fn share_populations(recordings: &mut [Recording; 2]) -> Result<(), Failure> {
    for k in [0, 1] {
        if recordings[k].how.is_none() {
            continue;
        }
        let (populations, told) = (recordings[1 - k].spikes.populations.clone(), recordings[1 - k].told.clone());
        let recording = &mut recordings[k];
        // What was recorded beyond the other one's end counts too.
        let last = recording.span().end;
        recording.told = recording.told.take().or(told.map(|told| told.start..told.end.max(last)));
        if let Some(populations) = populations {
            place(recording, populations)?;
        }
    }
    if let [None, None] = recordings.each_ref().map(|recording| recording.told.clone()) {
        // nothing tells how long either is: both as long as the longer one
        let [a, b] = recordings.each_ref().map(Recording::span);
        let both = a.start.min(b.start)..a.end.max(b.end);
        recordings.iter_mut().for_each(|recording| recording.told = Some(both.clone()));
    }
    Ok(())
}

fn place(recording: &mut Recording, populations: Populations) -> Result<(), Failure> {
    for (neuron, population) in recording.spikes.neuron.iter().zip(&mut recording.spikes.population) {
        let Ok(position) = populations.position(*neuron) else {
            let (name, end) = (&recording.name, populations.end());
            return Err(Failure::input(format!(
                "{name}: neuron {neuron} (counted from 0); allowed: below {end}, the number of neurons of the other recording; if its \
                 numbers do not start at 0, say where with --first-id"
            )));
        };
        *population = position as u32;
    }
    recording.spikes.names = populations.ranges().iter().map(|range| range.name.clone()).collect();
    recording.spikes.populations = Some(populations);
    Ok(())
}

/// Of every population of either.
pub fn of(recordings: &[Recording; 2]) -> Vec<Activity> {
    let mut names: Vec<&String> = recordings[0].spikes.names.iter().collect();
    names.extend(recordings[1].spikes.names.iter().filter(|name| !recordings[0].spikes.names.contains(name)));
    let [a, b] = recordings;
    let measured = match [a, b].map(|recording| recording.spikes.populations.is_some()) {
        // nothing tells how many neurons there are: those that fire in either
        [false, false] if a.spikes.names == b.spikes.names => {
            let sizes = sizes(&[a, b]);
            [measure(a, sizes.clone()), measure(b, sizes)]
        }
        _ => [measure(a, a.sizes()), measure(b, b.sizes())],
    };
    let row = |name: &String| {
        let found = measured.each_ref().map(|rows| rows.iter().find(|row| row.name == name));
        let size = found.iter().flatten().map(|row| row.size).max().unwrap_or(0);
        Activity {
            name: name.clone(),
            size,
            spikes: found.map(|row| row.map(|row| row.spikes)),
            rate_hz: found.map(|row| row.and_then(|row| row.rate_hz)),
            cv_isi: found.map(|row| row.and_then(|row| row.cv_isi)),
        }
    };
    names.into_iter().map(row).collect()
}

/// Of one population of one recording.
struct Measured<'a> {
    name: &'a str,
    size: u32,
    spikes: u64,
    rate_hz: Option<f64>,
    cv_isi: Option<f64>,
}

fn measure(recording: &Recording, sizes: Vec<u32>) -> Vec<Measured<'_>> {
    let spikes = &recording.spikes;
    let span = recording.span();
    let seconds = (span.end - span.start) * 1e-3;
    let mut counts = vec![0u64; spikes.names.len()];
    spikes.population.iter().for_each(|&population| counts[population as usize] += 1);
    let mut cvs = vec![(0.0, 0u32); spikes.names.len()];
    for cv in isi_cv(spikes, LEAST_INTERVALS) {
        let (sum, neurons) = &mut cvs[cv.population as usize];
        (*sum, *neurons) = (*sum + cv.cv, *neurons + 1);
    }
    let row = |k: usize| Measured {
        name: &spikes.names[k],
        size: sizes[k],
        spikes: counts[k],
        rate_hz: (seconds > 0.0 && sizes[k] > 0).then(|| counts[k] as f64 / (f64::from(sizes[k]) * seconds)),
        cv_isi: (cvs[k].1 > 0).then(|| cvs[k].0 / f64::from(cvs[k].1)),
    };
    (0..spikes.names.len()).map(row).collect()
}

//! Spikes that a user names: the folder of a run, a file of spikes, or what another simulator wrote.

use crate::failure::Failure;
use crate::place_of_spikes::{spikes_of, tell_if_a_part};
use crate::spike_file::{self, Told};
use std::ops::Range;
use std::path::Path;
use tauspike_import::{Source, column_names};
use tauspike_record::{Manifest, SpikeTable, Status, check_complete, read_spikes};
use tauspike_spike::Spike;

/// All spikes of a run, by time, then neuron.
pub struct Recording {
    /// Of the folder or file.
    pub name: String,
    pub spikes: SpikeTable,
    /// Model time covered, ms: from the manifest beside the spikes; absent if nothing tells.
    pub told: Option<Range<f64>>,
    /// How a file of another simulator was read.
    pub how: Option<String>,
}

impl Recording {
    /// Reads a folder with `spikes.parquet` in it, such a file (or folder of parts) itself, or a file of another simulator.
    ///
    /// # Errors
    /// If there are no spikes, or they cannot be read.
    pub fn read(path: &Path, told: Told) -> Result<Self, Failure> {
        if is_ours(path) { Self::ours(path) } else { Self::of_others(path, told) }
    }

    fn ours(path: &Path) -> Result<Self, Failure> {
        let file = spikes_of(path)?;
        tell_if_a_part(&file)?;
        let spikes = read_spikes(&file)?;
        let told = match manifest_beside(&file)? {
            Some(manifest) => {
                check_complete(&file, &manifest)?;
                covered(&manifest, spikes.time.last().copied())
            }
            None => None,
        };
        Ok(Self { name: name(path), spikes, told, how: None })
    }

    /// Reads a file of another simulator, whoever wrote it.
    ///
    /// # Errors
    /// As [`Recording::read`].
    pub fn of_others(path: &Path, told: Told) -> Result<Self, Failure> {
        let (rows, how) = spike_file::read(path, told)?;
        let spike = |(time, source): (f64, u32)| Spike { time, source };
        let mut spikes: Vec<Spike> = rows.time.into_iter().zip(rows.neuron).map(spike).collect();
        spikes.sort_unstable();
        let (time, neuron): (Vec<f64>, Vec<u32>) = spikes.iter().map(|spike| (spike.time, spike.source)).unzip();
        let spikes =
            SpikeTable { population: vec![0; time.len()], time, neuron, names: vec!["all".into()], populations: None };
        Ok(Self { name: name(path), spikes, told: None, how: Some(how) })
    }

    /// Model time covered, ms; if nothing tells, from 0, or the first spike if that is earlier, up to the last spike, which is part of it.
    pub fn span(&self) -> Range<f64> {
        let (first, last) = (self.spikes.time.first(), self.spikes.time.last());
        let whole = || first.map_or(0.0, |first| first.min(0.0))..last.map_or(0.0, |last| last.next_up().max(0.0));
        self.told.clone().unwrap_or_else(whole)
    }

    /// ((time in ms, global index), position of the population) of each spike.
    pub fn rows(&self) -> impl Iterator<Item = ((&f64, &u32), &u32)> {
        self.spikes.time.iter().zip(&self.spikes.neuron).zip(&self.spikes.population)
    }

    /// Number of neurons of each population; where the file does not tell, of those that fired.
    pub fn sizes(&self) -> Vec<u32> {
        if let Some(populations) = &self.spikes.populations {
            return populations.ranges().iter().map(|range| range.size).collect();
        }
        sizes(&[self])
    }
}

/// Number of neurons of each population that fire in any of these recordings, whose populations are the same.
pub fn sizes(recordings: &[&Recording]) -> Vec<u32> {
    let rows = recordings.iter().flat_map(|recording| recording.rows());
    let mut fired: Vec<(u32, u32)> = rows.map(|((_, &neuron), &population)| (population, neuron)).collect();
    fired.sort_unstable();
    fired.dedup();
    let of = |k: usize| fired.iter().filter(|(population, _)| *population == k as u32).count() as u32;
    (0..recordings.first().map_or(0, |first| first.spikes.names.len())).map(of).collect()
}

/// Whether it is to be read as a recording of tauspike: a folder, or a Parquet file with its three columns.
pub fn is_ours(path: &Path) -> bool {
    let columns = || column_names(&Source::file(path).ok()?).ok();
    let ours =
        |columns: Vec<String>| ["time_ms", "neuron", "population"].iter().all(|name| columns.iter().any(|c| c == name));
    let parquet = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("parquet"));
    path.is_dir() || (parquet && columns().is_some_and(ours))
}

/// The manifest of the run that recorded these spikes, if there is one.
///
/// # Errors
/// If it cannot be read.
pub fn manifest_beside(spikes: &Path) -> Result<Option<Manifest>, Failure> {
    let path = spikes.with_file_name("manifest.json");
    if path.is_file() { Ok(Some(Manifest::read(&path)?)) } else { Ok(None) }
}

/// What is wrong with a window that is partly outside of what was recorded, which is not silence; `told` is that, ms.
pub fn outside((from, to): (Option<f64>, Option<f64>), told: &Range<f64>) -> Option<String> {
    let within = |time: f64| told.start <= time && time <= told.end;
    let wrong = [("--from", from), ("--to", to)]
        .into_iter()
        .find_map(|(option, time)| time.filter(|time| time.is_finite() && !within(*time)).map(|time| (option, time)));
    let (option, time) = wrong?;
    Some(format!("{option} {time}: allowed: a time in ms from {} to {}, which was recorded", told.start, told.end))
}

/// When the run began, ms.
pub fn start_of(manifest: &Manifest) -> f64 {
    manifest.parameters.get("start_ms").and_then(|start| start.as_f64()).unwrap_or(0.0)
}

/// Model time covered, ms, by a run whose last spike was at `last`; one that goes on, or was killed, has not told its time yet. That of a
/// run that was killed and recovered is the time of its last spike, which is part of it.
pub fn covered(manifest: &Manifest, last: Option<f64>) -> Option<Range<f64>> {
    let (start, reached) = (start_of(manifest), manifest.model_time_ms);
    let end = if last == Some(reached) { reached.next_up() } else { reached };
    (manifest.status != Status::Running).then_some(start..end.max(start))
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

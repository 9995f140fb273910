//! Spikes that a user names: the folder of a run, or a file of spikes.

use crate::failure::Failure;
use std::path::{Path, PathBuf};
use tauspike_record::{Manifest, SpikeTable, read_spikes};

/// All spikes of a run.
pub struct Recording {
    /// Of the folder or file.
    pub name: String,
    pub spikes: SpikeTable,
    /// Model time covered, ms: from the manifest beside the spikes; without one, the time of the last spike.
    pub duration: f64,
}

impl Recording {
    /// Reads a folder with `spikes.parquet` in it, or such a file (or folder of parts) itself.
    ///
    /// # Errors
    /// If there are no spikes, or they cannot be read.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let file = spikes_of(path);
        let spikes = read_spikes(&file)?;
        let last = spikes.time.last().copied().unwrap_or(0.0);
        let manifest = file.with_file_name("manifest.json");
        let told = if manifest.is_file() { Manifest::read(&manifest)?.model_time_ms } else { 0.0 };
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        // A run that goes on, or was killed, has not told its time yet.
        Ok(Self { name, spikes, duration: if told > 0.0 { told } else { last } })
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
        let mut fired: Vec<(u32, u32)> = self.rows().map(|((_, &neuron), &population)| (population, neuron)).collect();
        fired.sort_unstable();
        fired.dedup();
        let of = |k: usize| fired.iter().filter(|(population, _)| *population == k as u32).count() as u32;
        (0..self.spikes.names.len()).map(of).collect()
    }
}

/// The spikes in the folder of a run; any other path as it is.
pub fn spikes_of(path: &Path) -> PathBuf {
    let inside = path.join("spikes.parquet");
    if inside.exists() { inside } else { path.into() }
}

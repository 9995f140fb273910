//! In which order the neurons of a raster stand, if not in that of their indices.

use super::raster::Sorted;
use crate::args::PlotArgs;
use crate::failure::Failure;
use crate::place_of_spikes::spikes_of;
use crate::recording::Recording;
use std::ops::Range;
use std::path::PathBuf;
use tauspike_import::{Source, read_columns};

/// By the tau_m that the run has written beside its spikes, or that stands in a file of parameters.
///
/// # Errors
/// If there is no such file, or it does not fit the recording.
pub fn by_tau_m(args: &PlotArgs, recording: &Recording) -> Result<Sorted, Failure> {
    let path = args.parameters.clone().map_or_else(|| beside(args), Ok)?;
    if !path.is_file() {
        return Err(Failure::input(format!(
            "--sort tau_m: {} is missing; allowed: the folder of a run, or --parameters FILE with a file that `tauspike export` wrote",
            path.display()
        )));
    }
    let source = Source::file(&path).map_err(Failure::output)?;
    let mut columns = read_columns(&source, &["neuron", "tau_m_ms"]).map_err(Failure::output)?;
    let (values, neurons) = (columns.pop().unwrap_or_default(), columns.pop().unwrap_or_default());
    let populations: Vec<Range<u32>> = match &recording.spikes.populations {
        Some(populations) => populations.ranges().iter().map(|range| range.first..range.first + range.size).collect(),
        None => {
            let largest = recording.spikes.neuron.iter().max().map_or(0, |neuron| neuron.saturating_add(1));
            std::iter::once(0..largest.max(neurons.len() as u32)).collect()
        }
    };
    let end = populations.last().map_or(0, |population| population.end);
    let mut tau_m = vec![None; end as usize];
    for (neuron, value) in neurons.iter().zip(&values) {
        match tau_m.get_mut(*neuron as usize) {
            Some(place) if neuron.fract() == 0.0 && *neuron >= 0.0 => *place = Some(*value),
            _ => {
                let path = path.display();
                return Err(Failure::input(format!(
                    "{path}: `neuron` = {neuron}; allowed: the global index of one of the {end} neurons of the recording"
                )));
            }
        }
    }
    if values.is_empty() {
        return Err(Failure::input(format!("--sort tau_m: {} has no neuron: sources have no tau_m", path.display())));
    }
    Ok(Sorted::by_tau_m(&tau_m, &populations))
}

fn beside(args: &PlotArgs) -> Result<PathBuf, Failure> {
    Ok(spikes_of(&args.input)?.with_file_name("neurons.parquet"))
}

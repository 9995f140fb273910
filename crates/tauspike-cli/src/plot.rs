//! `plot`: what was recorded, or the time constants of a scenario, as pictures.

mod axis;
mod chart;
mod colours;
mod histogram;
mod isi;
mod legend;
mod order;
mod picture;
mod raster;
mod rate;
mod sweep;
mod tau;

use crate::args::{PlotArgs, PlotKind};
use crate::failure::Failure;
use crate::output;
use crate::recording::{Recording, outside};
use crate::spike_file::Told;
use chart::Chart;
use std::ops::Range;

/// # Errors
/// If the input cannot be read, an option makes no sense, or a file exists or cannot be written.
pub fn plot(args: &PlotArgs) -> Result<(), Failure> {
    let outputs = args.outputs();
    for path in &outputs {
        picture::check(path, args.force)?;
    }
    let svg = match args.kind {
        PlotKind::Sweep => sweep::svg(args)?,
        _ => chart::svg(&draw(args)?).map_err(Failure::output)?,
    };
    for path in &outputs {
        picture::write(&svg, path, args.force)?;
        output::print(&format!("wrote   {}\n", path.display()))?;
    }
    Ok(())
}

fn draw(args: &PlotArgs) -> Result<Chart, Failure> {
    for (option, given) in [("--x", &args.x), ("--y", &args.y), ("--value", &args.value), ("--by", &args.by)] {
        if let Some(given) = given {
            return Err(Failure::input(format!("{option} {given}: allowed: for plot sweep")));
        }
    }
    if args.sort.is_some() && args.kind != PlotKind::Raster {
        return Err(Failure::input("--sort: allowed: for plot raster"));
    }
    if args.kind == PlotKind::Tau {
        let scenario = tauspike_scenario::load(&args.input, &args.set)?;
        return Ok(tau::histogram(&scenario.network(1)?, scenario.name()));
    }
    if let Some(set) = args.set.first() {
        return Err(Failure::input(format!("--set {set}: allowed: for plot tau, which reads a scenario")));
    }
    let recording = Recording::read(&args.input, Told::default())?;
    if let Some(outside) = recording.told.as_ref().and_then(|told| outside((args.from, args.to), told)) {
        return Err(Failure::input(outside));
    }
    let window = window(args, &recording.span())?;
    let bin = bin(args, &window)?;
    match args.kind {
        PlotKind::Raster => {
            let sorted = args.sort.map(|_| order::by_tau_m(args, &recording)).transpose()?;
            Ok(raster::raster(&recording, window, bin, sorted.as_ref()))
        }
        PlotKind::Isi => Ok(isi::isi(&recording, window)),
        _ => Ok(rate::rate(&recording, window, bin)),
    }
}

fn window(args: &PlotArgs, span: &Range<f64>) -> Result<Range<f64>, Failure> {
    let from = args.from.unwrap_or(span.start);
    let to = args.to.unwrap_or(if span.end > from { span.end } else { from + 1.0 });
    if !from.is_finite() || !to.is_finite() || to <= from {
        let message = format!("--from {from} --to {to}: allowed: finite times in ms, the first one before the other");
        return Err(Failure::input(message));
    }
    Ok(from..to)
}

fn bin(args: &PlotArgs, window: &Range<f64>) -> Result<Option<f64>, Failure> {
    const MOST_BINS: f64 = 10_000.0;
    let Some(bin) = args.bin else { return Ok(None) };
    let least = (window.end - window.start) / MOST_BINS;
    if bin.is_finite() && bin >= least {
        return Ok(Some(bin));
    }
    Err(Failure::input(format!("--bin {bin}: allowed: a finite width of at least {least} ms, for {MOST_BINS} bins")))
}

/// Neurons 0 and 1 are E, 2 is I; 100 ms.
#[cfg(test)]
fn sample(spikes: &[(f64, u32)]) -> Recording {
    use tauspike_record::{PopulationRange, Populations, SpikeTable};
    let range = |name: &str, first, size| PopulationRange { name: name.into(), first, size };
    let populations = Populations::new(vec![range("E", 0, 2), range("I", 2, 1)]).unwrap();
    let spikes = SpikeTable {
        time: spikes.iter().map(|s| s.0).collect(),
        neuron: spikes.iter().map(|s| s.1).collect(),
        population: spikes.iter().map(|s| u32::from(s.1 == 2)).collect(),
        names: vec!["E".into(), "I".into()],
        populations: Some(populations),
    };
    Recording { name: "test".into(), spikes, told: Some(0.0..100.0), how: None }
}

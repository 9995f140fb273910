//! `plot`: what was recorded, or the time constants of a scenario, as pictures.

mod activity;
mod chart;
mod histogram;
mod picture;
mod tau;

use crate::args::{PlotArgs, PlotKind};
use crate::failure::Failure;
use crate::output;
use crate::recording::Recording;
use chart::Chart;
use std::ops::Range;

/// # Errors
/// If the input cannot be read, an option makes no sense, or a file exists or cannot be written.
pub fn plot(args: &PlotArgs) -> Result<(), Failure> {
    let outputs = args.outputs();
    for path in &outputs {
        picture::check(path, args.force)?;
    }
    let svg = chart::svg(&draw(args)?).map_err(Failure::output)?;
    for path in &outputs {
        picture::write(&svg, path)?;
        output::print(&format!("wrote   {}\n", path.display()))?;
    }
    Ok(())
}

fn draw(args: &PlotArgs) -> Result<Chart, Failure> {
    if args.kind == PlotKind::Tau {
        let scenario = tauspike_scenario::load(&args.input, &args.set)?;
        return Ok(tau::histogram(&scenario.network(1)?, scenario.name()));
    }
    if let Some(set) = args.set.first() {
        return Err(Failure::input(format!("--set {set}: allowed: for plot tau, which reads a scenario")));
    }
    let recording = Recording::read(&args.input)?;
    let window = window(args, recording.duration)?;
    match args.kind {
        PlotKind::Raster => Ok(activity::raster(&recording, window)),
        PlotKind::Isi => Ok(activity::isi(&recording, window)),
        _ => {
            let bin = bin(args, &window)?;
            Ok(activity::rate(&recording, window, bin))
        }
    }
}

fn window(args: &PlotArgs, duration: f64) -> Result<Range<f64>, Failure> {
    let to = args.to.unwrap_or(if duration > args.from { duration } else { args.from + 1.0 });
    if !args.from.is_finite() || !to.is_finite() || to <= args.from {
        let message =
            format!("--from {} --to {to}: allowed: finite times in ms, the first one before the other", args.from);
        return Err(Failure::input(message));
    }
    Ok(args.from..to)
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

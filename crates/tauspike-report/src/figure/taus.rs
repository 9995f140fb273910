//! How time constants are spread.

use super::{Shown, followed, of_profile};
use crate::picture::{Axis, Figure, Lines, Panel, Point, Series, Style};

/// Bins of a histogram, evenly over the logarithm.
const BINS: usize = 24;

pub(super) fn histograms(shown: &Shown) -> Figure {
    let followed = followed(shown.study);
    let drawn: Vec<&(crate::arm::Profile, Vec<f64>)> =
        shown.study.taus.iter().filter(|(profile, _)| followed.contains(profile)).collect();
    let all = || drawn.iter().flat_map(|(_, taus)| taus.iter().copied());
    let (low, high) = all().fold((f64::INFINITY, 0.0f64), |(a, b), tau| (a.min(tau), b.max(tau)));
    let mut panels = Vec::new();
    if low < high {
        let width = (high / low).ln() / BINS as f64;
        let line = |(profile, taus): &&(crate::arm::Profile, Vec<f64>)| -> Series {
            let mut counts = [0.0; BINS];
            for tau in taus {
                counts[(((tau / low).ln() / width) as usize).min(BINS - 1)] += 1.0 / taus.len() as f64;
            }
            let middle = |bin: usize| low * (width * (bin as f64 + 0.5)).exp();
            let point = |(bin, share): (usize, &f64)| Point {
                x: middle(bin),
                y: *share,
                low: *share,
                high: *share,
                note: String::new(),
            };
            of_profile(shown.study, profile, Style::Line, counts.iter().enumerate().map(point).collect())
        };
        // One bin holds all neurons of a homogeneous network: it would hide the others.
        let series = drawn.iter().filter(|(profile, _)| profile.cv > 0.0).map(line).collect();
        let y = Axis::new("share of neurons");
        panels.push(Panel::Lines(Lines {
            title: "time constants".into(),
            x: Axis::log("time constant (ms)"),
            y,
            series,
        }));
    }
    Figure {
        name: "taus",
        title: "How time constants are spread".into(),
        caption: "Shares of neurons in bins of equal width on a logarithmic axis, all seeds, at the mean of the study file. The \
            left-most bin holds those raised to the smallest time constant allowed; the share of them, and of those below the step, is \
            in summary.parquet."
            .into(),
        panels,
    }
}

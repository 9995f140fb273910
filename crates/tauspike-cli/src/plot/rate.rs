//! Picture of the rate of each population over time.

use super::axis::{Axis, round_up};
use super::chart::{Chart, Marks, Panel};
use super::histogram;
use crate::recording::Recording;
use std::ops::Range;

const BINS: usize = 200;

/// Mean rate of each population in bins of `bin` ms; if absent, a round width that gives at most 200 bins.
pub fn rate(recording: &Recording, window: Range<f64>, bin: Option<f64>) -> Chart {
    let span = window.end - window.start;
    let bin = bin.unwrap_or_else(|| round_up(span / BINS as f64));
    let bins = (span / bin).ceil().max(1.0) as usize;
    let sizes = recording.sizes();
    let mut counts = vec![vec![0u64; bins]; sizes.len()];
    for ((&time, _), &population) in recording.rows().filter(|((time, _), _)| window.contains(time)) {
        counts[population as usize][(((time - window.start) / bin) as usize).min(bins - 1)] += 1;
    }
    let mut series = vec![Vec::new(); recording.spikes.names.len()];
    for ((series, counts), size) in series.iter_mut().zip(&counts).zip(&sizes) {
        for (k, count) in counts.iter().enumerate() {
            let left = window.start + bin * k as f64;
            let width = bin.min(window.end - left);
            // A population of which nothing is known but that it has not fired has no members.
            let members = f64::from((*size).max(1));
            series.push((left, *count as f64 / (members * width * 1e-3)));
        }
        series.extend(series.last().map(|last| (window.end, last.1)));
    }
    let y = histogram::heights(series.iter().flatten().map(|step| step.1));
    Chart {
        title: format!("{}: population rate, bins of {bin} ms", recording.name),
        names: recording.spikes.names.clone(),
        x: Axis::new(format!("time (ms); rates in bins of {bin} ms"), window),
        main: Panel { y: Axis::new("rate (Hz)", y), marks: Marks::Steps, series },
        beneath: None,
        beside: None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn a_rate_is_spikes_over_members_and_width_also_of_a_short_last_bin() {
        let recording = sample(&[(1.0, 0), (11.0, 2), (14.0, 0), (14.5, 1), (99.0, 2)]);
        let chart = rate(&recording, 0.0..15.0, Some(10.0));
        assert_eq!(chart.main.series[0], [(0.0, 50.0), (10.0, 200.0), (15.0, 200.0)]);
        assert_eq!(chart.main.series[1], [(0.0, 0.0), (10.0, 200.0), (15.0, 200.0)]);
    }
}

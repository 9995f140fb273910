//! Picture of the intervals between spikes.

use super::axis::Axis;
use super::chart::{Chart, Marks, Panel};
use super::histogram;
use crate::recording::Recording;
use std::collections::HashMap;
use std::ops::Range;

const BINS: usize = 60;

/// Histogram of the interspike intervals of each population, up to the 99th percentile of all.
pub fn isi(recording: &Recording, window: Range<f64>) -> Chart {
    let mut intervals = vec![Vec::new(); recording.spikes.names.len()];
    let mut last: HashMap<u32, f64> = HashMap::new();
    for ((&time, &neuron), &population) in recording.rows().filter(|((time, _), _)| window.contains(time)) {
        if let Some(before) = last.insert(neuron, time) {
            intervals[population as usize].push(time - before);
        }
    }
    let longest = histogram::quantile(&mut intervals.concat(), 0.99).filter(|longest| *longest > 0.0);
    let cut = if longest.is_some() { "longest 1 % not shown" } else { "there are none" };
    let x = 0.0..longest.unwrap_or(1.0);
    let series: Vec<_> = intervals.iter().map(|intervals| histogram::shares(intervals, &x, BINS)).collect();
    let y = histogram::heights(series.iter().flatten().map(|step| step.1));
    Chart {
        title: format!("{}: interspike intervals ({cut})", recording.name),
        names: recording.spikes.names.clone(),
        x: Axis::new("interspike interval (ms)", x),
        main: Panel { y: Axis::new("share of intervals", y), marks: Marks::Steps, series },
        beneath: None,
        beside: None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn intervals_are_those_of_one_neuron() {
        let chart = isi(&sample(&[(0.0, 0), (1.0, 1), (4.0, 0), (5.0, 1), (6.0, 2)]), 0.0..100.0);
        assert_eq!(chart.x.range, 0.0..4.0);
        let share = |series: usize| chart.main.series[series][..BINS].iter().map(|v| v.1).sum::<f64>();
        assert_eq!((share(0), share(1)), (1.0, 0.0));
    }
}

//! Pictures of recorded spikes: raster, rate and interspike intervals.

use super::chart::{Chart, Marks, Series};
use super::histogram;
use crate::recording::Recording;
use std::collections::HashMap;
use std::ops::Range;

/// Dots a raster may have before it shows only some of the neurons: an SVG holds each of them.
const MOST_DOTS: usize = 20_000;
const RATE_BINS: usize = 200;
const ISI_BINS: usize = 60;

/// A dot for each spike in `window` (ms): time against global index. If there are too many, one in k neurons is shown, and the
/// title says so.
pub fn raster(recording: &Recording, window: Range<f64>) -> Chart {
    let inside = |time: &f64| window.contains(time);
    let spikes = recording.spikes.time.iter().filter(|time| inside(time)).count();
    let every = spikes.div_ceil(MOST_DOTS).max(1) as u32;
    let mut series = empty_series(recording);
    for ((&time, &neuron), &population) in recording.rows() {
        if inside(&time) && neuron % every == 0 {
            series[population as usize].values.push((time, f64::from(neuron)));
        }
    }
    let share = if every == 1 { String::new() } else { format!(", 1 in {every} neurons shown") };
    let last = recording.spikes.neuron.iter().max().map_or(1, |last| last + 1);
    let neurons = recording.spikes.populations.as_ref().map_or(last, |populations| populations.end());
    Chart {
        title: format!("{}: spikes{share}", recording.name),
        x_label: "time (ms)",
        y_label: "neuron (global index)",
        x: window,
        y: -0.5..f64::from(neurons) - 0.5,
        marks: Marks::Dots,
        series,
    }
}

/// Mean rate of each population in bins of `bin` ms; if absent, a round width that gives at most 200 bins.
pub fn rate(recording: &Recording, window: Range<f64>, bin: Option<f64>) -> Chart {
    let span = window.end - window.start;
    let bin = bin.unwrap_or_else(|| round_up(span / RATE_BINS as f64));
    let bins = (span / bin).ceil().max(1.0) as usize;
    let sizes = recording.sizes();
    let mut counts = vec![vec![0u64; bins]; sizes.len()];
    for ((&time, _), &population) in recording.rows().filter(|((time, _), _)| window.contains(time)) {
        counts[population as usize][(((time - window.start) / bin) as usize).min(bins - 1)] += 1;
    }
    let mut series = empty_series(recording);
    for ((series, counts), size) in series.iter_mut().zip(&counts).zip(&sizes) {
        for (k, count) in counts.iter().enumerate() {
            let left = window.start + bin * k as f64;
            let width = bin.min(window.end - left);
            series.values.push((left, *count as f64 / (f64::from(*size) * width * 1e-3)));
        }
        series.values.extend(series.values.last().map(|last| (window.end, last.1)));
    }
    let y = histogram::heights(series.iter().flat_map(|series| &series.values));
    let title = format!("{}: population rate, bins of {bin} ms", recording.name);
    Chart { title, x_label: "time (ms)", y_label: "rate (Hz)", x: window, y, marks: Marks::Steps, series }
}

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
    let x = 0.0..longest.unwrap_or(1.0);
    let mut series = empty_series(recording);
    for (series, intervals) in series.iter_mut().zip(&intervals) {
        series.values = histogram::shares(intervals, &x, ISI_BINS);
    }
    Chart {
        title: format!("{}: interspike intervals (longest 1 % not shown)", recording.name),
        x_label: "interspike interval (ms)",
        y_label: "share of intervals",
        y: histogram::heights(series.iter().flat_map(|series| &series.values)),
        x,
        marks: Marks::Steps,
        series,
    }
}

fn empty_series(recording: &Recording) -> Vec<Series> {
    recording.spikes.names.iter().map(|name| Series { label: name.clone(), values: Vec::new() }).collect()
}

/// The next 1, 2 or 5 times a power of ten.
fn round_up(value: f64) -> f64 {
    let power = 10f64.powi(value.log10().floor() as i32);
    [1.0, 2.0, 5.0, 10.0].map(|digit| digit * power).into_iter().find(|round| *round >= value).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tauspike_record::{PopulationRange, Populations, SpikeTable};

    /// Neurons 0 and 1 are E, 2 is I.
    fn recording(spikes: &[(f64, u32)]) -> Recording {
        let range = |name: &str, first, size| PopulationRange { name: name.into(), first, size };
        let populations = Populations::new(vec![range("E", 0, 2), range("I", 2, 1)]).unwrap();
        let spikes = SpikeTable {
            time: spikes.iter().map(|s| s.0).collect(),
            neuron: spikes.iter().map(|s| s.1).collect(),
            population: spikes.iter().map(|s| u32::from(s.1 == 2)).collect(),
            names: vec!["E".into(), "I".into()],
            populations: Some(populations),
        };
        Recording { name: "test".into(), spikes, duration: 100.0 }
    }

    #[test]
    fn a_rate_is_spikes_over_members_and_width_also_of_a_short_last_bin() {
        let recording = recording(&[(1.0, 0), (11.0, 2), (14.0, 0), (14.5, 1), (99.0, 2)]);
        let chart = rate(&recording, 0.0..15.0, Some(10.0));
        assert_eq!(chart.series[0].values, [(0.0, 50.0), (10.0, 200.0), (15.0, 200.0)]);
        assert_eq!(chart.series[1].values, [(0.0, 0.0), (10.0, 200.0), (15.0, 200.0)]);
    }

    #[test]
    fn intervals_are_those_of_one_neuron() {
        let chart = isi(&recording(&[(0.0, 0), (1.0, 1), (4.0, 0), (5.0, 1), (6.0, 2)]), 0.0..100.0);
        assert_eq!(chart.x, 0.0..4.0);
        let share = |series: usize| chart.series[series].values[..ISI_BINS].iter().map(|v| v.1).sum::<f64>();
        assert_eq!((share(0), share(1)), (1.0, 0.0));
    }

    #[test]
    fn a_crowded_raster_shows_some_neurons_and_says_so() {
        let crowd: Vec<_> = (0..MOST_DOTS + 1).map(|k| (k as f64 * 1e-3, (k % 3) as u32)).collect();
        let chart = raster(&recording(&crowd), 0.0..100.0);
        assert!(chart.title.contains("1 in 2 neurons"), "{}", chart.title);
        assert!(chart.series.iter().map(|s| s.values.len()).sum::<usize>() <= MOST_DOTS);
        let few = raster(&recording(&[(1.0, 0), (60.0, 2)]), 0.0..50.0);
        assert!(!few.title.contains("neurons shown"));
        assert_eq!(few.series[0].values, [(1.0, 0.0)]);
        assert!(few.series[1].values.is_empty(), "outside the window");
    }

    #[test]
    fn bins_are_of_round_width() {
        assert_eq!([0.3, 5.0, 7.0, 51.0].map(round_up), [0.5, 5.0, 10.0, 100.0]);
    }
}

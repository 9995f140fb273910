//! Picture of every spike, by time and neuron, with the rate of each population beneath.

use super::axis::Axis;
use super::chart::{Beside, Chart, Marks, Panel};
use super::{histogram, rate};
use crate::recording::Recording;
use std::ops::Range;

/// Dots a raster may have before it shows only some of the neurons: an SVG holds each of them.
const MOST_DOTS: usize = 20_000;
/// Points that the edge of a population's bars may have.
const MOST_BARS: usize = 500;

/// The rows of neurons sorted by tau_m: those of one population together, in the order of populations.
pub struct Sorted {
    /// Row of each neuron, by global index.
    rows: Vec<u32>,
    /// For each population (tau_m in ms, row), ascending; none for sources.
    bars: Vec<Vec<(f64, f64)>>,
}

impl Sorted {
    /// `tau_m` has a value, ms, for each neuron by global index; none for a source. `populations` are their ranges.
    pub fn by_tau_m(tau_m: &[Option<f64>], populations: &[Range<u32>]) -> Self {
        let mut rows = vec![0; tau_m.len()];
        let mut bars = Vec::with_capacity(populations.len());
        for population in populations {
            let mut members: Vec<u32> = population.clone().collect();
            let of = |neuron: &u32| tau_m[*neuron as usize];
            // A stable sort: sources, and neurons of one tau_m, stay in the order of their indices.
            members.sort_by(|a, b| of(a).unwrap_or(0.0).total_cmp(&of(b).unwrap_or(0.0)));
            let mut edge = Vec::with_capacity(members.len());
            for (row, neuron) in (population.start..).zip(&members) {
                rows[*neuron as usize] = row;
                edge.extend(of(neuron).map(|tau_m| (tau_m, f64::from(row))));
            }
            bars.push(thinned(&edge));
        }
        Self { rows, bars }
    }
}

/// At most about [`MOST_BARS`] of them, the last one included.
fn thinned(edge: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let every = edge.len().div_ceil(MOST_BARS).max(1);
    let mut kept: Vec<(f64, f64)> = edge.iter().copied().step_by(every).collect();
    if kept.last() != edge.last() {
        kept.extend(edge.last());
    }
    kept
}

/// A dot for each spike in `window` (ms): time against global index, or row if `sorted`. If there are too many, one in k neurons is
/// shown, and the title says so. The rates are in bins of `bin` ms.
pub fn raster(recording: &Recording, window: Range<f64>, bin: Option<f64>, sorted: Option<&Sorted>) -> Chart {
    let inside = |time: &f64| window.contains(time);
    let spikes = recording.spikes.time.iter().filter(|time| inside(time)).count();
    let every = spikes.div_ceil(MOST_DOTS).max(1) as u32;
    let row_of = |neuron: u32| sorted.and_then(|sorted| sorted.rows.get(neuron as usize).copied()).unwrap_or(neuron);
    let mut series = vec![Vec::new(); recording.spikes.names.len()];
    for ((&time, &neuron), &population) in recording.rows() {
        let row = row_of(neuron);
        if inside(&time) && row.is_multiple_of(every) {
            series[population as usize].push((time, f64::from(row)));
        }
    }
    let shown = match (spikes, every) {
        (0, _) => ", none in this time".to_owned(),
        (_, 1) => String::new(),
        _ => format!(", 1 in {every} neurons shown"),
    };
    let last = recording.spikes.neuron.iter().max().map_or(1, |last| last.saturating_add(1));
    let neurons = recording.spikes.populations.as_ref().map_or(last, |populations| populations.end());
    let y = if sorted.is_some() { "neuron, sorted by tau_m" } else { "neuron (global index)" };
    let rates = rate::rate(recording, window.clone(), bin);
    Chart {
        title: format!("{}: spikes{shown}", recording.name),
        names: recording.spikes.names.clone(),
        x: rates.x,
        main: Panel { y: Axis::counting(y, neurons), marks: Marks::Dots, series },
        beneath: Some(rates.main),
        beside: sorted.map(|sorted| Beside {
            x: Axis::new("tau_m (ms)", histogram::heights(sorted.bars.iter().flatten().map(|bar| bar.0))),
            series: sorted.bars.clone(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn a_crowded_raster_shows_some_neurons_and_says_so() {
        let crowd: Vec<_> = (0..MOST_DOTS + 1).map(|k| (k as f64 * 1e-3, (k % 3) as u32)).collect();
        let chart = raster(&sample(&crowd), 0.0..100.0, None, None);
        assert!(chart.title.contains("1 in 2 neurons"), "{}", chart.title);
        assert!(chart.main.series.iter().map(Vec::len).sum::<usize>() <= MOST_DOTS);
        let few = raster(&sample(&[(1.0, 0), (60.0, 2)]), 0.0..50.0, None, None);
        assert!(!few.title.contains("neurons shown"));
        assert_eq!(few.main.series[0], [(1.0, 0.0)]);
        assert!(few.main.series[1].is_empty(), "outside the window");
    }

    #[test]
    fn neurons_are_sorted_within_their_population_and_their_tau_m_stands_beside_them() {
        let sorted = Sorted::by_tau_m(&[Some(30.0), Some(10.0), None], &[0..2, 2..3]);
        let chart = raster(&sample(&[(1.0, 0), (2.0, 1), (3.0, 2)]), 0.0..50.0, None, Some(&sorted));
        assert_eq!(chart.main.series, [vec![(1.0, 1.0), (2.0, 0.0)], vec![(3.0, 2.0)]]);
        assert!(chart.main.y.label.contains("tau_m"));
        let beside = chart.beside.unwrap();
        assert_eq!(beside.series, [vec![(10.0, 0.0), (30.0, 1.0)], vec![]]);
        assert_eq!(beside.x.label, "tau_m (ms)");
    }

    #[test]
    fn many_bars_are_thinned_and_the_last_is_kept() {
        let edge: Vec<(f64, f64)> = (0..10_001).map(|k| (f64::from(k), f64::from(k))).collect();
        let kept = thinned(&edge);
        assert!(kept.len() <= MOST_BARS + 1 && kept.last() == edge.last() && kept[0] == edge[0]);
        assert!(thinned(&[]).is_empty());
    }
}

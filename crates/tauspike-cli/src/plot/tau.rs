//! Picture of the membrane time constants a network came out with.

use super::axis::Axis;
use super::chart::{Chart, Marks, Panel};
use super::histogram;
use tauspike_network::population::Cells;
use tauspike_network::{Moments, Network};

const BINS: usize = 60;

/// Histogram of tau_m of each population of neurons, up to the largest 99.5th percentile of a population.
pub fn histogram(network: &Network, name: &str) -> Chart {
    let mut populations = Vec::new();
    for population in network.populations() {
        if let Cells::Lif(lif) = &population.cells {
            populations.push((&population.name, lif.tau_m.values(population.size as usize).collect::<Vec<f64>>()));
        }
    }
    let ends = populations.iter_mut().filter_map(|(_, values)| histogram::quantile(values, 0.995));
    let most = ends.fold(f64::NEG_INFINITY, f64::max);
    let all = populations.iter().flat_map(|(_, values)| values.iter().copied().filter(|value| *value <= most));
    let x = histogram::extent(all);
    let cut = populations.iter().any(|(_, values)| values.iter().any(|value| *value > most));
    let cut = if cut { " (longest 0.5 % not shown)" } else { "" };
    let series: Vec<_> = populations.iter().map(|(_, values)| histogram::shares(values, &x, BINS)).collect();
    Chart {
        title: format!("{name}: membrane time constants{cut}"),
        names: populations.iter().map(|(name, values)| format!("{name}: {}", told(values))).collect(),
        main: Panel {
            y: Axis::new("share of neurons", histogram::heights(series.iter().flatten().map(|step| step.1))),
            marks: Marks::Steps,
            series,
        },
        x: Axis::new("tau_m (ms)", x),
        beneath: None,
        beside: None,
    }
}

fn told(values: &[f64]) -> String {
    let moments = Moments::of(values);
    format!("mean {:.2} ms, CV {:.2}", moments.mean, moments.cv())
}

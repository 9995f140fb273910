//! What the neurons of a population have in common: lattice, passes, length of a window.

use crate::block::scaled::members;
use tauspike_network::fanout::{self, FanOut};
use tauspike_network::input::Drive;
use tauspike_network::network::Network;
use tauspike_network::population::{Cells, Synapse};
use tauspike_neuron::elementary::power_of_two_within;
use tauspike_neuron::{Extent, Lattice, Passes};

/// What a population of delta neurons has in common.
#[derive(Clone, Copy)]
pub(crate) struct Kind {
    pub lattice: Lattice,
    pub passes: Passes,
    /// 64 bits are enough.
    pub narrow: bool,
    /// Length of a window, ms: a power of two.
    pub window: f64,
}

impl Kind {
    /// What the neurons of a population have in common, if they are neurons with delta synapses; `width` is the length of an epoch, ms.
    pub fn of(network: &Network, population: u32, width: f64) -> Option<Self> {
        let of_population = &network.populations()[population as usize];
        let Cells::Lif(lif) = &of_population.cells else { return None };
        if !matches!(lif.synapse, Synapse::Delta) {
            return None;
        }
        let members = of_population.range().len();
        let inputs = || network.inputs().iter().filter(move |input| input.population == population);
        let mut currents = vec![(0.0, 0.0); members];
        let mut weight = 0.0f64;
        let mut jolts = 0.0f64;
        for input in inputs() {
            let reached =
                || (0..).map(|m| (m, input.position(m))).take(input.members.as_ref().map_or(members, Vec::len));
            match &input.drive {
                Drive::Current { signal, scale } => {
                    let low = signal.values.iter().copied().fold(0.0, f64::min);
                    let high = signal.values.iter().copied().fold(0.0, f64::max);
                    for (m, k) in reached() {
                        let (a, b) = (scale.get(m) * low, scale.get(m) * high);
                        currents[k] = (currents[k].0 + a.min(b), currents[k].1 + a.max(b));
                    }
                }
                Drive::Poisson { rate, weight: column } => {
                    weight = reached().map(|(m, _)| column.get(m).abs()).fold(weight, f64::max);
                    let mean = |(m, _): (usize, usize)| rate.base_hz.get(m) * 1e-3 * column.get(m).max(0.0);
                    jolts += reached().map(mean).fold(0.0, f64::max);
                }
            }
        }
        for projection in network.projections().iter().filter(|p| p.target == population) {
            weight = weight.max(largest_weight(&projection.fan_out));
        }
        let extent: Extent = members::extent(lif, members, |k| currents[k], weight);
        let shortest = (0..members).map(|k| lif.tau_m.get(k)).fold(f64::INFINITY, f64::min);
        let passes = Passes::within(shortest, extent.octaves());
        // so long that private excitation lifts V by a fiftieth of its range
        let calm = 0.02 * extent.scales.0 / jolts.max(f64::MIN_POSITIVE);
        let window = power_of_two_within(calm.min(width).clamp(1.0 / 64.0, 1.0)).min(passes.length);
        Some(Self { lattice: Lattice::of(&extent), passes, narrow: extent.is_narrow(), window })
    }
}

fn largest_weight(fan_out: &FanOut) -> f64 {
    match fan_out {
        FanOut::Stored(blocks) => {
            let of = |rows: &fanout::Rows| rows.weights.values(rows.targets.len()).map(f64::abs).fold(0.0, f64::max);
            let shared = |rows: &fanout::Rows| rows.weights.shared().map(f64::abs);
            blocks.iter().map(|rows| shared(rows).unwrap_or_else(|| of(rows))).fold(0.0, f64::max)
        }
        FanOut::Procedural(procedural) => procedural.weight().map_or(f64::INFINITY, f64::abs),
    }
}

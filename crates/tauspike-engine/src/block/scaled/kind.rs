//! What the neurons of a population have in common: lattice, passes, how much private input comes to them.

use crate::block::scaled::potentials;
use tauspike_network::input::Drive;
use tauspike_network::network::Network;
use tauspike_network::population::{Cells, Synapse};
use tauspike_neuron::dynamics::{ALPHA, EXPONENTIAL};
use tauspike_neuron::elementary::exp2;
use tauspike_neuron::{Extent, Int, Kinetics, Lattice, Passes, kinetics, scaled};

/// What the neurons of a population have in common.
#[derive(Clone, Copy)]
pub(crate) struct Kind {
    pub lattice: Lattice,
    pub passes: Passes,
    /// 64 bits are enough for as many bits as potentials have, if not too much arrives.
    pub narrow: bool,
    pub reach: Reach,
    /// Events of private input in a ms at a neuron that gets most.
    pub private: f64,
}

/// How far integers may go, in terms of weights.
#[derive(Clone, Copy)]
pub(crate) struct Reach {
    /// Units that a weight of 1, in mV or pA, may add.
    pub units: f64,
    /// The weight that lifts V by the largest range of potentials.
    pub scale: f64,
    /// The weight that lifts V by 1 mV.
    pub per_mv: f64,
}

impl Kind {
    /// What the neurons of a population have in common, if they are neurons.
    pub fn of(network: &Network, population: u32) -> Option<Self> {
        let of_population = &network.populations()[population as usize];
        let Cells::Lif(lif) = &of_population.cells else { return None };
        let members = of_population.range().len();
        let inputs = || network.inputs().iter().filter(move |input| input.population == population);
        let mut currents = vec![(0.0, 0.0); members];
        let mut private = 0.0;
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
                Drive::Poisson { rate, .. } => {
                    private += reached().map(|(m, _)| rate.base_hz.get(m) * 1e-3).fold(0.0, f64::max);
                }
            }
        }
        let jumps = matches!(lif.synapse, Synapse::Delta);
        let bits = if jumps { scaled::BITS } else { kinetics::BITS };
        let extent: Extent = potentials::extent(lif, members, bits);
        let scales = potentials::scales(lif, members, |k| currents[k]);
        let lattice = Lattice::of(&extent);
        let all = 0..members;
        let shortest = all.clone().map(|k| lif.tau_m.get(k)).fold(f64::INFINITY, f64::min);
        let (passes, reach) = match &lif.synapse {
            Synapse::Delta => {
                // where all decay alike, going from pass to pass costs little, and short ones leave more bits for sums
                let octaves = if lif.tau_m.shared().is_some() { 1.0 } else { extent.octaves() };
                let units = exp2(octaves + 1.0) * lattice.unit;
                (Passes::within(shortest, octaves), Reach { units, scale: scales.1, per_mv: 1.0 })
            }
            Synapse::Exponential { tau_syn_ex, tau_syn_in } | Synapse::Alpha { tau_syn_ex, tau_syn_in } => {
                let of = |k: usize| (tau_syn_ex.get(k), tau_syn_in.get(k));
                let shortest = all.clone().map(|k| of(k).0.min(of(k).1)).fold(shortest, f64::min);
                let passes = Passes::within(shortest, kinetics::OCTAVES);
                // mV that a pA lifts V by, at most and as long as V does not decay
                let is_alpha = matches!(lif.synapse, Synapse::Alpha { .. });
                let peak = |k| {
                    let (tau_m, c_m) = (lif.tau_m.get(k), lif.c_m.get(k));
                    match is_alpha {
                        true => Kinetics::<ALPHA>::new(tau_m, of(k), c_m, lattice).lift(),
                        false => Kinetics::<EXPONENTIAL>::new(tau_m, of(k), c_m, lattice).lift(),
                    }
                };
                let peak = all.map(peak).fold(0.0, f64::max);
                let most = kinetics::most(if is_alpha { ALPHA } else { EXPONENTIAL });
                let reach = Reach { units: most * peak * lattice.unit, scale: scales.1 / peak, per_mv: 1.0 / peak };
                (passes, reach)
            }
        };
        let fits = 4.0 * reach.scale * reach.units <= 2.0 * i64::LIMIT && scales.1 <= 64.0 * extent.scales.0;
        let narrow = extent.is_narrow() && fits;
        Some(Self { lattice, passes, narrow, reach, private })
    }
}

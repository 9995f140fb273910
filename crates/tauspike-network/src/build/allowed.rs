//! What may be done to the neurons and sources of a finished network while it runs: no more than may be described beforehand,
//! by the rule of `build/drive.rs`.

use crate::build::drive::{Bounds, fastest, weights};
use crate::build::extent::Extent;
use crate::table::input::Drive;
use crate::table::network::Network;
use crate::table::population::{Cells, Rate};
use std::ops::RangeInclusive;

/// What a neuron allows beside all that its network describes.
#[derive(Clone, Debug, PartialEq)]
pub struct Allowed {
    /// Current that may be added, pA: V_inf stays where it may be, whatever the described currents are at the time.
    pub current: RangeInclusive<f64>,
    /// Weight of an arrival, mV (delta) or pA (exponential).
    pub weight: RangeInclusive<f64>,
}

impl Network {
    /// What each neuron of population number `population` allows, by position in it; none if it has no neurons.
    ///
    /// # Panics
    /// If there is no such population.
    pub fn allowed(&self, population: usize) -> Vec<Allowed> {
        let Cells::Lif(lif) = &self.populations[population].cells else { return Vec::new() };
        let mut currents: Vec<Extent> =
            lif.i_e.values(self.populations[population].size as usize).map(|i_e| Extent::NONE.and(i_e)).collect();
        for input in self.inputs.iter().filter(|input| input.population as usize == population) {
            let Drive::Current { signal, scale } = &input.drive else { continue };
            let (low, high) = signal.extremes();
            for k in 0..input.members.as_ref().map_or(currents.len(), Vec::len) {
                let here = Extent::NONE.and(scale.get(k) * low).and(scale.get(k) * high);
                let sum = &mut currents[input.position(k)];
                *sum = Extent { low: sum.low + here.low, high: sum.high + here.high };
            }
        }
        let of = |(member, current): (usize, &Extent)| {
            let Extent { low, high } = Bounds::of(lif, member).current;
            // one that is not there is allowed in any case
            let added = (low - current.low).min(0.0)..=(high - current.high).max(0.0);
            let Extent { low, high } = weights(lif, member, *current);
            Allowed { current: added, weight: low..=high }
        };
        currents.iter().enumerate().map(of).collect()
    }
}

impl Rate {
    /// Largest rate per member that may be given to these processes, Hz.
    pub fn most_hz(&self) -> f64 {
        fastest(self)
    }
}

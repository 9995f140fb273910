//! Rates that a program has set while the network runs.

use serde::{Deserialize, Serialize};
use tauspike_network::column::Column;
use tauspike_network::input::Drive;
use tauspike_network::network::Network;
use tauspike_network::population::{Cells, Rate};

/// So often rates of one input are changed before it goes on with draws of another stream: a stream has 256 generations, and snapshots
/// with other rates need some too.
const FRESH: u32 = 128;

/// All rates that have been set.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Rates(Vec<Known>);

/// The rate of one input or population.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Known {
    pub whose: Whose,
    /// Rate of each member, Hz.
    pub hz: f64,
    /// How often it has been set.
    times: u32,
}

/// What a rate belongs to, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Whose {
    Input(String),
    Population(String),
}

/// A rate as blocks and sources are told of it.
pub(crate) struct SetRate {
    /// Number of the input, or of the population.
    pub ordinal: usize,
    /// All members have one base rate.
    pub rate: Rate,
    /// Draws from this stream, which nobody has used, if there is one.
    pub stream: Option<u32>,
}

impl Rates {
    /// Keeps a rate; whether its input is to draw from a fresh stream.
    pub fn set(&mut self, whose: Whose, hz: f64) -> bool {
        let number = self.0.iter().position(|known| known.whose == whose).unwrap_or(self.0.len());
        if number == self.0.len() {
            self.0.push(Known { whose, hz, times: 0 });
        }
        let known = &mut self.0[number];
        (known.hz, known.times) = (hz, known.times.wrapping_add(1));
        known.times.is_multiple_of(FRESH)
    }

    pub fn each(&self) -> impl Iterator<Item = &Known> {
        self.0.iter()
    }
}

impl Whose {
    /// Number of the input or population in a network, and its rate, if it has one.
    pub fn find<'a>(&self, network: &'a Network) -> Option<(usize, &'a Rate)> {
        match self {
            Self::Input(name) => network.inputs().iter().enumerate().find_map(|(ordinal, input)| match &input.drive {
                Drive::Poisson { rate, .. } if input.name == *name => Some((ordinal, rate)),
                _ => None,
            }),
            Self::Population(name) => {
                network.populations().iter().enumerate().find_map(|(ordinal, population)| match &population.cells {
                    Cells::Poisson(rate) if population.name == *name => Some((ordinal, rate)),
                    _ => None,
                })
            }
        }
    }
}

impl SetRate {
    /// The same process with another base rate, Hz.
    pub fn new((ordinal, rate): (usize, &Rate), hz: f64, stream: Option<u32>) -> Self {
        Self { ordinal, rate: Rate { base_hz: Column::Shared(hz), ..rate.clone() }, stream }
    }
}

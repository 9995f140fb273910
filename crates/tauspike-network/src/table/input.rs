//! Inputs that belong to their target neurons and need no fan-out row.

use crate::table::column::Column;
use crate::table::population::{Rate, Signal};
use std::sync::Arc;

/// One declared input. Its number in [`crate::network::Network::inputs`] keys its random draws and orders simultaneous arrivals.
#[derive(Clone, Debug)]
pub struct Input {
    /// Name in reports.
    pub name: String,
    /// Index of the target population, which must consist of LIF neurons.
    pub population: u32,
    /// Positions in the population, strictly increasing; every member if absent.
    pub members: Option<Vec<u32>>,
    /// What arrives.
    pub drive: Drive,
}

/// What an input brings to each of its members.
#[derive(Clone, Debug)]
pub enum Drive {
    /// A private Poisson train per member, acting like a synapse of this weight (mV or pA) without delay.
    Poisson {
        /// Rate of each member's train; columns are indexed by number in `members` (or position).
        rate: Rate,
        /// Weight per member, mV (delta) or pA (currents).
        weight: Column,
    },
    /// A current that steps at given times, added to I_e: `scale[i] * signal(t)`.
    Current {
        /// The signal, pA before scaling.
        signal: Arc<Signal>,
        /// Factor per member.
        scale: Column,
    },
}

impl Input {
    /// Position in the population of member number `k`.
    pub fn position(&self, k: usize) -> usize {
        self.members.as_ref().map_or(k, |members| members[k] as usize)
    }

    /// Memory of what its members have each, bytes.
    pub(crate) fn bytes(&self) -> usize {
        let drive = match &self.drive {
            Drive::Poisson { rate, weight } => rate.base_hz.bytes() + weight.bytes(),
            Drive::Current { scale, .. } => scale.bytes(),
        };
        drive + self.members.as_ref().map_or(0, |members| members.len() * 4)
    }
}

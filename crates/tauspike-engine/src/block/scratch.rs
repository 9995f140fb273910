//! Room to work in, one for each thread; empty between epochs.

use crate::block::buckets::Buckets;
use crate::block::group::Group;
use crate::block::scaled::room::{Room, Spread};
use tauspike_network::network::Network;
use tauspike_neuron::Arrival;

/// Reused from block to block.
pub(crate) struct Scratch {
    pub(super) rows: Buckets<u32>,
    pub(super) arrivals: Buckets<Arrival>,
    /// Time and weight of each row that arrives, where all of its synapses are alike.
    pub(super) alike: Vec<Arrival>,
    pub(super) group: Group,
    pub(super) spread: Spread,
    pub(super) narrow: Room<i64>,
    pub(super) wide: Room<i128>,
}

impl Scratch {
    pub fn new(network: &Network) -> Self {
        let largest = network.blocks().iter().map(|b| b.len).max().unwrap_or(0) as usize;
        Self {
            rows: Buckets::new(largest),
            arrivals: Buckets::new(largest),
            alike: Vec::new(),
            group: Group::default(),
            spread: Spread::default(),
            narrow: Room::default(),
            wide: Room::default(),
        }
    }
}

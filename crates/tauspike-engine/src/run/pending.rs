//! The arrivals on their way, in the one order of `tauspike_spike::ArrivalOrder`.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use tauspike_network::network::Network;
use tauspike_spike::{ArrivalOrder, Spike};

/// All of them, synapse by synapse: the first to come is known at any time.
#[derive(Default)]
pub(super) struct PendingArrivals(BinaryHeap<Reverse<Pending>>);

/// An arrival on its way.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pending {
    pub order: ArrivalOrder,
    pub target: u32,
    weight: Weight,
}

/// Never decides an order: two arrivals equal in all else belong to one synapse.
#[derive(Clone, Copy)]
struct Weight(f64);

impl PartialEq for Weight {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
impl Eq for Weight {}
impl PartialOrd for Weight {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Weight {
    fn cmp(&self, _: &Self) -> std::cmp::Ordering {
        std::cmp::Ordering::Equal
    }
}

impl Pending {
    /// mV or pA.
    pub fn weight(&self) -> f64 {
        self.weight.0
    }
}

impl PendingArrivals {
    /// Time of the first, ms.
    pub fn next(&self) -> Option<f64> {
        self.0.peek().map(|p| p.0.order.time)
    }

    /// Takes the first, if it comes at `time` or before, in `wave` or before.
    pub fn pop(&mut self, time: f64, wave: u32) -> Option<Pending> {
        let first = self.0.peek().filter(|p| p.0.order.time <= time && p.0.order.wave <= wave);
        first.is_some().then(|| self.0.pop().map(|p| p.0)).flatten()
    }

    /// Adds an arrival that comes of no spike, number `position` of such.
    pub fn push(&mut self, (target, time, weight): (u32, f64, f64), position: u32) {
        let none = u32::MAX;
        let order = ArrivalOrder { time, wave: 0, projection: none, spike_time: time, source: none, position };
        self.0.push(Reverse(Pending { order, target, weight: Weight(weight) }));
    }

    /// Adds the arrivals of `spike`; `wave` gives the wave of an arrival time, or none if it is over.
    pub fn expand(&mut self, network: &Network, population: usize, spike: Spike, wave: impl Fn(f64) -> Option<u32>) {
        let first = network.populations()[population].first;
        for (projection, p) in network.projections().iter().enumerate().filter(|(_, p)| p.source as usize == population)
        {
            let first_block = network.blocks().partition_point(|b| b.population < p.target);
            p.each_synapse(spike.source - first, |block, position, synapse| {
                let time = spike.time + synapse.delay;
                let Some(wave) = wave(time) else { return };
                let (projection, spike_time, source) = (projection as u32, spike.time, spike.source);
                let order = ArrivalOrder { time, wave, projection, spike_time, source, position };
                let target = network.blocks()[first_block + block].first + u32::from(synapse.target);
                self.0.push(Reverse(Pending { order, target, weight: Weight(synapse.weight) }));
            });
        }
    }
}

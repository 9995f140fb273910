//! Spikes on their way.
//!
//! A spike stays here, once, until its last synapse has been reached. Where all delays of a projection are one, its row arrives
//! whole in one epoch. Where they are drawn, each block hands the row's synapses out to [`crate::block::slots`] soon after take-off, those
//! up to a *horizon*: the part of the row between two horizons is contiguous, because rows are sorted by delay. When time comes to
//! the horizon it is moved on, and the spikes still in flight are handed out further.

use crate::transit::span::first_at;
use tauspike_network::fanout::{Delays, Projection, Rows};
use tauspike_network::network::Network;
use tauspike_spike::Spike;

/// Spikes in flight, by source population, each list in the order of `Spike`.
#[derive(Default)]
pub(crate) struct Flights {
    pub of_population: Vec<Vec<Spike>>,
    /// Largest delay of any projection from the population, ms; negative if it has none.
    reach: Vec<f64>,
    first: Vec<u32>,
    /// Index of the first spike that took off in the last epoch, by source population.
    pub(super) fresh: Vec<usize>,
    /// All arrivals before this have been handed out, but those of fresh spikes, ms.
    pub(super) horizon: f64,
}

impl Flights {
    pub fn new(network: &Network) -> Self {
        let mut reach = vec![f64::NEG_INFINITY; network.populations().len()];
        for p in network.projections().iter().filter(|p| p.min_delay < f64::INFINITY) {
            let longest = &mut reach[p.source as usize];
            *longest = longest.max(p.max_delay);
        }
        let first = network.populations().iter().map(|p| p.first).collect();
        let populations = network.populations().len();
        let of_population = vec![Vec::new(); populations];
        Self { of_population, reach, first, fresh: vec![0; populations], horizon: f64::NEG_INFINITY }
    }

    /// Takes off with `spikes`, which are sorted and not earlier than any before.
    pub fn launch(&mut self, spikes: &[Spike]) {
        for (fresh, spikes) in self.fresh.iter_mut().zip(&self.of_population) {
            *fresh = spikes.len();
        }
        for spike in spikes {
            let population = self.first.partition_point(|&first| first <= spike.source) - 1;
            if self.reach[population] >= 0.0 {
                self.of_population[population].push(*spike);
            }
        }
    }

    /// Forgets spikes all of whose arrivals are before `now`.
    pub fn land(&mut self, now: f64) {
        for ((spikes, reach), fresh) in self.of_population.iter_mut().zip(&self.reach).zip(&mut self.fresh) {
            let landed = spikes.partition_point(|spike| spike.time + reach < now);
            if 2 * landed > spikes.len() {
                spikes.drain(..landed);
                *fresh = fresh.saturating_sub(landed);
            }
        }
    }

    /// Bytes of the spikes.
    pub fn bytes(&self) -> usize {
        self.of_population.iter().map(|spikes| size_of_val(&spikes[..])).sum()
    }

    /// A time before which nothing arrives at `from` or later, ms; infinite if nothing is on its way. What has been handed out is
    /// known to the blocks and not counted here.
    pub fn next_arrival(&self, network: &Network, from: f64) -> f64 {
        let used = network.projections().iter().filter(|p| p.min_delay < f64::INFINITY);
        used.map(|p| self.next_of(p, from)).fold(f64::INFINITY, f64::min)
    }

    fn next_of(&self, p: &Projection, from: f64) -> f64 {
        let (source, spikes) = (p.source as usize, &self.of_population[p.source as usize]);
        if p.min_delay == p.max_delay {
            let next = spikes.partition_point(|spike| spike.time + p.min_delay < from);
            return spikes.get(next).map_or(f64::INFINITY, |spike| spike.time + p.min_delay);
        }
        let fresh = spikes.get(self.fresh[source]).map_or(f64::INFINITY, |spike| spike.time + p.min_delay);
        let from = from.max(self.horizon);
        let far = spikes.partition_point(|spike| spike.time + p.max_delay < from);
        let beyond = |spike: &Spike| match p.stored() {
            Some(blocks) => next_in_row(blocks, spike.source - self.first[source], spike.time, from),
            None => from,
        };
        spikes[far..].iter().map(beyond).fold(fresh, f64::min)
    }
}

/// The first arrival at or after `from` of the row of `source`, which fired at `time`, ms. Rows are sorted by delay.
fn next_in_row(blocks: &[Rows], source: u32, time: f64, from: f64) -> f64 {
    let next = |rows: &Rows| {
        let Delays::Each(delays) = &rows.delays else {
            let mut arrivals = rows.pieces(source).map(|(_, delay)| time + delay);
            return arrivals.find(|arrival| *arrival >= from).unwrap_or(f64::INFINITY);
        };
        let row = rows.row(source);
        let k = first_at(row.clone(), |k| time + delays.get(k) >= from);
        if k < row.end { time + delays.get(k) } else { f64::INFINITY }
    };
    blocks.iter().map(next).fold(f64::INFINITY, f64::min)
}

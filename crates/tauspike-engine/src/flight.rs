//! Spikes on their way, and what of them arrives in an epoch.
//!
//! A spike stays here, once, until its last synapse has been reached; no arrival is stored. Rows are sorted by delay, so the
//! arrivals of one spike in one epoch are a contiguous piece of its row, found by comparing `spike time + delay`, the very
//! number that is the arrival's time, with the ends of the epoch.

use std::ops::Range;
use tauspike_network::network::Network;
use tauspike_spike::Spike;

/// Spikes in flight, by source population, each list in the order of `Spike`.
#[derive(Default)]
pub(crate) struct Flights {
    pub of_population: Vec<Vec<Spike>>,
    /// Largest delay of any projection from the population, ms; negative if it has none.
    reach: Vec<f64>,
    first: Vec<u32>,
}

impl Flights {
    pub fn new(network: &Network) -> Self {
        let mut reach = vec![f64::NEG_INFINITY; network.populations.len()];
        for p in network.projections.iter().filter(|p| p.min_delay < f64::INFINITY) {
            let longest = &mut reach[p.source as usize];
            *longest = longest.max(p.max_delay);
        }
        let first = network.populations.iter().map(|p| p.first).collect();
        Self { of_population: vec![Vec::new(); network.populations.len()], reach, first }
    }

    /// Takes off with `spikes`, which are sorted and not earlier than any before.
    pub fn launch(&mut self, spikes: &[Spike]) {
        for spike in spikes {
            let population = self.first.partition_point(|&first| first <= spike.source) - 1;
            if self.reach[population] >= 0.0 {
                self.of_population[population].push(*spike);
            }
        }
    }

    /// Forgets spikes all of whose arrivals are before `now`.
    pub fn land(&mut self, now: f64) {
        for (spikes, reach) in self.of_population.iter_mut().zip(&self.reach) {
            let landed = spikes.partition_point(|spike| spike.time + reach < now);
            if 2 * landed > spikes.len() {
                spikes.drain(..landed);
            }
        }
    }
}

/// What arrives in `[from, until)`.
pub(crate) struct Plan {
    pub from: f64,
    pub until: f64,
    /// By target population.
    pub targets: Vec<Incoming>,
}

/// What arrives at one population.
pub(crate) enum Incoming {
    /// All its projections have one delay each: pieces in the order of arrival.
    Sorted { projections: Vec<u32>, pieces: Vec<Piece> },
    /// Delays differ within a projection: the flights of each projection that may arrive, to be sorted at the target.
    Spread { projections: Vec<u32>, flights: Vec<Range<usize>> },
}

impl Incoming {
    /// Whether the arrivals of each target come in order.
    pub fn sorted(&self) -> bool {
        matches!(self, Self::Sorted { .. })
    }
}

/// The whole row of one source, arriving at once.
#[derive(Clone, Copy)]
pub(crate) struct Piece {
    pub time: f64,
    pub projection: u32,
    /// Position of the source in its population.
    pub source: u32,
    spike_time: f64,
}

impl Plan {
    pub fn new(network: &Network) -> Self {
        let incoming = |population: usize| {
            let numbered = network.projections.iter().enumerate();
            let here: Vec<_> =
                numbered.filter(|(_, p)| p.target as usize == population && p.min_delay < f64::INFINITY).collect();
            let projections: Vec<u32> = here.iter().map(|(k, _)| *k as u32).collect();
            if here.iter().all(|(_, p)| p.min_delay == p.max_delay) {
                Incoming::Sorted { projections, pieces: Vec::new() }
            } else {
                Incoming::Spread { flights: vec![0..0; projections.len()], projections }
            }
        };
        Self { from: 0.0, until: 0.0, targets: (0..network.populations.len()).map(incoming).collect() }
    }

    /// Plans the epoch `[from, until)`.
    pub fn make(&mut self, network: &Network, flights: &Flights, (from, until): (f64, f64)) {
        (self.from, self.until) = (from, until);
        for incoming in &mut self.targets {
            match incoming {
                Incoming::Sorted { projections, pieces } => {
                    pieces.clear();
                    for &p in projections.iter() {
                        gather(network, flights, (from, until), p, pieces);
                    }
                    if projections.len() > 1 {
                        pieces.sort_unstable_by(Piece::order);
                    }
                }
                Incoming::Spread { projections, flights: ranges } => {
                    for (range, &p) in ranges.iter_mut().zip(projections.iter()) {
                        *range = arriving(network, flights, (from, until), p);
                    }
                }
            }
        }
    }
}

impl Piece {
    fn order(&self, other: &Self) -> std::cmp::Ordering {
        // ORDER: that of tauspike_spike::ArrivalOrder, for whole rows
        self.time
            .total_cmp(&other.time)
            .then(self.projection.cmp(&other.projection))
            .then(self.spike_time.total_cmp(&other.spike_time))
            .then(self.source.cmp(&other.source))
    }
}

fn arriving(network: &Network, flights: &Flights, (from, until): (f64, f64), projection: u32) -> Range<usize> {
    let p = &network.projections[projection as usize];
    let spikes = &flights.of_population[p.source as usize];
    // ORDER: rounding is monotone, so `spike.time + delay` is sorted as the spikes are
    let start = spikes.partition_point(|spike| spike.time + p.max_delay < from);
    let end = spikes.partition_point(|spike| spike.time + p.min_delay < until);
    start..end.max(start)
}

fn gather(network: &Network, flights: &Flights, span: (f64, f64), projection: u32, pieces: &mut Vec<Piece>) {
    let p = &network.projections[projection as usize];
    let first = network.populations[p.source as usize].first;
    for spike in &flights.of_population[p.source as usize][arriving(network, flights, span, projection)] {
        let time = spike.time + p.min_delay;
        pieces.push(Piece { time, projection, source: spike.source - first, spike_time: spike.time });
    }
}

//! Spikes on their way, and what of them arrives in an epoch.
//!
//! A spike stays here, once, until its last synapse has been reached. Where all delays of a projection are one, its row arrives
//! whole in one epoch. Where they are drawn, each block hands the row's synapses out to [`crate::slots`] soon after take-off, those
//! up to a *horizon*: the part of the row between two horizons is contiguous, because rows are sorted by delay. When time comes to
//! the horizon it is moved on, and the spikes still in flight are handed out further.

use crate::redraw::Redraw;
use crate::slots::{REACH, Slots};
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
    /// Place of the first spike that took off in the last epoch, by source population.
    fresh: Vec<usize>,
    /// All arrivals before this have been handed out, but those of fresh spikes, ms.
    horizon: f64,
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
}

/// What arrives in `[from, until)`.
pub(crate) struct Plan {
    pub from: f64,
    pub until: f64,
    /// By target population.
    pub targets: Vec<Incoming>,
    /// By projection.
    pub redraws: Vec<Redraw>,
}

/// What arrives at one population.
pub(crate) enum Incoming {
    /// All its projections have one delay each: pieces in the order of arrival.
    Sorted { projections: Vec<u32>, pieces: Vec<Piece> },
    /// Delays differ within a projection: what has to be handed out before arrivals are taken, to be sorted at the target.
    Spread { projections: Vec<u32>, departures: Vec<Departure> },
}

/// Spikes of which a part has to be handed out.
pub(crate) struct Departure {
    /// Place of the projection in the list of those onto the population.
    pub place: usize,
    /// Places in the flights of its source.
    pub flights: Range<usize>,
    /// Number of the first one's row among those drawn in the epoch, if the projection is procedural.
    pub first_row: u32,
    /// The arrivals, ms.
    pub span: (f64, f64),
}

impl Incoming {
    /// Nothing yet, over the projections onto `population`.
    fn of(network: &Network, population: usize) -> Self {
        let numbered = network.projections().iter().enumerate();
        let here: Vec<_> =
            numbered.filter(|(_, p)| p.target as usize == population && p.min_delay < f64::INFINITY).collect();
        let projections: Vec<u32> = here.iter().map(|(k, _)| *k as u32).collect();
        if here.iter().all(|(_, p)| p.min_delay == p.max_delay) {
            Self::Sorted { projections, pieces: Vec::new() }
        } else {
            Self::Spread { projections, departures: Vec::new() }
        }
    }

    /// Empty slots for what arrives at a block of `population`; `width` is the length of an epoch, ms.
    pub fn slots(network: &Network, population: u32, width: f64) -> Slots {
        match Self::of(network, population as usize) {
            Self::Sorted { .. } => Slots::new(0, width),
            Self::Spread { projections, .. } => Slots::new(projections.len(), width),
        }
    }

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
    /// Position of the source in its population; if the projection is procedural, number of the row among those of the epoch.
    pub row: u32,
    spike_time: f64,
}

impl Plan {
    pub fn new(network: &Network) -> Self {
        let populations = 0..network.populations().len();
        Self {
            from: 0.0,
            until: 0.0,
            targets: populations.map(|population| Incoming::of(network, population)).collect(),
            redraws: network.projections().iter().map(Redraw::of).collect(),
        }
    }

    /// Plans the epoch `[from, until)`. `width` is the length of a whole epoch, ms.
    pub fn make(&mut self, network: &Network, flights: &mut Flights, (from, until): (f64, f64), width: f64) {
        (self.from, self.until) = (from, until);
        let before = flights.horizon.max(from);
        if until > flights.horizon {
            flights.horizon = from + width * f64::from(REACH);
        }
        let spans = [(before, flights.horizon), (from, flights.horizon)];
        self.redraws.iter_mut().for_each(|redraw| redraw.sources.clear());
        for incoming in &mut self.targets {
            match incoming {
                Incoming::Sorted { projections, pieces } => {
                    pieces.clear();
                    for &p in projections.iter() {
                        gather((network, flights), (from, until), (p, &mut self.redraws[p as usize]), pieces);
                    }
                    if projections.len() > 1 {
                        pieces.sort_unstable_by(Piece::order);
                    }
                }
                Incoming::Spread { projections, departures } => {
                    departures.clear();
                    for (place, &p) in projections.iter().enumerate() {
                        depart((network, flights), spans, (place, p, &mut self.redraws[p as usize]), departures);
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
            .then(self.row.cmp(&other.row))
    }
}

fn arriving(network: &Network, flights: &Flights, (from, until): (f64, f64), projection: u32) -> Range<usize> {
    let p = &network.projections()[projection as usize];
    let spikes = &flights.of_population[p.source as usize];
    // ORDER: rounding is monotone, so `spike.time + delay` is sorted as the spikes are
    let start = spikes.partition_point(|spike| spike.time + p.max_delay < from);
    let end = spikes.partition_point(|spike| spike.time + p.min_delay < until);
    start..end.max(start)
}

fn gather(
    (network, flights): (&Network, &Flights),
    span: (f64, f64),
    (projection, redraw): (u32, &mut Redraw),
    pieces: &mut Vec<Piece>,
) {
    let p = &network.projections()[projection as usize];
    let first = network.populations()[p.source as usize].first;
    let spikes = &flights.of_population[p.source as usize][arriving(network, flights, span, projection)];
    let piece = |spike: &Spike, row| Piece { time: spike.time + p.min_delay, projection, row, spike_time: spike.time };
    if p.stored().is_some() {
        pieces.extend(spikes.iter().map(|spike| piece(spike, spike.source - first)));
    } else {
        let first_row = redraw.ask(spikes, first);
        pieces.extend(spikes.iter().zip(first_row..).map(|(spike, row)| piece(spike, row)));
    }
}

/// Adds what has to be handed out of one projection: of the spikes from before `spans[0]`, of the fresh ones `spans[1]`.
fn depart(
    (network, flights): (&Network, &Flights),
    spans: [(f64, f64); 2],
    (place, projection, redraw): (usize, u32, &mut Redraw),
    departures: &mut Vec<Departure>,
) {
    let p = &network.projections()[projection as usize];
    let (source, first) = (p.source as usize, network.populations()[p.source as usize].first);
    let all = arriving(network, flights, spans[0], projection);
    let fresh = flights.fresh[source];
    // ORDER: the earlier spikes first
    for (span, range) in spans.into_iter().zip([all.start.min(fresh)..fresh.min(all.end), fresh..all.end.max(fresh)]) {
        if span.0 >= span.1 || range.is_empty() {
            continue;
        }
        let first_row = match p.stored() {
            Some(_) => 0,
            None => redraw.ask(&flights.of_population[source][range.clone()], first),
        };
        departures.push(Departure { place, flights: range, first_row, span });
    }
}

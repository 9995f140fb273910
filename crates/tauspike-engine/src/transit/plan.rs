//! What arrives in an epoch, and what has to be handed out for later ones.

use crate::block::slots::REACH;
use crate::transit::flights::Flights;
use crate::transit::redraw::Redraw;
use crate::transit::span::Span;
use std::ops::Range;
use tauspike_network::fanout::Projection;
use tauspike_network::network::Network;
use tauspike_spike::Spike;

/// What arrives in an epoch.
pub(crate) struct Plan {
    pub epoch: Span,
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
    /// Which of the projections onto the population.
    pub onto: usize,
    /// Indices in the flights of its source.
    pub flights: Range<usize>,
    /// Number of the first one's row among those drawn in the epoch, if the projection is procedural.
    pub first_row: u32,
    /// The arrivals.
    pub span: Span,
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

    /// Whether the arrivals at `population` are handed out.
    pub fn is_handed_out(network: &Network, population: u32) -> bool {
        matches!(Self::of(network, population as usize), Self::Spread { .. })
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
            epoch: Span { from: 0.0, until: 0.0 },
            targets: populations.map(|population| Incoming::of(network, population)).collect(),
            redraws: network.projections().iter().map(Redraw::of).collect(),
        }
    }

    /// Plans `epoch`. `width` is the length of a whole one, ms.
    pub fn make(&mut self, network: &Network, flights: &mut Flights, epoch: Span, width: f64) {
        self.epoch = epoch;
        let before = flights.horizon.max(epoch.from);
        if epoch.until > flights.horizon {
            flights.horizon = epoch.from + width * f64::from(REACH);
        }
        let older = Span { from: before, until: flights.horizon };
        let fresh = Span { from: epoch.from, until: flights.horizon };
        self.redraws.iter_mut().for_each(|redraw| redraw.sources.clear());
        for incoming in &mut self.targets {
            match incoming {
                Incoming::Sorted { projections, pieces } => {
                    pieces.clear();
                    for &projection in projections.iter() {
                        let row = Row { network, flights, projection };
                        row.gather(epoch, &mut self.redraws[projection as usize], pieces);
                    }
                    if projections.len() > 1 {
                        pieces.sort_unstable_by(Piece::order);
                    }
                }
                Incoming::Spread { projections, departures } => {
                    departures.clear();
                    for (onto, &projection) in projections.iter().enumerate() {
                        let row = Row { network, flights, projection };
                        let redraw = &mut self.redraws[projection as usize];
                        row.depart(Parts { older, fresh }, onto, redraw, departures);
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

/// What has to be handed out: of the spikes from before the last epoch, and of those that took off in it.
struct Parts {
    older: Span,
    fresh: Span,
}

/// The rows of one projection's spikes in flight.
struct Row<'a> {
    network: &'a Network,
    flights: &'a Flights,
    projection: u32,
}

impl Row<'_> {
    fn projection(&self) -> &Projection {
        &self.network.projections()[self.projection as usize]
    }

    fn spikes(&self) -> &[Spike] {
        &self.flights.of_population[self.projection().source as usize]
    }

    /// Global index of the first source.
    fn first(&self) -> u32 {
        self.network.populations()[self.projection().source as usize].first
    }

    /// Spikes some of whose arrivals are in `span`.
    fn arriving(&self, span: Span) -> Range<usize> {
        let (p, spikes) = (self.projection(), self.spikes());
        // ORDER: rounding is monotone, so `spike.time + delay` is sorted as the spikes are
        let start = spikes.partition_point(|spike| spike.time + p.max_delay < span.from);
        let end = spikes.partition_point(|spike| spike.time + p.min_delay < span.until);
        start..end.max(start)
    }

    /// Adds the rows that arrive in `epoch`, whole.
    fn gather(&self, epoch: Span, redraw: &mut Redraw, pieces: &mut Vec<Piece>) {
        let (p, projection, first) = (self.projection(), self.projection, self.first());
        let spikes = &self.spikes()[self.arriving(epoch)];
        let piece =
            |spike: &Spike, row| Piece { time: spike.time + p.min_delay, projection, row, spike_time: spike.time };
        if p.stored().is_some() {
            pieces.extend(spikes.iter().map(|spike| piece(spike, spike.source - first)));
        } else {
            let first_row = redraw.ask(spikes, first);
            pieces.extend(spikes.iter().zip(first_row..).map(|(spike, row)| piece(spike, row)));
        }
    }

    /// Adds what has to be handed out.
    fn depart(&self, parts: Parts, onto: usize, redraw: &mut Redraw, departures: &mut Vec<Departure>) {
        let p = self.projection();
        let all = self.arriving(parts.older);
        let fresh = self.flights.fresh[p.source as usize];
        // ORDER: the earlier spikes first
        let parts = [(parts.older, all.start.min(fresh)..fresh.min(all.end)), (parts.fresh, fresh..all.end.max(fresh))];
        for (span, flights) in parts {
            if span.from >= span.until || flights.is_empty() {
                continue;
            }
            let first_row = match p.stored() {
                Some(_) => 0,
                None => redraw.ask(&self.spikes()[flights.clone()], self.first()),
            };
            departures.push(Departure { onto, flights, first_row, span });
        }
    }
}

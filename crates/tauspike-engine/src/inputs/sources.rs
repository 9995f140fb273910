//! Spike sources: they fire at given times or as Poisson processes and have no membrane.

use crate::inputs::process::{Position, Process};
use crate::inputs::trains::Trains;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use tauspike_network::network::Network;
use tauspike_network::population::{Cells, Population, Rate};
use tauspike_spike::Spike;

/// The sources of one population.
pub(crate) enum Sources {
    /// All spikes in order, and how many have been given out.
    Trains { spikes: Vec<Spike>, given: usize },
    /// A heap of next spikes; `positions` by position in the population.
    Poisson {
        process: Process,
        first: u32,
        intervals: Vec<f64>,
        positions: Vec<Position>,
        /// As in [`Trains`].
        origins: Vec<Position>,
        next: BinaryHeap<Reverse<Spike>>,
    },
}

impl Sources {
    /// One entry for each population; `None` for neurons.
    pub fn of(network: &Network) -> Vec<Option<Self>> {
        network.populations().iter().enumerate().map(|(k, p)| Self::of_population(network, k, p)).collect()
    }

    fn of_population(network: &Network, index: usize, population: &Population) -> Option<Self> {
        match &population.cells {
            Cells::Lif(_) => None,
            Cells::Trains(trains) => {
                let numbered = trains.iter().zip(population.range());
                let mut spikes: Vec<Spike> = numbered
                    .flat_map(|(train, source)| train.iter().map(move |&time| Spike { time, source }))
                    .collect();
                spikes.sort_unstable();
                Some(Self::Trains { spikes, given: 0 })
            }
            Cells::Poisson(rate) => {
                let ordinal = (network.inputs().len() + index) as u32;
                Some(Self::poisson(Process::new(network.seed(), ordinal, rate), population, rate))
            }
        }
    }

    fn poisson(process: Process, population: &Population, rate: &Rate) -> Self {
        let intervals: Vec<f64> =
            (0..population.size as usize).map(|n| process.interval(rate.base_hz.get(n))).collect();
        let positions: Vec<Position> =
            population.range().zip(&intervals).map(|(source, &interval)| process.first(source, interval)).collect();
        let next = upcoming(population.first, &positions);
        Self::Poisson { process, first: population.first, intervals, positions, origins: Vec::new(), next }
    }

    /// Time of the next spike, ms; infinite if none.
    pub fn next(&self) -> f64 {
        match self {
            Self::Trains { spikes, given } => spikes.get(*given).map_or(f64::INFINITY, |spike| spike.time),
            Self::Poisson { next, .. } => next.peek().map_or(f64::INFINITY, |spike| spike.0.time),
        }
    }

    /// Appends the spikes before `until`.
    pub fn pull(&mut self, until: f64, out: &mut Vec<Spike>) {
        match self {
            Self::Trains { spikes, given } => {
                let due = spikes[*given..].partition_point(|spike| spike.time < until);
                out.extend_from_slice(&spikes[*given..*given + due]);
                *given += due;
            }
            Self::Poisson { process, first, intervals, positions, next, .. } => {
                while let Some(Reverse(spike)) = next.peek().copied().filter(|spike| spike.0.time < until) {
                    out.push(spike);
                    next.pop();
                    let n = (spike.source - *first) as usize;
                    positions[n] = process.following(spike.source, intervals[n], positions[n]);
                    if positions[n].next < f64::INFINITY {
                        next.push(Reverse(Spike { time: positions[n].next, source: spike.source }));
                    }
                }
            }
        }
    }

    /// What a snapshot keeps: nothing of given trains, whose past follows from the time.
    pub fn save(&self) -> Option<Trains> {
        match self {
            Self::Trains { .. } => None,
            Self::Poisson { process, intervals, positions, origins, .. } => {
                Some(Trains::of(process, positions, intervals.clone(), origins))
            }
        }
    }

    /// Goes on from what was saved; false if it does not fit.
    pub fn load(&mut self, saved: Option<Trains>, now: f64) -> bool {
        match (self, saved) {
            (Self::Trains { spikes, given }, None) => {
                *given = spikes.partition_point(|spike| spike.time < now);
                true
            }
            (Self::Poisson { process, first, intervals, positions, origins, next }, Some(saved))
                if saved.fits(positions.len(), now) =>
            {
                *process = process.clone().with_stream(saved.stream());
                let resumed = process.resume(*first, intervals.iter().copied(), &saved, now);
                (*positions, *origins) = (resumed.positions, resumed.origins);
                *next = upcoming(*first, positions);
                true
            }
            _ => false,
        }
    }
}

fn upcoming(first: u32, positions: &[Position]) -> BinaryHeap<Reverse<Spike>> {
    let numbered = positions.iter().zip(first..);
    numbered
        .filter(|(at, _)| at.next < f64::INFINITY)
        .map(|(at, source)| Reverse(Spike { time: at.next, source }))
        .collect()
}

//! Spike sources: they fire at given times or as Poisson processes and have no membrane.

use crate::inputs::injected::Awaited;
use crate::inputs::process::{Position, Process};
use crate::inputs::rates::SetRate;
use crate::inputs::trains::Trains;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;
use tauspike_network::network::Network;
use tauspike_network::population::{Cells, Population, Rate};
use tauspike_spike::Spike;

/// The sources of one population.
pub(crate) enum Sources {
    /// All spikes in order, how many have been given out, and those that a program has put in, if it ever has.
    Trains { spikes: Vec<Spike>, given: usize, injected: Option<Awaited<Spike>> },
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
                Some(Self::Trains { spikes, given: 0, injected: None })
            }
            Cells::Poisson(rate) => Some(Self::poisson(network, index, rate)),
        }
    }

    /// Poisson sources of population number `index` at time 0, at this rate.
    pub fn poisson(network: &Network, index: usize, rate: &Rate) -> Self {
        let population = &network.populations()[index];
        let process = Process::new(network.seed(), (network.inputs().len() + index) as u32, rate);
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
            Self::Trains { spikes, given, injected } => {
                let described = spikes.get(*given).map_or(f64::INFINITY, |spike| spike.time);
                injected.as_ref().map_or(described, |injected| described.min(injected.next()))
            }
            Self::Poisson { next, .. } => next.peek().map_or(f64::INFINITY, |spike| spike.0.time),
        }
    }

    /// Appends the spikes before `until`, in no order.
    pub fn pull(&mut self, until: f64, out: &mut Vec<Spike>) {
        match self {
            Self::Trains { spikes, given, injected } => {
                let due = spikes[*given..].partition_point(|spike| spike.time < until);
                out.extend_from_slice(&spikes[*given..*given + due]);
                *given += due;
                out.extend(injected.iter_mut().flat_map(|injected| std::iter::from_fn(|| injected.pop(until))));
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

    /// Puts in a spike at a time that has not been done; false if these fire by themselves.
    pub fn inject(&mut self, spike: Spike) -> bool {
        let Self::Trains { injected, .. } = self else { return false };
        injected.get_or_insert_default().push(spike);
        true
    }

    /// Makes the rate of Poisson sources another. They go on from `now`, ms, as after a snapshot; where that is none, they have drawn nothing.
    pub fn set_rate(&mut self, network: &Network, set: &SetRate, now: Option<f64>) {
        let saved = self.save();
        *self = Self::poisson(network, set.ordinal, &set.rate);
        if let Some(now) = now {
            self.load(saved, network.populations()[set.ordinal].range(), now);
        }
    }

    /// What a snapshot keeps: nothing of given trains, whose past follows from the time.
    pub fn save(&self) -> SourcesState {
        match self {
            Self::Trains { injected, .. } => SourcesState::Trains(injected.as_ref().map(Awaited::save)),
            Self::Poisson { process, intervals, positions, origins, .. } => {
                SourcesState::Poisson(Trains::of(process, positions, intervals.clone(), origins))
            }
        }
    }

    /// Goes on from what was saved of the sources `range`; false if it does not fit.
    pub fn load(&mut self, saved: SourcesState, range: Range<u32>, now: f64) -> bool {
        match (self, saved) {
            (Self::Trains { spikes, given, injected }, SourcesState::Trains(saved)) => {
                *given = spikes.partition_point(|spike| spike.time < now);
                let known = saved.iter().flatten().all(|spike| range.contains(&spike.source));
                *injected = saved.as_ref().and_then(|saved| Awaited::load(saved, now));
                known && injected.is_some() == saved.is_some()
            }
            (Self::Poisson { process, first, intervals, positions, origins, next }, SourcesState::Poisson(saved))
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

/// What a snapshot keeps of the sources of one population.
#[derive(Serialize, Deserialize)]
pub(crate) enum SourcesState {
    /// Spikes that have been put in and are to come; none if none ever were.
    Trains(Option<Vec<Spike>>),
    Poisson(Trains),
}

fn upcoming(first: u32, positions: &[Position]) -> BinaryHeap<Reverse<Spike>> {
    let numbered = positions.iter().zip(first..);
    numbered
        .filter(|(at, _)| at.next < f64::INFINITY)
        .map(|(at, source)| Reverse(Spike { time: at.next, source }))
        .collect()
}

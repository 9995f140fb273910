//! Private inputs of neurons: Poisson trains and current steps.
//!
//! Event k of a Poisson train is at `t_k = t_(k-1) + E_k / lambda`, `t_(-1) = start`, with `E_k = -ln u_k` and u_k drawn at index k
//! of the stream of (seed, input, neuron): exact inter-event times, whatever thread asks and however the run is cut. A rate
//! that changes in time is thinned (Lewis and Shedler 1979, Nav Res Logist Q 26:403): candidate k at the largest rate is kept if
//! its own second draw falls below rate(t_k) / largest rate.

use std::sync::Arc;
use tauspike_network::column::Column;
use tauspike_network::population::{Rate, Signal};
use tauspike_neuron::Arrival;
use tauspike_neuron::elementary::ln;
use tauspike_spike::Domain;
use tauspike_spike::draw::{block, unit_open_zero};

/// Intervals drawn at a time.
const LINE: usize = 16;

/// Position of a train: its next event, and the number of that event.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Position {
    /// ms; infinite when the train has ended.
    pub next: f64,
    pub index: u64,
}

/// What all trains of one Poisson input or population have in common.
#[derive(Clone, Debug)]
pub(crate) struct Process {
    seed: u64,
    intervals: Domain,
    acceptance: Domain,
    profile: Option<Profile>,
    start: f64,
    stop: f64,
}

#[derive(Clone, Debug)]
struct Profile {
    signal: Arc<Signal>,
    peak: f64,
    /// From here on the profile is 0.
    silent_from: f64,
}

impl Profile {
    fn new(signal: &Arc<Signal>) -> Self {
        let peak = signal.values.iter().copied().fold(0.0, f64::max);
        let last = signal.values.iter().rposition(|&value| value > 0.0);
        let silent_from = last.map_or(f64::NEG_INFINITY, |k| signal.times.get(k + 1).copied().unwrap_or(f64::INFINITY));
        Self { signal: signal.clone(), peak, silent_from }
    }

    fn at(&self, time: f64) -> f64 {
        let after = self.signal.times.partition_point(|&t| t <= time);
        if after == 0 { 0.0 } else { self.signal.values[after - 1] }
    }
}

impl Process {
    pub fn new(seed: u64, ordinal: u32, rate: &Rate) -> Self {
        Self {
            seed,
            intervals: Domain::poisson(ordinal),
            acceptance: Domain::thinning(ordinal),
            profile: rate.profile.as_ref().map(Profile::new),
            start: rate.start,
            stop: rate.stop,
        }
    }

    /// Mean interval between candidates, ms, of a train with base rate `hz`; infinite if it never fires.
    pub fn interval(&self, hz: f64) -> f64 {
        1000.0 / (hz * self.profile.as_ref().map_or(1.0, |p| p.peak))
    }

    pub fn first(&self, entity: u32, interval: f64) -> Position {
        if interval == f64::INFINITY {
            return Position { next: f64::INFINITY, index: 0 };
        }
        let next = self.start + self.exponential(entity, 0) * interval;
        self.accept(entity, interval, Position { next, index: 0 })
    }

    pub fn following(&self, entity: u32, interval: f64, at: Position) -> Position {
        let candidate = self.candidate(entity, interval, at);
        self.accept(entity, interval, candidate)
    }

    /// The intervals before events `LINE * line ..`, drawn together; the same bits as one by one.
    #[inline(always)]
    fn intervals(&self, entity: u32, interval: f64, line: u64) -> [f64; LINE] {
        let mut words = [[0u64; 2]; LINE / 2];
        for (k, pair) in words.iter_mut().enumerate() {
            *pair = block(self.seed, self.intervals, entity, line * (LINE / 2) as u64 + k as u64);
        }
        let mut steps = [0.0; LINE];
        for (step, word) in steps.iter_mut().zip(words.as_flattened()) {
            *step = -ln(unit_open_zero(*word)) * interval;
        }
        steps
    }

    fn exponential(&self, entity: u32, index: u64) -> f64 {
        -ln(unit_open_zero(block(self.seed, self.intervals, entity, index / 2)[(index % 2) as usize]))
    }

    fn candidate(&self, entity: u32, interval: f64, at: Position) -> Position {
        let index = at.index + 1;
        Position { next: at.next + self.exponential(entity, index) * interval, index }
    }

    fn accept(&self, entity: u32, interval: f64, mut at: Position) -> Position {
        if let Some(profile) = &self.profile {
            loop {
                if at.next >= profile.silent_from {
                    at.next = f64::INFINITY;
                    return at;
                }
                let word = block(self.seed, self.acceptance, entity, at.index / 2)[(at.index % 2) as usize];
                if at.next >= self.stop || unit_open_zero(word) * profile.peak <= profile.at(at.next) {
                    break;
                }
                at = self.candidate(entity, interval, at);
            }
        }
        if at.next >= self.stop {
            at.next = f64::INFINITY;
        }
        at
    }
}

/// One Poisson input as the neurons of one block see it.
pub(crate) struct PoissonLane {
    pub process: Process,
    /// Mean interval, ms, and weight, by position in the block.
    pub intervals: Column,
    pub weights: Column,
    pub positions: Vec<Position>,
    /// Intervals drawn ahead: those of the line that each position stands in, if the rate is constant. Not part of the state.
    pub ahead: Vec<[f64; LINE]>,
}

impl PoissonLane {
    /// Takes up `positions`; the entity of the first is `first`.
    pub fn stand(&mut self, first: u32, positions: Vec<Position>) {
        self.positions = positions;
        if self.process.profile.is_none() {
            let drawn = self.positions.iter().zip(first..).enumerate();
            let line = |(n, (at, entity)): (usize, (&Position, u32))| {
                self.process.intervals(entity, self.intervals.get(n), at.index / LINE as u64)
            };
            self.ahead = drawn.map(line).collect();
        }
    }

    /// Hands the events of neuron `n` before `until` to `event`.
    #[inline(always)]
    pub fn pull(&mut self, n: usize, entity: u32, until: f64, mut event: impl FnMut(Arrival)) {
        let at = &mut self.positions[n];
        if at.next >= until {
            return;
        }
        let (interval, weight) = (self.intervals.get(n), self.weights.get(n));
        if self.process.profile.is_some() {
            while at.next < until {
                event(Arrival { time: at.next, weight });
                *at = self.process.following(entity, interval, *at);
            }
            return;
        }
        let line = &mut self.ahead[n];
        while at.next < until {
            event(Arrival { time: at.next, weight });
            at.index += 1;
            let place = at.index as usize % LINE;
            if place == 0 {
                *line = self.process.intervals(entity, interval, at.index / LINE as u64);
            }
            at.next += line[place];
            if at.next >= self.process.stop {
                at.next = f64::INFINITY;
            }
        }
    }
}

impl PoissonLane {
    /// How long neuron `n` may wait before the next events are applied, `before` at most, if their positive weights may add up to
    /// `room`: the time, and the weight of the events before it. Sees as far as intervals are drawn.
    #[inline(always)]
    pub fn look_ahead(&self, n: usize, room: f64, before: f64) -> (f64, f64) {
        let at = self.positions[n];
        let weight = self.weights.get(n);
        if weight <= 0.0 {
            return (before, 0.0);
        }
        let (mut time, mut index, mut used) = (at.next, at.index as usize, 0.0);
        while time < before {
            index += 1;
            if used + weight > room || index % LINE == 0 || self.process.profile.is_some() {
                return (time, used);
            }
            used += weight;
            time += self.ahead[n][index % LINE];
            if time >= self.process.stop {
                time = f64::INFINITY;
            }
        }
        (before, used)
    }
}

/// One current input as the neurons of one block see it.
pub(crate) struct StepLane {
    pub signal: Arc<Signal>,
    /// By position in the block; `None` where the neuron is not a member.
    pub scale: Vec<Option<f64>>,
    /// Steps already taken, by position in the block.
    pub taken: Vec<u32>,
}

impl StepLane {
    /// Time of the next step of neuron `n`, ms; infinite if none.
    pub fn next(&self, n: usize) -> f64 {
        match self.scale[n] {
            Some(_) => self.signal.times.get(self.taken[n] as usize).copied().unwrap_or(f64::INFINITY),
            None => f64::INFINITY,
        }
    }

    /// Present amplitude at neuron `n`, pA.
    pub fn amplitude(&self, n: usize) -> f64 {
        match (self.scale[n], self.taken[n]) {
            (Some(scale), taken @ 1..) => scale * self.signal.values[taken as usize - 1],
            _ => 0.0,
        }
    }
}

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

/// Draw blocks, of two intervals each, made at a time where many events are wanted.
const BLOCKS: usize = 8;

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

    /// [`Process::following`] for a process without profile. One draw block holds two intervals: the second is kept in `spare`
    /// until its turn; NaN where it is not known.
    #[inline(always)]
    fn following_pair(&self, entity: u32, interval: f64, at: &mut Position, spare: &mut f64) {
        at.index += 1;
        if at.index % 2 == 1 && !spare.is_nan() {
            at.next += *spare;
        } else {
            let [even, odd] = block(self.seed, self.intervals, entity, at.index / 2);
            let step = [even, odd].map(|word| -ln(unit_open_zero(word)) * interval);
            at.next += step[(at.index % 2) as usize];
            *spare = step[1];
        }
        if at.next >= self.stop {
            at.next = f64::INFINITY;
        }
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

    /// Appends the events before `until`, many at a time; the same bits as one by one.
    #[inline(always)]
    fn pull_many(&self, entity: u32, interval: f64, at: &mut Position, until: f64, mut event: impl FnMut(f64)) {
        while at.next < until {
            let first = at.index + 1;
            let mut words = [[0u64; 2]; BLOCKS];
            for (k, pair) in words.iter_mut().enumerate() {
                *pair = block(self.seed, self.intervals, entity, first / 2 + k as u64);
            }
            let mut steps = [0.0; 2 * BLOCKS];
            for (step, word) in steps.iter_mut().zip(words.as_flattened()) {
                *step = -ln(unit_open_zero(*word)) * interval;
            }
            for &step in &steps[(first % 2) as usize..] {
                if at.next >= until {
                    break;
                }
                event(at.next);
                at.next += step;
                at.index += 1;
            }
        }
        if at.next >= self.stop {
            at.next = f64::INFINITY;
        }
    }
}

/// One Poisson input as the neurons of one block see it.
pub(crate) struct PoissonLane {
    pub process: Process,
    /// Mean interval, ms, and weight, by position in the block.
    pub intervals: Column,
    pub weights: Column,
    pub positions: Vec<Position>,
    /// Intervals drawn ahead, see [`Process::following_pair`]; not part of the state.
    pub spares: Vec<f64>,
    /// Events expected in an epoch are many: draw them in batches.
    pub dense: bool,
}

impl PoissonLane {
    /// Appends the events of neuron `n` before `until`; returns how many.
    #[inline(always)]
    pub fn pull(&mut self, n: usize, entity: u32, until: f64, out: &mut Vec<Arrival>) -> usize {
        let at = &mut self.positions[n];
        if at.next >= until {
            return 0;
        }
        let (interval, weight) = (self.intervals.get(n), self.weights.get(n));
        let before = out.len();
        if self.dense && self.process.profile.is_none() && until <= self.process.stop {
            self.spares[n] = f64::NAN;
            self.process.pull_many(entity, interval, at, until, |time| out.push(Arrival { time, weight }));
        } else if self.process.profile.is_none() {
            while at.next < until {
                out.push(Arrival { time: at.next, weight });
                self.process.following_pair(entity, interval, at, &mut self.spares[n]);
            }
        } else {
            while at.next < until {
                out.push(Arrival { time: at.next, weight });
                *at = self.process.following(entity, interval, *at);
            }
        }
        out.len() - before
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

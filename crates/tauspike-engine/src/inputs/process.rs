//! Poisson processes, one for each neuron of an input and for each source.
//!
//! Event k of a Poisson train is at `t_k = t_(k-1) + E_k / lambda`, `t_(-1) = start`, with `E_k = -ln u_k` and u_k drawn at index k
//! of the stream of (seed, input, neuron): exact inter-event times, whatever thread asks and however the run is cut. A rate
//! that changes in time is thinned (Lewis and Shedler 1979, Nav Res Logist Q 26:403): candidate k at the largest rate is kept if
//! its own second draw falls below rate(t_k) / largest rate.

use std::sync::Arc;
use tauspike_network::fingerprint::signal_digest;
use tauspike_network::population::{Rate, Signal};
use tauspike_neuron::elementary::ln;
use tauspike_spike::Domain;
use tauspike_spike::draw::{self, block, unit_open_zero};

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
    /// Number of the input or population, which keys the draws.
    stream: u32,
    intervals: Domain,
    acceptance: Domain,
    pub(super) profile: Option<Profile>,
    pub(super) start: f64,
    pub(super) stop: f64,
}

#[derive(Clone, Debug)]
pub(super) struct Profile {
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
    pub fn new(seed: u64, stream: u32, rate: &Rate) -> Self {
        Self {
            seed,
            stream,
            intervals: Domain::poisson(stream),
            acceptance: Domain::thinning(stream),
            profile: rate.profile.as_ref().map(Profile::new),
            start: rate.start,
            stop: rate.stop,
        }
    }

    /// The same with the draws of another stream.
    pub fn with_stream(self, stream: u32) -> Self {
        Self { stream, intervals: Domain::poisson(stream), acceptance: Domain::thinning(stream), ..self }
    }

    pub fn stream(&self) -> u32 {
        self.stream
    }

    /// Digest of the profile, if there is one.
    pub fn profile_digest(&self) -> Option<u64> {
        self.profile.as_ref().map(|profile| signal_digest(&profile.signal))
    }

    /// Draw `index` of a group of neurons; see [`crate::inputs::bulk`].
    #[inline(always)]
    pub fn draw(&self, group: u32, index: u64) -> [u64; 2] {
        block(self.seed, self.intervals, group, index)
    }

    /// Draws `first ..` of a group of neurons: the first numbers of all, and the second.
    #[inline(always)]
    pub fn draws(&self, group: u32, first: u64) -> [[u64; draw::LINE]; 2] {
        draw::line(self.seed, self.intervals, group, first)
    }

    /// Whether the event of that draw, at `time` ms, is one of a rate that changes.
    #[inline(always)]
    pub fn keeps(&self, group: u32, index: u64, time: f64) -> bool {
        let accepts = |profile: &Profile| {
            unit_open_zero(block(self.seed, self.acceptance, group, index)[0]) * profile.peak <= profile.at(time)
        };
        time < self.stop && self.profile.as_ref().is_none_or(accepts)
    }

    /// Whether every event before this time is kept.
    pub fn is_steady_until(&self, time: f64) -> bool {
        self.profile.is_none() && time < self.stop
    }

    /// Nothing happens at or after this time, ms.
    pub fn end(&self) -> f64 {
        self.profile.as_ref().map_or(self.stop, |profile| profile.silent_from.min(self.stop))
    }

    /// Mean interval between candidates, ms, of a train with base rate `hz`; infinite if it never fires.
    pub fn interval(&self, hz: f64) -> f64 {
        1000.0 / (hz * self.profile.as_ref().map_or(1.0, |p| p.peak))
    }

    /// Mean number of candidates in a ms, of a train with base rate `hz`.
    pub fn per_ms(&self, hz: f64) -> f64 {
        1.0 / self.interval(hz)
    }

    /// The first event of a train that begins with the process.
    pub fn first(&self, entity: u32, interval: f64) -> Position {
        self.begin(entity, interval, Position { next: self.start, index: 0 })
    }

    /// The first event of a train that begins at the time and with the draw of `origin`.
    pub fn begin(&self, entity: u32, interval: f64, origin: Position) -> Position {
        if interval == f64::INFINITY {
            return Position { next: f64::INFINITY, index: origin.index };
        }
        self.accept(entity, interval, self.first_candidate(entity, interval, origin))
    }

    pub(super) fn first_candidate(&self, entity: u32, interval: f64, origin: Position) -> Position {
        Position { next: origin.next + self.exponential(entity, origin.index) * interval, index: origin.index }
    }

    pub fn following(&self, entity: u32, interval: f64, at: Position) -> Position {
        let candidate = self.candidate(entity, interval, at);
        self.accept(entity, interval, candidate)
    }

    fn exponential(&self, entity: u32, index: u64) -> f64 {
        -ln(unit_open_zero(block(self.seed, self.intervals, entity, index / 2)[(index % 2) as usize]))
    }

    pub(super) fn candidate(&self, entity: u32, interval: f64, at: Position) -> Position {
        let index = at.index + 1;
        Position { next: at.next + self.exponential(entity, index) * interval, index }
    }

    pub(super) fn accept(&self, entity: u32, interval: f64, mut at: Position) -> Position {
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

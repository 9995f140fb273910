//! Poisson trains of sources that go on after a snapshot, perhaps at other rates (ADR 0012).

use crate::inputs::process::{Position, Process};
use serde::{Deserialize, Serialize};

/// Numbers of draws beyond this are in no snapshot that a run has written.
const MOST_DRAWS: u64 = 1 << 53;

/// What a snapshot keeps of the trains of one population of sources.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Trains {
    /// Number that keys the draws.
    stream: u32,
    /// ms.
    start: f64,
    stop: f64,
    /// Digest of the profile, if there is one.
    profile: Option<u64>,
    /// Next event of each train.
    positions: Vec<Position>,
    /// Mean interval between its candidates, ms.
    intervals: Vec<f64>,
    /// Where it began and with which draw; none if all began at `start` with draw 0.
    origins: Vec<Position>,
}

/// Trains at the time of a snapshot, as they go on.
pub(crate) struct Resumed {
    pub positions: Vec<Position>,
    /// As in [`Trains`].
    pub origins: Vec<Position>,
}

/// One train as it was.
struct Before {
    at: Position,
    interval: f64,
    origin: Position,
}

impl Trains {
    /// Those of `process`, which stand at `positions`.
    pub fn of(process: &Process, positions: &[Position], intervals: Vec<f64>, origins: &[Position]) -> Self {
        Self {
            stream: process.stream(),
            start: process.start,
            stop: process.stop,
            profile: process.profile_digest(),
            positions: positions.to_vec(),
            intervals,
            origins: origins.to_vec(),
        }
    }

    pub fn stream(&self) -> u32 {
        self.stream
    }

    /// Whether `trains` trains can be in this state at `now` ms.
    pub fn fits(&self, trains: usize, now: f64) -> bool {
        let drawn = |at: &Position| at.index < MOST_DRAWS && !at.next.is_nan();
        self.stream < 1 << 24
            && self.positions.len() == trains
            && self.intervals.len() == trains
            && (self.origins.is_empty() || self.origins.len() == trains)
            && self.positions.iter().all(|at| drawn(at) && at.next >= now)
            && self.origins.iter().all(|origin| drawn(origin) && origin.next >= 0.0)
            && self.start >= 0.0
    }

    fn before(&self, n: usize) -> Before {
        let first = Position { next: self.start, index: 0 };
        Before {
            at: self.positions[n],
            interval: self.intervals[n],
            origin: self.origins.get(n).copied().unwrap_or(first),
        }
    }
}

impl Process {
    /// The trains at `now` ms that have been `saved` until then, perhaps of another process: one for each of `intervals`, the
    /// first of `entity`.
    pub fn resume(&self, entity: u32, intervals: impl Iterator<Item = f64>, saved: &Trains, now: f64) -> Resumed {
        let (mut positions, mut origins) = (Vec::new(), Vec::new());
        for ((n, interval), entity) in intervals.enumerate().zip(entity..) {
            let before = saved.before(n);
            // with a rate of 0 nothing has been drawn since
            let begun = before.interval < f64::INFINITY && before.origin.next < now;
            let alike = interval.to_bits() == before.interval.to_bits();
            let goes_on = alike && (self.start == saved.start || (begun && self.start <= now));
            let index = if begun { before.at.index + 1 } else { before.origin.index };
            let (origin, at) = if interval == f64::INFINITY {
                (Position { next: self.start, index }, Position { next: f64::INFINITY, index })
            } else if goes_on {
                (before.origin, self.choose(entity, interval, (saved, &before), now))
            } else {
                let origin = Position { next: self.start.max(now), index };
                (origin, self.begin(entity, interval, origin))
            };
            positions.push(at);
            origins.push(origin);
        }
        if origins.iter().all(|origin| *origin == Position { next: self.start, index: 0 }) {
            origins.clear();
        }
        Resumed { positions, origins }
    }

    /// The next event of a train whose candidates are as `before`, but of which others may be chosen from `now` on.
    fn choose(&self, entity: u32, interval: f64, (saved, before): (&Trains, &Before), now: f64) -> Position {
        let same_profile = saved.profile == self.profile_digest();
        if same_profile && saved.stop == self.stop {
            return before.at;
        }
        if same_profile && self.profile.is_none() && before.at.next < f64::INFINITY {
            return self.accept(entity, interval, before.at);
        }
        // candidates that were not chosen are nowhere: draw them again
        let mut candidate = self.first_candidate(entity, interval, before.origin);
        while candidate.next < now {
            candidate = self.candidate(entity, interval, candidate);
        }
        self.accept(entity, interval, candidate)
    }
}

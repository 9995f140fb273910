//! Private Poisson input as the neurons of a block see it.

use crate::inputs::process::{LINE, Position, Process};
use crate::inputs::trains::Trains;
use tauspike_network::column::Column;
use tauspike_neuron::Arrival;

/// One Poisson input as the neurons of one block see it.
pub(crate) struct PoissonLane {
    pub process: Process,
    /// Mean interval, ms, and weight, by position in the block.
    pub intervals: Column,
    pub weights: Column,
    pub positions: Vec<Position>,
    /// Where each train began, if not with the process; see [`crate::inputs::trains::Trains`].
    origins: Vec<Position>,
    /// Intervals drawn ahead: those of the line that each position stands in, if the rate is constant. Not part of the state.
    pub ahead: Vec<[f64; LINE]>,
}

impl PoissonLane {
    /// At time 0; the entity of the first train is `first`.
    pub fn new(process: Process, first: u32, intervals: Column, weights: Column, neurons: usize) -> Self {
        let begin = |(n, entity): (usize, u32)| process.first(entity, intervals.get(n));
        let positions = (0..neurons).zip(first..).map(begin).collect();
        let mut lane =
            Self { process, intervals, weights, positions: Vec::new(), origins: Vec::new(), ahead: Vec::new() };
        lane.stand(first, positions);
        lane
    }

    /// What a snapshot keeps.
    pub fn save(&self) -> Trains {
        let intervals = match self.intervals.shared() {
            Some(interval) => vec![interval],
            None => self.intervals.values(self.positions.len()).collect(),
        };
        Trains::of(&self.process, &self.positions, intervals, &self.origins)
    }

    /// Goes on from what was `saved`; none if that does not fit.
    pub fn resume(&mut self, first: u32, saved: &Trains, now: f64) -> Option<()> {
        let neurons = self.positions.len();
        saved.fits(neurons, now).then_some(())?;
        self.process = self.process.clone().with_stream(saved.stream());
        let resumed = self.process.resume(first, self.intervals.values(neurons), saved, now);
        self.origins = resumed.origins;
        self.stand(first, resumed.positions);
        Some(())
    }

    /// Takes up `positions`; the entity of the first is `first`.
    fn stand(&mut self, first: u32, positions: Vec<Position>) {
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
            let drawn = at.index as usize % LINE;
            if drawn == 0 {
                *line = self.process.intervals(entity, interval, at.index / LINE as u64);
            }
            at.next += line[drawn];
            if at.next >= self.process.stop {
                at.next = f64::INFINITY;
            }
        }
    }

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

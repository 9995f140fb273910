//! Input currents as the neurons of a block see them: a step at a time.

use std::sync::Arc;
use tauspike_network::population::Signal;

/// One current input as the neurons of one block see it.
#[derive(Clone)]
pub(crate) struct StepLane {
    pub signal: Arc<Signal>,
    /// By position in the block; `None` where the neuron is not a member.
    pub scale: Vec<Option<f64>>,
    /// Steps already taken, by position in the block.
    pub taken: Vec<u32>,
}

impl StepLane {
    /// At time 0.
    pub fn new(signal: Arc<Signal>, scale: Vec<Option<f64>>) -> Self {
        Self { signal, taken: vec![0; scale.len()], scale }
    }

    /// All steps before `now` have been taken.
    pub fn stand(&mut self, now: f64) {
        self.taken.fill(self.signal.times.partition_point(|&time| time < now) as u32);
    }

    /// Time of the next step of neuron `n`, ms; infinite if none.
    pub fn next(&self, n: usize) -> f64 {
        match self.scale[n] {
            Some(_) => self.signal.times.get(self.taken[n] as usize).copied().unwrap_or(f64::INFINITY),
            None => f64::INFINITY,
        }
    }

    /// Time of the next step of any neuron, ms; infinite if there is none.
    pub fn next_of_any(&self) -> f64 {
        (0..self.scale.len()).find(|n| self.scale[*n].is_some()).map_or(f64::INFINITY, |n| self.next(n))
    }

    /// Present amplitude at neuron `n`, pA.
    pub fn amplitude(&self, n: usize) -> f64 {
        match (self.scale[n], self.taken[n]) {
            (Some(scale), taken @ 1..) => scale * self.signal.values[taken as usize - 1],
            _ => 0.0,
        }
    }
}

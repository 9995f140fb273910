//! Room to work in, one for each thread and width; empty between windows.

use crate::block::scaled::add::{Batch, Weights};
use crate::block::scaled::marks::Marks;
use crate::block::scaled::resolve::Hit;
use crate::block::scaled::signs::Signs;

/// Room to work in.
pub(crate) struct Room<I> {
    pub(super) factors: Vec<f64>,
    pub(super) marks: Marks,
    pub(super) hits: Vec<(u32, Hit<I>)>,
    pub(super) sorted: Vec<Hit<I>>,
    pub(super) ends: Vec<u32>,
}

impl<I> Default for Room<I> {
    fn default() -> Self {
        Self { factors: Vec::new(), marks: Marks::default(), hits: Vec::new(), sorted: Vec::new(), ends: Vec::new() }
    }
}

/// Arrivals over drawn delays of a whole epoch, of which the first `taken` are done with and those before `due` are asked for.
#[derive(Default)]
pub(crate) struct Spread {
    targets: Vec<u16>,
    /// ms.
    times: Vec<f64>,
    /// mV.
    weights: Vec<f64>,
    taken: usize,
    due: usize,
}

impl Spread {
    pub fn clear(&mut self) {
        self.targets.clear();
        self.times.clear();
        self.weights.clear();
        (self.taken, self.due) = (0, 0);
    }

    pub fn len(&self) -> usize {
        self.times.len()
    }

    #[inline(always)]
    pub fn push(&mut self, target: u16, time: f64, weight: f64) {
        self.targets.push(target);
        self.times.push(time);
        self.weights.push(weight);
    }

    /// Calls `with` with target and weight of all.
    pub fn each(&self, mut with: impl FnMut(u16, f64)) {
        self.targets.iter().zip(&self.weights).for_each(|(target, weight)| with(*target, *weight));
    }

    /// Makes those due that come before `until`, all due so far having been taken. Others stay in no order.
    #[inline(always)]
    pub fn take(&mut self, until: f64) {
        let Self { targets, times, weights, taken, due } = self;
        *taken = *due;
        for k in *due..times.len() {
            // places are changed also where that is needless: a branch here would be a coin's throw
            let before = times[k] < until;
            times.swap(*due, k);
            targets.swap(*due, k);
            weights.swap(*due, k);
            *due += usize::from(before);
        }
    }

    /// Those that are due.
    pub(super) fn batch(&self) -> Batch<'_> {
        let due = self.taken..self.due;
        Batch {
            targets: &self.targets[due.clone()],
            times: &self.times[due.clone()],
            weights: Weights::Each(&self.weights[due]),
            signs: Signs::UNKNOWN,
        }
    }
}

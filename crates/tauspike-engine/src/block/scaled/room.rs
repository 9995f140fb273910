//! Room to work in, one for each thread and width; empty between windows.

use crate::block::scaled::add::{Batch, Weights};
use crate::block::scaled::marks::Marks;
use crate::block::scaled::resolve::Hit;
use crate::block::scaled::signs::Signs;
use std::ops::Range;

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

/// Arrivals over drawn delays of a whole epoch, in the order of time.
#[derive(Default)]
pub(crate) struct Spread {
    pub targets: Vec<u16>,
    /// ms.
    pub times: Vec<f64>,
    /// mV.
    pub weights: Vec<f64>,
}

impl Spread {
    pub fn clear(&mut self) {
        self.targets.clear();
        self.times.clear();
        self.weights.clear();
    }

    #[inline(always)]
    pub fn push(&mut self, target: u16, time: f64, weight: f64) {
        self.targets.push(target);
        self.times.push(time);
        self.weights.push(weight);
    }

    /// Puts them in the order of time.
    pub fn sort(&mut self) {
        let mut order: Vec<u32> = (0..self.times.len() as u32).collect();
        order.sort_unstable_by(|a, b| self.times[*a as usize].total_cmp(&self.times[*b as usize]));
        self.targets = order.iter().map(|k| self.targets[*k as usize]).collect();
        self.weights = order.iter().map(|k| self.weights[*k as usize]).collect();
        self.times = order.iter().map(|k| self.times[*k as usize]).collect();
    }

    /// Numbers `range`.
    pub(super) fn batch(&self, range: Range<usize>) -> Batch<'_> {
        Batch {
            targets: &self.targets[range.clone()],
            times: &self.times[range.clone()],
            weights: Weights::Each(&self.weights[range]),
            signs: Signs::UNKNOWN,
        }
    }
}

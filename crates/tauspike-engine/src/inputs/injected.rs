//! What a program has put in while the network runs, until it is due.

use crate::options::LATEST;
use serde::{Deserialize, Serialize};
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use tauspike_spike::Spike;

/// Something that has a time.
pub(crate) trait Timed: Copy + Ord {
    /// ms.
    fn time(&self) -> f64;
}

impl Timed for Spike {
    fn time(&self) -> f64 {
        self.time
    }
}

/// An arrival straight at a neuron of a block.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Landing {
    /// ms.
    pub time: f64,
    /// Position in the block.
    pub target: u16,
    /// mV or pA.
    pub weight: f64,
}

impl Timed for Landing {
    fn time(&self) -> f64 {
        self.time
    }
}

impl PartialEq for Landing {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Landing {}

impl PartialOrd for Landing {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Landing {
    fn cmp(&self, other: &Self) -> Ordering {
        let places = self.target.cmp(&other.target);
        self.time.total_cmp(&other.time).then(places).then(self.weight.total_cmp(&other.weight))
    }
}

/// What is to come, the first to be taken first.
#[derive(Clone)]
pub(crate) struct Awaited<T: Ord>(BinaryHeap<Reverse<T>>);

impl<T: Ord> Default for Awaited<T> {
    fn default() -> Self {
        Self(BinaryHeap::new())
    }
}

impl<T: Timed> Awaited<T> {
    pub fn push(&mut self, one: T) {
        self.0.push(Reverse(one));
    }

    /// Time of the first, ms; infinite if there is none.
    pub fn next(&self) -> f64 {
        self.0.peek().map_or(f64::INFINITY, |first| first.0.time())
    }

    /// Takes the first, if it comes before `until`.
    pub fn pop(&mut self, until: f64) -> Option<T> {
        if self.next() < until { self.0.pop().map(|first| first.0) } else { None }
    }

    /// All, in no order.
    pub fn each(&self) -> impl Iterator<Item = T> {
        self.0.iter().map(|one| one.0)
    }

    /// All, in order.
    pub fn save(&self) -> Vec<T> {
        let mut all: Vec<T> = self.each().collect();
        all.sort_unstable();
        all
    }

    /// What was saved of a run that had come to `now` ms; none if it cannot be.
    pub fn load(saved: &[T], now: f64) -> Option<Self> {
        let fits = saved.iter().all(|one| (now..LATEST).contains(&one.time()) && one.time().is_sign_positive());
        fits.then(|| Self(saved.iter().copied().map(Reverse).collect()))
    }
}

//! Neurons that are advanced together, with what arrives at them.

use crate::block::merge::{END, merge};
use tauspike_neuron::{Arrival, Factors};

/// Arrivals in a group; with their factors they stay in the nearest cache.
const FULL: usize = 512;

/// A neuron of a group, and its part of the arrivals.
#[derive(Clone, Copy)]
pub(super) struct Member {
    pub neuron: u16,
    pub first: u32,
    pub end: u32,
}

/// What arrives at one neuron over synapses.
pub(super) struct Synaptic<I> {
    pub arrivals: I,
    /// They come in the order of time.
    pub sorted: bool,
}

/// Neurons that are advanced together. Scratch space: empty between epochs.
#[derive(Default)]
pub(crate) struct Group {
    pub(super) members: Vec<Member>,
    /// The first `filled` are in use.
    pub(super) arrivals: Vec<Arrival>,
    pub(super) filled: usize,
    pub(super) factors: Factors,
    /// What arrives at the neuron that joins, by where it comes from.
    pub(super) synaptic: Vec<Arrival>,
    pub(super) private: Vec<Arrival>,
    pub(super) other: Vec<Arrival>,
    pub(super) merged: Vec<Arrival>,
}

impl Group {
    pub fn is_full(&self) -> bool {
        self.filled >= FULL
    }

    /// Appends the merge of `private` and `synaptic`, and returns where it begins.
    #[inline(always)]
    pub(super) fn append(&mut self) -> usize {
        let first = self.filled;
        self.filled += self.private.len() + self.synaptic.len();
        if self.arrivals.len() < self.filled {
            self.arrivals.resize(2 * self.filled, END);
        }
        let room = &mut self.arrivals[first..self.filled];
        if self.synaptic.is_empty() {
            room.copy_from_slice(&self.private);
        } else if self.private.is_empty() {
            room.copy_from_slice(&self.synaptic);
        } else {
            self.private.push(END);
            self.synaptic.push(END);
            merge(&self.private, &self.synaptic, room);
        }
        first
    }
}

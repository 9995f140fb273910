//! Arrivals one by one, in no order.

use crate::block::columns::read;
use std::ops::Range;
use tauspike_network::fanout::Rows;

/// Three lists of one length.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arrivals {
    /// Positions in the block.
    pub targets: Vec<u16>,
    /// ms.
    pub times: Vec<f64>,
    /// mV or pA.
    pub weights: Vec<f64>,
}

impl Arrivals {
    pub fn len(&self) -> usize {
        self.times.len()
    }

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

    /// Appends these synapses, which arrive at `time` of their number.
    #[inline(always)]
    pub fn extend(&mut self, rows: &Rows, synapses: Range<usize>, time: impl Fn(usize) -> f64) {
        let (before, first) = (self.len(), synapses.start);
        self.targets.extend_from_slice(&rows.targets[synapses.clone()]);
        self.times.extend(synapses.map(time));
        self.weights.resize(self.times.len(), 0.0);
        read(&rows.weights, first, &mut self.weights[before..]);
    }

    /// Moves all from another; where there was none, that is no work.
    pub fn take_all(&mut self, from: &mut Self) {
        if self.len() == 0 {
            std::mem::swap(self, from);
        } else {
            self.targets.append(&mut from.targets);
            self.times.append(&mut from.times);
            self.weights.append(&mut from.weights);
        }
    }

    /// Puts those from number `from` on that are before `until` first; returns where they end.
    #[inline(always)]
    pub fn part(&mut self, from: usize, until: f64) -> usize {
        let Self { targets, times, weights } = self;
        let mut end = from;
        for k in from..times.len() {
            // places are changed also where that is needless: a branch here would be a coin's throw
            let before = times[k] < until;
            times.swap(end, k);
            targets.swap(end, k);
            weights.swap(end, k);
            end += usize::from(before);
        }
        end
    }

    /// Moves the first `many` from another.
    pub fn take_first(&mut self, from: &mut Self, many: usize) {
        self.targets.extend(from.targets.drain(..many));
        self.times.extend(from.times.drain(..many));
        self.weights.extend(from.weights.drain(..many));
    }
}

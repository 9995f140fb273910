//! Arrivals one by one, in no order.

use std::ops::Range;

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

    /// Puts those of these numbers that are before `until` first; returns where they end.
    #[inline(always)]
    pub fn part(&mut self, numbers: Range<usize>, until: f64) -> usize {
        let Self { targets, times, weights } = self;
        let mut end = numbers.start;
        for k in numbers {
            // places are changed also where that is needless: a branch here would be a coin's throw
            let before = times[k] < until;
            times.swap(end, k);
            targets.swap(end, k);
            weights.swap(end, k);
            end += usize::from(before);
        }
        end
    }

    /// Puts them in the order of the cells of `length` ms, a power of two, that their times are in, the first of which is number `first`; `ends` gets where
    /// each cell ends. `other` is room to work in.
    #[inline(always)]
    pub fn sort(&mut self, (first, length): (u64, f64), ends: &mut [u32], other: &mut Self) {
        let per_ms = 1.0 / length;
        let cell = |time: f64| (time * per_ms) as u64 - first;
        ends.fill(0);
        for time in &self.times {
            ends[cell(*time) as usize] += 1;
        }
        let mut sum = 0;
        for end in ends.iter_mut() {
            (*end, sum) = (sum, sum + *end);
        }
        other.targets.resize(self.len(), 0);
        other.times.resize(self.len(), 0.0);
        other.weights.resize(self.len(), 0.0);
        for ((time, target), weight) in self.times.iter().zip(&self.targets).zip(&self.weights) {
            let end = &mut ends[cell(*time) as usize];
            let k = *end as usize;
            (other.times[k], other.targets[k], other.weights[k]) = (*time, *target, *weight);
            *end += 1;
        }
        std::mem::swap(self, other);
    }
}

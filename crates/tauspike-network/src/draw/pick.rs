//! Choosing partners: uniform indices with and without replacement, and geometric skipping.
//!
//! Index draws take 32 bits each, four from one Philox block.

use crate::draw::key::Key;
use tauspike_spike::draw::{block, unit_open_zero};

/// The draws of one unit (a target, or a source for out-degree) in one projection.
pub(crate) struct Picks {
    key: Key,
    unit: u32,
    index: u64,
    words: [u32; 4],
    used: usize,
}

#[cfg(test)]
thread_local! {
    /// Units whose partners were drawn on this thread, so that tests can see what was skipped.
    pub(crate) static UNITS: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

impl Picks {
    pub(crate) fn new(key: Key, unit: u32) -> Self {
        #[cfg(test)]
        UNITS.set(UNITS.get() + 1);
        Self { key, unit, index: 0, words: [0; 4], used: 4 }
    }

    #[inline(always)]
    fn word(&mut self) -> u32 {
        if self.used == 4 {
            let [a, b] = block(self.key.seed, self.key.domain, self.unit, self.index);
            self.words = [a as u32, (a >> 32) as u32, b as u32, (b >> 32) as u32];
            self.index += 1;
            self.used = 0;
        }
        let word = self.words[self.used];
        self.used += 1;
        word
    }

    /// Uniform on 0 .. `n`, `n` > 0, without bias: Lemire, "Fast random integer generation in an interval", ACM TOMACS 29
    /// (2019).
    #[inline(always)]
    pub(crate) fn below(&mut self, n: u32) -> u32 {
        let mut product = u64::from(self.word()) * u64::from(n);
        if (product as u32) < n {
            let threshold = n.wrapping_neg() % n;
            while (product as u32) < threshold {
                product = u64::from(self.word()) * u64::from(n);
            }
        }
        (product >> 32) as u32
    }

    /// `k` different numbers below `n`: Floyd's algorithm (Bentley and Floyd, CACM 30, 1987). `seen` is empty before and after.
    pub(crate) fn distinct(&mut self, k: u32, n: u32, seen: &mut Seen, mut visit: impl FnMut(u32)) {
        for last in n - k..n {
            let mut pick = self.below(last + 1);
            if !seen.insert(pick) {
                pick = last;
                seen.insert(pick);
            }
            visit(pick);
        }
        seen.clear();
    }

    /// Each number below `n` with probability `p`, 0 <= p < 1, ascending: the gaps are geometric (Batagelj and Brandes,
    /// Phys. Rev. E 71, 2005).
    pub(crate) fn bernoulli(&mut self, p: f64, n: u32, mut visit: impl FnMut(u32)) {
        if p <= 0.0 {
            return;
        }
        let per_log = 1.0 / libm::log1p(-p);
        let mut next = 0.0;
        loop {
            let bits = u64::from(self.word()) << 32 | u64::from(self.word());
            next += (libm::log(unit_open_zero(bits)) * per_log).floor();
            if next >= f64::from(n) {
                return;
            }
            visit(next as u32);
            next += 1.0;
        }
    }
}

/// A set of indices that is emptied in time proportional to what was inserted.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    bits: Vec<u64>,
    inserted: Vec<u32>,
}

impl Seen {
    /// An empty set of indices below `n`.
    pub(crate) fn new(n: u32) -> Self {
        Self { bits: vec![0; n as usize / 64 + 1], inserted: Vec::new() }
    }

    /// True if `index` was not in the set.
    fn insert(&mut self, index: u32) -> bool {
        let (word, bit) = (&mut self.bits[index as usize / 64], 1 << (index % 64));
        if *word & bit != 0 {
            return false;
        }
        *word |= bit;
        self.inserted.push(index);
        true
    }

    fn clear(&mut self) {
        for index in self.inserted.drain(..) {
            self.bits[index as usize / 64] = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tauspike_spike::Domain;

    fn picks(seed: u64, unit: u32) -> Picks {
        Picks::new(Key { seed, domain: Domain::partners(0) }, unit)
    }

    /// chi-squared with 9 degrees of freedom: 35 is exceeded with probability 6e-5.
    fn assert_uniform(counts: &[u32], expected: f64) {
        let chi2: f64 = counts.iter().map(|&c| (f64::from(c) - expected).powi(2) / expected).sum();
        assert!(counts.len() == 10 && chi2 < 35.0, "chi2 {chi2}: {counts:?}");
    }

    #[test]
    fn picks_are_uniform() {
        let mut picks = picks(5, 0);
        let mut counts = [0; 10];
        (0..100_000).for_each(|_| counts[picks.below(10) as usize] += 1);
        assert_uniform(&counts, 10_000.0);
    }

    #[test]
    fn distinct_picks_are_distinct_and_uniform() {
        let mut seen = Seen::new(10);
        let mut counts = [0; 10];
        for unit in 0..20_000 {
            let mut chosen = Vec::new();
            picks(6, unit).distinct(4, 10, &mut seen, |c| chosen.push(c));
            chosen.iter().for_each(|&c| counts[c as usize] += 1);
            chosen.sort();
            chosen.dedup();
            assert_eq!(chosen.len(), 4);
        }
        assert_uniform(&counts, 8000.0);
    }

    #[test]
    fn skipping_visits_every_index_equally_often() {
        let mut counts = [0; 10];
        for unit in 0..40_000 {
            picks(7, unit).bernoulli(0.2, 10, |c| counts[c as usize] += 1);
        }
        assert_uniform(&counts, 8000.0);
    }
}

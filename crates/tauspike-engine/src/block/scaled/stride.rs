//! How long windows are.
//!
//! However long a window is, it costs a comparison of every neuron. The longer it is, the more neurons may have fired in it, and the more arrivals each of
//! them gets back. The sum is least where one costs as much as the other, and that is where the length goes, by what the windows of late have
//! cost. No bit of a spike depends on it, only what is counted.

use serde::{Deserialize, Serialize};

/// Windows are shorter only where passes are, ms.
pub(super) const SHORTEST: f64 = 1.0 / 64.0;
/// The first ones, ms.
pub(super) const FIRST: f64 = 1.0 / 16.0;
/// ms.
pub(super) const LONGEST: f64 = 4.0;
/// What an arrival costs that is given back, and a window beside its neurons, in comparisons: measured (ADR 0013).
const GIVEN_BACK: f64 = 40.0;
const WINDOW: f64 = 300.0;
/// Comparisons from which on the length is thought about, and how much of all is kept in mind then.
const ENOUGH: f64 = 1e5;
const KEPT: f64 = 0.875;

/// Length of windows, and what those of late have cost, in comparisons.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) struct Stride {
    /// ms: a power of two.
    pub length: f64,
    compared: f64,
    given_back: f64,
}

impl Stride {
    /// At first, where passes are so long, ms.
    pub fn new(pass: f64) -> Self {
        Self { length: FIRST.min(pass), compared: 0.0, given_back: 0.0 }
    }

    /// A window has been run, with so many comparisons, and so many arrivals given back.
    #[inline(always)]
    pub fn count(&mut self, compared: usize, given_back: usize) {
        self.compared += compared as f64 + WINDOW;
        self.given_back += given_back as f64 * GIVEN_BACK;
    }

    /// Makes windows longer or shorter where that pays: half as long, one of the two costs is half, and the other twice what it was.
    pub fn adapt(&mut self, pass: f64) {
        if self.compared + self.given_back < ENOUGH {
            return;
        }
        let before = self.length;
        if self.given_back > 2.0 * self.compared {
            self.length = (0.5 * self.length).max(SHORTEST.min(pass));
        } else if self.compared > 2.0 * self.given_back {
            self.length = (2.0 * self.length).min(LONGEST.min(pass));
        }
        // what they would have cost at the new length; older windows count for less and less
        let longer = self.length / before;
        self.compared *= KEPT / longer;
        self.given_back *= KEPT * longer;
    }

    /// Whether it may be one that was saved, for passes of this length, ms.
    pub fn is_sound(&self, pass: f64) -> bool {
        let cost = 0.0..f64::INFINITY;
        let length = SHORTEST.min(pass)..=LONGEST.min(pass);
        self.length.to_bits() << 12 == 0
            && length.contains(&self.length)
            && cost.contains(&self.compared)
            && cost.contains(&self.given_back)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The length that is come to where a window of so many neurons gives so many arrivals back for each ms that it lasts.
    fn settled(neurons: usize, given_back: f64) -> f64 {
        let mut stride = Stride::new(8.0);
        for _ in 0..100_000 {
            stride.count(neurons, (given_back * stride.length) as usize);
            stride.adapt(8.0);
        }
        assert!(stride.is_sound(8.0));
        stride.length
    }

    #[test]
    fn the_length_settles_where_both_cost_about_the_same() {
        for (neurons, given_back, least, most) in [
            (10_000, 0.0, LONGEST, LONGEST),
            (10_000, 1e9, SHORTEST, SHORTEST),
            // 10 300 comparisons, 40 * 1030 * 0.25 for what is given back
            (10_000, 1030.0, 0.125, 0.5),
            (10_000, 4120.0, 0.03125, 0.125),
        ] {
            let length = settled(neurons, given_back);
            assert!((least..=most).contains(&length), "{neurons} {given_back}: {length}");
        }
        assert_eq!(Stride::new(0.001).length, 0.001);
    }
}

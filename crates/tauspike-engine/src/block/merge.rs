//! Two sorted lists of arrivals become one.
//!
//! Which list is next is as good as random, so it is chosen by arithmetic and not by a branch. That makes each choice wait for
//! the one before it; so a long merge is cut into four, whose beginnings are found by bisection, and the four go on together.

use tauspike_neuron::Arrival;

/// Stands behind the last arrival of a list, so that a merge needs no end test.
pub(crate) const END: Arrival = Arrival { time: f64::INFINITY, weight: 0.0 };

/// Pieces that a long merge is cut into.
const PIECES: usize = 4;
/// A merge of fewer arrivals is not cut.
const LONG: usize = 24;

/// Where a merge stands in its two lists.
#[derive(Clone, Copy)]
struct Heads {
    a: usize,
    b: usize,
}

impl Heads {
    /// The heads after the first `rank` arrivals of the merged list.
    fn at(rank: usize, a: &[Arrival], b: &[Arrival]) -> Self {
        let (mut low, mut high) = (rank.saturating_sub(b.len() - 1), rank.min(a.len() - 1));
        while low < high {
            let middle = (low + high) / 2;
            if a[middle].time <= b[rank - 1 - middle].time {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Self { a: low, b: rank - low }
    }

    #[inline(always)]
    fn next(&mut self, a: &[Arrival], b: &[Arrival]) -> Arrival {
        let (x, y) = (a[self.a], b[self.b]);
        // times are not negative, so their bits are in the order of the times, and comparing those is faster
        let from_a = x.time.to_bits() <= y.time.to_bits();
        let mask = u64::from(from_a).wrapping_neg();
        let choose = |x: f64, y: f64| f64::from_bits(x.to_bits() & mask | y.to_bits() & !mask);
        self.a += usize::from(from_a);
        self.b += usize::from(!from_a);
        Arrival { time: choose(x.time, y.time), weight: choose(x.weight, y.weight) }
    }
}

/// Merges two sorted lists of times >= 0, each closed by [`END`], into `out`, which has room for exactly their arrivals; at equal
/// times `a` comes first.
#[inline(always)]
pub(crate) fn merge(a: &[Arrival], b: &[Arrival], out: &mut [Arrival]) {
    let mut rest = Heads { a: 0, b: 0 };
    let mut done = 0;
    if out.len() >= LONG {
        let piece = out.len() / PIECES;
        let mut heads: [Heads; PIECES] = std::array::from_fn(|k| Heads::at(k * piece, a, b));
        let (first, others) = out.split_at_mut(piece);
        let (second, others) = others.split_at_mut(piece);
        let (third, fourth) = others.split_at_mut(piece);
        for (((w, x), y), z) in first.iter_mut().zip(second).zip(third).zip(fourth) {
            *w = heads[0].next(a, b);
            *x = heads[1].next(a, b);
            *y = heads[2].next(a, b);
            *z = heads[3].next(a, b);
        }
        (rest, done) = (heads[PIECES - 1], PIECES * piece);
    }
    for slot in &mut out[done..] {
        *slot = rest.next(a, b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Coarse times, so that many are equal; the weight tells from which list and where an arrival came.
        #[test]
        fn a_merge_is_the_stable_sort_of_both_lists(
            mut a in prop::collection::vec(0u8..40, 0..80), mut b in prop::collection::vec(0u8..40, 0..80)
        ) {
            let list = |times: &mut Vec<u8>, sign: f64| -> Vec<Arrival> {
                times.sort_unstable();
                let numbered = times.iter().zip(1..);
                numbered.map(|(&t, k)| Arrival { time: f64::from(t), weight: sign * f64::from(k) }).collect()
            };
            let (a, b) = (list(&mut a, 1.0), list(&mut b, -1.0));
            let mut expected = [a.clone(), b.clone()].concat();
            expected.sort_by(|x, y| x.time.total_cmp(&y.time));
            let closed = |list: &[Arrival]| [list, &[END]].concat();
            let mut merged = vec![END; expected.len()];
            merge(&closed(&a), &closed(&b), &mut merged);
            prop_assert_eq!(merged, expected);
        }
    }
}

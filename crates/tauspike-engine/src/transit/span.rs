//! Spans of time, and where in a sorted row one begins.

use std::ops::Range;

/// `[from, until)`, ms.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    pub from: f64,
    pub until: f64,
}

/// First index of `range` for which `reached` holds, which is monotone; the end if none.
#[inline(always)]
pub(crate) fn first_at(range: Range<usize>, reached: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (range.start, range.end);
    while low < high {
        let middle = low + (high - low) / 2;
        if reached(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

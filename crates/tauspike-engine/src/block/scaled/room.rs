//! Room to work in, one for each thread and width; empty between windows.

use crate::block::arrivals::Arrivals;
use crate::block::scaled::add::{Batch, Weights};
use crate::block::scaled::marks::Marks;
use crate::block::scaled::model::{HitOf, Model};
use crate::block::signs::{self, Signs};
use crate::block::slots::Run;
use crate::transit::span::Span;

/// Room to work in.
pub(crate) struct Room<M: Model> {
    /// Of the rows of a window, on either side.
    pub(super) factors: [Vec<M::Factor>; 2],
    pub(super) marks: Marks,
    /// Cells of marked neurons before anything was added to them.
    pub(super) before: Vec<M::Cell>,
    pub(super) hits: Vec<(u32, HitOf<M>)>,
    pub(super) sorted: Vec<HitOf<M>>,
    pub(super) ends: Vec<u32>,
}

impl<M: Model> Default for Room<M> {
    fn default() -> Self {
        Self {
            factors: [Vec::new(), Vec::new()],
            marks: Marks::default(),
            before: Vec::new(),
            hits: Vec::new(),
            sorted: Vec::new(),
            ends: Vec::new(),
        }
    }
}

/// Cells from which on it pays to put arrivals in their order, and below which there is room to.
const MANY_CELLS: u64 = 4;
const MOST_CELLS: u64 = 4096;

/// Arrivals over drawn delays of a whole epoch, by side.
#[derive(Default)]
pub(crate) struct Spread {
    sides: [Side; 2],
    /// Of cells of so many ms, a power of two; the number of the first.
    length: f64,
    first: u64,
    room: Arrivals,
}

/// Those of one side, of which the first `taken` are done with and those before `due` are asked for.
#[derive(Default)]
struct Side {
    arrivals: Arrivals,
    taken: usize,
    due: usize,
    /// Where the arrivals of each cell end, if they are in the order of cells.
    ends: Vec<u32>,
    /// In the order of time.
    runs: Vec<Run>,
}

impl Spread {
    pub fn clear(&mut self) {
        for Side { arrivals, taken, due, ends, runs } in &mut self.sides {
            arrivals.clear();
            runs.clear();
            ends.clear();
            (*taken, *due) = (0, 0);
        }
    }

    /// Arrivals one by one.
    pub fn len(&self) -> usize {
        self.sides.iter().map(|side| side.arrivals.len()).sum()
    }

    /// The arrivals of each side, and runs of them.
    pub fn sides(&mut self) -> [(&mut Arrivals, &mut Vec<Run>); 2] {
        self.sides.each_mut().map(|side| (&mut side.arrivals, &mut side.runs))
    }

    /// Puts runs in the order of time.
    pub fn sort(&mut self) {
        // times are not negative, so their bits are in order
        self.sides.iter_mut().for_each(|side| side.runs.sort_unstable_by_key(|run| run.time.to_bits()));
    }

    /// Those of each side.
    pub fn runs(&self) -> [&[Run]; 2] {
        self.sides.each_ref().map(|side| &side.runs[..])
    }

    /// Calls `with` with target and weight of all that arrive one by one.
    pub fn each(&self, mut with: impl FnMut(u16, f64)) {
        for Side { arrivals, .. } in &self.sides {
            arrivals.targets.iter().zip(&arrivals.weights).for_each(|(target, weight)| with(*target, *weight));
        }
    }

    /// Puts those that arrive in a span in the order of cells of `length` ms, a power of two, where there are several: looking at each of them in every
    /// window costs more.
    #[inline(always)]
    pub fn sort_by_cell(&mut self, span: Span, length: f64) {
        let Self { sides, first, room, .. } = self;
        (self.length, *first) = (length, (span.from / length) as u64);
        let cells = (span.until / length) as u64 - *first + 1;
        if !(MANY_CELLS..MOST_CELLS).contains(&cells) {
            return;
        }
        for Side { arrivals, ends, .. } in sides.iter_mut().filter(|side| side.arrivals.len() > 0) {
            ends.resize(cells as usize, 0);
            arrivals.sort((*first, length), ends, room);
        }
    }

    /// Makes those due that come before `until`, all due so far having been taken; all if `last`. Others stay in no order.
    #[inline(always)]
    pub fn take(&mut self, until: f64, last: bool) {
        for Side { arrivals, taken, due, ends, .. } in &mut self.sides {
            *taken = *due;
            if last {
                *due = arrivals.len();
                continue;
            }
            let mut later = arrivals.len();
            if !ends.is_empty() {
                let cell = ((until / self.length) as u64 - self.first) as usize;
                *due = if cell > 0 { (ends[cell - 1] as usize).max(*due) } else { *due };
                later = ends[cell] as usize;
                if (cell as u64 + self.first) as f64 * self.length == until {
                    continue;
                }
            }
            *due = arrivals.part(*due..later, until);
        }
    }

    /// The first of those that are not yet due, ms.
    pub fn next(&self) -> f64 {
        let times = self.sides.iter().flat_map(|Side { arrivals, due, .. }| &arrivals.times[*due..]);
        times.copied().fold(f64::INFINITY, f64::min)
    }

    /// Those that are due, by side.
    pub(super) fn batches(&self) -> [Batch<'_>; 2] {
        [signs::Side::Excitation, signs::Side::Inhibition].map(|side| {
            let Side { arrivals, taken, due, .. } = &self.sides[side as usize];
            let due = *taken..*due;
            Batch {
                targets: &arrivals.targets[due.clone()],
                times: &arrivals.times[due.clone()],
                weights: Weights::Each(&arrivals.weights[due]),
                signs: Signs::only(side),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn each_window_takes_what_comes_in_it(
            length in (-6i32..2).prop_map(|k| 2.0f64.powi(k)),
            from in 0.0..100.0f64,
            epoch in 0.01..8.0f64,
            parts in prop::collection::vec((0.0..1.0f64, any::<bool>()), 0..40),
            ends in prop::collection::vec((0.0..1.0f64, any::<bool>()), 0..40),
        ) {
            let span = Span { from, until: from + epoch };
            let inside = |part: f64| (from + part * epoch).max(from).min(span.until.next_down());
            // anywhere, or where a cell begins
            let at = |(part, on_grid): (f64, bool)| {
                if on_grid { ((inside(part) / length).floor() * length).max(from) } else { inside(part) }
            };
            let times: Vec<f64> = parts.iter().map(|&part| at(part)).collect();
            let mut ends: Vec<f64> = ends.iter().map(|&end| at(end)).collect();
            ends.sort_by(f64::total_cmp);
            let mut spread = Spread::default();
            for (k, &time) in times.iter().enumerate() {
                spread.sides()[k % 2].0.push(k as u16, time, k as f64);
            }
            spread.sort_by_cell(span, length);
            let mut before = from;
            for end in ends.into_iter().chain([span.until]) {
                spread.take(end, end == span.until);
                let mut taken = Vec::new();
                for batch in spread.batches() {
                    let Weights::Each(weights) = batch.weights else { unreachable!("they have a weight each") };
                    for ((&target, &time), &weight) in batch.targets.iter().zip(batch.times).zip(weights) {
                        prop_assert_eq!((time, weight), (times[target as usize], f64::from(target)));
                        taken.push(target);
                    }
                }
                taken.sort_unstable();
                let due = (0..times.len()).filter(|&k| (before..end).contains(&times[k])).map(|k| k as u16);
                prop_assert_eq!(taken, due.collect::<Vec<_>>());
                before = end;
            }
        }
    }
}

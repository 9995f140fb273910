//! Room to work in, one for each thread and width; empty between windows.

use crate::block::arrivals::Arrivals;
use crate::block::scaled::add::{Batch, Weights};
use crate::block::scaled::marks::Marks;
use crate::block::scaled::model::{HitOf, Model};
use crate::block::signs::{self, Signs};
use crate::block::slots::Run;

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

/// Arrivals over drawn delays of a whole epoch, by side.
#[derive(Default)]
pub(crate) struct Spread {
    sides: [Side; 2],
}

/// Those of one side, of which the first `taken` are done with and those before `due` are asked for.
#[derive(Default)]
struct Side {
    arrivals: Arrivals,
    taken: usize,
    due: usize,
    /// In the order of time.
    runs: Vec<Run>,
}

impl Spread {
    pub fn clear(&mut self) {
        for Side { arrivals, taken, due, runs } in &mut self.sides {
            arrivals.clear();
            runs.clear();
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

    /// Makes those due that come before `until`, all due so far having been taken; all if `last`. Others stay in no order.
    #[inline(always)]
    pub fn take(&mut self, until: f64, last: bool) {
        for Side { arrivals, taken, due, .. } in &mut self.sides {
            *taken = *due;
            *due = if last { arrivals.len() } else { arrivals.part(*due, until) };
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

//! Arrivals of a window, added to the cells of their targets.
//!
//! Everything here is a sum of integers, so the order in which it is done does not show. What an arrival adds is always
//! [`Model::value`] of its weight, with the factor of its own time and target.
//!
//! Loops are written out: what a closure holds is not always compiled for the instruction set at hand.

use crate::block::columns::read;
use crate::block::deliver::{CACHED, Stream, Whole};
use crate::block::scaled::four::four;
use crate::block::scaled::marks::Marks;
use crate::block::scaled::model::{Cells, Model};
use crate::block::scaled::table::LINE;
use crate::block::signs::{Side, Signs};
use tauspike_network::column::Column;

/// Arrivals one by one, in no order.
#[derive(Clone, Copy)]
pub(super) struct Batch<'a> {
    pub targets: &'a [u16],
    /// ms.
    pub times: &'a [f64],
    pub weights: Weights<'a>,
    pub signs: Signs,
}

/// mV.
#[derive(Clone, Copy)]
pub(super) enum Weights<'a> {
    Each(&'a [f64]),
    /// By position in the block.
    OfTarget(&'a Column),
}

impl Weights<'_> {
    pub fn get(&self, k: usize, target: u16) -> f64 {
        match self {
            Self::Each(weights) => weights[k],
            Self::OfTarget(column) => column.get(target.into()),
        }
    }
}

impl Batch<'_> {
    /// Adds those of one side; calls `added` with each target and what it has come to.
    #[inline(always)]
    pub fn add<M: Model>(&self, side: Side, model: &M, cells: &mut Cells<M>, mut added: impl FnMut(u16, &M::Cell)) {
        if !self.signs.has(side) {
            return;
        }
        let (mut padded, mut times_padded) = ([0; LINE], [0.0; LINE]);
        for (k, (line, times)) in self.targets.chunks(LINE).zip(self.times.chunks(LINE)).enumerate() {
            let (targets, times) = (whole(line, &mut padded), whole(times, &mut times_padded));
            let weights = self.line(k * LINE, (targets, line.len()), side);
            let values = model.values(side, (targets, times), &weights);
            add_line::<M>(side, (line, targets), &values, cells, &mut added);
        }
    }

    /// The weights of a line, as far as they are of this side.
    #[inline(always)]
    fn line(&self, from: usize, (targets, len): (&[u16; LINE], usize), side: Side) -> [f64; LINE] {
        let mut line = [0.0; LINE];
        match self.weights {
            Weights::Each(weights) => line[..len].copy_from_slice(&weights[from..from + len]),
            Weights::OfTarget(Column::Shared(weight)) => return [*weight; LINE],
            Weights::OfTarget(column) => {
                for (weight, target) in line.iter_mut().zip(targets) {
                    *weight = column.get((*target).into());
                }
            }
        }
        if self.signs.both() {
            for weight in &mut line {
                *weight = side.of(*weight);
            }
        }
        line
    }
}

/// A line that may be shorter as a whole one, the first over and over behind its end.
#[inline(always)]
pub(super) fn whole<'a, T: Copy>(line: &'a [T], padded: &'a mut [T; LINE]) -> &'a [T; LINE] {
    if let Ok(line) = line.try_into() {
        return line;
    }
    padded.fill(line[0]);
    padded[..line.len()].copy_from_slice(line);
    padded
}

/// Adds the values of a line, which may be shorter than `targets`, its [`whole`].
#[inline(always)]
fn add_line<M: Model>(
    side: Side,
    (line, targets): (&[u16], &[u16; LINE]),
    values: &[M::Value; LINE],
    cells: &mut Cells<M>,
    added: &mut impl FnMut(u16, &M::Cell),
) {
    if line.len() == LINE {
        return add_fours::<M>(side, (targets.as_chunks::<4>().0, values.as_chunks::<4>().0), cells, added);
    }
    let (fours, rest) = line.as_chunks::<4>();
    add_fours::<M>(side, (fours, values.as_chunks::<4>().0), cells, added);
    for (&target, &value) in rest.iter().zip(&values[line.len() - rest.len()..]) {
        let cell = &mut cells[target as usize];
        M::add(cell, side, value);
        added(target, cell);
    }
}

#[inline(always)]
fn add_fours<M: Model>(
    side: Side,
    (targets, values): (&[[u16; 4]], &[[M::Value; 4]]),
    cells: &mut Cells<M>,
    added: &mut impl FnMut(u16, &M::Cell),
) {
    for (targets, values) in targets.iter().zip(values) {
        for (target, value) in four(targets).into_iter().zip(values) {
            let cell = &mut cells[target as usize];
            M::add(cell, side, *value);
            added(target, cell);
        }
    }
}

/// Rows of one side that arrive whole.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a, F> {
    pub side: Side,
    /// Those of the window.
    pub rows: &'a [Whole<'a>],
    /// The factor of each, where neurons have one.
    pub factors: &'a [F],
}

impl<F: Copy> Rows<'_, F> {
    /// As [`Batch::add`], for all synapses of the rows. Returns their number, those of a row with both signs once.
    #[inline(always)]
    pub fn add<M: Model<Factor = F>>(
        &self,
        model: &M,
        cells: &mut Cells<M>,
        stream: &mut Stream,
        mut added: impl FnMut(u16, &M::Cell),
    ) -> usize {
        let mut synapses = 0;
        for (k, row) in self.rows.iter().enumerate() {
            // each row is counted on one side
            synapses += if row.signs.both() && self.side == Side::Inhibition { 0 } else { row.targets.len() };
            if !row.signs.has(self.side) {
                continue;
            }
            if let (Some(factor), Column::Shared(weight)) = (self.factors.get(k), row.weights) {
                let weight = if row.signs.both() { self.side.of(*weight) } else { *weight };
                let value = M::value(weight, factor);
                for targets in row.targets.chunks(CACHED) {
                    stream.ask();
                    let (fours, rest) = targets.as_chunks::<4>();
                    for targets in fours {
                        for target in four(targets) {
                            let cell = &mut cells[target as usize];
                            M::add(cell, self.side, value);
                            added(target, cell);
                        }
                    }
                    for &target in rest {
                        let cell = &mut cells[target as usize];
                        M::add(cell, self.side, value);
                        added(target, cell);
                    }
                }
                continue;
            }
            let mut padded = [0; LINE];
            for (number, line) in row.targets.chunks(LINE).enumerate() {
                if number % (CACHED / LINE) == 0 {
                    stream.ask();
                }
                let (from, targets, mut weights) = (row.first + number * LINE, whole(line, &mut padded), [0.0; LINE]);
                match line.len() {
                    LINE => read(row.weights, from, &mut weights),
                    len => read(row.weights, from, &mut weights[..len]),
                }
                let values = self.values(k, model, targets, &mut weights);
                add_line::<M>(self.side, (line, targets), &values, cells, &mut added);
            }
        }
        synapses
    }

    /// Calls `hit` with each arrival of this side at a marked neuron: its target, row, and weight.
    #[inline(always)]
    pub fn each_at(&self, marks: &Marks, mut hit: impl FnMut(u16, usize, f64)) {
        for (k, row) in self.rows.iter().enumerate() {
            marks.each(row.targets, |n| {
                let weight = row.weights.get(row.first + n);
                if Side::of_weight(weight) == self.side {
                    hit(row.targets[n], k, weight);
                }
            });
        }
    }

    /// The integers of a line of row `k`.
    #[inline(always)]
    fn values<M: Model<Factor = F>>(
        &self,
        k: usize,
        model: &M,
        targets: &[u16; LINE],
        weights: &mut [f64; LINE],
    ) -> [M::Value; LINE] {
        let row = &self.rows[k];
        if row.signs.both() {
            for weight in weights.iter_mut() {
                *weight = self.side.of(*weight);
            }
        }
        let Some(factor) = self.factors.get(k) else {
            return model.values(self.side, (targets, &[row.time; LINE]), weights);
        };
        M::line(weights, factor)
    }
}

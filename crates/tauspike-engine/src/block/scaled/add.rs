//! Arrivals of a window, added to the cells of their targets.
//!
//! Everything here is a sum of integers, so the order in which it is done does not show. What an arrival adds is always
//! [`Model::value`] of its weight, with the factor of its own time and target.
//!
//! Loops are written out: what a closure holds is not always compiled for the instruction set at hand.

use crate::block::columns::read;
use crate::block::deliver::Arriving;
use crate::block::scaled::marks::Marks;
use crate::block::scaled::model::{Cells, Model};
use crate::block::scaled::table::LINE;
use crate::block::signs::{Side, Signs};
use crate::hardware::prefetch::prefetch;
use crate::transit::plan::Piece;
use tauspike_network::column::Column;

/// Targets in a cache line.
const CACHED: usize = 32;

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
        let (lines, rest) = self.targets.as_chunks::<LINE>();
        let (times, times_of_rest) = self.times.as_chunks::<LINE>();
        for (k, (targets, times)) in lines.iter().zip(times).enumerate() {
            let weights = self.line(k * LINE, targets, side);
            let values = model.values(side, (targets, times), &weights);
            add_line::<M>(side, targets, &values, cells, &mut added);
        }
        if !rest.is_empty() {
            let (mut targets, mut times, n) = ([rest[0]; LINE], [times_of_rest[0]; LINE], rest.len());
            targets[..n].copy_from_slice(rest);
            times[..n].copy_from_slice(times_of_rest);
            let mut weights = [0.0; LINE];
            for (k, target) in rest.iter().enumerate() {
                weights[k] = side.of(self.weights.get(lines.len() * LINE + k, *target));
            }
            let values = model.values(side, (&targets, &times), &weights);
            add_line::<M>(side, rest, &values[..n], cells, &mut added);
        }
    }

    /// The weights of a line, as far as they are of this side.
    #[inline(always)]
    fn line(&self, from: usize, targets: &[u16; LINE], side: Side) -> [f64; LINE] {
        let mut line = [0.0; LINE];
        match self.weights {
            Weights::Each(weights) => line.copy_from_slice(&weights[from..from + LINE]),
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

#[inline(always)]
fn add_line<M: Model>(
    side: Side,
    targets: &[u16],
    values: &[M::Value],
    cells: &mut Cells<M>,
    added: &mut impl FnMut(u16, &M::Cell),
) {
    for (&target, &value) in targets.iter().zip(values) {
        let cell = &mut cells[target as usize];
        M::add(cell, side, value);
        added(target, cell);
    }
}

/// Rows that arrive whole, with the factor of each where neurons have one.
pub(super) struct Whole<'a, F> {
    pub arriving: &'a Arriving<'a>,
    pub pieces: &'a [Piece],
    /// Of each side, by number of the row.
    pub factors: [&'a [F]; 2],
    /// By projection of the network.
    pub signs: &'a [Signs],
}

impl<F> Whole<'_, F> {
    /// As [`Batch::add`], for all synapses of the rows. Returns their number, those of a row with both signs once.
    #[inline(always)]
    pub fn add<M: Model<Factor = F>>(
        &self,
        side: Side,
        model: &M,
        cells: &mut Cells<M>,
        mut added: impl FnMut(u16, &M::Cell),
    ) -> usize {
        let mut synapses = 0;
        for (k, piece) in self.pieces.iter().enumerate() {
            let signs = self.signs[piece.projection as usize];
            // each row is counted on one side
            let counts = signs.positive == (side == Side::Excitation);
            if !signs.has(side) && !counts {
                continue;
            }
            let (rows, row) = self.arriving.row_of(self.pieces, k);
            synapses += if counts { row.len() } else { 0 };
            if !signs.has(side) {
                continue;
            }
            let targets = &rows.targets[row.clone()];
            if let (Some(factor), Column::Shared(weight)) = (self.factors[side as usize].get(k), &rows.weights) {
                let weight = if signs.both() { side.of(*weight) } else { *weight };
                let value = M::value(weight, factor);
                let coming = self.arriving.coming(self.pieces, k);
                for (line, targets) in targets.chunks(CACHED).enumerate() {
                    prefetch(coming, line * CACHED);
                    for &target in targets {
                        let cell = &mut cells[target as usize];
                        M::add(cell, side, value);
                        added(target, cell);
                    }
                }
                continue;
            }
            let (lines, rest) = targets.as_chunks::<LINE>();
            let mut from = row.start;
            for targets in lines {
                let mut weights = [0.0; LINE];
                read(&rows.weights, from, &mut weights);
                let values = self.values(k, model, targets, (side, signs, &mut weights));
                add_line::<M>(side, targets, &values, cells, &mut added);
                from += LINE;
            }
            if !rest.is_empty() {
                let (mut targets, mut weights) = ([rest[0]; LINE], [0.0; LINE]);
                targets[..rest.len()].copy_from_slice(rest);
                read(&rows.weights, from, &mut weights[..rest.len()]);
                let values = self.values(k, model, &targets, (side, signs, &mut weights));
                add_line::<M>(side, rest, &values[..rest.len()], cells, &mut added);
            }
        }
        synapses
    }

    /// Calls `hit` with each arrival at a marked neuron: its target, row, and weight.
    #[inline(always)]
    pub fn each_at(&self, marks: &Marks, mut hit: impl FnMut(u16, usize, f64)) {
        for k in 0..self.pieces.len() {
            let (rows, row) = self.arriving.row_of(self.pieces, k);
            let targets = &rows.targets[row.clone()];
            marks.each(targets, |n| hit(targets[n], k, rows.weights.get(row.start + n)));
        }
    }

    /// The integers of a line of piece `k`.
    #[inline(always)]
    fn values<M: Model<Factor = F>>(
        &self,
        k: usize,
        model: &M,
        targets: &[u16; LINE],
        (side, signs, weights): (Side, Signs, &mut [f64; LINE]),
    ) -> [M::Value; LINE] {
        if signs.both() {
            for weight in weights.iter_mut() {
                *weight = side.of(*weight);
            }
        }
        let Some(factor) = self.factors[side as usize].get(k) else {
            return model.values(side, (targets, &[self.pieces[k].time; LINE]), weights);
        };
        let mut values = [M::Value::default(); LINE];
        for (value, weight) in values.iter_mut().zip(weights) {
            *value = M::value(*weight, factor);
        }
        values
    }
}

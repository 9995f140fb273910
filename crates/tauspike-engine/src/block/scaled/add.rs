//! Arrivals of a window, added to the scaled potentials of their targets.
//!
//! Everything here is a sum of integers, so the order in which it is done does not show. An arrival's integer is always
//! `Int::round(weight * factor)`, with the factor of its own time and target.

use crate::block::deliver::Arriving;
use crate::block::scaled::members::{Decays, Members};
use crate::inputs::bulk::Events;
use crate::transit::plan::Piece;
use std::ops::Range;
use tauspike_network::column::Column;
use tauspike_network::fanout::Rows;
use tauspike_neuron::Int;
use tauspike_neuron::elementary::exp2;

/// Arrivals taken together where each needs a factor of its own.
const LINE: usize = 16;

/// Which arrivals: excitation is added, and looked at, before inhibition.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Side {
    Excitation,
    Inhibition,
}

/// Of which sign the weights of a projection are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Signs {
    pub positive: bool,
    pub negative: bool,
}

impl Signs {
    pub const NONE: Self = Self { positive: false, negative: false };
    pub const UNKNOWN: Self = Self { positive: true, negative: true };

    pub fn of(weight: f64) -> Self {
        Self { positive: weight > 0.0, negative: weight < 0.0 }
    }

    pub fn or(self, other: Self) -> Self {
        Self { positive: self.positive || other.positive, negative: self.negative || other.negative }
    }

    pub fn of_column(column: &Column, len: usize) -> Self {
        match column {
            Column::Shared(weight) => Self::of(*weight),
            Column::Coded { table, .. } => table.iter().map(|w| Self::of(*w)).fold(Self::NONE, Self::or),
            _ => column.values(len).map(Self::of).fold(Self::NONE, Self::or),
        }
    }

    pub fn has(self, side: Side) -> bool {
        match side {
            Side::Excitation => self.positive,
            Side::Inhibition => self.negative,
        }
    }

    fn both(self) -> bool {
        self.positive && self.negative
    }
}

impl Side {
    /// The part of a weight that is of this side.
    #[inline(always)]
    fn of(self, weight: f64) -> f64 {
        match self {
            Self::Excitation => weight.max(0.0),
            Self::Inhibition => weight.min(0.0),
        }
    }
}

/// Arrivals one by one, with the factor and the integer of each.
#[derive(Default)]
pub(super) struct Valued<I> {
    pub events: Events,
    pub factors: Vec<f64>,
    pub values: Vec<I>,
}

impl<I: Int> Valued<I> {
    pub fn clear(&mut self) {
        self.events.clear();
    }

    /// Finds factors and integers.
    #[inline(always)]
    pub fn evaluate(&mut self, members: &Members) {
        let Events { targets, times, weights } = &self.events;
        let (pass, unit) = (members.pass, members.lattice.unit);
        self.factors.clear();
        match &members.decays {
            Decays::Shared { decay, phase } => {
                self.factors.extend(times.iter().map(|time| phase.fraction + (time - pass) * decay.rate));
            }
            Decays::Own { rates, fractions, .. } => {
                let exponent = |(&n, time): (&u16, &f64)| fractions[n as usize] + (time - pass) * rates[n as usize];
                self.factors.extend(targets.iter().zip(times).map(exponent));
            }
        }
        self.factors.iter_mut().for_each(|x| *x = exp2(*x) * unit);
        self.values.clear();
        self.values.extend(self.factors.iter().zip(weights).map(|(factor, weight)| I::round(weight * factor)));
    }

    /// Adds those of one side; calls `added` with each target and what it has come to.
    #[inline(always)]
    pub fn add(&self, side: Side, u: &mut [I], mut added: impl FnMut(u16, I)) {
        for ((&target, &value), &weight) in self.events.targets.iter().zip(&self.values).zip(&self.events.weights) {
            if Signs::of(weight).has(side) {
                let sum = u[target as usize].plus(value);
                u[target as usize] = sum;
                added(target, sum);
            }
        }
    }
}

/// Rows that arrive whole, with the factor of each where neurons have one.
pub(super) struct Whole<'a> {
    pub arriving: &'a Arriving<'a>,
    pub pieces: &'a [Piece],
    pub factors: &'a [f64],
    /// By projection of the network.
    pub signs: &'a [Signs],
}

impl Whole<'_> {
    /// As [`Valued::add`], for all synapses of the rows.
    #[inline(always)]
    pub fn add<I: Int>(&self, side: Side, members: &Members, u: &mut [I], mut added: impl FnMut(u16, I)) {
        for (k, piece) in self.pieces.iter().enumerate() {
            let signs = self.signs[piece.projection as usize];
            if !signs.has(side) {
                continue;
            }
            let (rows, row) = self.arriving.row_of(self.pieces, k);
            let clamp = |weight: f64| if signs.both() { side.of(weight) } else { weight };
            match (&members.decays, rows.weights.shared()) {
                (Decays::Shared { .. }, Some(weight)) => {
                    let value = I::round(clamp(weight) * self.factors[k]);
                    for &target in &rows.targets[row] {
                        let sum = u[target as usize].plus(value);
                        u[target as usize] = sum;
                        added(target, sum);
                    }
                }
                (Decays::Shared { .. }, None) => {
                    let factor = self.factors[k];
                    add_each(rows, row, |_| 0.0, |_, weight| clamp(weight) * factor, u, &mut added);
                }
                (Decays::Own { rates, fractions, .. }, _) => {
                    let (after, unit) = (piece.time - members.pass, members.lattice.unit);
                    let exponent = |n: u16| fractions[n as usize] + after * rates[n as usize];
                    add_each(rows, row, exponent, |x, weight| clamp(weight) * (exp2(x) * unit), u, &mut added);
                }
            }
        }
    }

    /// Number of synapses.
    pub fn synapses(&self) -> usize {
        (0..self.pieces.len()).map(|k| self.arriving.row_of(self.pieces, k).1.len()).sum()
    }

    /// Calls `hit` with each arrival at a neuron of which `hot` holds: its target, row, and weight.
    #[inline(always)]
    pub fn each_at(&self, hot: impl Fn(u16) -> bool, mut hit: impl FnMut(u16, usize, f64)) {
        for k in 0..self.pieces.len() {
            let (rows, row) = self.arriving.row_of(self.pieces, k);
            for (&target, synapse) in rows.targets[row.clone()].iter().zip(row) {
                if hot(target) {
                    hit(target, k, rows.weights.get(synapse));
                }
            }
        }
    }
}

/// Adds the synapses of a row, each scaled by itself, some at a time so that the scaling is done in vectors.
#[inline(always)]
fn add_each<I: Int>(
    rows: &Rows,
    row: Range<usize>,
    exponent: impl Fn(u16) -> f64,
    scaled: impl Fn(f64, f64) -> f64,
    u: &mut [I],
    added: &mut impl FnMut(u16, I),
) {
    let shared = rows.weights.shared();
    let mut from = row.start;
    for targets in rows.targets[row].chunks(LINE) {
        let (mut exponents, mut weights, mut values) = ([0.0; LINE], [0.0; LINE], [I::default(); LINE]);
        for (&target, x) in targets.iter().zip(&mut exponents) {
            *x = exponent(target);
        }
        match shared {
            Some(weight) => weights.fill(weight),
            None => weights.iter_mut().zip(from..from + targets.len()).for_each(|(w, k)| *w = rows.weights.get(k)),
        }
        for ((value, x), weight) in values.iter_mut().zip(exponents).zip(weights) {
            *value = I::round(scaled(x, weight));
        }
        for (&target, value) in targets.iter().zip(values) {
            let sum = u[target as usize].plus(value);
            u[target as usize] = sum;
            added(target, sum);
        }
        from += targets.len();
    }
}

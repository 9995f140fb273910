//! Rows under construction: vectors of their final size and type, filled in any order, so that nothing is kept twice.
//!
//! [`Draft`] owns them; a [`Piece`] is a mutable window, so that threads can fill disjoint windows of one draft.

use crate::build::plan::Plan;
use crate::draw::values::Values;
use crate::error::NetworkError;
use crate::table::column::Column;
use crate::table::delays::Delays;
use crate::table::fanout::Rows;
use std::ops::Range;

/// The synapses of one projection in one block, being filled.
pub(crate) struct Draft {
    targets: Vec<u16>,
    weights: DraftColumn,
    delays: DraftColumn,
}

/// What a [`Column`] is made from.
enum DraftColumn {
    Shared(f64),
    Single(Vec<f32>),
    /// Multiples of a step; the codes are the numbers of steps.
    Steps(f64, Vec<u16>),
    Double(Vec<f64>),
}

/// A window of a [`Draft`].
pub(crate) struct Piece<'a> {
    targets: &'a mut [u16],
    weights: PieceColumn<'a>,
    delays: PieceColumn<'a>,
}

enum PieceColumn<'a> {
    Shared(f64),
    Single(&'a mut [f32]),
    Steps(f64, &'a mut [u16]),
    Double(&'a mut [f64]),
}

impl Draft {
    /// Room for `synapses`, with the column types these values need.
    pub(crate) fn new(synapses: usize, weights: &Values, delays: &Values) -> Self {
        let column = |values: &Values| match values {
            Values::Shared(value) => DraftColumn::Shared(*value),
            Values::Drawn { step: Some(step), .. } => DraftColumn::Steps(*step, vec![0; synapses]),
            Values::Drawn { step: None, .. } => DraftColumn::Single(vec![0.0; synapses]),
            Values::Listed(_) => DraftColumn::Double(vec![0.0; synapses]),
        };
        Self { targets: vec![0; synapses], weights: column(weights), delays: column(delays) }
    }

    /// The window of everything.
    pub(crate) fn piece(&mut self) -> Piece<'_> {
        Piece { targets: &mut self.targets, weights: self.weights.piece(), delays: self.delays.piece() }
    }

    pub(crate) fn finish(self, offsets: Vec<u32>) -> Rows {
        let (weights, delays) = (self.weights.finish(), self.delays.finish());
        let delays = Delays::Each(delays);
        let rows = Rows { listed: Vec::new(), offsets, targets: self.targets, weights, delays }.indexed();
        Rows { delays: rows.delays.in_runs(&rows.offsets), ..rows }
    }
}

impl DraftColumn {
    fn piece(&mut self) -> PieceColumn<'_> {
        match self {
            DraftColumn::Shared(value) => PieceColumn::Shared(*value),
            DraftColumn::Single(values) => PieceColumn::Single(values),
            DraftColumn::Steps(step, codes) => PieceColumn::Steps(*step, codes),
            DraftColumn::Double(values) => PieceColumn::Double(values),
        }
    }

    fn finish(self) -> Column {
        match self {
            DraftColumn::Shared(value) => Column::Shared(value),
            DraftColumn::Single(values) => Column::Single(values),
            DraftColumn::Steps(step, codes) => {
                let most = codes.iter().copied().max().unwrap_or(0);
                Column::Coded { table: (0..=most).map(|n| f64::from(n) * step).collect(), codes }
            }
            DraftColumn::Double(values) => Column::of(values),
        }
    }
}

impl Piece<'_> {
    /// Writes the synapse at `index`.
    #[inline(always)]
    pub(crate) fn put(&mut self, index: usize, target: u16, weight: f64, delay: f64) {
        self.targets[index] = target;
        self.weights.put(index, weight);
        self.delays.put(index, delay);
    }

    /// Sorts the synapses of one row by delay, then target; those that agree in both keep their order.
    pub(crate) fn sort(&mut self, row: Range<usize>, scratch: &mut Vec<(f64, u16, f64)>) {
        scratch.clear();
        scratch.extend(row.clone().map(|i| (self.delays.get(i), self.targets[i], self.weights.get(i))));
        scratch.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for (index, &(delay, target, weight)) in row.zip(scratch.iter()) {
            self.put(index, target, weight, delay);
        }
    }
}

impl<'a> Piece<'a> {
    /// The first `n` synapses, and the rest.
    pub(crate) fn split_at(self, n: usize) -> (Piece<'a>, Piece<'a>) {
        let (targets, more_targets) = self.targets.split_at_mut(n);
        let (weights, more_weights) = self.weights.split_at(n);
        let (delays, more_delays) = self.delays.split_at(n);
        let rest = Piece { targets: more_targets, weights: more_weights, delays: more_delays };
        (Piece { targets, weights, delays }, rest)
    }
}

impl<'a> PieceColumn<'a> {
    #[inline(always)]
    fn put(&mut self, index: usize, value: f64) {
        match self {
            PieceColumn::Shared(_) => {}
            PieceColumn::Single(values) => values[index] = value as f32,
            // EXACT: value is n * step rounded once, so value / step is within an ulp of n and rounds to it.
            PieceColumn::Steps(step, codes) => codes[index] = (value / *step).round() as u16,
            PieceColumn::Double(values) => values[index] = value,
        }
    }

    fn get(&self, index: usize) -> f64 {
        match self {
            PieceColumn::Shared(value) => *value,
            PieceColumn::Single(values) => f64::from(values[index]),
            PieceColumn::Steps(step, codes) => f64::from(codes[index]) * step,
            PieceColumn::Double(values) => values[index],
        }
    }

    fn split_at(self, n: usize) -> (Self, Self) {
        match self {
            PieceColumn::Shared(value) => (PieceColumn::Shared(value), PieceColumn::Shared(value)),
            PieceColumn::Single(values) => {
                let (a, b) = values.split_at_mut(n);
                (PieceColumn::Single(a), PieceColumn::Single(b))
            }
            PieceColumn::Steps(step, codes) => {
                let (a, b) = codes.split_at_mut(n);
                (PieceColumn::Steps(step, a), PieceColumn::Steps(step, b))
            }
            PieceColumn::Double(values) => {
                let (a, b) = values.split_at_mut(n);
                (PieceColumn::Double(a), PieceColumn::Double(b))
            }
        }
    }
}

/// Turns counts at s + 1 into offsets; the number of synapses.
pub(crate) fn offsets_of(counts: &mut [u32], plan: &Plan) -> Result<usize, NetworkError> {
    let mut sum = 0u64;
    for offset in counts.iter_mut() {
        sum += u64::from(*offset);
        *offset = sum as u32;
    }
    if sum > u64::from(u32::MAX) {
        let allowed = format!("at most {} per block of targets", u32::MAX);
        return Err(NetworkError::value(&plan.owner, "number of synapses", sum, allowed));
    }
    Ok(sum as usize)
}

//! The smallest and the largest of some values.

use crate::table::column::Column;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Extent {
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Extent {
    /// Of no values.
    pub(crate) const NONE: Extent = Extent { low: f64::INFINITY, high: f64::NEG_INFINITY };

    /// Of all numbers.
    pub(crate) const ALL: Extent = Extent { low: f64::NEG_INFINITY, high: f64::INFINITY };

    pub(crate) fn of(values: impl Iterator<Item = f64>) -> Self {
        values.fold(Extent::NONE, Extent::and)
    }

    /// Of the first `len` values of a column.
    pub(crate) fn of_column(column: &Column, len: usize) -> Self {
        match column {
            _ if len == 0 => Extent::NONE,
            Column::Shared(value) => Extent::NONE.and(*value),
            Column::Coded { table, codes } => Extent::of(codes[..len].iter().map(|code| table[*code as usize])),
            Column::Single(values) => Extent::of(values[..len].iter().map(|value| f64::from(*value))),
            Column::Double(values) => Extent::of(values[..len].iter().copied()),
        }
    }

    /// With one value more.
    pub(crate) fn and(self, value: f64) -> Self {
        Extent { low: self.low.min(value), high: self.high.max(value) }
    }

    /// Of the values of both.
    pub(crate) fn with(self, other: Extent) -> Self {
        Extent { low: self.low.min(other.low), high: self.high.max(other.high) }
    }

    /// What is in both.
    pub(crate) fn within(self, other: Extent) -> Self {
        Extent { low: self.low.max(other.low), high: self.high.min(other.high) }
    }

    /// Whether all values of `other` are in this; NaN is not, nothing is.
    pub(crate) fn includes(self, other: Extent) -> bool {
        other == Extent::NONE || (self.low <= other.low && other.high <= self.high)
    }

    /// One that is not a finite number, if there is such among the values.
    pub(crate) fn endless(self) -> Option<f64> {
        [self.low, self.high].into_iter().find(|end| !end.is_finite() && self != Extent::NONE)
    }
}

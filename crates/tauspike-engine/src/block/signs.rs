//! Excitation and inhibition.

use tauspike_network::column::Column;

/// Which arrivals: excitation is added, and looked at, before inhibition.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Side {
    Excitation,
    Inhibition,
}

impl Side {
    /// Where an arrival of this weight belongs.
    #[inline(always)]
    pub fn of_weight(weight: f64) -> Self {
        if weight > 0.0 { Self::Excitation } else { Self::Inhibition }
    }

    /// The part of a weight that is of this side.
    #[inline(always)]
    pub fn of(self, weight: f64) -> f64 {
        match self {
            Self::Excitation => weight.max(0.0),
            Self::Inhibition => weight.min(0.0),
        }
    }
}

/// Of which sign the weights of a projection are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Signs {
    pub positive: bool,
    pub negative: bool,
}

impl Signs {
    pub const NONE: Self = Self { positive: false, negative: false };
    pub const UNKNOWN: Self = Self { positive: true, negative: true };

    pub fn only(side: Side) -> Self {
        Self { positive: side == Side::Excitation, negative: side == Side::Inhibition }
    }

    pub fn of(weight: f64) -> Self {
        Self { positive: weight > 0.0, negative: weight < 0.0 }
    }

    fn or(self, other: Self) -> Self {
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

    /// Whether rows with such weights are in the list of rows of this side: those without any are in the second.
    pub fn listed(self, side: Side) -> bool {
        match side {
            Side::Excitation => self.positive,
            Side::Inhibition => self.negative || !self.positive,
        }
    }

    pub fn both(self) -> bool {
        self.positive && self.negative
    }
}

//! One column being filled, and how a cell becomes a number of the kind it may hold: exactly, or not at all.

use crate::quantity::{Quantity, TimeUnit};

/// What a column may hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    /// Integers from 0 to `below - 1`.
    Index { below: u32 },
    /// Finite numbers >= `least`, which may be minus infinity. Durations count, as ms, where the quantity is a time.
    Real { least: f64, quantity: Quantity },
}

impl Kind {
    /// Any finite number that is no time.
    pub const FINITE: Kind = Kind::finite(Quantity::Other);
    /// A time >= 0, ms.
    pub const TIME_FROM_0: Kind = Kind::Real { least: 0.0, quantity: Quantity::Time };

    /// Any finite number.
    pub const fn finite(quantity: Quantity) -> Kind {
        Kind::Real { least: f64::NEG_INFINITY, quantity }
    }

    pub fn is_time(self) -> bool {
        matches!(self, Kind::Real { quantity: Quantity::Time, .. })
    }

    /// Whether floating-point numbers that tell whole numbers apart up to `most` can be taken.
    pub fn takes_floats_up_to(self, most: u32) -> bool {
        match self {
            Kind::Index { below } => below <= most,
            Kind::Real { .. } => true,
        }
    }

    /// Values, for messages.
    pub fn allowed(self) -> String {
        match self {
            Kind::Index { below } => format!("an integer >= 0 and < {below}"),
            Kind::Real { least: 0.0, .. } => "a finite number >= 0".into(),
            Kind::Real { .. } => "a finite number".into(),
        }
    }

    /// Types, for messages.
    pub fn allowed_types(self) -> &'static str {
        match self {
            Kind::Index { .. } => "an integer type, or floating point of enough digits with whole numbers in it",
            Kind::Real { quantity: Quantity::Time, .. } => {
                "floating point, integers or decimals in ms, or durations of s, ms, us or ns"
            }
            Kind::Real { .. } => "floating point, integers or decimals",
        }
    }
}

/// One column of a file, being filled. Only the vector of its kind is used.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    /// The name in the file.
    pub name: String,
    /// Its place among the columns of the file, from 0.
    pub position: usize,
    pub kind: Kind,
    pub indices: Vec<u32>,
    pub reals: Vec<f64>,
}

impl Column {
    pub fn new(name: impl Into<String>, position: usize, kind: Kind) -> Self {
        Self { name: name.into(), position, kind, indices: Vec::new(), reals: Vec::new() }
    }

    pub fn len(&self) -> usize {
        self.indices.len().max(self.reals.len())
    }

    /// Appends an integer; false if it is not allowed.
    pub fn push_integer(&mut self, value: i128) -> bool {
        match self.kind {
            Kind::Index { below } => match u32::try_from(value) {
                Ok(index) if index < below => self.indices.push(index),
                _ => return false,
            },
            // A cast that rounds would change a value silently.
            Kind::Real { .. } => return (value as f64) as i128 == value && self.push_real(value as f64),
        }
        true
    }

    /// Appends a real number, which is an index if it is whole; false if it is not allowed.
    pub fn push_real(&mut self, value: f64) -> bool {
        match self.kind {
            // Adding 0 turns -0 into 0: two zeros that differ in bits would be two different times to a sort by bits.
            Kind::Real { least, .. } if value.is_finite() && value >= least => self.reals.push(value + 0.0),
            Kind::Real { .. } => return false,
            // A cast of a float saturates, and u32::MAX is no index.
            Kind::Index { .. } => {
                return value.fract() == 0.0 && value >= 0.0 && self.push_integer(value as u32 as i128);
            }
        }
        true
    }

    /// Appends a duration as ms; false if it is not allowed. The column must be one of times.
    pub fn push_duration(&mut self, value: i64, unit: TimeUnit) -> bool {
        unit.whole_to_ms(value).is_some_and(|ms| self.push_real(ms))
    }

    /// Appends a cell of text; false if it is not allowed.
    pub fn push_text(&mut self, cell: &[u8]) -> bool {
        let text = std::str::from_utf8(cell).unwrap_or_default();
        match self.kind {
            Kind::Index { below } => match text.parse::<u32>() {
                Ok(index) if index < below => self.indices.push(index),
                // 3.0, as pandas writes a column of integers that once had a gap
                _ => return text.parse().is_ok_and(|value| self.push_real(value)),
            },
            Kind::Real { .. } => match text.parse::<f64>() {
                Ok(value) if value.abs() < WHOLE_NUMBERS => return self.push_real(value),
                Ok(value) => return self.push_large(text, value),
                Err(_) => return false,
            },
        }
        true
    }

    /// Appends a number that may have been an integer with more digits than an f64 keeps.
    fn push_large(&mut self, text: &str, value: f64) -> bool {
        match text.parse() {
            Ok(integer) => self.push_integer(integer),
            Err(_) => self.push_real(value),
        }
    }
}

/// 2^53: up to here an f64 tells all whole numbers apart.
const WHOLE_NUMBERS: f64 = 9_007_199_254_740_992.0;

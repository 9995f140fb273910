//! A parameter of the members of a population: one value, a distribution, or a value each.
//!
//! A drawn value depends on the seed, the parameter and the member, and on nothing else: not on the population's size, on other
//! parameters or on threads.

use crate::describe::distribution::{Distribution, DistributionError};
use crate::describe::moments::Moments;
use crate::error::NetworkError;
use std::fmt;

/// How the members get their values.
#[derive(Clone, Debug, PartialEq)]
pub enum Parameter {
    /// The same for all.
    Value(f64),
    /// Drawn for each.
    Drawn(Distribution),
    /// Given for each, in order.
    PerMember(Vec<f64>),
}

impl From<f64> for Parameter {
    fn from(value: f64) -> Self {
        Parameter::Value(value)
    }
}

impl From<Distribution> for Parameter {
    fn from(distribution: Distribution) -> Self {
        Parameter::Drawn(distribution)
    }
}

impl From<Vec<f64>> for Parameter {
    fn from(values: Vec<f64>) -> Self {
        Parameter::PerMember(values)
    }
}

/// Which values a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    /// Any finite number.
    Finite,
    /// Finite, >= 0.
    NotNegative,
    /// Finite, > 0.
    Positive,
    /// A time constant or a capacitance, by which others are divided: 1e-9 to 1e15.
    Scale,
    /// A potential: -1e15 to 1e15.
    Potential,
}

impl Range {
    /// Whether it includes `value`.
    pub fn holds(self, value: f64) -> bool {
        match self {
            Range::Finite => value.is_finite(),
            Range::NotNegative => value.is_finite() && value >= 0.0,
            Range::Positive => value.is_finite() && value > 0.0,
            Range::Scale => (1e-9..=1e15).contains(&value),
            Range::Potential => (-1e15..=1e15).contains(&value),
        }
    }

    /// In words.
    pub fn as_str(self) -> &'static str {
        match self {
            Range::Finite => "a finite number",
            Range::NotNegative => "finite and >= 0",
            Range::Positive => "finite and > 0",
            Range::Scale => "finite and > 0 (1e-9 to 1e15)",
            Range::Potential => "a finite number (-1e15 to 1e15)",
        }
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A parameter where it stands: what to check, and how to name it when it is wrong.
#[derive(Clone, Copy)]
pub(crate) struct Field<'a> {
    /// `population "E"`.
    pub(crate) owner: &'a str,
    pub(crate) name: &'static str,
    pub(crate) range: Range,
}

impl Field<'_> {
    /// Refuses one value.
    pub(crate) fn check_value(&self, value: f64) -> Result<(), NetworkError> {
        if self.range.holds(value) {
            return Ok(());
        }
        Err(NetworkError::value(self.owner, self.name, value, self.range.to_string()))
    }

    /// Refuses the first value that is not allowed.
    pub(crate) fn check_each(&self, values: impl IntoIterator<Item = f64>) -> Result<(), NetworkError> {
        let Some((member, value)) = values.into_iter().enumerate().find(|(_, v)| !self.range.holds(*v)) else {
            return Ok(());
        };
        Err(self.member(member, value))
    }

    /// The refusal of a distribution.
    pub(crate) fn distribution(&self, source: DistributionError) -> NetworkError {
        NetworkError::Distribution { owner: self.owner.to_owned(), field: self.name, source }
    }

    fn member(&self, member: usize, value: f64) -> NetworkError {
        let (owner, field) = (self.owner.to_owned(), self.name);
        NetworkError::Member { owner, field, member, value, allowed: self.range.to_string() }
    }

    /// The refusal of a draw of a distribution that reaches too far.
    pub(crate) fn drawn(&self, member: usize, value: f64) -> NetworkError {
        let (owner, field) = (self.owner.to_owned(), self.name);
        let allowed = format!("{}; give the distribution a `min` or `max` that keeps it so", self.range);
        NetworkError::Member { owner, field, member, value, allowed }
    }

    /// Refuses a distribution that cannot exist; otherwise gives it as it will be drawn, kept positive if the field is.
    pub(crate) fn check_distribution(&self, distribution: &Distribution) -> Result<Distribution, NetworkError> {
        distribution.validate().map_err(|e| self.distribution(e))?;
        if !matches!(self.range, Range::Positive | Range::Scale) {
            return Ok(distribution.clone());
        }
        let kept = distribution.kept_positive();
        kept.validate().map_err(|e| self.distribution(e))?;
        Ok(kept)
    }

    /// Refuses a distribution of few values of which one is not allowed, drawn or not: that must not depend on the seed.
    fn check_values(&self, distribution: &Distribution) -> Result<(), NetworkError> {
        let values = distribution.sampler().map_err(|e| self.distribution(e))?.values();
        let Some(value) = values.into_iter().find(|value| !self.range.holds(*value)) else { return Ok(()) };
        let (field, allowed) = (distribution.shape.part_with_values(), self.range.as_str());
        Err(self.distribution(DistributionError::Value { field, value, allowed }))
    }
}

impl Parameter {
    /// Moments asked for: of the untruncated distribution, or of the values given.
    pub fn moments(&self) -> Moments {
        match self {
            Parameter::Value(value) => Moments { mean: *value, sd: 0.0, skewness: 0.0 },
            Parameter::Drawn(distribution) => distribution.moments(),
            Parameter::PerMember(values) => Moments::of(values),
        }
    }

    /// Everything that can be said before drawing.
    pub(crate) fn check(&self, field: Field, members: usize) -> Result<(), NetworkError> {
        match self {
            Parameter::Value(value) => field.check_value(*value),
            Parameter::Drawn(distribution) => {
                field.check_distribution(distribution)?;
                field.check_values(distribution)
            }
            Parameter::PerMember(values) if values.len() != members => {
                let given = format!("{} values", values.len());
                Err(NetworkError::value(field.owner, field.name, given, format!("{members} values, one per member")))
            }
            Parameter::PerMember(values) => field.check_each(values.iter().copied()),
        }
    }

    /// Bytes per member that realising this at most takes.
    pub(crate) fn bytes_per_member(&self) -> u64 {
        if matches!(self, Parameter::Value(_)) { 0 } else { 8 }
    }
}

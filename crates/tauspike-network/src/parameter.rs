//! A parameter of the members of a population: one value, a distribution, or a value each.
//!
//! A drawn value depends on the seed, the parameter and the member, and on nothing else: not on the population's size, on other
//! parameters or on threads.

use crate::column::Column;
use crate::distribution::{Distribution, DistributionError};
use crate::error::NetworkError;
use crate::moments::Moments;
use std::fmt;
use tauspike_spike::{Domain, Stream};

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
pub(crate) enum Allowed {
    Positive,
    NotNegative,
    Finite,
}

impl Allowed {
    fn as_str(self) -> &'static str {
        match self {
            Allowed::Positive => "finite and > 0",
            Allowed::NotNegative => "finite and >= 0",
            Allowed::Finite => "a finite number",
        }
    }
}

impl fmt::Display for Allowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A parameter where it stands: what to check, and how to name it when it is wrong.
#[derive(Clone, Copy)]
pub(crate) struct Field<'a> {
    pub(crate) place: &'a str,
    pub(crate) name: &'static str,
    pub(crate) allowed: Allowed,
}

impl Field<'_> {
    fn allows(&self, value: f64) -> bool {
        value.is_finite()
            && match self.allowed {
                Allowed::Positive => value > 0.0,
                Allowed::NotNegative => value >= 0.0,
                Allowed::Finite => true,
            }
    }

    /// Refuses one value.
    pub(crate) fn check_value(&self, value: f64) -> Result<(), NetworkError> {
        if self.allows(value) {
            return Ok(());
        }
        Err(NetworkError::value(self.place, self.name, value, self.allowed.to_string()))
    }

    /// Refuses the first value that is not allowed.
    pub(crate) fn check_each(&self, values: impl IntoIterator<Item = f64>) -> Result<(), NetworkError> {
        let Some((member, value)) = values.into_iter().enumerate().find(|(_, v)| !self.allows(*v)) else {
            return Ok(());
        };
        Err(self.member(member, value))
    }

    fn member(&self, member: usize, value: f64) -> NetworkError {
        let (place, field) = (self.place.to_owned(), self.name);
        NetworkError::Member { place, field, member, value, allowed: self.allowed.to_string() }
    }

    /// The refusal of a draw of a distribution that reaches too far.
    fn drawn(&self, member: usize, value: f64) -> NetworkError {
        let (place, field) = (self.place.to_owned(), self.name);
        let allowed = format!("{}; give the distribution a `min` or `max` that keeps it so", self.allowed);
        NetworkError::Member { place, field, member, value, allowed }
    }

    /// Refuses a distribution that cannot exist; otherwise gives it as it will be drawn, kept positive if the field is.
    pub(crate) fn check_distribution(&self, distribution: &Distribution) -> Result<Distribution, NetworkError> {
        let named = |source| NetworkError::Distribution { place: self.place.to_owned(), field: self.name, source };
        distribution.validate().map_err(named)?;
        if self.allowed != Allowed::Positive {
            return Ok(distribution.clone());
        }
        let kept = distribution.kept_positive();
        kept.validate().map_err(named)?;
        Ok(kept)
    }
}

impl Field<'_> {
    /// Refuses a distribution of few values of which one is not allowed, drawn or not: that must not depend on the seed.
    fn check_values(&self, distribution: &Distribution) -> Result<(), NetworkError> {
        let named = |source| NetworkError::Distribution { place: self.place.to_owned(), field: self.name, source };
        let values = distribution.sampler().map_err(named)?.values();
        let Some(value) = values.into_iter().find(|value| !self.allows(*value)) else { return Ok(()) };
        let (field, allowed) = (distribution.shape.part_with_values(), self.allowed.as_str());
        Err(named(DistributionError::Value { field, value, allowed }))
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
                Err(NetworkError::value(field.place, field.name, given, format!("{members} values, one per member")))
            }
            Parameter::PerMember(values) => field.check_each(values.iter().copied()),
        }
    }

    /// The value of each member. Drawn values are checked here, because a distribution may reach what a field does not allow.
    pub(crate) fn realise(
        &self,
        field: Field,
        (seed, domain): (u64, Domain),
        positions: impl Iterator<Item = u32>,
    ) -> Result<Column, NetworkError> {
        match self {
            Parameter::Value(value) => Ok(Column::Shared(*value)),
            Parameter::PerMember(values) => Ok(Column::of(values.clone())),
            Parameter::Drawn(distribution) => {
                let named =
                    |source| NetworkError::Distribution { place: field.place.to_owned(), field: field.name, source };
                let sampler = field.check_distribution(distribution)?.sampler().map_err(named)?;
                let draw = |position| {
                    let value = sampler.draw(&mut Stream::new(seed, domain, position));
                    if field.allows(value) { Ok(value) } else { Err(field.drawn(position as usize, value)) }
                };
                Ok(Column::of(positions.map(draw).collect::<Result<_, _>>()?))
            }
        }
    }

    /// Bytes per member that realising this at most takes.
    pub(crate) fn bytes_per_member(&self) -> u64 {
        if matches!(self, Parameter::Value(_)) { 0 } else { 8 }
    }
}

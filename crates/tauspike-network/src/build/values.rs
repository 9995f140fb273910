//! Where the weights and delays of a projection come from, checked.

use crate::build::drive::Drives;
use crate::build::extent::Extent;
use crate::describe::distribution::Distribution;
use crate::describe::parameter::{Field, Parameter, Range};
use crate::describe::rule::Rule;
use crate::describe::spec::ProjectionSpec;
use crate::draw::key::Key;
use crate::draw::values::{MOST_STEPS, Values};
use crate::error::NetworkError;
use tauspike_spike::Domain;

/// Weights and delays of projection number `ordinal`.
pub(crate) struct SynapseValues<'a> {
    pub(crate) weights: Values<'a>,
    pub(crate) delays: Values<'a>,
}

impl<'a> SynapseValues<'a> {
    /// Refuses what cannot be drawn.
    pub(crate) fn of(spec: &'a ProjectionSpec, seed: u64, ordinal: u32) -> Result<Self, NetworkError> {
        let (weight, delay) = match &spec.rule {
            Rule::Explicit(list) => (list.weight.as_deref(), list.delay.as_deref()),
            _ => (None, None),
        };
        let owner = spec.owner();
        let key = |domain| Key { seed, domain };
        Ok(Self {
            weights: weights(spec, weight, &owner, key(Domain::weight(ordinal)))?,
            delays: delays(spec, delay, &owner, key(Domain::delay(ordinal)))?,
        })
    }
}

/// Refuses given weights, and the bounds of those drawn in a run, that drive a neuron too far. Drawn ones that are stored are seen when
/// they are there.
pub(crate) fn within(spec: &ProjectionSpec, drives: &Drives) -> Result<(), NetworkError> {
    let (owner, population) = (spec.owner(), spec.target.index());
    match SynapseValues::of(spec, 0, 0)?.weights {
        Values::Shared(weight) => drives.weights_for_all(&owner, population, Extent::NONE.and(weight)),
        Values::Drawn { sampler, .. } if spec.procedural => {
            drives.weights_for_all(&owner, population, Extent { low: sampler.min, high: sampler.max })
        }
        Values::Drawn { .. } => Ok(()),
        Values::Listed(weights) => {
            let Rule::Explicit(list) = &spec.rule else { return Ok(()) };
            let each = list.post.iter().zip(weights).enumerate();
            let each = each.map(|(k, (post, weight))| (k, *post as usize, *weight));
            drives.weights_of(&owner, population, Extent::of(weights.iter().copied()), each)
        }
    }
}

/// The weights of a projection.
fn weights<'a>(
    spec: &'a ProjectionSpec,
    listed: Option<&'a [f64]>,
    owner: &str,
    key: Key,
) -> Result<Values<'a>, NetworkError> {
    let field = Field { owner, name: "weight", range: Range::Finite };
    let distribution = match one_source(spec.weight.as_ref(), listed, field)? {
        Given::Ready(values) => return Ok(values),
        Given::Drawn(distribution) => distribution,
    };
    let sampler = distribution.sampler().map_err(|e| field.distribution(e))?;
    Ok(match sampler.constant() {
        Some(value) => Values::Shared(value),
        None => Values::Drawn { sampler, key, step: None, least_steps: 0.0 },
    })
}

/// The delays of a projection.
fn delays<'a>(
    spec: &'a ProjectionSpec,
    listed: Option<&'a [f64]>,
    owner: &str,
    key: Key,
) -> Result<Values<'a>, NetworkError> {
    let field = Field { owner, name: "delay", range: Range::NotNegative };
    let step = spec.round_to;
    if let Some(step) = step {
        Field { owner, name: "round_to", range: Range::Positive }.check_value(step)?;
    }
    let distribution = match one_source(spec.delay.as_ref(), listed, field)? {
        Given::Ready(values) if step.is_none() => return Ok(values),
        Given::Ready(_) => {
            let allowed = "no value unless the delay is drawn from a distribution";
            return Err(NetworkError::value(owner, "round_to", step.unwrap_or(0.0), allowed));
        }
        Given::Drawn(distribution) => distribution,
    };
    let mut kept = Field { range: Range::Positive, ..field }.check_distribution(distribution)?;
    if let Some(step) = step {
        kept.max = Some(kept.max.unwrap_or(f64::INFINITY).min(MOST_STEPS * step));
    }
    let sampler = kept.sampler().map_err(|e| field.distribution(e))?;
    if sampler.lowest() < 0.0 {
        let value = format!("a distribution that reaches {}", sampler.lowest());
        return Err(NetworkError::value(owner, "delay", value, "finite and >= 0"));
    }
    let least_steps = if distribution.min == Some(0.0) { 0.0 } else { 1.0 };
    Ok(match (sampler.constant(), step) {
        (Some(value), None) => Values::Shared(value),
        _ => Values::Drawn { sampler, key, step, least_steps },
    })
}

enum Given<'a> {
    Ready(Values<'a>),
    Drawn(&'a Distribution),
}

/// Values must come from the list or from the projection, not from both or neither.
fn one_source<'a>(
    parameter: Option<&'a Parameter>,
    listed: Option<&'a [f64]>,
    field: Field,
) -> Result<Given<'a>, NetworkError> {
    let refuse = |value: &str, allowed: &str| Err(NetworkError::value(field.owner, field.name, value, allowed));
    match (parameter, listed) {
        (None, None) => refuse("nothing", "a value, a distribution, or one value per listed synapse"),
        (Some(_), Some(_)) => refuse("both of the projection and of the list", "one of them"),
        (None, Some(values)) => {
            field.check_each(values.iter().copied())?;
            Ok(Given::Ready(Values::Listed(values)))
        }
        (Some(Parameter::Value(value)), None) => {
            field.check_value(*value)?;
            Ok(Given::Ready(Values::Shared(*value)))
        }
        (Some(Parameter::Drawn(distribution)), None) => Ok(Given::Drawn(distribution)),
        (Some(Parameter::PerMember(_)), None) => {
            refuse("one value per member", "a value or a distribution (values per synapse go into an explicit list)")
        }
    }
}

//! Weights and delays of the synapses of a projection, one at a time in the order of generation.
//!
//! A drawn value is a function of (seed, projection, unit, k): the k-th synapse of a target (of a source for fixed out-degree).

use crate::distribution::Distribution;
use crate::error::NetworkError;
use crate::parameter::{Allowed, Field, Parameter};
use crate::sampler::Sampler;
use crate::spec::ProjectionSpec;
use tauspike_spike::{Domain, Stream};

/// Most steps of a rounded delay, so that a step number fits u16.
const MOST_STEPS: f64 = 65535.0;

/// Where the weights or the delays of a projection come from.
#[derive(Clone, Debug)]
pub(crate) enum Values<'a> {
    Shared(f64),
    /// Rounded to f32, or to a multiple of `step` that is at least `least_steps` of them.
    Drawn {
        sampler: Sampler,
        key: (u64, Domain),
        step: Option<f64>,
        least_steps: f64,
    },
    /// Indexed like the explicit list.
    Listed(&'a [f64]),
}

/// The values of one unit.
pub(crate) enum UnitValues<'a> {
    Shared(f64),
    Drawn { sampler: &'a Sampler, stream: Stream, step: Option<f64>, least_steps: f64 },
    Listed(&'a [f64]),
}

impl Values<'_> {
    pub(crate) fn of_unit(&self, unit: u32) -> UnitValues<'_> {
        match self {
            Values::Shared(value) => UnitValues::Shared(*value),
            Values::Drawn { sampler, key: (seed, domain), step, least_steps } => {
                let stream = Stream::new(*seed, *domain, unit);
                UnitValues::Drawn { sampler, stream, step: *step, least_steps: *least_steps }
            }
            Values::Listed(values) => UnitValues::Listed(values),
        }
    }

    pub(crate) fn is_shared(&self) -> bool {
        self.shared().is_some()
    }

    /// The value of all, if there is only one.
    pub(crate) fn shared(&self) -> Option<f64> {
        match self {
            Values::Shared(value) => Some(*value),
            _ => None,
        }
    }

    /// The same without a borrow, unless the values are listed.
    pub(crate) fn keyed(self) -> Option<Values<'static>> {
        match self {
            Values::Shared(value) => Some(Values::Shared(value)),
            Values::Drawn { sampler, key, step, least_steps } => {
                Some(Values::Drawn { sampler, key, step, least_steps })
            }
            Values::Listed(_) => None,
        }
    }

    /// Bytes per synapse in the finished table, at most.
    pub(crate) fn bytes(&self) -> u64 {
        match self {
            Values::Shared(_) => 0,
            Values::Drawn { step: Some(_), .. } => 2,
            Values::Drawn { step: None, .. } => 4,
            Values::Listed(_) => 8,
        }
    }
}

impl UnitValues<'_> {
    /// The value of the synapse generated next, or of entry `k` of the list.
    #[inline(always)]
    pub(crate) fn next(&mut self, k: u32) -> f64 {
        match self {
            UnitValues::Shared(value) => *value,
            UnitValues::Drawn { sampler, stream, step: None, .. } => f64::from(sampler.draw(stream) as f32),
            UnitValues::Drawn { sampler, stream, step: Some(step), least_steps } => {
                (sampler.draw(stream) / *step).round().clamp(*least_steps, MOST_STEPS) * *step
            }
            UnitValues::Listed(values) => values[k as usize],
        }
    }
}

/// The weights of a projection.
pub(crate) fn weights<'a>(
    spec: &'a ProjectionSpec,
    listed: Option<&'a [f64]>,
    place: &str,
    key: (u64, Domain),
) -> Result<Values<'a>, NetworkError> {
    let field = Field { place, name: "weight", allowed: Allowed::Finite };
    let distribution = match one_source(spec.weight.as_ref(), listed, field)? {
        Given::Ready(values) => return Ok(values),
        Given::Drawn(distribution) => distribution,
    };
    let sampler = sampler(distribution, field)?;
    Ok(match sampler.constant() {
        Some(value) => Values::Shared(value),
        None => Values::Drawn { sampler, key, step: None, least_steps: 0.0 },
    })
}

/// The delays of a projection.
pub(crate) fn delays<'a>(
    spec: &'a ProjectionSpec,
    listed: Option<&'a [f64]>,
    place: &str,
    key: (u64, Domain),
) -> Result<Values<'a>, NetworkError> {
    let field = Field { place, name: "delay", allowed: Allowed::NotNegative };
    let step = spec.round_to;
    if let Some(step) = step {
        Field { place, name: "round_to", allowed: Allowed::Positive }.check_value(step)?;
    }
    let distribution = match one_source(spec.delay.as_ref(), listed, field)? {
        Given::Ready(values) if step.is_none() => return Ok(values),
        Given::Ready(_) => {
            let allowed = "no value unless the delay is drawn from a distribution";
            return Err(NetworkError::value(place, "round_to", step.unwrap_or(0.0), allowed));
        }
        Given::Drawn(distribution) => distribution,
    };
    let mut kept = Field { allowed: Allowed::Positive, ..field }.check_distribution(distribution)?;
    if let Some(step) = step {
        kept.max = Some(kept.max.unwrap_or(f64::INFINITY).min(MOST_STEPS * step));
    }
    let sampler = sampler(&kept, field)?;
    if sampler.lowest() < 0.0 {
        let value = format!("a distribution that reaches {}", sampler.lowest());
        return Err(NetworkError::value(place, "delay", value, "finite and >= 0"));
    }
    let least_steps = if distribution.min == Some(0.0) { 0.0 } else { 1.0 };
    Ok(match (sampler.constant(), step) {
        (Some(value), None) => Values::Shared(value),
        _ => Values::Drawn { sampler, key, step, least_steps },
    })
}

fn sampler(distribution: &Distribution, field: Field) -> Result<Sampler, NetworkError> {
    let named = |source| NetworkError::Distribution { place: field.place.to_owned(), field: field.name, source };
    distribution.sampler().map_err(named)
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
    let refuse = |value: &str, allowed: &str| Err(NetworkError::value(field.place, field.name, value, allowed));
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

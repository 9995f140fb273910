//! Weights and delays of the synapses of a projection, one at a time in the order of generation.
//!
//! A drawn value is a function of (seed, projection, unit, k): the k-th synapse of a target (of a source for fixed out-degree).

use crate::draw::key::Key;
use crate::draw::sampler::Sampler;
use tauspike_spike::Stream;

/// Most steps of a rounded delay, so that a step number fits u16.
pub(crate) const MOST_STEPS: f64 = 65535.0;

/// Where the weights or the delays of a projection come from.
#[derive(Clone, Debug)]
pub(crate) enum Values<'a> {
    Shared(f64),
    /// Rounded to f32, or to a multiple of `step` that is at least `least_steps` of them.
    Drawn {
        sampler: Sampler,
        key: Key,
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
            Values::Drawn { sampler, key, step, least_steps } => {
                let stream = key.stream(unit);
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

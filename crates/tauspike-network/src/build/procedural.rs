//! Which projections can do without a table.

use crate::build::values::SynapseValues;
use crate::describe::rule::Rule;
use crate::describe::spec::ProjectionSpec;
use crate::draw::values::Values;
use crate::error::NetworkError;

/// Refuses what cannot be drawn from the source alone, or not be checked beforehand.
pub(crate) fn check(spec: &ProjectionSpec, values: &SynapseValues) -> Result<(), NetworkError> {
    let refuse = |field, value: &str, allowed: &str| Err(NetworkError::value(&spec.owner(), field, value, allowed));
    if !matches!(spec.rule, Rule::FixedOutDegree(_)) {
        return refuse(
            "procedural",
            "true",
            "false, or the rule fixed_outdegree: the row of a source must follow from it alone",
        );
    }
    if !values.delays.is_shared() {
        return refuse("delay", "a distribution", "one value, because the projection is procedural");
    }
    let within_f32 = |bound: f64| (bound as f32).is_finite();
    match &values.weights {
        Values::Drawn { sampler, .. } if !(within_f32(sampler.min) && within_f32(sampler.max)) => refuse(
            "weight",
            "a distribution without bounds",
            "a value, or a distribution with `min` and `max`, because the projection is procedural: its draws are not checked beforehand",
        ),
        _ => Ok(()),
    }
}

//! A projection whose rule, partners and values are ready for drawing.

use crate::build::layout::Targets;
use crate::build::values::SynapseValues;
use crate::describe::description::Description;
use crate::describe::rule::Rule;
use crate::describe::spec::ProjectionSpec;
use crate::draw::count::{Total, split_total};
use crate::draw::key::Key;
use crate::draw::partners::{ByTarget, Choice, Partners};
use crate::draw::values::Values;
use crate::error::NetworkError;
use crate::table::procedural::Procedural;
use tauspike_spike::Domain;

/// A validated projection, ready for drawing.
pub(crate) struct Plan<'a> {
    pub(crate) owner: String,
    pub(crate) sources: u32,
    pub(crate) choice: Choice,
    pub(crate) rule: PlanRule<'a>,
    pub(crate) weights: Values<'a>,
    pub(crate) delays: Values<'a>,
}

/// From which side the synapses are generated.
pub(crate) enum PlanRule<'a> {
    ByTarget(Partners<'a>),
    /// Fixed out-degree.
    BySource(u32),
}

impl<'a> Plan<'a> {
    /// Of projection number `ordinal`.
    pub(crate) fn of(description: &Description, ordinal: u32, spec: &'a ProjectionSpec) -> Result<Self, NetworkError> {
        let (sources, targets) = (description.size(spec.source.index()), description.size(spec.target.index()));
        let key = Key { seed: description.seed, domain: Domain::partners(ordinal) };
        let by_source = matches!(spec.rule, Rule::FixedOutDegree(_));
        let choice = Choice {
            key,
            population: if by_source { targets } else { sources },
            excludes_self: spec.excludes_self(),
            multapses: spec.multapses,
        };
        let rule = match &spec.rule {
            Rule::FixedOutDegree(degree) => PlanRule::BySource(*degree),
            Rule::FixedInDegree(degree) => PlanRule::ByTarget(Partners::InDegree(*degree)),
            Rule::FixedTotal(total) => {
                let rule = Total { key, sources: u64::from(choice.candidates()), multapses: spec.multapses };
                let mut degrees = vec![0; targets as usize];
                split_total(&rule, *total, &mut degrees);
                PlanRule::ByTarget(Partners::InDegrees(degrees))
            }
            Rule::PairwiseBernoulli(p) => PlanRule::ByTarget(Partners::Bernoulli(*p)),
            Rule::OneToOne => PlanRule::ByTarget(Partners::OneToOne),
            Rule::AllToAll => PlanRule::ByTarget(Partners::AllToAll),
            Rule::Explicit(list) => PlanRule::ByTarget(Partners::Listed(ByTarget::new(&list.pre, &list.post, targets))),
        };
        let SynapseValues { weights, delays } = SynapseValues::of(spec, description.seed, ordinal)?;
        Ok(Plan { owner: spec.owner(), sources, choice, rule, weights, delays })
    }

    /// The recipe of a projection that goes by source; it has passed [`crate::build::procedural::check`].
    pub(crate) fn procedural(self, degree: u32, targets: Targets) -> Result<Procedural, NetworkError> {
        let Plan { owner, sources, choice, weights, delays, .. } = self;
        let (Some(delay), Some(weights)) = (delays.shared(), weights.keyed()) else {
            return Err(NetworkError::value(&owner, "procedural", true, "values that follow from the source"));
        };
        let (block_size, built) = (targets.block_size(), targets.asked.to_vec());
        Ok(Procedural { choice, sources, degree, weights, delay, block_size, built })
    }
}

//! Everything that can be refused before a number is drawn.

use crate::build::procedural;
use crate::build::realise::{LAST_OWNER, Quantity, RATE, SCALE, WEIGHT};
use crate::build::values::SynapseValues;
use crate::describe::description::Description;
use crate::describe::lif::{LifParameter, LifSpec};
use crate::describe::parameter::{Field, Parameter, Range};
use crate::describe::rule::{Rule, SynapseList};
use crate::describe::signal::Signal;
use crate::describe::spec::{CellsSpec, DriveSpec, InputSpec, PopulationId, ProjectionSpec, RateSpec};
use crate::draw::count::FIRST_SPLIT_ENTITY;
use crate::error::NetworkError;
use std::collections::BTreeSet;

/// Checks the whole description.
pub(crate) fn description(description: &Description) -> Result<(), NetworkError> {
    names("population", description.populations.iter().map(|p| p.name.as_str()))?;
    names("projection", description.projections.iter().map(|p| p.name.as_str()))?;
    names("input", description.inputs.iter().map(|p| p.name.as_str()))?;
    limits(description)?;
    for population in &description.populations {
        cells(&population.owner(), population.size, &population.cells)?;
    }
    description.projections.iter().try_for_each(|spec| projection(description, spec))?;
    description.inputs.iter().try_for_each(|spec| input(description, spec))
}

fn names<'a>(kind: &str, names: impl Iterator<Item = &'a str>) -> Result<(), NetworkError> {
    let mut seen = BTreeSet::new();
    for name in names {
        if name.is_empty() || !seen.insert(name) {
            return Err(NetworkError::value("network", "name", format!("{name:?}"), format!("a unique {kind} name")));
        }
    }
    Ok(())
}

fn limits(description: &Description) -> Result<(), NetworkError> {
    let refuse = |field, value: u64, allowed: String| Err(NetworkError::value("network", field, value, allowed));
    let neurons: u64 = description.populations.iter().map(|p| u64::from(p.size)).sum();
    if neurons > u64::from(FIRST_SPLIT_ENTITY) {
        return refuse("number of neurons and sources", neurons, format!("at most {FIRST_SPLIT_ENTITY}"));
    }
    let owners = (description.populations.len() + description.inputs.len()) as u64;
    if owners > u64::from(LAST_OWNER) {
        return refuse("number of populations and inputs", owners, format!("at most {LAST_OWNER}"));
    }
    let projections = description.projections.len() as u64;
    if projections >= 1 << 24 {
        return refuse("number of projections", projections, format!("below {}", 1 << 24));
    }
    Ok(())
}

fn cells(owner: &str, size: u32, cells: &CellsSpec) -> Result<(), NetworkError> {
    if size == 0 {
        return Err(NetworkError::value(owner, "size", size, "at least 1"));
    }
    match cells {
        CellsSpec::Lif(spec) => lif(owner, size as usize, spec),
        CellsSpec::Poisson(spec) => rate(owner, size as usize, spec),
        CellsSpec::Trains(trains) if trains.len() != size as usize => Err(NetworkError::value(
            owner,
            "trains",
            format!("{} trains", trains.len()),
            format!("{size}, one per member"),
        )),
        CellsSpec::Trains(trains) => trains.iter().enumerate().try_for_each(|(member, train)| {
            let mut last = 0.0;
            for &time in train {
                if !(time.is_finite() && time >= last) {
                    let allowed = "finite times >= 0 in ascending order".to_owned();
                    return Err(NetworkError::Member {
                        owner: owner.to_owned(),
                        field: "trains",
                        member,
                        value: time,
                        allowed,
                    });
                }
                last = time;
            }
            Ok(())
        }),
    }
}

fn parameter(owner: &str, members: usize, what: &Parameter, quantity: impl Into<Quantity>) -> Result<(), NetworkError> {
    let Quantity { name, range, .. } = quantity.into();
    what.check(Field { owner, name, range }, members)
}

fn lif(owner: &str, size: usize, spec: &LifSpec) -> Result<(), NetworkError> {
    LifParameter::of(spec)
        .filter_map(|row| Some((row, row.given(spec)?)))
        .try_for_each(|(row, value)| parameter(owner, size, value, row))
}

fn rate(owner: &str, members: usize, spec: &RateSpec) -> Result<(), NetworkError> {
    parameter(owner, members, &spec.base_hz, RATE)?;
    Field { owner, name: "start", range: Range::NotNegative }.check_value(spec.start)?;
    if spec.stop.is_nan() || spec.stop < spec.start {
        return Err(NetworkError::value(owner, "stop", spec.stop, format!("at least start = {}", spec.start)));
    }
    match &spec.profile {
        Some(profile) => signal(owner, "profile", profile, Range::NotNegative),
        None => Ok(()),
    }
}

fn signal(owner: &str, name: &'static str, signal: &Signal, range: Range) -> Result<(), NetworkError> {
    let (times, values) = (&signal.times, &signal.values);
    if times.is_empty() || times.len() != values.len() {
        let given = format!("{} times and {} values", times.len(), values.len());
        return Err(NetworkError::value(owner, name, given, "as many values as times, at least one"));
    }
    Field { owner, name, range: Range::Finite }.check_each(times.iter().copied())?;
    Field { owner, name, range }.check_each(values.iter().copied())?;
    match times.windows(2).position(|pair| pair[1] <= pair[0]) {
        None => Ok(()),
        Some(k) => {
            let (owner, allowed) = (owner.to_owned(), format!("times after {} (strictly increasing)", times[k]));
            Err(NetworkError::Member { owner, field: name, member: k + 1, value: times[k + 1], allowed })
        }
    }
}

/// Size of a population and what its members are.
fn population_of<'d>(
    description: &'d Description,
    owner: &str,
    id: PopulationId,
) -> Result<(u32, &'d CellsSpec), NetworkError> {
    match description.populations.get(id.index()) {
        Some(population) => Ok((population.size, &population.cells)),
        None => {
            let allowed = format!("one of the {} populations of this builder", description.populations.len());
            Err(NetworkError::value(owner, "population", id.index(), allowed))
        }
    }
}

fn target_of(description: &Description, owner: &str, id: PopulationId) -> Result<u32, NetworkError> {
    match population_of(description, owner, id)? {
        (size, CellsSpec::Lif(_)) => Ok(size),
        _ => {
            let name = format!("\"{}\"", description.populations[id.index()].name);
            Err(NetworkError::value(owner, "target", name, "a population of LIF neurons"))
        }
    }
}

fn source_of(description: &Description, owner: &str, id: PopulationId) -> Result<u32, NetworkError> {
    match population_of(description, owner, id)? {
        (_, CellsSpec::Lif(lif)) if !lif.fires => {
            let name = format!("\"{}\", of model {}", description.populations[id.index()].name, lif.model());
            Err(NetworkError::value(owner, "source", name, "a population that fires: a leaky integrator never does"))
        }
        (size, _) => Ok(size),
    }
}

pub(crate) fn projection(description: &Description, spec: &ProjectionSpec) -> Result<(), NetworkError> {
    let owner = spec.owner();
    let sources = source_of(description, &owner, spec.source)?;
    let targets = target_of(description, &owner, spec.target)?;
    let own = u32::from(spec.excludes_self());
    let from = (sources - own, "sources");
    let to = (targets - own, "targets");
    match &spec.rule {
        Rule::FixedInDegree(degree) => fixed_degree(spec, ("in-degree", *degree), from)?,
        Rule::FixedOutDegree(degree) => fixed_degree(spec, ("out-degree", *degree), to)?,
        Rule::FixedTotal(total) => {
            let pairs = u64::from(targets) * u64::from(from.0);
            // With multapses one target could get all; far below u32::MAX per target on average, no count overflows.
            let most = if spec.multapses && pairs > 0 { u64::from(targets) << 30 } else { pairs };
            if *total > most {
                return Err(NetworkError::value(&owner, "total", total, format!("at most {most}")));
            }
        }
        Rule::PairwiseBernoulli(p) if !(0.0..=1.0).contains(p) => {
            return Err(NetworkError::value(&owner, "probability", p, "0 to 1"));
        }
        Rule::OneToOne if sources != targets => {
            let allowed = format!("source and target populations of one size, not {sources} and {targets}");
            return Err(NetworkError::value(&owner, "rule", "one-to-one", allowed));
        }
        Rule::OneToOne if spec.excludes_self() => {
            let allowed = "with autapses, or between two populations";
            return Err(NetworkError::value(&owner, "rule", "one-to-one of a population to itself", allowed));
        }
        Rule::PairwiseBernoulli(_) | Rule::OneToOne | Rule::AllToAll => {}
        Rule::Explicit(list) => explicit(spec, list, (sources, targets))?,
    }
    let values = SynapseValues::of(spec, 0, 0)?;
    if spec.procedural { procedural::check(spec, &values) } else { Ok(()) }
}

/// A degree must be possible: without multapses it is at most the number of candidates.
fn fixed_degree(
    spec: &ProjectionSpec,
    (field, degree): (&'static str, u32),
    candidates: (u32, &str),
) -> Result<(), NetworkError> {
    let most = if spec.multapses && candidates.0 > 0 { u32::MAX } else { candidates.0 };
    if degree <= most {
        return Ok(());
    }
    let switches = match (spec.multapses, spec.excludes_self()) {
        (true, _) => "without autapses",
        (false, true) => "without multapses and autapses",
        (false, false) => "without multapses",
    };
    let allowed = format!("at most {most} ({} {} to choose from, {switches})", candidates.0, candidates.1);
    Err(NetworkError::value(&spec.owner(), field, degree, allowed))
}

fn explicit(spec: &ProjectionSpec, list: &SynapseList, (sources, targets): (u32, u32)) -> Result<(), NetworkError> {
    let owner = spec.owner();
    let len = list.len();
    let others = [
        ("post", list.post.len()),
        ("weight", list.weight.as_ref().map_or(len, Vec::len)),
        ("delay", list.delay.as_ref().map_or(len, Vec::len)),
    ];
    if let Some((field, given)) = others.into_iter().find(|(_, given)| *given != len) {
        return Err(NetworkError::value(&owner, field, format!("{given} values"), format!("{len}, one per pre")));
    }
    if len > u32::MAX as usize {
        return Err(NetworkError::value(&owner, "list", format!("{len} synapses"), format!("at most {}", u32::MAX)));
    }
    let refuse = |field, member, value: u32, allowed: String| {
        Err(NetworkError::Member { owner: owner.clone(), field, member, value: f64::from(value), allowed })
    };
    for (field, positions, size) in [("pre", &list.pre, sources), ("post", &list.post, targets)] {
        if let Some(k) = positions.iter().position(|p| *p >= size) {
            return refuse(field, k, positions[k], format!("a position below {size}"));
        }
    }
    let pairs = || list.pre.iter().zip(&list.post);
    if spec.excludes_self()
        && let Some(k) = pairs().position(|(pre, post)| pre == post)
    {
        return refuse("post", k, list.post[k], "other than pre (no autapses)".to_owned());
    }
    if !spec.multapses {
        let mut sorted: Vec<(u32, u32, u32)> = pairs().zip(0..).map(|((pre, post), k)| (*pre, *post, k)).collect();
        sorted.sort_unstable();
        if let Some(twice) = sorted.windows(2).find(|w| (w[0].0, w[0].1) == (w[1].0, w[1].1)) {
            let (pre, post, k) = twice[1];
            let allowed = format!("one synapse from {pre} to {post}, which entry {} is (no multapses)", twice[0].2);
            return refuse("post", k as usize, post, allowed);
        }
    }
    Ok(())
}

pub(crate) fn input(description: &Description, spec: &InputSpec) -> Result<(), NetworkError> {
    let owner = spec.owner();
    let size = target_of(description, &owner, spec.population)?;
    let mut members = size as usize;
    if let Some(positions) = &spec.members {
        members = positions.len();
        let in_order = |k: &usize| positions[*k] < size && (*k == 0 || positions[k - 1] < positions[*k]);
        if members == 0 {
            return Err(NetworkError::value(&owner, "members", "an empty list", "at least one position"));
        }
        if let Some(k) = (0..members).find(|k| !in_order(k)) {
            let allowed = format!("strictly increasing positions below {size}");
            return Err(NetworkError::Member {
                owner,
                field: "members",
                member: k,
                value: positions[k].into(),
                allowed,
            });
        }
    }
    match &spec.drive {
        DriveSpec::Poisson { rate: spec, weight } => {
            rate(&owner, members, spec)?;
            parameter(&owner, members, weight, WEIGHT)
        }
        DriveSpec::Current { signal: steps, scale } => {
            signal(&owner, "signal", steps, Range::Finite)?;
            parameter(&owner, members, scale, SCALE)
        }
    }
}

#[cfg(test)]
mod tests;

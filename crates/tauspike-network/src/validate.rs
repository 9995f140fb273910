//! Everything that can be refused before a number is drawn.

use crate::builder::NetworkBuilder;
use crate::count::FIRST_SPLIT_ENTITY;
use crate::error::NetworkError;
use crate::parameter::{Allowed, Field, Parameter};
use crate::population::Signal;
use crate::procedural;
use crate::realise::*;
use crate::rule::{Rule, SynapseList};
use crate::spec::{CellsSpec, DriveSpec, InputSpec, LifSpec, PopulationId, ProjectionSpec, RateSpec, SynapseSpec};
use std::collections::BTreeSet;

/// Checks the whole description.
pub(crate) fn description(builder: &NetworkBuilder) -> Result<(), NetworkError> {
    names("population", builder.populations.iter().map(|p| p.name.as_str()))?;
    names("projection", builder.projections.iter().map(|p| p.name.as_str()))?;
    names("input", builder.inputs.iter().map(|p| p.name.as_str()))?;
    limits(builder)?;
    for population in &builder.populations {
        let place = format!("population \"{}\"", population.name);
        cells(&place, population.size, &population.cells)?;
    }
    builder.projections.iter().try_for_each(|spec| projection(builder, spec))?;
    builder.inputs.iter().try_for_each(|spec| input(builder, spec))
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

fn limits(builder: &NetworkBuilder) -> Result<(), NetworkError> {
    let refuse = |field, value: u64, allowed: String| Err(NetworkError::value("network", field, value, allowed));
    let neurons: u64 = builder.populations.iter().map(|p| u64::from(p.size)).sum();
    if neurons > u64::from(FIRST_SPLIT_ENTITY) {
        return refuse("number of neurons and sources", neurons, format!("at most {FIRST_SPLIT_ENTITY}"));
    }
    let owners = (builder.populations.len() + builder.inputs.len()) as u64;
    if owners > u64::from(LAST_OWNER) {
        return refuse("number of populations and inputs", owners, format!("at most {LAST_OWNER}"));
    }
    let projections = builder.projections.len() as u64;
    if projections >= 1 << 24 {
        return refuse("number of projections", projections, format!("below {}", 1 << 24));
    }
    Ok(())
}

fn cells(place: &str, size: u32, cells: &CellsSpec) -> Result<(), NetworkError> {
    if size == 0 {
        return Err(NetworkError::value(place, "size", size, "at least 1"));
    }
    match cells {
        CellsSpec::Lif(spec) => lif(place, size as usize, spec),
        CellsSpec::Poisson(spec) => rate(place, size as usize, spec),
        CellsSpec::Trains(trains) if trains.len() != size as usize => Err(NetworkError::value(
            place,
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
                        place: place.to_owned(),
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

fn parameter(place: &str, members: usize, what: &Parameter, (_, name, allowed): Quantity) -> Result<(), NetworkError> {
    what.check(Field { place, name, allowed }, members)
}

fn lif(place: &str, size: usize, spec: &LifSpec) -> Result<(), NetworkError> {
    let always = [
        (&spec.tau_m, TAU_M),
        (&spec.c_m, C_M),
        (&spec.e_l, E_L),
        (&spec.v_th, V_TH),
        (&spec.t_ref, T_REF),
        (&spec.i_e, I_E),
    ];
    let sometimes = [(&spec.v_reset, V_RESET), (&spec.v_init, V_INIT)];
    let given = sometimes.into_iter().filter_map(|(p, q)| Some((p.as_ref()?, q)));
    always.into_iter().chain(given).try_for_each(|(p, q)| parameter(place, size, p, q))?;
    match &spec.synapse {
        SynapseSpec::Delta => Ok(()),
        SynapseSpec::Exponential { tau_syn_ex, tau_syn_in } => {
            parameter(place, size, tau_syn_ex, TAU_SYN_EX)?;
            parameter(place, size, tau_syn_in, TAU_SYN_IN)
        }
    }
}

fn rate(place: &str, members: usize, spec: &RateSpec) -> Result<(), NetworkError> {
    parameter(place, members, &spec.base_hz, RATE)?;
    Field { place, name: "start", allowed: Allowed::NotNegative }.check_value(spec.start)?;
    if spec.stop.is_nan() || spec.stop < spec.start {
        return Err(NetworkError::value(place, "stop", spec.stop, format!("at least start = {}", spec.start)));
    }
    match &spec.profile {
        Some(profile) => signal(place, "profile", profile, Allowed::NotNegative),
        None => Ok(()),
    }
}

fn signal(place: &str, name: &'static str, signal: &Signal, allowed: Allowed) -> Result<(), NetworkError> {
    let (times, values) = (&signal.times, &signal.values);
    if times.is_empty() || times.len() != values.len() {
        let given = format!("{} times and {} values", times.len(), values.len());
        return Err(NetworkError::value(place, name, given, "as many values as times, at least one"));
    }
    Field { place, name, allowed: Allowed::Finite }.check_each(times.iter().copied())?;
    Field { place, name, allowed }.check_each(values.iter().copied())?;
    match times.windows(2).position(|pair| pair[1] <= pair[0]) {
        None => Ok(()),
        Some(k) => {
            let (place, allowed) = (place.to_owned(), format!("times after {} (strictly increasing)", times[k]));
            Err(NetworkError::Member { place, field: name, member: k + 1, value: times[k + 1], allowed })
        }
    }
}

/// Size of a population and whether it consists of LIF neurons.
fn population_of(builder: &NetworkBuilder, place: &str, id: PopulationId) -> Result<(u32, bool), NetworkError> {
    match builder.populations.get(id.index()) {
        Some(population) => Ok((population.size, matches!(population.cells, CellsSpec::Lif(_)))),
        None => {
            let allowed = format!("one of the {} populations of this builder", builder.populations.len());
            Err(NetworkError::value(place, "population", id.index(), allowed))
        }
    }
}

fn target_of(builder: &NetworkBuilder, place: &str, id: PopulationId) -> Result<u32, NetworkError> {
    match population_of(builder, place, id)? {
        (size, true) => Ok(size),
        (_, false) => {
            let name = format!("\"{}\"", builder.populations[id.index()].name);
            Err(NetworkError::value(place, "target", name, "a population of LIF neurons"))
        }
    }
}

fn projection(builder: &NetworkBuilder, spec: &ProjectionSpec) -> Result<(), NetworkError> {
    let place = spec.place();
    let (sources, _) = population_of(builder, &place, spec.source)?;
    let targets = target_of(builder, &place, spec.target)?;
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
                return Err(NetworkError::value(&place, "total number", total, format!("at most {most}")));
            }
        }
        Rule::PairwiseBernoulli(p) if !(0.0..=1.0).contains(p) => {
            return Err(NetworkError::value(&place, "probability", p, "0 to 1"));
        }
        Rule::OneToOne if sources != targets => {
            let allowed = format!("source and target populations of one size, not {sources} and {targets}");
            return Err(NetworkError::value(&place, "rule", "one-to-one", allowed));
        }
        Rule::OneToOne if spec.excludes_self() => {
            let allowed = "with autapses, or between two populations";
            return Err(NetworkError::value(&place, "rule", "one-to-one of a population to itself", allowed));
        }
        Rule::PairwiseBernoulli(_) | Rule::OneToOne | Rule::AllToAll => {}
        Rule::Explicit(list) => explicit(spec, list, (sources, targets))?,
    }
    let (weights, delays) = spec.values(0, 0)?;
    if spec.procedural { procedural::check(spec, &weights, &delays) } else { Ok(()) }
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
    Err(NetworkError::value(&spec.place(), field, degree, allowed))
}

fn explicit(spec: &ProjectionSpec, list: &SynapseList, (sources, targets): (u32, u32)) -> Result<(), NetworkError> {
    let place = spec.place();
    let len = list.len();
    let others = [
        ("post", list.post.len()),
        ("weight", list.weight.as_ref().map_or(len, Vec::len)),
        ("delay", list.delay.as_ref().map_or(len, Vec::len)),
    ];
    if let Some((field, given)) = others.into_iter().find(|(_, given)| *given != len) {
        return Err(NetworkError::value(&place, field, format!("{given} values"), format!("{len}, one per pre")));
    }
    if len > u32::MAX as usize {
        return Err(NetworkError::value(&place, "list", format!("{len} synapses"), format!("at most {}", u32::MAX)));
    }
    let refuse = |field, member, value: u32, allowed: String| {
        Err(NetworkError::Member { place: place.clone(), field, member, value: f64::from(value), allowed })
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

fn input(builder: &NetworkBuilder, spec: &InputSpec) -> Result<(), NetworkError> {
    let place = format!("input \"{}\"", spec.name);
    let size = target_of(builder, &place, spec.population)?;
    let mut members = size as usize;
    if let Some(positions) = &spec.members {
        members = positions.len();
        let in_order = |k: &usize| positions[*k] < size && (*k == 0 || positions[k - 1] < positions[*k]);
        if members == 0 {
            return Err(NetworkError::value(&place, "members", "an empty list", "at least one position"));
        }
        if let Some(k) = (0..members).find(|k| !in_order(k)) {
            let allowed = format!("strictly increasing positions below {size}");
            return Err(NetworkError::Member {
                place,
                field: "members",
                member: k,
                value: positions[k].into(),
                allowed,
            });
        }
    }
    match &spec.drive {
        DriveSpec::Poisson { rate: spec, weight } => {
            rate(&place, members, spec)?;
            parameter(&place, members, weight, WEIGHT)
        }
        DriveSpec::Current { signal: steps, scale } => {
            signal(&place, "signal", steps, Allowed::Finite)?;
            parameter(&place, members, scale, SCALE)
        }
    }
}

#[cfg(test)]
mod tests;

//! `[[projection]]`: synapses from one population to another.

use crate::error::ScenarioError;
use crate::parameter;
use crate::population::Declared;
use crate::section::{Range, Section};
use tauspike_import::{SynapseShape, WeightUnit, read_projection};
use tauspike_network::{Parameter, ProjectionSpec, Rule, SynapseList};

type Result<T> = std::result::Result<T, ScenarioError>;

const RULES: [&str; 7] =
    ["fixed_indegree", "fixed_outdegree", "fixed_total", "bernoulli", "one_to_one", "all_to_all", "explicit"];

/// In place of a rule, where a program gives the synapses.
const GIVEN: &str = "given";

/// Reads one projection. Synapses that a program gives stand for the rule `explicit` and its file.
pub(crate) fn read(
    section: &Section,
    populations: &[Declared],
    taken: &[String],
    given: Option<SynapseList>,
) -> Result<ProjectionSpec> {
    let from = population(section, "from", populations)?;
    if !from.fires() {
        let allowed =
            format!("a population that fires; \"{}\" is of model {}, which never does", from.name, from.model);
        return Err(section.need("from", "")?.refuse(allowed));
    }
    let to = population(section, "to", populations)?;
    let unit = neurons(section, "to", to)?;
    let rule_name = match given {
        Some(_) => GIVEN,
        None => RULES[section.need("rule", &format!("one of {}", RULES.join(", ")))?.choice(&RULES)?],
    };
    let own: &[&str] = match rule_name {
        GIVEN => &[],
        "fixed_indegree" => &["rule", "indegree"],
        "fixed_outdegree" => &["rule", "outdegree"],
        "fixed_total" => &["rule", "total"],
        "bernoulli" => &["rule", "probability"],
        "explicit" => &["rule", "file"],
        _ => &["rule"],
    };
    let weight_key = weight_key(section, unit, to)?;
    let others = [weight_key, "delay_ms", "autapses", "multapses", "procedural"];
    section.allow(&[&["name", "from", "to"], own, &others].concat())?;
    let name = match section.get("name") {
        Some(name) => name.text()?.to_owned(),
        None => unnamed(&format!("{} to {}", from.name, to.name), taken),
    };
    let rule = match given {
        Some(list) => Rule::Explicit(list),
        None => rule(section, (rule_name, &name), SynapseShape { n_pre: from.size, n_post: to.size, unit })?,
    };
    let mut spec = ProjectionSpec::new(name, (from.id, to.id), rule);
    spec.weight = section.get(weight_key).map(|entry| parameter::read(&entry, None)).transpose()?;
    if let Some((delay, round_to)) = section.get("delay_ms").map(|entry| parameter::read_delay(&entry)).transpose()? {
        (spec.delay, spec.round_to) = (Some(delay), round_to);
    }
    if let (GIVEN, Rule::Explicit(list)) = (rule_name, &mut spec.rule) {
        each_its_own(&mut spec.weight, &mut list.weight);
        each_its_own(&mut spec.delay, &mut list.delay);
    }
    spec.autapses = section.get("autapses").map_or(Ok(true), |entry| entry.flag())?;
    spec.multapses = section.get("multapses").map_or(Ok(true), |entry| entry.flag())?;
    spec.procedural = section.get("procedural").map_or(Ok(false), |entry| entry.flag())?;
    Ok(spec)
}

/// One value for each of the synapses that a program gives.
fn each_its_own(parameter: &mut Option<Parameter>, listed: &mut Option<Vec<f64>>) {
    *parameter = match parameter.take() {
        Some(Parameter::PerMember(values)) if listed.is_none() => {
            *listed = Some(values);
            None
        }
        other => other,
    }
}

fn rule(section: &Section, (rule, name): (&str, &str), shape: SynapseShape) -> Result<Rule> {
    let degree = |key: &str| section.need(key, "an integer >= 0")?.integer(0, u64::from(u32::MAX));
    Ok(match rule {
        "fixed_indegree" => Rule::FixedInDegree(degree("indegree")? as u32),
        "fixed_outdegree" => Rule::FixedOutDegree(degree("outdegree")? as u32),
        "fixed_total" => Rule::FixedTotal(section.need("total", "an integer >= 0")?.integer(0, i64::MAX as u64)?),
        "bernoulli" => {
            let probability = section.need("probability", "a number from 0 to 1")?;
            Rule::PairwiseBernoulli(probability.number(Range::NotNegative)?)
        }
        "one_to_one" => Rule::OneToOne,
        "all_to_all" => Rule::AllToAll,
        _ => {
            let file = section.need("file", "the name of a .csv, .parquet or .npz file with pre, post, ..")?;
            let source = file.table_source()?;
            let read = read_projection(&source, shape, name).map_err(|error| file.import(error))?;
            Rule::Explicit(SynapseList { pre: read.pre, post: read.post, weight: read.weight, delay: read.delay })
        }
    })
}

/// The population that `key` names.
pub(crate) fn population<'p>(section: &Section, key: &str, populations: &'p [Declared]) -> Result<&'p Declared> {
    let names: Vec<String> = populations.iter().map(|population| population.name.clone()).collect();
    let entry = section.need(key, "the name of a population")?;
    Ok(&populations[parameter::named(&entry, &names)?])
}

/// The unit of weights onto `target`, which `key` names and which must consist of neurons.
pub(crate) fn neurons(section: &Section, key: &str, target: &Declared) -> Result<WeightUnit> {
    match target.unit() {
        Some(unit) => Ok(unit),
        None => Err(section.need(key, "")?.refuse(format!("a population of neurons, not of model {}", target.model))),
    }
}

/// `weight_mv` or `weight_pa`. The other one is refused: a weight in the wrong unit is no misspelling.
pub(crate) fn weight_key(section: &Section, unit: WeightUnit, target: &Declared) -> Result<&'static str> {
    let (right, wrong) = match unit {
        WeightUnit::Millivolt => (unit.key(), WeightUnit::Picoampere.key()),
        WeightUnit::Picoampere => (unit.key(), WeightUnit::Millivolt.key()),
    };
    match section.get(wrong) {
        None => Ok(right),
        Some(entry) => {
            Err(entry.refuse(format!("`{right}`, because \"{}\" is of model {}", target.name, target.model)))
        }
    }
}

/// A name for what the scenario does not name: `base`, or `base #2` if that is taken.
pub(crate) fn unnamed(base: &str, taken: &[String]) -> String {
    let names = std::iter::once(base.to_owned()).chain((2..).map(|k| format!("{base} #{k}")));
    names.into_iter().find(|name| !taken.contains(name)).unwrap_or_default()
}

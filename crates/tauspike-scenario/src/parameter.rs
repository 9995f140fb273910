//! How a parameter is written: a number, a list with one number per member, a distribution, or a column of a file.
//!
//! ```toml
//! tau_m_ms = 20.0
//! tau_m_ms = [10.0, 20.0, 40.0]
//! tau_m_ms = { distribution = "lognormal", mean = 20.0, cv = 0.5, min = 5.0, max = 100.0 }
//! tau_m_ms = { distribution = "empirical", file = "measured.csv", column = "tau" }
//! tau_m_ms = { file = "neurons.csv", column = "tau_m_ms" }
//! ```
//!
//! A file whose rows are for single members may say in a column `neuron` which row is for whom, by position in the population;
//! otherwise row k is for member k. Of a file with names in a column `population`, as `tauspike export` writes it, the rows of
//! this population are read, and `local` is the position. In the file of an empirical distribution the order does not matter.
//!
//! All numbers of a distribution are in the unit of the key. Which values a parameter may take is the network builder's to say.

use crate::error::ScenarioError;
use crate::section::{Entry, Range, Section, unknown_name};
use crate::tree::Value;
use std::collections::BTreeMap;
use tauspike_import::{Members, Quantity, Source, read_member_parameters, read_member_values, read_values};
use tauspike_network::{Distribution, Family, LIF, Parameter, Spread};

type Result<T> = std::result::Result<T, ScenarioError>;

const DISTRIBUTIONS: [&str; 12] = [
    "constant",
    "normal",
    "uniform",
    "lognormal",
    "gamma",
    "inverse_gaussian",
    "inverse_gamma",
    "arcsine",
    "log_uniform",
    "beta",
    "two_point",
    "empirical",
];

/// Reads a parameter of `members`, or of the synapses of a projection, whose rows nobody can number.
pub(crate) fn read(entry: &Entry, members: Option<Members>) -> Result<Parameter> {
    let quantity = quantity(entry);
    match &entry.node.value {
        Value::List(_) | Value::Numbers(_) => Ok(Parameter::PerMember(entry.numbers(Range::Finite)?)),
        Value::Table(_) => {
            let section = entry.table(".")?;
            if section.get("distribution").is_some() {
                return Ok(Parameter::Drawn(distribution(&section, quantity, &[])?));
            }
            section.allow(&["file", "column", "distribution"])?;
            let (file, source, column) = column(&section)?;
            let values = match members {
                Some(members) => read_member_values(&source, column, members, quantity),
                None => read_values(&source, column, quantity),
            };
            Ok(Parameter::PerMember(values.map_err(|error| file.import(error))?))
        }
        Value::Integer(_) | Value::Float(_) => Ok(Parameter::Value(entry.number(Range::Finite)?)),
        _ => Err(entry.refuse("a number, a list of numbers, { distribution = .. } or { file = .. }")),
    }
}

/// Reads a delay: a parameter whose distribution may have `round_to_ms`, which is given back.
pub(crate) fn read_delay(entry: &Entry) -> Result<(Parameter, Option<f64>)> {
    if let Value::Table(_) = entry.node.value {
        let section = entry.table(".")?;
        if section.get("distribution").is_some() {
            let round_to = section.get("round_to_ms").map(|step| step.number(Range::Positive)).transpose()?;
            let drawn = distribution(&section, quantity(entry), &["round_to_ms"])?;
            if round_to.is_some_and(|step| is_too_small(step, &drawn)) {
                let entry = section.need("round_to_ms", "")?;
                return Err(entry.refuse(format!("a step of which delays have at most {MOST_STEPS}")));
            }
            return Ok((Parameter::Drawn(drawn), round_to));
        }
    }
    Ok((read(entry, None)?, None))
}

/// Most steps of a rounded delay: beyond, draws are rejected ([`tauspike_network::ProjectionSpec::round_to`]).
const MOST_STEPS: f64 = 65535.0;

/// Whether it is the step, and nothing else, that rejects almost every delay.
fn is_too_small(step: f64, delays: &Distribution) -> bool {
    let kept = delays.kept_positive();
    let most = kept.max.unwrap_or(f64::INFINITY).min(MOST_STEPS * step);
    let rounded = kept.clone().truncated(kept.min, Some(most));
    kept.validate().is_ok() && rounded.validate().is_err()
}

/// Reads a distribution, `{ distribution = "gamma", .. }`, for a program of its own.
///
/// # Errors
/// If it is none; whether its numbers go together is for [`Distribution::validate`] to say.
pub fn read_distribution(entry: &Entry) -> Result<Distribution> {
    distribution(&entry.table(".")?, quantity(entry), &[])
}

fn distribution(section: &Section, quantity: Quantity, also: &[&str]) -> Result<Distribution> {
    let kind = DISTRIBUTIONS[section.need("distribution", "the name of a distribution")?.choice(&DISTRIBUTIONS)?];
    let own: &[&str] = match kind {
        "constant" => &["mean"],
        "uniform" => &["mean", "cv", "sd", "low", "high"],
        "normal" | "arcsine" | "log_uniform" => &["mean", "cv", "sd"],
        "two_point" | "beta" => &["mean", "cv", "sd", "skewness"],
        "empirical" => &["values", "file", "column"],
        _ => &["mean", "cv", "sd", "mirrored"],
    };
    section.allow(&[own, &["distribution", "min", "max"], also].concat())?;
    let number = |key: &str| section.get(key).map(|entry| entry.number(Range::Finite)).transpose();
    let mean = || section.need("mean", "a finite number")?.number(Range::Finite);
    let shape = match kind {
        "constant" => Distribution::constant(mean()?),
        "uniform" => uniform(section)?,
        "normal" => Distribution::normal(mean()?, spread(section)?),
        "arcsine" => Distribution::arcsine(mean()?, spread(section)?),
        "log_uniform" => Distribution::log_uniform(mean()?, spread(section)?),
        "beta" => Distribution::beta(mean()?, spread(section)?, number("skewness")?.unwrap_or(0.0)),
        "two_point" => Distribution::two_point(mean()?, spread(section)?, number("skewness")?.unwrap_or(0.0)),
        "empirical" => Distribution::empirical(match section.get("values") {
            Some(values) => values.numbers(Range::Finite)?,
            None => {
                let (file, source, column) = column(section)?;
                read_values(&source, column, quantity).map_err(|error| file.import(error))?
            }
        }),
        _ => skewed(section, kind, mean()?)?,
    };
    Ok(shape.truncated(number("min")?, number("max")?))
}

fn skewed(section: &Section, kind: &str, mean: f64) -> Result<Distribution> {
    let family = match kind {
        "lognormal" => Family::Lognormal,
        "gamma" => Family::Gamma,
        "inverse_gaussian" => Family::InverseGaussian,
        _ => Family::InverseGamma,
    };
    let mirrored = section.get("mirrored").map_or(Ok(false), |entry| entry.flag())?;
    let spread = spread(section)?;
    Ok(if mirrored { Distribution::mirrored(family, mean, spread) } else { Distribution::skewed(family, mean, spread) })
}

/// By its bounds, or by mean and spread.
fn uniform(section: &Section) -> Result<Distribution> {
    let other = |key: &str, than: &str| match section.get(key) {
        Some(entry) => Err(entry.refuse(format!("no `{key}` beside `{than}`"))),
        None => Ok(()),
    };
    if section.get("low").is_none() && section.get("high").is_none() {
        let mean = section.need("mean", "a finite number, or low and high instead")?.number(Range::Finite)?;
        let around = Distribution::uniform_around(mean, spread(section)?);
        // Bounds that are not written down cannot be what is refused.
        return match (around.validate(), section.get("cv").or(section.get("sd"))) {
            (Err(_), Some(width)) => Err(width.refuse("a width with which mean - and + sqrt(3) sd are finite")),
            _ => Ok(around),
        };
    }
    ["mean", "cv", "sd"].into_iter().try_for_each(|key| other(key, "low and high"))?;
    let low = section.need("low", "a finite number")?.number(Range::Finite)?;
    let high = section.need("high", "a finite number")?.number(Range::Finite)?;
    Ok(Distribution::uniform(low, high))
}

fn spread(section: &Section) -> Result<Spread> {
    match (section.get("cv"), section.get("sd")) {
        (Some(cv), None) => Ok(Spread::Cv(cv.number(Range::NotNegative)?)),
        (None, Some(sd)) => Ok(Spread::Sd(sd.number(Range::NotNegative)?)),
        (Some(_), Some(sd)) => Err(sd.refuse("either cv or sd, not both")),
        (None, None) => Err(section.absent("cv", "a finite number >= 0, or sd instead")),
    }
}

/// The unit of a key is its ending, and a time may be written as a duration.
fn quantity(entry: &Entry) -> Quantity {
    Quantity::of_key(&entry.field)
}

/// The entry that names a file, the file, and the column asked for.
fn column<'a>(section: &Section<'a>) -> Result<(Entry<'a>, Source<'static>, Option<&'a str>)> {
    let file = section.need("file", "the name of a .csv, .parquet, .npz, .npy, .txt or .dat file")?;
    let column = section.get("column").map(|entry| entry.text()).transpose()?;
    let source = file.source()?;
    Ok((file, source, column))
}

/// Parameters of a population: those written in its table, and those in the file that `parameters` names.
pub(crate) struct Given<'s, 'a> {
    section: &'s Section<'a>,
    members: Members<'s>,
    table: BTreeMap<String, Vec<f64>>,
}

impl<'s, 'a> Given<'s, 'a> {
    /// Reads the file, if there is one: a row for each of `members`, columns named as in `keys`.
    pub fn new(section: &'s Section<'a>, members: Members<'s>, keys: &[&str]) -> Result<Self> {
        let table = match section.get("parameters") {
            None => BTreeMap::new(),
            Some(entry) => {
                let source: Source = entry.table_source()?;
                let of_others: Vec<&str> = LIF.iter().map(|p| p.key).filter(|key| !keys.contains(key)).collect();
                read_member_parameters(&source, members, keys, &of_others).map_err(|error| entry.import(error))?
            }
        };
        Ok(Self { section, members, table })
    }

    /// The parameter of this key, if it is given.
    pub fn get(&self, key: &str) -> Result<Option<Parameter>> {
        match (self.section.get(key), self.table.get(key)) {
            (Some(entry), Some(_)) => {
                Err(entry.refuse(format!("no `{key}` here, because the parameter file has a column of that name")))
            }
            (Some(entry), None) => read(&entry, Some(self.members)).map(Some),
            (None, Some(values)) => Ok(Some(Parameter::PerMember(values.clone()))),
            (None, None) => Ok(None),
        }
    }
}

/// The position of the population that `entry` names.
pub(crate) fn named(entry: &Entry, names: &[String]) -> Result<usize> {
    let name = entry.text()?;
    names.iter().position(|other| other == name).ok_or_else(|| entry.refuse(unknown_name(name, names)))
}

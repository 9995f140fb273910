//! `[[axis]]`: what is varied.

use super::draws::Draw;
use super::{Sample, unique};
use crate::row;
use std::collections::BTreeMap;
use tauspike_import::{Quantity, read_values};
use tauspike_scenario::ScenarioError;
use tauspike_scenario::section::{Entry, Range, Section};
use tauspike_scenario::tree::Value;

type Result<T> = std::result::Result<T, ScenarioError>;

/// Most values of one axis.
const MOST: u64 = 1_000_000;

/// The keys that say values.
const WAYS: [&str; 4] = ["values", "from", "file", "distribution"];

/// Something that is varied.
#[derive(Clone, Debug)]
pub struct Axis {
    /// Its column.
    pub name: String,
    /// The keys that are set, as `--set` has them.
    pub keys: Vec<String>,
    /// What is set is the value times this.
    pub factor: Option<f64>,
    /// The values.
    pub values: Values,
    /// Axes with the same name here go together.
    pub zip: Option<String>,
}

/// The values of an axis.
#[derive(Clone, Debug)]
pub enum Values {
    /// One after the other.
    Listed(Vec<Value>),
    /// As many as the sample has.
    Drawn(Draw),
}

impl Values {
    /// How many, if it is a list.
    pub fn listed(&self) -> Option<usize> {
        match self {
            Values::Listed(values) => Some(values.len()),
            Values::Drawn(_) => None,
        }
    }
}

impl Axis {
    /// Whether all its values are numbers.
    pub(crate) fn is_of_numbers(&self) -> bool {
        match &self.values {
            Values::Listed(values) => values.iter().all(|value| matches!(value, Value::Integer(_) | Value::Float(_))),
            Values::Drawn(_) => true,
        }
    }

    /// How many values it has.
    pub(crate) fn len(&self, sample: Option<&Sample>) -> usize {
        self.values.listed().unwrap_or_else(|| sample.map_or(0, |sample| sample.count))
    }

    /// Value `k` of it, the axis number `number`.
    pub(crate) fn value(&self, number: usize, k: usize, sample: Option<&Sample>) -> Value {
        match (&self.values, sample) {
            (Values::Listed(values), _) => values[k].clone(),
            (Values::Drawn(draw), Some(sample)) => draw.value(sample, number, k),
            (Values::Drawn(_), None) => unreachable!("an axis that is drawn is refused without a sample"),
        }
    }

    /// What is set: the value times the factor; of two integers an integer.
    pub(crate) fn scaled(&self, value: &Value) -> Value {
        let Some(factor) = self.factor else { return value.clone() };
        match value {
            Value::Integer(integer) if factor.fract() == 0.0 && factor.abs() < 1e15 => {
                integer.checked_mul(factor as i64).map_or(Value::Float(*integer as f64 * factor), Value::Integer)
            }
            Value::Integer(integer) => Value::Float(*integer as f64 * factor),
            Value::Float(number) => Value::Float(number * factor),
            other => other.clone(),
        }
    }
}

/// Reads all axes. None is allowed: then there are seeds alone.
pub(super) fn read(whole: &Section, sample: Option<&Sample>) -> Result<Vec<Axis>> {
    let sections = whole.sections("axis")?;
    let axes = sections.iter().map(|section| axis(section, sample)).collect::<Result<Vec<Axis>>>()?;
    let mut zips: BTreeMap<&str, usize> = BTreeMap::new();
    for (k, (section, axis)) in sections.iter().zip(&axes).enumerate() {
        let taken = axes[..k].iter().any(|other| other.name == axis.name);
        check_name(section, axis, taken)?;
        check_finite(section, (k, axis), sample)?;
        if let (Some(zip), Some(len)) = (&axis.zip, axis.values.listed()) {
            let first = *zips.entry(zip).or_insert(len);
            if first != len {
                let entry = section.need("zip", "")?;
                return Err(
                    entry.refuse(format!("axes of as many values; the first of this zip has {first}, this one {len}"))
                );
            }
        }
    }
    if let (Some(entry), false) = (whole.get("sample"), axes.iter().any(|axis| axis.values.listed().is_none())) {
        return Err(entry.refuse("an axis that is drawn: with `distribution`, or `from` and `to` without `count`"));
    }
    Ok(axes)
}

/// An axis is a column, and may be a part of the names of folders.
fn check_name(section: &Section, axis: &Axis, taken: bool) -> Result<()> {
    let entry = || section.need(if section.get("name").is_some() { "name" } else { "key" }, "");
    if axis.name.contains(['=', '/', '\\']) {
        let allowed = "a name without = / \\, because folders are called by it (g=3.0); give the axis a `name`";
        return Err(entry()?.refuse(allowed));
    }
    if taken || row::is_reserved(&axis.name) {
        return Err(entry()?.refuse("a name that no other axis and no other column has; give the axis a `name`"));
    }
    Ok(())
}

/// Refuses the first value of axis number `number` that no key takes: not a number, or beyond all numbers, also after the factor.
fn check_finite(section: &Section, (number, axis): (usize, &Axis), sample: Option<&Sample>) -> Result<()> {
    let value = |k: &usize| axis.scaled(&axis.value(number, *k, sample));
    let Some(k) = (0..axis.len(sample)).find(|k| !is_finite(&value(k))) else { return Ok(()) };
    let times = axis.factor.map_or_else(String::new, |factor| format!(", also times factor = {factor:?}"));
    let allowed = format!("finite numbers{times}");
    if let Some(values) = section.get("values") {
        return Err(values.items("")?[k].refuse(allowed));
    }
    let way = WAYS.into_iter().find_map(|way| section.get(way));
    let allowed = format!("values that are {allowed}; value {k} is {}", value(&k));
    Err(way.map_or_else(|| section.absent("values", &allowed), |entry| entry.refuse(allowed.clone())))
}

fn is_finite(value: &Value) -> bool {
    match value {
        Value::Float(number) => number.is_finite(),
        Value::Numbers(numbers) => numbers.iter().all(|number| number.is_finite()),
        Value::List(items) => items.iter().all(|item| is_finite(&item.value)),
        Value::Table(table) => table.iter().all(|(_, node)| is_finite(&node.value)),
        Value::Integer(_) | Value::Flag(_) | Value::Text(_) => true,
    }
}

fn axis(section: &Section, sample: Option<&Sample>) -> Result<Axis> {
    section.allow(&[
        "name",
        "key",
        "keys",
        "factor",
        "values",
        "from",
        "to",
        "count",
        "log",
        "file",
        "column",
        "distribution",
        "zip",
    ])?;
    let keys = keys(section)?;
    let name = match section.get("name") {
        Some(entry) => entry.text()?.to_owned(),
        None if keys.len() == 1 => keys[0].clone(),
        None => return Err(section.absent("name", "a name, because the axis has several keys")),
    };
    let factor = section.get("factor").map(|entry| entry.number(Range::Finite)).transpose()?;
    let values = values(section, sample)?;
    if let (Some(_), Values::Listed(values)) = (factor, &values) {
        let number = |value: &Value| matches!(value, Value::Integer(_) | Value::Float(_));
        if !values.iter().all(number) {
            return Err(section.need("factor", "")?.refuse("no factor, because not all values are numbers"));
        }
    }
    let zip = section.get("zip").map(|entry| entry.text().map(str::to_owned)).transpose()?;
    if let (Some(_), None) = (&zip, values.listed()) {
        return Err(section.need("zip", "")?.refuse("no zip: drawn axes go together as they are"));
    }
    Ok(Axis { name, keys, factor, values, zip })
}

fn keys(section: &Section) -> Result<Vec<String>> {
    let key = |entry: &Entry| {
        let key = entry.text()?;
        match key {
            "seed" => Err(entry.refuse("another key; seeds are `seeds` or `repeats` of the sweep")),
            _ if key.contains('=') => Err(entry.refuse("a key alone, such as population.E.tau_m_ms")),
            _ => Ok(key.to_owned()),
        }
    };
    match (section.get("key"), section.get("keys")) {
        (Some(one), None) => Ok(vec![key(&one)?]),
        (None, Some(many)) => {
            let items = many.items("a list of keys")?;
            let keys = items.iter().map(key).collect::<Result<Vec<String>>>()?;
            unique(&items, &keys)?;
            Ok(keys)
        }
        (None, None) => {
            Err(section.absent("key", "a key as of --set, such as population.E.tau_m_ms, or a list `keys`"))
        }
        (Some(_), Some(many)) => Err(many.refuse("either key or keys, not both")),
    }
}

/// Exactly one way to say them.
fn values(section: &Section, sample: Option<&Sample>) -> Result<Values> {
    let given: Vec<&str> = WAYS.into_iter().filter(|way| section.get(way).is_some()).collect();
    let [way] = given[..] else {
        let allowed = "one of values, from (with to), file, distribution";
        return Err(match given.get(1) {
            Some(other) => section.need(other, "")?.refuse(format!("{allowed}; `{}` is there already", given[0])),
            None => section.absent("values", allowed),
        });
    };
    let own: &[&str] = match way {
        "from" => &["to", "count", "log"],
        "file" => &["column"],
        _ => &[],
    };
    for key in ["to", "count", "log", "column"] {
        if let (Some(entry), false) = (section.get(key), own.contains(&key)) {
            return Err(entry.refuse(format!("no `{key}` beside `{way}`")));
        }
    }
    let entry = section.need(way, "")?;
    let drawn = match way {
        "values" => return listed(&entry),
        "file" => return from_file(section, &entry),
        "from" if section.get("count").is_some() => return steps(section),
        "from" => Draw::between(section)?,
        _ => Draw::of_distribution(&entry)?,
    };
    let Some(sample) = sample else {
        let allowed = "a table [sample] with method and count, because this axis is drawn; or `count` for a grid";
        return Err(entry.refuse(allowed));
    };
    drawn.check(&entry, sample.method)?;
    Ok(Values::Drawn(drawn))
}

fn listed(entry: &Entry) -> Result<Values> {
    let items = entry.items("a list of values, not empty")?;
    let values: Vec<Value> = items.iter().map(|item| item.node.value.clone()).collect();
    let texts: Vec<String> = values.iter().map(Value::toml).collect();
    unique(&items, &texts)?;
    Ok(Values::Listed(values))
}

fn from_file(section: &Section, entry: &Entry) -> Result<Values> {
    let column = section.get("column").map(|entry| entry.text()).transpose()?;
    let quantity = match section.get("key") {
        Some(key) => Quantity::of_key(key.text()?),
        None => Quantity::Other,
    };
    let values = read_values(&entry.source()?, column, quantity).map_err(|error| entry.import(error))?;
    Ok(Values::Listed(values.into_iter().map(number).collect()))
}

/// A whole number as an integer, which a key for integers takes, and one for numbers too.
pub(super) fn number(value: f64) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() < EXACT { Value::Integer(value as i64) } else { Value::Float(value) }
}

/// The two ends of an axis, the lower one first, and whether steps are equal on the logarithm.
pub(super) fn ends(section: &Section) -> Result<(f64, f64, bool)> {
    let log = section.get("log").map_or(Ok(false), |entry| entry.flag())?;
    let range = if log { Range::Positive } else { Range::Finite };
    let from = section.need("from", "")?.number(range)?;
    let to = section.need("to", "a number, the other end")?;
    let high = to.number(range)?;
    if high > from { Ok((from, high, log)) } else { Err(to.refuse(format!("a number above from = {from}"))) }
}

/// Equal steps from end to end, both included.
fn steps(section: &Section) -> Result<Values> {
    let (from, to, log) = ends(section)?;
    let count = section.need("count", "")?.integer(2, MOST)?;
    let last = (count - 1) as f64;
    let at = |k: u64| {
        let share = k as f64 / last;
        match k {
            0 => from,
            k if k == count - 1 => to,
            _ if log => from * libm::exp(share * libm::log(to / from)),
            // to the nearest of 12 digits: 0.3, not 0.30000000000000004
            _ => rounded(from + share * (to - from), to.abs().max(from.abs())),
        }
    };
    Ok(Values::Listed((0..count).map(|k| number(at(k))).collect()))
}

fn rounded(value: f64, size: f64) -> f64 {
    let text = format!("{:.*}", (12.0 - libm::floor(libm::log10(size))).clamp(0.0, 300.0) as usize, value);
    text.parse().unwrap_or(value)
}

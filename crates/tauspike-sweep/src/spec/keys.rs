//! Do two axes, or an axis and `set`, say something of the same value?
//!
//! What is set last counts. So one of them would be without effect, and its column, or the file, would say what was not run.

use super::{Axis, Result};
use tauspike_scenario::overrides;
use tauspike_scenario::section::Section;
use tauspike_scenario::tree::{self, Node, Table, Value};

/// Refuses a key of an axis that another one sets too, or that holds or is part of one; and one that overwrites a `set`.
///
/// A `set` of a table, of which an axis changes a part, is no contradiction.
pub(super) fn check(whole: &Section, axes: &[Axis], base: &Table, set: &[String]) -> Result<()> {
    let set: Vec<(Vec<String>, &String)> = set.iter().map(|text| (way(base, text), text)).collect();
    let mut taken: Vec<(Vec<String>, &str, &str)> = Vec::new();
    for (section, axis) in whole.sections("axis")?.iter().zip(axes) {
        for (k, key) in axis.keys.iter().enumerate() {
            let way = way(base, &format!("{key}="));
            if let Some((_, name, theirs)) = taken.iter().find(|(other, ..)| overlap(other, &way)) {
                return refuse(section, k, format!("a key that is set once; axis \"{name}\" sets {theirs}"));
            }
            if let Some((_, text)) = set.iter().find(|(other, _)| other.starts_with(&way)) {
                return refuse(section, k, format!("a key that is set once; `set` has \"{text}\""));
            }
            taken.push((way, &axis.name, key));
        }
    }
    Ok(())
}

/// Refuses key number `k` of an axis.
fn refuse(section: &Section, k: usize, allowed: String) -> Result<()> {
    let entry = match section.get("keys") {
        Some(many) => many.items("")?[k].clone(),
        None => section.need("key", "")?,
    };
    Err(entry.refuse(allowed))
}

/// Whether they are the same, or one leads through the other.
fn overlap(a: &[String], b: &[String]) -> bool {
    a.starts_with(b) || b.starts_with(a)
}

/// The way of a `key=value` through the scenario, with items of lists by their positions: `population.E` may be `population.0`. Below what is not
/// there it is the key itself; what is no path is for the reader of it to refuse.
fn way(base: &Table, set: &str) -> Vec<String> {
    let mut parts = overrides::keys_of(set).unwrap_or_else(|| vec![set.to_owned()]).into_iter();
    let Some(first) = parts.next() else { return Vec::new() };
    let mut here = tree::get(base, &first);
    let mut way = vec![first];
    for part in parts {
        let (name, below) = match here.map(|node| &node.value) {
            Some(Value::Table(table)) => (part.clone(), tree::get(table, &part)),
            Some(Value::List(items)) => item(items, &part),
            _ => (part, None),
        };
        way.push(name);
        here = below;
    }
    way
}

/// By its name, or its position from 0.
fn item<'a>(items: &'a [Node], name: &str) -> (String, Option<&'a Node>) {
    match overrides::position(items, name) {
        Some(position) => (position.to_string(), items.get(position)),
        None => (name.to_owned(), None),
    }
}

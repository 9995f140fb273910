//! `--set key=value`: changes the tree of the scenario before it is read, so that a set value is checked like a written one.
//!
//! A key is a dotted path. Below `population`, `projection`, `input` and `record.probe` comes a name or a position from 0:
//! `population.E.tau_m_ms=10`, `projection.0.delay_ms=1`, `seed=2`. A value is TOML; a bare word is text.

use crate::error::ScenarioError;
use crate::section::unknown_name;
use crate::tree::{self, Node, Origin, Table, Value};

/// Applies one `key=value`.
///
/// # Errors
/// If there is no `=`, or the path leads nowhere. Whether the last key exists is not asked: the reader of the tree does.
pub fn apply(tree: &mut Table, set: &str, file: &str) -> Result<(), ScenarioError> {
    let refuse = |field: &str, value: &str, allowed: String| ScenarioError::Field {
        file: file.to_owned(),
        origin: Origin::Set(set.to_owned()),
        field: field.to_owned(),
        value: value.to_owned(),
        allowed,
    };
    let Some((path, text)) = set.split_once('=') else {
        return Err(refuse("--set", set, "key=value, such as population.E.tau_m_ms=10".into()));
    };
    let keys: Vec<&str> = path.trim().split('.').collect();
    if keys.iter().any(|key| key.is_empty()) {
        return Err(refuse("--set", path, "a dotted path of keys, such as population.E.tau_m_ms".into()));
    }
    let value = tree::parse_value(text.trim(), &Origin::Set(set.to_owned()));
    let (last, above) = keys.split_last().expect("split gives at least one key");
    let mut table = tree;
    let mut keys = above.iter();
    while let Some(key) = keys.next() {
        let node = child(table, key, &value.origin);
        table = match &mut node.value {
            Value::Table(below) => below,
            Value::List(items) => {
                let name = keys.next().copied().unwrap_or(last);
                let names = names(items);
                let Some(item) = select(items, name) else {
                    return Err(refuse(path, name, unknown_name(name, &names)));
                };
                item
            }
            other => return Err(refuse(path, &other.to_string(), format!("a path below a table; `{key}` is not one"))),
        };
    }
    match table.iter_mut().find(|(key, _)| key == last) {
        Some((_, node)) => *node = value,
        None => table.push((last.to_string(), value)),
    }
    Ok(())
}

/// The value of `key`, which is made an empty table if there is none.
fn child<'t>(table: &'t mut Table, key: &str, origin: &Origin) -> &'t mut Node {
    let place = table.iter().position(|(name, _)| name == key).unwrap_or_else(|| {
        table.push((key.to_owned(), Node { origin: origin.clone(), value: Value::Table(Vec::new()) }));
        table.len() - 1
    });
    &mut table[place].1
}

/// What the items of a list can be called by.
fn names(items: &[Node]) -> Vec<String> {
    items.iter().enumerate().map(|(k, item)| item.name().map_or(k.to_string(), str::to_owned)).collect()
}

fn select<'t>(items: &'t mut [Node], name: &str) -> Option<&'t mut Table> {
    let place = items.iter().position(|item| item.name() == Some(name)).or_else(|| name.parse().ok())?;
    match &mut items.get_mut(place)?.value {
        Value::Table(table) => Some(table),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "seed = 1\n[[population]]\nname = \"E\"\n[[population]]\nname = \"I\"\nsize = 3\n";

    fn after(set: &str) -> String {
        let mut tree = tree::parse(TEXT).unwrap_or_default();
        apply(&mut tree, set, "x.toml").map(|()| tree::to_toml(&tree)).unwrap_or_else(|error| error.to_string())
    }

    #[test]
    fn a_path_goes_through_names_and_positions_and_makes_tables() {
        assert!(after("seed=7").starts_with("seed = 7"));
        assert!(after("population.I.size = 9").contains("size = 9"));
        assert_eq!(after("population.1.size=9"), after("population.I.size=9"));
        assert!(after("record.counters_interval_ms=5.0").contains("[record]\ncounters_interval_ms = 5.0"));
        assert!(after("population.E.model=lif_exp").contains("model = \"lif_exp\""));
        assert!(after("population.E.tau_m_ms={mean=1, cv=0.5}").contains("cv = 0.5"));
    }

    #[test]
    fn a_path_that_leads_nowhere_is_refused_with_the_nearest_name() {
        assert_eq!(
            after("population.J.size=9"),
            "x.toml: --set population.J.size=9: population.J.size = J; allowed: did you mean \"E\"? One of \"E\", \"I\""
        );
        assert!(after("seed").contains("allowed: key=value"));
        assert!(after("seed.x=1").contains("`seed` is not one"));
        assert!(after("population..x=1").contains("a dotted path"));
    }
}

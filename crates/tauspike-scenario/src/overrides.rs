//! `--set key=value`: changes the tree of the scenario before it is read, so that a set value is checked like a written one.
//!
//! A key is a dotted path. Below `population`, `projection`, `input` and `record.probe` comes a name or a position from 0:
//! `population.E.tau_m_ms=10`, `projection.0.delay_ms=1`, `seed=2`. A part with a dot or `=` in it stands in quotes, as in TOML:
//! `population."a.b".size=5`. A value is TOML; a bare word is text.

use crate::error::ScenarioError;
use crate::section::unknown_name;
use crate::tree::{self, DEEPEST, Node, Origin, Table, Value};

/// Applies one `key=value`.
///
/// # Errors
/// If there is no `=`, or the path leads nowhere. Whether the last key exists is not asked: the reader of the tree does.
pub fn apply(tree: &mut Table, set: &str, file: &str) -> Result<(), ScenarioError> {
    let refuse = |field: &str, value: &str, allowed: String| ScenarioError::Field {
        file: file.to_owned(),
        origin: Origin::Set(excerpt(set)),
        field: excerpt(field),
        value: excerpt(value),
        allowed,
    };
    let Some((path, keys, text)) = parts(set) else {
        return Err(refuse("--set", set, "key=value, such as population.E.tau_m_ms=10".into()));
    };
    if keys.iter().any(String::is_empty) {
        return Err(refuse("--set", path, "a dotted path of keys, such as population.E.tau_m_ms".into()));
    }
    if keys.len() > DEEPEST {
        // Whatever walks over the tree calls itself for each level: the stack has an end.
        return Err(refuse("--set", path, format!("a path of at most {DEEPEST} keys")));
    }
    let value = tree::parse_value(text, &Origin::Set(set.to_owned()));
    let wrong = |allowed: String| refuse(path, &value.value.to_string(), allowed);
    let (last, above) = keys.split_last().expect("a path has at least one key");
    let mut table = tree;
    let mut keys = above.iter();
    while let Some(key) = keys.next() {
        let node = child(table, key, &value.origin);
        table = match &mut node.value {
            Value::Table(below) => below,
            Value::List(items) => {
                let name = keys.next();
                let item = select(items, key, name.unwrap_or(last)).map_err(wrong)?;
                if name.is_none() {
                    return Err(wrong(format!("a path to a key of `{last}`, which is a whole table")));
                }
                item
            }
            _ => return Err(wrong(format!("a path below a table; `{key}` is not one"))),
        };
    }
    match table.iter_mut().find(|(key, _)| key == last) {
        Some((_, node)) => *node = value,
        None => table.push((last.clone(), value)),
    }
    Ok(())
}

/// The parts of the path of a `key=value`, as [`apply`] has them; none if it is not one.
pub fn keys_of(set: &str) -> Option<Vec<String>> {
    parts(set).map(|(_, keys, _)| keys)
}

/// The position of the item of this name, or number, in a list; it may be behind its end.
pub fn position(items: &[Node], name: &str) -> Option<usize> {
    items.iter().position(|item| item.name() == Some(name)).or_else(|| name.parse().ok())
}

/// The path, its parts, and the text of the value; none if there is no `=` after the path.
fn parts(set: &str) -> Option<(&str, Vec<String>, &str)> {
    let (mut parts, mut rest) = (Vec::new(), set);
    loop {
        let (part, after) = first_part(rest.trim_start())?;
        parts.push(part);
        rest = match after.strip_prefix('.') {
            Some(below) => below,
            None => {
                let path = &set[..set.len() - after.len()];
                return Some((path.trim(), parts, after.strip_prefix('=')?.trim()));
            }
        }
    }
}

/// The first part of a path, and what follows it.
fn first_part(path: &str) -> Option<(String, &str)> {
    match path.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let end = path[1..].find(quote)? + 1;
            Some((path[1..end].to_owned(), path[end + 1..].trim_start()))
        }
        _ => {
            let end = path.find(['.', '='])?;
            Some((path[..end].trim().to_owned(), &path[end..]))
        }
    }
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

/// The table of this name, or at this position, in the list `key`; else what is allowed.
fn select<'t>(items: &'t mut [Node], key: &str, name: &str) -> Result<&'t mut Table, String> {
    if !items.iter().all(|item| matches!(item.value, Value::Table(_))) {
        return Err(format!("a path to `{key}`, which is set as a whole: what it lists are no tables"));
    }
    let names = names(items);
    match position(items, name).and_then(|place| items.get_mut(place)).map(|item| &mut item.value) {
        Some(Value::Table(table)) => Ok(table),
        _ => Err(format!("in place of `{name}`: {}", unknown_name(name, &names))),
    }
}

/// A long text as messages show it.
fn excerpt(text: &str) -> String {
    match text.char_indices().nth(200) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "seed = 1\nlist = [1, 2]\n[[population]]\nname = \"E\"\n[[population]]\nname = \"I\"\nsize = 3\n";

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
    fn a_part_of_a_path_in_quotes_may_have_dots() {
        let mut tree =
            tree::parse("[[population]]\nname = \"a.b\"\n[[population]]\nname = \"x=y\"\n").unwrap_or_default();
        for set in
            ["population.\"a.b\".size = 9", "population . 'x=y' . size=7", "\"seed\"=3", "population.1.c=\"d=e.f\""]
        {
            apply(&mut tree, set, "x.toml").unwrap();
        }
        let text = tree::to_toml(&tree);
        for line in ["size = 9", "size = 7", "seed = 3", "c = \"d=e.f\""] {
            assert!(text.contains(line), "{line}: {text}");
        }
        assert!(after("population.\"E.size=1").contains("allowed: key=value"), "a quote that does not end");
    }

    #[test]
    fn a_path_that_leads_nowhere_is_refused_with_the_nearest_name() {
        assert_eq!(
            after("population.J.size=9"),
            "x.toml: --set population.J.size=9: population.J.size = 9; allowed: in place of `J`: did you mean \"E\"? One of \"E\", \"I\""
        );
        for (set, refusal) in [
            ("seed", "--set = seed; allowed: key=value"),
            ("seed.x=1", "seed.x = 1; allowed: a path below a table; `seed` is not one"),
            ("population..x=1", "--set = population..x; allowed: a dotted path"),
            ("population.E=5", "population.E = 5; allowed: a path to a key of `E`, which is a whole table"),
            ("population.9=5", "population.9 = 5; allowed: in place of `9`: "),
            ("list.0=5", "list.0 = 5; allowed: a path to `list`, which is set as a whole"),
            ("list.0.x=5", "list.0.x = 5; allowed: a path to `list`, which is set as a whole"),
        ] {
            assert!(after(set).contains(refusal), "{refusal}: {}", after(set));
        }
    }

    #[test]
    fn a_path_as_deep_as_a_stack_is_refused() {
        let deep = format!("{}=1", vec!["a"; 20_000].join("."));
        let refused = after(&deep);
        assert!(refused.contains("allowed: a path of at most 80 keys") && refused.len() < 1000, "{refused}");
        assert!(!after(&format!("{}=1", vec!["a"; 80].join("."))).contains("allowed"));
    }
}

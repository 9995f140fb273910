//! Any text as a scenario, with any `--set`s: refused, or a scenario that reads the same once more; never a panic.
//!
//! The input is the TOML text, then the `--set`s, separated by NUL bytes. No file is opened and nothing is built.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::path::Path;
use tauspike_scenario::scenario::from_text;
use tauspike_scenario::tree::{self, Node, Origin, Table, Value};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut parts = text.split('\0');
    let Some(toml) = parts.next() else { return };
    let sets: Vec<String> = parts.map(str::to_owned).collect();
    if !is_quick(toml, &sets) {
        return;
    }
    let Ok(scenario) = from_text(toml, Path::new("fuzz.toml"), &sets) else { return };
    assert!(scenario.duration() > 0.0 && scenario.duration().is_finite());
    let again = from_text(scenario.text(), Path::new("fuzz.toml"), &[]).expect("an accepted scenario is written as one");
    assert_eq!((scenario.name(), scenario.seed()), (again.name(), again.seed()));
    assert_eq!(scenario.duration().to_bits(), again.duration().to_bits());
    let (a, b) = (scenario.predict().unwrap(), again.predict().unwrap());
    assert_eq!((a.neurons, a.synapses, a.bytes), (b.neurons, b.synapses, b.bytes));
});

/// Whether it names no file, and checking it takes no long time: small populations, signals encoded by few spikes.
fn is_quick(text: &str, sets: &[String]) -> bool {
    let Ok(table) = tree::parse(text) else { return true };
    let quick_set = |set: &String| {
        let Some((path, value)) = set.split_once('=') else { return true };
        let value = tree::parse_value(value.trim(), &Origin::Set(String::new()));
        let last = path.trim().rsplit('.').next().unwrap_or_default();
        // A --set into an encoding could make it long by one number.
        !path.contains("encode") && quick_field(last, &value)
    };
    quick_table(&table) && sets.iter().all(quick_set)
}

fn quick_table(table: &Table) -> bool {
    table.iter().all(|(key, node)| quick_field(key, node))
}

fn quick_field(key: &str, node: &Node) -> bool {
    match (key, &node.value) {
        ("file" | "parameters" | "models", _) => false,
        ("size", Value::Integer(size)) => *size <= 1000,
        ("encode", value) => moderate(value),
        (_, Value::Table(table)) => quick_table(table),
        (_, Value::List(items)) => items.iter().all(|item| quick_field("", item)),
        _ => true,
    }
}

/// Whether all numbers are 0 or between 1e-3 and 1e3 in size, and no file is named.
fn moderate(value: &Value) -> bool {
    let fine = |number: f64| number == 0.0 || number.is_nan() || (1e-3..=1e3).contains(&number.abs());
    match value {
        Value::Integer(number) => fine(*number as f64),
        Value::Float(number) => fine(*number),
        Value::List(items) => items.iter().all(|item| moderate(&item.value)),
        Value::Numbers(numbers) => numbers.iter().all(|number| fine(*number)),
        Value::Table(table) => table.iter().all(|(key, node)| key != "file" && moderate(&node.value)),
        Value::Text(_) | Value::Flag(_) => true,
    }
}

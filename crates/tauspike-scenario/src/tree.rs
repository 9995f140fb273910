//! The scenario file as a tree in which every value knows where it was written: on a line of the file, in a `--set`, or in a call.
//!
//! It is *not* a data model: what the keys mean is for the readers of each section.

use std::fmt;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

/// Where a value was written.
#[derive(Clone, Debug, PartialEq)]
pub enum Origin {
    /// A line of the file, counted from 1.
    Line(usize),
    /// The text of a `--set`.
    Set(String),
    /// A call of a program, which knows its line itself.
    Call,
}

/// A value and where it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where.
    pub origin: Origin,
    /// What.
    pub value: Value,
}

/// A TOML value. Dates are kept as text, because no key takes one.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A string.
    Text(String),
    /// An integer.
    Integer(i64),
    /// A float; `nan` and `inf` are TOML too.
    Float(f64),
    /// A boolean.
    Flag(bool),
    /// An array.
    List(Vec<Node>),
    /// An array of floats that a program gave; TOML has none.
    Numbers(Vec<f64>),
    /// A table.
    Table(Table),
}

/// Keys in the order of the file.
pub type Table = Vec<(String, Node)>;

/// The value of `key`.
pub fn get<'a>(table: &'a Table, key: &str) -> Option<&'a Node> {
    table.iter().find(|(name, _)| name == key).map(|(_, node)| node)
}

impl Node {
    /// The text under the key `name`, if this is a table that has one.
    pub fn name(&self) -> Option<&str> {
        let Value::Table(table) = &self.value else { return None };
        match &get(table, "name")?.value {
            Value::Text(name) => Some(name),
            _ => None,
        }
    }
}

/// Most keys of a path. The parser of TOML has the same limit, because a value in a value needs room on the stack.
pub const DEEPEST: usize = 80;

/// What is wrong with a text that is not TOML, and on which line.
pub struct Malformed {
    /// Counted from 1.
    pub line: usize,
    /// The line itself.
    pub excerpt: String,
    /// What was found, and what would have been right.
    pub reason: String,
}

/// The tree of a TOML text.
pub fn parse(text: &str) -> Result<Table, Malformed> {
    let lines = Lines::of(text);
    match DeTable::parse(text) {
        Ok(table) => Ok(table_of(table.get_ref(), &|at| Origin::Line(lines.number(at)))),
        Err(error) => {
            let line = error.span().map_or_else(|| deep_line(text), |span| lines.number(span.start));
            let excerpt = text.lines().nth(line - 1).unwrap_or_default().trim().chars().take(80).collect();
            Err(Malformed { line, excerpt, reason: error.message().to_owned() })
        }
    }
}

/// The line of the only mistake whose place the parser does not tell: the first one with a key of too many parts.
fn deep_line(text: &str) -> usize {
    let parts = |line: &str| line.split('=').next().unwrap_or_default().matches('.').count() + 1;
    text.lines().position(|line| parts(line) >= DEEPEST).map_or(1, |before| before + 1)
}

/// The right side of a `--set`: TOML, or a bare word, which is text.
pub fn parse_value(text: &str, origin: &Origin) -> Node {
    match DeValue::parse(text) {
        Ok(value) => node_of(&value, &|_| origin.clone()),
        Err(_) => Node { origin: origin.clone(), value: Value::Text(text.to_owned()) },
    }
}

impl Value {
    /// The value as TOML, whole.
    pub fn toml(&self) -> String {
        toml_value(self).to_string()
    }
}

/// The tree as TOML, without comments.
pub fn to_toml(table: &Table) -> String {
    let value = toml_table(table);
    toml::to_string(&value).expect("a table with text keys can be written as TOML")
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Value::List(items) if items.len() > 8 => format!("a list of {}", items.len()),
            Value::Numbers(numbers) if numbers.len() > 8 => format!("an array of {}", numbers.len()),
            // 1e-9, where TOML would write 0.000000001
            Value::Float(number) if number.is_finite() => format!("{number:?}"),
            Value::List(items) => listed(items.iter().map(|item| item.value.to_string())),
            Value::Numbers(numbers) => listed(numbers.iter().map(|number| Value::Float(*number).to_string())),
            _ => toml_value(self).to_string(),
        };
        match text.char_indices().nth(80) {
            Some((end, _)) => write!(f, "{}…", &text[..end]),
            None => f.write_str(&text),
        }
    }
}

fn listed(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Line(line) => write!(f, "line {line}"),
            Origin::Set(text) => write!(f, "--set {text}"),
            Origin::Call => f.write_str("a call"),
        }
    }
}

/// Byte positions at which lines start.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect())
    }

    fn number(&self, at: usize) -> usize {
        self.0.partition_point(|&start| start <= at).max(1)
    }
}

fn table_of(table: &DeTable, origin: &dyn Fn(usize) -> Origin) -> Table {
    let mut keys: Vec<_> = table.iter().collect();
    keys.sort_by_key(|(key, _)| key.span().start);
    keys.into_iter().map(|(key, value)| (key.get_ref().to_string(), node_of(value, origin))).collect()
}

fn list_of(items: &DeArray, origin: &dyn Fn(usize) -> Origin) -> Vec<Node> {
    items.iter().map(|item| node_of(item, origin)).collect()
}

fn node_of(value: &Spanned<DeValue>, origin: &dyn Fn(usize) -> Origin) -> Node {
    let tree = match value.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(integer) => match i64::from_str_radix(integer.as_str(), integer.radix()) {
            Ok(integer) => Value::Integer(integer),
            // Beyond i64: a number all the same, for a field to accept or refuse.
            Err(_) => Value::Float(integer.as_str().parse().unwrap_or(f64::INFINITY)),
        },
        DeValue::Float(float) => Value::Float(float.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(flag) => Value::Flag(*flag),
        DeValue::Datetime(datetime) => Value::Text(datetime.to_string()),
        DeValue::Array(items) => Value::List(list_of(items, origin)),
        DeValue::Table(table) => Value::Table(table_of(table, origin)),
    };
    Node { origin: origin(value.span().start), value: tree }
}

fn toml_table(table: &Table) -> toml::Table {
    table.iter().map(|(key, node)| (key.clone(), toml_value(&node.value))).collect()
}

fn toml_value(value: &Value) -> toml::Value {
    match value {
        Value::Text(text) => toml::Value::String(text.clone()),
        Value::Integer(integer) => toml::Value::Integer(*integer),
        Value::Float(float) => toml::Value::Float(*float),
        Value::Flag(flag) => toml::Value::Boolean(*flag),
        Value::List(items) => toml::Value::Array(items.iter().map(|node| toml_value(&node.value)).collect()),
        Value::Numbers(numbers) => {
            toml::Value::Array(numbers.iter().map(|number| toml::Value::Float(*number)).collect())
        }
        Value::Table(table) => toml::Value::Table(toml_table(table)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_knows_its_line() {
        let tree = parse("seed = 1\n\n[[population]]\nname = \"E\"\ntau_m_ms = { mean = 3.0,\n cv = 1 }\n")
            .unwrap_or_default();
        assert_eq!(get(&tree, "seed").unwrap().origin, Origin::Line(1));
        let Value::List(populations) = &get(&tree, "population").unwrap().value else { panic!() };
        let Value::Table(population) = &populations[0].value else { panic!() };
        let Value::Table(tau) = &get(population, "tau_m_ms").unwrap().value else { panic!() };
        assert_eq!(get(population, "name").unwrap().origin, Origin::Line(4));
        assert_eq!(get(tau, "cv").unwrap(), &Node { origin: Origin::Line(6), value: Value::Integer(1) });
    }

    #[test]
    fn what_is_written_reads_as_the_same_tree() {
        let text = "b = 1\na = [1.5, inf, true]\n[[p]]\nx = { y = \"z\" }\n[[p]]\nx = 0xff\n";
        let values = |text: &str| toml_table(&parse(text).unwrap_or_default());
        assert_eq!(values(&to_toml(&parse(text).unwrap_or_default())), values(text));
        assert!(to_toml(&parse(text).unwrap_or_default()).starts_with("b = 1"), "the order of the file is kept");
    }

    #[test]
    fn a_bare_word_is_text() {
        let origin = Origin::Set("k=v".into());
        assert_eq!(parse_value("lif_exp", &origin).value, Value::Text("lif_exp".into()));
        assert_eq!(parse_value("[1, 2.5]", &origin).value.to_string(), "[1, 2.5]");
        assert_eq!(parse_value("10", &origin).value, Value::Integer(10));
    }

    #[test]
    fn messages_show_small_numbers_with_an_exponent() {
        for (text, shown) in
            [("1e-320", "1e-320"), ("[1e-320, 2, \"a\"]", "[1e-320, 2, \"a\"]"), ("[0.5, nan]", "[0.5, nan]")]
        {
            assert_eq!(parse_value(text, &Origin::Call).value.to_string(), shown);
        }
        assert_eq!(Value::Numbers(vec![1.0, -1e300]).to_string(), "[1.0, -1e300]");
    }

    #[test]
    fn a_key_of_too_many_parts_is_refused_with_its_line() {
        let text = format!("seed = 1\n\n{} = 1\n", vec!["a"; 50_000].join("."));
        let Err(wrong) = parse(&text) else { panic!("deep") };
        assert_eq!((wrong.line, wrong.excerpt.len()), (3, 80));
    }
}

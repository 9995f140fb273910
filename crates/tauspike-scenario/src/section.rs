//! A table of the scenario file under the eyes of its reader: which keys it may have, and what each may hold.
//!
//! Every refusal is made here, so that all of them name file, place, field, value and what is allowed.

use crate::error::ScenarioError;
use crate::tree::{self, Node, Origin, Table, Value};
use std::path::{Path, PathBuf};
use tauspike_import::{ImportError, Source, nearest};

type Result<T> = std::result::Result<T, ScenarioError>;

/// A table and how messages call it.
#[derive(Clone)]
pub struct Section<'a> {
    /// The file, as messages call it.
    pub file: &'a str,
    /// The folder to which the names of files in it are relative: of any bytes, which `file` need not show.
    pub folder: &'a Path,
    /// `population "E": `, or nothing for the whole file.
    pub prefix: String,
    /// Where the table was written.
    pub origin: &'a Origin,
    /// Its keys.
    pub table: &'a Table,
}

/// A value and how messages call it.
#[derive(Clone)]
pub struct Entry<'a> {
    /// The file, as messages call it.
    pub file: &'a str,
    /// The folder to which the name of a file is relative.
    pub folder: &'a Path,
    /// What it belongs to, and its key.
    pub field: String,
    /// The value.
    pub node: &'a Node,
}

impl<'a> Section<'a> {
    /// The whole of a file.
    pub fn whole(file: &'a str, table: &'a Table) -> Self {
        Self::of_file(Path::new(file), file, table)
    }

    /// The whole of the file at `path`, which messages call `file`.
    pub fn of_file(path: &'a Path, file: &'a str, table: &'a Table) -> Self {
        let folder = path.parent().unwrap_or(Path::new(""));
        Self { file, folder, prefix: String::new(), origin: &Origin::Line(1), table }
    }

    /// Refuses any key that is not one of `keys`.
    pub fn allow(&self, keys: &[&str]) -> Result<()> {
        let Some((key, node)) = self.table.iter().find(|(key, _)| !keys.contains(&key.as_str())) else { return Ok(()) };
        let allowed = match (same_quantity(key, keys), nearest(key, keys)) {
            (Some(right), _) => format!("`{right}` (a key ends in the unit of its value)"),
            (None, Some(right)) => format!("did you mean `{right}`? The keys here are {}", keys.join(", ")),
            (None, None) => format!("no such key; the keys here are {}", keys.join(", ")),
        };
        Err(self.refuse(key, &node.origin, node.value.to_string(), allowed))
    }

    /// The value of a key that may be absent.
    pub fn get(&self, key: &str) -> Option<Entry<'a>> {
        let node = tree::get(self.table, key)?;
        Some(Entry { file: self.file, folder: self.folder, field: format!("{}{key}", self.prefix), node })
    }

    /// The value of a key that must be there.
    pub fn need(&self, key: &str, allowed: &str) -> Result<Entry<'a>> {
        self.get(key).ok_or_else(|| self.absent(key, allowed))
    }

    /// The refusal of a key that is not there.
    pub fn absent(&self, key: &str, allowed: &str) -> ScenarioError {
        self.refuse(key, self.origin, "absent".into(), allowed.into())
    }

    /// The tables `[[key]]`, called `key "name"`, or `key 0` if they have no name.
    pub fn sections(&self, key: &str) -> Result<Vec<Section<'a>>> {
        let Some(entry) = self.get(key) else { return Ok(Vec::new()) };
        let Value::List(items) = &entry.node.value else { return Err(entry.refuse(format!("[[{key}]] tables"))) };
        let section = |(k, node): (usize, &'a Node)| {
            let name = node.name().map_or(k.to_string(), |name| format!("\"{name}\""));
            let field = format!("{}{key} {name}", self.prefix);
            Entry { file: self.file, folder: self.folder, field, node }.table(": ")
        };
        items.iter().enumerate().map(section).collect()
    }

    fn refuse(&self, key: &str, origin: &Origin, value: String, allowed: String) -> ScenarioError {
        let (file, origin) = (self.file.to_owned(), origin.clone());
        ScenarioError::Field { file, origin, field: format!("{}{key}", self.prefix), value, allowed }
    }
}

/// Which numbers a field takes.
#[derive(Clone, Copy)]
pub enum Range {
    /// Any finite number.
    Finite,
    /// Finite, >= 0.
    NotNegative,
    /// Finite, > 0.
    Positive,
}

impl Range {
    fn holds(self, number: f64) -> bool {
        number.is_finite()
            && match self {
                Range::Finite => true,
                Range::NotNegative => number >= 0.0,
                Range::Positive => number > 0.0,
            }
    }

    fn allowed(self) -> &'static str {
        match self {
            Range::Finite => "a finite number",
            Range::NotNegative => "a finite number >= 0",
            Range::Positive => "a finite number > 0",
        }
    }
}

impl<'a> Entry<'a> {
    /// The refusal of this value.
    pub fn refuse(&self, allowed: impl Into<String>) -> ScenarioError {
        let (file, origin, field) = (self.file.to_owned(), self.node.origin.clone(), self.field.clone());
        ScenarioError::Field { file, origin, field, value: self.node.value.to_string(), allowed: allowed.into() }
    }

    /// The refusal of item `k` of an array.
    fn refuse_item(&self, k: usize, item: f64, allowed: impl Into<String>) -> ScenarioError {
        let node = Node { origin: self.node.origin.clone(), value: Value::Float(item) };
        Entry { field: format!("{}[{k}]", self.field), node: &node, ..self.clone() }.refuse(allowed)
    }

    /// A number in `range`.
    pub fn number(&self, range: Range) -> Result<f64> {
        let number = match self.node.value {
            Value::Integer(integer) => integer as f64,
            Value::Float(float) => float,
            _ => f64::NAN,
        };
        if range.holds(number) { Ok(number) } else { Err(self.refuse(range.allowed())) }
    }

    /// An integer from `least` to `most`.
    pub fn integer(&self, least: u64, most: u64) -> Result<u64> {
        let integer = match self.node.value {
            Value::Integer(integer) => u64::try_from(integer).ok(),
            _ => None,
        };
        integer
            .filter(|integer| (least..=most).contains(integer))
            .ok_or_else(|| self.refuse(format!("an integer from {least} to {most}")))
    }

    /// A text that is not empty.
    pub fn text(&self) -> Result<&'a str> {
        match &self.node.value {
            Value::Text(text) if !text.is_empty() => Ok(text),
            _ => Err(self.refuse("a text in quotes, not empty")),
        }
    }

    /// A text that names a file or folder on every system, and none elsewhere than where it is put.
    pub fn file_name(&self) -> Result<&'a str> {
        const MOST: usize = 100;
        let text = self.text()?;
        let allowed = |c: char| c.is_alphanumeric() || " ._-+=,()".contains(c);
        let begins = text.starts_with(char::is_alphanumeric);
        if begins && !text.ends_with([' ', '.']) && text.chars().all(allowed) && text.len() <= MOST {
            return Ok(text);
        }
        Err(self.refuse(format!(
            "a text that can name a folder: letters, digits, spaces and . _ - + = , ( ), beginning with a letter or digit, ending \
             in neither space nor dot, at most {MOST} bytes"
        )))
    }

    /// One of some words; gives its position.
    pub fn choice(&self, words: &[&str]) -> Result<usize> {
        let Value::Text(text) = &self.node.value else { return Err(self.refuse(format!("one of {}", quoted(words)))) };
        words.iter().position(|word| word == text).ok_or_else(|| self.refuse(unknown_name(text, words)))
    }

    /// true or false.
    pub fn flag(&self) -> Result<bool> {
        match self.node.value {
            Value::Flag(flag) => Ok(flag),
            _ => Err(self.refuse("true or false")),
        }
    }

    /// Numbers in `range`, at least one.
    pub fn numbers(&self, range: Range) -> Result<Vec<f64>> {
        if let Value::Numbers(numbers) = &self.node.value {
            return match numbers.iter().position(|number| !range.holds(*number)) {
                _ if numbers.is_empty() => Err(self.refuse("a list of numbers, not empty")),
                None => Ok(numbers.clone()),
                Some(k) => Err(self.refuse_item(k, numbers[k], range.allowed())),
            };
        }
        self.items("a list of numbers, not empty")?.iter().map(|item| item.number(range)).collect()
    }

    /// Indices from 0 to `size - 1`, at least one.
    pub fn indices(&self, size: u32) -> Result<Vec<u32>> {
        if let Value::Numbers(numbers) = &self.node.value {
            let right = |number: &f64| number.fract() == 0.0 && (0.0..f64::from(size)).contains(number);
            return match numbers.iter().position(|number| !right(number)) {
                _ if numbers.is_empty() => Err(self.refuse("a list of indices, not empty")),
                None => Ok(numbers.iter().map(|number| *number as u32).collect()),
                Some(k) => {
                    Err(self.refuse_item(k, numbers[k], format!("an integer from 0 to {}", u64::from(size) - 1)))
                }
            };
        }
        let items = self.items("a list of indices, not empty")?;
        items.iter().map(|item| item.integer(0, u64::from(size) - 1).map(|index| index as u32)).collect()
    }

    /// The file it names, relative to the scenario file.
    pub fn path(&self) -> Result<PathBuf> {
        Ok(self.folder.join(self.text()?))
    }

    /// The data file it names.
    pub fn source(&self) -> Result<Source<'static>> {
        Source::file(self.path()?).map_err(|error| self.import(error))
    }

    /// The data file it names, which must be one of tables with named columns.
    pub fn table_source(&self) -> Result<Source<'static>> {
        Source::table(self.path()?).map_err(|error| self.import(error))
    }

    /// The refusal of the data file it names.
    pub fn import(&self, source: ImportError) -> ScenarioError {
        ScenarioError::Import {
            file: self.file.to_owned(),
            origin: self.node.origin.clone(),
            field: self.field.clone(),
            source: Box::new(source),
        }
    }

    /// The items of a list, at least one, called by their positions.
    pub fn items(&self, allowed: &str) -> Result<Vec<Entry<'a>>> {
        let Value::List(items) = &self.node.value else { return Err(self.refuse(allowed)) };
        if items.is_empty() {
            return Err(self.refuse(allowed));
        }
        let entry =
            |(k, node): (usize, &'a Node)| Entry { field: format!("{}[{k}]", self.field), node, ..self.clone() };
        Ok(items.iter().enumerate().map(entry).collect())
    }

    /// A table, whose keys are called by this field, `join` and their name.
    pub fn table(&self, join: &str) -> Result<Section<'a>> {
        let Value::Table(table) = &self.node.value else { return Err(self.refuse("a table")) };
        let (file, folder) = (self.file, self.folder);
        Ok(Section { file, folder, prefix: format!("{}{join}", self.field), origin: &self.node.origin, table })
    }
}

/// What is allowed where `name` was given and only `names` exist; they may be none.
pub fn unknown_name(name: &str, names: &[impl AsRef<str>]) -> String {
    if names.is_empty() {
        return "a name that is defined in this file; there is none of its kind".into();
    }
    match nearest(name, names) {
        Some(right) => format!("did you mean \"{right}\"? One of {}", quoted(names)),
        None => format!("one of {}", quoted(names)),
    }
}

fn quoted(names: &[impl AsRef<str>]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{}\"", name.as_ref())).collect();
    quoted.join(", ")
}

/// The key for the same quantity in the unit we take: `tau_m_ms` for `tau_m_s` and for `tau_m`.
fn same_quantity<'k>(key: &str, keys: &[&'k str]) -> Option<&'k str> {
    const UNITS: [&str; 16] =
        ["ms", "s", "us", "mv", "v", "pa", "na", "pf", "nf", "uf", "hz", "khz", "ns", "a", "f", "per_s"];
    let stem = |key: &str| match key.rsplit_once('_') {
        Some((stem, unit)) if UNITS.contains(&unit) => stem.to_owned(),
        _ => key.to_owned(),
    };
    let wanted = stem(&key.to_lowercase());
    keys.iter()
        .copied()
        .find(|right| stem(right) == wanted && right.rsplit_once('_').is_some_and(|(_, u)| UNITS.contains(&u)))
}

//! Named columns from text: a line of names, then lines of numbers, separated by white space; lines that start with `#` are comments.
//!
//! This is what NEST writes to its `.dat` files. Without a line of names, columns are called by their places: `1`, `2`, ...

use crate::columns::column::{Column, Kind};
use crate::columns::hint;
use crate::error::{ImportError, excerpt};
use crate::lines::Lines;
use crate::source::Source;
use std::io::Read;

type Words<'a> = Vec<&'a [u8]>;

fn lines<'a>(source: &'a Source) -> Result<Lines<Box<dyn Read + 'a>>, ImportError> {
    Ok(Lines::new(source.open_text()?))
}

/// The words of the next line, and its number.
fn next<'l, R: Read>(source: &Source, lines: &'l mut Lines<R>) -> Result<Option<(u64, Words<'l>)>, ImportError> {
    let line = lines.next().map_err(|error| source.unreadable(error))?;
    let words = |text: &'l [u8]| text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect();
    Ok(line.map(|(number, text)| (number, words(text))))
}

/// Names, none of which is a number.
fn is_header(words: &[&[u8]]) -> bool {
    let mut trial = Column::new("", 0, Kind::FINITE);
    words.iter().all(|word| !trial.push_text(word))
}

/// Lines before the first row of numbers, comments not counted: 1 if there is a line of names.
pub(crate) fn header_lines(source: &Source) -> usize {
    let first =
        lines(source).and_then(|mut lines| Ok(next(source, &mut lines)?.is_some_and(|(_, words)| is_header(&words))));
    usize::from(first.unwrap_or(false))
}

/// The names in the first line, or the places of its numbers.
pub(crate) fn names(source: &Source) -> Result<Vec<String>, ImportError> {
    let mut lines = lines(source)?;
    let Some((_, words)) = next(source, &mut lines)? else {
        return Err(source.malformed("it has neither names nor numbers"));
    };
    Ok(match is_header(&words) {
        true => words.iter().map(|word| String::from_utf8_lossy(word).into_owned()).collect(),
        false => (1..=words.len()).map(|place| place.to_string()).collect(),
    })
}

/// The columns called `wanted`, each of them one of `names`.
pub(crate) fn read(source: &Source, names: &[String], wanted: &[&str]) -> Result<Vec<Vec<f64>>, ImportError> {
    let place = |name: &str| names.iter().position(|other| other == name).unwrap_or_default();
    let mut columns: Vec<Column> = wanted.iter().map(|name| Column::new(*name, place(name), Kind::FINITE)).collect();
    let mut lines = lines(source)?;
    let mut rows = 0;
    while let Some((line, words)) = next(source, &mut lines)? {
        rows += 1;
        if rows == 1 && is_header(&words) {
            continue;
        }
        if words.len() != names.len() {
            let reason = format!("line {line} has {} columns, the first line has {}", words.len(), names.len());
            return Err(source.malformed(reason));
        }
        for column in &mut columns {
            let word = words[column.position];
            if !column.push_text(word) {
                let allowed = column.kind.allowed() + &hint::for_word(word);
                return Err(source.refuse(rows - 1, &column.name, excerpt(word), allowed));
            }
        }
    }
    Ok(columns.into_iter().map(|column| column.reals).collect())
}

//! Lines of numbers separated by white space, without a header; blank lines and lines that start with `#` are skipped.
//!
//! This is how many recordings are published: one spike time per line, or one "time value" pair per line.

use crate::columns::column::{Column, Kind};
use crate::columns::hint;
use crate::error::{ImportError, excerpt};
use crate::lines::Lines;
use crate::source::Source;

/// The columns, all of one length and finite: as many as the first line has, at least 1 unless there is no line.
///
/// `most` is the largest number of columns allowed.
pub(crate) fn read(source: &Source, most: usize) -> Result<Vec<Column>, ImportError> {
    let mut columns: Vec<Column> = Vec::new();
    let mut lines = Lines::new(source.open_text()?);
    while let Some((line, text)) = lines.next().map_err(|error| source.unreadable(error))? {
        let words = || text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        let width = words().count();
        if columns.is_empty() && width <= most {
            columns.extend((0..width).map(|k| Column::new(column_name(k), k, Kind::FINITE)));
        }
        if width != columns.len() {
            let allowed = if columns.is_empty() { format!("at most {most}") } else { columns.len().to_string() };
            return Err(source.malformed(format!("line {line} has {width} numbers; allowed: {allowed}")));
        }
        for (column, word) in columns.iter_mut().zip(words()) {
            if !column.push_text(word) {
                let allowed = column.kind.allowed() + &hint::for_word(word);
                return Err(source.refuse(column.len(), &column.name, excerpt(word), allowed));
            }
        }
        if let (Some(blank), [column]) = (lines.blank(), &columns[..])
            && column.len() > 1
        {
            let reason = format!("line {blank} is blank; allowed: a number in every line of the one column");
            return Err(source.malformed(reason));
        }
    }
    Ok(columns)
}

/// How errors call column `k` (from 0) of a file without names.
pub(crate) fn column_name(k: usize) -> String {
    format!("column {}", k + 1)
}

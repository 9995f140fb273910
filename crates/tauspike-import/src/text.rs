//! Lines of numbers separated by white space, without a header; blank lines and lines that start with `#` are skipped.
//!
//! This is how many recordings are published: one spike time per line, or one "time value" pair per line.

use crate::error::{ImportError, excerpt};
use crate::source::Source;
use std::io::{BufRead, BufReader};

/// Calls `visit` with the number (from 1) and the bytes of each line that is neither blank nor a comment, until it returns false.
pub(crate) fn each_line(
    source: &Source,
    mut visit: impl FnMut(u64, &[u8]) -> Result<bool, ImportError>,
) -> Result<(), ImportError> {
    let mut input = BufReader::new(source.open()?);
    let mut line = Vec::new();
    let mut number = 0;
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line).map_err(|error| source.unreadable(error))? == 0 {
            return Ok(());
        }
        number += 1;
        let text = line.trim_ascii();
        if !text.is_empty() && !text.starts_with(b"#") && !visit(number, text)? {
            return Ok(());
        }
    }
}

/// The columns, all of one length and finite: as many as the first line has, at least 1 unless there is no line.
///
/// `most` is the largest number of columns allowed.
pub(crate) fn read(source: &Source, most: usize) -> Result<Vec<Vec<f64>>, ImportError> {
    let mut columns: Vec<Vec<f64>> = Vec::new();
    each_line(source, |line, text| {
        let width = text.split(u8::is_ascii_whitespace).filter(|cell| !cell.is_empty()).count();
        if columns.is_empty() && width <= most {
            columns.resize(width, Vec::new());
        }
        if width != columns.len() {
            let allowed = if columns.is_empty() { format!("at most {most}") } else { columns.len().to_string() };
            return Err(source.malformed(format!("line {line} has {width} numbers; allowed: {allowed}")));
        }
        let cells = text.split(u8::is_ascii_whitespace).filter(|cell| !cell.is_empty());
        for (k, cell) in cells.enumerate() {
            let value = std::str::from_utf8(cell)
                .ok()
                .and_then(|cell| cell.parse().ok())
                .filter(|value: &f64| value.is_finite());
            let Some(value) = value else {
                let row = columns[k].len();
                return Err(source.refuse(row, &column_name(k), excerpt(cell), "a finite number"));
            };
            columns[k].push(value + 0.0);
        }
        Ok(true)
    })?;
    Ok(columns)
}

/// How errors call column `k` (from 0) of a file without names.
pub(crate) fn column_name(k: usize) -> String {
    format!("column {}", k + 1)
}

/// The line of data row `row`, counted from 1.
pub(crate) fn line_of(source: &Source, row: usize) -> Option<u64> {
    let mut left = row;
    let mut found = None;
    each_line(source, |line, _| {
        if left == 0 {
            found = Some(line);
            return Ok(false);
        }
        left -= 1;
        Ok(true)
    })
    .ok()?;
    found
}

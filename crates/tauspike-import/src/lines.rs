//! The rows of a CSV or text file, and the lines on which they stand.

use csv::{ByteRecord, Reader, ReaderBuilder};
use std::io::{self, BufRead, BufReader, Read};

/// A CSV reader for a header line and rows; lines that start with `#` are comments.
pub(crate) fn csv_reader<R: Read>(input: R) -> Reader<R> {
    // Flexible: the number of cells is checked by the caller, because only there the line is known exactly. Cells are not trimmed
    // here: the library makes a copy of every record for that.
    ReaderBuilder::new().comment(Some(b'#')).flexible(true).buffer_capacity(1 << 16).from_reader(input)
}

/// As spreadsheets write it before the first line.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// The lines of a text file that are neither blank nor comments, and their numbers (from 1).
pub(crate) struct Lines<R> {
    input: BufReader<R>,
    line: Vec<u8>,
    number: u64,
    blank: Option<u64>,
}

impl<R: Read> Lines<R> {
    pub fn new(input: R) -> Self {
        Self { input: BufReader::new(input), line: Vec::new(), number: 0, blank: None }
    }

    /// The next line, without the white space around it.
    pub fn next(&mut self) -> io::Result<Option<(u64, &[u8])>> {
        self.blank = None;
        loop {
            self.line.clear();
            if self.input.read_until(b'\n', &mut self.line)? == 0 {
                return Ok(None);
            }
            self.number += 1;
            if self.number == 1 && self.line.starts_with(BYTE_ORDER_MARK) {
                self.line.drain(..BYTE_ORDER_MARK.len());
            }
            let text = self.line.trim_ascii();
            if text.is_empty() {
                self.blank.get_or_insert(self.number);
            } else if !text.starts_with(b"#") {
                break;
            }
        }
        Ok(Some((self.number, self.line.trim_ascii())))
    }
}

impl<R> Lines<R> {
    /// The first blank line between the last line and the one before.
    pub fn blank(&self) -> Option<u64> {
        self.blank
    }
}

/// The first blank line of a file of one column that has a line below it: a missing value, which whoever skips the line does not see.
pub(crate) fn blank_within(input: impl Read) -> io::Result<Option<u64>> {
    let mut lines = Lines::new(input);
    let mut first = true;
    while lines.next()?.is_some() {
        if !first && lines.blank().is_some() {
            return Ok(lines.blank());
        }
        first = false;
    }
    Ok(None)
}

/// The line of data row `row` (from 0) of a text file, counted from 1.
pub(crate) fn line_in_text(input: impl Read, row: usize) -> Option<u64> {
    let mut lines = Lines::new(input);
    for _ in 0..row {
        lines.next().ok()??;
    }
    lines.next().ok()?.map(|(number, _)| number)
}

/// The line of data row `row` (from 0) of a CSV file, counted from 1; `open` gives the bytes from the first.
///
/// The reader's own line numbers are those *before* the comments and blank lines it skips to find a record, so the line feeds
/// up to the last byte of the record are counted instead.
pub(crate) fn line_in_csv<R: Read>(mut open: impl FnMut() -> Option<R>, row: usize) -> Option<u64> {
    let mut reader = csv_reader(open()?);
    let mut record = ByteRecord::new();
    reader.byte_headers().ok()?;
    for _ in 0..=row {
        if !reader.read_byte_record(&mut record).ok()? {
            return None;
        }
    }
    let end = reader.position().byte();
    let (mut line, mut line_of_last_character) = (1, 1);
    for byte in BufReader::new(open()?).bytes().take(end as usize) {
        match byte.ok()? {
            b'\n' => line += 1,
            b'\r' => {}
            _ => line_of_last_character = line,
        }
    }
    Some(line_of_last_character)
}

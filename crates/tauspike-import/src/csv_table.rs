//! Columns from CSV: a header line, then one row per line; lines that start with `#` are comments.

use crate::error::{ImportError, excerpt};
use crate::source::Source;
use crate::table::{Field, Table, bind};
use csv::{ByteRecord, Reader, ReaderBuilder, Trim};
use std::io::Read;

fn reader<R: Read>(input: R) -> Reader<R> {
    // Flexible: the number of cells is checked here, because only here the line is known exactly.
    ReaderBuilder::new().comment(Some(b'#')).trim(Trim::All).flexible(true).from_reader(input)
}

fn csv_error(source: &Source, error: csv::Error) -> ImportError {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => source.unreadable(error),
        other => source.malformed(format!("{other:?}")),
    }
}

fn header<R: Read>(source: &Source, reader: &mut Reader<R>) -> Result<Vec<String>, ImportError> {
    let header = reader.byte_headers().map_err(|error| csv_error(source, error))?;
    if header.is_empty() {
        return Err(source.malformed("it has no header line"));
    }
    // A byte order mark, as spreadsheets write it, is no part of the first name.
    let name = |cell: &[u8]| String::from_utf8_lossy(cell).trim_start_matches('\u{feff}').to_string();
    Ok(header.iter().map(name).collect())
}

/// The names in the header line.
pub(crate) fn names(source: &Source) -> Result<Vec<String>, ImportError> {
    header(source, &mut reader(source.open()?))
}

/// Reads the given fields; every other column is an error.
pub(crate) fn read(source: &Source, fields: &[Field]) -> Result<Table, ImportError> {
    let mut reader = reader(source.open()?);
    let names = header(source, &mut reader)?;
    let mut columns = bind(source, &names, fields)?;
    let mut record = ByteRecord::new();
    let mut rows = 0;
    while reader.read_byte_record(&mut record).map_err(|error| csv_error(source, error))? {
        if record.len() != names.len() {
            let place = source.place(rows);
            return Err(source.malformed(format!(
                "{place} has {} cells, the header has {}",
                record.len(),
                names.len()
            )));
        }
        for column in columns.iter_mut().flatten() {
            let cell = &record[column.position];
            if !column.push_text(cell) {
                return Err(source.refuse(rows, &column.name, shown(cell), column.kind.allowed()));
            }
        }
        rows += 1;
    }
    Ok(Table { columns, rows })
}

fn shown(cell: &[u8]) -> String {
    if cell.is_empty() { "(empty)".into() } else { excerpt(cell) }
}

/// The line of data row `row`, counted from 1.
///
/// The reader's own line numbers are those *before* the comments and blank lines it skips to find a record, so the line feeds
/// up to the last byte of the record are counted instead.
pub(crate) fn line_of(source: &Source, row: usize) -> Option<u64> {
    let mut reader = reader(source.open().ok()?);
    let mut record = ByteRecord::new();
    reader.byte_headers().ok()?;
    for _ in 0..=row {
        if !reader.read_byte_record(&mut record).ok()? {
            return None;
        }
    }
    let end = reader.position().byte();
    let (mut line, mut line_of_last_character) = (1, 1);
    for byte in std::io::BufReader::new(source.open().ok()?).bytes().take(end as usize) {
        match byte.ok()? {
            b'\n' => line += 1,
            b'\r' => {}
            _ => line_of_last_character = line,
        }
    }
    Some(line_of_last_character)
}

//! Columns from CSV: a header line, then one row per line; lines that start with `#` are comments.

use crate::columns::fields::{Field, Table, bind};
use crate::columns::hint;
use crate::columns::only::{Filter, Kept, Only};
use crate::error::{ImportError, excerpt};
use crate::lines::{blank_within, csv_reader};
use crate::source::Source;
use csv::{ByteRecord, Reader};
use std::io::Read;

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
    let name = |cell: &[u8]| String::from_utf8_lossy(cell).trim_start_matches('\u{feff}').trim().to_string();
    Ok(header.iter().map(name).collect())
}

/// The names in the header line.
pub(crate) fn names(source: &Source) -> Result<Vec<String>, ImportError> {
    header(source, &mut csv_reader(source.open_text()?))
}

/// Reads the given fields of the rows that `only` names; every other column is an error.
pub(crate) fn read(source: &Source, fields: &[Field], only: Option<Only>) -> Result<Table, ImportError> {
    let mut reader = csv_reader(source.open_text()?);
    let names = header(source, &mut reader)?;
    if names.len() == 1
        && let Some(line) = blank_within(source.open_text()?).map_err(|error| source.unreadable(error))?
    {
        return Err(source.malformed(format!("line {line} is blank; allowed: a value in every line of the one column")));
    }
    let mut columns = bind(source, &names, fields).map_err(|error| explain_separator(source, &names, error))?;
    let mut filter = Filter::new(only, &names);
    let mut record = ByteRecord::new();
    let (mut row, mut rows) = (0, 0);
    while reader.read_byte_record(&mut record).map_err(|error| csv_error(source, error))? {
        if record.len() != names.len() {
            return Err(uneven(source, row, &record, names.len()));
        }
        row += 1;
        if let Some(filter) = &mut filter
            && !filter.takes(source, record[filter.position].trim_ascii())?
        {
            continue;
        }
        for column in columns.iter_mut().flatten() {
            let cell = record[column.position].trim_ascii();
            if !column.push_text(cell) {
                let allowed = column.kind.allowed() + &hint::for_cell(cell);
                return Err(source.refuse(row - 1, &column.name, shown(cell), allowed));
            }
        }
        rows += 1;
    }
    let kept = filter.map_or(Ok(Kept::default()), |filter| filter.finish(source))?;
    Ok(Table { columns, rows, kept })
}

/// A line with more or fewer cells than the header has names.
fn uneven(source: &Source, row: usize, record: &ByteRecord, names: usize) -> ImportError {
    let hint = match record.len() > names {
        true => hint::for_cells(record.iter().map(<[u8]>::trim_ascii)).to_owned(),
        false => hint::for_cell(record.as_slice()),
    };
    source.malformed(format!("{} has {} cells, the header has {names}{hint}", source.place(row), record.len()))
}

/// A header that is one name for us and several in another dialect.
fn explain_separator(source: &Source, names: &[String], error: ImportError) -> ImportError {
    match names {
        [name] => match hint::for_header(name) {
            Some(hint) => source.malformed(format!("its header is `{}`: {hint}", excerpt(name.as_bytes()))),
            None => error,
        },
        _ => error,
    }
}

fn shown(cell: &[u8]) -> String {
    if cell.is_empty() { "(empty)".into() } else { excerpt(cell) }
}

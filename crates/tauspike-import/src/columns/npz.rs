//! Columns from NPZ: a zip archive with one NumPy array per column, all of one length.
//!
//! An array is decoded as it is decompressed, so memory follows what is really there (at most 1032 times the file, the largest
//! ratio of the compression), not what a header claims.

use crate::columns::column::{Column, Kind};
use crate::columns::fields::{Field, bind, missing_column};
use crate::columns::npy;
use crate::error::ImportError;
use crate::source::{ReadSeek, Source};
use std::io::BufReader;
use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

type Archive<'a> = ZipArchive<Box<dyn ReadSeek + 'a>>;

fn open<'a>(source: &'a Source) -> Result<Archive<'a>, ImportError> {
    ZipArchive::new(source.open()?).map_err(|error| zip_error(source, error))
}

fn zip_error(source: &Source, error: ZipError) -> ImportError {
    match error {
        ZipError::Io(error) => source.unreadable(error),
        other => source.malformed(other),
    }
}

/// The names of all arrays.
pub(crate) fn names(source: &Source) -> Result<Vec<String>, ImportError> {
    Ok(array_names(&open(source)?))
}

/// An entry that is not an array keeps its full name, and is refused by it as an unknown column.
fn array_names(archive: &Archive) -> Vec<String> {
    let name = |raw: &[u8]| String::from_utf8_lossy(raw.strip_suffix(b".npy").unwrap_or(raw)).into_owned();
    archive.file_names_raw().map(name).collect()
}

/// The array `name`.
fn entry<'a, 'b>(
    source: &Source,
    archive: &'a mut Archive<'b>,
    name: &str,
) -> Result<ZipFile<'a, Box<dyn ReadSeek + 'b>>, ImportError> {
    archive.by_name(&format!("{name}.npy")).map_err(|error| zip_error(source, error))
}

/// Reads the given fields, arrays of one length, and counts the rows; every other array is an error.
pub(crate) fn read(source: &Source, fields: &[Field]) -> Result<(Vec<Option<Column>>, usize), ImportError> {
    let columns = read_arrays(source, fields)?;
    let mut read = columns.iter().flatten();
    let Some(first) = read.next() else { return Ok((columns, 0)) };
    let rows = first.len();
    if let Some(other) = read.find(|column| column.len() != rows) {
        let allowed = format!("{rows}, as many as `{}` has", first.name);
        return Err(source.unfit(&other.name, format!("it has {} elements", other.len()), allowed));
    }
    Ok((columns, rows))
}

/// Reads the given fields, arrays of any length; every other array is an error.
pub(crate) fn read_arrays(source: &Source, fields: &[Field]) -> Result<Vec<Option<Column>>, ImportError> {
    let mut archive = open(source)?;
    let names = array_names(&archive);
    let columns = bind(source, &names, fields)?;
    columns
        .into_iter()
        .map(|column| column.map(|column| read_entry(source, &mut archive, column)).transpose())
        .collect()
}

fn read_entry(source: &Source, archive: &mut Archive, mut column: Column) -> Result<Column, ImportError> {
    let name = column.name.clone();
    // Buffered: elements are taken a few bytes at a time, each a pass through decompression and checksum otherwise.
    npy::fill(source, BufReader::new(entry(source, archive, &name)?), &mut column)?;
    Ok(column)
}

/// Reads one array of an archive that may hold others.
pub(crate) fn read_array(source: &Source, name: &str, kind: Kind) -> Result<Column, ImportError> {
    let mut archive = open(source)?;
    let names = array_names(&archive);
    let Some(position) = names.iter().position(|other| other == name) else {
        return Err(missing_column(source, name, &names));
    };
    read_entry(source, &mut archive, Column::new(name, position, kind))
}

/// The array `format` of a SciPy matrix, if there is one.
pub(crate) fn scipy_format(source: &Source) -> Result<Option<String>, ImportError> {
    let mut archive = open(source)?;
    if !array_names(&archive).iter().any(|name| name == "format") {
        return Ok(None);
    }
    npy::three_letters(source, entry(source, &mut archive, "format")?, "format").map(Some)
}

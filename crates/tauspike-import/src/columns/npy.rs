//! One NumPy array: a header, then the elements. Only one-dimensional (or scalar) arrays of plain numbers are taken.

use crate::columns::column::Column;
use crate::columns::contain::contain;
use crate::error::ImportError;
use crate::quantity::TimeUnit;
use crate::source::Source;
use half::f16;
use npyz::{Deserialize, NpyFile};
use std::fmt::Debug;
use std::io::Read;

/// Longest header text. NumPy itself writes about 118 bytes for an array of plain numbers.
const MOST_HEADER_BYTES: usize = 1024;
/// A header is a dictionary with one tuple in it. More brackets are a structured type, which is refused anyway, or an attack:
/// the parser of the header recurses at every bracket, and an overflow of the stack cannot be caught.
const MOST_HEADER_BRACKETS: usize = 4;

/// Appends all elements to `column`.
pub(crate) fn fill<R: Read>(source: &Source, mut input: R, column: &mut Column) -> Result<(), ImportError> {
    let head = header_bytes(source, &mut input, &column.name)?;
    let npy = contain(source, || NpyFile::new(head.as_slice().chain(&mut input)))?;
    if npy.shape().len() > 1 {
        let found = format!("it has {} dimensions", npy.shape().len());
        return Err(source.unfit(&column.name, found, "a one-dimensional array"));
    }
    let dtype = npy.dtype().descr();
    // `'<f8'`: quotes, byte order, kind and size.
    let kind = dtype.get(2..dtype.len() - 1).unwrap_or_default();
    match kind {
        "i1" => integers::<i8, _>(source, npy, column),
        "i2" => integers::<i16, _>(source, npy, column),
        "i4" => integers::<i32, _>(source, npy, column),
        "i8" => integers::<i64, _>(source, npy, column),
        "u1" => integers::<u8, _>(source, npy, column),
        "u2" => integers::<u16, _>(source, npy, column),
        "u4" => integers::<u32, _>(source, npy, column),
        "u8" => integers::<u64, _>(source, npy, column),
        "f2" if column.kind.takes_floats_up_to(1 << 11) => {
            each(source, npy, column, |column, value: f16| column.push_real(value.to_f64()))
        }
        "f4" if column.kind.takes_floats_up_to(1 << 24) => {
            each(source, npy, column, |column, value: f32| column.push_real(f64::from(value)))
        }
        "f8" => each(source, npy, column, Column::push_real),
        _ => match duration_unit(kind).filter(|_| column.kind.is_time()) {
            Some(unit) => each(source, npy, column, |column, value: i64| column.push_duration(value, unit)),
            None => Err(source.unfit(&column.name, format!("it has type {dtype}"), column.kind.allowed_types())),
        },
    }?;
    finish(source, input, &column.name)
}

/// The three letters in the array `format` of a SciPy matrix.
pub(crate) fn three_letters<R: Read>(source: &Source, mut input: R, name: &str) -> Result<String, ImportError> {
    let head = header_bytes(source, &mut input, name)?;
    let npy = contain(source, || NpyFile::new(head.as_slice().chain(&mut input)))?;
    let dtype = npy.dtype().descr();
    if dtype != "'|S3'" || !npy.shape().is_empty() {
        return Err(source.unfit(name, format!("it has type {dtype}"), "a scalar of type '|S3'"));
    }
    let mut letters = [0; 3];
    npy.into_inner().read_exact(&mut letters).map_err(|error| source.unreadable(error))?;
    Ok(String::from_utf8_lossy(&letters).into_owned())
}

/// The unit of a NumPy timedelta64, such as `m8[us]`.
fn duration_unit(kind: &str) -> Option<TimeUnit> {
    TimeUnit::parse(kind.strip_prefix("m8[")?.strip_suffix(']')?)
}

/// Magic, version, length and text of the header, without trusting the length.
fn header_bytes(source: &Source, input: &mut impl Read, name: &str) -> Result<Vec<u8>, ImportError> {
    let mut head = vec![0; 10];
    input.read_exact(&mut head).map_err(|error| source.unreadable(error))?;
    if head[0..6] != *b"\x93NUMPY" {
        return Err(source.malformed(format!("`{name}` does not start as a NumPy array")));
    }
    let mut length = usize::from(u16::from_le_bytes([head[8], head[9]]));
    if head[6] > 1 {
        head.resize(12, 0);
        input.read_exact(&mut head[10..]).map_err(|error| source.unreadable(error))?;
        length |= usize::from(u16::from_le_bytes([head[10], head[11]])) << 16;
    }
    if length > MOST_HEADER_BYTES {
        return Err(source
            .malformed(format!("`{name}` claims a header of {length} bytes; allowed: at most {MOST_HEADER_BYTES}")));
    }
    let start = head.len();
    head.resize(start + length, 0);
    input.read_exact(&mut head[start..]).map_err(|error| source.unreadable(error))?;
    if head[start..].iter().filter(|byte| b"([{".contains(byte)).count() > MOST_HEADER_BRACKETS {
        return Err(source.unfit(name, "it has a structured type", "an array of plain numbers"));
    }
    Ok(head)
}

fn integers<T: Deserialize + Into<i128> + Copy + Debug, R: Read>(
    source: &Source,
    npy: NpyFile<R>,
    column: &mut Column,
) -> Result<(), ImportError> {
    each(source, npy, column, |column, value: T| column.push_integer(value.into()))
}

/// Appends element by element: the claimed number of elements is never a reason to allocate.
fn each<T: Deserialize + Copy + Debug, R: Read>(
    source: &Source,
    npy: NpyFile<R>,
    column: &mut Column,
    push: impl Fn(&mut Column, T) -> bool,
) -> Result<(), ImportError> {
    let claimed = npy.len();
    let elements = npy.data::<T>().map_err(|error| source.malformed(error))?;
    for (row, value) in elements.enumerate() {
        let value = value.map_err(|error| match error.kind() {
            std::io::ErrorKind::UnexpectedEof => source
                .malformed(format!("`{}` claims {claimed} elements and ends after {row} (truncated)", column.name)),
            _ => source.unreadable(error),
        })?;
        if !push(column, value) {
            return Err(source.refuse(row, &column.name, format!("{value:?}"), column.kind.allowed()));
        }
    }
    Ok(())
}

/// Reads past the last element: nothing may follow, and a zip entry is checked against its checksum only at its end.
fn finish<R: Read>(source: &Source, mut input: R, name: &str) -> Result<(), ImportError> {
    match input.read(&mut [0]).map_err(|error| source.unreadable(error))? {
        0 => Ok(()),
        _ => Err(source.malformed(format!("`{name}` goes on after its last element"))),
    }
}

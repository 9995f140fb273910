//! NumPy arrays as numbers and positions. Nothing is guessed: what would have to be cast, reordered or swapped is refused.

use crate::errors::{refused, wrong_type};
use numpy::{PyArray1, PyArrayDescrMethods, PyArrayMethods, PyUntypedArray, PyUntypedArrayMethods};
use pyo3::prelude::*;

/// Numbers of an array of one dimension: float64, float32 or integers.
pub fn numbers(field: &str, array: &Bound<'_, PyUntypedArray>) -> PyResult<Vec<f64>> {
    let allowed = "float64, float32 or integers, in the byte order of this machine";
    check(field, array)?;
    macro_rules! try_each {
        ($($number:ty),*) => {$(
            if let Ok(array) = array.cast::<PyArray1<$number>>() {
                let numbers = array.try_readonly()?;
                return Ok(numbers.as_slice()?.iter().map(|number| *number as f64).collect());
            }
        )*};
    }
    try_each!(f64, f32, i64, i32, u32, u64, i16, u16, i8, u8);
    Err(wrong_dtype(field, array, allowed))
}

/// Positions in a population: integers of 32 or 64 bits, not negative.
pub fn positions(field: &str, array: &Bound<'_, PyUntypedArray>) -> PyResult<Vec<u32>> {
    check(field, array)?;
    macro_rules! try_each {
        ($($number:ty),*) => {$(
            if let Ok(array) = array.cast::<PyArray1<$number>>() {
                let positions = array.try_readonly()?;
                return all_positions(field, positions.as_slice()?);
            }
        )*};
    }
    try_each!(i64, i32, u32, u64);
    Err(wrong_dtype(field, array, "int32, int64, uint32 or uint64, in the byte order of this machine"))
}

fn all_positions<T: Copy + TryInto<u32> + std::fmt::Display>(field: &str, positions: &[T]) -> PyResult<Vec<u32>> {
    let position = |(k, number): (usize, &T)| {
        let refused = |_| refused(&format!("{field}[{k}]"), number, format!("a position, 0 to {}", u32::MAX));
        (*number).try_into().map_err(refused)
    };
    positions.iter().enumerate().map(position).collect()
}

/// The rows of the entries of a CSR matrix of `entries` entries, whose row k holds `indptr[k]..indptr[k + 1]`.
pub fn rows(field: &str, indptr: &Bound<'_, PyUntypedArray>, entries: usize) -> PyResult<Vec<u32>> {
    check(field, indptr)?;
    macro_rules! try_each {
        ($($number:ty),*) => {$(
            if let Ok(array) = indptr.cast::<PyArray1<$number>>() {
                let bounds = array.try_readonly()?;
                return expanded(field, bounds.as_slice()?, entries);
            }
        )*};
    }
    try_each!(i32, i64);
    Err(wrong_dtype(field, indptr, "int32 or int64, in the byte order of this machine"))
}

fn expanded<T: Copy + TryInto<usize> + std::fmt::Display>(
    field: &str,
    bounds: &[T],
    entries: usize,
) -> PyResult<Vec<u32>> {
    let mut rows = Vec::with_capacity(entries);
    let mut last = 0;
    for (k, bound) in bounds.iter().enumerate() {
        let at: Option<usize> =
            (*bound).try_into().ok().filter(|at| *at >= last && *at <= entries && (k > 0 || *at == 0));
        let Some(at) = at else {
            let allowed = format!("0 at first, then ascending up to the number of entries, {entries}");
            return Err(refused(&format!("{field}[{k}]"), bound, allowed));
        };
        // Row k - 1 ends here; the first bound is 0, so that nothing is added for it.
        rows.resize(at, (k.max(1) - 1) as u32);
        last = at;
    }
    if last != entries {
        return Err(refused(
            field,
            format!("an array that ends with {last}"),
            format!("the number of entries, {entries}, at the end"),
        ));
    }
    Ok(rows)
}

fn check(field: &str, array: &Bound<'_, PyUntypedArray>) -> PyResult<()> {
    if array.ndim() != 1 {
        let shape: Vec<String> = array.shape().iter().map(usize::to_string).collect();
        return Err(refused(field, format!("an array of shape ({})", shape.join(", ")), "an array of one dimension"));
    }
    if !array.is_c_contiguous() {
        let found = format!("an array with steps of {} bytes", array.strides()[0]);
        return Err(refused(field, found, "an array without gaps (numpy.ascontiguousarray makes one)"));
    }
    if !array.is_aligned() {
        return Err(refused(field, "an array that is not aligned", "an aligned array (its .copy() is one)"));
    }
    Ok(())
}

fn wrong_dtype(field: &str, array: &Bound<'_, PyUntypedArray>, allowed: &str) -> PyErr {
    let dtype = array.dtype();
    let swapped = if dtype.byteorder() == b'>' { " (big-endian)" } else { "" };
    wrong_type(field, format!("an array of {dtype}{swapped}"), allowed)
}

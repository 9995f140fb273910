//! NumPy arrays out: NPZ files of columns, and of sparse matrices that SciPy's `load_npz` reads.

use super::table::Values;
use npyz::{AutoSerialize, DType, WriteOptions, WriterBuilder};
use std::io::{self, Seek, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// One entry of a sparse matrix, and the delay of the synapse it stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry {
    /// Position of the source.
    pub row: u32,
    /// Position of the target.
    pub column: u32,
    /// mV or pA.
    pub weight: f64,
    /// ms.
    pub delay: f64,
}

/// Writes one array for each column that is not of names.
///
/// # Errors
/// Those of `out`.
pub fn write_arrays<W: Write + Seek>(columns: &[(&str, Values)], out: W) -> io::Result<W> {
    let mut zip = ZipWriter::new(out);
    for (name, values) in columns {
        match values {
            Values::Names { .. } => {}
            Values::Indices(indices) => array(&mut zip, name, indices.len() as u64, indices.iter().copied())?,
            Values::Numbers(numbers) => array(&mut zip, name, numbers.len() as u64, numbers.iter().copied())?,
        }
    }
    Ok(zip.finish()?)
}

/// Writes a SciPy csr matrix of this shape (sources, targets). `entries` gives the entries by ascending row, each time anew: they are
/// walked once for each array, and never held. Delays go into an additional array `delay`, which [`crate::read_synapses`] reads and
/// SciPy ignores.
///
/// # Errors
/// Those of `out`; [`io::ErrorKind::InvalidInput`] if a row is not below the number of sources.
pub fn write_csr<W: Write + Seek, E: Iterator<Item = Entry>>(
    shape: (u32, u32),
    entries: impl Fn() -> E,
    out: W,
) -> io::Result<W> {
    let mut pointers = vec![0i64; shape.0 as usize + 1];
    for entry in entries() {
        let out_of_range = || io::Error::new(io::ErrorKind::InvalidInput, format!("row {} of {}", entry.row, shape.0));
        *pointers.get_mut(entry.row as usize + 1).ok_or_else(out_of_range)? += 1;
    }
    (0..shape.0 as usize).for_each(|row| pointers[row + 1] += pointers[row]);
    let count = pointers.last().copied().unwrap_or(0);
    let mut zip = ZipWriter::new(out);
    // SciPy takes 4 bytes for an index wherever they do.
    if count <= i64::from(i32::MAX) && shape.1 <= i32::MAX as u32 {
        array(&mut zip, "indices", count as u64, entries().map(|entry| entry.column as i32))?;
        array(&mut zip, "indptr", pointers.len() as u64, pointers.iter().map(|&pointer| pointer as i32))?;
    } else {
        array(&mut zip, "indices", count as u64, entries().map(|entry| i64::from(entry.column)))?;
        array(&mut zip, "indptr", pointers.len() as u64, pointers.iter().copied())?;
    }
    array(&mut zip, "shape", 2, [i64::from(shape.0), i64::from(shape.1)].into_iter())?;
    array(&mut zip, "data", count as u64, entries().map(|entry| entry.weight))?;
    array(&mut zip, "delay", count as u64, entries().map(|entry| entry.delay))?;
    begin(&mut zip, "format")?;
    let text = "|S3".parse().map_err(|_| io::Error::other("not a NumPy type"))?;
    let mut format =
        WriteOptions::<[u8]>::new().dtype(DType::new_scalar(text)).shape(&[]).writer(&mut zip).begin_nd()?;
    format.push(b"csr")?;
    format.finish()?;
    Ok(zip.finish()?)
}

fn begin<W: Write + Seek>(zip: &mut ZipWriter<W>, name: &str) -> io::Result<()> {
    let options = SimpleFileOptions::default().large_file(true);
    Ok(zip.start_file(format!("{name}.npy"), options)?)
}

fn array<T: AutoSerialize, W: Write + Seek>(
    zip: &mut ZipWriter<W>,
    name: &str,
    len: u64,
    values: impl Iterator<Item = T>,
) -> io::Result<()> {
    begin(zip, name)?;
    let mut array = WriteOptions::new().default_dtype().shape(&[len]).writer(zip).begin_nd()?;
    array.extend(values)?;
    array.finish()
}

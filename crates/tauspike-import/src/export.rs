//! Synapse lists out: to CSV, and to NPZ that SciPy's `load_npz` reads.

use crate::synapse_list::SynapseColumns;
use npyz::{AutoSerialize, DType, WriteOptions, WriterBuilder};
use std::io::{self, Seek, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Writes `pre,post` and, where there are any, `weight,delay`: every number in the shortest form that reads back to the same bits.
///
/// # Errors
/// Those of `out`.
pub fn write_synapses_csv(synapses: &SynapseColumns, mut out: impl Write) -> io::Result<()> {
    let optional = [("weight", &synapses.weight), ("delay", &synapses.delay)];
    let present: Vec<(&str, &Vec<f64>)> =
        optional.into_iter().filter_map(|(name, values)| Some((name, values.as_ref()?))).collect();
    write!(out, "pre,post")?;
    present.iter().try_for_each(|(name, _)| write!(out, ",{name}"))?;
    writeln!(out)?;
    for (row, (pre, post)) in synapses.pre.iter().zip(&synapses.post).enumerate() {
        write!(out, "{pre},{post}")?;
        present.iter().try_for_each(|(_, values)| write!(out, ",{:?}", values[row]))?;
        writeln!(out)?;
    }
    out.flush()
}

/// Writes a SciPy csr matrix of shape (`n_pre`, `n_post`) with the weights as values; synapses are sorted by `pre`, otherwise in order.
///
/// Delays go into an additional array `delay`, which [`crate::read_synapses`] reads and SciPy ignores.
///
/// # Errors
/// Those of `out`; [`io::ErrorKind::InvalidInput`] if there are no weights, or a `pre` is not below `n_pre`.
pub fn write_synapses_npz<W: Write + Seek>(
    synapses: &SynapseColumns,
    n_pre: u32,
    n_post: u32,
    out: W,
) -> io::Result<()> {
    let refuse = |message: &str| io::Error::new(io::ErrorKind::InvalidInput, message.to_string());
    let weight = synapses.weight.as_ref().ok_or_else(|| refuse("a matrix needs weights"))?;
    if synapses.pre.iter().any(|&pre| pre >= n_pre) {
        return Err(refuse("`pre` must be below n_pre"));
    }
    let mut order: Vec<usize> = (0..synapses.pre.len()).collect();
    order.sort_by_key(|&k| synapses.pre[k]);
    let pointers =
        (0..n_pre as usize + 1).map(|row| order.partition_point(|&k| (synapses.pre[k] as usize) < row) as i64);
    let mut zip = ZipWriter::new(out);
    array(&mut zip, "indices", order.iter().map(|&k| i64::from(synapses.post[k])))?;
    array(&mut zip, "indptr", pointers)?;
    array(&mut zip, "shape", [i64::from(n_pre), i64::from(n_post)].into_iter())?;
    array(&mut zip, "data", order.iter().map(|&k| weight[k]))?;
    if let Some(delay) = &synapses.delay {
        array(&mut zip, "delay", order.iter().map(|&k| delay[k]))?;
    }
    begin(&mut zip, "format")?;
    let text = "|S3".parse().map_err(|_| refuse("not a NumPy type"))?;
    let mut format =
        WriteOptions::<[u8]>::new().dtype(DType::new_scalar(text)).shape(&[]).writer(&mut zip).begin_nd()?;
    format.push(b"csr")?;
    format.finish()?;
    zip.finish()?.flush()
}

fn begin<W: Write + Seek>(zip: &mut ZipWriter<W>, name: &str) -> io::Result<()> {
    let options = SimpleFileOptions::default().large_file(true);
    Ok(zip.start_file(format!("{name}.npy"), options)?)
}

fn array<T: AutoSerialize, W: Write + Seek>(
    zip: &mut ZipWriter<W>,
    name: &str,
    values: impl ExactSizeIterator<Item = T>,
) -> io::Result<()> {
    begin(zip, name)?;
    let mut array = WriteOptions::new().default_dtype().shape(&[values.len() as u64]).writer(zip).begin_nd()?;
    array.extend(values)?;
    array.finish()
}

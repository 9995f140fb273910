//! Synapses from a SciPy sparse matrix as `scipy.sparse.save_npz` writes it: row = pre, column = post, value = weight.
//!
//! Every stored entry is one synapse, in the stored order: an explicit 0 is a synapse of weight 0, and an entry stored twice is two
//! synapses. An additional array `delay` (ms), indexed like `data`, may lie beside the matrix; SciPy ignores it.

use crate::columns::column::Kind;
use crate::columns::fields::Field;
use crate::columns::npz::{read_array, read_arrays};
use crate::error::ImportError;
use crate::source::Source;
use crate::synapse_list::{SynapseColumns, SynapseShape};

/// How SciPy keeps the coordinates of an entry.
#[derive(Clone, Copy, PartialEq)]
enum Layout {
    /// Compressed rows: `indices` are columns.
    Csr,
    /// Compressed columns: `indices` are rows.
    Csc,
    /// Both coordinates of every entry.
    Coo,
}

const DATA: usize = 0;
const FIRST: usize = 1;
const SECOND: usize = 2;
const DELAY: usize = 3;

/// Reads a matrix whose array `format` says `format`.
pub(crate) fn read(source: &Source, format: &str, shape: SynapseShape) -> Result<SynapseColumns, ImportError> {
    let layout = match format {
        "csr" => Layout::Csr,
        "csc" => Layout::Csc,
        "coo" => Layout::Coo,
        _ => return Err(source.unfit("format", format!("it is `{}`", format.escape_debug()), "csr, csc, coo")),
    };
    check_shape(source, shape)?;
    let pre = Kind::Index { below: shape.n_pre };
    let post = Kind::Index { below: shape.n_post };
    let pointer = Kind::Index { below: u32::MAX };
    let [first, second]: [(&[&str], Kind); 2] = match layout {
        Layout::Csr => [(&["indices"], post), (&["indptr"], pointer)],
        Layout::Csc => [(&["indices"], pre), (&["indptr"], pointer)],
        Layout::Coo => [(&["row"], pre), (&["col"], post)],
    };
    let required = |(names, kind)| Field { names, kind: Some(kind), required: true };
    let fields = [
        required((&["data"], Kind::FINITE)),
        required(first),
        required(second),
        Field { names: &["delay"], kind: Some(Kind::TIME_FROM_0), required: false },
        Field { names: &["shape", "format", "_is_array"], kind: None, required: false },
    ];
    // The shape is checked above, and the rest tells nothing about synapses.
    let mut columns = read_arrays(source, &fields)?;
    let data = columns[DATA].take().map(|column| column.reals).unwrap_or_default();
    let mut indices = |field: usize| columns[field].take().map(|column| column.indices).unwrap_or_default();
    let (first, second) = (indices(FIRST), indices(SECOND));
    let delay = columns[DELAY].take().map(|column| column.reals);
    let (pre, post) = match layout {
        Layout::Csr => (expand(source, &second, shape.n_pre, data.len())?, first),
        Layout::Csc => (first, expand(source, &second, shape.n_post, data.len())?),
        Layout::Coo => (first, second),
    };
    let lengths = [
        ("row indices", pre.len()),
        ("column indices", post.len()),
        ("delay", delay.as_ref().map_or(data.len(), Vec::len)),
    ];
    if let Some((name, length)) = lengths.into_iter().find(|(_, length)| *length != data.len()) {
        return Err(source.unfit(name, format!("{length} elements"), format!("{}, as many as `data` has", data.len())));
    }
    Ok(SynapseColumns { pre, post, weight: Some(data), delay })
}

/// A matrix of another shape than the projection is most often a transposed one, so it is refused even if all indices fit.
fn check_shape(source: &Source, shape: SynapseShape) -> Result<(), ImportError> {
    let found = read_array(source, "shape", Kind::Index { below: u32::MAX })?.indices;
    if found == [shape.n_pre, shape.n_post] {
        return Ok(());
    }
    let allowed = format!("({}, {}), the sizes of the pre and post populations (row = pre)", shape.n_pre, shape.n_post);
    let found: Vec<String> = found.iter().take(4).map(u32::to_string).collect();
    Err(source.unfit("shape", format!("it is ({})", found.join(", ")), allowed))
}

/// The major coordinate of every entry from the `lines + 1` pointers of a compressed matrix.
fn expand(source: &Source, pointers: &[u32], lines: u32, entries: usize) -> Result<Vec<u32>, ImportError> {
    let (Some(0), Some(&last)) = (pointers.first(), pointers.last()) else {
        return Err(source.unfit("indptr", "it does not start with 0", "pointers from 0 to the number of entries"));
    };
    if pointers.len() != lines as usize + 1 || last as usize != entries {
        let found = format!("it has {} pointers, the last is {last}", pointers.len());
        return Err(source.unfit("indptr", found, format!("{} pointers, the last {entries}", u64::from(lines) + 1)));
    }
    let mut major = Vec::with_capacity(entries);
    for (line, pair) in pointers.windows(2).enumerate() {
        if pair[1] < pair[0] {
            return Err(source.refuse(
                line + 1,
                "indptr",
                pair[1],
                format!("at least {}, the pointer before", pair[0]),
            ));
        }
        // Within `entries`: the pointers ascend so far, and if they exceed the last one, a later pair descends and is refused.
        let end = (pair[1] as usize).min(entries);
        major.resize(end, line as u32);
    }
    Ok(major)
}

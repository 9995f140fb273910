//! What several processes record of one run, each on its own, and how that becomes the tables of the run.
//!
//! ```text
//! out/                          the folder of the run, which belongs to the first rank
//!   ranks/rank=0/               belongs to that rank; likewise ranks/rank=1/ ..
//!     spikes.parquet            as in any output, of the neurons of this rank: parts while it runs, one file when it has ended
//!     probes.parquet            likewise
//! ```
//!
//! The tables of the ranks are sorted by time and neuron, and so is what [`merge_spikes`] and [`merge_probes`] make of them: row by row
//! what one process would have recorded. Until then `ranks/*/spikes.parquet` is one data set in partitions.

use crate::digest::Digest;
use crate::durable::{self, Existing};
use crate::error::RecordError;
use crate::join;
use crate::merge::{MergeTable, merge};
use crate::output::{OutputDir, name_of};
use crate::population::Populations;
use crate::rank_folder::{rank_folder, rank_folders};
use crate::reached;
use crate::reader::SpikeReader;
use crate::tables::{Probes, Spikes};
use std::num::NonZeroUsize;
use std::path::Path;

/// Makes one table of the spikes of all ranks, with so many rows in a row group. The digest is that of the file. `None` if no rank recorded any.
///
/// # Errors
/// [`RecordError::Altered`] if a table of a rank is not what was recorded; if the disk refuses. What the ranks recorded stays.
pub fn merge_spikes(
    output: &OutputDir,
    populations: &Populations,
    rows: NonZeroUsize,
) -> Result<Option<Digest>, RecordError> {
    let mut table = Spikes::new(populations.clone());
    let merged = merge_table(output, &output.spikes(), &mut table, rows)?;
    Ok(merged.map(|_| table.digest))
}

/// As [`merge_spikes`], of probes: the number of rows.
///
/// # Errors
/// As [`merge_spikes`].
pub fn merge_probes(
    output: &OutputDir,
    populations: &Populations,
    rows: NonZeroUsize,
) -> Result<Option<u64>, RecordError> {
    merge_table(output, &output.probes(), &mut Probes::new(populations.clone()), rows)
}

/// The least, over these ranks, of the time up to which a rank is known to have recorded all its spikes, ms: that of its last one, or what
/// it noted itself.
///
/// # Errors
/// If a table cannot be read.
pub fn complete_until(out: &Path, ranks: impl Iterator<Item = usize>) -> Result<f64, RecordError> {
    let mut least = f64::INFINITY;
    for rank in ranks {
        let spikes = rank_folder(out, rank).join("spikes.parquet");
        let mut last = reached::read(&spikes)?;
        if spikes.exists() {
            let mut reader = SpikeReader::open(&spikes)?;
            while let Some(batch) = reader.next_batch()? {
                last = batch.time.last().map_or(last, |time| time.max(last));
            }
        }
        least = least.min(last);
    }
    Ok(if least.is_finite() { least } else { 0.0 })
}

/// Completes the tables of the ranks and makes `path` of them, unless it is there. The number of its rows; `None` if no rank has that table.
fn merge_table<T: MergeTable>(
    output: &OutputDir,
    path: &Path,
    table: &mut T,
    rows_per_group: NonZeroUsize,
) -> Result<Option<u64>, RecordError> {
    let mut parts = Vec::new();
    for folder in rank_folders(output.path())? {
        let part = folder.join(name_of(path));
        join::complete(&part)?;
        if part.is_file() {
            parts.push(part);
        }
    }
    if parts.is_empty() {
        return Ok(None);
    }
    let expected = parts.iter().map(|part| join::rows_of(part)).sum::<Result<u64, _>>()?;
    if path.is_file() {
        // A crash between the two: it is complete before it has this name.
        join::check_rows(path, path, expected)?;
        return Ok(Some(expected));
    }
    let file = merge(&parts, path, table, rows_per_group)?;
    join::check_rows(file.path(), path, expected)?;
    table.verify(file.path(), path)?;
    durable::publish(file, path, Existing::Refuse)?;
    Ok(Some(expected))
}

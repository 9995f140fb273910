//! Completes what a run left that was killed, or that could not complete it itself.

use crate::digest::Digest;
use crate::durable::{self, is_aside};
use crate::error::RecordError;
use crate::join;
use crate::manifest::{Manifest, Status};
use crate::output::{OutputDir, TABLES, name_of, unfinished_of_earlier_versions};
use crate::part::ROWS_PER_GROUP;
use crate::rank_folder::rank_folders;
use crate::ranks::{complete_until, merge_probes, merge_spikes};
use crate::reader::SpikeReader;
use std::fs;
use std::path::{Path, PathBuf};
use tauspike_spike::Spike;

/// Completes every recording in the output folder `dir` that a crash left behind; the table is in `join.rs`. Idempotent. A manifest that
/// still says `running` then says `interrupted`, with the time of the last recorded spike as the model time reached: all before it is
/// there, while of several spikes at that very time some may be missing. Returns the files that needed it.
///
/// # Errors
/// [`RecordError::Held`] if the run is going on; [`RecordError::Altered`] if a part or a table is not what was recorded; if a part, a
/// table or the manifest cannot be read, or the disk refuses. Nothing is lost then; it may be called again.
pub fn recover(dir: &Path) -> Result<Vec<PathBuf>, RecordError> {
    let output = OutputDir::of_run(dir)?;
    let mut recovered = Vec::new();
    let until = recover_ranks(&output, &mut recovered)?;
    for path in TABLES.map(|table| dir.join(table)) {
        if join::complete(&path)? {
            recovered.push(path);
        }
    }
    let mut manifest = read_manifest(&output)?;
    if let Some(manifest) = &mut manifest
        && end_manifest(manifest, &output, !recovered.is_empty(), until)?
    {
        recovered.push(output.manifest());
    }
    TABLES.iter().try_for_each(|table| check_table(&dir.join(table), manifest.as_ref()))?;
    output.remove_ranks()?;
    remove_unfinished(dir)?;
    Ok(recovered)
}

/// Makes the tables of the run of those of its ranks, if there were several; then gives the time, ms, up to which all of them are known to
/// have recorded everything.
fn recover_ranks(output: &OutputDir, recovered: &mut Vec<PathBuf>) -> Result<Option<f64>, RecordError> {
    let folders = rank_folders(output.path())?;
    if folders.is_empty() {
        return Ok(None);
    }
    let manifest = Manifest::read(&output.manifest())?;
    // held as long as the tables are made
    let _ranks: Vec<OutputDir> = folders.iter().map(|folder| OutputDir::of_run(folder)).collect::<Result<_, _>>()?;
    let populations = &manifest.populations;
    if merge_spikes(output, populations, ROWS_PER_GROUP)?.is_some() {
        recovered.push(output.spikes());
    }
    if merge_probes(output, populations, ROWS_PER_GROUP)?.is_some() {
        recovered.push(output.probes());
    }
    let busy = manifest.ranks.iter().filter(|entry| entry.neurons > 0).map(|entry| entry.rank);
    complete_until(output.path(), busy).map(Some)
}

/// `None` if there is none: a table may be recorded alone.
fn read_manifest(output: &OutputDir) -> Result<Option<Manifest>, RecordError> {
    let path = output.manifest();
    if path.exists() { Manifest::read(&path).map(Some) } else { Ok(None) }
}

/// Ends the manifest of a run that did not itself, from the spikes it left, `until` at most, ms. Whether it had to be.
fn end_manifest(
    manifest: &mut Manifest,
    output: &OutputDir,
    tables: bool,
    until: Option<f64>,
) -> Result<bool, RecordError> {
    let killed = manifest.status == Status::Running;
    if !killed && !tables {
        return Ok(false);
    }
    let mut last = 0.0;
    if output.spikes().exists() {
        let mut digest = Digest::new(manifest.populations.clone());
        let mut reader = SpikeReader::open(&output.spikes())?;
        while let Some(batch) = reader.next_batch()? {
            for (&time, &source) in batch.time.iter().zip(&batch.neuron) {
                digest.add(Spike { time, source })?;
            }
            last = batch.time.last().copied().unwrap_or(last);
        }
        manifest.note_spikes(&digest);
    }
    let complete = until.unwrap_or(last);
    match manifest.status {
        Status::Running => manifest.end(Status::Interrupted, complete),
        // before all rows were on disk
        Status::Failed => manifest.model_time_ms = manifest.model_time_ms.min(complete),
        Status::Finished | Status::Interrupted => {}
    }
    manifest.write(&output.manifest()).map(|()| true)
}

/// Whether a table can be read, and has as many rows as the manifest tells.
fn check_table(path: &Path, manifest: Option<&Manifest>) -> Result<(), RecordError> {
    let noted = manifest.and_then(|manifest| manifest.rows.get(&name_of(path))?.as_u64());
    match (path.exists(), noted) {
        (true, Some(rows)) => join::check_rows(path, path, rows),
        (true, None) => join::rows_of(path).map(drop),
        (false, Some(rows)) => Err(RecordError::altered(path, format!("is gone; {rows} rows were recorded in it"))),
        (false, None) => Ok(()),
    }
}

/// Removes files that were never finished: nothing in them is missing elsewhere, except the rows after the last finished row group.
fn remove_unfinished(dir: &Path) -> Result<(), RecordError> {
    for name in unfinished_of_earlier_versions() {
        durable::remove_file(&dir.join(name))?;
    }
    let list = |error| RecordError::io(dir, "list")(error);
    for entry in fs::read_dir(dir).map_err(list)? {
        let entry = entry.map_err(list)?;
        if is_aside(&entry.file_name().to_string_lossy()) {
            durable::remove_file(&entry.path())?;
        }
    }
    Ok(())
}

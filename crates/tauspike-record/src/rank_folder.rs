//! Where the processes of a run leave what they record: `out/ranks/rank=0`, `out/ranks/rank=1`, ..

use crate::error::RecordError;
use std::fs;
use std::path::{Path, PathBuf};

/// Name of the folder with those of the ranks.
pub(crate) const RANKS: &str = "ranks";
const PREFIX: &str = "rank=";
pub(crate) const SNAPSHOT: &str = "snapshot.bin";

/// The folder of a rank of the run that is recorded in `out`.
pub fn rank_folder(out: &Path, rank: usize) -> PathBuf {
    out.join(RANKS).join(format!("{PREFIX}{rank}"))
}

/// Where a rank saves its part of a snapshot, in its folder.
pub fn rank_snapshot(folder: &Path) -> PathBuf {
    folder.join(SNAPSHOT)
}

/// Which rank a folder belongs to, if its name is one of [`rank_folder`].
pub(crate) fn rank_of(folder: &Path) -> Option<usize> {
    let name = folder.file_name()?.to_str()?;
    let rank = name.strip_prefix(PREFIX)?.parse().ok()?;
    (format!("{PREFIX}{rank}") == name).then_some(rank)
}

/// The folders of all ranks, by rank; none if the run was that of one process.
pub(crate) fn rank_folders(out: &Path) -> Result<Vec<PathBuf>, RecordError> {
    let all = out.join(RANKS);
    if !all.is_dir() {
        return Ok(Vec::new());
    }
    let list = |error| RecordError::io(&all, "list")(error);
    let entries = fs::read_dir(&all).map_err(list)?.map(|entry| Ok(entry.map_err(list)?.path()));
    let mut folders: Vec<PathBuf> = entries.collect::<Result<_, RecordError>>()?;
    folders.retain(|folder| rank_of(folder).is_some());
    folders.sort_by_key(|folder| rank_of(folder));
    Ok(folders)
}

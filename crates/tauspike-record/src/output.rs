//! The output folder: one owner at a time, and never made over somebody else's files.

use crate::durable;
use crate::error::RecordError;
use crate::join::parts_aside;
use crate::ledger::{ledger_file, number_of};
use crate::lock::{LOCK, Lock, refuse_if_held};
use crate::manifest;
use crate::rank_folder::{RANKS, SNAPSHOT, rank_folders, rank_of};
use crate::reached::reached_file;
use std::fs;
use std::path::{Path, PathBuf};

const SPIKES: &str = "spikes.parquet";
const PROBES: &str = "probes.parquet";
const COUNTERS: &str = "counters.parquet";
const NEURONS: &str = "neurons.parquet";
const MANIFEST: &str = "manifest.json";

/// Names of the tables.
pub(crate) const TABLES: [&str; 3] = [SPIKES, PROBES, COUNTERS];

/// A folder for the files of one run, whose owner this is: as long as it lives, nobody else writes there. See the crate
/// documentation for what is in it.
///
/// Dropped before anything was written, it leaves the disk as it was.
#[derive(Debug)]
pub struct OutputDir {
    path: PathBuf,
    _lock: Lock,
}

impl OutputDir {
    /// Takes the folder for a run, and makes it if it is absent. What is in it stays until [`OutputDir::clear`]: long work that can
    /// fail belongs in between.
    ///
    /// A folder that holds an earlier output can be taken with `force` only. It counts as one if it has a manifest of tauspike and
    /// nothing but files of that run; an empty folder can always be taken.
    ///
    /// # Errors
    /// [`RecordError::Held`] if somebody has it, [`RecordError::Exists`] if `force` is needed, [`RecordError::Foreign`] if it is
    /// no folder or holds a file that is not ours (which is named); if it cannot be written.
    pub fn take(path: &Path, force: bool) -> Result<Self, RecordError> {
        // Asked twice: a folder that is refused is not even touched, and what changed before the lock was there is seen.
        check(path, force)?;
        let lock = Lock::take(path)?;
        check_free(path, force)?;
        Ok(Self { path: path.into(), _lock: lock })
    }

    /// [`OutputDir::take`] and [`OutputDir::clear`].
    ///
    /// # Errors
    /// Those of both.
    pub fn create(path: &Path, force: bool) -> Result<Self, RecordError> {
        let output = Self::take(path, force)?;
        output.clear()?;
        Ok(output)
    }

    /// Removes the earlier output: the files of that run, and nothing else. The manifest goes last: after a crash in between the
    /// folder is still known as ours.
    ///
    /// # Errors
    /// If a file of somebody else has come into the folder; nothing is removed then. If a file cannot be removed.
    pub fn clear(&self) -> Result<(), RecordError> {
        let ours = ours(&self.path)?;
        self.remove_ranks()?;
        ours.iter().filter(|path| !path.ends_with(LOCK) && !path.ends_with(RANKS)).try_for_each(|path| remove(path))
    }

    /// Removes what the ranks of a run recorded, and nothing else: once it is in the tables of the run, or with them.
    ///
    /// # Errors
    /// [`RecordError::Held`] if a rank is still writing; if there is something else, or it cannot be removed.
    pub fn remove_ranks(&self) -> Result<(), RecordError> {
        let folders = rank_folders(&self.path)?;
        folders.iter().try_for_each(|folder| refuse_if_held(folder).and_then(|()| check_rank(&self.path, folder)))?;
        for folder in folders {
            entries(&folder)?.iter().try_for_each(|path| remove(path))?;
            fs::remove_dir(&folder).map_err(RecordError::io(&folder, "remove"))?;
        }
        let all = self.path.join(RANKS);
        if all.is_dir() { fs::remove_dir(&all).map_err(RecordError::io(&all, "remove")) } else { Ok(()) }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where spikes go.
    pub fn spikes(&self) -> PathBuf {
        self.path.join(SPIKES)
    }

    /// Where membrane probes go.
    pub fn probes(&self) -> PathBuf {
        self.path.join(PROBES)
    }

    /// Where counters per interval go.
    pub fn counters(&self) -> PathBuf {
        self.path.join(COUNTERS)
    }

    /// Where the realised parameters go. Unlike the other tables it is written at once.
    pub fn neurons(&self) -> PathBuf {
        self.path.join(NEURONS)
    }

    /// Where the manifest goes.
    pub fn manifest(&self) -> PathBuf {
        self.path.join(MANIFEST)
    }

    /// Whether a file of that name would be one of those that tauspike itself keeps in the folder.
    pub fn reserves(&self, name: &str) -> bool {
        file_names().iter().chain(&folder_names()).any(|ours| ours == name) || durable::is_aside(name)
    }

    /// Takes the folder of a run that has ended, as it is.
    pub(crate) fn of_run(path: &Path) -> Result<Self, RecordError> {
        Ok(Self { path: path.into(), _lock: Lock::take(path)? })
    }
}

/// Whether a new output may take this place.
fn check(path: &Path, force: bool) -> Result<(), RecordError> {
    if path.symlink_metadata().is_err() {
        return Ok(());
    }
    refuse_if_held(path)?;
    if !path.is_dir() {
        return Err(foreign(path, "it is not a folder"));
    }
    check_free(path, force)
}

fn check_free(path: &Path, force: bool) -> Result<(), RecordError> {
    let unused = |path: &PathBuf| path.ends_with(LOCK) || durable::is_aside(&name_of(path));
    if !force && !entries(path)?.iter().all(unused) {
        return Err(RecordError::Exists { path: path.into() });
    }
    ours(path).map(drop)
}

/// What is in the folder, all of it ours, the manifest last.
fn ours(folder: &Path) -> Result<Vec<PathBuf>, RecordError> {
    let manifest = folder.join(MANIFEST);
    let of_run = manifest::files_of_run(&manifest);
    let mut ours = entries(folder)?;
    for path in &ours {
        let name = name_of(path);
        check_ours(folder, path, of_run.as_deref().unwrap_or_default())?;
        if of_run.is_none() && !name.starts_with('.') {
            return Err(foreign(folder, not_of_a_run(&manifest, &name)));
        }
    }
    ours.sort_by_key(|path| *path == manifest);
    Ok(ours)
}

/// Why nobody can tell whether the file `name` may be removed.
fn not_of_a_run(manifest: &Path, name: &str) -> String {
    match manifest::why_unreadable(manifest) {
        Some(reason) => {
            format!("its {MANIFEST} cannot be read ({reason}), which would tell which files are those of the run")
        }
        None => format!("it holds {name}, but no {MANIFEST} of tauspike beside it"),
    }
}

/// The folder of the run that the file `path` belongs to, if it is there and lies in one.
pub fn run_with(path: &Path) -> Option<PathBuf> {
    let path = path.canonicalize().ok()?;
    let folder = path.ancestors().skip(1).find(|folder| manifest::files_of_run(&folder.join(MANIFEST)).is_some());
    folder.map(Path::to_path_buf)
}

fn check_ours(folder: &Path, path: &Path, of_run: &[String]) -> Result<(), RecordError> {
    let name = name_of(path);
    if !is_folder(path) {
        return match file_names().contains(&name) || of_run.contains(&name) || durable::is_aside(&name) {
            true => Ok(()),
            false => Err(foreign(folder, format!("it holds {name}, which is not a file of that run"))),
        };
    }
    if name == RANKS {
        return entries(path)?.iter().try_for_each(|of_rank| check_rank(folder, of_rank));
    }
    if !folder_names().contains(&name) {
        return Err(foreign(folder, format!("it holds the folder {name}, which is not one of that run")));
    }
    match entries(path)?.iter().find(|part| number_of(part).is_none() || is_folder(part)) {
        Some(other) => {
            Err(foreign(folder, format!("it holds {name}/{}, which is not a file of that run", name_of(other))))
        }
        None => Ok(()),
    }
}

/// Whether all in the folder of a rank is ours.
fn check_rank(folder: &Path, of_rank: &Path) -> Result<(), RecordError> {
    if rank_of(of_rank).is_none() || !is_folder(of_rank) {
        return Err(foreign(folder, format!("it holds {RANKS}/{}, which is not one of that run", name_of(of_rank))));
    }
    entries(of_rank)?.iter().try_for_each(|path| check_ours(of_rank, path, &[SNAPSHOT.into()]))
}

fn foreign(folder: &Path, reason: impl Into<String>) -> RecordError {
    RecordError::Foreign { path: folder.into(), reason: reason.into() }
}

/// A file of ours, or a folder of parts.
fn remove(path: &Path) -> Result<(), RecordError> {
    if is_folder(path) { remove_parts(path) } else { durable::remove_file(path) }
}

fn remove_parts(folder: &Path) -> Result<(), RecordError> {
    entries(folder)?.iter().try_for_each(|part| durable::remove_file(part))?;
    fs::remove_dir(folder).map_err(RecordError::io(folder, "remove"))
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, RecordError> {
    let list = |error| RecordError::io(folder, "list")(error);
    fs::read_dir(folder).map_err(list)?.map(|entry| Ok(entry.map_err(list)?.path())).collect()
}

pub(crate) fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn file_names() -> Vec<String> {
    let of_table = |table: &&str| {
        let path = Path::new(table);
        [table.to_string(), name_of(&ledger_file(path)), name_of(&reached_file(path))]
    };
    let mut names: Vec<String> = TABLES.iter().flat_map(of_table).collect();
    names.extend([NEURONS.into(), MANIFEST.into(), LOCK.into()]);
    names.extend(unfinished_of_earlier_versions());
    names
}

/// Unfinished files with fixed names, as versions before [`durable::aside`] could leave them.
pub(crate) fn unfinished_of_earlier_versions() -> Vec<String> {
    let of_table = |table: &&str| [format!(".{table}.part.tmp"), format!(".{table}.merged.tmp")];
    TABLES.iter().flat_map(of_table).chain([format!(".{MANIFEST}.tmp")]).collect()
}

fn folder_names() -> Vec<String> {
    TABLES.iter().flat_map(|table| [table.to_string(), name_of(&parts_aside(Path::new(table)))]).collect()
}

/// A symbolic link is not followed: removing it removes the link alone.
fn is_folder(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|metadata| metadata.is_dir())
}

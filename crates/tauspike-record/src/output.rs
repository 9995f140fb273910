//! The output folder: made once, never over somebody else's files.

use crate::{RecordError, durable, manifest, merge};
use std::fs;
use std::path::{Path, PathBuf};

const SPIKES: &str = "spikes.parquet";
const PROBES: &str = "probes.parquet";
const COUNTERS: &str = "counters.parquet";
const MANIFEST: &str = "manifest.json";

/// Names of the tables.
pub(crate) const TABLES: [&str; 3] = [SPIKES, PROBES, COUNTERS];

/// A folder for the files of one run. See the crate documentation for what is in it.
#[derive(Clone, Debug)]
pub struct OutputDir {
    path: PathBuf,
}

impl OutputDir {
    /// Whether [`OutputDir::create`] would succeed; makes and removes nothing. Asked before long work, so that a place that is
    /// taken or read-only is refused then, and what is there already stays until there is something to replace it.
    ///
    /// # Errors
    /// Those of [`OutputDir::create`].
    pub fn check(path: &Path, force: bool) -> Result<(), RecordError> {
        let output = Self { path: path.into() };
        if path.symlink_metadata().is_err() {
            return check_writable(path);
        }
        output.check_replaceable(force)?;
        check_writable(path)
    }

    /// Makes the folder, and its parents. With `force` an existing output of tauspike is emptied first; a folder counts as
    /// one if it is empty, or holds a manifest of tauspike and nothing but our files.
    ///
    /// # Errors
    /// If `path` exists and `force` is not given; if it is a file; if it holds a file that is not ours (which is named, and
    /// nothing is removed); if it cannot be written.
    pub fn create(path: &Path, force: bool) -> Result<Self, RecordError> {
        Self::check(path, force)?;
        let output = Self { path: path.into() };
        if path.is_dir() {
            output.empty()?;
        }
        fs::create_dir_all(path).map_err(RecordError::io(path, "create"))?;
        Ok(output)
    }

    /// A folder that is there already.
    pub(crate) fn at(path: &Path) -> Self {
        Self { path: path.into() }
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

    /// Where the manifest goes.
    pub fn manifest(&self) -> PathBuf {
        self.path.join(MANIFEST)
    }

    fn foreign(&self, reason: String) -> RecordError {
        RecordError::Foreign { path: self.path.clone(), reason }
    }

    fn check_replaceable(&self, force: bool) -> Result<(), RecordError> {
        if !self.path.is_dir() {
            return Err(self.foreign("it is not a folder".into()));
        }
        if !force {
            return Err(RecordError::Exists { path: self.path.clone() });
        }
        self.ours().map(|_| ())
    }

    /// What is in the folder, all of it ours, the manifest last.
    fn ours(&self) -> Result<Vec<PathBuf>, RecordError> {
        let mut ours = Vec::new();
        let list = |error| RecordError::io(&self.path, "list")(error);
        for entry in fs::read_dir(&self.path).map_err(list)? {
            let path = entry.map_err(list)?.path();
            self.check_ours(&path)?;
            ours.push(path);
        }
        let manifest = self.manifest();
        let visible = |path: &&PathBuf| !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if let Some(file) = ours.iter().find(visible)
            && !manifest::is_ours(&manifest)
        {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            return Err(self.foreign(format!("it holds {name}, but no {MANIFEST} of tauspike beside it")));
        }
        ours.sort_by_key(|path| *path == manifest);
        Ok(ours)
    }

    /// Checks everything before it removes anything. The manifest goes last: after a crash in between the folder is still known
    /// as ours.
    fn empty(&self) -> Result<(), RecordError> {
        for path in self.ours()? {
            if is_folder(&path) { merge::remove_parts(&path)? } else { durable::remove_file(&path)? }
        }
        Ok(())
    }

    fn check_ours(&self, path: &Path) -> Result<(), RecordError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let folder = is_folder(path);
        let ours = if folder { folder_names() } else { file_names() };
        if !ours.contains(&name) {
            return Err(self.foreign(format!("it holds {name}, which is not a file of tauspike")));
        }
        if !folder {
            return Ok(());
        }
        let list = |error| RecordError::io(path, "list")(error);
        for entry in fs::read_dir(path).map_err(list)? {
            let part = entry.map_err(list)?.path();
            if !merge::is_part(&part) || is_folder(&part) {
                let part = part.file_name().unwrap_or_default().to_string_lossy().into_owned();
                return Err(self.foreign(format!("it holds {name}/{part}, which is not a file of tauspike")));
            }
        }
        Ok(())
    }
}

/// Tries to write into `path`, or into the nearest folder above it that exists.
fn check_writable(path: &Path) -> Result<(), RecordError> {
    let here = Path::new(".");
    let above = path.ancestors().map(|folder| if folder.as_os_str().is_empty() { here } else { folder });
    let folder = above.into_iter().find(|folder| folder.symlink_metadata().is_ok()).unwrap_or(here);
    let trial = durable::beside(&folder.join(MANIFEST), ".tmp");
    fs::write(&trial, b"").map_err(RecordError::io(path, "write into"))?;
    durable::remove_file(&trial)
}

fn file_names() -> Vec<String> {
    let mut names = vec![MANIFEST.to_string(), format!(".{MANIFEST}.tmp")];
    for table in TABLES {
        names.extend([table.into(), format!(".{table}{}", merge::PART_SUFFIX)]);
        names.push(format!(".{table}{}", merge::MERGED_SUFFIX));
    }
    names
}

fn folder_names() -> Vec<String> {
    TABLES.iter().flat_map(|table| [table.to_string(), format!(".{table}{}", merge::PARTS_SUFFIX)]).collect()
}

/// A symbolic link is not followed: removing it removes the link alone.
fn is_folder(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|metadata| metadata.is_dir())
}

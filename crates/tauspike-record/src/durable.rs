//! Files that are written whole or not at all: under a name nobody else has, synced, and only then given their own name.
//!
//! A file of somebody else is never touched on the way: the first name is drawn until it is free, and whether the last one may be
//! taken from a file that is there is for the caller to say.

use crate::error::RecordError;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

const ASIDE_PREFIX: &str = ".tauspike-";
const ASIDE_SUFFIX: &str = ".tmp";

/// Whether a file of that name at the end of the way may be replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Existing {
    Replace,
    Refuse,
}

/// Makes the file `path`, or gives it new content. A reader sees the old content or the new, never half of it. What a symbolic link
/// leads to is replaced, not the link. For files in a folder of one's own; for those that a user names see [`crate::write_file`].
///
/// # Errors
/// If `path` is not the name of a file, or its folder is absent or cannot be written; if the disk is full.
pub fn write_atomic(path: &Path, content: &[u8]) -> Result<(), RecordError> {
    write(path, content, Existing::Replace)
}

pub(crate) fn write(path: &Path, content: &[u8], existing: Existing) -> Result<(), RecordError> {
    let target = target(path)?;
    let mut file = aside(&target)?;
    file.write_all(content).map_err(RecordError::io(path, "write"))?;
    publish(file, &target, existing)
}

/// A file in the folder of `path`, hidden and under a name of its own. Dropped, it is gone.
pub(crate) fn aside(path: &Path) -> Result<NamedTempFile, RecordError> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(ASIDE_PREFIX).suffix(ASIDE_SUFFIX);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666)); // less the umask, as for any other file
    builder.tempfile_in(folder_of(path)).map_err(RecordError::io(path, "write"))
}

/// Whether the name is one that [`aside`] gives.
pub(crate) fn is_aside(name: &str) -> bool {
    name.strip_prefix(ASIDE_PREFIX).is_some_and(|rest| rest.ends_with(ASIDE_SUFFIX))
}

/// Gives a finished file its name, so that it survives power loss. If that fails, the file stays where it is: its rows may be
/// nowhere else.
pub(crate) fn publish(file: NamedTempFile, to: &Path, existing: Existing) -> Result<(), RecordError> {
    file.as_file().sync_all().map_err(RecordError::io(to, "write"))?;
    let placed = match existing {
        Existing::Replace => file.persist(to),
        Existing::Refuse => file.persist_noclobber(to),
    };
    placed.map_err(|refused| {
        let _ = refused.file.keep();
        match refused.error.kind() {
            ErrorKind::AlreadyExists => RecordError::Exists { path: to.into() },
            _ => RecordError::io(to, "move a finished file to")(refused.error),
        }
    })?;
    sync_folder(folder_of(to))
}

/// Renames, and makes the new name survive power loss.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<(), RecordError> {
    fs::rename(from, to).map_err(RecordError::io(to, "move a finished file to"))?;
    sync_folder(folder_of(to))?;
    sync_folder(folder_of(from))
}

pub(crate) fn sync_folder(folder: &Path) -> Result<(), RecordError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(RecordError::io(folder, "sync"))
}

/// Removes a file that may be absent.
pub(crate) fn remove_file(path: &Path) -> Result<(), RecordError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(RecordError::io(path, "remove")(error)),
        _ => Ok(()),
    }
}

/// `.<name of path><suffix>` in the folder of `path`: hidden, so that no reader of the folder takes it for data.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}{suffix}"))
}

/// The folder a file is in; `.` for a bare name.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The file that `path` names: what a symbolic link leads to. Refuses what is no file.
pub(crate) fn target(path: &Path) -> Result<PathBuf, RecordError> {
    let refuse = |found: &'static str| Err(RecordError::NotAFile { path: path.into(), found });
    let Ok(there) = path.symlink_metadata() else {
        return if path.file_name().is_some() { Ok(path.into()) } else { refuse("no name") };
    };
    let Ok(target) = path.canonicalize() else { return refuse("a symbolic link that leads nowhere") };
    match target.metadata() {
        Ok(file) if file.is_file() => Ok(if there.is_symlink() { target } else { path.into() }),
        Ok(folder) if folder.is_dir() => refuse("a folder"),
        _ => refuse("neither a file nor a folder"),
    }
}

//! File operations that are complete or have not happened, also after power loss: write aside, sync, rename, sync the folder.

use crate::RecordError;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// `.<name of path><suffix>` in the folder of `path`: hidden, so that no reader of the folder takes it for data.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}{suffix}"))
}

/// Renames, and makes the new name survive power loss.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<(), RecordError> {
    fs::rename(from, to).map_err(RecordError::io(to, "move a finished file to"))?;
    sync_folder(to)?;
    sync_folder(from)
}

fn sync_folder(path: &Path) -> Result<(), RecordError> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(RecordError::io(folder, "sync"))
}

/// Replaces the content of `path`; a reader sees the old content or the new, never half of it.
pub fn write_atomic(path: &Path, content: &[u8]) -> Result<(), RecordError> {
    let aside = beside(path, ".tmp");
    let written = File::create(&aside).and_then(|mut file| {
        file.write_all(content)?;
        file.sync_all()
    });
    written.map_err(RecordError::io(path, "write"))?;
    rename(&aside, path)
}

/// Removes a file that may be absent.
pub(crate) fn remove_file(path: &Path) -> Result<(), RecordError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(RecordError::io(path, "remove")(error)),
        _ => Ok(()),
    }
}

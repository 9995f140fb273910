//! Single files of results, wherever the user wants them: snapshots, tables, pictures.

use crate::durable::{self, Existing};
use crate::error::RecordError;
use crate::lock;
use std::path::Path;

/// Whether [`write_file`] would succeed, as far as can be told; makes and removes nothing. Asked before long work.
///
/// # Errors
/// If `path` is there and `replace` is false; if it is not the name of a file (a folder, a device, a symbolic link that leads
/// nowhere); if its folder is absent, cannot be written, or belongs to a run that is going on.
pub fn check_file(path: &Path, replace: bool) -> Result<(), RecordError> {
    let target = durable::target(path)?;
    if !replace && target.exists() {
        return Err(RecordError::Exists { path: path.into() });
    }
    lock::refuse_if_held(durable::folder_of(&target))?;
    durable::aside(&target).map(drop)
}

/// Makes the file `path`, or with `replace` gives it new content. A reader sees the old content or the new, never half of it. What
/// a symbolic link leads to is replaced, not the link.
///
/// # Errors
/// Those of [`check_file`]; if the disk is full.
pub fn write_file(path: &Path, content: &[u8], replace: bool) -> Result<(), RecordError> {
    check_file(path, replace)?;
    durable::write(path, content, if replace { Existing::Replace } else { Existing::Refuse })
}

#[cfg(test)]
mod tests;

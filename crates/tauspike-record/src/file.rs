//! Single files of results, wherever the user wants them: snapshots, tables, pictures.

use crate::durable::{self, Existing};
use crate::error::RecordError;
use crate::lock;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

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

/// A file in the making, for what is too large to be held in memory: it gets its name when it is [finished](NewFile::finish). Dropped
/// before, it is gone.
#[derive(Debug)]
pub struct NewFile {
    file: NamedTempFile,
    target: PathBuf,
    existing: Existing,
}

impl NewFile {
    /// Begins the file `path`, or with `replace` its new content.
    ///
    /// # Errors
    /// Those of [`check_file`].
    pub fn create(path: &Path, replace: bool) -> Result<Self, RecordError> {
        check_file(path, replace)?;
        let target = durable::target(path)?;
        let file = durable::aside(&target)?;
        Ok(Self { file, target, existing: if replace { Existing::Replace } else { Existing::Refuse } })
    }

    /// Gives the file its name.
    ///
    /// # Errors
    /// If a file of that name has come into being that is not to be replaced; if the disk is full.
    pub fn finish(self) -> Result<(), RecordError> {
        durable::publish(self.file, &self.target, self.existing)
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Seek for NewFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

#[cfg(test)]
mod tests;

//! An output folder has one owner at a time.
//!
//! The owner holds a lock of the operating system on the file `.tauspike.lock` in the folder. It dies with the process, also by a kill -9,
//! so a lock file that is left over keeps nobody out. The file says who holds it, for the message to the others. It is removed when
//! the owner is done; whoever waited for the removed file sees that it is not the one in the folder any more, and begins anew.
//!
//! Somebody may remove the file while the owner lives. So the folder itself is locked too, where the file system can do that (NFS
//! cannot, which is why the file is there).

use crate::durable::remove_file;
use crate::error::RecordError;
use crate::manifest::hostname;
use crate::utc::rfc3339;
use same_file::Handle;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, SystemTime};

/// The file that the owner of a folder holds locked.
pub(crate) const LOCK: &str = ".tauspike.lock";

/// A reader that asks [`holder`] keeps the file for an instant, and a new owner needs one to write who it is.
const TRIES: u32 = 20;
const BETWEEN: Duration = Duration::from_millis(10);

/// Ownership of a folder, until it is dropped.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    file: Handle,
    _folder: Option<File>,
    /// Folders that were made for it, the innermost first. Those still empty in the end are removed.
    made: Vec<PathBuf>,
}

impl Lock {
    /// Makes the folder if need be, and takes it.
    ///
    /// # Errors
    /// [`RecordError::Held`] if another process, or this one elsewhere, has it; [`RecordError::Io`] if it cannot be made or
    /// written, or its file system has no locks.
    pub fn take(folder: &Path) -> Result<Self, RecordError> {
        let path = folder.join(LOCK);
        let mut made = Vec::new();
        for attempt in 0..TRIES {
            if attempt > 0 {
                sleep(BETWEEN);
            }
            made.extend(make(folder)?);
            if let Some(file) = try_take(&path)? {
                let mut lock = Self { path: path.clone(), file, _folder: None, made: std::mem::take(&mut made) };
                if lock.take_folder(folder) {
                    lock.sign()?;
                    return Ok(lock);
                }
            }
        }
        Err(RecordError::Held { path: folder.into(), holder: read(&path) })
    }

    /// Whether nobody else has the folder, as far as its file system can tell.
    fn take_folder(&mut self, folder: &Path) -> bool {
        let Ok(file) = File::open(folder) else { return true };
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => return false,
            Err(TryLockError::Error(_)) => {}
            Ok(()) => self._folder = Some(file),
        }
        true
    }

    fn sign(&mut self) -> Result<(), RecordError> {
        let file = self.file.as_file_mut();
        let text = format!("{}\n", this_process());
        file.set_len(0).and_then(|()| file.write_all(text.as_bytes())).map_err(RecordError::io(&self.path, "write"))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Nobody is left to tell; a file that stays keeps nobody out.
        if Handle::from_path(&self.path).is_ok_and(|there| there == self.file) {
            let _ = remove_file(&self.path);
        }
        let _emptied = self.made.iter().take_while(|folder| fs::remove_dir(folder).is_ok()).count();
    }
}

/// The file, if it is free and still the one in the folder once it is locked.
fn try_take(path: &Path) -> Result<Option<Handle>, RecordError> {
    let io = |error| RecordError::io(path, "lock")(error);
    if path.symlink_metadata().is_ok_and(|there| !there.is_file()) {
        return Err(RecordError::NotAFile { path: path.into(), found: "no file" });
    }
    let file = match OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        opened => opened.map_err(io)?,
    };
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => return Ok(None),
        Err(TryLockError::Error(error)) => return Err(io(error)),
        Ok(()) => {}
    }
    let file = Handle::from_file(file).map_err(io)?;
    Ok(Handle::from_path(path).is_ok_and(|there| there == file).then_some(file))
}

/// Who is writing into this folder now; `None` if nobody is.
pub fn holder(folder: &Path) -> Option<String> {
    let path = folder.join(LOCK);
    let file = File::open(&path).ok()?;
    matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)).then(|| read(&path))
}

/// Whether nobody is writing into this folder now.
///
/// # Errors
/// [`RecordError::Held`] if somebody is.
pub fn refuse_if_held(folder: &Path) -> Result<(), RecordError> {
    match holder(folder) {
        Some(holder) => Err(RecordError::Held { path: folder.into(), holder }),
        None => Ok(()),
    }
}

fn read(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    let text = text.trim();
    if text.is_empty() { "another process".into() } else { text.into() }
}

#[allow(clippy::disallowed_methods, reason = "the time is told, and decides nothing")]
fn this_process() -> String {
    const LONGEST: usize = 300;
    let host = hostname();
    let host = if host.is_empty() { String::new() } else { format!(" on {host}") };
    let words = std::env::args_os().map(|word| word.to_string_lossy().into_owned());
    let command: String =
        words.collect::<Vec<_>>().join(" ").chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    format!("process {}{host} since {} ({command})", std::process::id(), rfc3339(SystemTime::now()))
}

/// Makes the folder and those above it; gives those that were not there, the innermost first.
fn make(folder: &Path) -> Result<Vec<PathBuf>, RecordError> {
    let absent = |path: &&Path| !path.as_os_str().is_empty() && path.symlink_metadata().is_err();
    let missing: Vec<&Path> = folder.ancestors().take_while(absent).collect();
    let mut made: Vec<PathBuf> = Vec::new();
    for path in missing.into_iter().rev() {
        match fs::create_dir(path) {
            Ok(()) => made.insert(0, path.into()),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => {
                made.iter().for_each(|path| drop(fs::remove_dir(path)));
                return Err(RecordError::io(folder, "create")(error));
            }
        }
    }
    Ok(made)
}

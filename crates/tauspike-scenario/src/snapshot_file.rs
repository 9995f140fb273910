//! The file that `--save-snapshot` names: it is known to be writable before the run, and nobody else's file is replaced.

use crate::error::ScenarioError;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use tauspike_engine::{Simulation, is_snapshot};
use tauspike_record::{OutputDir, RecordError, check_file, write_atomic, write_file};

type Result<T> = std::result::Result<T, ScenarioError>;

/// A place for a snapshot.
pub(crate) struct SnapshotFile<'a> {
    pub path: &'a Path,
    replace: bool,
    /// Its name, if it is in the output folder: it belongs to the output then, and is replaced with it.
    pub name_in_output: Option<String>,
}

impl<'a> SnapshotFile<'a> {
    /// A snapshot is written after the last spike: that it cannot be must not come out then.
    ///
    /// # Errors
    /// If there is such a file and `replace` is false, or it is no snapshot; if it cannot be written; if the output folder keeps
    /// that name for something else.
    pub fn check(path: &'a Path, replace: bool, output: &OutputDir) -> Result<Self> {
        let name_in_output = name_in(output, path);
        match &name_in_output {
            Some(name) if output.reserves(name) => {
                let reason = format!("{name} is the name of another file there; a snapshot needs its own");
                return Err(RecordError::Foreign { path: path.into(), reason }.into());
            }
            Some(_) => {}
            None => {
                check_file(path, replace)?;
                if path.exists() && !begins_as_snapshot(path) {
                    let reason = "it is not a snapshot of tauspike".into();
                    return Err(RecordError::Foreign { path: path.into(), reason }.into());
                }
            }
        }
        Ok(Self { path, replace, name_in_output })
    }

    /// Writes the state of a simulation.
    ///
    /// # Errors
    /// If the simulation cannot go on, so that its state is of no use; if the disk refuses.
    pub fn write(&self, simulation: &Simulation) -> Result<()> {
        let refused = |source| ScenarioError::snapshot(self.path, source);
        self.write_bytes(&simulation.save().map_err(refused)?)
    }

    /// Writes a saved state.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn write_bytes(&self, bytes: &[u8]) -> Result<()> {
        match self.name_in_output {
            Some(_) => write_atomic(self.path, bytes)?,
            None => write_file(self.path, bytes, self.replace)?,
        }
        Ok(())
    }
}

/// Refuses to go on from a snapshot that replacing the output would remove.
pub(crate) fn check_parent(path: &Path, output: &OutputDir) -> Result<()> {
    match name_in(output, path) {
        Some(name) => {
            let reason = format!("it holds {name}, from which this run goes on");
            Err(RecordError::Foreign { path: output.path().into(), reason }.into())
        }
        None => Ok(()),
    }
}

/// The name of the file, if it is in the output folder itself.
fn name_in(output: &OutputDir, path: &Path) -> Option<String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let inside = folder.canonicalize().ok()? == output.path().canonicalize().ok()?;
    inside.then(|| path.file_name().map(|name| name.to_string_lossy().into_owned()))?
}

fn begins_as_snapshot(path: &Path) -> bool {
    let mut head = Vec::new();
    File::open(path).and_then(|file| file.take(64).read_to_end(&mut head)).is_ok_and(|_| is_snapshot(&head))
}

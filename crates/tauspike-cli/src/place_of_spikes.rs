//! Where the spikes are that a user names by the folder of a run; or why there are none.

use crate::failure::Failure;
use std::path::{Path, PathBuf};
use tauspike_record::{Manifest, Status, holder};
use tauspike_scenario::scenario::tree_of;
use tauspike_scenario::section::Section;

const SPIKES: &str = "spikes.parquet";

/// The spikes in the folder of a run; a folder of parts, or any file, as it is.
///
/// # Errors
/// If it is a folder without spikes: why there are none.
pub fn spikes_of(path: &Path) -> Result<PathBuf, Failure> {
    let inside = path.join(SPIKES);
    let spikes = if inside.exists() { inside } else { path.to_owned() };
    if spikes == path && path.is_dir() && !path.join("part-00000.parquet").exists() {
        return Err(Failure::output(format!("{}: {}", path.display(), why_none(path)?)));
    }
    Ok(spikes)
}

/// Says on standard error if what is read is a part: of a run that goes on, was killed, or could not complete its tables.
///
/// # Errors
/// If the manifest beside the spikes cannot be read.
pub fn tell_if_a_part(spikes: &Path) -> Result<(), Failure> {
    let folder = spikes.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (file, there) = (spikes.display(), folder.display());
    if let Some(holder) = holder(folder) {
        eprintln!("note: {file} is being written by {holder}; what is there so far is read");
    } else if spikes.is_dir() {
        let manifest = folder.join("manifest.json");
        let failed = manifest.is_file() && Manifest::read(&manifest)?.status == Status::Failed;
        let what = if failed { "failed" } else { "was killed" };
        eprintln!("note: the run that wrote {file} {what}; `tauspike recover {there}` completes what it left");
    }
    Ok(())
}

/// Why a folder holds no spikes.
fn why_none(folder: &Path) -> Result<String, Failure> {
    let there = folder.display();
    let path = folder.join("manifest.json");
    if !path.is_file() {
        return Ok(match is_split(folder) {
            true => "this is what `tauspike split` made of a recording; allowed: the recording itself".to_owned(),
            false => "holds no recording: neither spikes.parquet nor manifest.json is in it".to_owned(),
        });
    }
    let manifest = Manifest::read(&path)?;
    if let Some(holder) = holder(folder) {
        return Ok(format!("is being written by {holder}, and there are no spikes in it so far"));
    }
    if folder.join("ranks").is_dir() {
        return Ok(format!(
            "its spikes are in ranks/*/{SPIKES}, as its processes left them; `tauspike recover {there}` makes one table of them"
        ));
    }
    if manifest.rows.contains_key(SPIKES) {
        return Ok(format!("{SPIKES} is gone, which the run recorded"));
    }
    if is_told_to_keep_none(&manifest) {
        return Ok("the run recorded no spikes: its scenario says record.spikes = false".to_owned());
    }
    Ok(match (manifest.status, manifest.error) {
        (Status::Running, _) => {
            format!("the run was killed and left no spikes; `tauspike recover {there}` ends its manifest")
        }
        (_, Some(error)) => format!("the run failed and left no spikes: {error}"),
        _ => "there are no spikes in it".to_owned(),
    })
}

/// What the scenario of the run says.
fn is_told_to_keep_none(manifest: &Manifest) -> bool {
    let Ok(tree) = tree_of(&manifest.scenario.text, "the scenario in the manifest", &[]) else { return false };
    let record = Section::whole("", &tree).get("record").and_then(|record| record.table(".").ok());
    record.and_then(|record| record.get("spikes")?.flag().ok()) == Some(false)
}

fn is_split(folder: &Path) -> bool {
    let names = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.file_name());
    names.into_iter().any(|name| name.to_string_lossy().starts_with("population="))
}

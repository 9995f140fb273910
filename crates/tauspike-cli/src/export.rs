//! `export`: the synapses of a scenario, and the parameters its neurons came out with, as tables and matrices.

use crate::args::ExportArgs;
use crate::failure::Failure;
use crate::output;
use serde::Serialize;
use std::path::{Path, PathBuf};
use tauspike_record::{RecordError, run_with};
use tauspike_scenario::export::Export;
use tauspike_scenario::scenario::tree_of;
use tauspike_scenario::section::Section;
use tauspike_scenario::{Scenario, data_files, load};

#[derive(Serialize)]
struct Report {
    scenario: String,
    seed: u64,
    outputs: Vec<PathBuf>,
}

/// # Errors
/// If the scenario is refused; if a file exists, is needed elsewhere, or cannot be written.
pub fn export(args: &ExportArgs) -> Result<(), Failure> {
    let scenario = load(&args.scenario.scenario, &args.scenario.overrides())?;
    for path in [&args.connectivity, &args.parameters].into_iter().flatten() {
        refuse_what_is_needed(path, &scenario)?;
    }
    let export = Export {
        connectivity: args.connectivity.as_deref(),
        projections: &args.projection,
        parameters: args.parameters.as_deref(),
        replace: args.force,
        threads: args.threads.count(),
    };
    let outputs = tauspike_scenario::export::export(&scenario, export)?;
    if args.scenario.json {
        return output::print_json(&Report { scenario: scenario.name().to_owned(), seed: scenario.seed(), outputs });
    }
    output::print(&outputs.iter().map(|path| format!("wrote   {}\n", path.display())).collect::<String>())
}

/// Not even with `--force` does a table take the place of what the scenario is made of, or of what a run recorded.
fn refuse_what_is_needed(path: &Path, scenario: &Scenario) -> Result<(), Failure> {
    let tree = tree_of(scenario.text(), scenario.file(), &[])?;
    let mut read = data_files(&Section::whole(scenario.file(), &tree));
    read.push(PathBuf::from(scenario.file()));
    for file in written(path) {
        if read.iter().any(|read| is_same(read, &file)) {
            let reason = format!("{} reads it", scenario.file());
            return Err(RecordError::Foreign { path: file, reason }.into());
        }
        if let Some(run) = run_with(&file) {
            let reason = format!("it is with the recording of a run, in {}", run.display());
            return Err(RecordError::Foreign { path: file, reason }.into());
        }
    }
    Ok(())
}

/// The files that are there and may be written for `path`: of NPZ, one for each projection or population, named after it.
fn written(path: &Path) -> Vec<PathBuf> {
    let mut files = vec![path.to_owned()];
    let stem = format!("{}.", path.file_stem().unwrap_or_default().to_string_lossy());
    if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("npz")) {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let there = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        let name = |file: &Path| file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        files.extend(there.filter(|file| name(file).starts_with(&stem) && name(file).ends_with(".npz")));
    }
    files.retain(|file| file.exists());
    files
}

fn is_same(a: &Path, b: &Path) -> bool {
    a.canonicalize().is_ok_and(|a| b.canonicalize().is_ok_and(|b| a == b))
}

//! States and targets of one network as NPY files, so that anything else can compute its scores.

use crate::cell::Cell;
use crate::error::StudyError;
use crate::measure::trial;
use crate::plan::Planned;
use crate::spec::Study;
use npyz::WriterBuilder;
use serde_json::json;
use std::fs;
use std::path::Path;
use tauspike_record::{RecordError, write_atomic};
use tauspike_task::readout::MatRef;

/// What was exported.
const SUMMARY: &str = "export.json";

/// Writes, for every stimulus k, `states_k.npy` (samples x neurons) and `targets_k.npy` (samples x tasks), and `export.json`: the
/// cell, its stimuli and tasks in the order of the columns, and the rows that are fitted and scored.
///
/// # Errors
/// If the study has no network `id`, it cannot be run, the folder holds such files of somebody else, or a file cannot be written.
pub fn export(study: &Study, id: &str, out: &Path) -> Result<(), StudyError> {
    let Some(planned) = study.plan.iter().find(|planned| planned.id() == id) else {
        let ids: Vec<String> = study.plan.iter().map(Planned::id).collect();
        let first: Vec<&str> = ids.iter().take(3).map(String::as_str).collect();
        let nearest = tauspike_import::nearest(id, &ids);
        let allowed = nearest.map_or_else(
            || format!("a network_id, such as {}", first.join(", ")),
            |id| format!("did you mean \"{id}\"?"),
        );
        return Err(StudyError::Unknown { id: id.to_owned(), allowed });
    };
    check_place(out)?;
    fs::create_dir_all(out).map_err(RecordError::io(out, "create"))?;
    let mut stimuli = Vec::new();
    for (k, stimulus) in study.suite.stimuli.iter().enumerate() {
        let trial = trial(&planned.cell, &study.suite, k)?;
        // The primary readout has the short name.
        for (at, (readout, states)) in planned.cell.readouts().iter().zip(&trial.states).enumerate() {
            let name = if at == 0 { format!("states_{k}.npy") } else { format!("states_{k}_{}.npy", readout.name()) };
            write_npy(&out.join(name), states.as_ref())?;
        }
        write_npy(&out.join(format!("targets_{k}.npy")), trial.targets.as_ref())?;
        let tasks: Vec<String> = stimulus.tasks.iter().map(|task| study.suite.tasks[*task].id()).collect();
        let (train, test) = (&trial.split.train, &trial.split.test);
        stimuli.push(json!({
            "stimulus": stimulus.source.to_string(),
            "tasks": tasks,
            "train": [train.start, train.end],
            "test": [test.start, test.end],
        }));
    }
    let Cell { n, seed, .. } = planned.cell;
    let readouts: Vec<&str> = planned.cell.readouts().iter().map(|readout| readout.name()).collect();
    let text = json!({ "network_id": id, "n": n, "seed": seed, "readouts": readouts, "folds": study.suite.folds, "stimuli": stimuli });
    Ok(write_atomic(&out.join(SUMMARY), format!("{text:#}\n").as_bytes())?)
}

/// Refuses a folder with files of such names that no export has written; those of an earlier one are replaced.
fn check_place(out: &Path) -> Result<(), StudyError> {
    let ours: Option<serde_json::Value> =
        fs::read(out.join(SUMMARY)).ok().and_then(|text| serde_json::from_slice(&text).ok());
    if ours.is_some_and(|json| json.get("network_id").is_some()) {
        return Ok(());
    }
    match ["states_0.npy", "targets_0.npy", SUMMARY].iter().find(|name| out.join(name).exists()) {
        Some(name) => {
            let reason = format!("it holds {name}, which is of no finished export of tauspike");
            Err(RecordError::Foreign { path: out.into(), reason }.into())
        }
        None => Ok(()),
    }
}

fn write_npy(path: &Path, matrix: MatRef<f64>) -> Result<(), StudyError> {
    let failed = |error: std::io::Error| StudyError::Write { path: path.to_owned(), reason: error.to_string() };
    let mut bytes = Vec::new();
    let shape = [matrix.nrows() as u64, matrix.ncols() as u64];
    let mut writer =
        npyz::WriteOptions::new().default_dtype().shape(&shape).writer(&mut bytes).begin_nd().map_err(failed)?;
    let rows = (0..matrix.nrows()).flat_map(|i| (0..matrix.ncols()).map(move |j| matrix[(i, j)]));
    writer.extend(rows).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(write_atomic(path, &bytes)?)
}

//! One network as NPY files, so that anything else can compute its scores: states and targets, time constants and weights.

use crate::cell::{Cell, Model};
use crate::error::StudyError;
use crate::measure::trial;
use crate::plan::Planned;
use crate::profile::Realised;
use crate::spec::Study;
use crate::suite::Suite;
use crate::wiring::Wiring;
use npyz::WriterBuilder;
use serde_json::json;
use std::fs;
use std::path::Path;
use tauspike_record::{RecordError, write_atomic};
use tauspike_task::readout::{Mat, MatRef};

/// What was exported.
const SUMMARY: &str = "export.json";
const TAUS: &str = "taus.npy";

/// Writes, for every stimulus k, `stimulus_k.npy` (samples x dimensions), `states_k.npy` (rows x neurons) and `targets_k.npy` (rows x
/// tasks); of the network
///
/// | file | shape | what |
/// |---|---|---|
/// | `taus.npy` | neurons | time constants, ms |
/// | `sources.npy` | neurons x in-degree | position of the neuron that each recurrent synapse comes from |
/// | `weights.npy` | neurons x in-degree | its weight: W of LI; of LIF the height of the synaptic current, mV |
/// | `input_weights.npy` | neurons x dimensions | of the stimulus with most dimensions; one of m has the first m columns, over sqrt(m) |
/// | `bias.npy` | neurons | constant input: a number for LI, mV for LIF, before a rate is matched |
///
/// and `export.json`: the cell, the realised moments of its time constants, its stimuli and tasks in the order of the columns, which
/// sample is the first row, and the rows that are fitted and scored.
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
        let signal = study.suite.signal(k, planned.cell.seed)?;
        let u = Mat::from_fn(signal.len(), signal.dimensions().len(), |i, d| signal.dimensions()[d][i]);
        let mut matrices = vec![(format!("stimulus_{k}"), &u), (format!("targets_{k}"), &trial.targets)];
        for (at, (readout, states)) in planned.cell.readouts().iter().zip(&trial.states).enumerate() {
            // The primary readout has the short name.
            let name = if at == 0 { format!("states_{k}") } else { format!("states_{k}_{}", readout.name()) };
            matrices.push((name, states));
        }
        for (name, matrix) in matrices {
            write_npy(&out.join(format!("{name}.npy")), &[matrix.nrows(), matrix.ncols()], matrix.as_ref())?;
        }
        let tasks: Vec<String> = stimulus.tasks.iter().map(|task| study.suite.tasks[*task].id()).collect();
        let (train, test) = (&trial.split.train, &trial.split.test);
        stimuli.push(json!({
            "stimulus": stimulus.source.to_string(),
            "tasks": tasks,
            "first_row": study.suite.sampling.washout,
            "train": [train.start, train.end],
            "test": [test.start, test.end],
        }));
    }
    let realised = write_network(&planned.cell, &study.suite, out)?;
    let Cell { n, seed, tau, cv, .. } = planned.cell;
    let readouts: Vec<&str> = planned.cell.readouts().iter().map(|readout| readout.name()).collect();
    let text = json!({
        "network_id": id,
        "step_ms": study.suite.sampling.step,
        "n": n,
        "seed": seed,
        "tau_ms": tau,
        "match": planned.cell.profile.location.name(),
        "cv": cv,
        "realised": realised,
        "readouts": readouts,
        "every": planned.cell.reading.every,
        "folds": study.suite.folds,
        "stimuli": stimuli,
    });
    Ok(write_atomic(&out.join(SUMMARY), format!("{text:#}\n").as_bytes())?)
}

/// The files of the network, and what its time constants came out as.
fn write_network(cell: &Cell, suite: &Suite, out: &Path) -> Result<Realised, StudyError> {
    let dimensions = suite.stimuli.iter().map(|stimulus| stimulus.source.dimensions).max().unwrap_or(1);
    let taus = cell.profile.draw((cell.tau, cell.cv), cell.tau_min, cell.n, cell.seed)?;
    let wiring = Wiring::new(cell.n, cell.in_degree, dimensions, cell.seed)?;
    let (n, degree) = (cell.n as usize, wiring.in_degree);
    let root = (degree.max(1) as f64).sqrt();
    let (recurrent, input, bias): (f64, f64, Box<dyn Fn(f64) -> f64>) = match &cell.model {
        Model::Li(li) => (li.spectral_radius / root, li.input_weight, Box::new(|b| li.bias * b)),
        Model::Lif(lif) => (lif.weight / root, lif.input, Box::new(|b| lif.bias + lif.bias_spread * b)),
    };
    let column = |values: &[f64]| Mat::from_fn(values.len(), 1, |i, _| values[i]);
    let per_synapse = |value: &dyn Fn(usize) -> f64| Mat::from_fn(n, degree, |i, j| value(i * degree + j));
    let biases: Vec<f64> = wiring.bias.iter().map(|b| bias(*b)).collect();
    let files: [(&str, &[usize], Mat<f64>); 5] = [
        (TAUS, &[n], column(&taus)),
        ("sources.npy", &[n, degree], per_synapse(&|k| f64::from(wiring.sources[k]))),
        ("weights.npy", &[n, degree], per_synapse(&|k| recurrent * wiring.weights[k])),
        ("input_weights.npy", &[n, dimensions], Mat::from_fn(n, dimensions, |i, d| input * wiring.input[d][i])),
        ("bias.npy", &[n], column(&biases)),
    ];
    files.iter().try_for_each(|(name, shape, matrix)| write_npy(&out.join(name), shape, matrix.as_ref()))?;
    Ok(Realised::of(&taus, cell.tau_min))
}

/// Refuses a folder with files of such names that no export has written; those of an earlier one are replaced.
fn check_place(out: &Path) -> Result<(), StudyError> {
    let ours: Option<serde_json::Value> =
        fs::read(out.join(SUMMARY)).ok().and_then(|text| serde_json::from_slice(&text).ok());
    if ours.is_some_and(|json| json.get("network_id").is_some()) {
        return Ok(());
    }
    match ["stimulus_0.npy", "states_0.npy", "targets_0.npy", TAUS, SUMMARY].iter().find(|name| out.join(name).exists())
    {
        Some(name) => {
            let reason = format!("it holds {name}, which is of no finished export of tauspike");
            Err(RecordError::Foreign { path: out.into(), reason }.into())
        }
        None => Ok(()),
    }
}

fn write_npy(path: &Path, shape: &[usize], matrix: MatRef<f64>) -> Result<(), StudyError> {
    let failed = |error: std::io::Error| StudyError::Write { path: path.to_owned(), reason: error.to_string() };
    let mut bytes = Vec::new();
    let shape: Vec<u64> = shape.iter().map(|length| *length as u64).collect();
    let mut writer =
        npyz::WriteOptions::new().default_dtype().shape(&shape).writer(&mut bytes).begin_nd().map_err(failed)?;
    let rows = (0..matrix.nrows()).flat_map(|i| (0..matrix.ncols()).map(move |j| matrix[(i, j)]));
    writer.extend(rows).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(write_atomic(path, &bytes)?)
}

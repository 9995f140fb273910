//! Studies: many reservoirs over a suite of tasks, run without the interpreter lock; and the time constants of a profile.

use crate::errors;
use crate::given;
use crate::network::check_threads;
use crate::table::Table;
use numpy::{IntoPyArray, PyArray1};
use pyo3::exceptions::{PyOSError, PyRuntimeError};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::Scope;
use std::time::Duration;
use tauspike_record::{Populations, RecordError};
use tauspike_results::{columns, read_batch};
use tauspike_scenario::section::Section;
use tauspike_scenario::tree::Origin;
use tauspike_study::profile::Realised;
use tauspike_study::{Progress, RunOptions, Shard, StudyError, Summary, spec};

/// So often is Python asked whether to go on.
const LOOK_AFTER: Duration = Duration::from_millis(50);

/// The time constants, ms, of `n` neurons of the profile with these keys, and what they realise, as JSON.
#[pyfunction]
pub fn profile<'py>(
    py: Python<'py>,
    keys: &Bound<'py, PyDict>,
    tau_ms: f64,
    tau_min_ms: f64,
    n: u32,
    seed: u64,
) -> PyResult<(Bound<'py, PyArray1<f64>>, String)> {
    for (field, value) in [("tau_ms", tau_ms), ("tau_min_ms", tau_min_ms)] {
        if !(value > 0.0 && value <= 1e9) {
            return Err(errors::refused(field, value, "a number > 0, up to 1e9"));
        }
    }
    if tau_min_ms >= tau_ms {
        return Err(errors::refused("tau_min_ms", tau_min_ms, format!("below tau_ms = {tau_ms}")));
    }
    let table = given::table("", keys)?;
    let drawn = py.detach(|| {
        let section = Section { origin: &Origin::Call, ..Section::whole("", &table) };
        let (profile, cv) = spec::profile(&section, tau_ms).map_err(errors::scenario)?;
        let taus = profile.draw((tau_ms, cv), tau_min_ms, n, seed);
        let taus = taus.map_err(|error| errors::ScenarioError::new_err(error.to_string()))?;
        let realised = Realised::of(&taus, tau_min_ms);
        Ok::<_, PyErr>((taus, serde_json::json!(realised).to_string()))
    })?;
    Ok((drawn.0.into_pyarray(py), drawn.1))
}

/// A study that has been read and checked.
#[pyclass(frozen, module = "tauspike._native")]
pub struct Study {
    study: spec::Study,
}

#[pymethods]
impl Study {
    /// Reads and checks a study file, changed by `set`.
    #[new]
    fn new(py: Python<'_>, path: PathBuf, set: Vec<String>) -> PyResult<Self> {
        Ok(Self { study: py.detach(|| spec::load(&path, &set)).map_err(refused)? })
    }

    /// Runs what is missing in the folder `out`. `progress` gets how many networks are done and how many there are. Gives the
    /// summary as JSON.
    #[pyo3(signature = (out, threads, progress = None))]
    fn run(
        &self,
        py: Python<'_>,
        out: PathBuf,
        threads: usize,
        progress: Option<Bound<'_, PyAny>>,
    ) -> PyResult<String> {
        check_threads(threads)?;
        let progress = progress.map(Bound::unbind);
        let summary = py.detach(|| self.run_watched(&out, threads, progress.as_ref()))?;
        serde_json::to_string(&summary).map_err(|error| PyRuntimeError::new_err(error.to_string()))
    }

    /// Writes one network into the folder `out`, as the program's `--export-states`.
    fn export(&self, py: Python<'_>, network: &str, out: PathBuf) -> PyResult<()> {
        py.detach(|| tauspike_study::export(&self.study, network, &out)).map_err(refused)
    }
}

impl Study {
    /// The study has threads of its own; this one asks Python from time to time, and stops them if it says so.
    fn run_watched(&self, out: &Path, threads: usize, progress: Option<&Py<PyAny>>) -> PyResult<Summary> {
        let stop = AtomicBool::new(false);
        let reached: Mutex<Option<Progress>> = Mutex::new(None);
        let tell = |progress| *reached.lock().unwrap_or_else(PoisonError::into_inner) = Some(progress);
        let options = RunOptions {
            out,
            shard: Shard::WHOLE,
            threads,
            stop: &stop,
            progress: &tell,
            command: format!("tauspike.study({:?}, out={out:?}, threads={threads})", self.study.file),
        };
        let (mut raised, mut told) = (None, 0);
        let summary = std::thread::scope(|scope: &Scope| {
            let running = scope.spawn(|| tauspike_study::run(&self.study, &options));
            while !running.is_finished() {
                std::thread::park_timeout(LOOK_AFTER);
                let now = *reached.lock().unwrap_or_else(PoisonError::into_inner);
                if raised.is_none()
                    && let Err(error) = ask(progress, now, &mut told)
                {
                    raised = Some(error);
                    stop.store(true, Ordering::Relaxed);
                }
            }
            running.join()
        });
        let now = *reached.lock().unwrap_or_else(PoisonError::into_inner);
        let summary = summary.map_err(|_| PyRuntimeError::new_err("the study panicked"))?.map_err(refused)?;
        match raised.map_or_else(|| ask(progress, now, &mut told), Err) {
            Ok(()) => Ok(summary),
            Err(error) => Err(error),
        }
    }
}

/// Tells Python what is new, and asks whether to go on.
fn ask(progress: Option<&Py<PyAny>>, now: Option<Progress>, told: &mut usize) -> PyResult<()> {
    Python::attach(|py| {
        py.check_signals()?;
        match (progress, now) {
            (Some(progress), Some(Progress { done, all, .. })) if done > *told => {
                *told = done;
                progress.call1(py, (done, all)).map(drop)
            }
            _ => Ok(()),
        }
    })
}

/// The tables of a finished study: of networks, and of networks and tasks.
#[pyfunction]
pub fn study_tables(py: Python<'_>, out: PathBuf) -> PyResult<(Table, Table)> {
    let failed = |error: RecordError| PyOSError::new_err(error.to_string());
    let read = |name| {
        let batch = py.detach(|| read_batch(&out.join(name))).map_err(failed)?;
        Ok::<_, PyErr>(Table::new(batch, Populations::new(Vec::new()).map_err(failed)?))
    };
    Ok((read(columns::NETWORKS)?, read(columns::RESULTS)?))
}

fn refused(error: StudyError) -> PyErr {
    match error {
        StudyError::File(error) => errors::scenario(error),
        StudyError::Record(_) | StudyError::Write { .. } | StudyError::EarlierCells { .. } => {
            PyOSError::new_err(error.to_string())
        }
        StudyError::Network { .. } => errors::SimulationError::new_err(error.to_string()),
        _ => errors::ScenarioError::new_err(error.to_string()),
    }
}

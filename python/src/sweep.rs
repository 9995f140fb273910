//! Many networks: one scenario over axes of its values and seeds.

use crate::errors;
use crate::network::check_threads;
use pyo3::exceptions::{PyIndexError, PyKeyboardInterrupt, PyOSError};
use pyo3::prelude::*;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;
use tauspike_sweep::run::one;
use tauspike_sweep::{Row, Sweep as Spec, SweepError, collect, figure, load};

/// So often is Python asked whether to go on.
const LOOK_AFTER: Duration = Duration::from_millis(50);

/// A sweep that has been read and checked.
#[pyclass(frozen, module = "tauspike._native")]
pub struct Sweep {
    spec: Spec,
    out: Option<PathBuf>,
}

#[pymethods]
impl Sweep {
    #[new]
    #[pyo3(signature = (path, set, out = None))]
    fn new(py: Python<'_>, path: PathBuf, set: Vec<String>, out: Option<PathBuf>) -> PyResult<Self> {
        let spec = py.detach(|| load(&path, &set)).map_err(refused)?;
        if spec.keep_spikes && out.is_none() {
            return Err(errors::refused("out", "None", "a folder, because the sweep keeps spikes"));
        }
        Ok(Self { spec, out })
    }

    /// Its name.
    #[getter]
    fn name(&self) -> &str {
        &self.spec.name
    }

    fn __len__(&self) -> usize {
        self.spec.plan.len()
    }

    /// The row of run `index` as JSON, run now if it is not there.
    fn run(&self, py: Python<'_>, index: usize, threads: usize) -> PyResult<String> {
        check_threads(threads)?;
        if index >= self.spec.plan.len() {
            return Err(PyIndexError::new_err(format!("run {index}; allowed: 0 to {}", self.spec.plan.len() - 1)));
        }
        let row = py.detach(|| self.watched(index, threads))?;
        Ok(row.json().to_string())
    }

    /// Makes the data set and the figures; gives the folder.
    fn collect(&self, py: Python<'_>, partial: bool) -> PyResult<PathBuf> {
        let Some(out) = &self.out else { return Err(errors::refused("out", "None", "a folder")) };
        py.detach(|| {
            let collected = collect(&self.spec, out, partial)?;
            figure::write_all(&self.spec, out)?;
            Ok(collected.folder)
        })
        .map_err(refused)
    }
}

impl Sweep {
    /// Runs on a thread of its own, while this one looks for Ctrl-C.
    fn watched(&self, index: usize, threads: usize) -> PyResult<Row> {
        let stop = AtomicBool::new(false);
        let (send, done) = channel();
        let mut interrupted = None;
        std::thread::scope(|scope| {
            scope.spawn(|| {
                // the receiver lives as long as the scope
                let _ = send.send(one(&self.spec, index, self.out.as_deref(), threads, &stop));
            });
            loop {
                match done.recv_timeout(LOOK_AFTER) {
                    Ok(row) => {
                        let row = row.map_err(refused)?;
                        return row
                            .ok_or_else(|| interrupted.take().unwrap_or_else(|| PyKeyboardInterrupt::new_err(())));
                    }
                    Err(RecvTimeoutError::Timeout) => {
                        if let Err(signal) = Python::attach(|py| py.check_signals()) {
                            interrupted = Some(signal);
                            stop.store(true, Ordering::Relaxed);
                        }
                    }
                    Err(RecvTimeoutError::Disconnected) => {
                        return Err(PyOSError::new_err("the run ended without a word"));
                    }
                }
            }
        })
    }
}

fn refused(error: SweepError) -> PyErr {
    match error {
        SweepError::File(error) => errors::scenario(error),
        SweepError::Record(_)
        | SweepError::Report(_)
        | SweepError::Incomplete { .. }
        | SweepError::NoDataset { .. } => PyOSError::new_err(error.to_string()),
        _ => errors::ScenarioError::new_err(error.to_string()),
    }
}

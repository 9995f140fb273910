//! Stimuli, targets, suites and readouts, over NumPy arrays; stimuli and targets are written as in study files, as JSON.

use crate::errors::{SimulationError, refused};
use numpy::ndarray::ArrayView2;
use numpy::{IntoPyArray, PyArray1, PyArray2, PyReadonlyArray1, PyReadonlyArray2, PyUntypedArrayMethods};
use pyo3::prelude::*;
use serde::de::DeserializeOwned;
use tauspike_task::readout::{CrossValidation, Mat, MatRef, ridge, ridge_cv};
use tauspike_task::{Grid, Key, Samples, Stimulus, SuiteGrid, Target, TaskError};

/// The stimulus of this description: an array for each dimension.
#[pyfunction]
pub fn stimulus<'py>(
    py: Python<'py>,
    kind: &str,
    dt_ms: f64,
    samples: usize,
    dimensions: usize,
    seed: u64,
    index: u32,
) -> PyResult<Vec<Bound<'py, PyArray1<f64>>>> {
    let kind: Stimulus = read("stimulus", kind)?;
    let made =
        py.detach(|| kind.generate(Grid::new(dt_ms, samples)?, dimensions, Key::new(seed, index)?)).map_err(task)?;
    Ok(made.dimensions().iter().map(|dimension| dimension.clone().into_pyarray(py)).collect())
}

/// The values of a target where it exists, and the first sample at which it does.
#[pyfunction]
pub fn target<'py>(
    py: Python<'py>,
    target: &str,
    stimulus: Vec<PyReadonlyArray1<'py, f64>>,
    dt_ms: f64,
) -> PyResult<(usize, Bound<'py, PyArray1<f64>>)> {
    let target: Target = read("target", target)?;
    let dimensions = stimulus.iter().map(|dimension| Ok(dimension.as_slice()?.to_vec())).collect::<PyResult<_>>()?;
    let signal = Samples::new(dt_ms, dimensions).map_err(task)?;
    let rows = target.rows(&signal).map_err(task)?;
    let values = target.values(&signal, rows.clone()).map_err(task)?;
    Ok((rows.start, values.into_pyarray(py)))
}

/// The series that a drive leads to, as `tauspike_task::stimulus::narma10`.
#[pyfunction]
pub fn narma10<'py>(py: Python<'py>, u: PyReadonlyArray1<'py, f64>) -> PyResult<Bound<'py, PyArray1<f64>>> {
    Ok(tauspike_task::stimulus::narma10(u.as_slice()?).into_pyarray(py))
}

/// The tasks of a grid, simplest first, as JSON: name, description, complexity.
#[pyfunction]
pub fn suite(grid: &str) -> PyResult<Vec<(String, String, f64)>> {
    let grid: SuiteGrid = read("suite", grid)?;
    let tasks = grid.tasks().map_err(task)?;
    Ok(tasks.iter().map(|task| (task.id(), serde_json::json!(task).to_string(), task.complexity())).collect())
}

/// Weights, intercepts and lambdas of a linear readout; without a lambda it is cross-validated for each target.
#[pyfunction]
#[pyo3(signature = (states, targets, penalty = None))]
#[expect(clippy::type_complexity, reason = "three arrays")]
pub fn readout<'py>(
    py: Python<'py>,
    states: PyReadonlyArray2<'py, f64>,
    targets: PyReadonlyArray2<'py, f64>,
    penalty: Option<f64>,
) -> PyResult<(Bound<'py, PyArray2<f64>>, Bound<'py, PyArray1<f64>>, Bound<'py, PyArray1<f64>>)> {
    let (states, targets) = (matrix("states", &states)?, matrix("targets", &targets)?);
    let fitted = py.detach(|| match penalty {
        Some(lambda) => ridge(states, targets, lambda),
        None => ridge_cv(states, targets, &CrossValidation::scaled_to(states)),
    });
    let fitted = fitted.map_err(task)?;
    Ok((rows(py, &fitted.weights)?, fitted.intercepts.into_pyarray(py), fitted.lambdas.into_pyarray(py)))
}

/// Where it is, in rows.
fn matrix<'a>(field: &str, array: &'a PyReadonlyArray2<'_, f64>) -> PyResult<MatRef<'a, f64>> {
    let [rows, columns] = [array.shape()[0], array.shape()[1]];
    let Ok(values) = array.as_slice() else {
        return Err(refused(
            field,
            "an array with gaps",
            "an array in the order of C (numpy.ascontiguousarray makes one)",
        ));
    };
    if !array.is_c_contiguous() {
        return Err(refused(
            field,
            "an array in the order of Fortran",
            "one in that of C (numpy.ascontiguousarray makes one)",
        ));
    }
    Ok(MatRef::from_row_major_slice(values, rows, columns))
}

fn rows<'py>(py: Python<'py>, weights: &Mat<f64>) -> PyResult<Bound<'py, PyArray2<f64>>> {
    let shape = (weights.nrows(), weights.ncols());
    let values: Vec<f64> =
        (0..shape.0).flat_map(|row| (0..shape.1).map(move |column| weights[(row, column)])).collect();
    let view = ArrayView2::from_shape(shape, &values).map_err(|error| SimulationError::new_err(error.to_string()))?;
    Ok(PyArray2::from_array(py, &view))
}

fn read<T: DeserializeOwned>(field: &str, text: &str) -> PyResult<T> {
    serde_json::from_str(text).map_err(|error| refused(field, text, error))
}

fn task(error: TaskError) -> PyErr {
    crate::errors::ScenarioError::new_err(error.to_string())
}

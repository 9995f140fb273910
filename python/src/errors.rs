//! Which exception a refusal becomes. The message is that of Rust.

use pyo3::create_exception;
use pyo3::exceptions::{PyOSError, PyRuntimeError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use std::fmt::Display;
use tauspike_engine::{EngineError, SnapshotError as Snapshot};
use tauspike_scenario::ScenarioError as Scenario;
use tauspike_scenario::tree::Origin;

create_exception!(tauspike, ScenarioError, PyValueError, "A scenario, or a call in place of one, is refused.");
create_exception!(tauspike, SimulationError, PyRuntimeError, "A simulation cannot go on.");
create_exception!(tauspike, SnapshotError, PyValueError, "A snapshot is refused.");

/// The refusal of a value.
pub fn refused(field: &str, value: impl Display, allowed: impl Display) -> PyErr {
    ScenarioError::new_err(format!("{field} = {value}; allowed: {allowed}"))
}

/// The refusal of a type.
pub fn wrong_type(field: &str, value: impl Display, allowed: impl Display) -> PyErr {
    PyTypeError::new_err(format!("{field} = {value}; allowed: {allowed}"))
}

/// What is wrong with a scenario, or with a call in place of one: then there is no line to name, because the traceback does.
pub fn scenario(error: Scenario) -> PyErr {
    match error {
        Scenario::Field { origin: Origin::Call, field, value, allowed, .. } => refused(&field, value, allowed),
        Scenario::Engine { source, .. } => engine(source),
        Scenario::Snapshot { source, .. } => snapshot(source),
        Scenario::Io { .. } | Scenario::MissingFiles { .. } | Scenario::Record(_) => {
            PyOSError::new_err(error.to_string())
        }
        _ => ScenarioError::new_err(error.to_string()),
    }
}

/// Why a run could not start or go on.
pub fn engine(error: EngineError) -> PyErr {
    match error {
        EngineError::Option { field, value, allowed } => {
            PyValueError::new_err(format!("{}: {value} is not allowed; {allowed}", argument(field)))
        }
        EngineError::Until { until, now } => {
            refused("until_ms", format!("{until:?}"), format!("a number from {now:?}, the present, to 1e12"))
        }
        _ => SimulationError::new_err(error.to_string()),
    }
}

/// What Python calls an option of the engine.
fn argument(field: &str) -> &str {
    match field {
        "spike source" => "sources",
        "spike time" | "arrival time" => "times_ms",
        "arrival neuron" | "current neuron" => "neurons",
        "arrival weight" => "weights",
        "current value" | "current values" => "values_pa",
        "current time" => "from_ms",
        "rate name" => "name",
        "probe interval" => "interval_ms",
        other => other,
    }
}

/// Why a snapshot was refused.
pub fn snapshot(error: Snapshot) -> PyErr {
    match error {
        Snapshot::Engine(error) => engine(error),
        _ => SnapshotError::new_err(error.to_string()),
    }
}

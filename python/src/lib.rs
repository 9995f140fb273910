//! What Python sees of tauspike as `tauspike._native`. The package `tauspike` around it is Python.
//!
//! | module | question |
//! |---|---|
//! | `given` | what does a Python value say, as a value of a scenario? |
//! | `arrays` | how does a NumPy array become numbers or positions? |
//! | `network` | which network is it, out of a file or of calls? |
//! | `simulation` | how is it set in motion, without the interpreter lock? |
//! | `closed_loop` | how is it acted on between two runs? |
//! | `memory` | where do its spikes go? |
//! | `manifest` | what was run, and what came out? |
//! | `table` | how are they shown to Python without a copy? |
//! | `tasks` | what drives a reservoir, and what can be read from its states? |
//! | `study` | how are many reservoirs run over a suite of tasks, and which time constants do they have? |
//! | `errors` | which exception is it? |
//! | `command_line` | what does the script `tauspike` do? |

mod arrays;
mod closed_loop;
mod command_line;
mod errors;
mod given;
mod manifest;
mod memory;
mod network;
mod simulation;
mod study;
mod table;
mod tasks;

/// The part of the package `tauspike` that is compiled. Use what `tauspike` exports.
#[pyo3::pymodule]
mod _native {
    #[pymodule_export]
    use super::command_line::command_line;
    #[pymodule_export]
    use super::errors::{ScenarioError, SimulationError, SnapshotError};
    #[pymodule_export]
    use super::network::{Built, Network, Scenario};
    #[pymodule_export]
    use super::simulation::Simulation;
    #[pymodule_export]
    use super::study::{Study, profile, study_tables};
    #[pymodule_export]
    use super::table::{Column, Table};
    #[pymodule_export]
    use super::tasks::{narma10, readout, stimulus, suite, target};

    /// Version of tauspike.
    #[pymodule_export]
    const VERSION: &str = env!("CARGO_PKG_VERSION");
}

//! The script `tauspike`: the program of the crate tauspike-cli.

use pyo3::prelude::*;
use std::ffi::OsString;
use std::panic::catch_unwind;

/// Exit code of a mistake in tauspike, as Rust programs have it.
const PANIC: u8 = 101;

/// Do what the program ``tauspike`` does with these arguments.
///
/// Signals are caught from the first run on, so this is for a process that does nothing else.
///
/// Parameters
/// ----------
/// arguments : list of str
///     The name of the program first.
///
/// Returns
/// -------
/// int
///     The exit code.
#[pyfunction]
pub fn command_line(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
    py.detach(|| catch_unwind(|| tauspike_cli::main(arguments)).unwrap_or(PANIC))
}

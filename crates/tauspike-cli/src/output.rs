//! Standard output: text for people, JSON for programs.

use crate::failure::Failure;
use serde::Serialize;
use std::io::{self, ErrorKind, Write};

/// Prints `text`. A reader that has seen enough (`tauspike inspect .. | head`) is no error.
///
/// # Errors
/// If standard output cannot be written.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::output(format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Prints `report` for programs, or its text for people.
///
/// # Errors
/// If standard output cannot be written.
pub fn tell(json: bool, report: &impl Serialize, text: impl FnOnce() -> String) -> Result<(), Failure> {
    if json { print_json(report) } else { print(&text()) }
}

/// Prints `report` as JSON.
///
/// # Errors
/// If standard output cannot be written.
pub fn print_json(report: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(report).map_err(Failure::output)?;
    print(&format!("{text}\n"))
}

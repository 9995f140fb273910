//! Why the program ends without doing what it was asked, and the exit codes.

use std::error::Error;
use std::fmt;
use tauspike_record::{RecordError, ShardError};
use tauspike_report::ReportError;
use tauspike_scenario::ScenarioError;
use tauspike_study::StudyError;
use tauspike_sweep::SweepError;

/// Done as asked; for `compare`, the recordings are equal.
pub const DONE: u8 = 0;
/// Two recordings differ.
pub const DIFFERS: u8 = 1;
/// The scenario, a file it names, or the command line was refused, or the network cannot be simulated to the end.
pub const BAD_INPUT: u8 = 2;
/// The output exists, is being written by another process, was changed by somebody or cannot be written, or a recording cannot be read.
pub const OUTPUT: u8 = 3;
/// A mistake in tauspike, of one of several processes; that process itself ends by its panic.
pub const PANIC: u8 = 101;
/// Ended by Ctrl-C (SIGINT) or SIGTERM: 128 + 2, as shells count.
pub const INTERRUPTED: u8 = 130;

/// An error and the exit code it leads to.
#[derive(Debug)]
pub struct Failure {
    code: u8,
    error: Box<dyn Error>,
}

impl Failure {
    /// The user asked for something that cannot be.
    pub fn input(error: impl Into<Box<dyn Error>>) -> Self {
        Self { code: BAD_INPUT, error: error.into() }
    }

    /// Files could not be written or read.
    pub fn output(error: impl Into<Box<dyn Error>>) -> Self {
        Self { code: OUTPUT, error: error.into() }
    }

    /// The exit code.
    pub fn code(&self) -> u8 {
        self.code
    }
}

/// The message, and each cause that it does not already tell on a line of its own.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut told = self.error.to_string();
        write!(f, "{told}")?;
        let mut cause = self.error.source();
        while let Some(error) = cause {
            let message = error.to_string();
            if !told.contains(&message) {
                write!(f, "\n  because: {message}")?;
            }
            told = message;
            cause = error.source();
        }
        Ok(())
    }
}

impl From<RecordError> for Failure {
    fn from(error: RecordError) -> Self {
        Self::output(error)
    }
}

impl From<ShardError> for Failure {
    fn from(error: ShardError) -> Self {
        Self::input(error)
    }
}

impl From<ReportError> for Failure {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::NoStudy { .. } | ReportError::Json { .. } | ReportError::Network { .. } => Self::input(error),
            _ => Self::output(error),
        }
    }
}

impl From<ScenarioError> for Failure {
    fn from(error: ScenarioError) -> Self {
        match error {
            ScenarioError::Stopped { .. } => Self { code: INTERRUPTED, error: error.into() },
            ScenarioError::Panic => Self { code: PANIC, error: error.into() },
            _ if error.is_output() => Self::output(error),
            _ => Self::input(error),
        }
    }
}

impl From<SweepError> for Failure {
    fn from(error: SweepError) -> Self {
        match error {
            SweepError::File(error) => error.into(),
            SweepError::Record(error) => error.into(),
            SweepError::Report(error) => error.into(),
            SweepError::Incomplete { .. } | SweepError::NoDataset { .. } => Self::output(error),
            _ => Self::input(error),
        }
    }
}

impl From<StudyError> for Failure {
    fn from(error: StudyError) -> Self {
        match error {
            StudyError::File(error) => error.into(),
            _ if error.is_output() => Self::output(error),
            _ => Self::input(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tauspike_record::OutputDir;

    #[test]
    fn a_cause_that_the_message_tells_is_not_told_twice() {
        let blocked = std::path::Path::new("/proc/no/such/folder");
        let failure = Failure::from(OutputDir::create(blocked, false).unwrap_err());
        let text = failure.to_string();
        assert!(text.contains("/proc/no/such/folder") && !text.contains("because"), "{text}");
        assert_eq!(failure.code(), OUTPUT);
    }
}

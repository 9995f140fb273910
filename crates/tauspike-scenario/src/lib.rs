//! Resolves one TOML file to a network, a recording and an engine, and runs it: the only place that wires them.
//!
//! | module | question |
//! |---|---|
//! | [`scenario`] | what does the file say, and is all of it right? |
//! | [`mod@run`] | how does it become spikes on disk? |
//! | [`section`], [`tree`], [`overrides`] | how is a TOML file read, and refused with file, field, value and what is allowed? |
//! | [`report`] | what came out? |
//! | [`expected`] | is that what came out last time? |
//! | [`error`] | what was wrong, where, and what would be right? |
//!
//! The invariant: [`load`] refuses whatever is wrong with the file and the files it names, before a synapse is drawn or a byte is
//! written. It is *not* a command line: no printing, no signals, no exit codes.

pub mod error;
pub mod expected;
mod input;
mod locate;
mod memory;
pub mod overrides;
mod parameter;
mod population;
mod projection;
mod record;
mod recording;
pub mod report;
pub mod run;
pub mod scenario;
pub mod section;
mod signal;
mod summary;
pub mod tree;

pub use error::ScenarioError;
pub use expected::Expected;
pub use report::{PopulationReport, RunReport};
pub use run::{RunOptions, run};
pub use scenario::{Scenario, load};

//! Advances blocks of exact neurons through epochs and carries spikes between them.
//!
//! | module | question |
//! |---|---|
//! | [`simulation`] | how do I run a network? |
//! | [`options`] | with how many threads, in which order? |
//! | [`probe`] | what was the membrane potential at these times? |
//! | [`snapshot`] | how do I stop here and go on elsewhere? |
//! | [`exchange`] | how do several processes share one network? |
//!
//! Inside, by question:
//!
//! ```text
//! run       what is due next, and who works on it
//! transit   spikes on their way, and what of them arrives in an epoch
//! block     one block of neurons and its way through an epoch
//! inputs    what reaches neurons by itself
//! hardware  instruction sets, cache lines
//! ```
//!
//! No file formats, no scenario, no network construction.
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests compare and time"))]

mod block;
pub mod error;
mod hardware;
mod inputs;
pub mod options;
pub mod probe;
mod run;
pub mod simulation;
pub mod snapshot;
mod transit;

pub use error::EngineError;
pub use options::{Options, Schedule, Simd};
pub use probe::{Probe, ProbeTimes};
pub use simulation::Simulation;
pub use snapshot::{Snapshot, SnapshotError, is_snapshot};
pub use tauspike_spike::Counters;
pub use transit::exchange;

/// Times beyond this, ms (31 years), are refused: an ulp is 0.1 us there.
pub const LATEST: f64 = 1e12;

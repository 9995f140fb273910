//! Advances blocks of exact neurons through epochs and carries spikes between them.
//!
//! ```text
//! epoch_loop / instant_loop    what is due next, and who works on it
//!     flight   spikes on their way and what of them arrives in this epoch
//!     block    one block of neurons and its way through an epoch
//!     patience which neurons can wait
//!     wheel    which neurons have something of their own to do
//!     deliver  which arrivals there are: fan-out rows
//!     buckets  those arrivals, by target
//!     external private input of a neuron
//!     visit    arrivals + private input -> spikes
//!     merge    two sorted lists become one
//! ```
//!
//! | module | question |
//! |---|---|
//! | [`simulation`] | how do I run a network? |
//! | [`probe`] | what was the membrane potential at these times? |
//! | [`snapshot`] | how do I stop here and go on elsewhere? |
//! | [`queue`] | which neuron is next, when delays are zero? |
//!
//! No file formats, no scenario, no network construction.
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests compare and time"))]

mod block;
mod buckets;
mod deliver;
mod epoch_loop;
pub mod error;
mod external;
mod flight;
mod instant_loop;
mod merge;
mod patience;
mod prefetch;
pub mod probe;
pub mod queue;
mod redraw;
mod simd;
pub mod simulation;
mod slots;
pub mod snapshot;
mod source;
mod visit;
mod wheel;

pub use error::EngineError;
pub use probe::{Probe, ProbeTimes};
pub use simd::Simd;
pub use simulation::{LATEST, Options, Schedule, Simulation};
pub use snapshot::SnapshotError;
pub use tauspike_spike::Counters;

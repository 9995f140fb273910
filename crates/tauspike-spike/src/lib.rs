//! What a spike is, when it is, which of two comes first, and what is counted.
//!
//! Level 0 of the workspace: every other crate may use this one, and it uses none of them.
//!
//! | module | question |
//! |---|---|
//! | [`spike`] | what is a spike, and how are spikes ordered? |
//! | [`order`] | which of two simultaneous arrivals is applied first? |
//! | [`draw`] | where does a random number come from? |
//! | [`counters`] | what does a run count? |
//! | [`sink`] | where do finished spikes go? |
//!
//! It is *not* a queue, a clock or a file format.

pub mod counters;
pub mod draw;
pub mod order;
pub mod sink;
pub mod spike;

pub use counters::{Counter, Counters};
pub use draw::{Domain, Stream, philox4x32};
pub use order::ArrivalOrder;
pub use sink::{ProbeRow, SinkError, SpikeSink};
pub use spike::Spike;

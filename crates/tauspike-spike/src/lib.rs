//! What a spike is, when it is, and which of two comes first.
//!
//! Level 0 of the workspace: every other crate may use this one, and it uses none of them.
//!
//! | module | question |
//! |---|---|
//! | [`spike`] | what is a spike, and how are spikes ordered? |
//! | [`order`] | which of two simultaneous arrivals is applied first? |
//! | [`draw`] | where does a random number come from? |
//! | [`sink`] | where do finished spikes go? |
//!
//! It is *not* a queue, a clock or a file format.

pub mod draw;
pub mod order;
pub mod sink;
pub mod spike;

pub use draw::{Domain, Stream, philox4x32};
pub use order::ArrivalOrder;
pub use sink::{ProbeRow, SinkError, SpikeSink};
pub use spike::Spike;

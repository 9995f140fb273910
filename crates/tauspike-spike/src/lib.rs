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
//!
//! ```
//! use tauspike_spike::draw::{self, unit_open_zero};
//! use tauspike_spike::{Domain, SinkError, Spike, SpikeSink};
//!
//! /// Keeps the time of the last spike, ms, and nothing else.
//! struct Last(f64);
//!
//! impl SpikeSink for Last {
//!     fn take(&mut self, spikes: &[Spike]) -> Result<(), SinkError> {
//!         if let Some(spike) = spikes.last() {
//!             self.0 = spike.time;
//!         }
//!         Ok(())
//!     }
//! }
//!
//! let mut sink = Last(0.0);
//! sink.take(&[Spike { time: 1.5, source: 3 }, Spike { time: 1.5, source: 4 }])?;
//! assert_eq!(sink.0, 1.5);
//!
//! // A draw belongs to seed, purpose, neuron and number: whoever asks, and whenever, gets the same.
//! let [bits, _] = draw::block(42, Domain::weight(0), 17, 5);
//! assert_eq!(bits, draw::block(42, Domain::weight(0), 17, 5)[0]);
//! assert!((0.0..=1.0).contains(&unit_open_zero(bits)));
//! # Ok::<(), SinkError>(())
//! ```
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests compare and time"))]

pub mod counters;
pub mod draw;
pub mod order;
pub mod sink;
pub mod spike;
mod tee;

pub use counters::{Counter, Counters};
pub use draw::{Domain, Stream, philox4x32};
pub use order::ArrivalOrder;
pub use sink::{ProbeRow, Recorded, SinkError, SpikeSink};
pub use spike::Spike;
pub use tee::Tee;

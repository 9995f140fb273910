//! Tasks for reservoirs: what drives them, what they should compute, and how well a linear readout of their states does.
//!
//! A task is a function y = F\[u\] of a stimulus u(t). This crate makes u and y, codes u for spiking networks, fits a readout to
//! states that were collected elsewhere, and scores it.
//!
//! | module | question |
//! |---|---|
//! | [`stimulus`] | what is u(t)? |
//! | [`samples`] | where is it sampled? |
//! | [`key`] | where do its random numbers come from? |
//! | [`encode`] | how does u reach a spiking network? |
//! | [`target`] | what is F? |
//! | [`suite`] | which tasks are asked, and in which order? |
//! | [`readout`] | what can be read linearly from the states? |
//! | [`score`] | how well, and what are the states like? |
//! | [`capacity`] | how many independent functions of the input are there in the states? |
//! | [`trial`] | how do targets and states become scores? |
//!
//! It is *not* a reservoir: it never simulates one, and it reads and writes no files.

pub mod capacity;
pub mod encode;
pub mod error;
pub mod key;
pub mod readout;
pub mod samples;
pub mod score;
pub mod stimulus;
pub mod suite;
pub mod target;
pub mod trial;

pub use error::TaskError;
pub use key::Key;
pub use samples::{Grid, Samples};
pub use stimulus::Stimulus;
pub use suite::{Source, SuiteGrid, Task};
pub use target::{Basis, Factor, Target};

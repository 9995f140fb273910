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
//! | [`mod@possible`] | how well can a task be done at all? |
//! | [`readout`] | what can be read linearly from the states? |
//! | [`score`] | how well, and what are the states like? |
//! | [`capacity`] | how many independent functions of the input are there in the states? |
//! | [`trial`] | how do targets and states become scores? |
//!
//! It is *not* a reservoir: it never simulates one, and it reads and writes no files.
//!
//! Here a delay line of four samples is the reservoir, and the input of 2 ms ago is asked of it:
//!
//! ```
//! use tauspike_task::readout::{CrossValidation, Mat};
//! use tauspike_task::trial::{Split, evaluate, target_matrix};
//! use tauspike_task::{Grid, Key, Stimulus, Target};
//!
//! let u = Stimulus::Uniform {}.generate(Grid::new(1.0, 500)?, 1, Key::new(42, 0)?)?;
//! let remembered = Target::nostradamus(-2.0); // ms
//! let rows = remembered.rows(&u)?.start.max(3)..500;
//! let targets = target_matrix([&remembered], &u, rows.clone())?;
//! let states = Mat::from_fn(rows.len(), 4, |row, delay| u.dimensions()[0][rows.start + row - delay]);
//!
//! let split = Split { train: 0..300, test: 320..rows.len() };
//! let (_, scores) = evaluate(states.as_ref(), targets.as_ref(), &split, &CrossValidation::scaled_to(states.as_ref()))?;
//! assert!(scores[0].r_squared > 0.99);
//! # Ok::<(), tauspike_task::TaskError>(())
//! ```
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests compare and time"))]

pub mod capacity;
pub mod encode;
pub mod error;
pub mod key;
pub mod possible;
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

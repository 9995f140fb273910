//! The study: many reservoirs, rate and spiking, with time constants spread in many ways, over a suite of tasks.
//!
//! | module | question |
//! |---|---|
//! | [`spec`] | what does the file say, and is all of it right? |
//! | [`plan`], [`cell`] | which networks are there, and what determines each? |
//! | [`suite`] | what is asked of every network? |
//! | [`profile`], [`wiring`] | which time constants, weights and biases does a network have? |
//! | [`li`], [`lif`] | what are its states under a stimulus? |
//! | [`measure`] | what are its scores and its work? |
//! | [`mod@run`], [`store`] | how do thousands of cells become tables, also after a stop? |
//! | [`mod@export`] | how can others check a score? |
//! | [`error`] | what was wrong, where, and what would be right? |
//!
//! The invariant: `networks.parquet` and `results.parquet` depend on the file alone; not on threads, stops or clocks. It is *not*
//! a report: it draws no conclusion.
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests compare and time"))]

pub mod cell;
pub mod error;
pub mod export;
pub mod li;
pub mod lif;
pub mod measure;
pub mod plan;
pub mod profile;
pub mod run;
pub mod spec;
pub mod store;
pub mod suite;
mod tables;
pub mod wiring;

pub use error::StudyError;
pub use export::export;
pub use run::{Progress, RunOptions, Summary, run};
pub use spec::{Study, load};

//! Many networks: one scenario, run over axes of its values and over seeds, to one data set with a row for each run.
//!
//! | module | question |
//! |---|---|
//! | [`spec`] | what does the file say, and is all of it right? |
//! | [`plan`] | which runs are there, and what is set in each? |
//! | [`Shard`] | which of them are this process's? |
//! | [`identity`] | have two runs the same result? |
//! | [`execute`] | what came out of one run? |
//! | [`row`] | which columns has it? |
//! | [`regime`] | what is such a network called? |
//! | [`mod@run`], [`store`], [`gate`], `seat` | how do thousands of runs become rows, also after a stop, without filling the memory, and without building the same network again? |
//! | [`place`] | where in the folder is what, and whose is it? |
//! | [`mod@collect`], [`dataset`] | how do rows become a data set, and a data set rows? |
//! | [`figure`] | which pictures are there of it? |
//! | [`error`] | what was wrong, where, and what would be right? |
//!
//! The invariants: a row depends on the scenario, what is set in it, and its seed alone (wall times aside): not on threads, shards, stops,
//! or what else is in the sweep. A run that fails is a row with its error. What is wrong with the sweep itself is refused before any run.
//!
//! ```
//! use std::sync::atomic::AtomicBool;
//! use tauspike_sweep::{RunOptions, Shard, collect, run, spec};
//!
//! # let folder = tempfile::tempdir()?;
//! # let out = &folder.path().join("out");
//! let neuron = r#"
//!     name = "one_neuron"
//!     duration_ms = 100.0
//!     [[population]]
//!     name = "n"
//!     size = 1
//!     model = "lif_delta"
//!     i_e_pa = 300.0
//! "#;
//! # let scenario = folder.path().join("neuron.toml");
//! std::fs::write(&scenario, neuron)?;
//! let sweep = spec::from_text(
//!     r#"
//!     name = "currents"
//!     scenario = "neuron.toml"
//!     [[axis]]
//!     key = "population.n.i_e_pa"
//!     name = "current"
//!     values = [0, 500.0, 1000.0]
//!     "#,
//!     &folder.path().join("sweep.toml"),
//!     &[],
//! )?;
//! let stop = AtomicBool::new(false);
//! let options = RunOptions { out, shard: Shard::WHOLE, jobs: 1, threads: 1, memory: None, retry: false, stop: &stop, progress: &|_| () };
//! assert!(run(&sweep, &options)?.finished());
//! assert_eq!(collect(&sweep, out, false)?.rows, 3);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests compare and time"))]

pub mod collect;
pub mod dataset;
pub mod error;
pub mod execute;
pub mod figure;
pub mod gate;
pub mod identity;
pub mod place;
pub mod plan;
pub mod regime;
pub mod row;
pub mod run;
mod seat;
pub mod spec;
pub mod store;

pub use collect::{Collected, collect};
pub use error::SweepError;
pub use place::Place;
pub use row::{Cell, Row};
pub use run::{Progress, RunOptions, Status, run, status};
pub use spec::{Sweep, load};
pub use tauspike_record::Shard;

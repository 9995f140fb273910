//! The study: many reservoirs, rate and spiking, with time constants spread in many ways, over a suite of tasks.
//!
//! | module | question |
//! |---|---|
//! | [`spec`] | what does the file say, and is all of it right? |
//! | [`plan`], [`cell`] | which networks are there, and what determines each? |
//! | [`suite`] | what is asked of every network? |
//! | [`profile`], [`wiring`] | which time constants, weights and biases does a network have? |
//! | [`li`], [`lif`] | what are its states under a stimulus? |
//! | [`damage`] | what does it lose before it is tested? |
//! | [`measure`], [`work`] | what are its scores, and what its work? |
//! | [`mod@run`], `queue`, [`store`], [`identity`], `place` | how do thousands of cells become tables, also after a stop, and by many processes? |
//! | [`mod@export`] | how can others check a score? |
//! | [`error`] | what was wrong, where, and what would be right? |
//!
//! The invariant: `networks.parquet`, `results.parquet` and `taus.parquet` depend on the file alone; not on threads, shards, stops or clocks. It is *not*
//! a report: it draws no conclusion.
//!
//! Do ten neurons with spread time constants do better than ten alike?
//!
//! ```
//! use std::sync::atomic::AtomicBool;
//! use tauspike_study::{RunOptions, Shard, run, spec};
//!
//! let text = r#"
//!     name = "small"
//!     seeds = 2
//!     models = ["LI"]
//!     [sampling]
//!     washout = 20
//!     train = 100
//!     test = 50
//!     [suite]
//!     degrees = [1, 2]
//!     shifts_ms = [-10.0, 0.0]
//!     dimensions = [1]
//!     correlation_times_ms = [10.0]
//!     [network]
//!     n = 10
//!     in_degree = 3
//!     [[profile]]
//!     name = "gamma"
//!     distribution = "gamma"
//!     cvs = [1.0]
//!     [[experiment]]
//!     name = "spread"
//!     axes = { tau_ms = [10.0, 20.0] }
//! "#;
//! # let folder = tempfile::tempdir()?;
//! # let out = folder.path();
//! let study = spec::from_text(text, "small.toml".as_ref(), &[])?;
//! let stop = AtomicBool::new(false);
//! let options = RunOptions { out, shard: Shard::WHOLE, threads: 1, stop: &stop, progress: &|_| (), command: "an example".into() };
//! let summary = run(&study, &options)?;
//! assert!(summary.finished && out.join("networks.parquet").exists());
//! assert_eq!((summary.networks, summary.tasks), (8, 4));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests compare and time"))]

pub mod cell;
pub mod damage;
pub mod error;
pub mod export;
pub mod identity;
pub mod li;
pub mod lif;
pub mod measure;
mod place;
pub mod plan;
pub mod profile;
mod queue;
pub mod run;
pub mod spec;
pub mod store;
pub mod suite;
mod tables;
pub mod wiring;
pub mod work;

pub use error::StudyError;
pub use export::export;
pub use run::{Progress, RunOptions, Status, Summary, collect, run, status};
pub use spec::{Study, load};
pub use tauspike_record::Shard;

//! Resolves one TOML file to a network, a recording and an engine, and runs it: the only place that wires them.
//!
//! | module | question |
//! |---|---|
//! | [`scenario`] | what does the file say, and is all of it right? |
//! | [`mod@export`] | how do its network and parameters become tables? |
//! | [`mod@run`] | how does it become spikes on disk? |
//! | [`ranks`] | how do several processes run it together? |
//! | [`composition`] | how does a program say the same, with arrays in place of files? |
//! | [`ready`] | what does a program need that keeps a run in memory? |
//! | [`section`], [`tree`], [`overrides`] | how is a TOML file read, and refused with file, field, value and what is allowed? |
//! | [`report`] | what came out? |
//! | [`expected`] | is that what came out last time? |
//! | [`error`] | what was wrong, where, and what would be right? |
//!
//! The invariant: [`load`] refuses whatever is wrong with the file and the files it names, before a synapse is drawn or a byte is
//! written. It is *not* a command line: no printing, no signals, no exit codes.
//!
//! ```
//! use std::path::Path;
//! use tauspike_scenario::scenario::from_text;
//!
//! let text = r#"
//! name = "one_neuron"
//! seed = 1
//! duration_ms = 100.0
//!
//! [[population]]
//! name = "n"
//! size = 1
//! model = "lif_delta"
//! tau_m_ms = 20.0
//! c_m_pf = 250.0
//! e_l_mv = -70.0
//! v_th_mv = -50.0
//! v_reset_mv = -60.0
//! t_ref_ms = 2.0
//! i_e_pa = 300.0
//! "#;
//! let scenario = from_text(text, Path::new("one_neuron.toml"), &["duration_ms=50".into()])?;
//! assert_eq!((scenario.duration(), scenario.predict()?.neurons), (50.0, 1));
//!
//! // What is wrong is said with its place: file, table, key, value, and what is allowed.
//! let refused = from_text(text, Path::new("one_neuron.toml"), &["population.n.tau_m_ms=-20".into()]).and_then(|s| s.predict());
//! assert!(refused.unwrap_err().to_string().contains("tau_m_ms"));
//! # Ok::<(), tauspike_scenario::ScenarioError>(())
//! ```
//!
//! [`load`] reads the same from a file, and [`fn@run`] leaves spikes, probes, counters and a manifest in a folder.
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests compare and time"))]

pub mod composition;
mod data_file;
mod draft;
mod energy;
pub mod error;
pub mod expected;
pub mod export;
mod files;
mod input;
pub mod intervals;
mod locate;
mod memory;
pub mod overrides;
mod parameter;
mod places;
mod population;
mod projection;
pub mod ranks;
pub mod ready;
mod record;
mod recording;
mod replay;
pub mod report;
mod resume;
pub mod run;
pub mod scenario;
pub mod section;
mod signal;
mod snapshot_file;
mod summary;
pub mod tree;

pub use composition::Composition;
pub use error::{MissingFile, ScenarioError};
pub use expected::Expected;
pub use files::{data_files, sha256};
pub use parameter::read_distribution;
pub use ready::Ready;
pub use report::{PopulationReport, RunReport};
pub use run::{RunOptions, run};
pub use scenario::{Scenario, load};

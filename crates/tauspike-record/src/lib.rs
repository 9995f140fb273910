//! Writes and reads spikes, probes and counters as Parquet, with a manifest of the run.
//!
//! ```text
//! out/                        while running               finished
//!   manifest.json             status "running"            status "finished", "interrupted" or "failed"
//!   spikes.parquet            folder of parts             one file
//!     part-00000.parquet      no rows, so that the folder is readable at once
//!     part-00001.parquet      one row group: time_ms f64 | neuron u32 | population dictionary
//!   probes.parquet            likewise: time_ms | neuron | population | v_mv | i_syn_ex_pa | i_syn_in_pa
//!   neurons.parquet           population | neuron | local | tau_m_ms | ..: the realised parameters, complete from the start
//!   counters.parquet          likewise: start_ms | end_ms | one u64 column per counter
//!   ranks/rank=0/ ..          of a run on several processes: the tables of each of them, until they are one
//!   .spikes.parquet.ledger    rows and SHA-256 of each part, also one for each other table
//!   .tauspike.lock            who is writing here
//!   .tauspike-*.tmp           unfinished files; never data that is nowhere else
//! ```
//!
//! The invariants: a folder has one owner at a time, others are refused. At every moment, also after a kill -9, `spikes.parquet`
//! reads as a prefix of the spikes, up to the last finished row group. The one file in the end holds every row that was taken: what
//! is on disk is compared with what was recorded, and if it differs, nothing is removed. pandas and Polars read folder and file
//! alike. [`recover()`] turns what a killed run left into a file. (Between the two renames at the very end the rows are in
//! `.spikes.parquet.parts`, until the second rename or [`recover()`].)
//!
//! | module | question |
//! |---|---|
//! | [`output`], [`lock`] | which folder, whose is it, and may it be replaced? |
//! | [`mod@shard`] | how do several processes share work by a folder? |
//! | [`recorder`], [`tables`], `pace` | how do rows get from the engine to disk, and when? |
//! | [`part`], `ledger`, `join` | what is on disk at each moment, and is it what was recorded? |
//! | [`rank_folder`](mod@rank_folder), [`ranks`], `merge` | what do several processes leave, and how does it become one table? |
//! | [`mod@recover`] | what becomes of a killed run? |
//! | [`mod@file`], `durable` | how is a file written whole, and nobody else's touched? |
//! | [`schema`], [`population`] | which columns, in which units, of which populations? |
//! | [`digest`] | are two runs the same? |
//! | [`manifest`] | what was run? |
//! | [`reader`], [`statistics`], [`mod@compare`] | what came out? |
//! | [`mod@scan`], [`mod@split`] | how is a long recording read, or a window of it, or one population? |
//! | [`activity`], `oscillation` | how does the network fire: rates, irregularity, synchrony, rhythm? |
//!
//! It is *not* a simulation, and knows no scenario: the caller fills the free parts of the manifest.
//!
//! ```
//! use tauspike_record::*;
//! use tauspike_spike::{Spike, SpikeSink};
//!
//! # let dir = tempfile::tempdir().unwrap();
//! # let out = dir.path().join("out");
//! let populations = Populations::new(vec![PopulationRange { name: "e".into(), first: 0, size: 10 }])?;
//! let output = OutputDir::create(&out, false)?;
//! let mut recorder = SpikeRecorder::create(&output.spikes(), Spikes::new(populations), ROWS_PER_GROUP)?;
//! recorder.take(&[Spike { time: 1.5, source: 3 }]).unwrap();
//! let digest = recorder.finish()?.digest;
//! assert_eq!(digest.spikes(), 1);
//! assert_eq!(read_spikes(&output.spikes())?.neuron, [3]);
//! # Ok::<(), RecordError>(())
//! ```
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests compare and time"))]

pub mod activity;
pub mod compare;
mod decode;
pub mod digest;
mod durable;
pub mod error;
pub mod file;
mod join;
mod ledger;
pub mod lock;
pub mod manifest;
mod merge;
mod oscillation;
pub mod output;
mod pace;
pub mod part;
pub mod population;
pub mod rank_folder;
pub mod ranks;
mod reached;
pub mod reader;
pub mod recorder;
pub mod recover;
pub mod scan;
pub mod schema;
pub mod shard;
pub mod split;
pub mod statistics;
pub mod tables;
mod texts;
mod utc;

pub use activity::{Activity, PopulationActivity};
pub use compare::{Comparison, Difference, compare};
pub use decode::guarded;
pub use digest::{Digest, sha256_hex};
pub use durable::write_atomic;
pub use error::RecordError;
pub use file::{NewFile, check_file, write_file};
pub use ledger::sha256_of as sha256_of_file;
pub use lock::{Lock, holder, refuse_if_held};
pub use manifest::{Host, InputChange, Manifest, RankEntry, Resumed, ScenarioText, Status, hostname};
pub use output::{OutputDir, run_with};
pub use part::{PartWriter, ROWS_PER_GROUP};
pub use population::{PopulationRange, Populations};
pub use rank_folder::{rank_folder, rank_snapshot};
pub use ranks::{complete_until, merge_probes, merge_spikes};
pub use reader::{SpikeBatch, SpikeReader, SpikeTable, read_digest, read_spikes};
pub use recorder::{Recorder, Table};
pub use recover::recover;
pub use scan::{Scanned, check_complete, last_time, scan};
pub use shard::{Shard, ShardError};
pub use split::split;
pub use statistics::{Intervals, IsiCv, isi_cv, rates};
pub use tables::{CounterRecorder, CounterRow, Counters, ProbeRecorder, Probes, SpikeRecorder, Spikes};
pub use tauspike_spike::Tee;
pub use texts::Texts;
pub use utc::rfc3339;

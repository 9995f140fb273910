//! Reads what others made (synapse lists, spike trains, signals, per-neuron parameters) and refuses what is not valid.
//!
//! A file goes in, validated columns come out. The invariant: whatever the bytes, the result is either columns that keep every
//! promise of their documentation, or an [`ImportError`] that names the file, the place, the field, the value and what is allowed.
//! Nothing panics, nothing is repaired silently, and no header makes us allocate what is not there.
//!
//! | function | reads | from |
//! |---|---|---|
//! | [`read_synapses`] | pre, post, weight, delay | CSV, Parquet, NPZ, SciPy sparse |
//! | [`read_spikes`] | times and neurons of another simulator | CSV, Parquet, NPZ, text |
//! | [`read_trains`] | spike times by source | CSV, Parquet, NPZ, NPY, text |
//! | [`read_signal`] | times and values | CSV, Parquet, NPZ, NPY, text |
//! | [`read_parameters`] | named values by neuron | CSV, Parquet, NPZ |
//! | [`read_values`] | one column | CSV, Parquet, NPZ, NPY, text |
//!
//! All of them take a [`Source`]: a path, or bytes in memory. It is *not* a data frame, and it does not read tauspike's own
//! recordings as such: that is `tauspike-record`.
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests compare and time"))]

mod contain;
mod csv_table;
mod error;
mod export;
mod nearest;
mod npy;
mod npz_table;
mod parameters;
mod parquet_table;
mod signal;
mod source;
mod sparse;
mod spikes;
mod synapses;
mod table;
mod text;
mod text_table;
mod trains;
mod unnamed;

pub use error::{ImportError, Place};
pub use export::{write_synapses_csv, write_synapses_npz};
pub use nearest::nearest;
pub use parameters::{read_parameters, read_values};
pub use signal::{SampledSignal, Sampling, read_signal};
pub use source::{Format, Source};
pub use spikes::{SpikeColumns, SpikeRows, column_names, read_columns, read_spikes};
pub use synapses::{SynapseColumns, SynapseShape, WeightUnit, read_synapses};
pub use trains::read_trains;
pub use unnamed::TimeUnit;

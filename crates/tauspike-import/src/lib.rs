//! Reads what others made (synapse lists, spike trains, signals, per-neuron parameters) and refuses what is not valid.
//!
//! A file goes in, validated columns come out. The invariant: whatever the bytes, the result is either columns that keep every
//! promise of their documentation, or an [`ImportError`] that names the file, the place, the field, the value and what is allowed.
//! Nothing panics, nothing is repaired silently, and no header makes us allocate what is not there.
//!
//! | function | reads | from |
//! |---|---|---|
//! | [`read_synapses`], [`read_projection`] | pre, post, weight, delay | CSV, Parquet, NPZ, SciPy sparse |
//! | [`read_spikes`] | times and neurons of another simulator | CSV, Parquet, NPZ, text |
//! | [`read_trains`] | spike times by source | CSV, Parquet, NPZ, NPY, text |
//! | [`read_signal`] | times and values | CSV, Parquet, NPZ, NPY, text |
//! | [`read_parameters`], [`read_member_parameters`] | named values by neuron | CSV, Parquet, NPZ |
//! | [`read_values`] | one column | CSV, Parquet, NPZ, NPY, text |
//! | [`read_member_values`] | one column by neuron | CSV, Parquet, NPZ, NPY, text |
//!
//! [`refused_member`] and [`refused_synapse`] say where in its file a value is that was read, and that the caller cannot take.
//!
//! How a cell becomes a number is the same everywhere:
//!
//! - a number that f64 cannot hold exactly as the integer it is written as is refused, not rounded; so are nulls, NaN and infinity;
//! - an index may be any integer type, or floating point with a whole number in it;
//! - where a time is asked for, durations and times of day are converted to ms by their unit; dates, booleans and text are refused;
//! - columns in which pandas numbered the rows (`__index_level_0__`, a first column without a name) are ignored;
//! - CSV and text may be compressed by gzip, Parquet by anything but LZO.
//!
//! All of them take a [`Source`]: a path, or bytes in memory. It is *not* a data frame, and it does not read tauspike's own
//! recordings as such: that is `tauspike-record`.
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests compare and time"))]

mod columns;
mod error;
mod export;
mod format;
mod lines;
mod members;
mod nearest;
mod parameters;
mod quantity;
mod scipy;
mod signal;
mod source;
mod spikes;
mod synapse_list;
mod synapses;
mod trains;
mod values;

pub use error::{ImportError, Place};
pub use export::{Entry, Heading, Holds, TableWriter, Values, write_arrays, write_csr};
pub use format::Format;
pub use members::Members;
pub use nearest::nearest;
pub use parameters::{read_member_parameters, read_parameters};
pub use quantity::{Quantity, TimeUnit};
pub use signal::{SampledSignal, Sampling, read_signal};
pub use source::Source;
pub use spikes::{SpikeColumns, SpikeRows, column_names, read_columns, read_spikes};
pub use synapse_list::{SynapseColumns, SynapseShape, WeightUnit};
pub use synapses::{read_projection, read_synapses, refused_synapse};
pub use trains::{read_trains, read_trains_of};
pub use values::{read_member_values, read_values, refused_member};

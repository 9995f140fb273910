//! The tables of a study: which columns they have, written and read.
//!
//! ```text
//! networks.parquet  one row per network and readout        columns::networks()
//! results.parquet   one row per network, readout and task  columns::results()
//! taus.parquet      one row per profile, seed and neuron   columns::taus()
//! ```
//!
//! Who writes a table gives every column, in order; who reads one names those it needs. Both name them by the constants of
//! [`columns`], so a column has one name, one type, one unit. Columns that a reader does not name are not looked at: a table of an
//! earlier version is read as long as it has the others.
//!
//! | module | question |
//! |---|---|
//! | [`columns`] | which columns are there, and what does each hold? |
//! | [`write`](mod@write) | how does a table become a file? |
//! | [`read`] | what does a file hold, and what is wrong with it? |
//!
//! ```
//! use tauspike_results::{Rows, Table, columns, write};
//!
//! # let folder = tempfile::tempdir().unwrap();
//! # let path = folder.path().join("sizes.parquet");
//! let schema = [columns::NETWORK_ID, columns::N];
//! let rows = Rows::default().text(columns::NETWORK_ID, ["a".into(), "b".into()]).whole(columns::N, [50, 100]);
//! write(&path, &schema, [rows])?;
//!
//! let table = Table::read(&path, &[columns::N])?;
//! assert_eq!((table.rows, table.whole(columns::N, 1)), (2, 100));
//! # Ok::<(), tauspike_record::RecordError>(())
//! ```
//!
//! It computes nothing, and knows neither how a study is run nor what is concluded from it.

pub mod columns;
pub mod read;
pub mod write;

pub use columns::{Column, Kind};
pub use read::{Table, read_batch};
pub use write::{Rows, write, write_batches};

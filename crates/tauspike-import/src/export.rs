//! Tables and matrices out, as pandas, Polars, NumPy and SciPy read them, and [`crate::read_projection`] and [`crate::read_parameters`].
//!
//! | file | question |
//! |---|---|
//! | [`table`] | how do rows get to CSV and Parquet, piece by piece? |
//! | [`arrays`] | how do columns and sparse matrices get to NPZ? |

mod arrays;
mod table;

pub use arrays::{Entry, write_arrays, write_csr};
pub use table::{Heading, Holds, TableWriter, Values};

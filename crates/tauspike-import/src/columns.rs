//! How do columns of numbers come out of a file?
//!
//! | file | question |
//! |---|---|
//! | [`column`] | what may a column hold, and how does a cell become a number? |
//! | [`fields`] | which columns of a file are those the caller asks for? |
//! | [`table`] | named columns, whatever the format |
//! | [`text_table`] | named columns of a text file |
//! | [`unnamed`] | columns of a format without names |
//! | [`csv`], [`parquet`], [`npz`], [`text`], [`npy`] | one format each |
//! | [`arrow_values`] | how does each type of Parquet become numbers? |
//! | [`hint`] | what did the writer of a wrong CSV or text file most likely mean? |
//! | [`only`] | which rows of a table of several populations or projections are read? |
//! | [`contain`] | what if the library that reads a format panics? |

pub(crate) mod arrow_values;
pub(crate) mod column;
pub(crate) mod contain;
pub(crate) mod csv;
pub(crate) mod fields;
pub(crate) mod hint;
pub(crate) mod npy;
pub(crate) mod npz;
pub(crate) mod only;
pub(crate) mod parquet;
pub(crate) mod table;
pub(crate) mod text;
pub(crate) mod text_table;
pub(crate) mod unnamed;

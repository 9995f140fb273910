//! What the crate promises about files, tested on files. One binary, so that it links once.
#![allow(clippy::disallowed_methods, reason = "tests compare and time")]

mod altered;
mod broken;
mod kill;
mod long;
mod output;
mod ownership;
mod ranks;
mod recovery;
mod round_trip;
mod size;
mod train;

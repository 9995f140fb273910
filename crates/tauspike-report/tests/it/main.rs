//! A report on studies of which it is known what is in them.
#![allow(clippy::disallowed_methods, reason = "tests compare and time")]

mod files;
mod synthetic;
mod verdicts;

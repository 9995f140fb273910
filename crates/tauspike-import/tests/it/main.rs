//! What every reader takes and what it refuses, in one binary.
#![allow(clippy::disallowed_methods, reason = "tests compare and time")]

mod any_bytes;
mod dialects;
mod export;
mod files;
mod signals;
mod synapses;
mod tables;
mod trains;
mod types;

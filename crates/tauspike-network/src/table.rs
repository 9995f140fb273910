//! What is the finished network? Tables that are filled once and then only read.

pub mod column;
pub(crate) mod delays;
pub mod fanout;
pub mod input;
#[cfg(feature = "sprs")]
pub mod matrix;
pub mod network;
pub mod population;
pub mod procedural;
pub(crate) mod rows;

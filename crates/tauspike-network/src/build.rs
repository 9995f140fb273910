//! How does a description become a network? Check everything, predict the size, draw the parameters, fill the tables.

pub mod allowed;
mod block_size;
pub mod builder;
mod by_source;
mod by_target;
mod draft;
mod drive;
mod extent;
mod layout;
mod parallel;
mod plan;
pub mod predict;
mod procedural;
mod realise;
pub mod shared;
mod tables;
mod validate;
mod values;

//! What does a user ask for? Descriptions as they are given, and the ranges of their numbers; [`crate::build`] checks the whole.

pub mod cut;
pub(crate) mod description;
pub mod distribution;
pub mod lif;
pub mod model;
pub mod moments;
pub mod parameter;
pub mod rule;
mod sampling;
pub mod signal;
pub mod spec;

//! What is particular to a machine: instruction sets and cache lines. Nothing here changes a bit of a result.

pub(crate) mod prefetch;
pub(crate) mod simd;

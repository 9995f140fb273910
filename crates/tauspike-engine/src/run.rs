//! In which order the work is done: epochs over blocks, or one instant after the other.
//!
//! ```text
//! epochs     collect the spikes of an epoch -> exchange -> launch
//!   workers    the blocks, and the threads that take them
//!   shared     what these share, and do when called
//!   barrier    where they meet
//!   turns      whether they are called, or the leading one works alone
//! parts      what a run moves, and where what comes of it goes
//! instants   for zero delays: one total order of everything
//!   queue      which neuron is next
//!   pending    which arrivals are next
//! ```

mod barrier;
pub(crate) mod epochs;
pub(crate) mod instants;
pub(crate) mod parts;
mod pending;
pub(crate) mod queue;
mod shared;
mod turns;
pub(crate) mod workers;

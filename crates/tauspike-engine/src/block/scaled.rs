//! Neurons whose arrivals are integers that are added up, of which only those that may have fired are looked at (ADR 0013).
//!
//! An epoch is run in *windows* that lie in one pass. In a window
//!
//! 1. all excitation is added to the cells of its targets;
//! 2. a neuron that with it stays below threshold for all of the window cannot have fired, and keeps the sum;
//! 3. inhibition is added;
//! 4. the others get their own arrivals back, by a second walk over the rows, and go through them instant by instant.
//!
//! ```text
//! model     what a neuron is to the engine
//! jumps     neurons with delta synapses: one integer
//! currents  neurons with synaptic currents: three integers, or five
//! kind      what the neurons of a population have in common
//! neurons   a block of them
//! window    an epoch, window by window
//! stride    how long windows are
//! add       steps 1 and 3, and the walk of step 4
//! instants  the same neurons where delays are zero
//! looks     probes
//! steered   what a program does to them
//! state     what of it a snapshot keeps
//! headroom  whether the integers hold what arrives
//! marks, ahead, room, table, potentials   what these keep in mind
//! ```
//!
//! Windows are a matter of schedule: where they begin and end changes no bit.

mod add;
mod ahead;
pub(crate) mod currents;
mod four;
mod headroom;
mod instants;
pub(crate) mod jumps;
pub(crate) mod kind;
mod looks;
mod marks;
pub(crate) mod model;
pub(crate) mod neurons;
mod potentials;
pub(crate) mod room;
pub(crate) mod state;
mod steered;
mod stride;
mod table;
mod window;

//! Neurons with delta synapses: arrivals are integers that are added up, and only neurons that may have fired are looked at (ADR 0013).
//!
//! An epoch is run in *windows* that lie in one pass. In a window
//!
//! 1. all excitation is added to the scaled potentials of its targets;
//! 2. a neuron whose potential with it is below threshold at any time of the window cannot have fired, and keeps the sum;
//! 3. inhibition is added;
//! 4. the others get their own arrivals back, by a second walk over the rows, and go through them instant by instant.
//!
//! ```text
//! kind      what the neurons of a population have in common
//! members   what each neuron is like
//! neurons   a block of them
//! window    an epoch, window by window
//! add       steps 1 and 3, and the walk of step 4
//! find      step 2
//! resolve   one neuron, instant by instant
//! state     what of it a snapshot keeps
//! instants  the same neurons where delays are zero
//! looks     probes
//! headroom  whether the integers hold what arrives
//! signs     excitation and inhibition
//! marks, ahead, room, table   what these keep in mind
//! ```
//!
//! Windows are a matter of schedule: where they begin and end changes no bit.

mod add;
mod ahead;
mod find;
mod headroom;
mod instants;
pub(crate) mod kind;
mod looks;
mod marks;
mod members;
pub(crate) mod neurons;
mod resolve;
pub(crate) mod room;
mod signs;
pub(crate) mod state;
mod table;
mod window;

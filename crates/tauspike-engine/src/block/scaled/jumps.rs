//! Neurons with delta synapses: V jumps.
//!
//! ```text
//! neurons   a block of them
//! model     what the engine asks of them
//! members   what each neuron is like
//! find      which may have fired in a window
//! resolve   one neuron, instant by instant
//! state     what of them a snapshot keeps
//! ```

mod find;
mod members;
mod model;
pub(crate) mod neurons;
mod resolve;
pub(crate) mod state;

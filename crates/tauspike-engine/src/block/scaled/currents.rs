//! Neurons with synaptic currents, exponential or alpha functions: V turns.
//!
//! ```text
//! neurons   a block of them
//! model     what the engine asks of them
//! find      which may have fired in a window
//! moves     from pass to pass
//! resolve   one neuron, instant by instant
//! state     what of them a snapshot keeps
//! ```

mod find;
mod model;
mod moves;
pub(crate) mod neurons;
mod resolve;
pub(crate) mod state;

//! A slow, obvious simulator of the same networks, to be believed because there is little in it to doubt.
//!
//! One heap of everything that is going to happen, no epochs, no blocks, no threads; its own closed forms and its own root
//! finding, plainly written. It shares the data types of a network and nothing else with the simulator it checks: it must never
//! depend on the neuron or the engine crate. It is *not* published and *not* fast.
//!
//! | module | question |
//! |---|---|
//! | [`simulate()`] | which spikes does a network give? |
//! | [`neuron`] | what does one neuron do between and at events? |
//! | [`crossing`] | when does V first reach V_th? |
//! | [`alpha`] | the same where currents are alpha functions |
//! | [`process`] | when do Poisson processes fire? |
//! | [`precise`] | the same for one neuron, in arithmetic of 40 to 60 digits |
//! | [`random_network`] | proptest strategies for small networks |
//!
//! Two cases are finer than a network can usually tell: events before time 0 are left out (a signal step before 0 acts at 0), and
//! a delay so small that `spike time + delay` rounds to the spike time counts as zero delay.
#![allow(clippy::disallowed_methods, reason = "shares no arithmetic with the engine, so it takes the system's")]

pub mod alpha;
pub mod crossing;
pub mod neuron;
pub mod precise;
pub mod process;
pub mod random_network;
mod simulate;

pub use simulate::{MAX_WAVES, OracleError, neurons_at, simulate};

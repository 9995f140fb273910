//! Tests that need more than one crate, in one binary.
//!
//! * *oracle* tests compare with something computed independently: NEST's precise models checked in 40-digit arithmetic
//!   ([`reference`], [`exact`]), and a slow simulator that shares no code with the engine ([`oracle`]).
//! * one neuron at a time is held against closed forms ([`neurons`]).
//! * *drift* tests compare the engine with itself, bit by bit: threads, cuts, restarts, schedules, instruction sets ([`layout`], [`cuts`]), rows stored or drawn
//!   at each spike ([`procedural`]).
//! * two look at the files: what documents name exists ([`documents`]), and modules do not import each other in circles ([`modules`]).
#![allow(clippy::disallowed_methods, reason = "tests compare and time")]

mod alpha;
mod at_threshold;
mod closed_loop;
mod cuts;
mod descriptions;
mod documents;
mod exact;
mod fast_neurons;
mod faults;
mod features;
mod headroom;
mod integrators;
mod layout;
mod limits;
mod modules;
mod networks;
mod neurons;
mod oracle;
mod procedural;
mod ranks;
mod reference;
mod resume;
mod scenarios;
mod shared;

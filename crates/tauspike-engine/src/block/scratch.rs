//! Room to work in, one for each thread; empty between epochs.

use crate::block::scaled::currents::neurons::Currents;
use crate::block::scaled::jumps::neurons::Jumps;
use crate::block::scaled::room::{Room, Spread};
use tauspike_neuron::dynamics::{ALPHA, EXPONENTIAL};

/// Reused from block to block.
#[derive(Default)]
pub(crate) struct Scratch {
    pub(super) spread: Spread,
    pub(super) jumps: Room<Jumps<i64>>,
    pub(super) wide_jumps: Room<Jumps<i128>>,
    pub(super) currents: Room<Currents<i64, EXPONENTIAL>>,
    pub(super) wide_currents: Room<Currents<i128, EXPONENTIAL>>,
    pub(super) alphas: Room<Currents<i64, ALPHA>>,
    pub(super) wide_alphas: Room<Currents<i128, ALPHA>>,
}

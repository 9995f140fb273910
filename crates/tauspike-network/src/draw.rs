//! How are random numbers made of a seed? Pure functions of a [`key::Key`] and a unit; nothing here knows a network.

pub(crate) mod count;
pub(crate) mod key;
pub(crate) mod partners;
pub(crate) mod pick;
pub mod sampler;
pub(crate) mod values;
pub(crate) mod variate;

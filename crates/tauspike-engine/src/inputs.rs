//! What reaches neurons, or fires, by itself: private Poisson trains, current steps, spike sources.

pub(crate) mod bulk;
pub(crate) mod currents;
pub(crate) mod follow;
pub(crate) mod process;
pub(crate) mod sources;
pub(crate) mod steps;
pub(crate) mod trains;

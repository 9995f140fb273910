//! What reaches neurons, or fires, by itself: private Poisson trains, current steps, spike sources; and what a program puts in.

pub(crate) mod bulk;
pub(crate) mod currents;
pub(crate) mod follow;
pub(crate) mod held;
pub(crate) mod injected;
pub(crate) mod process;
pub(crate) mod rates;
pub(crate) mod sources;
pub(crate) mod steps;
pub(crate) mod trains;

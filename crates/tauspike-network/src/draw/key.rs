//! Under which key a quantity is drawn.

use tauspike_spike::{Domain, Stream};

/// The seed of the network and the quantity. Each unit (a neuron, a target, a source) has a stream of its own under it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key {
    pub(crate) seed: u64,
    pub(crate) domain: Domain,
}

impl Key {
    /// The draws of one unit.
    pub(crate) fn stream(self, unit: u32) -> Stream {
        Stream::new(self.seed, self.domain, unit)
    }
}

//! Spikes between neurons: those on their way, what of them arrives in an epoch, and how other ranks learn of them.

pub mod exchange;
pub(crate) mod flights;
pub(crate) mod plan;
pub(crate) mod redraw;
pub(crate) mod span;

use span::Span;
use tauspike_network::network::Network;

/// Spikes on their way, and what of them arrives in the present epoch.
pub(crate) struct Transit {
    pub plan: plan::Plan,
    pub flights: flights::Flights,
}

impl Transit {
    /// Nothing yet.
    pub fn new(network: &Network) -> Self {
        Self { plan: plan::Plan::new(network), flights: flights::Flights::new(network) }
    }

    /// Plans `epoch`. `width` is the length of a whole one, ms.
    pub fn make_plan(&mut self, network: &Network, epoch: Span, width: f64) {
        self.plan.make(network, &mut self.flights, epoch, width);
    }
}

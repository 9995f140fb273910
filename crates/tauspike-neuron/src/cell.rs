//! What comes to a neuron, what it shows of itself, and the work it makes.

/// A synaptic or external event at one neuron.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(C)]
pub struct Arrival {
    /// ms.
    pub time: f64,
    /// mV for delta synapses, pA for currents.
    pub weight: f64,
}

/// What a neuron shows of itself at one instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Membrane {
    /// Potential, mV.
    pub v: f64,
    /// Excitatory and inhibitory synaptic current, pA; `None` for neurons without synaptic currents.
    pub current: Option<(f64, f64)>,
}

/// Work done, for counters and energy proxies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Times a neuron's state was brought up to an event that changed it.
    pub updates: u64,
    /// Instants at which "does it fire?" was asked.
    pub crossings_tested: u64,
    /// Crossing times computed (logarithm or bracketed root).
    pub crossings_solved: u64,
}

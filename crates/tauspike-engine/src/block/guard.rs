//! A neuron that fires without end is found out.
//!
//! f64 ms cannot tell the spikes of a neuron apart whose interval is below an ulp, and a run that makes more than 1e9 of them in a
//! second of model time does not end. Constant drives of that kind are refused when the network is built; synaptic input can still
//! bring a neuron there, because it depends on the run. Spikes that arrivals cause do not count: any number may come at once.

use crate::error::EngineError;
use std::ops::ControlFlow;

/// Spikes beyond one for each arrival that a neuron may fire at any rate; then the rate counts.
const BURST: usize = 1024;
/// Shortest mean interval of the spikes that a neuron fires by itself, ms.
const SHORTEST: f64 = 1e-6;

/// A neuron, and the time at which it fired without end, ms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Endless {
    pub neuron: u32,
    pub time: f64,
    /// It did not fire: it, or one after it in its block, got more than can be added up.
    pub beyond: bool,
}

impl Endless {
    /// What the run ends with.
    pub fn error(self) -> EngineError {
        let Self { neuron, time, beyond } = self;
        if beyond { EngineError::Beyond { neuron, time } } else { EngineError::EndlessFiring { neuron, time } }
    }

    /// The earlier of two: which one is reported depends on the network alone.
    pub fn first(a: Option<Self>, b: Option<Self>) -> Option<Self> {
        [a, b].into_iter().flatten().min_by(|a, b| a.time.total_cmp(&b.time).then(a.neuron.cmp(&b.neuron)))
    }
}

/// Watches the spikes of one neuron from one look at it to the next.
pub(crate) struct Guard<'a> {
    caused: usize,
    spikes: usize,
    /// Of them at the time of the last.
    at_once: usize,
    first: f64,
    last: f64,
    found: &'a mut Option<Endless>,
}

impl<'a> Guard<'a> {
    /// For a visit with this many arrivals.
    #[inline(always)]
    pub fn new(arrivals: usize, found: &'a mut Option<Endless>) -> Self {
        Self { caused: arrivals, spikes: 0, at_once: 0, first: 0.0, last: f64::NEG_INFINITY, found }
    }

    /// Whether the neuron may go on after a spike at `time`.
    #[inline(always)]
    pub fn pass(&mut self, time: f64, neuron: u32) -> ControlFlow<()> {
        if self.spikes == 0 {
            self.first = time;
        }
        self.at_once = if time <= self.last { self.at_once + 1 } else { 1 };
        // at one time it may fire by itself, and once for each arrival
        let stands = self.at_once > self.caused + 1;
        (self.spikes, self.last) = (self.spikes + 1, time);
        let alone = self.spikes.saturating_sub(self.caused);
        if stands || alone > BURST && time - self.first < SHORTEST * alone as f64 {
            *self.found = Endless::first(*self.found, Some(Endless { neuron, time, beyond: false }));
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }
}

/// The same over many instants, of which each is a visit of its own: when a neuron began to fire by itself, and how often since.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pace {
    since: f64,
    spikes: usize,
}

impl Pace {
    /// Whether one more spike of its own, at `time`, shows that the neuron fires without end.
    pub fn is_endless(&mut self, time: f64) -> bool {
        if time - self.since >= SHORTEST * BURST as f64 {
            *self = Self { since: time, spikes: 0 };
        }
        self.spikes += 1;
        self.spikes > BURST
    }
}

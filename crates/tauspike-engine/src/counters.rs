//! What a run did, as numbers returned by value.

/// Totals since time 0. Independent of the number of threads; how a run is scheduled shows in `queue_operations` alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Counters {
    /// Spikes of neurons.
    pub spikes: u64,
    /// Spikes of spike sources.
    pub source_spikes: u64,
    /// Arrivals over synapses, also those dropped in refractoriness.
    pub synaptic_arrivals: u64,
    /// Private external arrivals (Poisson inputs) and current steps, one for each neuron reached.
    pub external_arrivals: u64,
    /// Times a membrane was brought up to an event that changed it.
    pub neuron_updates: u64,
    /// Times it was asked whether a membrane crosses threshold.
    pub crossings_tested: u64,
    /// Crossing times computed.
    pub crossings_solved: u64,
    /// Entries put into or taken from a calendar or priority queue.
    pub queue_operations: u64,
}

impl Counters {
    /// Field by field `self - earlier`.
    pub fn since(&self, earlier: &Counters) -> Counters {
        Counters {
            spikes: self.spikes - earlier.spikes,
            source_spikes: self.source_spikes - earlier.source_spikes,
            synaptic_arrivals: self.synaptic_arrivals - earlier.synaptic_arrivals,
            external_arrivals: self.external_arrivals - earlier.external_arrivals,
            neuron_updates: self.neuron_updates - earlier.neuron_updates,
            crossings_tested: self.crossings_tested - earlier.crossings_tested,
            crossings_solved: self.crossings_solved - earlier.crossings_solved,
            queue_operations: self.queue_operations - earlier.queue_operations,
        }
    }

    pub(crate) fn add(&mut self, other: &Counters) {
        self.spikes += other.spikes;
        self.source_spikes += other.source_spikes;
        self.synaptic_arrivals += other.synaptic_arrivals;
        self.external_arrivals += other.external_arrivals;
        self.neuron_updates += other.neuron_updates;
        self.crossings_tested += other.crossings_tested;
        self.crossings_solved += other.crossings_solved;
        self.queue_operations += other.queue_operations;
    }

    /// Names and values, in the order of declaration.
    pub fn named(&self) -> [(&'static str, u64); 8] {
        [
            ("spikes", self.spikes),
            ("source_spikes", self.source_spikes),
            ("synaptic_arrivals", self.synaptic_arrivals),
            ("external_arrivals", self.external_arrivals),
            ("neuron_updates", self.neuron_updates),
            ("crossings_tested", self.crossings_tested),
            ("crossings_solved", self.crossings_solved),
            ("queue_operations", self.queue_operations),
        ]
    }
}

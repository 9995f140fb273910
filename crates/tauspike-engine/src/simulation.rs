//! A network in motion.

use crate::Counters;
use crate::block::{AnyBlock, of_either};
use crate::error::EngineError;
use crate::flight::Flights;
use crate::probe::Probe;
use crate::queue::{Keyed, Tournament};
use crate::simd::Simd;
use crate::source::Sources;
use crate::{epoch_loop, instant_loop};
use std::ops::ControlFlow;
use std::sync::Arc;
use tauspike_network::network::Network;
use tauspike_network::population::Cells;
use tauspike_neuron::Membrane;
use tauspike_spike::SpikeSink;

/// Epochs longer than this, ms, bring nothing: a block's arrivals would only leave the cache.
const LONGEST_EPOCH: f64 = 2.0;
/// Times beyond this, ms (31 years), are refused: an ulp is 0.1 us there.
pub const LATEST: f64 = 1e12;
/// Below this smallest delay, ms, epochs would be emptier than instants.
const SHORTEST_EPOCH: f64 = 1e-3;

/// How a run is organised. No choice changes a bit of the spikes.
#[derive(Clone, Debug)]
pub struct Options {
    /// Threads, 1 to 1024.
    pub threads: usize,
    /// Epochs or instants.
    pub schedule: Schedule,
    /// Instruction set of the inner loops.
    pub simd: Simd,
}

impl Default for Options {
    fn default() -> Self {
        Self { threads: 1, schedule: Schedule::Automatic, simd: Simd::detect() }
    }
}

/// In which order the work is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// Epochs if the smallest delay allows, instants otherwise.
    Automatic,
    /// One instant after the other, with a tree of our own as queue.
    Instants,
    /// The same with the `priority-queue` crate as queue.
    InstantsKeyed,
}

/// A network in motion: its state at one time, and the means to go on.
pub struct Simulation {
    pub(crate) network: Arc<Network>,
    pub(crate) options: Options,
    pub(crate) blocks: Vec<AnyBlock>,
    pub(crate) sources: Vec<Option<Sources>>,
    pub(crate) flights: Flights,
    pub(crate) now: f64,
    /// Length of an epoch, ms.
    pub(crate) width: f64,
    /// Counters that do not live in blocks, and all of them before a restore.
    pub(crate) totals: Counters,
}

impl Simulation {
    /// The network at time 0.
    ///
    /// # Errors
    /// [`EngineError::Option`] if the number of threads is not in 1..=1024.
    pub fn new(network: Arc<Network>, options: Options) -> Result<Self, EngineError> {
        if !(1..=1024).contains(&options.threads) {
            return Err(EngineError::Option {
                field: "threads",
                value: options.threads.to_string(),
                allowed: "1 to 1024".into(),
            });
        }
        let shortest = network.projections().iter().map(|p| p.min_delay).fold(f64::INFINITY, f64::min);
        let width = if shortest < SHORTEST_EPOCH { LONGEST_EPOCH } else { shortest.min(LONGEST_EPOCH) };
        let mut sim = Self {
            blocks: AnyBlock::of(&network, &[], width),
            sources: Sources::of(&network),
            flights: Flights::new(&network),
            network,
            options,
            now: 0.0,
            width,
            totals: Counters::default(),
        };
        sim.reschedule();
        Ok(sim)
    }

    /// Sets the probes, replacing those before; they look from the present on.
    ///
    /// # Errors
    /// [`EngineError::Option`] if a neuron is not a LIF neuron of the network, or a time or interval is not allowed.
    pub fn set_probes(&mut self, probes: &[Probe]) -> Result<(), EngineError> {
        for probe in probes {
            self.check(probe)?;
        }
        let now = self.now;
        for block in &mut self.blocks {
            of_either!(block, block => {
                block.look(probes, now);
                block.reschedule(now);
            });
        }
        Ok(())
    }

    fn check(&self, probe: &Probe) -> Result<(), EngineError> {
        let refused = |field, value: String, allowed: &str| {
            Err(EngineError::Option { field, value, allowed: allowed.to_string() })
        };
        for &neuron in &probe.neurons {
            if !self.network.blocks().iter().any(|b| (b.first..b.first + b.len).contains(&neuron)) {
                return refused("probe neurons", neuron.to_string(), "must be the global index of a LIF neuron");
            }
        }
        match &probe.times {
            crate::ProbeTimes::Every { start, interval }
                if !(start.is_finite() && *interval > 0.0 && *start >= 0.0) =>
            {
                refused(
                    "probe interval",
                    format!("{interval} from {start}"),
                    "interval > 0 and start >= 0, finite, in ms",
                )
            }
            crate::ProbeTimes::At(times) if !times.is_sorted_by(|a, b| a < b) || !times.iter().all(|t| *t >= 0.0) => {
                refused("probe times", format!("{times:?}"), "must be strictly increasing and >= 0, in ms")
            }
            _ => Ok(()),
        }
    }

    /// Runs to `until` ms. The run covers `[now, until)`: a spike at exactly `until` belongs to what follows.
    ///
    /// Running to a and then to b gives the same spikes, bit by bit, as running to b.
    ///
    /// # Errors
    /// [`EngineError::Until`], [`EngineError::EndlessCascade`], or what the sink refused.
    pub fn run(&mut self, until: f64, sink: &mut dyn SpikeSink) -> Result<(), EngineError> {
        self.run_watched(until, sink, &mut |_| ControlFlow::Continue(()))
    }

    /// As [`Simulation::run`]; `watch` gets the model time after each epoch and may end the run there.
    pub fn run_watched(
        &mut self,
        until: f64,
        sink: &mut dyn SpikeSink,
        watch: &mut dyn FnMut(f64) -> ControlFlow<()>,
    ) -> Result<(), EngineError> {
        if !(self.now..=LATEST).contains(&until) {
            return Err(EngineError::Until { until, now: self.now });
        }
        match self.options.schedule {
            Schedule::InstantsKeyed => instant_loop::run(self, Keyed::default(), until, sink, watch)?,
            Schedule::Instants => self.run_instants(until, sink, watch)?,
            Schedule::Automatic if self.needs_instants() => self.run_instants(until, sink, watch)?,
            Schedule::Automatic => return epoch_loop::run(self, until, sink, watch),
        }
        // the calendars were not kept up
        self.reschedule();
        Ok(())
    }

    fn run_instants(
        &mut self,
        until: f64,
        sink: &mut dyn SpikeSink,
        watch: &mut dyn FnMut(f64) -> ControlFlow<()>,
    ) -> Result<(), EngineError> {
        let queue = Tournament::new(instant_loop::queue_size(&self.blocks));
        instant_loop::run(self, queue, until, sink, watch)
    }

    fn needs_instants(&self) -> bool {
        self.network.projections().iter().any(|p| p.min_delay < SHORTEST_EPOCH)
    }

    pub(crate) fn reschedule(&mut self) {
        for block in &mut self.blocks {
            of_either!(block, block => block.reschedule(self.now));
        }
    }

    /// Model time, ms: all events before it have been processed.
    pub fn now(&self) -> f64 {
        self.now
    }

    /// The network.
    pub fn network(&self) -> &Arc<Network> {
        &self.network
    }

    /// Totals since time 0.
    pub fn counters(&self) -> Counters {
        let mut sum = self.totals;
        for block in &self.blocks {
            sum.add(&block.counters());
        }
        sum
    }

    /// Potential and currents of the neuron with this global index, now; `None` if it is not a LIF neuron.
    pub fn membrane(&self, neuron: u32) -> Option<Membrane> {
        let population = self.network.populations().iter().find(|p| p.range().contains(&neuron))?;
        matches!(population.cells, Cells::Lif(_)).then(|| {
            let which = self.network.blocks().partition_point(|b| b.first <= neuron) - 1;
            self.blocks[which].membrane(neuron, self.now)
        })
    }

    /// Bytes of dynamic state: neurons, inputs and spikes in flight, without the network's own tables.
    pub fn state_bytes(&self) -> u64 {
        let mut bytes = 0;
        for block in &self.blocks {
            of_either!(block, block => {
                bytes += size_of_val(&block.cells[..]) + size_of_val(&block.wake[..]);
                bytes += block.poisson.iter().map(|lane| size_of_val(&lane.positions[..])).sum::<usize>();
            });
        }
        let flights: usize = self.flights.of_population.iter().map(|f| size_of_val(&f[..])).sum();
        (bytes + flights) as u64
    }
}

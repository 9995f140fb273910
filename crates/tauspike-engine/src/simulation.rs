//! A network in motion.

use crate::block::Block;
use crate::error::EngineError;
use crate::inputs::rates::Rates;
use crate::inputs::sources::Sources;
use crate::options::{LATEST, Options, epoch_length};
use crate::probe::Probe;
use crate::run::parts::{Output, Parts, last_look};
use crate::run::queue::Keyed;
use crate::run::workers::Workers;
use crate::run::{epochs, instants};
use crate::transit::Transit;
use crate::transit::exchange::{Alone, Exchange, Rank};
use std::fmt;
use std::ops::{ControlFlow, Range};
use std::sync::Arc;
use tauspike_network::fanout;
use tauspike_network::network::Network;
use tauspike_network::population::Cells;
use tauspike_network::{Allowed, Difference};
use tauspike_neuron::Membrane;
use tauspike_spike::Counters;
use tauspike_spike::SpikeSink;

/// A network in motion: its state at one time, and the means to go on. What a program may do to it between two runs: [`crate::closed_loop`].
///
/// Its threads, if there is more than one, begin with the first run, sleep between runs, and end when it is dropped.
///
/// A run that fails ends it: everything before the failure has reached the sink, and nothing else can be asked of it but its time
/// and its counters. Go on from a snapshot, or begin anew.
pub struct Simulation {
    pub(crate) network: Arc<Network>,
    pub(crate) options: Options,
    /// Blocks of this rank, in the order of global index, and spikes on their way.
    pub(crate) workers: Workers,
    /// Of these blocks.
    ranges: Vec<fanout::Block>,
    /// By population; none where it has neurons, or another rank runs them.
    pub(crate) sources: Vec<Option<Sources>>,
    exchange: Box<dyn Exchange>,
    probes: Vec<Probe>,
    pub(crate) now: f64,
    /// Length of an epoch, ms.
    width: f64,
    /// Counters that do not live in blocks, and all of them before a restore.
    pub(crate) totals: Counters,
    /// First stream of draws that no input has used.
    pub(crate) unused_stream: u32,
    /// In what the inputs differ from those of the snapshot it went on from.
    pub(crate) changes: Vec<Difference>,
    /// Rates that a program has set.
    pub(crate) rates: Rates,
    /// By population: its sources may fire at any pace.
    pub(crate) unbounded: Vec<bool>,
    /// By population: what its neurons allow, if anybody has asked.
    allowed: Vec<Option<Vec<Allowed>>>,
    phase: Phase,
}

impl fmt::Debug for Simulation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { network, options, now, .. } = self;
        let neurons = network.neurons();
        f.debug_struct("Simulation")
            .field("neurons", &neurons)
            .field("now", now)
            .field("options", options)
            .finish_non_exhaustive()
    }
}

/// Whether a simulation can go on.
enum Phase {
    Ready,
    /// Left only by a panic.
    Running,
    /// Why not.
    Ended(String),
}

impl Simulation {
    /// The network at time 0.
    ///
    /// # Errors
    /// [`EngineError::Option`] if the number of threads is not in 1..=1024.
    pub fn new(network: Arc<Network>, options: Options) -> Result<Self, EngineError> {
        Self::with_exchange(network, options, Box::new(Alone))
    }

    /// The part of the network at time 0 that belongs to one rank of several: its blocks and sources. Its sink gets the spikes of
    /// these alone. The network may lack the rows of other ranks' blocks.
    ///
    /// # Errors
    /// [`EngineError::Option`] if the number of threads is not in 1..=1024, or if there is more than one rank and the network has to
    /// be run instant by instant (delays below 1 us), or if the rows of a block of this rank were not built.
    pub fn with_exchange(
        network: Arc<Network>,
        options: Options,
        exchange: Box<dyn Exchange>,
    ) -> Result<Self, EngineError> {
        options.check()?;
        let rank = exchange.rank();
        let min_delay = network.min_delay();
        if rank != Rank::ALONE && options.schedule.by_instants(min_delay) {
            let allowed = "1 rank where the smallest delay is below 0.001 ms, or instants are asked for".into();
            return Err(EngineError::Option { field: "ranks", value: rank.of.to_string(), allowed });
        }
        let mine = rank.blocks(network.blocks());
        if let Some(block) = mine.iter().find(|&&block| !network.has_rows_of(block)) {
            let allowed = "a network that was built with the rows of all blocks of its rank".into();
            return Err(EngineError::Option { field: "network", value: format!("block {block}"), allowed });
        }
        let width = epoch_length(min_delay);
        let mut sources = Sources::of(&network);
        for (_, sources) in sources.iter_mut().enumerate().filter(|(p, _)| !rank.runs_sources_of(*p)) {
            *sources = None;
        }
        let blocks = Block::of(&network, mine, width);
        let ranges = blocks.iter().map(Block::range).collect();
        let unused_stream = network.inputs().len() as u32;
        let populations = network.populations().len();
        let mut sim = Self {
            workers: Workers::new(network.clone(), blocks, Transit::new(&network), &options),
            ranges,
            sources,
            exchange,
            probes: Vec::new(),
            network,
            options,
            now: 0.0,
            width,
            totals: Counters::default(),
            unused_stream,
            changes: Vec::new(),
            rates: Rates::default(),
            unbounded: vec![false; populations],
            allowed: vec![None; populations],
            phase: Phase::Ready,
        };
        sim.reschedule();
        Ok(sim)
    }

    /// Sets the probes, replacing those before; they look from now on: at the present too if it is 0, and after it if it is later,
    /// since a probe at the end of a run has looked already.
    ///
    /// # Errors
    /// [`EngineError::Option`] if a neuron is not a LIF neuron of the network, or a time or interval is not allowed.
    pub fn set_probes(&mut self, probes: &[Probe]) -> Result<(), EngineError> {
        self.can_go_on()?;
        for probe in probes {
            probe.check(&self.network)?;
            probe.times.check_until(self.now)?;
        }
        self.workers.blocks().for_each(|mut block| block.set_probes(probes, self.now));
        self.probes = probes.to_vec();
        Ok(())
    }

    /// Runs to `until` ms. The run covers `[now, until)`: a spike at exactly `until` belongs to what follows. A probe sees what was
    /// before its time, and nothing of that time itself; one at exactly `until` looks.
    ///
    /// Running to a and then to b gives the same spikes and the same rows of probes, bit by bit, as running to b.
    ///
    /// # Errors
    /// [`EngineError::Until`], [`EngineError::EndlessCascade`], [`EngineError::EndlessFiring`], or what the sink refused. All but the
    /// first end the simulation: a further run is refused with [`EngineError::Terminated`].
    pub fn run(&mut self, until: f64, sink: &mut dyn SpikeSink) -> Result<(), EngineError> {
        self.run_watched(until, sink, &mut |_| ControlFlow::Continue(()))
    }

    /// As [`Simulation::run`]; `watch` gets the model time after each epoch and may end the run there. The sink has had all spikes
    /// before that time.
    ///
    /// # Errors
    /// As [`Simulation::run`].
    pub fn run_watched(
        &mut self,
        until: f64,
        sink: &mut dyn SpikeSink,
        watch: &mut dyn FnMut(f64) -> ControlFlow<()>,
    ) -> Result<(), EngineError> {
        self.can_go_on()?;
        if !(self.now..=LATEST).contains(&until) {
            return Err(EngineError::Until { until, now: self.now });
        }
        // -0.0 is in the range, and would break the order of times
        let until = until + 0.0;
        for probe in &self.probes {
            probe.times.check_until(until)?;
        }
        self.phase = Phase::Running;
        let outcome = self.advance(until, Output { sink, watch });
        self.phase = match &outcome {
            Ok(()) => Phase::Ready,
            Err(error) => Phase::Ended(error.to_string()),
        };
        outcome
    }

    fn advance(&mut self, until: f64, mut output: Output) -> Result<(), EngineError> {
        let parts = Parts {
            network: &self.network,
            sources: &mut self.sources,
            exchange: &mut *self.exchange,
            totals: &mut self.totals,
            now: &mut self.now,
            width: self.width,
        };
        if self.options.schedule.by_instants(self.network.min_delay()) {
            let queue = Keyed::default();
            instants::run(&self.workers, parts, until, &mut output, queue)?;
        } else {
            epochs::run(&mut self.workers, parts, until, &mut output)?;
        }
        last_look(&self.workers, self.now, &mut output)
    }

    /// Whether a run may begin, or the state be looked at.
    ///
    /// # Errors
    /// [`EngineError::Terminated`] after a run that failed.
    pub(crate) fn can_go_on(&self) -> Result<(), EngineError> {
        let reason = match &self.phase {
            Phase::Ready => return Ok(()),
            Phase::Running => "a panic".to_string(),
            Phase::Ended(reason) => reason.clone(),
        };
        Err(EngineError::Terminated { time: self.now, reason })
    }

    pub(crate) fn reschedule(&mut self) {
        self.workers.blocks().for_each(|mut block| block.reschedule(self.now));
    }

    /// Model time, ms: all events before it have been processed, and their spikes have reached the sink.
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
        for block in self.workers.blocks() {
            sum.add(&block.counters());
        }
        sum
    }

    /// Potential (mV) and currents (pA) now of the neuron with this global index; `None` if it is not a LIF neuron of this rank, or
    /// after a run that failed, when neurons may have gone further than the model time says.
    pub fn membrane(&self, neuron: u32) -> Option<Membrane> {
        self.can_go_on().ok()?;
        Some(self.workers.block(self.holding(neuron)?).membrane(neuron, self.now))
    }

    /// As [`Simulation::membrane`] of each of these neurons; `None` if any is not a LIF neuron of this rank. Those of a population:
    /// `membranes(population.range())`.
    pub fn membranes(&self, neurons: Range<u32>) -> Option<Vec<Membrane>> {
        self.can_go_on().ok()?;
        let mut membranes = Vec::with_capacity(neurons.len());
        let mut next = neurons.start;
        while next < neurons.end {
            let block = self.workers.block(self.holding(next)?);
            let end = neurons.end.min(block.range().first + block.range().len);
            membranes.extend((next..end).map(|neuron| block.membrane(neuron, self.now)));
            next = end;
        }
        Some(membranes)
    }

    /// What a neuron allows; refuses an index that is none's.
    pub(crate) fn allowed(&mut self, field: &'static str, neuron: u32) -> Result<&Allowed, EngineError> {
        let place = self.network.population_of(neuron).map(|p| (p, &self.network.populations()[p]));
        let Some((index, population)) = place.filter(|(_, p)| matches!(p.cells, Cells::Lif(_))) else {
            let allowed = "the global index of a LIF neuron".into();
            return Err(EngineError::Option { field, value: neuron.to_string(), allowed });
        };
        let of_population = self.allowed[index].get_or_insert_with(|| self.network.allowed(index));
        Ok(&of_population[(neuron - population.first) as usize])
    }

    /// Which block of this rank holds the neuron with this global index; `None` if none does.
    pub(crate) fn holding(&self, neuron: u32) -> Option<usize> {
        let blocks = &self.ranges;
        let holding = blocks.partition_point(|block| block.first <= neuron).checked_sub(1)?;
        (neuron < blocks[holding].first + blocks[holding].len).then_some(holding)
    }

    /// Bytes of dynamic state: neurons, inputs and spikes in flight, without the network's own tables.
    pub fn state_bytes(&self) -> u64 {
        let blocks: usize = self.workers.blocks().map(|block| block.bytes()).sum();
        (blocks + self.workers.transit().flights.bytes()) as u64
    }
}

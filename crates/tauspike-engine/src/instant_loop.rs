//! The schedule for networks with zero delays: one instant after the other, in one total order.
//!
//! A keyed queue holds for each neuron the time of its own next event, a heap the arrivals on their way. At an instant all that
//! is due at a neuron is one event. Spikes over zero-delay synapses arrive at the same instant in the next *wave*, as an event
//! of its own, until a wave causes none. One thread: with zero delay there is no span of time in which neurons are independent.

use crate::block::{AnyBlock, of_either};
use crate::error::EngineError;
use crate::queue::CrossingQueue;
use crate::simulation::Simulation;
use crate::visit::Group;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::ControlFlow;
use tauspike_network::network::Network;
use tauspike_neuron::Arrival;
use tauspike_spike::{ArrivalOrder, ProbeRow, Spike, SpikeSink};

/// Waves of one instant beyond the number of neurons after which a cascade counts as endless. Neurons with t_ref > 0 fire once in an
/// instant, so without others there are no more waves than neurons and a source; one with t_ref = 0 may fire again in a cascade
/// that does come to an end: A excites B, and B once more A.
const SPARE_WAVES: u32 = 10_000;

/// Spikes kept before they go to the sink.
const BATCH: usize = 4096;

/// An arrival on its way.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Pending {
    order: ArrivalOrder,
    target: u32,
    weight: Weight,
}

/// Never decides an order: two arrivals equal in all else belong to one synapse.
#[derive(Clone, Copy)]
struct Weight(f64);

impl PartialEq for Weight {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
impl Eq for Weight {}
impl PartialOrd for Weight {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Weight {
    fn cmp(&self, _: &Self) -> std::cmp::Ordering {
        std::cmp::Ordering::Equal
    }
}

struct Instants<'a, Q> {
    sim: &'a mut Simulation,
    network: &'a Network,
    queue: Q,
    pending: BinaryHeap<Reverse<Pending>>,
    group: Group,
    /// Spikes of the present instant, and those not yet given to the sink.
    now: Vec<Spike>,
    batch: Vec<Spike>,
    rows: Vec<ProbeRow>,
    queue_operations: u64,
}

/// Runs `sim` to `until`, or until `watch` breaks.
pub(crate) fn run(
    sim: &mut Simulation,
    queue: impl CrossingQueue,
    until: f64,
    sink: &mut dyn SpikeSink,
    watch: &mut dyn FnMut(f64) -> ControlFlow<()>,
) -> Result<(), EngineError> {
    let network = sim.network.clone();
    let mut instants = Instants {
        sim,
        network: &network,
        queue,
        pending: BinaryHeap::new(),
        group: Group::default(),
        now: Vec::new(),
        batch: Vec::new(),
        rows: Vec::new(),
        queue_operations: 0,
    };
    instants.begin();
    let mut watched = instants.sim.now;
    let mut stopped = None;
    while let Some(time) = instants.next().filter(|&time| time < until) {
        instants.instant(time)?;
        if instants.batch.len() >= BATCH || instants.rows.len() >= BATCH {
            instants.flush(sink)?;
        }
        if time > watched + instants.sim.width {
            watched = time;
            if watch(time).is_break() {
                stopped = Some(time.next_up());
                break;
            }
        }
    }
    instants.flush(sink)?;
    let now = stopped.unwrap_or(until);
    let Instants { sim, queue_operations, mut group, .. } = instants;
    for block in &mut sim.blocks {
        of_either!(block, block => block.catch_up(true, now, &mut group));
    }
    sim.totals.queue_operations += queue_operations;
    sim.now = now;
    sim.flights.land(now);
    Ok(())
}

impl<Q: CrossingQueue> Instants<'_, Q> {
    fn begin(&mut self) {
        for block in &self.sim.blocks {
            of_either!(block, block => {
                for (neuron, &wake) in (block.place.first..).zip(&block.wake) {
                    self.queue.set(neuron, wake);
                }
            });
        }
        let (network, from) = (self.network, self.sim.now);
        for (population, spikes) in self.sim.flights.of_population.iter().enumerate() {
            for &spike in spikes {
                expand(network, population, spike, &mut self.pending, |time| (time >= from).then_some(0));
            }
        }
    }

    /// Time of the next instant at which anything happens.
    fn next(&self) -> Option<f64> {
        let own = self.queue.first().map(|key| key.time);
        let arrival = self.pending.peek().map(|p| p.0.order.time);
        let source = self.sim.sources.iter().flatten().map(|s| s.next()).fold(f64::INFINITY, f64::min);
        let next = own.unwrap_or(f64::INFINITY).min(arrival.unwrap_or(f64::INFINITY)).min(source);
        (next < f64::INFINITY).then_some(next)
    }

    fn instant(&mut self, time: f64) -> Result<(), EngineError> {
        self.now.clear();
        let most = self.network.blocks().iter().map(|b| b.len).sum::<u32>().saturating_add(SPARE_WAVES);
        for wave in 0.. {
            if wave > most {
                return Err(EngineError::EndlessCascade { time, waves: wave });
            }
            let before = self.now.len();
            self.arrivals(time, wave);
            if wave == 0 {
                self.own_events(time);
                self.sources(time);
            }
            self.take_off(time, wave, before);
            if self.pending.peek().is_none_or(|p| p.0.order.time > time) {
                break;
            }
        }
        self.now.sort_unstable();
        self.sim.flights.launch(&self.now);
        self.batch.extend_from_slice(&self.now);
        Ok(())
    }

    /// Applies the arrivals of this wave, each target's together.
    fn arrivals(&mut self, time: f64, wave: u32) {
        let mut due = Vec::new();
        while let Some(Reverse(p)) = self.pending.peek() {
            if p.order.time > time || p.order.wave > wave {
                break;
            }
            due.extend(self.pending.pop().map(|p| p.0));
        }
        self.queue_operations += due.len() as u64;
        // ORDER: stable, so each target keeps the order in which the heap gave its arrivals
        due.sort_by_key(|p| p.target);
        for of_target in due.chunk_by(|a, b| a.target == b.target) {
            let arrival = |p: &Pending| Arrival { time: p.order.time, weight: p.weight.0 };
            self.visit(of_target[0].target, of_target.iter().map(arrival), time);
        }
    }

    fn own_events(&mut self, time: f64) {
        while let Some(key) = self.queue.first().filter(|key| key.time <= time) {
            self.visit(key.neuron, std::iter::empty(), time);
        }
    }

    fn sources(&mut self, time: f64) {
        let before = self.now.len();
        for sources in self.sim.sources.iter_mut().flatten() {
            sources.pull(time.next_up(), &mut self.now);
        }
        self.sim.totals.source_spikes += (self.now.len() - before) as u64;
    }

    fn visit(&mut self, neuron: u32, arrivals: impl ExactSizeIterator<Item = Arrival>, time: f64) {
        let which = self.network.blocks().partition_point(|b| b.first <= neuron) - 1;
        of_either!(&mut self.sim.blocks[which], block => {
            let local = (neuron - block.place.first) as u16;
            block.counters.synaptic_arrivals += arrivals.len() as u64;
            block.join(&mut self.group, local, (arrivals, true), time.next_up());
            block.advance_group(&mut self.group, time.next_up());
            self.queue.set(neuron, block.wake[local as usize]);
            self.sim.totals.spikes += block.fired.len() as u64;
            self.now.append(&mut block.fired);
            self.rows.append(&mut block.rows);
        });
        self.queue_operations += 1;
    }

    /// Sends the spikes `self.now[from..]` of this wave on their way.
    fn take_off(&mut self, time: f64, wave: u32, from: usize) {
        for &spike in &self.now[from..] {
            let population = self.network.populations().partition_point(|p| p.first <= spike.source) - 1;
            // a delay too small to move the clock is a zero delay
            let wave_at = |at: f64| Some(if at == time { wave + 1 } else { 0 });
            expand(self.network, population, spike, &mut self.pending, wave_at);
        }
    }

    fn flush(&mut self, sink: &mut dyn SpikeSink) -> Result<(), EngineError> {
        sink.take(&self.batch)?;
        self.batch.clear();
        if !self.rows.is_empty() {
            self.rows.sort_unstable_by(|a, b| a.time.total_cmp(&b.time).then(a.neuron.cmp(&b.neuron)));
            sink.take_probes(&self.rows)?;
            self.rows.clear();
        }
        Ok(())
    }
}

/// Adds the arrivals of `spike`; `wave` gives the wave of an arrival time, or none if it is over.
fn expand(
    network: &Network,
    population: usize,
    spike: Spike,
    pending: &mut BinaryHeap<Reverse<Pending>>,
    wave: impl Fn(f64) -> Option<u32>,
) {
    let first = network.populations()[population].first;
    for (projection, p) in network.projections().iter().enumerate().filter(|(_, p)| p.source as usize == population) {
        let first_block = network.blocks().partition_point(|b| b.population < p.target);
        p.each_synapse(spike.source - first, |block, position, synapse| {
            let time = spike.time + synapse.delay;
            let Some(wave) = wave(time) else { return };
            let (projection, spike_time, source) = (projection as u32, spike.time, spike.source);
            let order = ArrivalOrder { time, wave, projection, spike_time, source, position };
            let target = network.blocks()[first_block + block].first + u32::from(synapse.target);
            pending.push(Reverse(Pending { order, target, weight: Weight(synapse.weight) }));
        });
    }
}

/// Number of entries a queue for this network needs: one more than the largest global index of a neuron.
pub(crate) fn queue_size(blocks: &[AnyBlock]) -> usize {
    blocks.iter().map(|b| (b.place().first + b.place().len) as usize).max().unwrap_or(0)
}

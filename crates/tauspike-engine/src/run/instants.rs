//! The schedule for networks with zero delays: one instant after the other, in one total order.
//!
//! A keyed queue holds for each neuron the time of its own next event, a heap the arrivals on their way. At an instant all that
//! is due at a neuron is one event. Spikes over zero-delay synapses arrive at the same instant in the next *wave*, as an event
//! of its own, until a wave causes none. One thread: with zero delay there is no span of time in which neurons are independent.

use crate::block::{Block, Endless, Pace, Yield};
use crate::error::EngineError;
use crate::run::parts::{Output, Parts};
use crate::run::pending::{Pending, PendingArrivals};
use crate::run::queue::CrossingQueue;
use crate::run::workers::Workers;
use crate::transit::Transit;
use std::mem;
use std::sync::{MutexGuard, RwLockWriteGuard};
use tauspike_neuron::Arrival;

/// Waves of one instant beyond the number of neurons after which a cascade counts as endless. Neurons with t_ref > 0 fire once in an
/// instant, so without others there are no more waves than neurons and a source; one with t_ref = 0 may fire again in a cascade
/// that does come to an end: A excites B, and B once more A.
const SPARE_WAVES: u32 = 10_000;

/// Spikes kept before they go to the sink.
const BATCH: usize = 4096;

struct Instants<'a, Q> {
    blocks: Vec<MutexGuard<'a, Block>>,
    transit: RwLockWriteGuard<'a, Transit>,
    parts: Parts<'a>,
    queue: Q,
    pending: PendingArrivals,
    /// Those of a wave, by target; kept for their memory.
    due: Vec<Pending>,
    arrivals: Vec<Arrival>,
    /// What came of the present instant.
    now: Yield,
    /// What came of those before, and the sink has not had yet.
    kept: Yield,
    /// Time of the last instant, ms.
    last: f64,
    /// Of each neuron, by global index.
    paces: Vec<Pace>,
}

/// Moves the blocks of `workers` to `until`, or until the watch breaks.
pub(crate) fn run<'a>(
    workers: &'a Workers,
    parts: Parts<'a>,
    until: f64,
    output: &mut Output,
    queue: impl CrossingQueue,
) -> Result<(), EngineError> {
    let paces = vec![Pace::default(); parts.network.neurons() as usize];
    let mut instants = Instants {
        blocks: workers.blocks().collect(),
        transit: workers.change_transit(),
        parts,
        queue,
        pending: PendingArrivals::default(),
        due: Vec::new(),
        arrivals: Vec::new(),
        now: Yield::default(),
        kept: Yield::default(),
        last: 0.0,
        paces,
    };
    instants.begin();
    let reached = instants.go(until, output);
    // whatever ended the run, all before it goes to the sink, and what ended it first is told
    let flushed = instants.flush(output);
    instants.end(reached?);
    flushed
}

impl<Q: CrossingQueue> Instants<'_, Q> {
    fn begin(&mut self) {
        for block in self.blocks.iter_mut() {
            block.begin_instants(*self.parts.now);
            for (neuron, &wake) in (block.range().first..).zip(block.wakes()) {
                self.queue.set(neuron, wake);
            }
        }
        let injected = self.blocks.iter().flat_map(|block| block.injected());
        (0..).zip(injected).for_each(|(position, arrival)| self.pending.push(arrival, position));
        let (network, from) = (self.parts.network, *self.parts.now);
        for (population, spikes) in self.transit.flights.of_population.iter().enumerate() {
            for &spike in spikes {
                self.pending.expand(network, population, spike, |time| (time >= from).then_some(0));
            }
        }
    }

    /// Goes from instant to instant; returns the time reached, ms. The sink has had all up to what the watch is told.
    fn go(&mut self, until: f64, output: &mut Output) -> Result<f64, EngineError> {
        let mut watched = *self.parts.now;
        while let Some(time) = self.next().filter(|&time| time < until) {
            self.instant(time)?;
            let full = self.kept.spikes.len() >= BATCH || self.kept.rows.len() >= BATCH;
            if full || time > watched + self.parts.width {
                watched = time;
                self.flush(output)?;
                if (output.watch)(time).is_break() {
                    return Ok(time.next_up());
                }
            }
        }
        Ok(until)
    }

    fn end(mut self, now: f64) {
        for block in self.blocks.iter_mut() {
            block.settle(now);
            block.forget_injected(now);
            block.reschedule(now);
        }
        *self.parts.now = now;
        self.transit.flights.land(now);
    }

    /// Time of the next instant at which anything happens.
    fn next(&self) -> Option<f64> {
        let own = self.queue.first().map_or(f64::INFINITY, |key| key.time);
        let arrival = self.pending.next().unwrap_or(f64::INFINITY);
        let next = own.min(arrival).min(self.parts.next_source());
        (next < f64::INFINITY).then_some(next)
    }

    fn instant(&mut self, time: f64) -> Result<(), EngineError> {
        let most = self.parts.network.blocks().iter().map(|b| b.len).sum::<u32>().saturating_add(SPARE_WAVES);
        for wave in 0.. {
            if wave > most {
                return Err(EngineError::EndlessCascade { time, waves: wave });
            }
            let before = self.now.spikes.len();
            self.arrivals(time, wave);
            if wave == 0 {
                self.own_events(time);
                self.parts.pull_sources(time.next_up(), &mut self.now.spikes);
            }
            if let Some(endless) = self.now.endless {
                return Err(endless.error());
            }
            self.take_off(time, wave, before);
            if self.pending.next().is_none_or(|next| next > time) {
                break;
            }
        }
        self.last = time;
        self.now.spikes.sort_unstable();
        self.transit.flights.launch(&self.now.spikes);
        self.kept.spikes.append(&mut self.now.spikes);
        self.kept.rows.append(&mut self.now.rows);
        Ok(())
    }

    /// Applies the arrivals of this wave, each target's together.
    fn arrivals(&mut self, time: f64, wave: u32) {
        let (mut due, mut arrivals) = (mem::take(&mut self.due), mem::take(&mut self.arrivals));
        while let Some(pending) = self.pending.pop(time, wave) {
            due.push(pending);
        }
        self.parts.totals.queue_operations += due.len() as u64;
        // ORDER: stable, so each target keeps the order in which the heap gave its arrivals
        due.sort_by_key(|p| p.target);
        for of_target in due.chunk_by(|a, b| a.target == b.target) {
            arrivals.clear();
            arrivals.extend(of_target.iter().map(|p| Arrival { time: p.order.time, weight: p.weight() }));
            self.visit(of_target[0].target, &arrivals, time);
        }
        due.clear();
        (self.due, self.arrivals) = (due, arrivals);
    }

    fn own_events(&mut self, time: f64) {
        while let Some(key) = self.queue.first().filter(|key| key.time <= time) {
            let before = self.now.spikes.len();
            self.visit(key.neuron, &[], time);
            if self.now.spikes.len() > before && self.paces[key.neuron as usize].is_endless(time) {
                self.now.endless.get_or_insert(Endless { neuron: key.neuron, time, beyond: false });
            }
        }
    }

    fn visit(&mut self, neuron: u32, arrivals: &[Arrival], time: f64) {
        let holding = self.blocks.partition_point(|b| b.range().first <= neuron) - 1;
        let block = &mut self.blocks[holding];
        let wake = block.instant(neuron, arrivals, time);
        self.queue.set(neuron, wake);
        self.parts.totals.queue_operations += 1;
        if block.take_changed() {
            for (neuron, &wake) in (block.range().first..).zip(block.wakes()) {
                self.queue.set(neuron, wake);
            }
            self.parts.totals.queue_operations += u64::from(block.range().len);
        }
        let before = self.now.spikes.len();
        block.collect(&mut self.now);
        self.parts.totals.spikes += (self.now.spikes.len() - before) as u64;
    }

    /// Sends the spikes `self.now.spikes[from..]` of this wave on their way.
    fn take_off(&mut self, time: f64, wave: u32, from: usize) {
        let network = self.parts.network;
        for &spike in &self.now.spikes[from..] {
            let population = network.populations().partition_point(|p| p.first <= spike.source) - 1;
            // a delay too small to move the clock is a zero delay
            let wave_at = |at: f64| Some(if at == time { wave + 1 } else { 0 });
            self.pending.expand(network, population, spike, wave_at);
        }
    }

    fn flush(&mut self, output: &mut Output) -> Result<(), EngineError> {
        output.give(&mut self.kept)?;
        self.kept.spikes.clear();
        // spikes over zero delays have landed at once
        self.transit.flights.land(self.last);
        Ok(())
    }
}

//! The whole network on one heap.
//!
//! The heap holds what is going to happen, by time: predicted crossings, spikes of sources, and arrivals. At each instant
//! everything due is taken and worked off in waves (see `tauspike_spike::order`):
//!
//! 1. wave 0: neurons whose own dynamics reach the threshold fire; then each neuron with arrivals takes all of them, in their order,
//!    as one event, and is tested once;
//! 2. the spikes of wave w that arrive at this very instant are wave w + 1, events of their own; and so on until nobody fires.
//!
//! A predicted crossing holds only as long as nothing happens to its neuron: it carries the number of events the neuron had seen.

use crate::neuron::Neuron;
use crate::process::{Process, events_by_cells, poisson_events};
use std::collections::{BTreeMap, BinaryHeap};
use tauspike_network::fanout::Block;
use tauspike_network::input::Drive;
use tauspike_network::network::Network;
use tauspike_network::population::Cells;
use tauspike_spike::{ArrivalOrder, Spike};

/// Most waves at one instant. Only an endless cascade (zero delays, t_ref = 0) has more.
pub const MAX_WAVES: u32 = 1000;

/// Why a network has no finite list of spikes.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum OracleError {
    /// Spikes cause spikes at the same instant without end.
    #[error(
        "neuron {neuron} fires without end at {time} ms: more than {MAX_WAVES} waves at one instant; \
         allowed is a delay > 0 or t_ref > 0 somewhere along every excitatory loop"
    )]
    EndlessCascade {
        /// The instant, ms.
        time: f64,
        /// Global index of one of the neurons.
        neuron: u32,
    },
}

/// All spikes of [0, t_stop), sorted; a spike at exactly `t_stop` is not among them.
///
/// # Errors
/// [`OracleError::EndlessCascade`].
///
/// # Panics
/// If the tables of the network do not fit together: it must have been validated when it was built.
pub fn simulate(network: &Network, t_stop: f64) -> Result<Vec<Spike>, OracleError> {
    Ok(run(network, t_stop)?.spikes)
}

/// The neurons at `t_stop`, by global index: what comes at exactly that time is not among what they have got.
///
/// # Errors
/// [`OracleError::EndlessCascade`].
///
/// # Panics
/// As [`simulate`].
pub fn neurons_at(network: &Network, t_stop: f64) -> Result<BTreeMap<u32, Neuron>, OracleError> {
    let carried = |(index, cell): (u32, Cell)| {
        let mut neuron = cell.neuron;
        neuron.advance(t_stop);
        (index, neuron)
    };
    Ok(run(network, t_stop)?.cells.into_iter().map(carried).collect())
}

fn run(network: &Network, t_stop: f64) -> Result<Run<'_>, OracleError> {
    let mut run = Run::new(network, t_stop);
    let (mut now, mut waves) = (f64::NEG_INFINITY, 0);
    while let Some(next) = run.agenda.peek().filter(|event| event.time < t_stop) {
        if next.time > now {
            (now, waves) = (next.time, 0);
        }
        waves = run.instant(now, waves)?;
    }
    run.spikes.sort();
    Ok(run)
}

/// One effect on one neuron. `value` is a weight (mV or pA) or, for a step, the new current of that input (pA).
#[derive(Clone, Copy, Debug)]
struct Arrival {
    place: Place,
    value: f64,
}

/// Which of several simultaneous arrivals comes first; the derived order is the one of `tauspike_spike::order`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Step { input: usize, number: usize },
    External { input: usize, draw: usize },
    Synaptic(ArrivalOrder),
}

#[derive(Clone, Copy, Debug)]
enum What {
    /// The neuron fires by itself, if it has seen no event since.
    Crossing { neuron: u32, events_seen: u64 },
    /// A source fires.
    Source { source: u32 },
    /// Something reaches a neuron.
    Arrival { target: u32, arrival: Arrival },
}

/// An entry of the agenda; ordered by time alone, the earliest greatest.
#[derive(Clone, Copy, Debug)]
struct Event {
    time: f64,
    what: What,
}

impl Ord for Event {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        other.time.total_cmp(&self.time)
    }
}

impl PartialOrd for Event {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Event {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Event {}

/// A neuron and what the agenda needs to know about it.
struct Cell {
    neuron: Neuron,
    events_seen: u64,
    /// External current by input, pA.
    currents: Vec<f64>,
}

struct Run<'a> {
    network: &'a Network,
    t_stop: f64,
    agenda: BinaryHeap<Event>,
    /// By global index; sources have none.
    cells: BTreeMap<u32, Cell>,
    spikes: Vec<Spike>,
}

/// Arrivals of one wave, by target.
type Wave = BTreeMap<u32, Vec<Arrival>>;

impl<'a> Run<'a> {
    fn new(network: &'a Network, t_stop: f64) -> Self {
        let mut run = Self { network, t_stop, agenda: BinaryHeap::new(), cells: BTreeMap::new(), spikes: Vec::new() };
        run.plan_populations();
        run.plan_inputs();
        let neurons: Vec<u32> = run.cells.keys().copied().collect();
        for neuron in neurons {
            run.predict(neuron);
        }
        run
    }

    fn plan(&mut self, time: f64, what: What) {
        if time >= 0.0 && time < self.t_stop {
            self.agenda.push(Event { time, what });
        }
    }

    fn plan_populations(&mut self) {
        let network = self.network;
        for (index, population) in network.populations().iter().enumerate() {
            for (member, neuron) in population.range().enumerate() {
                let times = match &population.cells {
                    Cells::Lif(lif) => {
                        let currents = vec![0.0; network.inputs().len()];
                        let cell = Cell { neuron: Neuron::new(lif, member), events_seen: 0, currents };
                        self.cells.insert(neuron, cell);
                        Vec::new()
                    }
                    Cells::Trains(trains) => trains[member].clone(),
                    Cells::Poisson(rate) => {
                        let ordinal = (network.inputs().len() + index) as u32;
                        let process = Process { seed: network.seed(), ordinal, neuron, member };
                        poisson_events(process, rate, self.t_stop)
                    }
                };
                for time in times {
                    self.plan(time, What::Source { source: neuron });
                }
            }
        }
    }

    fn plan_inputs(&mut self) {
        let network = self.network;
        for (index, input) in network.inputs().iter().enumerate() {
            let population = &network.populations()[input.population as usize];
            let positions = input.members.clone().unwrap_or_else(|| (0..population.size).collect());
            if let Drive::Poisson { rate, weight } = &input.drive {
                let mut bases = vec![0.0; population.size as usize];
                positions.iter().enumerate().for_each(|(m, p)| bases[*p as usize] = rate.base_hz.get(m));
                let events = events_by_cells((network.seed(), index as u32, 0), rate, &bases, self.t_stop);
                for (draw, (time, position)) in events.into_iter().enumerate() {
                    let value = weight.get(positions.binary_search(&position).expect("only members have a rate"));
                    let arrival = Arrival { place: Place::External { input: index, draw }, value };
                    self.plan(time, What::Arrival { target: population.first + position, arrival });
                }
                continue;
            }
            let Drive::Current { signal, scale } = &input.drive else { continue };
            for (member, position) in positions.into_iter().enumerate() {
                for (number, (time, value)) in signal.times.iter().zip(&signal.values).enumerate() {
                    let place = Place::Step { input: index, number };
                    let arrival = Arrival { place, value: scale.get(member) * value };
                    self.plan(time.max(0.0), What::Arrival { target: population.first + position, arrival });
                }
            }
        }
    }

    /// Works off everything due at `now`, in waves; `waves` of them were already worked off at this instant.
    fn instant(&mut self, now: f64, mut waves: u32) -> Result<u32, OracleError> {
        let (mut fired, mut wave) = self.take_due(now);
        loop {
            fired.extend(self.apply(now, wave));
            waves += 1;
            match fired.first() {
                Some(&neuron) if waves > MAX_WAVES => return Err(OracleError::EndlessCascade { time: now, neuron }),
                Some(_) => wave = self.deliver(now, waves, &fired),
                None => return Ok(waves),
            }
            fired.clear();
        }
    }

    /// Who fires by himself now, and what arrives now.
    fn take_due(&mut self, now: f64) -> (Vec<u32>, Wave) {
        let (mut fired, mut wave) = (Vec::new(), Wave::new());
        while let Some(event) = self.agenda.peek().copied().filter(|event| event.time <= now) {
            self.agenda.pop();
            match event.what {
                What::Crossing { neuron, events_seen } => {
                    if self.cells[&neuron].events_seen == events_seen {
                        fired.push(neuron);
                    }
                }
                What::Source { source } => fired.push(source),
                What::Arrival { target, arrival } => wave.entry(target).or_default().push(arrival),
            }
        }
        for &neuron in &fired {
            if let Some(cell) = self.cells.get_mut(&neuron) {
                cell.neuron.advance(now);
                cell.neuron.fire();
                self.predict(neuron);
            }
        }
        (fired, wave)
    }

    /// Gives each neuron its arrivals as one event; returns who fires.
    fn apply(&mut self, now: f64, wave: Wave) -> Vec<u32> {
        let mut fired = Vec::new();
        for (target, mut arrivals) in wave {
            arrivals.sort_by_key(|arrival| arrival.place);
            let Some(cell) = self.cells.get_mut(&target) else { continue };
            cell.neuron.advance(now);
            for arrival in arrivals {
                match arrival.place {
                    Place::Step { input, .. } => {
                        cell.currents[input] = arrival.value;
                        cell.neuron.set_external_current(cell.currents.iter().sum());
                    }
                    Place::External { .. } | Place::Synaptic(_) => cell.neuron.receive(arrival.value),
                }
            }
            if cell.neuron.is_over_threshold() {
                cell.neuron.fire();
                fired.push(target);
            }
            self.predict(target);
        }
        fired
    }

    /// Forgets the old crossing of a neuron to which something happened, and plans the new one.
    fn predict(&mut self, neuron: u32) {
        let Some(cell) = self.cells.get_mut(&neuron) else { return };
        cell.events_seen += 1;
        let events_seen = cell.events_seen;
        if let Some(time) = cell.neuron.next_crossing(self.t_stop) {
            self.plan(time, What::Crossing { neuron, events_seen });
        }
    }

    /// Notes the spikes and sends them on; returns what arrives at this very instant, as wave number `wave`.
    fn deliver(&mut self, now: f64, wave: u32, fired: &[u32]) -> Wave {
        let mut immediate = Wave::new();
        for &source in fired {
            self.spikes.push(Spike { time: now, source });
            for (target, order, value) in self.fan_out(now, source, wave) {
                let arrival = Arrival { place: Place::Synaptic(order), value };
                if order.time > now {
                    self.plan(order.time, What::Arrival { target, arrival });
                } else {
                    immediate.entry(target).or_default().push(arrival);
                }
            }
        }
        immediate
    }

    /// The arrivals of a spike of `source` now: target, order and weight. Those without delay are of wave `wave`.
    fn fan_out(&self, now: f64, source: u32, wave: u32) -> Vec<(u32, ArrivalOrder, f64)> {
        let mut arrivals = Vec::new();
        for (projection, number) in self.network.projections().iter().zip(0..) {
            let population = &self.network.populations()[projection.source as usize];
            if !population.range().contains(&source) {
                continue;
            }
            let in_target = |block: &&Block| block.population == projection.target;
            let blocks: Vec<&Block> = self.network.blocks().iter().filter(in_target).collect();
            projection.each_synapse(source - population.first, |block, position, synapse| {
                let time = now + synapse.delay;
                let wave = if time > now { 0 } else { wave };
                let order = ArrivalOrder { time, wave, projection: number, spike_time: now, source, position };
                arrivals.push((blocks[block].first + u32::from(synapse.target), order, synapse.weight));
            });
        }
        arrivals
    }
}

//! One block of neurons: what arrives, together with what the neurons bring themselves, becomes spikes.
//!
//! What a block is made of, and how it goes through an epoch. Which arrivals there are is decided in [`crate::deliver`], what
//! they do to a neuron in [`crate::visit`].

use crate::Counters;
use crate::buckets::{Buckets, Entry};
use crate::deliver::{self, Arriving};
use crate::external::{PoissonLane, Position, Process, StepLane};
use crate::flight::{Flights, Incoming, Plan};
use crate::prefetch::{AHEAD, prefetch};
use crate::probe::{Probe, ProbeTimes};
use crate::simd::{Job, Simd};
use crate::slots::Slots;
use crate::visit::Group;
use crate::wheel::Wheel;
use std::sync::Arc;
use tauspike_network::column::Column;
use tauspike_network::fanout;
use tauspike_network::input::{self, Input};
use tauspike_network::network::Network;
use tauspike_network::population::{Cells, Lif, Synapse};
use tauspike_neuron::{Arrival, Cell, Delta, Exponential, Membrane, Parameters, SynapticTimes, Work};
use tauspike_spike::{ProbeRow, Spike};

/// A block of either model.
pub(crate) enum AnyBlock {
    Delta(NeuronBlock<Delta>),
    Exponential(NeuronBlock<Exponential>),
}

/// Runs `$body` with `$block` bound to the block inside.
macro_rules! of_either {
    ($any:expr, $block:ident => $body:expr) => {
        match $any {
            $crate::block::AnyBlock::Delta($block) => $body,
            $crate::block::AnyBlock::Exponential($block) => $body,
        }
    };
}
pub(crate) use of_either;

/// Neurons of one model, and everything that belongs to them.
pub(crate) struct NeuronBlock<C> {
    pub place: fanout::Block,
    /// Which of its population's blocks this is.
    pub ordinal: usize,
    pub cells: Vec<C>,
    /// When each neuron next has something of its own to do, ms.
    pub wake: Vec<f64>,
    /// Positive weight that may still arrive at each neuron before it has to be looked at; see [`crate::patience`].
    pub headroom: Vec<f64>,
    /// Arrivals over drawn delays, on their way.
    pub slots: Slots,
    /// Arrivals that wait for their neuron to be visited; none unless `patient`.
    pub waiting: Buckets<Arrival>,
    /// Neurons are visited when they might fire, not whenever something arrives.
    pub patient: bool,
    /// Any neuron can wait for excitation at time 0; where none can, patience costs more than it saves.
    pub can_wait: bool,
    pub poisson: Vec<PoissonLane>,
    pub steps: Vec<StepLane>,
    pub looks: Vec<Look>,
    /// Where the looks at each neuron begin in `looks`, and their end.
    pub look_from: Vec<u32>,
    /// When each neuron next takes a current step or is looked at by a probe, ms; infinite if never.
    pub stops: Vec<f64>,
    pub wheel: Wheel,
    /// So many neurons are active in each epoch that the calendar is not kept.
    pub busy: bool,
    pub work: Work,
    pub counters: Counters,
    /// Spikes and probe rows since they were last collected.
    pub fired: Vec<Spike>,
    pub rows: Vec<ProbeRow>,
    pub lif: LifColumns,
}

/// A probe of one neuron.
pub(crate) struct Look {
    pub neuron: u16,
    pub times: ProbeTimes,
    pub next: u64,
}

/// Columns needed when a current changes; those of the population, shared by its blocks.
pub(crate) struct LifColumns {
    first: usize,
    lif: Arc<Lif>,
}

impl LifColumns {
    pub fn parameters(&self, n: usize) -> Parameters {
        let (k, lif) = (self.first + n, &self.lif);
        Parameters {
            tau_m: lif.tau_m.get(k),
            c_m: lif.c_m.get(k),
            e_l: lif.e_l.get(k),
            v_th: lif.v_th.get(k),
            v_reset: lif.v_reset.get(k),
            t_ref: lif.t_ref.get(k),
            i_e: lif.i_e.get(k),
            v_init: lif.v_init.get(k),
        }
    }
}

/// Reused from block to block.
pub(crate) struct Scratch {
    rows: Buckets<u32>,
    arrivals: Buckets<Arrival>,
    /// Time and weight of each row that arrives, where all of its synapses are alike.
    alike: Vec<Arrival>,
    group: Group,
}

impl Scratch {
    pub fn new(network: &Network) -> Self {
        let largest = network.blocks().iter().map(|b| b.len).max().unwrap_or(0) as usize;
        Self {
            rows: Buckets::new(largest),
            arrivals: Buckets::new(largest),
            alike: Vec::new(),
            group: Group::default(),
        }
    }
}

impl AnyBlock {
    /// The blocks of a network at time 0. `width` is the length of an epoch, ms.
    pub fn of(network: &Network, probes: &[Probe], width: f64) -> Vec<Self> {
        let shared = |cells: &Cells| match cells {
            Cells::Lif(lif) => Some(Arc::new(lif.clone())),
            _ => None,
        };
        let of_population: Vec<_> = network.populations().iter().map(|p| shared(&p.cells)).collect();
        let mut ordinal = 0;
        let mut population = u32::MAX;
        let mut blocks = Vec::with_capacity(network.blocks().len());
        for place in network.blocks() {
            ordinal = if place.population == population { ordinal + 1 } else { 0 };
            population = place.population;
            let Some(lif) = &of_population[population as usize] else { unreachable!("blocks hold LIF neurons only") };
            let first = (place.first - network.populations()[population as usize].first) as usize;
            let columns = LifColumns { first, lif: lif.clone() };
            let neurons = 0..place.len as usize;
            blocks.push(match &lif.synapse {
                Synapse::Delta => {
                    let cells = neurons.map(|n| Delta::new(&columns.parameters(n))).collect();
                    Self::Delta(NeuronBlock::new(network, (*place, ordinal), (cells, columns), probes, width))
                }
                Synapse::Exponential { tau_syn_ex, tau_syn_in } => {
                    let times = |n| SynapticTimes { ex: tau_syn_ex.get(first + n), inh: tau_syn_in.get(first + n) };
                    let cells = neurons.map(|n| Exponential::new(&columns.parameters(n), times(n))).collect();
                    Self::Exponential(NeuronBlock::new(network, (*place, ordinal), (cells, columns), probes, width))
                }
            });
        }
        blocks
    }

    /// Delivers and advances one epoch.
    pub fn epoch(&mut self, network: &Network, plan: &Plan, flights: &Flights, (scratch, simd): (&mut Scratch, Simd)) {
        of_either!(self, block => simd.run(Epoch { block, network, plan, flights, scratch }));
    }

    pub fn counters(&self) -> Counters {
        of_either!(self, block => Counters {
            neuron_updates: block.work.updates,
            crossings_tested: block.work.crossings_tested,
            crossings_solved: block.work.crossings_solved,
            queue_operations: block.wheel.operations,
            ..block.counters
        })
    }

    /// Applies all that has arrived before `until`.
    pub fn catch_up(&mut self, sorted: bool, until: f64, scratch: &mut Scratch) {
        of_either!(self, block => block.catch_up(sorted, until, &mut scratch.group));
    }

    pub fn membrane(&self, neuron: u32, time: f64) -> Membrane {
        of_either!(self, block => block.cells[(neuron - block.place.first) as usize].membrane(time))
    }

    pub fn place(&self) -> fanout::Block {
        of_either!(self, block => block.place)
    }
}

/// One epoch of one block, to be compiled for each instruction set.
struct Epoch<'a, C> {
    block: &'a mut NeuronBlock<C>,
    network: &'a Network,
    plan: &'a Plan,
    flights: &'a Flights,
    scratch: &'a mut Scratch,
}

impl<C: Cell> Job for Epoch<'_, C> {
    #[inline(always)]
    fn run(self) {
        self.block.epoch(self.network, self.plan, self.flights, self.scratch);
    }
}

impl<C: Cell> NeuronBlock<C> {
    fn new(
        network: &Network,
        (place, ordinal): (fanout::Block, usize),
        (cells, lif): (Vec<C>, LifColumns),
        probes: &[Probe],
        width: f64,
    ) -> Self {
        let neurons = cells.len();
        let mut block = Self {
            place,
            ordinal,
            cells,
            wake: vec![0.0; neurons],
            headroom: vec![0.0; neurons],
            slots: Incoming::slots(network, place.population, width),
            waiting: Buckets::new(neurons),
            patient: true,
            can_wait: true,
            poisson: Vec::new(),
            steps: Vec::new(),
            looks: Vec::new(),
            look_from: vec![0; neurons + 1],
            stops: vec![f64::INFINITY; neurons],
            wheel: Wheel::new(neurons, width),
            busy: false,
            work: Work::default(),
            counters: Counters::default(),
            fired: Vec::new(),
            rows: Vec::new(),
            lif,
        };
        for (ordinal, input) in network.inputs().iter().enumerate().filter(|(_, i)| i.population == place.population) {
            block.attach(network.seed(), ordinal as u32, input);
        }
        block.look(probes, 0.0);
        for n in 0..neurons {
            block.settle(n, f64::NEG_INFINITY);
        }
        block.work = Work::default();
        block.can_wait = block.cells.iter().any(|cell| cell.headroom(f64::INFINITY) > 0.0);
        block.patient = block.can_wait;
        block
    }

    fn attach(&mut self, seed: u64, ordinal: u32, input: &Input) {
        let member = |n: usize| {
            let position = (self.lif.first + n) as u32;
            match &input.members {
                None => Some(position as usize),
                Some(members) => members.binary_search(&position).ok(),
            }
        };
        let neurons = 0..self.cells.len();
        match &input.drive {
            input::Drive::Poisson { rate, weight } => {
                let process = Process::new(seed, ordinal, rate);
                let interval = |n| member(n).map_or(f64::INFINITY, |m| process.interval(rate.base_hz.get(m)));
                let positions =
                    neurons.clone().map(|n| process.first(self.place.first + n as u32, interval(n))).collect();
                let intervals = compact(neurons.clone().map(interval).collect());
                let weights = compact(neurons.map(|n| member(n).map_or(0.0, |m| weight.get(m))).collect());
                let mut lane = PoissonLane { process, intervals, weights, positions: Vec::new(), ahead: Vec::new() };
                lane.stand(self.place.first, positions);
                self.poisson.push(lane);
            }
            input::Drive::Current { signal, scale } => {
                let scale: Vec<_> = neurons.map(|n| member(n).map(|m| scale.get(m))).collect();
                let taken = vec![0; scale.len()];
                self.steps.push(StepLane { signal: signal.clone(), scale, taken });
            }
        }
    }

    /// Sets the probes, from time `now` on.
    pub fn look(&mut self, probes: &[Probe], now: f64) {
        let members = self.place.first..self.place.first + self.place.len;
        self.looks.clear();
        for probe in probes {
            for neuron in probe.neurons.iter().filter(|neuron| members.contains(neuron)) {
                let local = (neuron - self.place.first) as u16;
                self.looks.push(Look { neuron: local, times: probe.times.clone(), next: probe.times.first_at(now) });
            }
        }
        self.looks.sort_by_key(|look| look.neuron);
        let before = |n: usize| self.looks.partition_point(|look| usize::from(look.neuron) < n) as u32;
        self.look_from = (0..=self.cells.len()).map(before).collect();
        self.find_stops();
    }

    /// Makes `stops` anew.
    fn find_stops(&mut self) {
        for n in 0..self.cells.len() {
            self.stops[n] = self.next_stop(n);
        }
    }

    #[inline(always)]
    fn epoch(&mut self, network: &Network, plan: &Plan, flights: &Flights, scratch: &mut Scratch) {
        let Scratch { rows, arrivals, alike, group } = scratch;
        let arriving = Arriving { network, plan, flights, block: self.place, ordinal: self.ordinal };
        let before = self.counters.synaptic_arrivals;
        let alike_rows = arriving.are_alike(alike);
        if self.patient {
            self.wait_or_visit(&arriving, alike_rows.then_some(alike), group);
        } else if alike_rows {
            let busy = self.busy;
            self.counters.synaptic_arrivals += deliver::rows(&arriving, |targets, row| match busy {
                true => targets.iter().for_each(|&target| rows.push(target, row)),
                false => targets.iter().for_each(|&target| rows.push_listed(target, row)),
            });
            self.advance_all(rows, (alike, true), plan.until, group);
        } else {
            let busy = self.busy;
            self.counters.synaptic_arrivals +=
                deliver::arrivals(&arriving, &mut self.slots, |target, arrival, _| match busy {
                    true => arrivals.push(target, arrival),
                    false => arrivals.push_listed(target, arrival),
                });
            self.advance_all(arrivals, (&[], arriving.sorted()), plan.until, group);
        }
        let arrived = self.counters.synaptic_arrivals - before;
        self.change_patience(arrived, arriving.sorted(), plan.until, group);
    }

    /// Advances every neuron that has an arrival in `buckets` or something of its own to do before `until`.
    #[inline(always)]
    fn advance_all<E: Entry>(
        &mut self,
        buckets: &mut Buckets<E>,
        (rows, sorted): (&[Arrival], bool),
        until: f64,
        group: &mut Group,
    ) {
        self.list_own(until, buckets);
        let active = buckets.take_active();
        for (k, &neuron) in active.iter().enumerate() {
            if let Some(&later) = active.get(k + AHEAD) {
                self.prefetch(later as usize);
                buckets.prefetch(later);
            }
            let entries = buckets.of(neuron).iter().map(|entry| entry.arrival(rows));
            self.join(group, neuron, (entries, sorted), until);
            if group.is_full() {
                self.advance_group(group, until);
            }
        }
        self.advance_group(group, until);
        if !self.busy {
            for &neuron in &active {
                self.wheel.schedule(neuron, self.wake[neuron as usize]);
            }
        }
        self.change_pace(active.len(), until);
        buckets.clear(active);
    }

    /// Adds the neurons that have something of their own to do before `until`: from the calendar, or, in a busy block, by
    /// looking at every neuron, which is cheaper than keeping the calendar and visits them in the order of memory.
    #[inline(always)]
    fn list_own<E: Entry>(&mut self, until: f64, buckets: &mut Buckets<E>) {
        let wake = &self.wake;
        if self.busy {
            buckets.list_filled(wake.iter().map(|&at| at < until));
        } else {
            self.wheel.drain(until, |wheel, neuron| {
                let at = wake[neuron as usize];
                if at < until {
                    buckets.activate(neuron);
                } else {
                    wheel.schedule(neuron, at);
                }
            });
        }
    }

    /// Goes over to looking at every neuron where a twenty-fourth was active, and back to the calendar below a quarter of that.
    pub fn change_pace(&mut self, active: usize, now: f64) {
        if !self.busy && active * 24 > self.cells.len() {
            self.busy = true;
        } else if self.busy && active * 96 < self.cells.len() {
            self.fill_wheel(now);
        }
    }

    /// Begins a new calendar at `now`.
    fn fill_wheel(&mut self, now: f64) {
        self.busy = false;
        self.wheel.restart(now);
        for (neuron, &wake) in self.wake.iter().enumerate() {
            self.wheel.schedule(neuron as u16, wake);
        }
    }

    /// Asks for what [`NeuronBlock::visit`] will need of neuron `n`.
    #[inline(always)]
    pub fn prefetch(&self, n: usize) {
        prefetch(&self.cells, n);
        prefetch(&self.wake, n);
        for lane in &self.poisson {
            prefetch(&lane.positions, n);
            prefetch(&lane.ahead, n);
        }
    }

    /// Says when neuron `n` next has to be looked at, having been advanced to `from`: because of something of its own, or because
    /// more than its headroom has arrived.
    #[inline(always)]
    pub fn settle(&mut self, n: usize, from: f64) {
        let mut wake = self.cells[n].quiet_until(from, &mut self.work).min(self.stops[n]);
        if self.can_wait {
            let headroom = self.cells[n].headroom(wake);
            let (time, used) = look_ahead(&self.poisson, n, 0.9 * headroom, wake);
            wake = time;
            self.headroom[n] = headroom - used;
        } else {
            wake = wake.min(next_of(&self.poisson, n));
        }
        self.wake[n] = wake;
    }

    /// Rebuilds the calendar after a restore or a change of probes.
    pub fn reschedule(&mut self, now: f64) {
        self.find_stops();
        for (wake, stop) in self.wake.iter_mut().zip(&self.stops) {
            *wake = wake.min(*stop);
        }
        let operations = self.wheel.operations;
        self.fill_wheel(now);
        self.wheel.operations = operations;
    }

    /// Event positions of the Poisson inputs, for snapshots.
    pub fn positions(&self) -> Vec<Vec<Position>> {
        self.poisson.iter().map(|lane| lane.positions.clone()).collect()
    }
}

/// The next event of neuron `n` in any lane, ms.
#[inline(always)]
fn next_of(lanes: &[PoissonLane], n: usize) -> f64 {
    lanes.iter().map(|lane| lane.positions[n].next).fold(f64::INFINITY, f64::min)
}

/// How long neuron `n` may wait, `before` at most, and the positive weight that arrives from `lanes` meanwhile, which is within
/// `room`.
#[inline(always)]
fn look_ahead(lanes: &[PoissonLane], n: usize, room: f64, before: f64) -> (f64, f64) {
    let share = room / lanes.len() as f64;
    let ahead = |(before, used), lane: &PoissonLane| {
        let (time, more) = lane.look_ahead(n, share, before);
        (time, used + more)
    };
    lanes.iter().fold((before, 0.0), ahead)
}

fn compact(values: Vec<f64>) -> Column {
    match values.first() {
        Some(&first) if values.iter().all(|&v| v == first) => Column::Shared(first),
        _ => Column::Double(values),
    }
}

//! One block of neurons: what arrives, together with what the neurons bring themselves, becomes spikes.
//!
//! [`NeuronBlock::visit`] is the one place where a neuron is touched. Both schedules call it, with all arrivals of a neuron
//! before some time; nothing else about the schedule reaches the neuron.

use crate::buckets::{Buckets, END};
use crate::counters::Counters;
use crate::external::{PoissonLane, Position, Process, StepLane};
use crate::flight::{Flights, Incoming, Plan};
use crate::prefetch::prefetch;
use crate::probe::{Probe, ProbeTimes};
use crate::simd::{Job, Simd};
use crate::wheel::Wheel;
use tauspike_network::column::Column;
use tauspike_network::fanout::{self, Rows};
use tauspike_network::input::{self, Input};
use tauspike_network::network::Network;
use tauspike_network::population::{Cells, Lif, Synapse};
use tauspike_neuron::{Arrival, Cell, Delta, Drive, Exponential, Membrane, Parameters, SynapticTimes, Work};
use tauspike_spike::{ProbeRow, Spike};

/// How many items ahead of the present one memory is asked for.
const AHEAD: usize = 4;

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
    pub poisson: Vec<PoissonLane>,
    pub steps: Vec<StepLane>,
    pub looks: Vec<Look>,
    /// Neurons with current steps or probes, which need the long way.
    special: Vec<bool>,
    wheel: Wheel,
    /// So many neurons are active in each epoch that the calendar is not kept.
    busy: bool,
    work: Work,
    pub counters: Counters,
    /// Spikes and probe rows since they were last collected.
    pub fired: Vec<Spike>,
    pub rows: Vec<ProbeRow>,
    lif: LifColumns,
}

/// A probe of one neuron.
pub(crate) struct Look {
    neuron: u16,
    times: ProbeTimes,
    next: u64,
}

/// Columns needed when a current changes.
struct LifColumns {
    first: usize,
    lif: Lif,
}

impl LifColumns {
    fn parameters(&self, n: usize) -> Parameters {
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

/// Reused between visits.
pub(crate) struct Scratch {
    buckets: Buckets,
    own: Own,
}

/// Lists in which a neuron's own events are put together with those from synapses.
#[derive(Default)]
pub(crate) struct Own {
    external: Vec<Arrival>,
    lane: Vec<Arrival>,
    merged: Vec<Arrival>,
}

impl Scratch {
    pub fn new(network: &Network) -> Self {
        let largest = network.blocks.iter().map(|b| b.len).max().unwrap_or(0);
        Self { buckets: Buckets::new(largest as usize), own: Own::default() }
    }
}

impl AnyBlock {
    /// The blocks of a network at time 0. `width` is the length of an epoch, ms.
    pub fn of(network: &Network, probes: &[Probe], width: f64) -> Vec<Self> {
        let mut ordinal = 0;
        let mut population = u32::MAX;
        let mut blocks = Vec::with_capacity(network.blocks.len());
        for place in &network.blocks {
            ordinal = if place.population == population { ordinal + 1 } else { 0 };
            population = place.population;
            let Cells::Lif(lif) = &network.populations[population as usize].cells else {
                unreachable!("blocks hold LIF neurons only")
            };
            let first = (place.first - network.populations[population as usize].first) as usize;
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
            poisson: Vec::new(),
            steps: Vec::new(),
            looks: Vec::new(),
            special: vec![false; neurons],
            wheel: Wheel::new(neurons, width),
            busy: false,
            work: Work::default(),
            counters: Counters::default(),
            fired: Vec::new(),
            rows: Vec::new(),
            lif,
        };
        for (ordinal, input) in network.inputs.iter().enumerate().filter(|(_, i)| i.population == place.population) {
            block.attach(network.seed, ordinal as u32, input, width);
        }
        block.look(probes, 0.0);
        for n in 0..neurons {
            block.wake[n] = block.own_next(n, f64::NEG_INFINITY);
        }
        block.work = Work::default();
        block
    }

    fn attach(&mut self, seed: u64, ordinal: u32, input: &Input, width: f64) {
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
                let dense = width / intervals.get(0) > 4.0;
                let spares = vec![f64::NAN; self.cells.len()];
                self.poisson.push(PoissonLane { process, intervals, weights, positions, spares, dense });
            }
            input::Drive::Current { signal, scale } => {
                let scale: Vec<_> = neurons.map(|n| member(n).map(|m| scale.get(m))).collect();
                for (special, scale) in self.special.iter_mut().zip(&scale) {
                    *special |= scale.is_some();
                }
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
                self.special[local as usize] = true;
            }
        }
        self.looks.sort_by_key(|look| look.neuron);
    }

    #[inline(always)]
    fn epoch(&mut self, network: &Network, plan: &Plan, flights: &Flights, scratch: &mut Scratch) {
        let buckets = &mut scratch.buckets;
        let sorted = if self.busy {
            self.deliver(network, plan, flights, |target, arrival| buckets.push(target, arrival))
        } else {
            self.deliver(network, plan, flights, |target, arrival| buckets.push_listed(target, arrival))
        };
        self.list_own(plan.until, buckets);
        let active = buckets.take_active();
        for (k, &neuron) in active.iter().enumerate() {
            if let Some(&later) = active.get(k + AHEAD) {
                self.prefetch(later as usize);
                buckets.prefetch(later);
            }
            let arrivals = buckets.of(neuron);
            if !sorted {
                // ORDER: stable, and the bucket was filled in the order of tauspike_spike::ArrivalOrder within an instant
                arrivals.sort_by(|a, b| a.time.total_cmp(&b.time));
            }
            self.visit(neuron, arrivals, plan.until, &mut scratch.own);
            if !self.busy {
                self.wheel.schedule(neuron, self.wake[neuron as usize]);
            }
        }
        self.change_pace(active.len(), plan.until);
        scratch.buckets.clear(active);
    }

    /// Adds the neurons that have something of their own to do before `until`: from the calendar, or, in a busy block, by
    /// looking at every neuron, which is cheaper than keeping the calendar and visits them in the order of memory.
    #[inline(always)]
    fn list_own(&mut self, until: f64, buckets: &mut Buckets) {
        let wake = &self.wake;
        if self.busy {
            buckets.list(wake.iter().map(|&at| at < until));
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

    /// Goes over to looking at every neuron where an eighth was active, and back to the calendar below a sixty-fourth.
    fn change_pace(&mut self, active: usize, now: f64) {
        if !self.busy && active * 8 > self.cells.len() {
            self.busy = true;
        } else if self.busy && active * 64 < self.cells.len() {
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
    fn prefetch(&self, n: usize) {
        prefetch(&self.cells, n);
        prefetch(&self.wake, n);
        for lane in &self.poisson {
            prefetch(&lane.positions, n);
            prefetch(&lane.spares, n);
        }
    }

    /// Pushes the synaptic arrivals of the epoch; true if those of each target come in order.
    #[inline(always)]
    fn deliver(
        &mut self,
        network: &Network,
        plan: &Plan,
        flights: &Flights,
        mut push: impl FnMut(u16, Arrival),
    ) -> bool {
        let rows = |p: u32| &network.projections[p as usize].rows[self.ordinal];
        let mut delivered = 0;
        let sorted = match &plan.targets[self.place.population as usize] {
            Incoming::Sorted { pieces, .. } => {
                for (k, piece) in pieces.iter().enumerate() {
                    if let Some(later) = pieces.get(k + 2 * AHEAD) {
                        prefetch(&rows(later.projection).offsets, later.source as usize);
                    }
                    if let Some(later) = pieces.get(k + AHEAD) {
                        let rows = rows(later.projection);
                        let row = rows.row(later.source);
                        prefetch(&rows.targets, row.start);
                        prefetch(&rows.targets, row.start + 32);
                    }
                    let (rows, at) = (rows(piece.projection), (piece.source, piece.time));
                    delivered += whole_row(rows, at, &mut push);
                }
                true
            }
            Incoming::Spread { projections, flights: ranges } => {
                for (&p, range) in projections.iter().zip(ranges) {
                    let (rows, source) = (rows(p), network.projections[p as usize].source as usize);
                    let first = network.populations[source].first;
                    for spike in &flights.of_population[source][range.clone()] {
                        delivered += part_of_row(rows, spike, spike.source - first, (plan, &mut push));
                    }
                }
                false
            }
        };
        self.counters.synaptic_arrivals += delivered as u64;
        sorted
    }

    /// Brings neuron `neuron` to `until`: `synaptic` are its arrivals over synapses before that, in order, and [`END`].
    #[inline(always)]
    pub fn visit(&mut self, neuron: u16, synaptic: &[Arrival], until: f64, Own { external, lane, merged }: &mut Own) {
        let n = neuron as usize;
        external.clear();
        for input in &mut self.poisson {
            let entity = self.place.first + n as u32;
            if external.is_empty() {
                input.pull(n, entity, until, external);
            } else {
                lane.clear();
                input.pull(n, entity, until, lane);
                lane.push(END);
                external.push(END);
                merge(external, lane, merged);
                std::mem::swap(external, merged);
            }
        }
        self.counters.external_arrivals += external.len() as u64;
        let arrivals = if external.is_empty() {
            &synaptic[..synaptic.len() - 1]
        } else if synaptic.len() == 1 {
            &external[..]
        } else {
            external.push(END);
            merge(external, synaptic, merged);
            &merged[..]
        };
        if self.special[n] {
            self.advance_in_pieces(neuron, arrivals, until);
        } else {
            self.advance(n, arrivals, until);
        }
        self.wake[n] = self.own_next(n, until);
    }

    #[inline(always)]
    fn advance(&mut self, n: usize, arrivals: &[Arrival], until: f64) {
        let source = self.place.first + n as u32;
        let fired = &mut self.fired;
        self.cells[n].advance(arrivals, until, &mut self.work, &mut |time| fired.push(Spike { time, source }));
    }

    /// Stops at current steps and probe times on the way. At one instant: step, arrivals, spike, probe.
    fn advance_in_pieces(&mut self, neuron: u16, mut arrivals: &[Arrival], until: f64) {
        let n = neuron as usize;
        loop {
            let step = self.steps.iter().map(|lane| lane.next(n)).fold(f64::INFINITY, f64::min);
            let look = self.next_look(neuron);
            let stop = step.min(look.map_or(f64::INFINITY, |(time, _)| time));
            if stop >= until {
                break;
            }
            let due = arrivals.partition_point(|a| if step <= stop { a.time < stop } else { a.time <= stop });
            self.advance(n, &arrivals[..due], stop.next_up());
            arrivals = &arrivals[due..];
            if step <= stop {
                self.step(n, stop);
            } else if let Some((_, which)) = look {
                self.looks[which].next += 1;
                let Membrane { v, current } = self.cells[n].membrane(stop);
                self.rows.push(ProbeRow { time: stop, neuron: self.place.first + n as u32, v, current });
            }
        }
        self.advance(n, arrivals, until);
    }

    /// Takes all current steps of neuron `n` at `time`.
    fn step(&mut self, n: usize, time: f64) {
        for lane in self.steps.iter_mut() {
            if lane.next(n) <= time {
                lane.taken[n] += 1;
            }
        }
        let p = self.lif.parameters(n);
        let current = self.steps.iter().map(|lane| lane.amplitude(n)).sum::<f64>() + p.i_e;
        let v_inf = p.e_l + p.tau_m / p.c_m * current;
        self.cells[n].set_drive(time, Drive { v_inf, v_th: p.v_th, v_reset: p.v_reset });
        self.counters.external_arrivals += 1;
    }

    fn next_look(&self, neuron: u16) -> Option<(f64, usize)> {
        let from = self.looks.partition_point(|look| look.neuron < neuron);
        let mine = self.looks[from..].iter().take_while(|look| look.neuron == neuron).zip(from..);
        mine.filter_map(|(look, which)| Some((look.times.time(look.next)?, which))).min_by(|a, b| a.0.total_cmp(&b.0))
    }

    /// When neuron `n` next has something of its own to do, later than `from`.
    #[inline(always)]
    fn own_next(&mut self, n: usize, from: f64) -> f64 {
        let mut next = self.cells[n].quiet_until(from, &mut self.work);
        for lane in &self.poisson {
            next = next.min(lane.positions[n].next);
        }
        if self.special[n] {
            next = self.steps.iter().map(|lane| lane.next(n)).fold(next, f64::min);
            next = self.next_look(n as u16).map_or(next, |(time, _)| next.min(time));
        }
        next
    }

    /// Rebuilds the calendar after a restore or a change of probes.
    pub fn reschedule(&mut self, now: f64) {
        for n in 0..self.cells.len() {
            let look = self.next_look(n as u16).map_or(f64::INFINITY, |(time, _)| time);
            self.wake[n] = self.wake[n].min(look);
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

/// Delivers the whole row of `source`, all of it arriving at `time`.
#[inline(always)]
fn whole_row(rows: &Rows, (source, time): (u32, f64), push: &mut impl FnMut(u16, Arrival)) -> usize {
    let row = rows.row(source);
    let targets = &rows.targets[row.clone()];
    match &rows.weights {
        &Column::Shared(weight) => {
            for &target in targets {
                push(target, Arrival { time, weight });
            }
        }
        Column::Single(weights) => {
            for (&target, &weight) in targets.iter().zip(&weights[row]) {
                push(target, Arrival { time, weight: f64::from(weight) });
            }
        }
        weights => {
            for (&target, k) in targets.iter().zip(row) {
                push(target, Arrival { time, weight: weights.get(k) });
            }
        }
    }
    targets.len()
}

/// Delivers those synapses of `source` whose arrivals fall into the epoch.
#[inline(always)]
fn part_of_row(rows: &Rows, spike: &Spike, source: u32, (plan, push): (&Plan, &mut impl FnMut(u16, Arrival))) -> usize {
    let row = rows.row(source);
    let arrival = |k: usize| spike.time + rows.delays.get(k);
    let start = first_at(row.clone(), |k| arrival(k) >= plan.from);
    let mut k = start;
    while k < row.end {
        let time = arrival(k);
        if time >= plan.until {
            break;
        }
        push(rows.targets[k], Arrival { time, weight: rows.weights.get(k) });
        k += 1;
    }
    k - start
}

/// First index of `range` for which `reached` holds, which is monotone; the end if none.
#[inline(always)]
fn first_at(range: std::ops::Range<usize>, reached: impl Fn(usize) -> bool) -> usize {
    let (mut lo, mut hi) = (range.start, range.end);
    while lo < hi {
        let mid = lo + (hi - lo) / 2;
        if reached(mid) {
            hi = mid;
        } else {
            lo = mid + 1;
        }
    }
    lo
}

/// Merges two sorted lists, each closed by [`END`], which is not copied; at equal times `a` comes first. Which list is next is
/// as good as random, so it is chosen by arithmetic and not by a branch.
#[inline(always)]
fn merge(a: &[Arrival], b: &[Arrival], out: &mut Vec<Arrival>) {
    out.resize(a.len() + b.len() - 2, END);
    let (mut i, mut j) = (0, 0);
    for slot in out.iter_mut() {
        let (x, y) = (a[i], b[j]);
        let from_a = x.time <= y.time;
        let mask = u64::from(from_a).wrapping_neg();
        let choose = |x: f64, y: f64| f64::from_bits(x.to_bits() & mask | y.to_bits() & !mask);
        *slot = Arrival { time: choose(x.time, y.time), weight: choose(x.weight, y.weight) };
        i += usize::from(from_a);
        j += usize::from(!from_a);
    }
}

fn compact(values: Vec<f64>) -> Column {
    match values.first() {
        Some(&first) if values.iter().all(|&v| v == first) => Column::Shared(first),
        _ => Column::Double(values),
    }
}

//! The neurons of a block, and how they go through an epoch.
//!
//! Which arrivals there are is decided in [`crate::block::deliver`], what they do to a neuron in [`crate::block::visit`].

use crate::block::buckets::{Buckets, Entry};
use crate::block::calendar::Calendar;
use crate::block::columns::{LifColumns, Site, compact};
use crate::block::deliver::{self, Arriving};
use crate::block::group::{Group, Synaptic};
use crate::block::guard::Endless;
use crate::block::looks::Looks;
use crate::block::scratch::Scratch;
use crate::block::slots::Slots;
use crate::hardware::prefetch::{AHEAD, prefetch};
use crate::inputs::poisson::PoissonLane;
use crate::inputs::process::Process;
use crate::inputs::steps::StepLane;
use crate::probe::Probe;
use crate::transit::Transit;
use crate::transit::plan::Incoming;
use tauspike_network::fanout;
use tauspike_network::input::{self, Input};
use tauspike_network::network::Network;
use tauspike_neuron::{Arrival, Cell, Membrane, Work};
use tauspike_spike::Counters;
use tauspike_spike::{ProbeRow, Spike};

/// Neurons of one model, and everything that belongs to them.
pub(crate) struct Neurons<C> {
    pub(super) range: fanout::Block,
    /// Which of its population's blocks this is.
    ordinal: usize,
    pub(super) cells: Vec<C>,
    /// When each neuron next has something of its own to do, ms.
    pub(super) wake: Vec<f64>,
    /// Positive weight that may still arrive at each neuron before it has to be looked at; see [`crate::block::patience`].
    pub(super) headroom: Vec<f64>,
    /// Arrivals over drawn delays, on their way.
    pub(super) slots: Slots,
    /// Arrivals that wait for their neuron to be visited; none unless `patient`.
    pub(super) waiting: Buckets<Arrival>,
    /// Neurons are visited when they might fire, not whenever something arrives.
    pub(super) patient: bool,
    /// Any neuron can wait for excitation at time 0; where none can, patience costs more than it saves.
    pub(super) can_wait: bool,
    pub(super) poisson: Vec<PoissonLane>,
    pub(super) steps: Vec<StepLane>,
    pub(super) looks: Looks,
    /// When each neuron next takes a current step or is looked at by a probe, ms; infinite if never.
    pub(super) stops: Vec<f64>,
    pub(super) calendar: Calendar,
    /// So many neurons are active in each epoch that the calendar is not kept.
    pub(super) busy: bool,
    pub(super) work: Work,
    pub(super) counters: Counters,
    /// Spikes and probe rows since they were last collected.
    pub(super) fired: Vec<Spike>,
    pub(super) rows: Vec<ProbeRow>,
    pub(super) endless: Option<Endless>,
    pub(super) lif: LifColumns,
}

/// The arrivals of an epoch by target.
struct Bucketed<'a, E> {
    buckets: &'a mut Buckets<E>,
    /// What entries that are numbers of rows stand for.
    rows: &'a [Arrival],
    /// Those of each target are in the order of time.
    sorted: bool,
}

impl<C: Cell> Neurons<C> {
    /// The neurons at time 0. `width` is the length of an epoch, ms.
    pub(super) fn new(network: &Network, site: Site, cells: Vec<C>, lif: LifColumns, width: f64) -> Self {
        let (neurons, range) = (cells.len(), site.range);
        let mut block = Self {
            range,
            ordinal: site.ordinal,
            cells,
            wake: vec![0.0; neurons],
            headroom: vec![0.0; neurons],
            slots: Slots::new(Incoming::handed_out(network, range.population), width),
            waiting: Buckets::new(neurons),
            patient: true,
            can_wait: true,
            poisson: Vec::new(),
            steps: Vec::new(),
            looks: Looks::new(&[], range, 0.0),
            stops: vec![f64::INFINITY; neurons],
            calendar: Calendar::new(neurons, width),
            busy: false,
            work: Work::default(),
            counters: Counters::default(),
            fired: Vec::new(),
            rows: Vec::new(),
            endless: None,
            lif,
        };
        for (ordinal, input) in network.inputs().iter().enumerate().filter(|(_, i)| i.population == range.population) {
            block.attach(network.seed(), ordinal as u32, input);
        }
        block.find_stops();
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
                let intervals = compact(neurons.clone().map(interval).collect());
                let weights = compact(neurons.clone().map(|n| member(n).map_or(0.0, |m| weight.get(m))).collect());
                self.poisson.push(PoissonLane::new(process, self.range.first, intervals, weights, neurons.len()));
            }
            input::Drive::Current { signal, scale } => {
                let scale: Vec<_> = neurons.map(|n| member(n).map(|m| scale.get(m))).collect();
                self.steps.push(StepLane::new(signal.clone(), scale));
            }
        }
    }

    /// Sets the probes, which look after `now`, or from 0 on.
    pub(super) fn set_probes(&mut self, probes: &[Probe], now: f64) {
        self.looks = Looks::new(probes, self.range, now);
    }

    /// Makes `stops` anew.
    pub(super) fn find_stops(&mut self) {
        for n in 0..self.cells.len() {
            self.stops[n] = self.next_stop(n);
        }
    }

    #[inline(always)]
    pub(super) fn epoch(&mut self, network: &Network, transit: &Transit, scratch: &mut Scratch) {
        let Scratch { rows, arrivals, alike, group, .. } = scratch;
        let arriving = Arriving { network, transit, block: self.range, ordinal: self.ordinal };
        let (before, until) = (self.counters.synaptic_arrivals, transit.plan.epoch.until);
        let alike_rows = arriving.are_alike(alike);
        if self.patient {
            self.wait_or_visit(&arriving, alike_rows.then_some(alike), group);
        } else if alike_rows {
            let busy = self.busy;
            self.counters.synaptic_arrivals += deliver::rows(&arriving, |targets, row| match busy {
                true => targets.iter().for_each(|&target| rows.push(target, row)),
                false => targets.iter().for_each(|&target| rows.push_listed(target, row)),
            });
            self.advance_all(Bucketed { buckets: rows, rows: alike, sorted: true }, until, group);
        } else {
            let busy = self.busy;
            self.counters.synaptic_arrivals +=
                deliver::arrivals(&arriving, &mut self.slots, |target, arrival, _| match busy {
                    true => arrivals.push(target, arrival),
                    false => arrivals.push_listed(target, arrival),
                });
            self.advance_all(Bucketed { buckets: arrivals, rows: &[], sorted: arriving.sorted() }, until, group);
        }
        let arrived = self.counters.synaptic_arrivals - before;
        self.change_patience(arrived, arriving.sorted(), until, group);
    }

    /// Advances every neuron that has an arrival in `buckets` or something of its own to do before `until`.
    #[inline(always)]
    fn advance_all<E: Entry>(&mut self, bucketed: Bucketed<E>, until: f64, group: &mut Group) {
        let Bucketed { buckets, rows, sorted } = bucketed;
        self.list_own(until, buckets);
        let active = buckets.take_active();
        for (k, &neuron) in active.iter().enumerate() {
            if let Some(&later) = active.get(k + AHEAD) {
                self.prefetch(later as usize);
                buckets.prefetch(later);
            }
            let arrivals = buckets.of(neuron).iter().map(|entry| entry.arrival(rows));
            self.join(group, neuron, Synaptic { arrivals, sorted }, until);
            if group.is_full() {
                self.advance_group(group, until);
            }
        }
        self.advance_group(group, until);
        if !self.busy {
            for &neuron in &active {
                self.calendar.schedule(neuron, self.wake[neuron as usize]);
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
            self.calendar.drain(until, |calendar, neuron| {
                let at = wake[neuron as usize];
                if at < until {
                    buckets.activate(neuron);
                } else {
                    calendar.schedule(neuron, at);
                }
            });
        }
    }

    /// Goes over to looking at every neuron where a twenty-fourth was active, and back to the calendar below a quarter of that.
    pub(super) fn change_pace(&mut self, active: usize, now: f64) {
        if !self.busy && active * 24 > self.cells.len() {
            self.busy = true;
        } else if self.busy && active * 96 < self.cells.len() {
            self.fill_calendar(now);
        }
    }

    /// Begins a new calendar at `now`.
    fn fill_calendar(&mut self, now: f64) {
        self.busy = false;
        self.calendar.restart(now);
        for (neuron, &wake) in self.wake.iter().enumerate() {
            self.calendar.schedule(neuron as u16, wake);
        }
    }

    /// Asks for what a visit will need of neuron `n`.
    #[inline(always)]
    pub(super) fn prefetch(&self, n: usize) {
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
    pub(super) fn settle(&mut self, n: usize, from: f64) {
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
    pub(super) fn reschedule(&mut self, now: f64) {
        self.find_stops();
        for (wake, stop) in self.wake.iter_mut().zip(&self.stops) {
            *wake = wake.min(*stop);
        }
        let operations = self.calendar.operations;
        self.fill_calendar(now);
        self.calendar.operations = operations;
    }

    /// Applies `arrivals`, all at `time`, and whatever else is due at `neuron` then; returns when it is next due, ms.
    pub(super) fn instant(
        &mut self,
        neuron: u32,
        arrivals: impl ExactSizeIterator<Item = Arrival>,
        time: f64,
        group: &mut Group,
    ) -> f64 {
        let n = (neuron - self.range.first) as u16;
        self.counters.synaptic_arrivals += arrivals.len() as u64;
        self.join(group, n, Synaptic { arrivals, sorted: true }, time.next_up());
        self.advance_group(group, time.next_up());
        self.wake[n as usize]
    }

    /// A time before which nothing is to be done unless more takes off, ms.
    pub(super) fn next_event(&self, _: f64) -> f64 {
        let own = match self.busy {
            true => self.wake.iter().copied().fold(f64::INFINITY, f64::min),
            false => self.calendar.next(&self.wake),
        };
        own.min(self.slots.next())
    }

    pub(super) fn wakes(&self) -> &[f64] {
        &self.wake
    }

    pub(super) fn membrane(&self, neuron: u32, time: f64) -> Membrane {
        self.cells[(neuron - self.range.first) as usize].membrane(time)
    }

    pub(super) fn counters(&self) -> Counters {
        Counters {
            neuron_updates: self.work.updates,
            crossings_tested: self.work.crossings_tested,
            crossings_solved: self.work.crossings_solved,
            queue_operations: self.calendar.operations,
            ..self.counters
        }
    }

    pub(super) fn bytes(&self) -> usize {
        let positions = self.poisson.iter().map(|lane| size_of_val(&lane.positions[..])).sum::<usize>();
        size_of_val(&self.cells[..]) + size_of_val(&self.wake[..]) + positions
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

//! An epoch, window by window.

use crate::block::deliver::Arriving;
use crate::block::guard::Guard;
use crate::block::scaled::add::{Batch, Whole};
use crate::block::scaled::marks::Marks;
use crate::block::scaled::members::{Decays, Members};
use crate::block::scaled::neurons::{Private, Scaled};
use crate::block::scaled::resolve::{Found, Hit, State, resolve};
use crate::block::scaled::room::{Room, Spread};
use crate::block::scaled::signs::Side;
use crate::transit::Transit;
use crate::transit::plan::{Incoming, Piece};
use crate::transit::span::Span;
use tauspike_network::network::Network;
use tauspike_neuron::{Int, Membrane};
use tauspike_spike::ProbeRow;

impl<I: Int> Scaled<I> {
    /// Takes what arrives one by one in the epoch; whether the integers hold whatever may come of it.
    pub fn receive(&mut self, network: &Network, transit: &Transit, spread: &mut Spread) -> bool {
        let arriving = Arriving { network, transit, block: self.range, ordinal: self.ordinal };
        let epoch = transit.plan.epoch;
        spread.clear();
        if let Incoming::Spread { projections, departures } = arriving.incoming() {
            for departure in departures {
                arriving.hand_out(projections, departure, &mut self.slots);
            }
            self.slots.take(epoch, |target, arrival, _| spread.push(target, arrival.time, arrival.weight));
        }
        let most = self.headroom.most(epoch.until - epoch.from, &arriving, spread);
        self.holds(most)
    }

    #[inline(always)]
    pub fn epoch(&mut self, network: &Network, transit: &Transit, spread: &mut Spread, room: &mut Room<I>) {
        let arriving = Arriving { network, transit, block: self.range, ordinal: self.ordinal };
        let epoch = transit.plan.epoch;
        let mut pieces: &[Piece] = match arriving.incoming() {
            Incoming::Sorted { pieces, .. } => pieces,
            Incoming::Spread { .. } => &[],
        };
        self.window = self.calm.window(self.lately);
        let before = self.counters.synaptic_arrivals;
        self.counters.synaptic_arrivals += spread.len() as u64;
        let mut at = epoch.from;
        while at < epoch.until {
            self.step(at);
            let window = Span { from: at, until: self.window_end(at, epoch.until) };
            let due = pieces.partition_point(|piece| piece.time < window.until);
            spread.take(window.until);
            self.window((&arriving, &pieces[..due], spread.batch()), window, room);
            pieces = &pieces[due..];
            self.look(window.until);
            at = window.until;
        }
        debug_assert!(
            self.fired.iter().all(|spike| (epoch.from..epoch.until).contains(&spike.time)),
            "fired in another epoch"
        );
        let arrivals = (self.counters.synaptic_arrivals - before) as f64 / self.members.len() as f64;
        self.lately += (arrivals / (epoch.until - epoch.from) - self.lately) * 0.1;
    }

    /// Where the window that begins at `from` ends, at `until` at the latest.
    pub(super) fn window_end(&self, from: f64, until: f64) -> f64 {
        let grid = ((from / self.window).floor() + 1.0) * self.window;
        let pass = self.members.passes.start(from) + self.members.passes.length;
        let event = self.currents.next().min(self.views.next().next_up());
        let end = grid.min(pass).min(event).min(until);
        // where the clock is coarser than windows
        if end > from { end } else { from.next_up().min(until) }
    }

    /// Runs a window in which `pieces` arrive, and `spread`.
    #[inline(always)]
    fn window(&mut self, (arriving, pieces, spread): (&Arriving, &[Piece], Batch), window: Span, room: &mut Room<I>) {
        self.go_to(window.from);
        let Room { marks, hits, factors, .. } = room;
        marks.begin(self.members.len());
        self.counters.windows += 1;
        self.wake_up(window, marks);
        hits.clear();
        let mut single = spread.targets.len();
        for private in &mut self.private {
            let taken = private.lane.take(window);
            self.counters.external_arrivals += taken as u64;
            single += taken;
        }
        if pieces.is_empty() && single == 0 {
            if self.members.driven && !self.is_by_calendar() || window.from == 0.0 {
                self.sweep(window, marks);
            }
        } else {
            factors.clear();
            if let Decays::Shared { .. } = self.members.decays {
                factors.extend(pieces.iter().map(|piece| self.members.factor(0, piece.time)));
            }
            let (private, signs) = (std::mem::take(&mut self.private), std::mem::take(&mut self.signs));
            let batches: Vec<Batch> = private.iter().map(Private::batch).chain([spread]).collect();
            let arrivals = Arrivals { whole: Whole { arriving, pieces, factors, signs: &signs }, batches: &batches };
            self.work.updates += single as u64;
            self.add_and_find(&arrivals, single, window, marks);
            if marks.any() {
                give_back(&self.members, &arrivals, marks, hits);
            }
            (self.private, self.signs) = (private, signs);
        }
        if room.marks.any() {
            self.counters.looks += room.marks.marked().len() as u64;
            self.resolve_marked(window, room);
        }
    }

    /// Adds all that arrives in a window, and marks the neurons that may have fired.
    #[inline(always)]
    fn add_and_find(&mut self, arrivals: &Arrivals, single: usize, window: Span, marks: &mut Marks) {
        let Arrivals { whole, batches } = arrivals;
        let many = 4 * (single + whole.pieces.len() * self.row_length) > self.members.len();
        let mut synapses = 0;
        if many || self.members.driven || window.from == 0.0 {
            synapses += whole.add(Side::Excitation, &self.members, &mut self.u, |_, _| {});
            for batch in *batches {
                batch.add(Side::Excitation, &self.members, &mut self.u, |_, _| {});
            }
            if !self.is_by_calendar() || window.from == 0.0 {
                self.sweep(window, marks);
            }
        } else {
            let members = &self.members;
            let mut look = |n: u16, u: I| {
                if members.may_reach(n.into(), u, window) {
                    marks.mark(n);
                }
            };
            synapses += whole.add(Side::Excitation, members, &mut self.u, &mut look);
            for batch in *batches {
                batch.add(Side::Excitation, members, &mut self.u, &mut look);
            }
        }
        synapses += whole.add(Side::Inhibition, &self.members, &mut self.u, |_, _| {});
        for batch in *batches {
            batch.add(Side::Inhibition, &self.members, &mut self.u, |_, _| {});
        }
        if !whole.pieces.is_empty() {
            self.row_length = synapses / whole.pieces.len();
        }
        self.counters.synaptic_arrivals += synapses as u64;
        self.work.updates += synapses as u64;
    }

    /// Takes the marked neurons through what has arrived at them.
    pub(super) fn resolve_marked(&mut self, window: Span, room: &mut Room<I>) {
        let Room { marks, hits, sorted, ends, .. } = room;
        sort(hits, marks.marked().len(), sorted, ends);
        let mut from = 0;
        for (&n, &end) in marks.marked().iter().zip(ends.iter()) {
            let hits = &mut sorted[from as usize..end as usize];
            from = end;
            hits.sort_by(|a, b| a.time.total_cmp(&b.time));
            let n = n as usize;
            // the sums of this window again taken away
            let before = hits.iter().fold(self.u[n], |u, hit| u.minus(hit.value));
            self.resolve(n, before, hits, window);
        }
    }

    /// Takes neuron `n`, at `u` before them, through `hits`.
    pub(super) fn resolve(&mut self, n: usize, u: I, hits: &[Hit<I>], window: Span) {
        let source = self.range.first + n as u32;
        let guard = Guard::new(hits.len(), &mut self.endless);
        let mut found = Found { guard, spikes: &mut self.fired, tested: 0, solved: 0 };
        let state = State { u, since: self.since[n], asleep: self.asleep[n] };
        let state = resolve(&self.members, (n, source), state, hits, window, &mut found);
        self.work.crossings_tested += found.tested;
        self.work.crossings_solved += found.solved;
        self.since[n] = state.since;
        self.asleep[n] = state.asleep;
        self.u[n] = if state.asleep { I::DEAF } else { state.u };
        // instant by instant the queue of instants keeps the time
        if self.ahead.wakes.is_empty() {
            self.schedule(n);
        }
    }

    /// Whether a current step is due at `time` or before.
    pub(super) fn is_to_step(&self, time: f64) -> bool {
        self.currents.next().min(self.restep) <= time
    }

    /// Takes the current steps that are due at `time`; whether there were any.
    pub(super) fn step(&mut self, time: f64) -> bool {
        if !self.is_to_step(time) {
            return false;
        }
        self.go_to(time);
        let (mut stepping, restep) = (self.currents.take(time), self.restep <= time);
        if restep {
            stepping = (0..self.members.len()).collect();
            self.restep = f64::INFINITY;
        }
        for n in stepping {
            let (before, after) = (self.members.v_inf[n], self.members.driven_to(n, &self.currents));
            if restep && before == after {
                continue;
            }
            self.counters.external_arrivals += 1;
            if self.asleep[n] && self.since[n] <= time {
                // it went on from V_reset with the current before
                (self.u[n], self.asleep[n]) = (self.members.awake(n, self.since[n]), false);
            }
            self.members.set_v_inf(n, after);
            if !self.asleep[n] {
                // V stays, V_inf moves
                self.u[n] = self.u[n].plus(I::round((before - after) * self.members.factor(n, time)));
                self.since[n] = self.since[n].max(time);
            }
        }
        self.members.compare();
        self.headroom.forget();
        if self.is_by_calendar() {
            (0..self.members.len()).for_each(|n| self.schedule(n));
        }
        true
    }

    /// Lets the probes look whose time is before `until`, all of that time having arrived.
    pub(super) fn look(&mut self, until: f64) {
        while self.views.next() < until {
            let time = self.views.next();
            let due = self.views.take();
            for n in due {
                let row = self.row(n, time);
                self.rows.push(row);
            }
        }
    }

    pub(super) fn row(&self, n: u16, time: f64) -> ProbeRow {
        let Membrane { v, current } = self.membrane_of(n as usize, time);
        ProbeRow { time, neuron: self.range.first + u32::from(n), v, current }
    }

    /// Lets the probes look that are due at `time`, the end of a run.
    pub fn look_at(&mut self, time: f64) {
        self.look(time.next_up());
    }

    /// Nothing is left to be applied; probes look whose time is before `until`.
    pub fn settle(&mut self, until: f64) {
        while self.views.next() < until {
            let seen = self.views.next().next_up();
            self.catch_up(seen);
            self.look(seen);
        }
        self.catch_up(until);
    }
}

/// All that arrives in a window.
struct Arrivals<'a> {
    whole: Whole<'a>,
    batches: &'a [Batch<'a>],
}

/// Collects what has arrived at marked neurons.
#[inline(always)]
fn give_back<I: Int>(members: &Members, arrivals: &Arrivals, marks: &Marks, hits: &mut Vec<(u32, Hit<I>)>) {
    let hit = |target: u16, time: f64, factor: f64, weight: f64| {
        (marks.slot(target), Hit { time, factor, value: I::round(weight * factor), excites: weight > 0.0 })
    };
    let Arrivals { whole, batches } = arrivals;
    whole.each_at(marks, |target, k, weight| {
        let time = whole.pieces[k].time;
        let factor = whole.factors.get(k).copied().unwrap_or_else(|| members.factor(target.into(), time));
        hits.push(hit(target, time, factor, weight));
    });
    for batch in *batches {
        marks.each(batch.targets, |k| {
            let (target, time) = (batch.targets[k], batch.times[k]);
            hits.push(hit(target, time, members.factor(target.into(), time), batch.weights.get(k, target)));
        });
    }
}

/// Sorts hits by slot, those of each in the order they came; `ends` gets where those of each slot end.
fn sort<I: Int>(hits: &[(u32, Hit<I>)], slots: usize, sorted: &mut Vec<Hit<I>>, ends: &mut Vec<u32>) {
    ends.clear();
    ends.resize(slots, 0);
    hits.iter().for_each(|(slot, _)| ends[*slot as usize] += 1);
    let mut sum = 0;
    for end in ends.iter_mut() {
        (*end, sum) = (sum, sum + *end);
    }
    let nothing = Hit { time: 0.0, factor: 0.0, value: I::default(), excites: false };
    sorted.clear();
    sorted.resize(hits.len(), nothing);
    for (slot, hit) in hits {
        let end = &mut ends[*slot as usize];
        sorted[*end as usize] = *hit;
        *end += 1;
    }
}

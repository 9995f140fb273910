//! An epoch, window by window.

use crate::block::deliver::{Arriving, Stream, Whole};
use crate::block::guard::Guard;
use crate::block::scaled::add::{Batch, Rows};
use crate::block::scaled::marks::Marks;
use crate::block::scaled::model::{Found, Hit, HitOf, Model};
use crate::block::scaled::neurons::{Private, Scaled};
use crate::block::scaled::room::{Room, Spread};
use crate::block::scaled::stride::SHORTEST;
use crate::block::scaled::table::LINE;
use crate::block::signs::Side;
use crate::hardware::prefetch::prefetch;
use crate::transit::Transit;
use crate::transit::plan::Incoming;
use crate::transit::span::Span;
use tauspike_network::network::Network;
use tauspike_neuron::{Arrival, Membrane};
use tauspike_spike::ProbeRow;

impl<M: Model> Scaled<M> {
    /// Takes what arrives one by one in the epoch; whether the integers hold whatever may come of it.
    pub fn receive(&mut self, network: &Network, transit: &Transit, spread: &mut Spread) -> bool {
        let arriving = Arriving { network, transit, block: self.range, ordinal: self.ordinal };
        let epoch = transit.plan.epoch;
        spread.clear();
        if let Incoming::Spread { projections, departures } = arriving.incoming() {
            arriving.hand_out(projections, departures, &self.signs, &mut self.slots);
            self.slots.take(epoch, spread.sides());
            spread.sort();
        }
        self.take_injected(epoch.until, spread);
        let most = self.headroom.most(epoch.until - epoch.from, &arriving, spread);
        self.headroom.take(most) || self.headroom.is_worth_a_look(most) && self.holds(most) || {
            let exactly = self.headroom.exactly(&arriving, spread);
            self.holds(exactly)
        }
    }

    #[inline(always)]
    pub fn epoch(&mut self, network: &Network, transit: &Transit, spread: &mut Spread, room: &mut Room<M>) {
        let arriving = Arriving { network, transit, block: self.range, ordinal: self.ordinal };
        let epoch = transit.plan.epoch;
        let whole = arriving.whole(&self.signs, spread.runs());
        let mut left = [&whole[0][..], &whole[1][..]];
        let mut streams = left.map(Stream::new);
        self.stride.adapt(self.model.passes().length);
        spread.sort_by_cell(epoch, self.stride.length);
        self.model.adapt(&mut self.cells, self.privately + self.lately);
        let before = self.counters.synaptic_arrivals;
        self.counters.synaptic_arrivals += spread.len() as u64;
        let mut at = epoch.from;
        while at < epoch.until {
            // a probe sees what was before its time
            self.look(at);
            self.step(at);
            let window = Span { from: at, until: self.window_end(at, epoch.until) };
            let due = left.map(|rows| &rows[..rows.partition_point(|row| row.time < window.until)]);
            spread.take(window.until, window.until == epoch.until);
            self.window((due, &mut streams, spread.batches()), window, room);
            left = [&left[0][due[0].len()..], &left[1][due[1].len()..]];
            at = self.leap((window.until, epoch.until), left, spread);
        }
        self.follow(&whole, spread);
        debug_assert!(
            self.fired.iter().all(|spike| (epoch.from..epoch.until).contains(&spike.time)),
            "fired in another epoch"
        );
        let arrivals = (self.counters.synaptic_arrivals - before) as f64 / self.model.len() as f64;
        self.lately += (arrivals / (epoch.until - epoch.from) - self.lately) * 0.1;
    }

    /// Looks how large potentials are to which the rows of an epoch have come, where that is all that has come, and spares a look at all.
    #[inline(always)]
    fn follow(&mut self, whole: &[Vec<Whole>; 2], spread: &Spread) {
        let rows = whole.iter().map(Vec::len).sum::<usize>();
        let all = self.private.is_empty() && spread.len() == 0;
        let peak = (all && self.headroom.is_scarce() && 4 * rows * self.row_length < self.model.len()).then(|| {
            let rows = whole.iter().flatten();
            rows.map(|row| self.model.peak_of(row.targets, &mut self.cells)).fold(0.0, f64::max)
        });
        self.headroom.follow(peak);
    }

    /// Where the next window begins in which anything may happen, from `from` to `until`. Windows are so short only where passes are, because a
    /// neuron decays far faster than others do: then most of them are empty.
    #[inline(always)]
    fn leap(&self, (from, until): (f64, f64), rows: [&[Whole]; 2], spread: &Spread) -> f64 {
        if self.stride.length >= SHORTEST || from >= until { from } else { self.leap_to((from, until), rows, spread) }
    }

    #[inline(never)]
    fn leap_to(&self, (from, until): (f64, f64), rows: [&[Whole]; 2], spread: &Spread) -> f64 {
        let rows = rows.iter().filter_map(|rows| rows.first()).map(|row| row.time).fold(until, f64::min);
        let next = rows.min(spread.next()).min(self.next_input(from));
        if next < from + self.stride.length {
            return from;
        }
        let next = next.min(self.model.next(&self.cells, from));
        ((next / self.stride.length).floor() * self.stride.length).max(from)
    }

    /// Where the window that begins at `from` ends, at `until` at the latest.
    pub(super) fn window_end(&self, from: f64, until: f64) -> f64 {
        let grid = ((from / self.stride.length).floor() + 1.0) * self.stride.length;
        let pass = self.model.passes().start(from) + self.model.passes().length;
        let event = self.currents.next().min(self.views.next());
        let end = grid.min(pass).min(event).min(until);
        // where the clock is coarser than windows
        if end > from { end } else { from.next_up().min(until) }
    }

    /// Runs a window in which `rows` of either side arrive, which are next in `streams`, and `spread`.
    #[inline(always)]
    fn window(
        &mut self,
        (rows, streams, spread): ([&[Whole]; 2], &mut [Stream; 2], [Batch; 2]),
        window: Span,
        room: &mut Room<M>,
    ) {
        self.model.go_to(&mut self.cells, window.from);
        let Room { marks, hits, factors, before, .. } = room;
        marks.begin(self.model.len());
        self.counters.windows += 1;
        let mut compared = self.model.begin_window(&self.cells, window, marks);
        hits.clear();
        let mut single = spread.iter().map(|batch| batch.targets.len()).sum();
        for private in &mut self.private {
            let taken = private.lane.take(window);
            self.counters.external_arrivals += taken as u64;
            single += taken;
            compared += private.lane.waiting();
        }
        if rows.iter().all(|rows| rows.is_empty()) && single == 0 {
            if self.model.fires_alone() || window.from == 0.0 {
                self.model.sweep(&self.cells, window, marks);
                compared += self.model.comparison() * self.model.len();
            }
        } else {
            factors.iter_mut().for_each(Vec::clear);
            if self.model.is_uniform() {
                for side in [Side::Excitation, Side::Inhibition] {
                    find_factors(&self.model, side, rows[side as usize], &mut factors[side as usize]);
                }
            }
            let private = std::mem::take(&mut self.private);
            let batches: Vec<Batch> = private.iter().map(Private::batch).chain(spread).collect();
            let whole = [Side::Excitation, Side::Inhibition].map(|side| {
                let k = side as usize;
                Rows { side, rows: rows[k], factors: &factors[k] }
            });
            let arrivals = Arrivals { whole, batches: &batches };
            self.work.updates += single as u64;
            if self.model.is_lazy() {
                let rows = arrivals.whole.iter().flat_map(|side| side.rows).map(|row| row.targets);
                for targets in rows.chain(batches.iter().map(|batch| batch.targets)) {
                    self.model.prepare(&mut self.cells, targets);
                }
            }
            // where nothing excites, who is looked at is known before: few of them are hit, and a cell that is hit has changed
            before.clear();
            if !self.excited {
                before.extend(marks.marked().iter().map(|n| self.cells[*n as usize]));
            }
            compared += self.add_and_find((&arrivals, streams), single, window, marks);
            let hit = marks.marked().len() != before.len()
                || marks.marked().iter().zip(&*before).any(|(n, before)| self.cells[*n as usize] != *before);
            if hit {
                give_back(&self.model, &arrivals, marks, hits);
            }
            self.private = private;
        }
        self.stride.count(compared, room.hits.len());
        if room.marks.any() {
            self.counters.looks += room.marks.marked().len() as u64;
            self.resolve_marked(window, room);
        }
    }

    /// Adds all that arrives in a window, and marks the neurons that may have fired. Returns how many it compares that nothing may have come to.
    #[inline(always)]
    fn add_and_find(
        &mut self,
        (arrivals, streams): (&Arrivals<M::Factor>, &mut [Stream; 2]),
        single: usize,
        window: Span,
        marks: &mut Marks,
    ) -> usize {
        let Arrivals { whole, batches } = arrivals;
        let (model, cells) = (&self.model, &mut self.cells);
        let rows = whole.iter().map(|side| side.rows.len()).sum::<usize>();
        let many = 4 * (single + rows * self.row_length) > model.len();
        let (mut synapses, mut compared) = (0, 0);
        let mut to_add = &[Side::Excitation, Side::Inhibition][..];
        if !(many && !model.is_lazy() || model.fires_alone() || window.from == 0.0) {
            let mut look = |n: u16, cell: &M::Cell| {
                if model.may_fire(n.into(), cell, window) {
                    marks.mark(n);
                }
            };
            synapses += whole[0].add(model, cells, &mut streams[0], &mut look);
            for batch in *batches {
                batch.add(Side::Excitation, model, cells, &mut look);
            }
            self.model.sift(&self.cells, window, marks);
            to_add = &[Side::Inhibition];
        }
        let (model, cells) = (&self.model, &mut self.cells);
        // one loop for either side: what it calls is inlined
        for &side in to_add {
            synapses += whole[side as usize].add(model, cells, &mut streams[side as usize], |_, _| {});
            for batch in *batches {
                batch.add(side, model, cells, |_, _| {});
            }
            if side == Side::Excitation && (self.excited || model.fires_alone() || window.from == 0.0) {
                model.sweep(cells, window, marks);
                compared = model.comparison() * model.len();
            }
        }
        self.row_length = synapses.checked_div(rows).unwrap_or(self.row_length);
        self.counters.synaptic_arrivals += synapses as u64;
        self.work.updates += synapses as u64;
        compared
    }

    /// Takes the marked neurons through what has arrived at them.
    fn resolve_marked(&mut self, window: Span, room: &mut Room<M>) {
        let Room { marks, hits, sorted, ends, .. } = room;
        for &n in marks.marked() {
            prefetch(&self.cells[..], n.into());
            self.model.ask(n.into());
        }
        sort::<M>(hits, marks.marked().len(), sorted, ends);
        let mut from = 0;
        for (&n, &end) in marks.marked().iter().zip(ends.iter()) {
            let hits = &mut sorted[from as usize..end as usize];
            from = end;
            hits.sort_by(|a, b| a.time.total_cmp(&b.time));
            self.resolve(n as usize, hits, window);
        }
    }

    /// Takes neuron `n` through `hits`, which have been added to its cell.
    pub(super) fn resolve(&mut self, n: usize, hits: &[HitOf<M>], window: Span) {
        let source = self.range.first + n as u32;
        let guard = Guard::new(hits.len(), &mut self.endless);
        let mut found = Found { guard, spikes: &mut self.fired, tested: 0, solved: 0 };
        self.model.resolve((n, source), &mut self.cells, hits, window, &mut found);
        self.work.crossings_tested += found.tested;
        self.work.crossings_solved += found.solved;
    }

    /// Whether a current step is due at `time` or before.
    pub(super) fn is_to_step(&self, time: f64) -> bool {
        self.currents.next().min(self.restep) <= time
    }

    /// As [`Model::go_to`], where that is not a part of an epoch, into which it is inlined.
    #[inline(never)]
    pub(super) fn stand_at(&mut self, time: f64) {
        self.model.go_to(&mut self.cells, time);
    }

    /// Takes the current steps that are due at `time`; whether there were any.
    pub(super) fn step(&mut self, time: f64) -> bool {
        if !self.is_to_step(time) {
            return false;
        }
        self.stand_at(time);
        let (mut stepping, restep) = (self.currents.take(time), self.restep <= time);
        if restep {
            stepping = (0..self.model.len()).collect();
            self.restep = f64::INFINITY;
        }
        for n in stepping {
            let (v_inf, before) = self.model.driven_to(n, &self.currents);
            self.counters.external_arrivals += u64::from(!restep || before != v_inf);
            if before != v_inf {
                self.model.drive(n, &mut self.cells, time, v_inf);
            }
        }
        self.model.driven(&self.cells);
        self.headroom.forget();
        true
    }

    /// Lets the probes look that are due at `time` or before, nothing of that time having come yet.
    pub fn look(&mut self, time: f64) {
        while self.views.next() <= time {
            let time = self.views.next();
            let due = self.views.take();
            for n in due {
                let row = self.row(n, time);
                self.rows.push(row);
            }
        }
    }

    pub(super) fn row(&self, n: u16, time: f64) -> ProbeRow {
        let Membrane { v, current } = self.model.membrane(n as usize, &self.cells, time);
        ProbeRow { time, neuron: self.range.first + u32::from(n), v, current }
    }

    /// Nothing is left to be applied, and no probe to look, at `until` or before.
    pub fn settle(&mut self, until: f64) {
        self.look_back(until);
        self.catch_up(until);
    }

    /// Lets the probes look that are due at `time` or before, each once all before it has been applied.
    pub(super) fn look_back(&mut self, time: f64) {
        while self.views.next() <= time {
            let next = self.views.next();
            self.catch_up(next);
            self.look(next);
        }
    }
}

/// All that arrives in a window.
struct Arrivals<'a, F> {
    /// Of either side.
    whole: [Rows<'a, F>; 2],
    batches: &'a [Batch<'a>],
}

/// Finds the factor of each of these rows.
#[inline(always)]
fn find_factors<M: Model>(model: &M, side: Side, rows: &[Whole], factors: &mut Vec<M::Factor>) {
    for line in rows.chunks(LINE) {
        let mut times = [line[0].time; LINE];
        times.iter_mut().zip(line).for_each(|(time, row)| *time = row.time);
        factors.extend_from_slice(&model.factors(side, &times)[..line.len()]);
    }
}

/// Collects what has arrived at marked neurons.
#[inline(always)]
fn give_back<M: Model>(model: &M, arrivals: &Arrivals<M::Factor>, marks: &Marks, hits: &mut Vec<(u32, HitOf<M>)>) {
    let Arrivals { whole, batches } = arrivals;
    for rows in whole {
        rows.each_at(marks, |target, k, weight| {
            let (time, side) = (rows.rows[k].time, rows.side);
            let foreseen = rows.factors.get(k).copied();
            let factor = foreseen.unwrap_or_else(|| model.factor(side, target.into(), time));
            hits.push((marks.slot(target), Hit { time, side, factor, value: M::value(weight, &factor) }));
        });
    }
    for batch in *batches {
        marks.each(batch.targets, |k| {
            let target = batch.targets[k];
            let arrival = Arrival { time: batch.times[k], weight: batch.weights.get(k, target) };
            hits.push((marks.slot(target), hit(model, target.into(), arrival)));
        });
    }
}

/// An arrival at neuron `n`.
#[inline(always)]
pub(super) fn hit<M: Model>(model: &M, n: usize, Arrival { time, weight }: Arrival) -> HitOf<M> {
    let side = Side::of_weight(weight);
    let factor = model.factor(side, n, time);
    Hit { time, side, factor, value: M::value(weight, &factor) }
}

/// Sorts hits by slot, those of each in the order they came; `ends` gets where those of each slot end.
fn sort<M: Model>(hits: &[(u32, HitOf<M>)], slots: usize, sorted: &mut Vec<HitOf<M>>, ends: &mut Vec<u32>) {
    ends.clear();
    ends.resize(slots, 0);
    hits.iter().for_each(|(slot, _)| ends[*slot as usize] += 1);
    let mut sum = 0;
    for end in ends.iter_mut() {
        (*end, sum) = (sum, sum + *end);
    }
    sorted.clear();
    // every place is written once
    sorted.extend(hits.first().iter().flat_map(|(_, first)| std::iter::repeat_n(*first, hits.len())));
    for (slot, hit) in hits {
        let end = &mut ends[*slot as usize];
        sorted[*end as usize] = *hit;
        *end += 1;
    }
}

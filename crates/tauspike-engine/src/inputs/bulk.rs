//! Private Poisson input, many neurons at a time.
//!
//! Independent Poisson processes of many neurons are one Poisson process of the sum of their rates, whose events fall to the neurons
//! in proportion to their rates, each at a time uniform in its span. So for a *group* of neurons, by absolute position, and a *cell* of
//! time, an absolute power of two in ms, one number of events is drawn, and for each event a time and a neuron. All draws are keyed by
//! input, group and cell: whoever asks for any part of a cell gets the same events, and a train needs no memory. A rate that changes
//! in time is thinned (Lewis and Shedler 1979, Nav Res Logist Q 26:403).
//!
//! Resolution: times lie on 2^-40 of a cell, rates on 2^-24 of that of a group where all are one, else on 2^-53.

use crate::inputs::process::Process;
use crate::transit::span::Span;
use std::ops::Range;
use tauspike_network::column::Column;
use tauspike_network::fanout;
use tauspike_neuron::elementary::power_of_two_within;

/// Neurons in a group.
const GROUP: u32 = 256;
/// Mean number of events in a cell, at most, where the shortest cell allows.
const MEAN: f64 = 192.0;
/// Lengths of cells, ms.
const CELLS: (f64, f64) = (1.0 / 1024.0, 64.0);
/// Draws made together.
const LINE: usize = 16;

/// Arrivals at neurons of one block, in no order.
#[derive(Default)]
pub(crate) struct Events {
    pub targets: Vec<u16>,
    /// ms.
    pub times: Vec<f64>,
    /// mV.
    pub weights: Vec<f64>,
}

impl Events {
    pub fn clear(&mut self) {
        self.targets.clear();
        self.times.clear();
        self.weights.clear();
    }

    #[inline(always)]
    pub fn push(&mut self, target: u16, time: f64, weight: f64) {
        self.targets.push(target);
        self.times.push(time);
        self.weights.push(weight);
    }

    pub fn len(&self) -> usize {
        self.targets.len()
    }

    /// Appends some of `other`.
    pub fn extend(&mut self, other: &Self, range: Range<usize>) {
        self.targets.extend_from_slice(&other.targets[range.clone()]);
        self.times.extend_from_slice(&other.times[range.clone()]);
        self.weights.extend_from_slice(&other.weights[range]);
    }

    /// Puts them in the order of time.
    pub fn sort(&mut self) {
        let mut order: Vec<u32> = (0..self.len() as u32).collect();
        order.sort_unstable_by(|a, b| self.times[*a as usize].total_cmp(&self.times[*b as usize]));
        self.targets = order.iter().map(|k| self.targets[*k as usize]).collect();
        self.weights = order.iter().map(|k| self.weights[*k as usize]).collect();
        self.times = order.iter().map(|k| self.times[*k as usize]).collect();
    }

    pub fn is_empty(&self) -> bool {
        self.targets.is_empty()
    }
}

/// Events drawn, of which the first `taken` are done with.
#[derive(Default)]
struct Drawn {
    /// ms.
    times: Vec<f64>,
    targets: Vec<u16>,
    taken: usize,
}

impl Drawn {
    fn clear(&mut self) {
        self.times.clear();
        self.targets.clear();
        self.taken = 0;
    }

    /// Forgets those that are done with.
    fn compact(&mut self) {
        self.times.drain(..self.taken);
        self.targets.drain(..self.taken);
        self.taken = 0;
    }

    /// Puts those before `until` first; their number.
    fn part(&mut self, until: f64) -> usize {
        let mut end = self.taken;
        for k in self.taken..self.times.len() {
            if self.times[k] < until {
                self.times.swap(end, k);
                self.targets.swap(end, k);
                end += 1;
            }
        }
        end - self.taken
    }
}

/// One Poisson input as the neurons of one block see it.
pub(crate) struct BulkLane {
    process: Process,
    /// Length of a cell, ms.
    cell: f64,
    groups: Vec<Group>,
    /// mV, by position in the block.
    weights: Column,
    drawn: Drawn,
    /// The next cell to draw.
    next: u64,
    /// Number of neurons.
    len: u32,
    /// Draws of each cell, more than it uses: one for the number of events, and one for each.
    draws: u64,
}

struct Group {
    number: u32,
    /// Position of its first neuron, relative to the block's.
    first: i64,
    count: Count,
    share: Share,
}

/// A Poisson distribution.
struct Count {
    least: usize,
    /// P(number <= least + k) for k = 0, 1, .. in 2^-64.
    at_most: Vec<u64>,
}

/// To whom an event falls.
enum Share {
    /// To each of so many neurons alike.
    Alike(u32),
    /// Rates summed up to each neuron, as parts of all.
    By(Vec<f64>),
}

impl BulkLane {
    /// Of the neurons `range` of a population that begins at global index `first`. `rate` is in events per ms, by position in the
    /// population of `members` neurons; `weights` in mV, by position in the block.
    pub fn new(
        process: Process,
        range: fanout::Block,
        (first, members): (u32, u32),
        rate: impl Fn(u32) -> f64,
        weights: Column,
    ) -> Self {
        let (from, until) = (range.first - first, range.first - first + range.len);
        let numbers = from / GROUP..until.div_ceil(GROUP);
        let of_group = |number: u32| number * GROUP..((number + 1) * GROUP).min(members);
        // the length of cells is the same in all blocks
        let most = (0..members.div_ceil(GROUP)).map(|g| of_group(g).map(&rate).sum::<f64>()).fold(0.0, f64::max);
        let cell = power_of_two_within(MEAN / most).clamp(CELLS.0, CELLS.1);
        let group = |number: u32| {
            let rates: Vec<f64> = of_group(number).map(&rate).collect();
            let sum = rates.iter().sum::<f64>();
            let alike = rates.iter().all(|rate| *rate == rates[0]);
            let share = if alike { Share::Alike(rates.len() as u32) } else { Share::By(summed(&rates, sum)) };
            let first = i64::from(number * GROUP) - i64::from(from);
            Group { number, first, count: Count::of(sum * cell), share }
        };
        let groups = numbers.map(group).filter(|group| group.count.most() > 0).collect();
        let draws = ((2.0 * most * cell + 128.0) as u64).next_power_of_two();
        Self { process, cell, groups, weights, drawn: Drawn::default(), next: 0, len: range.len, draws }
    }

    /// Number that keys its draws.
    pub fn stream(&self) -> u32 {
        self.process.stream()
    }

    /// Draws with another key.
    pub fn set_stream(&mut self, stream: u32) {
        self.process = self.process.clone().with_stream(stream);
    }

    /// Forgets what has been drawn; all before `now`, ms, has been taken.
    pub fn stand(&mut self, now: f64) {
        self.drawn.clear();
        self.next = (now / self.cell) as u64;
    }

    /// A time before which it has no event, ms, all before `now` having been taken.
    pub fn next(&self, now: f64) -> f64 {
        if self.groups.is_empty() {
            return f64::INFINITY;
        }
        let drawn = self.drawn.times[self.drawn.taken..].iter().copied().filter(|time| *time >= now);
        let next = drawn.fold(self.next as f64 * self.cell, f64::min).max(now).max(self.process.start);
        if next < self.process.end() { next } else { f64::INFINITY }
    }

    /// Appends the events in `span` to `events`; all before have been taken. Returns how many.
    #[inline(always)]
    pub fn take(&mut self, span: Span, events: &mut Events) -> usize {
        if self.groups.is_empty() || span.until <= self.process.start || span.from >= self.process.end() {
            return 0;
        }
        let before = events.len();
        self.next = self.next.max((span.from / self.cell) as u64);
        while (self.next as f64) * self.cell < span.until {
            self.draw(span.from);
        }
        let due = match self.next as f64 * self.cell <= span.until {
            true => self.drawn.times.len() - self.drawn.taken,
            false => self.drawn.part(span.until),
        };
        let due = self.drawn.taken..self.drawn.taken + due;
        let targets = &self.drawn.targets[due.clone()];
        events.targets.extend_from_slice(targets);
        events.times.extend_from_slice(&self.drawn.times[due.clone()]);
        match self.weights.shared() {
            Some(weight) => events.weights.resize(events.targets.len(), weight),
            None => events.weights.extend(targets.iter().map(|target| self.weights.get((*target).into()))),
        }
        self.drawn.taken = due.end;
        if due.end == self.drawn.times.len() {
            self.drawn.clear();
        }
        events.len() - before
    }

    /// Draws the next cell of all groups, without what is before `from`.
    #[inline(always)]
    fn draw(&mut self, from: f64) {
        let cell = self.next;
        self.next += 1;
        self.drawn.compact();
        let base = cell as f64 * self.cell;
        let (from, last) = (from.max(self.process.start), (base + self.cell).next_down());
        // of groups that are all in the block nothing is left out
        let whole = from <= base && self.process.is_steady_until(last);
        let first = cell.wrapping_mul(self.draws);
        for group in &self.groups {
            let count = group.count.draw(self.process.draw(group.number, first)[0]);
            for line in (0..count).step_by(LINE) {
                let (mut times, targets) = group.line(&self.process, first.wrapping_add(1), line);
                times.iter_mut().for_each(|time| *time = (base + *time * self.cell).min(last));
                let events = LINE.min(count - line);
                if whole && group.is_in(self.len) {
                    self.drawn.times.extend_from_slice(&times[..events]);
                    self.drawn.targets.extend(targets[..events].iter().map(|n| (group.first + i64::from(*n)) as u16));
                    continue;
                }
                for k in 0..events {
                    let (time, target) = (times[k], group.first + i64::from(targets[k]));
                    let here = (0..i64::from(self.len)).contains(&target) && time >= from;
                    if here && self.process.keeps(group.number, first.wrapping_add((line + k) as u64), time) {
                        self.drawn.times.push(time);
                        self.drawn.targets.push(target as u16);
                    }
                }
            }
        }
    }
}

impl Group {
    /// Whether all its neurons are in a block of `len` neurons.
    fn is_in(&self, len: u32) -> bool {
        let neurons = match &self.share {
            Share::Alike(neurons) => i64::from(*neurons),
            Share::By(summed) => summed.len() as i64,
        };
        self.first >= 0 && self.first + neurons <= i64::from(len)
    }

    /// Times, as parts of the cell, and neurons of the events from number `line` on, with the draws from `index` on.
    #[inline(always)]
    fn line(&self, process: &Process, index: u64, line: usize) -> ([f64; LINE], [u32; LINE]) {
        let (mut times, mut targets) = ([0.0; LINE], [0; LINE]);
        match &self.share {
            Share::Alike(neurons) => {
                let mut words = [[0u64; 2]; LINE / 2];
                for (k, word) in words.iter_mut().enumerate() {
                    *word = process.draw(self.number, index.wrapping_add((line / 2 + k) as u64));
                }
                for ((time, target), word) in times.iter_mut().zip(&mut targets).zip(words.as_flattened()) {
                    *time = part(*word);
                    *target = (((word & 0xff_ffff) * u64::from(*neurons)) >> 24) as u32;
                }
            }
            Share::By(summed) => {
                for (k, (time, target)) in times.iter_mut().zip(&mut targets).enumerate() {
                    let [when, whom] = process.draw(self.number, index.wrapping_add((line + k) as u64));
                    *time = part(when);
                    let whom = (whom >> 11) as f64 * (1.0 / (1u64 << 53) as f64);
                    *target = summed.partition_point(|sum| *sum <= whom) as u32;
                }
            }
        }
        (times, targets)
    }
}

/// The upper 40 bits, as a part of 1.
#[inline(always)]
fn part(word: u64) -> f64 {
    // 2^52 + an integer below it, put together from bits: every vector unit has that
    (f64::from_bits(0x4330_0000_0000_0000 | word >> 24) - 4503599627370496.0) * (1.0 / (1u64 << 40) as f64)
}

impl Count {
    /// Of this mean.
    fn of(mean: f64) -> Self {
        // probabilities relative to that of the mode, as far as 2^-64 of it
        let mode = mean.floor();
        let far = |p: &f64| *p > f64::EPSILON / 4096.0;
        let below = std::iter::successors(Some((mode, 1.0)), |&(k, p)| (k > 0.0).then(|| (k - 1.0, p * k / mean)));
        let above = std::iter::successors(Some((mode, 1.0)), |&(k, p)| Some((k + 1.0, p * mean / (k + 1.0))));
        let mut all: Vec<f64> = below.map(|(_, p)| p).take_while(far).collect();
        let least = mode as usize + 1 - all.len();
        all.reverse();
        all.extend(above.map(|(_, p)| p).skip(1).take_while(far));
        let (sums, sum) = (summed(&all, 1.0), all.iter().sum::<f64>());
        let two_64 = f64::from(u32::MAX) + 1.0;
        Self { least, at_most: sums.iter().map(|p| (p / sum * two_64 * two_64) as u64).collect() }
    }

    fn most(&self) -> usize {
        self.least + self.at_most.len() - 1
    }

    #[inline(always)]
    fn draw(&self, word: u64) -> usize {
        (self.least + self.at_most.partition_point(|p| *p <= word)).min(self.most())
    }
}

/// Running sums of `values`, in units of `whole`.
fn summed(values: &[f64], whole: f64) -> Vec<f64> {
    let sums = values.iter().scan(0.0, |sum, value| {
        *sum += value;
        Some(*sum)
    });
    sums.map(|sum| sum / whole).collect()
}

#[cfg(test)]
mod tests;

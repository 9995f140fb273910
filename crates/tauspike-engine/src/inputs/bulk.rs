//! Private Poisson input, many neurons at a time.
//!
//! Independent Poisson processes of many neurons are one Poisson process of the sum of their rates, whose events fall to the neurons
//! in proportion to their rates, each at a time uniform in its span. So for a *group* of neurons, by absolute position, and a *cell* of
//! time, an absolute power of two in ms, one number of events is drawn, and for each event a time and a neuron. All draws are keyed by
//! input, group and cell: whoever asks for any part of a cell gets the same events, and a train needs no memory. A rate that changes
//! in time is thinned (Lewis and Shedler 1979, Nav Res Logist Q 26:403).
//!
//! Resolution: in a whole group of neurons of one rate times lie on 2^-32 of a cell, and an event falls to each with exactly the same chance; in others
//! times lie on 2^-40 of a cell, and chances on 2^-24 where rates are one, else on 2^-53.

mod count;

use crate::inputs::process::Process;
use crate::transit::span::Span;
use count::{Count, summed};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;
use tauspike_network::column::Column;
use tauspike_network::fanout;
use tauspike_neuron::elementary::power_of_two_within;
use tauspike_spike::draw;

/// Neurons in a group.
const GROUP: u32 = 256;
/// Mean number of events in a cell, at most, where the shortest cell allows.
const MEAN: f64 = 192.0;
/// Lengths of cells, ms.
const CELLS: (f64, f64) = (1.0 / 1024.0, 64.0);
/// Digest of rates that are all 0.
const SILENT: u64 = 0;
/// Events drawn together: two for each block of random numbers.
const LINE: usize = 2 * draw::LINE;
/// Words of 32 bits drawn together, a time each, and bytes, a neuron of a whole group each.
const WORDS: usize = 4 * draw::LINE;
const BYTES: usize = 16 * draw::LINE;

/// Events drawn, of which the first `taken` are done with and those before `due` are asked for.
#[derive(Clone, Default)]
struct Drawn {
    /// ms; what stands behind the first `len` has no meaning, nor in `targets`.
    times: Vec<f64>,
    targets: Vec<u16>,
    taken: usize,
    due: usize,
    len: usize,
}

impl Drawn {
    fn clear(&mut self) {
        (self.taken, self.due, self.len) = (0, 0, 0);
    }

    /// Those that are not done with.
    fn left(&self) -> &[f64] {
        &self.times[self.taken..self.len]
    }

    /// Forgets those that are done with.
    fn compact(&mut self) {
        self.times.copy_within(self.taken..self.len, 0);
        self.targets.copy_within(self.taken..self.len, 0);
        (self.taken, self.due, self.len) = (0, self.due - self.taken, self.len - self.taken);
    }

    /// Room for so many more events, rounded up to whole lines.
    #[inline(always)]
    fn room(&mut self, events: usize) -> (&mut [f64], &mut [u16]) {
        let end = self.len + events.next_multiple_of(BYTES);
        if end > self.times.len() {
            self.times.resize(2 * end, 0.0);
            self.targets.resize(2 * end, 0);
        }
        (&mut self.times[self.len..end], &mut self.targets[self.len..end])
    }

    /// Makes those due that are before `until`, by putting them first.
    fn part(&mut self, until: f64) {
        let Self { times, targets, due, len, .. } = self;
        for k in *due..*len {
            // both change places also where that is needless: a branch here would be a coin's throw
            let before = times[k] < until;
            times.swap(*due, k);
            targets.swap(*due, k);
            *due += usize::from(before);
        }
    }
}

/// What a snapshot keeps of a Poisson input.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Lane {
    stream: u32,
    generation: u32,
    digest: u64,
    /// Nothing has been drawn of before this time, ms.
    from: f64,
}

/// One Poisson input as the neurons of one block see it.
#[derive(Clone)]
pub(crate) struct BulkLane {
    process: Process,
    /// Length of a cell, ms.
    cell: f64,
    groups: Vec<Group>,
    /// mV, by position in the block.
    pub weights: Column,
    drawn: Drawn,
    /// The next cell to draw.
    next: u64,
    /// Number of neurons.
    len: u32,
    /// Of the rates of the whole population.
    digest: u64,
    /// How often other rates have taken over from a snapshot: draws of the past must not come again.
    generation: u32,
    /// Draws of each cell, more than it uses: one for the number of events, and one for each.
    draws: u64,
}

#[derive(Clone)]
struct Group {
    number: u32,
    /// Position of its first neuron, relative to the block's.
    first: i64,
    /// Shared by groups of one rate, which then stay in cache.
    count: Arc<Count>,
    share: Share,
}

/// To whom an event falls.
#[derive(Clone)]
enum Share {
    /// To each neuron of a whole group alike.
    Whole,
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
        let mut counts: HashMap<u64, Arc<Count>> = HashMap::new();
        let group = |number: u32| {
            let rates: Vec<f64> = of_group(number).map(&rate).collect();
            let sum = rates.iter().sum::<f64>();
            let alike = rates.iter().all(|rate| *rate == rates[0]);
            let share = match rates.len() as u32 {
                GROUP if alike => Share::Whole,
                neurons if alike => Share::Alike(neurons),
                _ => Share::By(summed(&rates, sum)),
            };
            let first = i64::from(number * GROUP) - i64::from(from);
            let mean = sum * cell;
            let count = counts.entry(mean.to_bits()).or_insert_with(|| Arc::new(Count::of(mean))).clone();
            Group { number, first, count, share }
        };
        let groups = numbers.map(group).filter(|group| group.count.most() > 0).collect();
        let draws = ((2.0 * most * cell + 128.0) as u64).next_power_of_two();
        let silent = (0..members).all(|n| rate(n) == 0.0);
        let digest = if silent { SILENT } else { (0..members).fold(0, |digest, n| fold(digest, rate(n).to_bits())) };
        let (drawn, next, generation) = (Drawn::default(), 0, 0);
        Self { process, cell, groups, weights, drawn, next, len: range.len, digest, generation, draws }
    }

    /// What a snapshot keeps of it.
    pub fn save(&self) -> Lane {
        let from = if self.digest == SILENT { f64::INFINITY } else { self.process.start };
        Lane { stream: self.process.stream(), generation: self.generation, digest: self.digest, from }
    }

    /// Goes on with the draws of a lane of a snapshot at `now`, ms, or with others of its, if rates are others now and some have been used.
    pub fn follow(&mut self, lane: Lane, now: f64) {
        self.process = self.process.clone().with_stream(lane.stream);
        self.generation = lane.generation + u32::from(lane.digest != self.digest && lane.from < now);
    }

    /// Draws from a stream that nobody has used.
    pub fn begin(&mut self, stream: u32) {
        self.process = self.process.clone().with_stream(stream);
        self.generation = 0;
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
        let drawn = self.drawn.left().iter().copied().filter(|time| *time >= now);
        let next = drawn.fold(self.next as f64 * self.cell, f64::min).max(now).max(self.process.start);
        if next < self.process.end() { next } else { f64::INFINITY }
    }

    /// Makes those events due that are in `span`, in no order; all before have been taken. Returns how many.
    #[inline(always)]
    pub fn take(&mut self, span: Span) -> usize {
        self.drawn.taken = self.drawn.due;
        if self.groups.is_empty() || span.until <= self.process.start || span.from >= self.process.end() {
            return 0;
        }
        self.next = self.next.max((span.from / self.cell) as u64);
        if (self.next as f64) * self.cell < span.until {
            self.drawn.compact();
        }
        loop {
            let drawn_until = self.next as f64 * self.cell;
            if drawn_until > span.until {
                self.drawn.part(span.until);
                break;
            }
            // only a cell that goes on beyond the span has to be searched
            self.drawn.due = self.drawn.len;
            if drawn_until == span.until {
                break;
            }
            self.draw(span.from);
        }
        self.drawn.due - self.drawn.taken
    }

    /// Events that have been drawn and are not due, each of which has been looked at.
    pub fn waiting(&self) -> usize {
        self.drawn.len - self.drawn.due
    }

    /// Targets of the events that are due, by position in the block, and their times, ms.
    #[inline(always)]
    pub fn due(&self) -> (&[u16], &[f64]) {
        let due = self.drawn.taken..self.drawn.due;
        (&self.drawn.targets[due.clone()], &self.drawn.times[due])
    }

    /// Draws the next cell of all groups, without what is before `from`.
    #[inline(always)]
    fn draw(&mut self, from: f64) {
        let cell = self.next;
        self.next += 1;
        let base = cell as f64 * self.cell;
        let (from, last) = (from.max(self.process.start), (base + self.cell).next_down());
        // of groups that are all in the block nothing is left out
        let whole = from <= base && self.process.is_steady_until(last);
        let first = cell.wrapping_mul(self.draws);
        for group in &self.groups {
            // group numbers are below 2^24
            let entity = group.number | self.generation << 24;
            let count = group.count.draw(self.process.draw(entity, first)[0]);
            let (times, targets) = self.drawn.room(count);
            group.events((&self.process, entity), (first, self.draws), count, (times, targets));
            for time in &mut times[..count.next_multiple_of(LINE)] {
                let at = base + *time * self.cell;
                *time = if at < last { at } else { last };
            }
            if whole && group.is_in(self.len) {
                self.drawn.len += count;
                continue;
            }
            let mut kept = 0;
            for k in 0..count {
                let (time, target) = (times[k], targets[k]);
                let position = group.first + i64::from(target.wrapping_sub(group.first as u16));
                let here = (0..i64::from(self.len)).contains(&position);
                let stays =
                    whole || here && time >= from && self.process.keeps(entity, first.wrapping_add(k as u64), time);
                // kept also where that is needless: whether a neuron is here is a coin's throw
                (times[kept], targets[kept]) = (time, target);
                kept += usize::from(here & stays);
            }
            self.drawn.len += kept;
        }
    }
}

impl Group {
    /// Whether all its neurons are in a block of `len` neurons.
    fn is_in(&self, len: u32) -> bool {
        let neurons = match &self.share {
            Share::Whole => GROUP.into(),
            Share::Alike(neurons) => i64::from(*neurons),
            Share::By(summed) => summed.len() as i64,
        };
        self.first >= 0 && self.first + neurons <= i64::from(len)
    }

    /// Draws times, as parts of the cell, and positions in the block of `count` events, with the draws after `first` of so many. More are written,
    /// up to whole lines.
    #[inline(always)]
    fn events(
        &self,
        (process, entity): (&Process, u32),
        (first, draws): (u64, u64),
        count: usize,
        (times, targets): (&mut [f64], &mut [u16]),
    ) {
        let words = |line: usize| process.draws(entity, first.wrapping_add((1 + line * draw::LINE) as u64));
        let origin = self.first as u16;
        // each loop by itself, over arrays of its own: so the compiler sees that it can take all at once
        match &self.share {
            Share::Whole => {
                for (line, times) in
                    times[..count.next_multiple_of(WORDS)].as_chunks_mut::<WORDS>().0.iter_mut().enumerate()
                {
                    let words = words(line);
                    let mut parts = [[0.0; draw::LINE]; 4];
                    for l in 0..draw::LINE {
                        parts[0][l] = part_of_32(words[0][l] & 0xffff_ffff);
                        parts[1][l] = part_of_32(words[0][l] >> 32);
                        parts[2][l] = part_of_32(words[1][l] & 0xffff_ffff);
                        parts[3][l] = part_of_32(words[1][l] >> 32);
                    }
                    times.copy_from_slice(parts.as_flattened());
                }
                let behind = draws as usize / (2 * draw::LINE);
                for (line, targets) in
                    targets[..count.next_multiple_of(BYTES)].as_chunks_mut::<BYTES>().0.iter_mut().enumerate()
                {
                    let words = words(behind + line);
                    for (targets, word) in targets.as_chunks_mut::<8>().0.iter_mut().zip(words.as_flattened()) {
                        for (target, byte) in targets.iter_mut().zip(word.to_le_bytes()) {
                            *target = origin.wrapping_add(byte.into());
                        }
                    }
                }
            }
            Share::Alike(neurons) => {
                let times = times.as_chunks_mut::<LINE>().0.iter_mut().zip(targets.as_chunks_mut::<LINE>().0);
                for (line, (times, targets)) in times.take(count.div_ceil(LINE)).enumerate() {
                    let words = words(line);
                    for (time, word) in times.iter_mut().zip(words.as_flattened()) {
                        *time = part(*word);
                    }
                    for (target, word) in targets.iter_mut().zip(words.as_flattened()) {
                        *target = origin.wrapping_add((((*word as u32 & 0xff_ffff) * *neurons) >> 24) as u16);
                    }
                }
            }
            Share::By(summed) => {
                let times = times
                    .as_chunks_mut::<{ draw::LINE }>()
                    .0
                    .iter_mut()
                    .zip(targets.as_chunks_mut::<{ draw::LINE }>().0);
                for (line, (times, targets)) in times.take(count.div_ceil(draw::LINE)).enumerate() {
                    let words = words(line);
                    for k in 0..draw::LINE {
                        times[k] = part(words[0][k]);
                        let whom = (words[1][k] >> 11) as f64 * (1.0 / (1u64 << 53) as f64);
                        targets[k] = origin.wrapping_add(summed.partition_point(|sum| *sum <= whom) as u16);
                    }
                }
            }
        }
    }
}

/// 32 bits, as a part of 1, in the middle of what they stand for.
#[inline(always)]
fn part_of_32(word: u64) -> f64 {
    (f64::from_bits(0x4330_0000_0000_0000 | word) - 4503599627370495.5) * (1.0 / (1u64 << 32) as f64)
}

/// The upper 40 bits, as a part of 1.
#[inline(always)]
fn part(word: u64) -> f64 {
    // 2^52 + an integer below it, put together from bits: every vector unit has that
    (f64::from_bits(0x4330_0000_0000_0000 | word >> 24) - 4503599627370496.0) * (1.0 / (1u64 << 40) as f64)
}

/// A digest that has seen `word` too (after FNV-1a).
fn fold(digest: u64, word: u64) -> u64 {
    (digest ^ word).wrapping_mul(0x0100_0000_01b3).rotate_left(23)
}

#[cfg(test)]
mod tests;

//! Digests of columns, signals, trains and synapses, which do not depend on how those are kept. Where one value says all, it comes
//! with the digest.

use crate::column::Column;
use crate::fanout::{Projection, Rows};
use crate::network::Network;
use crate::population::Signal;
use crate::procedural::Procedural;

/// Finalizer of SplitMix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators").
#[inline(always)]
fn mix(word: u64) -> u64 {
    let mut z = word.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// The sum of (key of a place) x (key of what is there): neither the order nor the grouping of places matters.
pub(super) fn sum(places: impl Iterator<Item = (u64, u64)>) -> u64 {
    places.fold(0, |sum, (place, value)| sum.wrapping_add(mix(place).wrapping_mul(value)))
}

fn key(value: f64) -> u64 {
    mix(value.to_bits())
}

pub(super) fn text(text: &str) -> u64 {
    text.bytes().fold(1, |digest, byte| mix(digest ^ u64::from(byte)))
}

pub(super) fn number(value: f64) -> (u64, Option<String>) {
    (key(value), Some(value.to_string()))
}

/// The first `len` values of a column; one that all have stands for itself, so that it can be told.
pub(super) fn column(column: &Column, len: usize) -> (u64, Option<String>) {
    let first = column.get(0);
    if column.values(len).all(|value| value.to_bits() == first.to_bits()) {
        return number(first);
    }
    (sum((0..).zip(column.values(len).map(key))), None)
}

pub(super) fn signal(signal: &Signal) -> (u64, Option<String>) {
    let digest = |values: &[f64]| sum((0..).zip(values.iter().copied().map(key)));
    if let ([time], [value]) = (&signal.times[..], &signal.values[..]) {
        return (mix(key(*time)) ^ key(*value), Some(format!("{value} from {time} ms")));
    }
    (mix(digest(&signal.times)) ^ digest(&signal.values), None)
}

pub(super) fn spikes(trains: &[Vec<f64>]) -> u64 {
    let numbered = (0u64..).zip(trains);
    sum(numbered.flat_map(|(member, train)| (0..).zip(train).map(move |(k, &time)| (member << 32 | k, key(time)))))
}

/// Of the synapses of one projection.
pub(super) struct Synapses {
    /// Who is joined with whom, and how often.
    pub pairs: u64,
    pub delays: (u64, Option<String>),
    pub weights: (u64, Option<String>),
    /// Which weight goes with which delay, and the order of synapses that are equal but for their weight.
    pub joint: u64,
}

pub(super) fn procedural(recipe: &Procedural) -> Synapses {
    let words = |words: &[u64]| words.iter().fold(1, |digest, &word| mix(digest ^ word));
    let weights = match recipe.weight() {
        Some(weight) => number(weight),
        None => (words(&recipe.weight_words()), None),
    };
    Synapses { pairs: words(&recipe.pair_words()), delays: number(recipe.delay()), weights, joint: 0 }
}

/// Of the synapses of one projection onto the blocks that were built.
pub(super) fn stored(projection: &Projection, blocks: &[Rows], network: &Network) -> Sums {
    let target = &network.populations[projection.target as usize];
    let firsts = network.blocks.iter().filter(|b| b.population == projection.target).map(|b| b.first - target.first);
    let mut all = Sums { synapses: projection.synapses(), ..Sums::default() };
    if let Some(filled) = blocks.iter().find(|rows| !rows.targets.is_empty()) {
        let delay = filled.sources().flat_map(|source| filled.pieces(source)).map(|(_, delay)| delay).next();
        (all.first_delay, all.first_weight) = (delay.unwrap_or(0.0).to_bits(), filled.weights.get(0).to_bits());
    }
    for (rows, first) in blocks.iter().zip(firsts) {
        for row in rows.sources() {
            all.add_row(rows, row, first);
        }
    }
    all
}

/// Sums over synapses of (key of source and target) x (key of what is meant). Those of two parts of a network are added.
#[derive(Clone, Copy, Default)]
pub(super) struct Sums {
    pairs: u64,
    delays: u64,
    weights: u64,
    joint: u64,
    pub synapses: u64,
    /// Bits of one value; 0 if there is no synapse.
    first_delay: u64,
    first_weight: u64,
}

impl Sums {
    pub const WORDS: usize = 7;

    pub fn words(self) -> [u64; Self::WORDS] {
        let Self { pairs, delays, weights, joint, synapses, first_delay, first_weight } = self;
        [pairs, delays, weights, joint, synapses, first_delay, first_weight]
    }

    /// As [`Sums::words`] wrote it; `None` if there are fewer.
    pub fn from_words(words: &[u64]) -> Option<Self> {
        let &[pairs, delays, weights, joint, synapses, first_delay, first_weight] = words else { return None };
        Some(Self { pairs, delays, weights, joint, synapses, first_delay, first_weight })
    }

    pub fn with(self, other: Self) -> Self {
        let filled = if self.synapses > 0 { self } else { other };
        Self {
            pairs: self.pairs.wrapping_add(other.pairs),
            delays: self.delays.wrapping_add(other.delays),
            weights: self.weights.wrapping_add(other.weights),
            joint: self.joint.wrapping_add(other.joint),
            synapses: self.synapses + other.synapses,
            first_delay: filled.first_delay,
            first_weight: filled.first_weight,
        }
    }

    /// Of all synapses, once all parts are added.
    pub fn digests(self) -> Synapses {
        let digest = |sum: u64, first: u64| match f64::from_bits(first) {
            first if self.synapses > 0 && sum == self.pairs.wrapping_mul(key(first)) => number(first),
            _ => (sum, None),
        };
        let (delays, weights) = (digest(self.delays, self.first_delay), digest(self.weights, self.first_weight));
        Synapses { pairs: self.pairs, delays, weights, joint: self.joint }
    }

    /// Adds the synapses of one source onto the block whose first neuron is at position `first`.
    fn add_row(&mut self, rows: &Rows, row: u32, first: u32) {
        let pair = |k: usize| mix(u64::from(row) << 32 | u64::from(first + u32::from(rows.targets[k])));
        let both = |weight: u64, delay: u64| weight ^ delay.rotate_left(32);
        if let (Some(weight), Some(delay)) = (rows.weights.shared(), rows.delays.shared()) {
            let (weight, delay) = (key(weight), key(delay));
            let pairs = rows.row(row).fold(0u64, |sum, k| sum.wrapping_add(pair(k)));
            self.add(pairs, (weight, delay), both(weight, delay));
            return;
        }
        let mut before = (u16::MAX, 0, 0);
        let mut rank = 0;
        for (k, delay) in rows.delayed(row) {
            let (weight, delay) = (key(rows.weights.get(k)), key(delay));
            let this = (rows.targets[k], weight, delay);
            rank = match (this.0, this.2) == (before.0, before.2) {
                true => rank + u64::from(weight != before.1),
                false => 0,
            };
            before = this;
            self.add(pair(k), (weight, delay), both(weight, delay).wrapping_mul(2 * rank + 1));
        }
    }

    fn add(&mut self, pair: u64, (weight, delay): (u64, u64), both: u64) {
        self.pairs = self.pairs.wrapping_add(pair);
        self.weights = self.weights.wrapping_add(pair.wrapping_mul(weight));
        self.delays = self.delays.wrapping_add(pair.wrapping_mul(delay));
        self.joint = self.joint.wrapping_add(pair.wrapping_mul(both));
    }
}

//! Which network is this? A name and a digest for each of its parts, so that what differs between two networks can be named.
//!
//! What is realised counts, not how it is kept: blocks, threads and the form of a column make no difference. A procedural projection
//! is known by its recipe, because its synapses are nowhere. Digests have 64 bits: they tell apart what people change, not what
//! somebody forges.

use crate::column::Column;
use crate::fanout::{FanOut, Projection, Rows};
use crate::input::{Drive, Input};
use crate::network::Network;
use crate::population::{Cells, Lif, Population, Rate, Signal, Synapse};
use crate::procedural::Procedural;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The parts of a network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    parts: Vec<Part>,
}

/// One part of a network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Part {
    /// What it belongs to, as messages call it: `population "E"`.
    place: String,
    /// Its key in a scenario where it has one: `tau_m_ms`.
    field: String,
    /// The value, if one says it all.
    value: Option<String>,
    digest: u64,
    role: Role,
}

/// What follows if a part differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Role {
    /// Nothing else of its place need be compared.
    Basis,
    /// A parameter of neurons or synapses.
    Value,
    /// What drives the network from outside.
    Input,
    /// As `Basis`, of an input.
    InputBasis,
}

impl Role {
    fn is_input(self) -> bool {
        matches!(self, Role::Input | Role::InputBasis)
    }

    fn is_basis(self) -> bool {
        matches!(self, Role::Basis | Role::InputBasis)
    }
}

/// A part in which one network differs from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What it belongs to, as messages call it: `population "E"`.
    pub place: String,
    /// Its key in a scenario where it has one: `tau_m_ms`; `added` or `removed` for the whole.
    pub field: String,
    /// The value before, if one says it all.
    pub before: Option<String>,
    /// The value after.
    pub after: Option<String>,
    /// It only drives the network from outside: spike trains, rates, signals, weights of private inputs.
    pub is_input: bool,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.field)?;
        match (&self.before, &self.after) {
            (Some(before), Some(after)) if before != after => write!(f, " is {after} and was {before}"),
            _ if self.field == ADDED || self.field == REMOVED => Ok(()),
            _ => f.write_str(" differs"),
        }
    }
}

const ADDED: &str = "added";
const REMOVED: &str = "removed";
const SEED: &str = "seed";

impl Fingerprint {
    /// Of a network. Takes about a nanosecond or two for each stored synapse.
    pub fn of(network: &Network) -> Self {
        let mut parts = Parts { parts: Vec::new(), place: "network".to_owned(), is_input: false };
        parts.basis(SEED, network.seed);
        for (index, population) in network.populations.iter().enumerate() {
            parts.population(index, population);
        }
        for (index, projection) in network.projections.iter().enumerate() {
            parts.projection(index, projection, network);
        }
        for input in &network.inputs {
            parts.input(input, network);
        }
        Self { parts: parts.parts }
    }

    /// What differs in `other`, which came later.
    pub fn differences(&self, other: &Self) -> Vec<Difference> {
        let (mine, theirs) = (self.places(), other.places());
        let find = |places: &[&[Part]], name: &str| places.iter().position(|parts| parts[0].place == name);
        let mut differences = Vec::new();
        for before in &mine {
            match find(&theirs, &before[0].place) {
                Some(k) => compare(before, theirs[k], &mut differences),
                None => differences.push(whole(&before[0], REMOVED)),
            }
            if differences.iter().any(|difference| difference.field == SEED) {
                // everything drawn differs with it
                return differences;
            }
        }
        let added = theirs.iter().filter(|after| find(&mine, &after[0].place).is_none());
        differences.extend(added.map(|after| whole(&after[0], ADDED)));
        differences
    }

    fn places(&self) -> Vec<&[Part]> {
        self.parts.chunk_by(|a, b| a.place == b.place).collect()
    }
}

fn compare(before: &[Part], after: &[Part], differences: &mut Vec<Difference>) {
    for part in before {
        let other = after.iter().find(|other| other.field == part.field);
        if other.is_some_and(|other| other.digest == part.digest) {
            continue;
        }
        differences.push(Difference {
            place: part.place.clone(),
            field: part.field.clone(),
            before: part.value.clone(),
            after: other.and_then(|other| other.value.clone()),
            is_input: part.role.is_input(),
        });
        if part.role.is_basis() {
            return;
        }
    }
}

fn whole(part: &Part, field: &str) -> Difference {
    let (place, is_input) = (part.place.clone(), part.role.is_input());
    Difference { place, field: field.to_owned(), before: None, after: None, is_input }
}

/// The parts as they are gathered, and the place they belong to.
struct Parts {
    parts: Vec<Part>,
    place: String,
    is_input: bool,
}

impl Parts {
    fn push(&mut self, field: &str, (digest, value): (u64, Option<String>), role: Role) {
        let (place, field) = (self.place.clone(), field.to_owned());
        self.parts.push(Part { place, field, value, digest, role });
    }

    fn put(&mut self, field: &str, digest: (u64, Option<String>)) {
        self.push(field, digest, if self.is_input { Role::Input } else { Role::Value });
    }

    fn basis(&mut self, field: &str, value: impl ToString) {
        let value = value.to_string();
        self.push(field, (text(&value), Some(value)), if self.is_input { Role::InputBasis } else { Role::Basis });
    }

    fn population(&mut self, index: usize, population: &Population) {
        self.place = format!("population \"{}\"", population.name);
        self.is_input = false;
        self.basis("model", model(&population.cells));
        self.basis("size", population.size);
        self.basis("place", index);
        self.is_input = !matches!(population.cells, Cells::Lif(_));
        match &population.cells {
            Cells::Lif(lif) => self.lif(lif, population.size as usize),
            Cells::Trains(trains) => self.put("spikes", (spikes(trains), None)),
            Cells::Poisson(rate) => self.rate(rate, population.size as usize),
        }
    }

    fn lif(&mut self, lif: &Lif, size: usize) {
        for (parameter, values) in lif.columns() {
            self.put(parameter.key, column(values, size));
        }
    }

    fn rate(&mut self, rate: &Rate, members: usize) {
        self.put("rate_hz", column(&rate.base_hz, members));
        self.put("profile", rate.profile.as_ref().map_or((0, Some("none".to_owned())), |profile| signal(profile)));
        self.put("start_ms", number(rate.start));
        self.put("stop_ms", number(rate.stop));
    }

    fn projection(&mut self, index: usize, projection: &Projection, network: &Network) {
        self.place = format!("projection \"{}\"", projection.name);
        self.is_input = false;
        self.basis("from", &network.populations[projection.source as usize].name);
        self.basis("to", &network.populations[projection.target as usize].name);
        self.basis("place", index);
        self.basis("procedural", projection.stored().is_none());
        let synapses = match &projection.fan_out {
            FanOut::Stored(blocks) => stored(projection, blocks, network),
            FanOut::Procedural(recipe) => procedural(recipe),
        };
        self.push("synapses", (synapses.pairs, Some(projection.synapses().to_string())), Role::Basis);
        self.put("delay_ms", synapses.delays);
        self.put(weight_key(network, projection.target), synapses.weights);
        self.put("pairing of weights and delays", (synapses.joint, None));
    }

    fn input(&mut self, input: &Input, network: &Network) {
        let population = &network.populations[input.population as usize];
        self.place = format!("input \"{}\"", input.name);
        self.is_input = true;
        self.basis("kind", if matches!(input.drive, Drive::Poisson { .. }) { "poisson" } else { "current" });
        self.basis("target", &population.name);
        let all = 0..population.size;
        let members = match &input.members {
            None => sum(all.map(|position| (u64::from(position), 1))),
            Some(members) => sum(members.iter().map(|&position| (u64::from(position), 1))),
        };
        let count = input.members.as_ref().map_or(population.size as usize, Vec::len);
        self.put("members", (members, Some(count.to_string())));
        match &input.drive {
            Drive::Poisson { rate, weight } => {
                self.rate(rate, count);
                self.put(weight_key(network, input.population), column(weight, count));
            }
            Drive::Current { signal: current, scale } => {
                self.put("signal", signal(current));
                self.put("scale", column(scale, count));
            }
        }
    }
}

fn model(cells: &Cells) -> &'static str {
    match cells {
        Cells::Lif(Lif { synapse: Synapse::Delta, .. }) => "lif_delta",
        Cells::Lif(_) => "lif_exp",
        Cells::Trains(_) => "spike_trains",
        Cells::Poisson(_) => "poisson",
    }
}

fn weight_key(network: &Network, target: u32) -> &'static str {
    match &network.populations[target as usize].cells {
        Cells::Lif(Lif { synapse: Synapse::Exponential { .. }, .. }) => "weight_pa",
        _ => "weight_mv",
    }
}

/// Finalizer of SplitMix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators").
#[inline(always)]
fn mix(word: u64) -> u64 {
    let mut z = word.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// The sum of (key of a place) x (key of what is there): neither the order nor the grouping of places matters.
fn sum(places: impl Iterator<Item = (u64, u64)>) -> u64 {
    places.fold(0, |sum, (place, value)| sum.wrapping_add(mix(place).wrapping_mul(value)))
}

fn key(value: f64) -> u64 {
    mix(value.to_bits())
}

fn text(text: &str) -> u64 {
    text.bytes().fold(1, |digest, byte| mix(digest ^ u64::from(byte)))
}

fn number(value: f64) -> (u64, Option<String>) {
    (key(value), Some(value.to_string()))
}

/// The first `len` values of a column; one that all have stands for itself, so that it can be told.
fn column(column: &Column, len: usize) -> (u64, Option<String>) {
    let first = column.get(0);
    if column.values(len).all(|value| value.to_bits() == first.to_bits()) {
        return number(first);
    }
    (sum((0..).zip(column.values(len).map(key))), None)
}

fn signal(signal: &Signal) -> (u64, Option<String>) {
    let digest = |values: &[f64]| sum((0..).zip(values.iter().copied().map(key)));
    if let ([time], [value]) = (&signal.times[..], &signal.values[..]) {
        return (mix(key(*time)) ^ key(*value), Some(format!("{value} from {time} ms")));
    }
    (mix(digest(&signal.times)) ^ digest(&signal.values), None)
}

/// Digest of a signal, as in a [`Fingerprint`].
pub fn signal_digest(of: &Signal) -> u64 {
    signal(of).0
}

fn spikes(trains: &[Vec<f64>]) -> u64 {
    let numbered = (0u64..).zip(trains);
    sum(numbered.flat_map(|(member, train)| (0..).zip(train).map(move |(k, &time)| (member << 32 | k, key(time)))))
}

/// Of the synapses of one projection.
struct Synapses {
    /// Who is joined with whom, and how often.
    pairs: u64,
    delays: (u64, Option<String>),
    weights: (u64, Option<String>),
    /// Which weight goes with which delay, and the order of synapses that are equal but for their weight.
    joint: u64,
}

fn procedural(recipe: &Procedural) -> Synapses {
    let words = |words: &[u64]| words.iter().fold(1, |digest, &word| mix(digest ^ word));
    let weights = match recipe.weight() {
        Some(weight) => number(weight),
        None => (words(&recipe.weight_words()), None),
    };
    Synapses { pairs: words(&recipe.pair_words()), delays: number(recipe.delay()), weights, joint: 0 }
}

fn stored(projection: &Projection, blocks: &[Rows], network: &Network) -> Synapses {
    let (source, target) =
        (&network.populations[projection.source as usize], &network.populations[projection.target as usize]);
    let firsts = network.blocks.iter().filter(|b| b.population == projection.target).map(|b| b.first - target.first);
    let mut all = Sums::default();
    for (rows, first) in blocks.iter().zip(firsts) {
        for row in 0..source.size {
            all.add_row(rows, row, first);
        }
    }
    let filled = blocks.iter().find(|rows| !rows.targets.is_empty());
    let digest = |sum: u64, column: fn(&Rows) -> &Column| match filled.map(|rows| column(rows).get(0)) {
        Some(first) if sum == all.pairs.wrapping_mul(key(first)) => number(first),
        _ => (sum, None),
    };
    let (delays, weights) = (digest(all.delays, |rows| &rows.delays), digest(all.weights, |rows| &rows.weights));
    Synapses { pairs: all.pairs, delays, weights, joint: all.joint }
}

/// Sums over synapses of (key of source and target) x (key of what is meant).
#[derive(Default)]
struct Sums {
    pairs: u64,
    delays: u64,
    weights: u64,
    joint: u64,
}

impl Sums {
    /// Adds the synapses of one source onto the block whose first neuron is at position `first`.
    fn add_row(&mut self, rows: &Rows, row: u32, first: u32) {
        let range = rows.row(row);
        let pair = |k: usize| mix(u64::from(row) << 32 | u64::from(first + u32::from(rows.targets[k])));
        let both = |weight: u64, delay: u64| weight ^ delay.rotate_left(32);
        if let (Some(weight), Some(delay)) = (rows.weights.shared(), rows.delays.shared()) {
            let (weight, delay) = (key(weight), key(delay));
            let pairs = range.fold(0u64, |sum, k| sum.wrapping_add(pair(k)));
            self.add(pairs, (weight, delay), both(weight, delay));
            return;
        }
        let mut before = (u16::MAX, 0, 0);
        let mut rank = 0;
        for k in range {
            let (weight, delay) = (key(rows.weights.get(k)), key(rows.delays.get(k)));
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

#[cfg(test)]
mod tests;

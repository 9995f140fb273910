//! Which network is this? A name and a digest for each of its parts, so that what differs between two networks can be named.
//!
//! What is realised counts, not how it is kept: blocks, threads and the form of a column make no difference. A procedural projection
//! is known by its recipe, because its synapses are nowhere. Digests have 64 bits: they tell apart what people change, not what
//! somebody forges.

mod digest;

use crate::fanout::{FanOut, Projection};
use crate::input::{Drive, Input};
use crate::network::Network;
use crate::population::{Cells, Lif, Population, Rate, Signal};
use digest::{Sums, column, number, procedural, signal, spikes, stored, sum, text};
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
        Self::with_sums(network, &sums_of(network))
    }

    /// What the stored synapses of a part of a network ([`crate::NetworkBuilder::build_part`]) add to the fingerprint of the whole, in words
    /// to be sent to others.
    pub fn synapse_words(part: &Network) -> Vec<u64> {
        sums_of(part).into_iter().flat_map(Sums::words).collect()
    }

    /// Of the whole of which `part` is one, from the [words](Fingerprint::synapse_words) of all parts; `None` if some are of another network.
    pub fn of_whole(part: &Network, words: &[Vec<u64>]) -> Option<Self> {
        let mut sums = vec![Sums::default(); part.projections.len()];
        for words in words {
            let mut each = words.chunks(Sums::WORDS);
            for sum in &mut sums {
                *sum = sum.with(Sums::from_words(each.next()?)?);
            }
            each.next().is_none().then_some(())?;
        }
        Some(Self::with_sums(part, &sums))
    }

    fn with_sums(network: &Network, sums: &[Sums]) -> Self {
        let mut parts = Parts { parts: Vec::new(), place: "network".to_owned(), is_input: false };
        parts.basis(SEED, network.seed);
        for (index, population) in network.populations.iter().enumerate() {
            parts.population(index, population);
        }
        for (index, (projection, sums)) in network.projections.iter().zip(sums).enumerate() {
            parts.projection(index, projection, sums, network);
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

/// Of each projection; nothing where it is procedural.
fn sums_of(network: &Network) -> Vec<Sums> {
    let of = |projection: &Projection| match &projection.fan_out {
        FanOut::Stored(blocks) => stored(projection, blocks, network),
        FanOut::Procedural(_) => Sums::default(),
    };
    network.projections.iter().map(of).collect()
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

    fn projection(&mut self, index: usize, projection: &Projection, sums: &Sums, network: &Network) {
        self.place = format!("projection \"{}\"", projection.name);
        self.is_input = false;
        self.basis("from", &network.populations[projection.source as usize].name);
        self.basis("to", &network.populations[projection.target as usize].name);
        self.basis("place", index);
        self.basis("procedural", projection.stored().is_none());
        let (synapses, count) = match &projection.fan_out {
            FanOut::Stored(_) => (sums.digests(), sums.synapses),
            FanOut::Procedural(recipe) => (procedural(recipe), recipe.synapses()),
        };
        self.push("synapses", (synapses.pairs, Some(count.to_string())), Role::Basis);
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
        Cells::Lif(lif) => lif.model(),
        Cells::Trains(_) => "spike_trains",
        Cells::Poisson(_) => "poisson",
    }
}

fn weight_key(network: &Network, target: u32) -> &'static str {
    match &network.populations[target as usize].cells {
        Cells::Lif(lif) if lif.synapse.tau_syn().is_some() => "weight_pa",
        _ => "weight_mv",
    }
}

/// Digest of a signal, as in a [`Fingerprint`].
pub fn signal_digest(of: &Signal) -> u64 {
    signal(of).0
}

#[cfg(test)]
mod tests;

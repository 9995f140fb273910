//! Which input of a network goes on as which input of a snapshot (ADR 0012).

use serde::{Deserialize, Serialize};
use tauspike_network::input::{Drive, Input};
use tauspike_network::network::Network;
use tauspike_network::population::Signal;

/// An input as a snapshot knows it.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct InputState {
    name: String,
    population: u32,
    kind: Kind,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum Kind {
    Poisson,
    /// The value of its signal, pA before scaling.
    Current(f64),
}

/// How the inputs onto one population go on. In the order of the network's inputs.
#[derive(Default)]
pub(crate) struct Following {
    /// Of each Poisson input: whose trains its own continue.
    pub trains: Vec<Whose>,
    /// Poisson inputs that the snapshot has onto the population.
    pub saved: usize,
    /// Of each current: whether its signal has another value than the one before.
    pub changed: Vec<bool>,
}

/// Whose trains go on.
pub(crate) enum Whose {
    /// Those of this Poisson input, by its number among those that the snapshot has onto the population.
    Saved(usize),
    /// Nobody's: the input has been added, and draws from this stream.
    Added(u32),
}

impl InputState {
    /// Those of a network at `now`, ms, with all before it done.
    pub fn of(network: &Network, now: f64) -> Vec<Self> {
        let kind = |input: &Input| match &input.drive {
            Drive::Poisson { .. } => Kind::Poisson,
            Drive::Current { signal, .. } => Kind::Current(before(signal, now)),
        };
        let state = |input: &Input| Self { name: input.name.clone(), population: input.population, kind: kind(input) };
        network.inputs().iter().map(state).collect()
    }

    fn is_poisson(&self) -> bool {
        self.kind == Kind::Poisson
    }
}

impl Following {
    /// For each population, how its inputs follow on those of a snapshot at `now`, ms. `unused` is the first stream of draws that no
    /// input has used; each input that has been added takes one.
    pub fn all(network: &Network, saved: &[InputState], now: f64, unused: &mut u32) -> Vec<Self> {
        let onto = |population: u32, poisson: bool| {
            saved.iter().filter(move |input| input.population == population && input.is_poisson() == poisson)
        };
        let saved = |(population, _)| Self { saved: onto(population, true).count(), ..Self::default() };
        let mut all: Vec<Self> = (0..).zip(network.populations()).map(saved).collect();
        for input in network.inputs() {
            let poisson = matches!(input.drive, Drive::Poisson { .. });
            let number = onto(input.population, poisson).position(|saved| saved.name == input.name);
            let following = &mut all[input.population as usize];
            match (&input.drive, number) {
                (Drive::Poisson { .. }, Some(number)) => following.trains.push(Whose::Saved(number)),
                (Drive::Poisson { .. }, None) => following.trains.push(Whose::Added(*unused)),
                (Drive::Current { signal, .. }, number) => {
                    let value = number.and_then(|number| onto(input.population, false).nth(number));
                    let kind = Kind::Current(before(signal, now));
                    following.changed.push(value.is_some_and(|saved| saved.kind != kind));
                }
            }
            *unused = unused.saturating_add(u32::from(number.is_none()));
        }
        all
    }
}

/// The value of a signal just before `time`, ms.
fn before(signal: &Signal, time: f64) -> f64 {
    match signal.times.partition_point(|&t| t < time) {
        0 => 0.0,
        k => signal.values[k - 1],
    }
}

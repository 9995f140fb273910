//! Currents that a program has set while the network runs: of each neuron of a block the present one, and those to come.

use crate::options::LATEST;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Range;

/// What was set last holds until something else does.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Held {
    /// pA, by position in the block; nothing before the first is set.
    values: Vec<f64>,
    /// pA, by time and position.
    steps: BTreeMap<(Time, u16), f64>,
}

/// Bits of a time >= 0, ms, which are in the order of times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Time(u64);

impl Time {
    fn ms(self) -> f64 {
        f64::from_bits(self.0)
    }
}

impl Held {
    /// Sets the current of neuron `n`, of so many, from `time` on, ms; a step at the same time is replaced.
    pub fn set(&mut self, (n, neurons): (u16, usize), time: f64, value: f64) {
        self.values.resize(neurons, 0.0);
        self.steps.insert((Time(time.to_bits()), n), value);
    }

    /// Time of the next step, ms; infinite if there is none.
    pub fn next(&self) -> f64 {
        self.steps.first_key_value().map_or(f64::INFINITY, |((time, _), _)| time.ms())
    }

    /// Takes the steps at `time` or before; adds the neurons that step.
    pub fn take(&mut self, time: f64, stepping: &mut Vec<usize>) {
        while let Some(step) = self.steps.first_entry().filter(|step| step.key().0.ms() <= time) {
            let ((_, n), value) = step.remove_entry();
            self.values[n as usize] = value;
            stepping.push(n.into());
        }
    }

    /// Present current of neuron `n`, pA.
    pub fn amplitude(&self, n: usize) -> f64 {
        self.values.get(n).copied().unwrap_or(0.0)
    }

    /// All that any neuron has, or will have: positions and pA.
    pub fn each(&self) -> impl Iterator<Item = (usize, f64)> {
        let present = self.values.iter().copied().enumerate();
        present.chain(self.steps.iter().map(|((_, n), value)| (usize::from(*n), *value)))
    }

    /// What the neurons at these positions have.
    pub fn part(&self, positions: Range<usize>) -> Self {
        let here = |((_, n), _): &(&(Time, u16), &f64)| positions.contains(&usize::from(*n));
        let moved = |((time, n), value): (&(Time, u16), &f64)| ((*time, n - positions.start as u16), *value);
        Self {
            values: self.values.get(positions.clone()).unwrap_or_default().to_vec(),
            steps: self.steps.iter().filter(here).map(moved).collect(),
        }
    }

    /// Adds what `more` neurons have that follow on `neurons`.
    pub fn append(&mut self, neurons: usize, following: Self, more: usize) {
        if self.values.is_empty() && following.values.is_empty() {
            return;
        }
        self.values.resize(neurons, 0.0);
        self.values.extend(following.values);
        self.values.resize(neurons + more, 0.0);
        let moved = |((time, n), value)| ((time, n + neurons as u16), value);
        self.steps.extend(following.steps.into_iter().map(moved));
    }

    /// Whether it can be what so many neurons have at `now` ms.
    pub fn fits(&self, neurons: usize, now: f64) -> bool {
        // the bits of -0.0 are behind all others
        let timely = |(time, n): &(Time, u16)| {
            (now..LATEST).contains(&time.ms()) && time.ms().is_sign_positive() && usize::from(*n) < neurons
        };
        (self.values.len() == neurons || self.values.is_empty() && self.steps.is_empty())
            && self.steps.keys().all(timely)
            && self.each().all(|(_, value)| value.is_finite())
    }
}

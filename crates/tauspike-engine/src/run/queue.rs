//! The keyed priority queue of the instant loop: which neuron has the earliest event of its own?
//!
//! Two implementations, because the choice is a matter of measurement (`benches/benches/queue.rs`): [`Keyed`] over the
//! `priority-queue` crate and [`Tournament`], a flat tree of our own. Neurons with equal times come out in the order of their index.

use priority_queue::PriorityQueue;
use std::cmp::Reverse;

/// Earliest time first, then smallest neuron.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Key {
    /// ms.
    pub time: f64,
    /// Global index.
    pub neuron: u32,
}

impl Eq for Key {}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.time.total_cmp(&other.time).then(self.neuron.cmp(&other.neuron))
    }
}

/// A queue with at most one entry for each neuron.
pub(crate) trait CrossingQueue {
    /// Sets the time of a neuron; an infinite time removes it.
    fn set(&mut self, neuron: u32, time: f64);
    /// The earliest entry.
    fn first(&self) -> Option<Key>;
}

/// Over the `priority-queue` crate: memory only for neurons that have an entry.
#[derive(Default)]
pub(crate) struct Keyed(PriorityQueue<u32, Reverse<Key>>);

impl CrossingQueue for Keyed {
    fn set(&mut self, neuron: u32, time: f64) {
        if time == f64::INFINITY {
            self.0.remove(&neuron);
        } else {
            self.0.push(neuron, Reverse(Key { time, neuron }));
        }
    }

    fn first(&self) -> Option<Key> {
        self.0.peek().map(|(_, key)| key.0)
    }
}

/// A complete binary tree whose inner nodes hold the neuron with the earlier time: a change walks one path to the root, with no
/// hashing, no swaps and no branches that depend on other entries' places.
pub(crate) struct Tournament {
    times: Vec<f64>,
    /// `winners[1]` is the root; children of i are 2i and 2i + 1; leaf k stands for neuron k.
    winners: Vec<u32>,
    leaves: usize,
}

impl Tournament {
    /// For neurons `0..neurons`, all without an entry.
    pub fn new(neurons: usize) -> Self {
        let leaves = neurons.next_power_of_two().max(2);
        let mut winners: Vec<u32> = vec![0; 2 * leaves];
        for leaf in 0..leaves {
            winners[leaves + leaf] = leaf as u32;
        }
        for node in (1..leaves).rev() {
            winners[node] = winners[2 * node];
        }
        Self { times: vec![f64::INFINITY; leaves], winners, leaves }
    }
}

impl CrossingQueue for Tournament {
    fn set(&mut self, neuron: u32, time: f64) {
        self.times[neuron as usize] = time;
        let mut node = (self.leaves + neuron as usize) / 2;
        while node > 0 {
            let (left, right) = (self.winners[2 * node], self.winners[2 * node + 1]);
            // equal times: the left child holds the smaller index
            let winner = if self.times[right as usize] < self.times[left as usize] { right } else { left };
            if self.winners[node] == winner && winner != neuron {
                return;
            }
            self.winners[node] = winner;
            node /= 2;
        }
    }

    fn first(&self) -> Option<Key> {
        let neuron = self.winners[1];
        let time = self.times[neuron as usize];
        (time < f64::INFINITY).then_some(Key { time, neuron })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn shadowed(mut queue: impl CrossingQueue, changes: &[(u32, f64)]) {
        let mut shadow = BTreeSet::new();
        let mut times = [f64::INFINITY; 40];
        for &(neuron, time) in changes {
            shadow.remove(&Key { time: times[neuron as usize], neuron });
            if time < f64::INFINITY {
                shadow.insert(Key { time, neuron });
            }
            times[neuron as usize] = time;
            queue.set(neuron, time);
            assert_eq!(queue.first(), shadow.first().copied());
        }
    }

    proptest! {
        #[test]
        fn both_queues_agree_with_a_btree(changes in prop::collection::vec(
            (0..40u32, prop_oneof![0.0..10.0f64, (0..5u8).prop_map(f64::from), Just(f64::INFINITY)]), 0..400)) {
            shadowed(Keyed::default(), &changes);
            shadowed(Tournament::new(40), &changes);
        }
    }
}

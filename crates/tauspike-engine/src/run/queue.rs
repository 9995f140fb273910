//! The keyed priority queue of the instants: which neuron has the earliest event of its own?
//!
//! Every visit moves the entry of one neuron, so the natural tool is a queue that can be re-keyed. Neurons with equal times come
//! out in the order of their index.

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
        fn the_queue_agrees_with_a_btree(changes in prop::collection::vec(
            (0..40u32, prop_oneof![0.0..10.0f64, (0..5u8).prop_map(f64::from), Just(f64::INFINITY)]), 0..400)) {
            shadowed(Keyed::default(), &changes);
        }
    }
}

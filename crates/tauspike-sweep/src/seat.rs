//! What a worker holds from run to run: room in memory, and the synapses of the last network, if the next one may have the same.
//!
//! Synapses live as long as somebody runs a network of their group, who has been let in with all that such a network needs. So memory is
//! counted as if each run had built its own.

use crate::gate::{Admitted, Gate};
use crate::spec::Sweep;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use tauspike_network::SharedSynapses;

/// What there is to hold.
pub struct Seats {
    gate: Gate,
    /// By group, what somebody holds.
    groups: Mutex<BTreeMap<usize, Weak<Group>>>,
    shared: Arc<AtomicUsize>,
}

/// Of one worker.
pub struct Seat<'s> {
    admitted: Admitted<'s>,
    group: Option<(usize, Arc<Group>)>,
}

/// The synapses of a group.
struct Group {
    synapses: Arc<SharedSynapses>,
    shared: Arc<AtomicUsize>,
}

impl Drop for Group {
    fn drop(&mut self) {
        self.shared.fetch_add(self.synapses.taken() as usize, Ordering::Relaxed);
    }
}

impl Seats {
    /// With room for so many bytes.
    pub fn new(budget: u64) -> Self {
        Self { gate: Gate::new(budget), groups: Mutex::default(), shared: Arc::default() }
    }

    /// A seat for a run that needs so many bytes: the worker's own, or when there is room, another. Nothing is held while it waits.
    pub fn take<'t, 's>(&'s self, own: &'t mut Option<Seat<'s>>, group: Option<usize>, bytes: u64) -> &'t Seat<'s> {
        let stays = own.take().filter(|seat| {
            let same = seat.group.as_ref().is_some_and(|(own, _)| Some(*own) == group);
            same && seat.admitted.bytes() >= bytes
        });
        own.insert(stays.unwrap_or_else(|| {
            let admitted = self.gate.enter(bytes);
            Seat { admitted, group: group.map(|group| (group, self.group(group))) }
        }))
    }

    /// When nobody else has a seat.
    pub fn alone(&self) -> Admitted<'_> {
        self.gate.enter(u64::MAX)
    }

    /// How many networks had the synapses of another one; of groups that nobody holds any more.
    pub fn shared(&self) -> usize {
        self.shared.load(Ordering::Relaxed)
    }

    fn group(&self, number: usize) -> Arc<Group> {
        let mut groups = self.groups.lock().unwrap_or_else(PoisonError::into_inner);
        groups.retain(|_, group| group.strong_count() > 0);
        if let Some(held) = groups.get(&number).and_then(Weak::upgrade) {
            return held;
        }
        let group = Arc::new(Group { synapses: Arc::default(), shared: self.shared.clone() });
        groups.insert(number, Arc::downgrade(&group));
        group
    }
}

impl Seat<'_> {
    /// Those that the run may have.
    pub fn synapses(&self) -> Option<Arc<SharedSynapses>> {
        self.group.as_ref().map(|(_, group)| group.synapses.clone())
    }
}

/// All that is set in a run and may change its synapses. What does not cannot be told from a key alone: this brings together runs that are worth
/// a comparison, and the network's builder compares.
pub fn group(sweep: &Sweep, index: usize) -> String {
    let sets = sweep.plan[index].sets(&sweep.axes);
    sets.filter(|set| may_change_synapses(set)).collect::<Vec<_>>().join("\n")
}

fn may_change_synapses(set: &str) -> bool {
    let key = set.split_once('=').map_or(set, |(key, _)| key);
    let mut parts = key.split('.');
    match parts.next() {
        Some("input" | "duration_ms" | "warmup_ms" | "record" | "energy" | "name" | "description") => false,
        // population.E.size changes them, and population.E as a whole may.
        Some("population") => parts.nth(1).is_none_or(|field| matches!(field, "size" | "model" | "name")),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_inputs_and_neurons_change_no_synapse() {
        for key in ["input.noise.rate_hz", "duration_ms", "population.E.tau_m_ms", "population.0.rate_hz"] {
            assert!(!may_change_synapses(&format!("{key}=1.0")), "{key}");
        }
        for key in ["seed", "projection.0.weight_mv", "population.E.size", "population.E", "population", "other"] {
            assert!(may_change_synapses(&format!("{key}=1.0")), "{key}");
        }
    }

    #[test]
    fn workers_of_one_group_hold_the_same_and_nothing_is_left_when_they_go() {
        let seats = Seats::new(100);
        let (mut mine, mut theirs) = (None, None);
        let synapses = |seat: &Seat| seat.synapses().map(|synapses| Arc::as_ptr(&synapses));
        let first = synapses(seats.take(&mut mine, Some(1), 40));
        assert!(first.is_some());
        assert_eq!(synapses(seats.take(&mut mine, Some(1), 30)), first, "the seat is kept");
        assert_eq!(synapses(seats.take(&mut theirs, Some(1), 60)), first, "both fit");
        assert_eq!(mine.as_ref().unwrap().admitted.bytes(), 40);
        theirs = None;
        assert_eq!(synapses(seats.take(&mut mine, None, 100)), None);
        assert!(theirs.is_none() && seats.groups.lock().unwrap()[&1].upgrade().is_none());
    }
}

//! Which neurons of a block have something of their own to do soon: an external event, a crossing, a probe.
//!
//! A calendar with slots of fixed width on the absolute time axis. It is a to-do list, not a source of truth: every neuron's real
//! wake-up time is kept by the block, and an entry found too early is put back. So a wake-up that moves *later* costs nothing
//! until its old slot comes up, and results cannot depend on the slots.

const SLOTS: u64 = 256;
const NONE: u64 = u64::MAX;

#[derive(Clone)]
pub(crate) struct Calendar {
    inverse_width: f64,
    slots: Vec<Vec<u16>>,
    /// Absolute slot in which a neuron's valid entry sits; other entries of it are stale.
    slot_of: Vec<u64>,
    /// First slot not yet drained.
    base: u64,
    pub operations: u64,
}

impl Calendar {
    pub fn new(neurons: usize, width: f64) -> Self {
        let slots = vec![Vec::new(); SLOTS as usize];
        Self { inverse_width: 1.0 / width, slots, slot_of: vec![NONE; neurons], base: 0, operations: 0 }
    }

    /// Empties the calendar; it begins at `now`.
    pub fn restart(&mut self, now: f64) {
        self.slots.iter_mut().for_each(Vec::clear);
        self.slot_of.fill(NONE);
        self.base = (now * self.inverse_width) as u64;
    }

    pub fn schedule(&mut self, neuron: u16, wake: f64) {
        if wake == f64::INFINITY {
            return;
        }
        // beyond the last slot: put in the last, found too early and put back
        let slot = ((wake * self.inverse_width) as u64).clamp(self.base, self.base + SLOTS - 1);
        let entry = &mut self.slot_of[neuron as usize];
        if *entry <= slot {
            return;
        }
        *entry = slot;
        self.slots[(slot % SLOTS) as usize].push(neuron);
        self.operations += 1;
    }

    /// Calls `due` for each neuron whose entry lies before or in the slot of `until`; its entry is gone then.
    pub fn drain(&mut self, until: f64, mut due: impl FnMut(&mut Self, u16)) {
        let last = ((until * self.inverse_width) as u64).max(self.base);
        if last - self.base >= SLOTS {
            return self.drain_all(last, due);
        }
        for slot in self.base..=last {
            self.base = slot;
            let mut entries = std::mem::take(&mut self.slots[(slot % SLOTS) as usize]);
            for &neuron in &entries {
                self.operations += 1;
                if self.slot_of[neuron as usize] == slot {
                    self.slot_of[neuron as usize] = NONE;
                    due(self, neuron);
                }
            }
            entries.clear();
            let refilled = &mut self.slots[(slot % SLOTS) as usize];
            if refilled.is_empty() {
                *refilled = entries;
            }
        }
    }

    /// After a leap over more slots than there are: every entry is looked at, once.
    fn drain_all(&mut self, last: u64, mut due: impl FnMut(&mut Self, u16)) {
        let entries: Vec<u16> = self.slots.iter_mut().flat_map(std::mem::take).collect();
        self.operations += entries.len() as u64;
        self.base = last;
        for neuron in entries {
            // of several entries of a neuron the first found counts; one put back by `due` lies at or behind `last`
            if self.slot_of[neuron as usize] < last {
                self.slot_of[neuron as usize] = NONE;
                due(self, neuron);
            }
        }
    }

    /// A time before which no neuron has anything to do, ms; infinite if none ever has. `wakes` are the real times.
    pub fn next(&self, wakes: &[f64]) -> f64 {
        let mut next = f64::INFINITY;
        for slot in self.base..self.base + SLOTS {
            let entries = &self.slots[(slot % SLOTS) as usize];
            next = entries.iter().map(|&neuron| wakes[neuron as usize]).fold(next, f64::min);
            // an entry whose neuron's wake-up has moved later says nothing about the slots behind it
            if (next * self.inverse_width) as u64 <= slot {
                break;
            }
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drained(calendar: &mut Calendar, until: f64) -> Vec<u16> {
        let mut found = Vec::new();
        calendar.drain(until, |_, n| found.push(n));
        found
    }

    #[test]
    fn an_entry_is_found_in_its_slot_and_once() {
        let mut calendar = Calendar::new(4, 1.0);
        calendar.schedule(1, 2.5);
        calendar.schedule(2, 0.5);
        assert_eq!(drained(&mut calendar, 0.9), [2]);
        assert_eq!(drained(&mut calendar, 2.0), [1]);
        assert!(drained(&mut calendar, 400.0).is_empty());
    }

    #[test]
    fn an_entry_moved_earlier_is_found_early_and_not_again() {
        let mut calendar = Calendar::new(4, 1.0);
        calendar.schedule(1, 9.5);
        calendar.schedule(1, 3.5);
        assert_eq!(drained(&mut calendar, 3.9), [1]);
        assert!(drained(&mut calendar, 20.0).is_empty());
    }

    #[test]
    fn an_entry_beyond_the_horizon_is_found_before_its_time() {
        let mut calendar = Calendar::new(4, 1.0);
        calendar.schedule(3, 1e6);
        assert_eq!(drained(&mut calendar, 300.0), [3]);
    }

    #[test]
    fn a_leap_over_the_whole_calendar_finds_every_entry_once() {
        let mut calendar = Calendar::new(4, 1.0);
        calendar.schedule(1, 9.5);
        calendar.schedule(1, 3.5);
        calendar.schedule(2, 1e9);
        let mut found = Vec::new();
        calendar.drain(1e8, |calendar, n| {
            found.push(n);
            if n == 2 {
                calendar.schedule(n, 1e9);
            }
        });
        found.sort_unstable();
        assert_eq!(found, [1, 2]);
        assert_eq!(drained(&mut calendar, 1e9), [2]);
    }

    #[test]
    fn the_next_wake_up_is_found_behind_an_entry_that_has_moved_later() {
        let mut calendar = Calendar::new(4, 1.0);
        calendar.schedule(1, 5.5);
        calendar.schedule(2, 6.5);
        assert_eq!(calendar.next(&[f64::INFINITY, 200.5, 6.5, f64::INFINITY]), 6.5);
        assert_eq!(calendar.next(&[f64::INFINITY, f64::INFINITY, 1e9, f64::INFINITY]), 1e9);
        assert_eq!(Calendar::new(4, 1.0).next(&[f64::INFINITY; 4]), f64::INFINITY);
    }
}

//! When the neurons of a block have something of their own to do: a crossing, or the end of refractoriness.
//!
//! A calendar with slots of fixed width on the absolute time axis. It is a to-do list, not a source of truth: it holds a neuron once, at
//! a time before which there is nothing to do. Who takes it out finds the real time, and puts it back if that is later; a real time that has moved
//! *later* costs nothing until then. So results cannot depend on the slots.

const SLOTS: u64 = 1024;
/// A little less than 1: the end of an epoch is in the slot that it ends, even if the sum of many epochs has come out too large.
const BEFORE: f64 = 1.0 - 1e-9;

#[derive(Clone)]
pub(crate) struct Calendar {
    inverse_width: f64,
    slots: Vec<Vec<u16>>,
    /// First slot that may hold anything.
    base: u64,
    pub operations: u64,
}

impl Calendar {
    /// Of slots of `width` ms.
    pub fn new(width: f64) -> Self {
        Self { inverse_width: 1.0 / width, slots: vec![Vec::new(); SLOTS as usize], base: 0, operations: 0 }
    }

    /// Empties the calendar; it begins at `now`.
    pub fn restart(&mut self, now: f64) {
        self.clear();
        self.base = self.slot_of(now);
    }

    /// Takes all neurons out.
    pub fn clear(&mut self) {
        self.slots.iter_mut().for_each(Vec::clear);
    }

    /// The slot of an instant: no later than that of any later one.
    fn slot_of(&self, time: f64) -> u64 {
        (time * self.inverse_width * BEFORE) as u64
    }

    /// Puts in a neuron that is not in it.
    pub fn put(&mut self, neuron: u16, time: f64) {
        if time == f64::INFINITY {
            return;
        }
        // beyond the last slot: put in the last, taken out too early and put back
        let slot = self.slot_of(time).clamp(self.base, self.base + SLOTS - 1);
        self.slots[(slot % SLOTS) as usize].push(neuron);
        self.operations += 1;
    }

    /// As [`Calendar::put`], of some neurons, those whose time is `until` or later; calls `early` with the others.
    #[inline(always)]
    pub fn put_late<const N: usize>(
        &mut self,
        neurons: &[u16],
        times: &[f64; N],
        until: f64,
        mut early: impl FnMut(u16),
    ) {
        let mut slots = [0; N];
        for (slot, time) in slots.iter_mut().zip(times) {
            *slot = self.slot_of(*time).clamp(self.base, self.base + SLOTS - 1) % SLOTS;
        }
        for ((&neuron, &time), &slot) in neurons.iter().zip(times).zip(&slots) {
            if time < until {
                early(neuron);
            } else if time < f64::INFINITY {
                self.slots[slot as usize].push(neuron);
                self.operations += 1;
            }
        }
    }

    /// Moves to `due` all neurons whose time is before `until`, and perhaps others.
    pub fn take(&mut self, until: f64, due: &mut Vec<u16>) {
        let last = self.slot_of(until).max(self.base);
        let before = due.len();
        for slot in (self.base..=last).take(SLOTS as usize) {
            due.append(&mut self.slots[(slot % SLOTS) as usize]);
        }
        self.base = last;
        self.operations += (due.len() - before) as u64;
    }

    /// A time before which no neuron has anything to do, ms; infinite if none ever has. `time` gives the real one of each.
    pub fn next(&self, time: impl Fn(u16) -> f64) -> f64 {
        let mut next = f64::INFINITY;
        for slot in self.base..self.base + SLOTS {
            let entries = &self.slots[(slot % SLOTS) as usize];
            next = entries.iter().map(|&neuron| time(neuron)).fold(next, f64::min);
            // a neuron whose time has moved later says nothing about the slots behind it
            if self.slot_of(next) <= slot {
                break;
            }
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(calendar: &mut Calendar, until: f64) -> Vec<u16> {
        let mut due = Vec::new();
        calendar.take(until, &mut due);
        due.sort_unstable();
        due
    }

    #[test]
    fn a_neuron_is_found_in_its_slot_and_once() {
        let mut calendar = Calendar::new(1.0);
        calendar.put(1, 2.5);
        calendar.put(2, 0.5);
        assert_eq!(taken(&mut calendar, 0.9), [2]);
        assert_eq!(taken(&mut calendar, 2.6), [1]);
        assert!(taken(&mut calendar, 400.0).is_empty());
    }

    #[test]
    fn what_is_due_before_the_end_of_a_slot_is_found_without_the_next_slot() {
        let width = 0.1;
        let mut calendar = Calendar::new(width);
        let mut end: f64 = 0.0;
        for slot in 0..2000u16 {
            end += width;
            calendar.put(slot, end.next_down());
            calendar.put(u16::MAX, end + 0.01);
            assert_eq!(taken(&mut calendar, end), [slot], "{end}");
            assert_eq!(taken(&mut calendar, end + 0.02), [u16::MAX]);
        }
    }

    #[test]
    fn a_time_beyond_the_last_slot_is_found_before_it_comes() {
        let mut calendar = Calendar::new(1.0);
        calendar.put(3, 1e6);
        assert_eq!(taken(&mut calendar, 1030.0), [3]);
    }

    #[test]
    fn a_leap_over_the_whole_calendar_finds_every_neuron_once() {
        let mut calendar = Calendar::new(1.0);
        calendar.put(1, 9.5);
        calendar.put(2, 1e9);
        assert_eq!(taken(&mut calendar, 1e8), [1, 2]);
        calendar.put(2, 1e9);
        assert_eq!(taken(&mut calendar, 1e9 + 1.0), [2]);
    }

    #[test]
    fn the_next_time_is_found_behind_a_neuron_that_has_moved_later() {
        let mut calendar = Calendar::new(1.0);
        calendar.put(1, 5.5);
        calendar.put(2, 6.5);
        let next = |times: [f64; 3]| calendar.next(|n| times[n as usize]);
        assert_eq!(next([0.0, 200.5, 6.5]), 6.5);
        assert_eq!(next([0.0, 1e9, 1e9]), 1e9);
        assert_eq!(Calendar::new(1.0).next(|_| 0.0), f64::INFINITY);
    }
}

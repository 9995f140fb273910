//! One neuron that may fire, instant by instant.

use crate::block::scaled::currents::neurons::{Cell, Currents, empty, parts};
use crate::block::scaled::model::{Cells, Found, HitOf, Model};
use crate::transit::span::Span;
use tauspike_neuron::synaptic::Rules;
use tauspike_neuron::{Int, Synaptic};

impl<I: Int, const NUMBERS: usize> Currents<I, NUMBERS> {
    /// Takes neuron `n` through a window. `hits`, in the order of time, have been added to its cell. A function of what arrives alone: beginning
    /// again anywhere between two instants gives the same.
    pub(super) fn resolve_one(
        &mut self,
        (n, source): (usize, u32),
        cells: &mut Cells<Self>,
        hits: &[HitOf<Self>],
        window: Span,
        found: &mut Found,
    ) {
        let mut before = cells[n];
        hits.iter().for_each(|hit| Self::take_away(&mut before, hit.side, hit.value));
        let rules = self.rules(n);
        let mut going = Going { neuron: self.neuron(n, &before), moved: false, pass: self.pass_of(n), rules: &rules };
        let t_ref = self.lif.lif.t_ref.get(self.lif.first + n);
        let is_due = self.due.iter().position(|due| *due == n as u16);
        if is_due.is_some() {
            going.fire(window.from, t_ref, source, found);
        }
        let (mut from, mut next) = (window.from, 0);
        loop {
            let instant = hits.get(next).map_or(window.until, |hit| hit.time);
            let own = going.neuron.crossing(&rules, (from, instant.next_up().min(window.until)), &mut found.solved);
            if own <= instant {
                going.fire(own, t_ref, source, found);
                from = own;
                continue;
            }
            if next == hits.len() {
                break;
            }
            let mut sum = empty();
            while next < hits.len() && hits[next].time == instant {
                Self::add(&mut sum, hits[next].side, hits[next].value);
                next += 1;
            }
            found.tested += 1;
            if going.arrive(instant, sum) {
                going.fire(instant, t_ref, source, found);
            }
            from = instant;
        }
        let Going { neuron, moved, .. } = going;
        if moved {
            self.put(n, neuron, cells);
            if !neuron.held && neuron.release > window.from && !self.waking.contains(&(n as u16)) {
                self.waking.push(n as u16);
            }
        }
        if let Some(due) = is_due {
            self.due.swap_remove(due);
        }
    }
}

/// A neuron on its way through a window.
struct Going<'a, I, const NUMBERS: usize> {
    neuron: Synaptic<I, NUMBERS>,
    /// Something has come to it, or it has fired: it stands in the present pass.
    moved: bool,
    pass: f64,
    rules: &'a Rules<'a, NUMBERS>,
}

impl<I: Int, const NUMBERS: usize> Going<'_, I, NUMBERS> {
    /// Takes all that arrives at one instant; whether it makes the neuron fire.
    fn arrive(&mut self, time: f64, sum: Cell<I, NUMBERS>) -> bool {
        let (x, y) = parts(&sum);
        if y == [[I::default(); NUMBERS]; 2] {
            // as in a sum, where it cannot be seen
            return false;
        }
        self.neuron.move_to(self.rules, self.pass);
        self.moved = true;
        self.neuron.arrive(self.rules, time, (x, y))
    }

    fn fire(&mut self, time: f64, t_ref: f64, source: u32, found: &mut Found) {
        found.spikes.push(tauspike_spike::Spike { time, source });
        let stops = found.guard.pass(time, source).is_break();
        let release = if stops { f64::INFINITY } else { time + t_ref };
        self.neuron.fire(self.rules, self.pass, release);
        self.moved = true;
    }
}

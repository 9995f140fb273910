//! From pass to pass.
//!
//! A neuron whose cell stands in an earlier pass is *shown* as it is seen from the present one: all of a class whose pass has ended, or,
//! where few arrivals come, only those that are *watched*, because they may fire without any; others when something comes to them.

use crate::block::scaled::currents::neurons::{Cell, Currents, cell, cell_of, parts};
use crate::block::scaled::model::Cells;
use tauspike_neuron::dynamics::{Step, steps};
use tauspike_neuron::kinetics::{Numbers, carry};
use tauspike_neuron::{Int, Synaptic};

/// Neurons shown together.
const LINE: usize = 16;
/// Arrivals at a neuron in a pass above which all are shown, and below which only some.
const MANY: f64 = 0.2;
const FEW: f64 = 0.1;

impl<I: Int, const NUMBERS: usize> Currents<I, NUMBERS> {
    /// Goes to another pass.
    #[inline(always)]
    pub(super) fn move_all(&mut self, cells: &mut Cells<Self>, pass: f64) {
        let (before, mut classes) = (self.pass, std::mem::take(&mut self.classes));
        self.pass = pass;
        let last = &self.last;
        self.waking.retain(|n| last[*n as usize].release > pass);
        for class in &mut classes {
            if class.passes.start(before) != class.passes.start(pass) {
                self.show(&class.watched, cells);
                if self.sparse {
                    class.watched.retain(|n| {
                        let stays = self.is_restless((*n).into(), cells);
                        self.is_watched[*n as usize] = stays;
                        stays
                    });
                }
            }
        }
        self.classes = classes;
    }

    /// Shows those of these neurons that have not been shown in this pass.
    #[inline(always)]
    pub(super) fn show_stale(&mut self, targets: &[u16], cells: &mut Cells<Self>) {
        let mut targets = targets.iter();
        // one call of `show`, which is inlined
        loop {
            let (mut stale, mut found) = ([0u16; LINE], 0);
            for &n in targets.by_ref() {
                if self.stands[n as usize] != self.pass_of(n.into()) {
                    // not to be found again
                    self.keep(n.into(), &cells[n as usize]);
                    self.stands[n as usize] = self.pass_of(n.into());
                    stale[found] = n;
                    found += 1;
                    if found == LINE {
                        break;
                    }
                }
            }
            if found == 0 {
                break;
            }
            self.show(&stale[..found], cells);
        }
    }

    /// Shows these neurons, each once, having kept those to which something has come in an earlier pass.
    #[inline(always)]
    pub(super) fn show(&mut self, neurons: &[u16], cells: &mut Cells<Self>) {
        // of neurons that are alike
        let mut known = (0.0, Step::NONE);
        for line in neurons.chunks(LINE) {
            let (mut gaps, mut numbers) = ([0.0; LINE], Numbers::<I, LINE, NUMBERS>::default());
            for (k, &n) in line.iter().enumerate() {
                let n = n as usize;
                let last = self.keep(n, &cells[n]);
                self.stands[n] = self.pass_of(n);
                gaps[k] = self.stands[n] - last.pass;
                numbers.set(k, last.x, last.y);
            }
            let seen = match &self.kinetics[..] {
                [kinetics] if gaps[..line.len()].iter().all(|gap| *gap == gaps[0]) => {
                    if gaps[0] != known.0 {
                        known = (gaps[0], kinetics.dynamics.step(gaps[0]));
                    }
                    carry(|_| (kinetics, &known.1), &numbers)
                }
                [kinetics] => {
                    let steps = steps(|_| &kinetics.dynamics, &gaps);
                    carry(|k| (kinetics, &steps[k]), &numbers)
                }
                all => {
                    let of = |k: usize| &all[line[k.min(line.len() - 1)] as usize];
                    let steps = steps(|k| &of(k).dynamics, &gaps);
                    carry(|k| (of(k), &steps[k]), &numbers)
                }
            };
            for (k, &n) in line.iter().enumerate() {
                let n = n as usize;
                if self.last[n].held || gaps[k] == 0.0 {
                    let seen = self.seen_alone(n);
                    (self.stood[n], cells[n]) = (seen.y, cell_of(&seen));
                } else {
                    let (x, y) = seen.get(k);
                    (self.stood[n], cells[n]) = (y, cell(x, y));
                }
            }
        }
    }

    /// Neuron `n` as it is seen from its present pass, perhaps through the end of refractoriness.
    fn seen_alone(&mut self, n: usize) -> Synaptic<I, NUMBERS> {
        let mut seen = self.last[n];
        let pass = self.stands[n];
        if seen.release > pass && self.kinetics(n).passes.start(seen.release) == pass {
            self.waking.push(n as u16);
        }
        seen.move_to(&self.rules(n), pass);
        seen
    }

    /// Makes what is in the cell of neuron `n` its last state, if something has come to it. Its last state.
    #[inline(always)]
    fn keep(&mut self, n: usize, cell: &Cell<I, NUMBERS>) -> Synaptic<I, NUMBERS> {
        let (neuron, (_, y)) = (self.neuron(n, cell), parts(cell));
        if y != self.stood[n] {
            // not to be read again from there: that would have to wait
            self.last[n] = neuron;
            self.stood[n] = y;
        }
        neuron
    }

    /// Whether neuron `n` has to be watched: it may fire without further arrivals, or is refractory.
    #[inline(always)]
    fn is_restless(&self, n: usize, cells: &Cells<Self>) -> bool {
        self.last[n].release > self.stands[n] || !self.is_quiet(n, &cells[n])
    }

    /// Watches neuron `n` from now on where that is needed.
    pub(super) fn watch(&mut self, n: usize, cells: &Cells<Self>) {
        if !self.is_watched[n] && self.is_restless(n, cells) {
            self.is_watched[n] = true;
            self.classes[self.class_of[n] as usize].watched.push(n as u16);
        }
    }

    /// Goes over to showing all neurons, or only some, as so many arrivals come to each in a ms.
    pub(super) fn adapt_to(&mut self, arrivals: f64, cells: &mut Cells<Self>) {
        let in_a_pass = arrivals * self.passes.length;
        if self.sparse && in_a_pass > MANY {
            self.watch_all(cells);
        } else if in_a_pass < FEW {
            self.sparse = true;
        }
    }

    /// Shows and watches all neurons.
    pub(super) fn watch_all(&mut self, cells: &mut Cells<Self>) {
        let all: Vec<u16> = (0..self.last.len()).map(|n| n as u16).collect();
        self.show_stale(&all, cells);
        self.is_watched.fill(true);
        let mut classes = std::mem::take(&mut self.classes);
        for class in &mut classes {
            class.watched.clear();
        }
        for &n in &all {
            classes[self.class_of[n as usize] as usize].watched.push(n);
        }
        (self.classes, self.sparse) = (classes, false);
    }
}

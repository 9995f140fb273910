//! Which neurons may have fired in a window.
//!
//! All excitation of the window is taken to act from its beginning. It has taken from X, too, as of before it came: that lowers what is
//! seen of V at the beginning, by less than the same current gives back by the end (see [`tauspike_neuron::glance`]).

use crate::block::scaled::currents::neurons::{Currents, X, Y};
use crate::block::scaled::marks::Marks;
use crate::block::scaled::model::Cells;
use crate::transit::span::Span;
use tauspike_neuron::Int;
use tauspike_neuron::glance::Glance;

/// Neurons compared together.
const LINE: usize = 64;

impl<I: Int> Currents<I> {
    /// Marks the neurons that may come to threshold in a window.
    #[inline(always)]
    pub(super) fn compare(&self, cells: &Cells<Self>, window: Span, marks: &mut Marks) {
        if !self.fire() {
            return;
        }
        let alike = (self.kinetics.len() == 1).then(|| self.glance(0, window));
        let (neurons, span) = (self.last.len(), (window.from, window.until - window.from));
        for (line, cells) in cells[..neurons].chunks(LINE).enumerate() {
            let (first, mut found) = (line * LINE, 0u64);
            let thetas = &self.theta[first..first + cells.len()];
            match &alike {
                Some(glance) => {
                    for (l, (cell, theta)) in cells.iter().zip(thetas).enumerate() {
                        found |= u64::from(reaches(glance, cell, *theta)) << l;
                    }
                }
                None => {
                    let rates = &self.rates[first..first + cells.len()];
                    for (l, ((cell, theta), rates)) in cells.iter().zip(thetas).zip(rates).enumerate() {
                        let (x, y) = (cell[X[0]].plus(cell[X[1]]), Y.map(|y| cell[y]));
                        found |= u64::from(rates.may_reach(span, x, y, *theta)) << l;
                    }
                }
            }
            marks.mark_line(first, found);
        }
    }

    #[inline(always)]
    fn glance(&self, n: usize, window: Span) -> Glance {
        Glance::of(self.kinetics(n), (window.from, window.until - window.from))
    }

    /// Whether they have a threshold.
    #[inline(always)]
    pub(super) fn fire(&self) -> bool {
        self.lif.lif.fires
    }

    /// Whether neuron `n` never fires unless more arrives than is in its cell. What has come in this pass has taken from X, as of its
    /// start, up to four times what it may lift V by.
    #[inline(always)]
    pub(super) fn is_quiet(&self, n: usize, cell: &[I; 4]) -> bool {
        if !self.fire() {
            return true;
        }
        let (kinetics, theta) = (self.kinetics(n), self.theta[n]);
        let state = kinetics.state(cell[X[0]].plus(cell[X[1]]), [cell[Y[0]], cell[Y[1]]]);
        let come = kinetics.state(I::default(), [cell[Y[0]].minus(self.stood[n][0]), I::default()]);
        let peak = kinetics.dynamics.ex.peak;
        let highest = (state.x + 4.0 * peak * come.ex).max(0.0) + peak * state.ex;
        theta - highest > kinetics.margin(state, theta)
    }

    /// Whether neuron `n` may come to threshold in a window.
    pub(super) fn may_reach(&self, n: usize, cell: &[I; 4], window: Span) -> bool {
        self.fire() && reaches(&self.glance(n, window), cell, self.theta[n])
    }
}

#[inline(always)]
fn reaches<I: Int>(glance: &Glance, cell: &[I; 4], theta: f64) -> bool {
    glance.may_reach(cell[X[0]].plus(cell[X[1]]), [cell[Y[0]], cell[Y[1]]], theta)
}

//! Which neurons may have fired in a window.
//!
//! All excitation of the window is taken to act from its beginning. As an exponential current it has taken from X, too, as of before it came: that
//! lowers what is seen of V at the beginning, by less than the same current gives back by the end; alpha functions take from their current
//! (see [`tauspike_neuron::glance`]).

use crate::block::scaled::currents::neurons::{Cell, Currents, parts};
use crate::block::scaled::marks::Marks;
use crate::block::scaled::model::Cells;
use crate::transit::span::Span;
use tauspike_neuron::Int;
use tauspike_neuron::dynamics::ALPHA;
use tauspike_neuron::glance::Glance;

/// Neurons compared together.
const LINE: usize = 64;

impl<I: Int, const NUMBERS: usize> Currents<I, NUMBERS> {
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
                        let (x, y) = parts(cell);
                        found |= u64::from(rates.may_reach(span, x, y, *theta)) << l;
                    }
                }
            }
            marks.mark_line(first, found);
        }
    }

    #[inline(always)]
    fn glance(&self, n: usize, window: Span) -> Glance<NUMBERS> {
        Glance::of(self.kinetics(n), (window.from, window.until - window.from))
    }

    /// Whether they have a threshold.
    #[inline(always)]
    pub(super) fn fire(&self) -> bool {
        self.lif.lif.fires
    }

    /// Whether neuron `n` never fires unless more arrives than is in its cell. What has come in this pass has taken from X, as of its
    /// start, up to four times what it may move V by: if it excites as an exponential current, or inhibits as an alpha function; one that excites
    /// has taken from the current it feeds.
    #[inline(always)]
    pub(super) fn is_quiet(&self, n: usize, cell: &Cell<I, NUMBERS>) -> bool {
        if !self.fire() {
            return true;
        }
        let (kinetics, theta) = (self.kinetics(n), self.theta[n]);
        let (x, y) = parts(cell);
        let state = kinetics.state(x, y);
        let (stood, mut come) = (self.stood[n], y);
        for (come, stood) in come.iter_mut().flatten().zip(stood.iter().flatten()) {
            *come = come.minus(*stood);
        }
        let come = kinetics.state(I::default(), come);
        let (peaks, last) = (kinetics.dynamics.ex.peaks, NUMBERS - 1);
        let highest = if NUMBERS == ALPHA {
            let given = -4.0 * kinetics.dynamics.inh.peaks[last] * come.inh[last];
            let current = (state.ex[0] - come.ex[0].min(0.0)).max(0.0);
            (state.x + given).max(0.0) + peaks[0] * current + peaks[last] * state.ex[last]
        } else {
            (state.x + 4.0 * peaks[0] * come.ex[0]).max(0.0) + peaks[0] * state.ex[0]
        };
        theta - highest > kinetics.margin(state, theta)
    }

    /// Whether neuron `n` may come to threshold in a window.
    pub(super) fn may_reach(&self, n: usize, cell: &Cell<I, NUMBERS>, window: Span) -> bool {
        self.fire() && reaches(&self.glance(n, window), cell, self.theta[n])
    }
}

#[inline(always)]
fn reaches<I: Int, const NUMBERS: usize>(glance: &Glance<NUMBERS>, cell: &Cell<I, NUMBERS>, theta: f64) -> bool {
    let (x, y) = parts(cell);
    glance.may_reach(x, y, theta)
}

//! From pass to pass.

use crate::block::scaled::currents::neurons::{Currents, Y, cell_of};
use crate::block::scaled::model::Cells;
use tauspike_neuron::Int;

impl<I: Int> Currents<I> {
    /// Goes to another pass: shows the neurons whose own pass is another, too, as they are seen from there, having kept those to which
    /// something has come in the one before.
    #[inline(always)]
    pub(super) fn move_all(&mut self, cells: &mut Cells<Self>, pass: f64) {
        let classes = std::mem::take(&mut self.classes);
        let last = &self.last;
        self.waking.retain(|n| last[*n as usize].release > pass);
        for class in &classes {
            if class.passes.start(self.pass) == class.passes.start(pass) {
                continue;
            }
            for &n in &class.members {
                self.keep(n.into(), &cells[n as usize]);
                self.show(n.into(), cells, class.passes.start(pass));
            }
        }
        (self.pass, self.classes) = (pass, classes);
    }

    /// Shows neuron `n` as it is seen from its pass that starts at `pass`.
    #[inline(always)]
    pub(super) fn show(&mut self, n: usize, cells: &mut Cells<Self>, pass: f64) {
        let mut seen = self.last[n];
        if seen.release > pass && self.kinetics(n).passes.start(seen.release) == pass {
            self.waking.push(n as u16);
        }
        seen.move_to(&self.rules(n), pass);
        self.stood[n] = seen.y;
        cells[n] = cell_of(&seen);
    }

    /// Makes what is in the cell of neuron `n` its last state, if something has come to it.
    #[inline(always)]
    pub(super) fn keep(&mut self, n: usize, cell: &[I; 4]) {
        let y = [cell[Y[0]], cell[Y[1]]];
        if y == self.stood[n] {
            return;
        }
        self.last[n] = self.neuron(n, cell);
        self.stood[n] = y;
    }
}

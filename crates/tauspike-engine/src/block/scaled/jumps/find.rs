//! Which neurons may have fired in a window.
//!
//! A neuron is *marked* unless its potential with all excitation of the window stays below the threshold of the window: that of its
//! beginning where V_th is above V_inf (the scaled threshold grows), that of its end where it is below. Where much arrives all neurons
//! are compared, else those to which something did. Any lower threshold will do: one that is too low costs a look.

use crate::block::scaled::jumps::neurons::Jumps;
use crate::block::scaled::marks::Marks;
use crate::block::scaled::model::Cells;
use crate::transit::span::Span;
use tauspike_neuron::{Int, Lattice};

/// Neurons compared together.
const LINE: usize = 64;

impl<I: Int> Jumps<I> {
    /// Marks neurons that wake up before the end of `window`, or come to fire by themselves.
    pub(super) fn wake_up(&mut self, cells: &Cells<Self>, window: Span, marks: &mut Marks) {
        let (mut due, wake) = (Vec::new(), &self.wake);
        if let Some(calendar) = &mut self.calendar {
            calendar.drain(window.until, |calendar, n| {
                if wake[n as usize] < window.until {
                    due.push(n);
                } else {
                    calendar.schedule(n, wake[n as usize]);
                }
            });
        }
        for n in due {
            let u = cells[n as usize];
            if !self.asleep[n as usize] && self.earliest(n as usize, u) >= window.until {
                self.schedule(n.into(), u);
            } else {
                marks.mark(n);
            }
        }
    }

    /// Compares all neurons with the threshold of a window.
    #[inline(always)]
    pub(super) fn compare(&self, cells: &Cells<Self>, window: Span, marks: &mut Marks) {
        let neurons = self.members.len();
        let mut levels = [0.0; LINE];
        let alike = self.members.alike.then(|| I::round(Lattice::below(self.members.level(0, window))));
        for (line, u) in cells[..neurons].chunks(LINE).enumerate() {
            let (first, mut found) = (line * LINE, 0u64);
            match alike {
                Some(bound) => {
                    for (l, u) in u.iter().enumerate() {
                        found |= u64::from(*u >= bound) << l;
                    }
                }
                None => {
                    self.members.levels(first, window, &mut levels[..u.len()]);
                    for (l, (u, level)) in u.iter().zip(&levels).enumerate() {
                        found |= u64::from(u.to_f64() >= Lattice::below(*level)) << l;
                    }
                }
            }
            marks.mark_line(first, found);
        }
    }
}

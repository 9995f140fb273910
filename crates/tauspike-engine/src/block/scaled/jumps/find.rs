//! Which neurons may have fired in a window.
//!
//! A neuron is *marked* unless its potential with all excitation of the window stays below the threshold of the window: that of its
//! beginning where V_th is above V_inf (the scaled threshold grows), that of its end where it is below. Where much arrives all neurons
//! are compared, else those to which something did. Any lower threshold will do: one that is too low costs a look.

use crate::block::scaled::jumps::neurons::Jumps;
use crate::block::scaled::marks::Marks;
use crate::block::scaled::model::Cells;
use crate::block::scaled::table::LINE as MET;
use crate::hardware::prefetch::prefetch;
use crate::transit::span::Span;
use tauspike_neuron::{Int, Lattice};

/// Neurons compared together.
const LINE: usize = 64;

impl<I: Int> Jumps<I> {
    /// Marks neurons that wake up before the end of `window`, or come to fire by themselves.
    #[inline(always)]
    pub(super) fn wake_up(&mut self, cells: &Cells<Self>, window: Span, marks: &mut Marks) {
        let by_calendar = self.is_by_calendar();
        let Some(calendar) = &mut self.calendar else { return };
        self.due.clear();
        calendar.take(window.until, &mut self.due);
        let mut times = [f64::INFINITY; MET];
        for (k, line) in self.due.chunks(MET).enumerate() {
            if by_calendar {
                for &n in self.due.iter().skip((k + 1) * MET).take(MET) {
                    prefetch(&cells[..], n.into());
                    self.members.ask_when(n.into());
                }
                let (mut neurons, mut u) = ([line[0]; MET], [I::default(); MET]);
                neurons[..line.len()].copy_from_slice(line);
                for (u, n) in u.iter_mut().zip(&neurons) {
                    *u = cells[*n as usize];
                }
                self.members.meet(&neurons, &u, &mut times);
            }
            for (&n, &met) in line.iter().zip(&times) {
                let time = if self.asleep[n as usize] { self.since[n as usize] } else { met };
                if time < window.until {
                    marks.mark(n);
                } else {
                    calendar.put(n, time);
                }
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

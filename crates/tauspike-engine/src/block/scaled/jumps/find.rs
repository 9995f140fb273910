//! Which neurons may have fired in a window.
//!
//! A neuron is *marked* unless its potential with all excitation of the window stays below the threshold of the window: that of its
//! beginning where V_th is above V_inf (the scaled threshold grows), that of its end where it is below. Where much arrives all neurons
//! are compared, else those to which something did. Any lower threshold will do: one that is too low costs a look.

use crate::block::scaled::add::whole;
use crate::block::scaled::jumps::neurons::Jumps;
use crate::block::scaled::marks::Marks;
use crate::block::scaled::model::Cells;
use crate::block::scaled::table::LINE as MET;
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
        let deaf = I::round(-2.0 * I::LIMIT);
        // all at once, that their memory is waited for together
        self.standing.clear();
        for &n in &self.due {
            self.members.ask_when(n.into());
            self.standing.push(cells[n as usize]);
        }
        for (line, u) in self.due.chunks(MET).zip(self.standing.chunks(MET)) {
            let (mut neurons, mut potentials, mut times) = ([0; MET], [I::default(); MET], [f64::INFINITY; MET]);
            if by_calendar {
                self.members.meet(whole(line, &mut neurons), whole(u, &mut potentials), &mut times);
            }
            for ((time, n), u) in times.iter_mut().zip(line).zip(u) {
                if *u < deaf {
                    *time = self.since[*n as usize];
                }
            }
            calendar.put_late(line, &times, window.until, |n| marks.mark(n));
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

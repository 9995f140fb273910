//! Which neurons may have fired in a window.
//!
//! A neuron is *marked* unless its potential with all excitation of the window stays below the threshold of the window: that of its
//! beginning where V_th is above V_inf (the scaled threshold grows), that of its end where it is below. Where much arrives all neurons
//! are compared, else those to which something did.

use crate::block::scaled::add::{Side, Valued, Whole};
use crate::block::scaled::marks::Marks;
use crate::block::scaled::members::{Decays, Members};
use crate::block::scaled::neurons::Scaled;
use crate::transit::span::Span;
use tauspike_neuron::elementary::exp2;
use tauspike_neuron::{Int, Lattice};

/// Neurons compared together.
const LINE: usize = 64;

impl<I: Int> Scaled<I> {
    /// Marks neurons that wake up before the end of `window`, or come to fire by themselves.
    pub(super) fn wake_up(&mut self, window: Span, marks: &mut Marks) {
        let mut due = Vec::new();
        let wake = &self.wake;
        self.calendar.drain(window.until, |calendar, n| {
            if wake[n as usize] < window.until {
                due.push(n);
            } else {
                calendar.schedule(n, wake[n as usize]);
            }
        });
        for n in due {
            if !self.asleep[n as usize] && self.earliest(n as usize) >= window.until {
                self.schedule(n.into());
            } else {
                marks.mark(n);
            }
        }
    }

    /// Adds the excitation of a window and marks those that may have fired.
    #[inline(always)]
    pub(super) fn add_and_find(
        &mut self,
        whole: &Whole,
        (valued, synapses): (&Valued<I>, usize),
        window: Span,
        marks: &mut Marks,
    ) {
        let arrivals = valued.events.len() + synapses;
        if self.members.driven || window.from == 0.0 || 16 * arrivals > self.members.len() {
            whole.add(Side::Excitation, &self.members, &mut self.u, |_, _| {});
            valued.add(Side::Excitation, &mut self.u, |_, _| {});
            if !self.is_by_calendar() || window.from == 0.0 {
                self.sweep(window, marks);
            }
            return;
        }
        let members = &self.members;
        let bound = |n: usize| Lattice::bound(members.theta[n], members.factor(n, window.from));
        let of_all = members.alike.then(|| bound(0));
        let mut look = |n: u16, u: I| {
            if u >= of_all.unwrap_or_else(|| bound(n.into())) {
                marks.mark(n);
            }
        };
        whole.add(Side::Excitation, members, &mut self.u, &mut look);
        valued.add(Side::Excitation, &mut self.u, &mut look);
    }

    /// Compares all neurons with the threshold of a window.
    #[inline(always)]
    pub(super) fn sweep(&self, window: Span, marks: &mut Marks) {
        let Members { lattice, pass, theta, .. } = &self.members;
        let (from, until) = (window.from - pass, window.until - pass);
        let mut bounds = [I::default(); LINE];
        if self.members.alike {
            let after = if theta[0] > 0.0 { from } else { until };
            let (decay, phase) = self.members.decay(0);
            bounds.fill(Lattice::bound(theta[0], decay.growth(phase.fraction, after) * lattice.unit));
        }
        for (line, u) in self.u.chunks(LINE).enumerate() {
            let first = line * LINE;
            if !self.members.alike {
                self.bounds(first, (from, until), &mut bounds[..u.len()]);
            }
            let mut found = 0u64;
            for (l, (u, bound)) in u.iter().zip(&bounds).enumerate() {
                found |= u64::from(u >= bound) << l;
            }
            while found != 0 {
                marks.mark((first + found.trailing_zeros() as usize) as u16);
                found &= found - 1;
            }
        }
    }

    /// The bounds of neurons `first ..`.
    #[inline(always)]
    fn bounds(&self, first: usize, (from, until): (f64, f64), bounds: &mut [I]) {
        let (mut factors, unit) = ([0.0; LINE], self.members.lattice.unit);
        let theta = &self.members.theta[first..first + bounds.len()];
        match &self.members.decays {
            Decays::Shared { decay, phase } => {
                let [from, until] = [from, until].map(|after| phase.fraction + after * decay.rate);
                for (x, theta) in factors.iter_mut().zip(theta) {
                    *x = if *theta > 0.0 { from } else { until };
                }
            }
            Decays::Own { rates, fractions, .. } => {
                let (rates, fractions) = (&rates[first..], &fractions[first..]);
                for (((x, theta), rate), fraction) in factors.iter_mut().zip(theta).zip(rates).zip(fractions) {
                    *x = fraction + if *theta > 0.0 { from } else { until } * rate;
                }
            }
        }
        for ((bound, x), theta) in bounds.iter_mut().zip(factors).zip(theta) {
            *bound = Lattice::bound(*theta, exp2(x) * unit);
        }
    }
}

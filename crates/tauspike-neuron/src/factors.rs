//! e^x and e^x - 1 over many gaps at once.
//!
//! A gap's factors do not depend on the state, only on its length and on the neuron's constants. So the gaps of many neurons are
//! measured first, one list after the other, and raised together: the loops over the lists compile to vector instructions,
//! however few arrivals each neuron has. The bits are those of [`exp`] and [`expm1`] of each gap by itself.

use crate::elementary::{exp, expm1};

/// Exponents, and after [`Factors::raise`] the factors, of the gaps of many neurons.
#[derive(Clone, Debug, Default)]
pub struct Factors {
    /// -s / tau_m, then e^(-s / tau_m).
    pub(crate) membrane: Vec<f64>,
    /// Of the excitatory and inhibitory current; shorter than `membrane` if the last neurons have no use for them.
    pub(crate) ex: Lane,
    pub(crate) inh: Lane,
}

/// The factors of one neuron among those of many.
#[derive(Clone, Copy, Debug)]
pub struct Foreseen<'a> {
    /// Of many neurons, raised.
    pub factors: &'a Factors,
    /// Where those of this neuron begin.
    pub first: usize,
    /// Where the first gap was measured from, ms. Its factor holds for a state of this very time, the others in any case.
    pub from: f64,
}

/// Of one synaptic current; see [`crate::dynamics::Kernel`].
#[derive(Clone, Debug, Default)]
pub(crate) struct Lane {
    /// -|a - b| s, then e^(-|a - b| s) - 1.
    pub(crate) shrink: Vec<f64>,
    /// -b s, then e^(-b s); only for currents slower than the membrane.
    pub(crate) outer: Vec<f64>,
}

impl Factors {
    /// Forgets everything.
    pub fn clear(&mut self) {
        for list in
            [&mut self.membrane, &mut self.ex.shrink, &mut self.ex.outer, &mut self.inh.shrink, &mut self.inh.outer]
        {
            list.clear();
        }
    }

    /// Turns all exponents into factors.
    #[inline(always)]
    pub fn raise(&mut self) {
        for list in [&mut self.membrane, &mut self.ex.outer, &mut self.inh.outer] {
            list.iter_mut().for_each(|x| *x = exp(*x));
        }
        for list in [&mut self.ex.shrink, &mut self.inh.shrink] {
            list.iter_mut().for_each(|x| *x = expm1(*x));
        }
    }
}

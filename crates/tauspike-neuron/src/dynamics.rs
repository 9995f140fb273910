//! How a membrane with exponential synaptic currents moves between events, and bounds on how far.
//!
//! The equations are those of [`crate::exponential`].

use crate::elementary::{exp, expm1};
use crate::factors::{Factors, Lane};

/// How one synaptic current decays and moves the membrane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kernel {
    /// 1 / tau_syn, 1/ms.
    pub b: f64,
    /// |a - b|, 1/ms, kept above 0 so that the equal case needs no branch.
    gap: f64,
    /// 1 / gap.
    inv_gap: f64,
    /// Largest value of P, ms.
    pub(crate) peak: f64,
    /// tau_syn > tau_m: then e^(-bs) is the factor outside.
    slow: bool,
}

impl Kernel {
    fn new(tau_m: f64, tau_syn: f64) -> Self {
        let (a, b) = (1.0 / tau_m, 1.0 / tau_syn);
        // below 1e-17 the factor (1 - e^(-gap s)) / gap is s to the last bit for every s up to 1e3 times 1/a
        let gap = (a - b).abs().max(1e-20 * a);
        // P peaks where a e^(-as) = b e^(-bs), at ln(b/a) / (b - a); 1/a where they are equal
        let at = if (a - b).abs() < 1e-7 * a { tau_m } else { libm::log(b / a) / (b - a) };
        let mut kernel = Self { b, gap, inv_gap: 1.0 / gap, peak: 0.0, slow: b < a };
        kernel.peak = kernel.propagate(at, exp(-a * at)).1 * (1.0 + 1e-9);
        kernel
    }

    /// (e^(-bs), P(s)), given e^(-as).
    #[inline(always)]
    fn propagate(&self, s: f64, membrane: f64) -> (f64, f64) {
        let outer = if self.slow { exp(-self.b * s) } else { membrane };
        self.combine(outer, expm1(-self.gap * s), membrane)
    }

    /// The same from e^(-bs) (which only a slow current needs), e^(-gap s) - 1 and e^(-as).
    #[inline(always)]
    fn combine(&self, outer: f64, shrink: f64, membrane: f64) -> (f64, f64) {
        if self.slow {
            (outer, -outer * shrink * self.inv_gap)
        } else {
            (membrane + membrane * shrink, -membrane * shrink * self.inv_gap)
        }
    }

    /// Appends the exponents of the gaps `gaps`, which begin at `first` in the lists of all.
    #[inline(always)]
    pub(crate) fn measure(&self, gaps: impl Iterator<Item = f64> + Clone, first: usize, lane: &mut Lane) {
        lane.shrink.resize(first, 0.0);
        lane.shrink.extend(gaps.clone().map(|s| -self.gap * s));
        if self.slow {
            lane.outer.resize(first, 0.0);
            lane.outer.extend(gaps.map(|s| -self.b * s));
        }
    }

    /// [`Kernel::propagate`] for gap `k` of `factors`.
    #[inline(always)]
    fn recall(&self, lane: &Lane, k: usize, membrane: f64) -> (f64, f64) {
        let outer = if self.slow { lane.outer[k] } else { membrane };
        self.combine(outer, lane.shrink[k], membrane)
    }
}

/// The three numbers that evolve between events.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct State {
    /// V - V_inf, mV.
    pub x: f64,
    /// I_ex / C_m >= 0, mV/ms.
    pub ex: f64,
    /// I_in / C_m <= 0, mV/ms.
    pub inh: f64,
}

/// Factors that carry a [`State`] over one gap.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Step {
    pub membrane: f64,
    ex: (f64, f64),
    inh: (f64, f64),
}

impl Step {
    #[inline(always)]
    pub(crate) fn apply(&self, y: State) -> State {
        State {
            x: (y.x * self.membrane + y.ex * self.ex.1) + y.inh * self.inh.1,
            ex: y.ex * self.ex.0,
            inh: y.inh * self.inh.0,
        }
    }
}

/// The constants of the equations of motion.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dynamics {
    /// 1 / tau_m, 1/ms.
    pub a: f64,
    /// Excitatory and inhibitory kernel.
    pub ex: Kernel,
    /// See `ex`.
    pub inh: Kernel,
}

impl Dynamics {
    /// From time constants in ms, each > 0.
    pub fn new(tau_m: f64, tau_syn_ex: f64, tau_syn_in: f64) -> Self {
        Self { a: 1.0 / tau_m, ex: Kernel::new(tau_m, tau_syn_ex), inh: Kernel::new(tau_m, tau_syn_in) }
    }

    /// Whether both currents have one time constant, and so one kernel.
    #[inline(always)]
    pub(crate) fn alike(&self) -> bool {
        self.ex.b == self.inh.b
    }

    #[inline(always)]
    pub(crate) fn step(&self, s: f64) -> Step {
        let membrane = exp(-self.a * s);
        let ex = self.ex.propagate(s, membrane);
        let inh = if self.alike() { ex } else { self.inh.propagate(s, membrane) };
        Step { membrane, ex, inh }
    }

    /// [`Dynamics::step`] over gap `k` of `factors`.
    #[inline(always)]
    pub(crate) fn recall(&self, factors: &Factors, k: usize) -> Step {
        let membrane = factors.membrane[k];
        let ex = self.ex.recall(&factors.ex, k, membrane);
        let inh = if self.alike() { ex } else { self.inh.recall(&factors.inh, k, membrane) };
        Step { membrane, ex, inh }
    }

    /// The state `s` ms later, without input.
    #[inline(always)]
    pub fn after(&self, y: State, s: f64) -> State {
        self.step(s).apply(y)
    }

    /// dV/dt, mV/ms.
    #[inline(always)]
    pub fn slope(&self, y: State) -> f64 {
        (y.ex + y.inh) - self.a * y.x
    }

    /// -(dV'/dt + a V'), mV/ms^2: where it is positive, V' e^(as) falls.
    #[inline(always)]
    pub(crate) fn turning(&self, y: State) -> f64 {
        self.ex.b * y.ex + self.inh.b * y.inh
    }

    /// Whether V provably never gets to `theta`.
    pub(crate) fn never_reaches(&self, y: State, theta: f64) -> bool {
        self.stays_below(y, theta, (f64::INFINITY, 0.0))
    }

    /// Whether V provably stays below `theta` for `s` ms (`s` may be infinite), given e^(-as).
    #[inline(always)]
    pub(crate) fn stays_below(&self, y: State, theta: f64, (s, membrane): (f64, f64)) -> bool {
        let bound = y.x.max(y.x * membrane) + y.ex * s.min(self.ex.peak);
        theta - bound > self.margin(y, theta)
    }

    /// Far more than what rounding does to V in the search for a crossing, which is under 1e-14 of its terms.
    #[inline(always)]
    pub(crate) fn margin(&self, y: State, theta: f64) -> f64 {
        1e-12 * self.magnitude(y, theta)
    }

    /// Sum of the largest values of the terms of V - V_th, mV.
    #[inline(always)]
    pub(crate) fn magnitude(&self, y: State, theta: f64) -> f64 {
        y.x.abs() + theta.abs() + y.ex * self.ex.peak - y.inh * self.inh.peak
    }

    /// The same as [`Dynamics::stays_below`] with the state at the end of the gap known; see the module documentation.
    #[inline(always)]
    pub(crate) fn passes_below(&self, y: State, end: State, s: f64, theta: f64) -> bool {
        let (first, last) = (self.turning(y), self.turning(end));
        let (rise, ends) = (self.slope(y), y.x.max(end.x));
        // A turn that has underflowed to 0 has the sign of the slower current, which may be the exciting one. Without that there is none.
        let top = if (first <= 0.0 && (last < 0.0 || y.ex == 0.0))
            || (last > 0.0 && first > 0.0 && (rise <= 0.0 || self.slope(end) >= 0.0))
        {
            ends
        } else if first > 0.0 && last > 0.0 {
            y.x + rise * s
        } else {
            f64::INFINITY
        };
        theta - top > self.margin(y, theta) + 1e-12 * (end.x.abs() + (y.ex - y.inh) * s)
    }

    /// A bound on dV/dt for as long as V is above what it is in `y`, mV/ms.
    #[inline(always)]
    pub(crate) fn steepest(&self, y: State) -> f64 {
        (-self.a * y.x).max(0.0) + y.ex
    }
}

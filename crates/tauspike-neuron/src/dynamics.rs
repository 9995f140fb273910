//! How a membrane with exponential synaptic currents moves between events, and bounds on how far.
//!
//! With `x = V - V_inf`, `a = 1/tau_m` and, for each of the two currents, `y = I / C_m` (mV/ms) and `b = 1/tau_syn`:
//!
//! ```text
//! x(t+s) = x e^(-as) + y_ex P_ex(s) + y_in P_in(s)        P(s) = (e^(-bs) - e^(-as)) / (a - b)
//! y(t+s) = y e^(-bs)                                           = e^(-min(a,b) s) (1 - e^(-|a-b| s)) / |a-b|
//! ```
//!
//! EXACT: the second form of P has no cancellation, so tau_syn may be near or equal to tau_m (then P = s e^(-as)).

use crate::elementary::{exp, expm1};

/// How one synaptic current decays and moves the membrane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kernel {
    /// 1 / tau_syn, 1/ms.
    pub b: f64,
    /// |a - b|, 1/ms, kept above 0 so that the equal case needs no branch.
    pub(crate) gap: f64,
    /// 1 / gap.
    pub(crate) inv_gap: f64,
    /// Largest value of P, ms.
    pub peak: f64,
}

impl Kernel {
    fn new(tau_m: f64, tau_syn: f64) -> Self {
        let (a, b) = (1.0 / tau_m, 1.0 / tau_syn);
        // below 1e-17 the factor (1 - e^(-gap s)) / gap is s to the last bit for every s up to 1e3 times 1/a
        let gap = (a - b).abs().max(1e-20 * a);
        // P peaks where a e^(-as) = b e^(-bs), at ln(b/a) / (b - a); 1/a where they are equal
        let at = if (a - b).abs() < 1e-7 * a { tau_m } else { libm::log(b / a) / (b - a) };
        let mut kernel = Self { b, gap, inv_gap: 1.0 / gap, peak: 0.0 };
        kernel.peak = propagate(|_| (&kernel, a), &[at], &[exp(-a * at)])[0].1 * (1.0 + 1e-9);
        kernel
    }
}

/// e^(-bs) and P(s) of kernels `of`, beside 1/tau_m, over gaps, ms, given e^(-as).
#[inline(always)]
fn propagate<'a, const N: usize>(
    of: impl Fn(usize) -> (&'a Kernel, f64),
    gaps: &[f64; N],
    membrane: &[f64; N],
) -> [(f64, f64); N] {
    // each loop over arrays of its own: so the compiler sees that it can take all at once
    let (mut shrink, mut outer, mut inverse, mut slow) = ([0.0; N], [0.0; N], [0.0; N], [false; N]);
    for k in 0..N {
        let (kernel, a) = of(k);
        (shrink[k], outer[k]) = (-kernel.gap * gaps[k], -kernel.b * gaps[k]);
        // tau_syn > tau_m: then e^(-bs) is the factor outside
        (inverse[k], slow[k]) = (kernel.inv_gap, kernel.b < a);
    }
    for shrink in &mut shrink {
        *shrink = expm1(*shrink);
    }
    if slow.contains(&true) {
        for outer in &mut outer {
            *outer = exp(*outer);
        }
    }
    let mut factors = [(0.0, 0.0); N];
    for k in 0..N {
        let fast = membrane[k] + membrane[k] * shrink[k];
        let (decay, outside) = if slow[k] { (outer[k], outer[k]) } else { (fast, membrane[k]) };
        factors[k] = (decay, -outside * shrink[k] * inverse[k]);
    }
    factors
}

/// The three numbers that evolve between events.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct State {
    /// V - V_inf, mV.
    pub x: f64,
    /// I_ex / C_m >= 0, mV/ms.
    pub ex: f64,
    /// I_in / C_m <= 0, mV/ms.
    pub inh: f64,
}

/// Factors that carry a [`State`] over one gap.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Step {
    /// e^(-as).
    pub membrane: f64,
    ex: (f64, f64),
    inh: (f64, f64),
}

impl Step {
    /// The state at the end of the gap.
    #[inline(always)]
    pub fn apply(&self, y: State) -> State {
        State { x: self.potential(y), ex: y.ex * self.ex.0, inh: y.inh * self.inh.0 }
    }

    /// V - V_inf at the end of the gap, mV.
    #[inline(always)]
    pub fn potential(&self, y: State) -> f64 {
        (y.x * self.membrane + y.ex * self.ex.1) + y.inh * self.inh.1
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

    /// What carries any state over `s` ms.
    #[inline(always)]
    pub fn step(&self, s: f64) -> Step {
        steps(|_| self, &[s])[0]
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

    /// Above everything V - V_inf comes to within `s` ms (`s` may be infinite), given e^(-as), mV.
    #[inline(always)]
    pub fn highest(&self, y: State, (s, membrane): (f64, f64)) -> f64 {
        y.x.max(y.x * membrane) + y.ex * s.min(self.ex.peak)
    }

    /// Whether V provably never gets to `theta`.
    pub fn never_reaches(&self, y: State, theta: f64) -> bool {
        theta - self.highest(y, (f64::INFINITY, 0.0)) > 1e-12 * self.magnitude(y, theta)
    }

    /// Sum of the largest values of the terms of V - V_th, mV.
    #[inline(always)]
    pub fn magnitude(&self, y: State, theta: f64) -> f64 {
        y.x.abs() + theta.abs() + y.ex * self.ex.peak - y.inh * self.inh.peak
    }

    /// A bound on dV/dt for as long as V is above what it is in `y`, mV/ms.
    #[inline(always)]
    pub fn steepest(&self, y: State) -> f64 {
        (-self.a * y.x).max(0.0) + y.ex
    }
}

/// What carries states of neurons `of` over gaps, ms.
#[inline(always)]
pub fn steps<'a, const N: usize>(of: impl Fn(usize) -> &'a Dynamics, gaps: &[f64; N]) -> [Step; N] {
    let (mut membrane, mut alike) = ([0.0; N], true);
    for k in 0..N {
        membrane[k] = -of(k).a * gaps[k];
        alike &= of(k).ex.b == of(k).inh.b;
    }
    for factor in &mut membrane {
        *factor = exp(*factor);
    }
    let ex = propagate(|k| (&of(k).ex, of(k).a), gaps, &membrane);
    let inh = if alike { ex } else { propagate(|k| (&of(k).inh, of(k).a), gaps, &membrane) };
    let mut steps = [Step::default(); N];
    for k in 0..N {
        steps[k] = Step { membrane: membrane[k], ex: ex[k], inh: inh[k] };
    }
    steps
}

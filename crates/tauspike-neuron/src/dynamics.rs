//! How a membrane with synaptic currents moves between events, and bounds on how far.
//!
//! With `x = V - V_inf`, `a = 1/tau_m` and, for each of the two currents, `y = I / C_m` (mV/ms) and `b = 1/tau_syn`:
//!
//! ```text
//! x(t+s) = x e^(-as) + y_ex P_ex(s) + y_in P_in(s)        P(s) = (e^(-bs) - e^(-as)) / (a - b)
//! y(t+s) = y e^(-bs)                                           = e^(-min(a,b) s) (1 - e^(-|a-b| s)) / |a-b|
//! ```
//!
//! An alpha function is a current that another one feeds, `y' = -by + z` and `z' = -bz` (z in mV/ms^2), two numbers for one:
//!
//! ```text
//! x(t+s) = .. + y P(s) + z Q(s)         Q(s) = integral of u e^(-bu) e^(-a(s-u)) over u from 0 to s
//! y(t+s) = (y + zs) e^(-bs)                  = e^(-as) (1 - e^(-gs) - gs e^(-gs)) / g^2    where g = b - a > 0
//! z(t+s) = z e^(-bs)                         = e^(-bs) (gs - 1 + e^(-gs)) / g^2            where g = a - b > 0
//! ```
//!
//! `NUMBERS` is how many a current has: [`EXPONENTIAL`] or [`ALPHA`].
//!
//! EXACT: the second form of P has no cancellation, so tau_syn may be near or equal to tau_m (then P = s e^(-as)); nor has that of Q, of
//! which a series of terms > 0 is taken where gs < 1 (`rises`).

use crate::elementary::{exp, expm1};

/// Numbers of a current that jumps and decays.
pub const EXPONENTIAL: usize = 1;

/// Numbers of a current that rises and decays as `s e^(-s/tau_syn)`.
pub const ALPHA: usize = 2;

/// How one synaptic current decays and moves the membrane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kernel {
    /// 1 / tau_syn, 1/ms.
    pub b: f64,
    /// |a - b|, 1/ms, kept above 0 so that the equal case needs no branch.
    pub(crate) gap: f64,
    /// 1 / gap.
    pub(crate) inv_gap: f64,
    /// No P or Q is larger: of P its maximum, ms; of Q the smaller of what all of its current and what its largest current bring, ms^2.
    pub peaks: [f64; 2],
}

impl Kernel {
    fn new(tau_m: f64, tau_syn: f64) -> Self {
        let (a, b) = (1.0 / tau_m, 1.0 / tau_syn);
        // below 1e-17 the factor (1 - e^(-gap s)) / gap is s to the last bit for every s up to 1e3 times 1/a
        let gap = (a - b).abs().max(1e-20 * a);
        // P peaks where a e^(-as) = b e^(-bs), at ln(b/a) / (b - a); 1/a where they are equal
        let at = if (a - b).abs() < 1e-7 * a { tau_m } else { libm::log(b / a) / (b - a) };
        let mut kernel = Self { b, gap, inv_gap: 1.0 / gap, peaks: [0.0; 2] };
        let [of_p] = propagate::<1, EXPONENTIAL>(|_| (&kernel, a), &[at], &[exp(-a * at)])[0].moves;
        let of_q = (1.0 / (b * b)).min(1.0 / (std::f64::consts::E * a * b));
        kernel.peaks = [of_p, of_q].map(|peak| peak * (1.0 + 1e-9));
        kernel
    }
}

/// What carries one current over a gap: e^(-bs), then P(s) and Q(s).
#[derive(Clone, Copy, Debug, PartialEq)]
struct Carries<const NUMBERS: usize> {
    decay: f64,
    moves: [f64; NUMBERS],
}

/// (1 - e^-z - z e^-z) / g^2 and (z - 1 + e^-z) / g^2 for z = gs >= 0, given e^-z - 1 and 1/g: what Q is, but for the exponential outside.
/// `s` in ms.
#[inline(always)]
pub(crate) fn rises(s: f64, z: f64, shrink: f64, inv_gap: f64) -> (f64, f64) {
    // (e^z - 1 - z) / z^2 to 1e-17 where z < 1
    let mut series = 0.0;
    let mut k = SERIES.len();
    while k > 0 {
        k -= 1;
        series = series * z + SERIES[k];
    }
    let decayed = 1.0 + shrink;
    let near = s * s * (decayed * series);
    let far = (-shrink - z * decayed) * (inv_gap * inv_gap);
    let fast = if z < 1.0 { near } else { far };
    // both together are s (1 - e^-z) / g
    (fast, s * (-shrink * inv_gap) - fast)
}

/// 1/2!, 1/3! and so on.
const SERIES: [f64; 17] = {
    let (mut series, mut factorial, mut k) = ([0.0; 17], 1.0, 0);
    while k < series.len() {
        factorial *= (k + 2) as f64;
        series[k] = 1.0 / factorial;
        k += 1;
    }
    series
};

/// What carries currents of kernels `of`, beside 1/tau_m, over gaps, ms, given e^(-as).
#[inline(always)]
fn propagate<'a, const N: usize, const NUMBERS: usize>(
    of: impl Fn(usize) -> (&'a Kernel, f64),
    gaps: &[f64; N],
    membrane: &[f64; N],
) -> [Carries<NUMBERS>; N] {
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
    let mut carries = [Carries { decay: 0.0, moves: [0.0; NUMBERS] }; N];
    for k in 0..N {
        let fast = membrane[k] + membrane[k] * shrink[k];
        let (decay, outside) = if slow[k] { (outer[k], outer[k]) } else { (fast, membrane[k]) };
        carries[k].decay = decay;
        carries[k].moves[0] = -outside * shrink[k] * inverse[k];
    }
    if NUMBERS == ALPHA {
        for k in 0..N {
            let (in_fast, in_slow) = rises(gaps[k], of(k).0.gap * gaps[k], shrink[k], inverse[k]);
            let outside = if slow[k] { outer[k] } else { membrane[k] };
            carries[k].moves[NUMBERS - 1] = outside * if slow[k] { in_slow } else { in_fast };
        }
    }
    carries
}

/// The numbers that evolve between events.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct State<const NUMBERS: usize> {
    /// V - V_inf, mV.
    pub x: f64,
    /// I_ex / C_m >= 0, mV/ms, and what feeds it, mV/ms^2.
    pub ex: [f64; NUMBERS],
    /// I_in / C_m <= 0, mV/ms, and what feeds it, mV/ms^2.
    pub inh: [f64; NUMBERS],
}

/// Factors that carry a [`State`] over one gap.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step<const NUMBERS: usize> {
    /// ms.
    gap: f64,
    /// e^(-as).
    pub membrane: f64,
    ex: Carries<NUMBERS>,
    inh: Carries<NUMBERS>,
}

impl<const NUMBERS: usize> Step<NUMBERS> {
    /// Over no time.
    pub const NONE: Self = {
        let carries = Carries { decay: 1.0, moves: [0.0; NUMBERS] };
        Self { gap: 0.0, membrane: 1.0, ex: carries, inh: carries }
    };

    /// The state at the end of the gap.
    #[inline(always)]
    pub fn apply(&self, y: State<NUMBERS>) -> State<NUMBERS> {
        let current = |mut y: [f64; NUMBERS], decay: f64| {
            if NUMBERS == ALPHA {
                y[0] += y[NUMBERS - 1] * self.gap;
            }
            y.map(|y| y * decay)
        };
        State { x: self.potential(y), ex: current(y.ex, self.ex.decay), inh: current(y.inh, self.inh.decay) }
    }

    /// V - V_inf at the end of the gap, mV.
    #[inline(always)]
    pub fn potential(&self, y: State<NUMBERS>) -> f64 {
        dot(dot(y.x * self.membrane, &y.ex, &self.ex.moves), &y.inh, &self.inh.moves)
    }
}

/// `sum` and the products of both.
#[inline(always)]
pub(crate) fn dot<const NUMBERS: usize>(mut sum: f64, a: &[f64; NUMBERS], b: &[f64]) -> f64 {
    for k in 0..NUMBERS {
        sum += a[k] * b[k];
    }
    sum
}

/// The constants of the equations of motion.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dynamics<const NUMBERS: usize> {
    /// 1 / tau_m, 1/ms.
    pub a: f64,
    /// Excitatory and inhibitory kernel.
    pub ex: Kernel,
    /// See `ex`.
    pub inh: Kernel,
}

impl<const NUMBERS: usize> Dynamics<NUMBERS> {
    /// From time constants in ms, each > 0.
    pub fn new(tau_m: f64, tau_syn_ex: f64, tau_syn_in: f64) -> Self {
        Self { a: 1.0 / tau_m, ex: Kernel::new(tau_m, tau_syn_ex), inh: Kernel::new(tau_m, tau_syn_in) }
    }

    /// What carries any state over `s` ms.
    #[inline(always)]
    pub fn step(&self, s: f64) -> Step<NUMBERS> {
        steps(|_| self, &[s])[0]
    }

    /// The state `s` ms later, without input.
    #[inline(always)]
    pub fn after(&self, y: State<NUMBERS>, s: f64) -> State<NUMBERS> {
        self.step(s).apply(y)
    }

    /// dV/dt, mV/ms.
    #[inline(always)]
    pub fn slope(&self, y: State<NUMBERS>) -> f64 {
        (y.ex[0] + y.inh[0]) - self.a * y.x
    }

    /// -(dV'/dt + a V'), mV/ms^2: where it is positive, V' e^(as) falls.
    #[inline(always)]
    pub(crate) fn turning(&self, y: State<NUMBERS>) -> f64 {
        let falls = self.ex.b * y.ex[0] + self.inh.b * y.inh[0];
        if NUMBERS == ALPHA { falls - (y.ex[NUMBERS - 1] + y.inh[NUMBERS - 1]) } else { falls }
    }

    /// Above everything V - V_inf comes to within `s` ms (`s` may be infinite), given e^(-as), mV.
    #[inline(always)]
    pub fn highest(&self, y: State<NUMBERS>, (s, membrane): (f64, f64)) -> f64 {
        let stays = y.x.max(y.x * membrane);
        if NUMBERS == ALPHA {
            let moves = [s.min(self.ex.peaks[0]), (0.5 * s * s).min(self.ex.peaks[1])];
            // rounding may leave a little less than no current
            return dot(stays, &y.ex.map(|y| y.max(0.0)), &moves);
        }
        stays + y.ex[0] * s.min(self.ex.peaks[0])
    }

    /// Whether V provably never gets to `theta`.
    pub fn never_reaches(&self, y: State<NUMBERS>, theta: f64) -> bool {
        theta - self.highest(y, (f64::INFINITY, 0.0)) > 1e-12 * self.magnitude(y, theta)
    }

    /// Sum of the largest values of the terms of V - V_th, mV.
    #[inline(always)]
    pub fn magnitude(&self, y: State<NUMBERS>, theta: f64) -> f64 {
        let (ex, inh) = (y.ex.map(f64::abs), y.inh.map(f64::abs));
        dot(dot(y.x.abs() + theta.abs(), &ex, &self.ex.peaks), &inh, &self.inh.peaks)
    }

    /// A bound on dV/dt for as long as V is above what it is in `y`, mV/ms.
    #[inline(always)]
    pub fn steepest(&self, y: State<NUMBERS>) -> f64 {
        let falls = (-self.a * y.x).max(0.0);
        if NUMBERS == ALPHA {
            // (y + zs) e^(-bs) is at most y + z / (be)
            let most = [1.0, 1.0 / (std::f64::consts::E * self.ex.b)];
            return dot(falls, &y.ex.map(|y| y.max(0.0)), &most);
        }
        falls + y.ex[0]
    }
}

/// What carries states of neurons `of` over gaps, ms.
#[inline(always)]
pub fn steps<'a, const N: usize, const NUMBERS: usize>(
    of: impl Fn(usize) -> &'a Dynamics<NUMBERS>,
    gaps: &[f64; N],
) -> [Step<NUMBERS>; N] {
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
    let mut steps = [Step { gap: 0.0, membrane: 0.0, ex: ex[0], inh: inh[0] }; N];
    for k in 0..N {
        steps[k] = Step { gap: gaps[k], membrane: membrane[k], ex: ex[k], inh: inh[k] };
    }
    steps
}

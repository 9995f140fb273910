//! When does V first reach V_th, if nothing else arrives?
//!
//! With `x = V - V_inf`, rates `a = 1/tau_m`, `b = 1/tau_ex`, `c = 1/tau_in` (1/ms) and slopes `p = I_ex/C_m >= 0`,
//! `q = I_in/C_m <= 0` (mV/ms):
//!
//! ```text
//! x(s) = x e^(-as) + p P(a,b,s) + q P(a,c,s),    P(a,b,s) = int_0^s e^(-a(s-u)) e^(-bu) du
//! ```
//!
//! V reaches V_th where `f(s) = x(s) - theta` reaches 0, theta = V_th - V_inf. By Rolle, with the exponentials taken out one by
//! one: `g = e^(as) f` has the sign of f, and `g' = e^(as) h` with
//!
//! ```text
//! h(s) = p e^(-bs) + q e^(-cs) - a theta,    h'(s) = -b p e^(-bs) - c q e^(-cs)
//! ```
//!
//! h' vanishes at most once, at a known time; so h is monotone before and after it and vanishes at most twice, each time inside a
//! known bracket; so g is monotone on at most three known pieces. f changes sign at most once on each of them, and bisection
//! finds where. No case is excepted: tau_syn may equal tau_m.

/// `x(s) = V(s) - V_inf` of a neuron left alone, in ms, mV, mV/ms, 1/ms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Deflection {
    /// 1 / tau_m.
    pub a: f64,
    /// 1 / tau_syn_ex.
    pub b: f64,
    /// 1 / tau_syn_in.
    pub c: f64,
    /// V - V_inf now.
    pub x: f64,
    /// I_ex / C_m >= 0 now.
    pub p: f64,
    /// I_in / C_m <= 0 now.
    pub q: f64,
}

impl Deflection {
    /// x after `s` ms, mV.
    pub fn at(&self, s: f64) -> f64 {
        let response = |slope: f64, rate| if slope == 0.0 { 0.0 } else { slope * response(self.a, rate, s) };
        self.x * (-self.a * s).exp() + response(self.p, self.b) + response(self.q, self.c)
    }

    /// h after `s` ms: the sign of the slope of `e^(as) (x - theta)`, mV/ms.
    fn slope_sign(&self, theta: f64, s: f64) -> f64 {
        self.p * (-self.b * s).exp() + self.q * (-self.c * s).exp() - self.a * theta
    }

    /// The time at which h turns; not inside the future, or not a number, if it never does.
    fn turn(&self) -> f64 {
        (-(self.c * self.q) / (self.b * self.p)).ln() / (self.c - self.b)
    }

    /// Every rate less by the smallest that plays a part, which multiplies x(s) by a positive factor.
    fn slowed(&self) -> Self {
        let mut least = self.a;
        for (slope, rate) in [(self.p, self.b), (self.q, self.c)] {
            if slope != 0.0 && rate < least {
                least = rate;
            }
        }
        Self { a: self.a - least, b: self.b - least, c: self.c - least, ..*self }
    }
}

/// P(a,b,s), ms. EXACT: this form has no cancellation, and P(a,a,s) = s e^(-as) is its limit.
pub(crate) fn response(a: f64, b: f64, s: f64) -> f64 {
    let gap = (a - b).abs();
    let width = if gap == 0.0 { s } else { -(-gap * s).exp_m1() / gap };
    (-(if a < b { a } else { b }) * s).exp() * width
}

/// The first s in [0, horizon] with `x(s) >= theta`, ms.
pub fn first_crossing(deflection: &Deflection, theta: f64, horizon: f64) -> Option<f64> {
    if deflection.x >= theta {
        return Some(0.0);
    }
    // with V_inf = V_th everything dies out, and "0 >= 0" after underflow would be a crossing that never is
    let path = if theta == 0.0 { deflection.slowed() } else { *deflection };
    let excess = |s: f64| path.at(s) - theta;
    let mut from = 0.0;
    for to in knots(&path, theta, horizon) {
        if excess(to) >= 0.0 {
            return Some(bisect(from, to, |s| excess(s) >= 0.0));
        }
        from = to;
    }
    None
}

/// As [`first_crossing`] for p = q = 0: `s = tau_m ln((V_inf - V) / (V_inf - V_th))`, on any horizon.
pub fn first_crossing_without_current(a: f64, x: f64, theta: f64) -> Option<f64> {
    match (x >= theta, theta < 0.0) {
        (true, _) => Some(0.0),
        (false, true) => Some(((x - theta) / theta).ln_1p() / a),
        (false, false) => None,
    }
}

/// Ends of the pieces of [0, horizon] on which `e^(as) (x(s) - theta)` is monotone.
fn knots(path: &Deflection, theta: f64, horizon: f64) -> Vec<f64> {
    let slope_sign = |s: f64| path.slope_sign(theta, s);
    let turn = path.turn();
    let pieces = if turn > 0.0 && turn < horizon { vec![0.0, turn, horizon] } else { vec![0.0, horizon] };
    let mut knots = Vec::new();
    for ends in pieces.windows(2) {
        let (first, last) = (slope_sign(ends[0]), slope_sign(ends[1]));
        if (first < 0.0 && last > 0.0) || (first > 0.0 && last < 0.0) {
            knots.push(bisect(ends[0], ends[1], |s| (slope_sign(s) > 0.0) == (last > 0.0)));
        }
    }
    knots.push(horizon);
    knots
}

/// The least f64 in (lo, hi] at which `reached` holds, given that it fails at lo, holds at hi and changes once.
pub(crate) fn bisect(mut lo: f64, mut hi: f64, reached: impl Fn(f64) -> bool) -> f64 {
    loop {
        let middle = lo + (hi - lo) / 2.0;
        if middle <= lo || middle >= hi {
            return hi;
        }
        if reached(middle) { hi = middle } else { lo = middle }
    }
}

//! When does V first reach V_th, if nothing else arrives and currents are alpha functions?
//!
//! Symbols as in [`crate::crossing`]; each current has a feed, `I(s) = (p + p' s) e^(-bs)`, so that
//!
//! ```text
//! x(s) = x e^(-as) + p P(a,b,s) + p' Q(a,b,s) + ..       Q(a,b,s) = int_0^s u e^(-bu) e^(-a(s-u)) du
//! h(s) = (p + p' s) e^(-bs) + (q + q' s) e^(-cs) - a theta
//! ```
//!
//! and `g = e^(as) (x - theta)` has g' = e^(as) h as before. Zeros of h, a sum of polynomials times exponentials: take out the slowest
//! exponential, which leaves the sign, and differentiate, which takes a degree from its polynomial. What is left has fewer terms; between
//! its zeros h is monotone. At the bottom nothing is left.

use crate::crossing::{bisect, response};

/// `(c + d s) e^(-rate s)`.
#[derive(Clone, Copy, Debug)]
struct Term {
    c: f64,
    d: f64,
    rate: f64,
}

fn sum(terms: &[Term], s: f64) -> f64 {
    terms.iter().map(|term| (term.c + term.d * s) * (-term.rate * s).exp()).sum()
}

/// Where in (0, horizon) the sum changes sign, in order.
fn changes(terms: &[Term], horizon: f64) -> Vec<f64> {
    let terms: Vec<Term> = terms.iter().copied().filter(|term| term.c != 0.0 || term.d != 0.0).collect();
    let Some(slowest) = terms.iter().map(|term| term.rate).reduce(f64::min) else { return Vec::new() };
    let slowed: Vec<Term> = terms.iter().map(|term| Term { rate: term.rate - slowest, ..*term }).collect();
    let derivative: Vec<Term> =
        slowed.iter().map(|t| Term { c: t.d - t.rate * t.c, d: -t.rate * t.d, rate: t.rate }).collect();
    let mut found = Vec::new();
    let mut from = 0.0;
    for to in changes(&derivative, horizon).into_iter().chain([horizon]) {
        let (first, last) = (sum(&slowed, from), sum(&slowed, to));
        if (first < 0.0 && last > 0.0) || (first > 0.0 && last < 0.0) {
            found.push(bisect(from, to, |s| (sum(&slowed, s) > 0.0) == (last > 0.0)));
        }
        from = to;
    }
    found
}

/// `x(s) = V(s) - V_inf` of a neuron left alone, in ms, mV, mV/ms, mV/ms^2, 1/ms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Deflection {
    /// 1 / tau_m.
    pub a: f64,
    /// 1 / tau_syn, excitatory and inhibitory.
    pub b: [f64; 2],
    /// V - V_inf now.
    pub x: f64,
    /// Both currents over C_m now.
    pub current: [f64; 2],
    /// What feeds them, over C_m, now.
    pub feed: [f64; 2],
}

impl Deflection {
    /// x after `s` ms, mV.
    pub fn at(&self, s: f64) -> f64 {
        let mut x = self.x * (-self.a * s).exp();
        for side in [0, 1] {
            if self.current[side] != 0.0 {
                x += self.current[side] * response(self.a, self.b[side], s);
            }
            if self.feed[side] != 0.0 {
                x += self.feed[side] * fed_response(self.a, self.b[side], s);
            }
        }
        x
    }
}

/// Q(a,b,s), ms^2. By parts `(a - b) Q = s e^(-bs) - P`; near a = b by its series, `s^2 e^(-as) sum (-z)^n / (n! (n + 2))`, z = (b - a) s.
fn fed_response(a: f64, b: f64, s: f64) -> f64 {
    let z = (b - a) * s;
    if z.abs() > 1.0 {
        return (s * (-b * s).exp() - response(a, b, s)) / (a - b);
    }
    let (mut power, mut series) = (1.0, 0.0);
    for n in 0..25 {
        series += power / f64::from(n + 2);
        power *= -z / f64::from(n + 1);
    }
    s * s * (-a * s).exp() * series
}

/// The first s in [0, horizon] with `x(s) >= theta`, ms.
pub fn first_crossing(path: &Deflection, theta: f64, horizon: f64) -> Option<f64> {
    if path.x >= theta {
        return Some(0.0);
    }
    // P is at most 1/a and 1/b, Q at most 1/b^2
    let (a, b) = (path.a, path.b[0]);
    let highest = path.x.max(0.0) + path.current[0].max(0.0) / a.max(b) + path.feed[0] / (b * b);
    if highest < theta * (1.0 - 1e-9) {
        return None;
    }
    let current = |side: usize| Term { c: path.current[side], d: path.feed[side], rate: path.b[side] };
    let slope_sign = [current(0), current(1), Term { c: -path.a * theta, d: 0.0, rate: 0.0 }];
    let mut from = 0.0;
    for to in changes(&slope_sign, horizon).into_iter().chain([horizon]) {
        if path.at(to) >= theta {
            return Some(bisect(from, to, |s| path.at(s) >= theta));
        }
        from = to;
    }
    None
}

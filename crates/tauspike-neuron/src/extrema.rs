//! Where the potential of a neuron turns that alpha functions drive: between two such times it crosses threshold at most once.
//!
//! With the symbols of [`crate::dynamics`], and theta = V_th - V_inf, `g(s) = (x(s) - theta) e^(as)` has the sign of x - theta, and
//!
//! ```text
//! g' = e^(as) h        h(s)  = y_ex(s) + y_in(s) - a theta          y(s) = (y + zs) e^(-bs)
//!                      h'(s) = l_ex(s) e^(-b_ex s) + l_in(s) e^(-b_in s)        l(s) = z - b (y + zs)
//! ```
//!
//! so that g is monotone between the zeros of h, and h between those of `k(s) = l_slow(s) + l_fast(s) e^(-ds)`, which has the sign of h'; d >= 0 is the
//! difference of the rates. k' is a constant and a line times e^(-ds); k'' changes sign at most once, at a time known in closed form. Rolle's
//! theorem from there upwards: k' has at most two zeros, k three, h four, and each is found by bisection where the signs at two
//! neighbours differ. No case is excepted: rates may be equal, currents absent.
//!
//! A zero is known to 1e-9 of itself. What is monotone on either side moves by the square of that: nothing that f64 sees.

use crate::dynamics::{Dynamics, State};
use crate::elementary::exp;

/// Times in order: most of them ever are four, and two ends.
#[derive(Clone, Copy, Default)]
pub(crate) struct Times {
    times: [f64; 6],
    len: usize,
}

impl Times {
    fn push(&mut self, time: f64) {
        self.times[self.len] = time;
        self.len += 1;
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = f64> + '_ {
        self.times[..self.len].iter().copied()
    }

    /// The zeros of a function that is monotone between these times, within 0 to `end`; to `close` of themselves.
    fn zeros(&self, end: f64, f: impl Fn(f64) -> f64) -> Times {
        let mut zeros = Times::default();
        let (mut from, mut before) = (0.0, f(0.0) > 0.0);
        for to in self.iter().chain([end]) {
            let positive = f(to) > 0.0;
            if positive != before {
                zeros.push(zero((from, to), |s| (f(s) > 0.0) == positive));
            }
            (from, before) = (to, positive);
        }
        zeros
    }
}

/// Where `reached` begins to hold, in an interval at whose end it does.
fn zero((mut lo, mut hi): (f64, f64), reached: impl Fn(f64) -> bool) -> f64 {
    while hi - lo > 1e-9 * hi {
        let mid = 0.5 * (lo + hi);
        if mid <= lo || mid >= hi {
            break;
        }
        if reached(mid) { hi = mid } else { lo = mid }
    }
    hi
}

/// A line: value and slope at 0.
#[derive(Clone, Copy)]
struct Line {
    value: f64,
    slope: f64,
}

impl Line {
    /// `z - b (y + zs)`: what the slope of a current is, but for its exponential.
    fn of<const NUMBERS: usize>(b: f64, y: [f64; NUMBERS]) -> Self {
        let (y, z) = (y[0], y[NUMBERS - 1]);
        Self { value: z - b * y, slope: -b * z }
    }

    fn at(&self, s: f64) -> f64 {
        self.value + self.slope * s
    }
}

/// The zeros of h in (0, end), of alpha functions.
pub(crate) fn extrema<const NUMBERS: usize>(
    dynamics: &Dynamics<NUMBERS>,
    y: State<NUMBERS>,
    theta: f64,
    end: f64,
) -> Times {
    let Dynamics { a, ex, inh } = dynamics;
    let (of_ex, of_in) = (Line::of(ex.b, y.ex), Line::of(inh.b, y.inh));
    let (slow, fast) = if ex.b < inh.b { (of_ex, of_in) } else { (of_in, of_ex) };
    let d = (ex.b - inh.b).abs();
    let mut turn = Times::default();
    // k'' = d (d l_fast - 2 l_fast') e^(-ds)
    let turns = (2.0 * fast.slope / d - fast.value) / fast.slope;
    if turns > 0.0 && turns < end {
        turn.push(turns);
    }
    let turns = turn.zeros(end, |s| slow.slope + (fast.slope - d * fast.at(s)) * exp(-d * s));
    let turns = turns.zeros(end, |s| slow.at(s) + fast.at(s) * exp(-d * s));
    let current = |b: f64, y: [f64; NUMBERS], s: f64| (y[0] + y[NUMBERS - 1] * s) * exp(-b * s);
    turns.zeros(end, |s| (current(ex.b, y.ex, s) + current(inh.b, y.inh, s)) - a * theta)
}

//! Does the potential of a neuron with synaptic currents reach threshold, and when first?
//!
//! `V - V_inf` is a sum of up to three exponentials, or five terms with alpha functions, so it may rise, fall and rise again. What makes the search
//! certain:
//!
//! * Exponential currents: `g(s) = V'(s) e^(as)` has the derivative `-(b_ex y_ex e^(-b_ex s) + b_in y_in e^(-b_in s)) e^(as)`, which changes sign at most
//!   once, at a time known in closed form (`turn`). So on each side of it g is monotone and V has at most one extremum.
//! * Alpha functions: `extrema.rs` has up to four times between which `(V - V_th) e^(as)` is monotone.
//! * On such a segment V crosses threshold upwards at most once; a bracket with V below threshold at the left end and at or above it at the
//!   right end therefore holds exactly one crossing. Both ends come from the segment, never from who asks.
//! * The result is a pure function of the state. It never depends on how far somebody wanted to look ahead, nor from when on, so neither
//!   epochs nor thread counts can move a spike by one bit.
//!
//! V computed at the returned time is >= V_th: by less than rounding moves it, while V rises, or else V computed a few ulp earlier is
//! < V_th. A maximum whose computed value equals V_th counts as reached. The error in time is therefore the error of V in f64, some
//! 1e-15 of its largest terms, divided by dV/dt at the crossing, plus a few ulp (tested against 50-digit arithmetic in
//! `tests/crossing.rs`).

use crate::dynamics::{ALPHA, Dynamics, State};
use crate::elementary::ln;
use crate::extrema::extrema;

/// Relative width at which a bracket is closed, a little over 2 ulp.
const CLOSED: f64 = 5e-16;

/// What rounding does to V, relative to its largest terms.
const ROUNDING: f64 = 2e-15;

/// After so many time constants a term is under 1e-260 of what it was.
const VANISHED: f64 = 600.0;

/// After so many steps by a guess the search goes on by doubling.
const GUESSES: usize = 8;

/// First s > 0, ms, at which V comes to threshold from below, of those that are not `passed`; infinite if there is none. `theta` is
/// V_th - V_inf, mV, not 0. What is passed comes before what is not.
pub fn first_crossing<const NUMBERS: usize>(
    dynamics: &Dynamics<NUMBERS>,
    y: State<NUMBERS>,
    theta: f64,
    passed: impl Fn(f64) -> bool,
) -> f64 {
    let search = Search { dynamics, y, theta, rounding: ROUNDING * dynamics.magnitude(y, theta) };
    if NUMBERS == ALPHA { search.first_between_extrema(passed) } else { search.first(passed) }
}

struct Search<'a, const NUMBERS: usize> {
    dynamics: &'a Dynamics<NUMBERS>,
    y: State<NUMBERS>,
    theta: f64,
    /// About what rounding does to V, mV.
    rounding: f64,
}

impl<const NUMBERS: usize> Search<'_, NUMBERS> {
    fn at(&self, s: f64) -> State<NUMBERS> {
        self.dynamics.after(self.y, s)
    }

    /// Of alpha functions. When all has vanished V is at V_inf, and so above threshold or never again.
    fn first_between_extrema(&self, passed: impl Fn(f64) -> bool) -> f64 {
        let end = VANISHED / self.slowest();
        let (mut from, mut y) = (0.0, self.y);
        for to in extrema(self.dynamics, self.y, self.theta, end).iter().chain([end]) {
            let there = self.at(to);
            if y.x < self.theta && there.x >= self.theta && !passed(to) {
                let crossing = self.root((from, to), (from, y));
                if !passed(crossing) {
                    return crossing;
                }
            }
            (from, y) = (to, there);
        }
        f64::INFINITY
    }

    fn first(&self, passed: impl Fn(f64) -> bool) -> f64 {
        let Some(turn) = self.turn() else { return self.in_last_segment((0.0, self.y), passed) };
        let end = self.at(turn);
        if !passed(turn)
            && let Some(crossing) = self.in_segment((0.0, self.y), (turn, end))
            && !passed(crossing)
        {
            return crossing;
        }
        self.in_last_segment((turn, end), passed)
    }

    /// The crossing between two times at which V has at most one extremum.
    fn in_segment(&self, (from, y): (f64, State<NUMBERS>), (to, end): (f64, State<NUMBERS>)) -> Option<f64> {
        let (rises, ends_rising) = (self.dynamics.slope(y) > 0.0, self.dynamics.slope(end) > 0.0);
        if y.x >= self.theta {
            // it has to fall first
            if rises || !ends_rising || end.x < self.theta {
                return None;
            }
            let (bottom, there) = self.bottom((from, y), to);
            return (there.x < self.theta).then(|| self.root((bottom, to), (to, end)));
        }
        if end.x >= self.theta {
            return Some(self.root((from, to), (from, y)));
        }
        if rises && self.dynamics.slope(end) < 0.0 { self.below_top((from, y), to) } else { None }
    }

    /// Beyond the last turn, where the state is `y`, V has at most one extremum.
    fn in_last_segment(&self, (from, y): (f64, State<NUMBERS>), passed: impl Fn(f64) -> bool) -> f64 {
        let from = if y.x < self.theta { Some((from, y)) } else { self.dip((from, y)) };
        let crossing = from.map_or(f64::INFINITY, |from| self.climb(from));
        if passed(crossing) { f64::INFINITY } else { crossing }
    }

    /// Where V, which is above threshold, is below it again; only a neuron that is driven above threshold comes back from there.
    fn dip(&self, (mut from, mut y): (f64, State<NUMBERS>)) -> Option<(f64, State<NUMBERS>)> {
        let mut width = 0.25 / self.fastest();
        while self.theta < 0.0 && self.dynamics.slope(y) < 0.0 && from * self.slowest() <= VANISHED {
            let to = from + width;
            let end = self.at(to);
            if end.x < self.theta {
                return Some((to, end));
            }
            if self.dynamics.slope(end) >= 0.0 {
                let bottom = self.bottom((from, y), to);
                return (bottom.1.x < self.theta).then_some(bottom);
            }
            (from, y, width) = (to, end, 2.0 * width);
        }
        None
    }

    /// Where V is least between `lo`, where it falls, and `hi`, where it rises.
    fn bottom(&self, (mut lo, mut y): (f64, State<NUMBERS>), mut hi: f64) -> (f64, State<NUMBERS>) {
        let closed = 1e-10 * (hi - lo);
        while hi - lo > closed && y.x >= self.theta {
            let mid = 0.5 * (lo + hi);
            if mid <= lo || mid >= hi {
                break;
            }
            let there = self.at(mid);
            if self.dynamics.slope(there) < 0.0 {
                (lo, y) = (mid, there);
            } else {
                if there.x < self.theta {
                    return (mid, there);
                }
                hi = mid;
            }
        }
        (lo, y)
    }

    /// The crossing beyond a time at which V is below threshold.
    fn climb(&self, (mut from, mut y): (f64, State<NUMBERS>)) -> f64 {
        let mut width = 0.25 / self.fastest();
        for step in 0.. {
            let rising = self.dynamics.slope(y) > 0.0;
            if !rising && self.theta >= 0.0 {
                // with V_inf <= V_th it turns at most and climbs towards V_inf, which it never reaches
                break;
            }
            let to = match self.ahead(y) {
                Some(ahead) if rising && step < GUESSES => (from + ahead) * (1.0 + 0.5 * CLOSED),
                _ => from + width,
            };
            let end = self.at(to);
            if end.x >= self.theta {
                return self.root((from, to), (to, end));
            }
            if rising
                // a slope of 0 has underflowed: V may have fallen before
                && self.dynamics.slope(end) <= 0.0
                && let Some(crossing) = self.below_top((from, y), to)
            {
                return crossing;
            }
            if self.theta >= 0.0 && (to * self.slowest() > VANISHED || self.dynamics.never_reaches(end, self.theta)) {
                break;
            }
            (from, y, width) = (to, end, 2.0 * width);
        }
        f64::INFINITY
    }

    /// How far threshold is from a state in which V rises, ms, if V' decays (or grows) at the rate at which it does now; none if it
    /// decays too soon. Exact without synaptic currents, and near the crossing an error of third order. Aims above threshold by
    /// half of what rounding does, so as not to fall short.
    fn ahead(&self, y: State<NUMBERS>) -> Option<f64> {
        let slope = self.dynamics.slope(y);
        let straight = (self.theta + 0.5 * self.rounding - y.x) / slope;
        let rate = self.dynamics.a + self.dynamics.turning(y) / slope;
        let bend = rate * straight;
        if bend.abs() < 1e-3 {
            return Some(straight * (1.0 + bend * (0.5 + bend * (1.0 / 3.0))));
        }
        (bend < 1.0 && bend > -1e300).then(|| -ln(1.0 - bend) / rate)
    }

    /// Where g has its extremum: b_ex y_ex e^(-b_ex s) = -b_in y_in e^(-b_in s). With nearly equal time constants, or where one current is
    /// left from long ago, that may be after a current has vanished, and so both have: V' says nothing there any more, and the only segment
    /// is the first.
    fn turn(&self) -> Option<f64> {
        let (ex, inh) = (&self.dynamics.ex, &self.dynamics.inh);
        let (y_ex, y_in) = (self.y.ex[0], self.y.inh[0]);
        if ex.b == inh.b || y_ex == 0.0 || y_in == 0.0 {
            return None;
        }
        let ratio = (ex.b * y_ex) / -(inh.b * y_in);
        let turn = libm::log(ratio) / (ex.b - inh.b);
        (turn > 0.0 && turn * ex.b.max(inh.b) < VANISHED).then_some(turn)
    }

    /// Largest of the three rates, 1/ms.
    fn fastest(&self) -> f64 {
        self.dynamics.a.max(self.dynamics.ex.b).max(self.dynamics.inh.b)
    }

    /// Smallest of the three rates, 1/ms.
    fn slowest(&self) -> f64 {
        self.dynamics.a.min(self.dynamics.ex.b).min(self.dynamics.inh.b)
    }

    /// The crossing between `lo`, where the state is `y` and V rises, and `hi`, where it falls, both below threshold, if V gets there
    /// before its maximum. V is flat there, so the place needs half the digits only: bisection to 1e-10 of the bracket leaves an
    /// error of 1e-20 in V, relative to its curvature.
    fn below_top(&self, (mut lo, mut y): (f64, State<NUMBERS>), mut hi: f64) -> Option<f64> {
        let closed = 1e-10 * (hi - lo);
        // V' falls on the way up, so the top is below the tangent
        while hi - lo > closed && y.x + self.dynamics.slope(y) * (hi - lo) >= self.theta - 500.0 * self.rounding {
            let mid = 0.5 * (lo + hi);
            if mid <= lo || mid >= hi {
                break;
            }
            let there = self.at(mid);
            if there.x >= self.theta {
                return Some(self.root((lo, mid), (lo, y)));
            }
            if self.dynamics.slope(there) > 0.0 {
                (lo, y) = (mid, there);
            } else {
                hi = mid;
            }
        }
        None
    }

    /// The crossing in a bracket with V(lo) < V_th <= V(hi), from the state `y` at `s`, one of its ends: steps as of
    /// [`Search::ahead`], and every eighth a bisection, which bounds the work where they do not help.
    fn root(&self, (mut lo, mut hi): (f64, f64), (mut s, mut y): (f64, State<NUMBERS>)) -> f64 {
        for step in 1.. {
            let short = self.theta - y.x;
            if short > 0.0 {
                lo = s;
            } else {
                hi = s;
                if short >= -self.rounding && self.dynamics.slope(y) > 0.0 {
                    break;
                }
            }
            if hi - lo <= CLOSED * hi {
                break;
            }
            // pushed by an ulp, lest a step be too small to move
            s += self.ahead(y).unwrap_or(f64::NAN) + (0.5 * CLOSED * hi).copysign(short);
            if step % 8 == 0 || !(s > lo && s < hi) {
                s = 0.5 * (lo + hi);
            }
            if s <= lo || s >= hi {
                break;
            }
            y = self.at(s);
        }
        hi
    }
}

//! V - V_inf as a sum of exponentials, and where it first reaches theta = V_th - V_inf.
//!
//! Symbols as in [`crate::crossing`], where the argument is given: `h(s) = p e^(-bs) + q e^(-cs) - a theta` vanishes at most twice
//! and turns at most once, and `x(s) - theta` changes sign at most once between two of its zeros.

use dashu_float::FBig;
use dashu_float::round::mode::HalfEven;

/// A binary number of many digits, rounded to nearest.
pub(super) type Real = FBig<HalfEven, 2>;

/// An extremum that misses the threshold by less than 2^-TOUCH of theta touches it: its time is known to 25 digits or more, and
/// its height to twice as many.
const TOUCH: isize = 140;

/// `x` without rounding, to be computed with to `digits` decimal digits.
pub(super) fn real(x: f64, digits: u32) -> Real {
    let exact = Real::try_from(x).expect("a finite number");
    exact.with_precision((f64::from(digits) * std::f64::consts::LOG2_10).ceil() as usize).value()
}

/// `x(s) = x e^(-as) + p P(a,b,s) + q P(a,c,s)`, in ms, mV, mV/ms, 1/ms.
#[derive(Clone, Debug)]
pub(super) struct Deflection {
    pub a: Real,
    pub b: Real,
    pub c: Real,
    pub x: Real,
    pub p: Real,
    pub q: Real,
}

/// A value and its slope.
type Jet = (Real, Real);

impl Deflection {
    /// The deflection as seen `s` later.
    pub fn after(&self, s: &Real) -> Self {
        let (p, q) = (decayed(&self.p, &self.b, s), decayed(&self.q, &self.c, s));
        Self { x: self.at(s).0, p, q, ..self.clone() }
    }

    /// x(s) and x'(s) = -a x + p e^(-bs) + q e^(-cs).
    fn at(&self, s: &Real) -> Jet {
        let membrane = (-(&self.a * s)).exp();
        let mut x = &self.x * &membrane;
        let mut current = Real::ZERO;
        for (slope, rate) in [(&self.p, &self.b), (&self.q, &self.c)] {
            let decayed = decayed(slope, rate, s);
            if *rate == self.a {
                x += &decayed * s;
            } else {
                x += (&decayed - slope * &membrane) / (&self.a - rate);
            }
            current += decayed;
        }
        let slope = current - &self.a * &x;
        (x, slope)
    }

    /// h(s) and h'(s).
    fn slope_sign(&self, theta: &Real, s: &Real) -> Jet {
        let (p, q) = (decayed(&self.p, &self.b, s), decayed(&self.q, &self.c, s));
        (&p + &q - &self.a * theta, -(&self.b * &p) - &self.c * &q)
    }

    /// The one time > 0 at which h turns, if it does: where `b p e^(-bs) = -c q e^(-cs)`.
    fn turn(&self) -> Option<Real> {
        if self.b == self.c || self.p == Real::ZERO || self.q == Real::ZERO {
            return None;
        }
        let turn = (-(&self.c * &self.q) / (&self.b * &self.p)).ln() / (&self.c - &self.b);
        Some(turn).filter(|turn| *turn > Real::ZERO)
    }

    /// The first s in [0, horizon] with `x(s) >= theta`.
    pub fn first_crossing(&self, theta: &Real, horizon: &Real) -> Option<Real> {
        if self.x >= *theta {
            return Some(Real::ZERO);
        }
        let excess = |s: &Real| {
            let (x, slope) = self.at(s);
            (x - theta, slope)
        };
        let mut from = Real::ZERO;
        for to in self.knots(theta, horizon) {
            let above = excess(&to).0;
            if above >= Real::ZERO {
                return Some(root(from, to, excess));
            }
            if to < *horizon && above > -(magnitude(theta) >> TOUCH) {
                return Some(to);
            }
            from = to;
        }
        None
    }

    /// The zeros of h in (0, horizon), and horizon.
    fn knots(&self, theta: &Real, horizon: &Real) -> Vec<Real> {
        let slope_sign = |s: &Real| self.slope_sign(theta, s);
        let mut pieces = vec![Real::ZERO];
        pieces.extend(self.turn().filter(|turn| turn < horizon));
        pieces.push(horizon.clone());
        let mut knots = Vec::new();
        for ends in pieces.windows(2) {
            if slope_sign(&ends[0]).0 * slope_sign(&ends[1]).0 < Real::ZERO {
                knots.push(root(ends[0].clone(), ends[1].clone(), slope_sign));
            }
        }
        knots.push(horizon.clone());
        knots
    }

    /// A time after which x does not reach theta for the first time.
    ///
    /// After the turn of h, h and with it the sense of `g = e^(as) (x - theta)` settles for good. What becomes of x is known: it
    /// falls short (theta > 0), it reaches theta (theta < 0), or it dies out towards theta = 0 on the side that
    /// [`Self::dies_out_above_zero`] tells.
    pub fn sufficient_horizon(&self, theta: &Real) -> Real {
        let slowest =
            [&self.b, &self.c].into_iter().fold(&self.a, |least, rate| if rate < least { rate } else { least });
        let mut horizon = self.turn().unwrap_or(Real::ZERO) + Real::ONE / slowest;
        let reached = |s: &Real| self.at(s).0 >= *theta;
        let settled = |s: &Real| match theta.cmp(&Real::ZERO) {
            std::cmp::Ordering::Greater => self.slope_sign(theta, s).0 < Real::ZERO,
            std::cmp::Ordering::Less => reached(s),
            std::cmp::Ordering::Equal => !self.dies_out_above_zero() || reached(s),
        };
        while !settled(&horizon) {
            horizon = &horizon + &horizon;
        }
        horizon
    }

    /// For theta = 0: whether `e^(as) x(s) = x + p Q(b) + q Q(c)` ends above 0, where `Q(b) = int_0^s e^((a-b)u) du` tends to
    /// `1/(b-a)` if b > a and grows without bound otherwise, the faster the smaller b.
    fn dies_out_above_zero(&self) -> bool {
        let lasting = |slope: &Real, rate: &Real| *slope != Real::ZERO && *rate <= self.a;
        match (lasting(&self.p, &self.b), lasting(&self.q, &self.c)) {
            (true, true) if self.b == self.c && &self.p + &self.q != Real::ZERO => &self.p + &self.q > Real::ZERO,
            (true, true) if self.b != self.c => self.b < self.c,
            (true, false) => true,
            (false, true) => false,
            _ => {
                let end = |slope: &Real, rate: &Real| {
                    if *rate > self.a { slope / (rate - &self.a) } else { Real::ZERO }
                };
                &self.x + end(&self.p, &self.b) + end(&self.q, &self.c) > Real::ZERO
            }
        }
    }
}

/// `slope e^(-rate s)`.
fn decayed(slope: &Real, rate: &Real, s: &Real) -> Real {
    if *slope == Real::ZERO { Real::ZERO } else { slope * (-(rate * s)).exp() }
}

/// The zero in [lo, hi] of a function with different signs at the ends that changes sign once: Newton's step where it stays inside
/// and at least halves the last one, else bisection. Good to 25 digits.
fn root(mut lo: Real, mut hi: Real, f: impl Fn(&Real) -> Jet) -> Real {
    let rising = f(&hi).0 >= Real::ZERO;
    let half = |x: Real| x >> 1;
    let mut last_step = &hi - &lo;
    let mut t = half(&lo + &hi);
    loop {
        let (value, slope) = f(&t);
        if value == Real::ZERO {
            return t;
        }
        let step = if slope == Real::ZERO { last_step.clone() } else { -(&value / slope) };
        if (value > Real::ZERO) == rising {
            hi = t.clone()
        } else {
            lo = t.clone()
        }
        let newton = &t + &step;
        let next =
            if newton > lo && newton < hi && magnitude(&step) <= half(last_step) { newton } else { half(&lo + &hi) };
        last_step = magnitude(&(&next - &t));
        if last_step <= next.clone() >> 83 {
            return next;
        }
        t = next;
    }
}

fn magnitude(x: &Real) -> Real {
    if *x < Real::ZERO { -x } else { x.clone() }
}

//! Neurons driven by alpha functions against 60-digit arithmetic, over ratios of time constants from 1e-3 to 1e3, equal and nearly equal ones.
//!
//! The bound of a crossing: it is one of the exact potential moved by at most `1e-13` of its largest term, and no earlier point of a fine scan
//! exceeds threshold by more than that.
#![allow(clippy::disallowed_methods, reason = "tests compare and time")]

use dashu_float::{FBig, round::mode::HalfEven};
use proptest::prelude::*;
use tauspike_neuron::crossing::first_crossing;
use tauspike_neuron::dynamics::{ALPHA, Dynamics};
use tauspike_neuron::kinetics::{BITS, Kinetics};
use tauspike_neuron::synaptic::{Rules, Synaptic};
use tauspike_neuron::{Extent, Lattice};

type Big = FBig<HalfEven, 2>;
type State = tauspike_neuron::dynamics::State<ALPHA>;
type Taus = (f64, f64, f64);
/// Near-equal time constants cost up to twice 16 digits.
const PRECISION: usize = 300;

fn big(x: f64) -> Big {
    Big::try_from(x).unwrap().with_precision(PRECISION).value()
}

/// `V - V_inf` at s, term by term from the textbook solution; equal time constants through their limit.
fn exact(y: State, (tau_m, tau_ex, tau_in): Taus, s: f64) -> Big {
    let decay = |tau: f64| (-(big(s) / big(tau))).exp();
    let moved = |tau: f64, [y, z]: [f64; 2]| {
        if tau == tau_m {
            return (big(y) * big(s) + big(z) * big(s) * big(s) / big(2.0)) * decay(tau);
        }
        let gap = big(1.0) / big(tau_m) - big(1.0) / big(tau);
        let p = (decay(tau) - decay(tau_m)) / &gap;
        let q = (big(s) * decay(tau) - &p) / &gap;
        big(y) * p + big(z) * q
    };
    big(y.x) * decay(tau_m) + moved(tau_ex, y.ex) + moved(tau_in, y.inh)
}

fn tau_like(tau_m: f64) -> impl Strategy<Value = f64> {
    prop_oneof![
        6 => (-3.0..3.0f64).prop_map(move |e| tau_m * f64::powf(10.0, e)),
        1 => Just(tau_m),
        1 => (-14.0..-2.0f64, any::<bool>())
            .prop_map(move |(e, up)| tau_m * (1.0 + f64::powf(10.0, e) * if up { 1.0 } else { -1.0 })),
    ]
}

/// A current of the size that moves V by so many mV, and its feed likewise.
fn numbers((tau_m, tau): (f64, f64), [y, z]: [f64; 2]) -> [f64; 2] {
    let shortest = tau_m.min(tau);
    [y / shortest, z / (shortest * tau)]
}

#[derive(Clone, Debug)]
struct Case {
    taus: Taus,
    y: State,
    theta: f64,
}

fn part() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), 0.0..80.0f64]
}

prop_compose! {
    fn case()(tau_m in 0.5..200.0f64)(
        tau_m in Just(tau_m), tau_ex in tau_like(tau_m), tau_in in tau_like(tau_m), equal in 0..4u8,
        x in -30.0..25.0f64, theta in prop_oneof![5.0..20.0f64, -5.0..0.0f64, Just(1e-12)],
        ex in [part(), part()], inh in [part(), part()],
        // a state of an earlier time than its arrivals: negative current, as it would have been
        early in prop_oneof![3 => Just(0.0), 1 => 0.0..1.0f64],
    ) -> Case {
        let tau_in = if equal == 0 { tau_ex } else { tau_in };
        let (mut ex, inh) = (numbers((tau_m, tau_ex), ex), numbers((tau_m, tau_in), inh.map(|y| -y)));
        ex[0] -= early * ex[1] * tau_m.min(tau_ex).min(tau_in);
        Case { taus: (tau_m, tau_ex, tau_in), y: State { x, ex, inh }, theta }
    }
}

fn dynamics((tau_m, tau_ex, tau_in): Taus) -> Dynamics<ALPHA> {
    Dynamics::new(tau_m, tau_ex, tau_in)
}

fn to_f64(x: Big) -> f64 {
    x.to_f64().value()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn potentials_are_right_to_rounding(c in case(), decades in -6.0..1.5f64) {
        let s = c.taus.0 * f64::powf(10.0, decades);
        let dynamics = dynamics(c.taus);
        let found = dynamics.after(c.y, s);
        let error = (found.x - to_f64(exact(c.y, c.taus, s))).abs();
        prop_assert!(error <= 4e-15 * dynamics.magnitude(c.y, 0.0), "{error} at {s}");
    }

    #[test]
    fn the_bounds_hold(c in case(), part in 0.0..1.0f64, decades in -3.0..2.0f64) {
        let dynamics = dynamics(c.taus);
        let y = State { ex: c.y.ex.map(|y| y.max(0.0)), ..c.y };
        let span = c.taus.0 * f64::powf(10.0, decades);
        let (bound, slope) = (dynamics.highest(y, (span, (-span / c.taus.0).exp())), dynamics.steepest(y));
        let s = part * span;
        let slack = 1e-12 * dynamics.magnitude(y, 0.0);
        let then = dynamics.after(y, s);
        prop_assert!(then.x <= bound + slack, "{} above {bound} at {s}", then.x);
        prop_assert!(then.x <= y.x.max(then.x.min(y.x + slope * s)) + slack, "steeper than {slope}: {} at {s}", then.x);
        prop_assert!(then.x <= dynamics.highest(y, (f64::INFINITY, 0.0)) + slack);
    }

    #[test]
    fn the_crossing_found_is_the_first(c in case()) {
        let dynamics = dynamics(c.taus);
        let s = first_crossing(&dynamics, c.y, c.theta, |_| false);
        let slack = 1e-13 * dynamics.magnitude(c.y, c.theta);
        let above = |s: f64| to_f64(exact(c.y, c.taus, s) - big(c.theta));
        if s.is_finite() {
            let v = above(s);
            let slope = dynamics.slope(dynamics.after(c.y, s)).abs();
            prop_assert!(v.abs() <= slack + 4.0 * slope * s * f64::EPSILON, "V - V_th = {v} at the crossing {s}");
        }
        let end = if s.is_finite() { s } else { 40.0 * c.taus.0.max(c.taus.1).max(c.taus.2) };
        // denser at the start: the fast time constant may be 1e-6 of the end
        let mut times: Vec<f64> = (1..60)
            .flat_map(|k| [end * f64::from(k) / 60.0, end * f64::powf(10.0, -7.0 * f64::from(k) / 60.0)])
            .filter(|t| *t < end)
            .collect();
        times.sort_by(f64::total_cmp);
        let mut below = c.y.x < c.theta;
        for t in times {
            let v = above(t);
            prop_assert!(!(below && v > slack), "rises above threshold before {t}, but the crossing found is {s}");
            below |= v < -slack;
        }
    }

    #[test]
    fn crossings_come_in_order_and_none_is_skipped(c in case()) {
        let dynamics = dynamics(c.taus);
        let mut from = 0.0;
        let mut crossings = Vec::new();
        loop {
            let s = first_crossing(&dynamics, c.y, c.theta, |s| s <= from);
            if s.is_infinite() {
                break;
            }
            prop_assert!(s > from && crossings.len() < 4);
            crossings.push(s);
            from = s;
        }
        // asked from anywhere, it is the next of them
        for ask in crossings.iter().flat_map(|s| [0.5 * s, 0.999 * s, 1.5 * s]) {
            let next = crossings.iter().copied().find(|s| *s >= ask).unwrap_or(f64::INFINITY);
            prop_assert_eq!(first_crossing(&dynamics, c.y, c.theta, |s| s < ask), next);
        }
    }
}

/// V is that of the alpha function, whose peak is the weight: integers, an arrival in the middle of a pass, over many passes.
#[test]
fn an_arrival_gives_a_current_of_its_weight_at_tau_syn() {
    for (tau_m, tau_syn) in [(20.0, 2.0), (20.0, 20.0), (20.0, 20.0 * (1.0 + 1e-9)), (1.0, 1000.0), (20.0, 0.02)] {
        let lattice = Lattice::of(&Extent { scales: (1.0, 1.0), drive: f64::INFINITY, bits: BITS });
        let kinetics = Kinetics::<ALPHA>::new(tau_m, (tau_syn, 2.0 * tau_syn), 250.0, lattice);
        let rules = Rules { kinetics: &kinetics, theta: 1e9, reset: 0.0 };
        for (excites, weight, tau) in [(true, 7.0, tau_syn), (false, -7.0, 2.0 * tau_syn)] {
            let arrival = kinetics.passes.start(3.0 * tau) + 0.7 * kinetics.passes.length;
            let part = kinetics.factor(excites, arrival);
            let round = |factor: f64| (weight * factor).round() as i128;
            let mut neuron = Synaptic::<i128, ALPHA>::default();
            neuron.move_to(&rules, kinetics.passes.start(arrival));
            let mut y = [[0; 2]; 2];
            y[usize::from(!excites)] = part.y.map(round);
            assert!(!neuron.arrive(&rules, arrival, (round(part.x), y)));
            let z = weight / 250.0 * std::f64::consts::E / tau;
            let alone = State { x: 0.0, ex: [0.0, z], inh: [0.0; 2] };
            for after in [0.0, 0.1, 1.0, 3.3, 20.0].map(|part: f64| part * tau) {
                let seen = neuron.seen(&rules, arrival + after);
                let exact = to_f64(exact(alone, (tau_m, tau, tau), (arrival + after) - arrival));
                assert!((seen.x - exact).abs() < 1e-12, "{tau_m}, {tau}: {} instead of {exact}", seen.x);
                let current = if excites { seen.ex[0] } else { seen.inh[0] } * 250.0;
                let expected = weight * std::f64::consts::E * after / tau * (-after / tau).exp();
                assert!((current - expected).abs() < 1e-9, "{tau_m}, {tau}: {current} instead of {expected}");
            }
        }
    }
}

/// What an arrival may add is within what the engine keeps room for, and it never changes X without changing what it adds to first.
#[test]
fn arrivals_are_within_their_room() {
    let lattice = Lattice::of(&Extent { scales: (20.0, 20.0), drive: f64::INFINITY, bits: BITS });
    for decade in -30..=30 {
        let tau_syn = 10.0 * f64::powf(10.0, 0.1 * f64::from(decade));
        let kinetics = Kinetics::<ALPHA>::new(10.0, (tau_syn, tau_syn), 1.0, lattice);
        let most = tauspike_neuron::kinetics::most(ALPHA) * kinetics.lift() * lattice.unit;
        for k in 0..100 {
            let part = kinetics.factor(true, kinetics.passes.length * f64::from(k) / 100.0);
            assert!(part.x >= 0.0 && part.y[0] <= 0.0 && part.y[1] > 0.0);
            assert!(part.x + part.y[0].abs() + part.y[1] <= most, "{tau_syn}: {part:?}, {most}");
            assert!(part.x <= part.y[1], "{tau_syn}: {part:?}");
        }
    }
}

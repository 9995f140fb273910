//! Deciding *whether* before *when* must not show: the spikes are those of a neuron that asks for the crossing time after every
//! arrival, bit by bit; a neuron left alone for as long as it says stays silent.
#![allow(clippy::disallowed_methods, reason = "tests compare and time")]

use proptest::prelude::*;
use tauspike_neuron::crossing::first_crossing;
use tauspike_neuron::dynamics::{Dynamics, State};
use tauspike_neuron::{Arrival, Cell, Exponential, Factors, Parameters, SynapticTimes, Work};

#[derive(Clone, Debug)]
struct Case {
    neuron: Parameters,
    tau_syn: (f64, f64),
    arrivals: Vec<Arrival>,
    end: f64,
}

prop_compose! {
    /// From far below threshold to driven far above it, time constants equal, near and apart, few strong or many weak arrivals.
    fn case()(
        tau_m in prop_oneof![Just(0.5), 0.5..5.0f64, 5.0..60.0f64], ex in 0.3..20.0f64, inh in 0.3..20.0f64, alike in any::<bool>(),
        v_inf in -60.0..40.0f64, t_ref in prop_oneof![Just(0.0), 0.5..3.0f64], size in prop_oneof![0.3..3.0f64, 3.0..30.0f64],
        steps in prop::collection::vec((prop_oneof![1 => Just(0.0), 8 => 0.0..1.5f64, 1 => 5.0..40.0f64], -1.0..1.0f64), 1..80),
    ) -> Case {
        let neuron = Parameters {
            tau_m, c_m: 250.0, e_l: -70.0, v_th: -50.0, v_reset: -60.0, t_ref, i_e: (v_inf + 70.0) * 250.0 / tau_m, v_init: -70.0,
        };
        let mut time = 0.0;
        let arrivals: Vec<_> = steps.into_iter().map(|(gap, weight)| {
            time += gap;
            Arrival { time, weight: weight * size * 250.0 / ex.min(tau_m) }
        }).collect();
        Case { neuron, tau_syn: (ex, if alike { ex } else { inh }), arrivals, end: time + 25.0 }
    }
}

impl Case {
    fn cell(&self) -> Exponential {
        Exponential::new(&self.neuron, SynapticTimes { ex: self.tau_syn.0, inh: self.tau_syn.1 })
    }

    /// The neuron without any shortcut.
    fn plain(&self) -> Vec<f64> {
        let p = &self.neuron;
        let dynamics = Dynamics::new(p.tau_m, self.tau_syn.0, self.tau_syn.1);
        let v_inf = p.e_l + p.tau_m / p.c_m * p.i_e;
        let (theta, reset) = (p.v_th - v_inf, p.v_reset - v_inf);
        let (mut y, mut t, mut release, mut spikes) =
            (State { x: p.v_init - v_inf, ex: 0.0, inh: 0.0 }, 0.0, 0.0, Vec::new());
        let none = Arrival { time: self.end, weight: 0.0 };
        for arrival in self.arrivals.iter().chain([&none]) {
            loop {
                let free_from = f64::max(t, release);
                let clamped = |y: State, s: f64| State { x: y.x, ..dynamics.after(y, s) };
                let free = if t < release { clamped(y, release - t) } else { y };
                let crossing = free_from + first_crossing(&dynamics, free, theta);
                if crossing > arrival.time || spikes.len() > 1000 {
                    y = match () {
                        () if arrival.time < release => clamped(y, arrival.time - t),
                        () => dynamics.after(free, arrival.time - free_from),
                    };
                    t = arrival.time;
                    break;
                }
                y = State { x: reset, ..dynamics.after(free, crossing - free_from) };
                (t, release) = (crossing, crossing + p.t_ref);
                spikes.push(crossing);
            }
            let weight = arrival.weight * (1.0 / p.c_m);
            if weight > 0.0 {
                y.ex += weight;
            } else {
                y.inh += weight;
            }
        }
        spikes
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn spikes_are_those_of_a_neuron_that_always_asks_when(case in case()) {
        let (mut cell, mut spikes) = (case.cell(), Vec::new());
        // a crossing at the very end comes first, as it does at an arrival
        let until = case.end.next_up();
        cell.advance_alone(&case.arrivals, &mut Factors::default(), until, &mut Work::default(), &mut |t| spikes.push(t));
        let plain = case.plain();
        prop_assume!(plain.len() < 1000);
        prop_assert_eq!(spikes, plain);
    }

    #[test]
    fn a_neuron_is_silent_for_as_long_as_it_says_also_if_its_headroom_arrives(
        case in case(), later in prop_oneof![Just(0.0), 0.0..3.0f64], parts in prop::collection::vec((0.0..1.0f64, 0.0..1.0f64), 1..8)
    ) {
        let (mut cell, mut spikes) = (case.cell(), 0);
        let from = case.arrivals[case.arrivals.len() - 1].time.next_up() + later;
        let (work, factors) = (&mut Work::default(), &mut Factors::default());
        cell.advance_alone(&case.arrivals, factors, from, work, &mut |_| spikes += 1);
        prop_assume!(spikes < 1000);
        let quiet = cell.quiet_until(from, work);
        prop_assert!(quiet > from);
        for before in [quiet, from + 0.5 * (quiet.min(from + 50.0) - from)] {
            let (room, end) = (cell.headroom(before).min(1e6), before.min(from + 200.0));
            let all: f64 = parts.iter().map(|part| part.1).sum();
            let mut arrivals: Vec<_> = parts.iter().map(|(when, share)| Arrival {
                time: from + when * (end - from), weight: room * (1.0 - 1e-12) * share / all.max(1e-9),
            }).filter(|arrival| arrival.time < end).collect();
            arrivals.sort_by(|a, b| a.time.total_cmp(&b.time));
            let mut early = 0;
            cell.clone().advance_alone(&arrivals, factors, end, work, &mut |_| early += 1);
            prop_assert_eq!(early, 0, "before {}, headroom {}", before, room);
        }
    }
}

/// Both currents are gone at the end of the gap, below the smallest f64. The turn computed there is 0, and the inhibition that is stronger
/// at first said nothing about the excitation that lasts longer.
#[test]
fn a_crossing_before_currents_underflow_is_not_missed() {
    let p = Parameters {
        tau_m: 0.19162056975129232,
        c_m: 50.0,
        e_l: -60.0,
        v_th: -52.0,
        v_reset: -60.0,
        t_ref: 0.0,
        i_e: 260.93232091364655,
        v_init: -60.0,
    };
    let mut neuron = Exponential::new(&p, SynapticTimes { ex: 0.007279442458022498, inh: 0.004064316733841883 });
    let weights = [35023.93525223842, 59854.262743632935, -120724.99167941508, 21250.750932339968, 6868.657907295662];
    let arrivals = weights.map(|weight| Arrival { time: 2.5, weight });
    let mut spikes = Vec::new();
    neuron.advance_alone(&arrivals, &mut Factors::default(), 60.0, &mut Work::default(), &mut |time| spikes.push(time));
    assert_eq!(spikes.len(), 1, "{spikes:?}");
    assert!((spikes[0] - 2.5262896314).abs() < 1e-9, "{}", spikes[0]);
}

/// An inhibition of long ago, 1e-121 pA by now, lasts longer than the excitation: where the two balance, 74 ms on, the excitation has
/// underflowed and V' has a sign of no meaning. That V had risen and fallen before was overlooked.
#[test]
fn a_crossing_long_before_a_forgotten_current_shows_is_not_missed() {
    let p = Parameters {
        tau_m: 0.10336651812372229,
        c_m: 50.0,
        e_l: -60.0,
        v_th: -52.0,
        v_reset: -60.0,
        t_ref: 0.0,
        i_e: 2418.578128952433,
        v_init: -60.0,
    };
    let mut neuron = Exponential::new(&p, SynapticTimes { ex: 0.10336651812372229, inh: 0.17310000529393452 });
    let arrivals = [(0.5, -483.71562579048657), (49.92644553968084, 4896.716919685665)];
    let arrivals = arrivals.map(|(time, weight)| Arrival { time, weight });
    let mut spikes = Vec::new();
    neuron.advance_alone(&arrivals, &mut Factors::default(), 60.0, &mut Work::default(), &mut |time| spikes.push(time));
    assert_eq!(spikes.len(), 1, "{spikes:?}");
    assert!((spikes[0] - 49.9758484672).abs() < 1e-9, "{}", spikes[0]);
}

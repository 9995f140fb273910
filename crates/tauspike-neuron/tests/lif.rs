//! Rules of both neurons that a closed form, or no more than a pencil, can check.
#![allow(clippy::disallowed_methods, reason = "tests compare and time")]

use tauspike_neuron::{Arrival, Cell, Delta, Drive, Exponential, Factors, Parameters, SynapticTimes, Work};

const STANDARD: Parameters =
    Parameters { tau_m: 20.0, c_m: 250.0, e_l: 0.0, v_th: 20.0, v_reset: 10.0, t_ref: 2.0, i_e: 0.0, v_init: 0.0 };

fn delta(p: Parameters) -> Delta {
    Delta::new(&p)
}

fn exponential(p: Parameters) -> Exponential {
    Exponential::new(&p, SynapticTimes { ex: 2.0, inh: 5.0 })
}

fn spikes(mut cell: impl Cell, arrivals: &[(f64, f64)], until: f64) -> Vec<f64> {
    let arrivals: Vec<_> = arrivals.iter().map(|&(time, weight)| Arrival { time, weight }).collect();
    let mut out = Vec::new();
    cell.advance_alone(&arrivals, &mut Factors::default(), until, &mut Work::default(), &mut |t| out.push(t));
    out
}

/// 25 mV above rest through 20 mV threshold.
fn driven() -> Parameters {
    Parameters { i_e: 25.0 * 250.0 / 20.0, ..STANDARD }
}

#[test]
fn constant_drive_fires_with_the_closed_form_interval() {
    let interval = 2.0 + 20.0 * f64::ln((25.0 - 10.0) / (25.0 - 20.0));
    let first = 20.0 * f64::ln(25.0 / 5.0);
    for found in [spikes(delta(driven()), &[], 500.0), spikes(exponential(driven()), &[], 500.0)] {
        assert_eq!(found.len(), 1 + ((500.0 - first) / interval) as usize);
        for (k, t) in found.iter().enumerate() {
            assert!((t - (first + k as f64 * interval)).abs() < 1e-11, "spike {k} at {t}");
        }
    }
}

#[test]
fn an_arrival_at_the_end_of_refractoriness_counts_and_one_before_is_dropped() {
    let end = 5.0 + STANDARD.t_ref;
    assert_eq!(spikes(delta(STANDARD), &[(5.0, 20.0), (end, 10.0)], 50.0), [5.0, end]);
    assert_eq!(spikes(delta(STANDARD), &[(5.0, 20.0), (end.next_down(), 10.0)], 50.0), [5.0]);
}

#[test]
fn arrivals_of_one_instant_are_summed_before_the_threshold_is_tested() {
    assert!(spikes(delta(STANDARD), &[(5.0, 25.0), (5.0, -10.0)], 50.0).is_empty());
    assert_eq!(spikes(delta(STANDARD), &[(5.0, 12.0), (5.0, 8.0)], 50.0), [5.0]);
    // also in a neuron that fires by itself, where a gap is looked at before each arrival
    assert!(spikes(delta(driven()), &[(5.0, 25.0), (5.0, -15.0)], 6.0).is_empty());
    // one spike, although what is left of the instant would reach threshold again
    let no_refractoriness = Parameters { t_ref: 0.0, ..STANDARD };
    assert_eq!(spikes(delta(no_refractoriness), &[(5.0, 30.0), (5.0, 30.0)], 50.0), [5.0]);
}

#[test]
fn a_crossing_at_the_time_of_an_arrival_comes_first() {
    let crossing = spikes(delta(driven()), &[], 100.0)[0];
    assert_eq!(spikes(delta(driven()), &[(crossing, -15.0)], crossing + 1.0), [crossing]);
    assert!(spikes(delta(driven()), &[(crossing - 1e-9, -15.0)], crossing + 1.0).is_empty());
}

#[test]
fn a_jump_that_touches_threshold_fires() {
    assert_eq!(spikes(delta(STANDARD), &[(0.0, 20.0)], 1.0), [0.0]);
    assert!(spikes(delta(STANDARD), &[(0.0, 20.0f64.next_down())], 1.0).is_empty());
}

#[test]
fn a_neuron_that_starts_at_threshold_fires_at_once() {
    let p = Parameters { v_init: 20.0, ..STANDARD };
    assert_eq!(spikes(delta(p), &[], 1.0), [0.0]);
    assert_eq!(spikes(exponential(p), &[], 1.0), [0.0]);
    assert_eq!(spikes(delta(p), &[(0.0, 15.0), (3.0, 12.0)], 9.0), [0.0, 3.0]);
}

#[test]
fn threshold_at_the_asymptote_is_never_reached() {
    let p = Parameters { i_e: 20.0 * 250.0 / 20.0, ..STANDARD };
    // long enough for V - V_inf to underflow; arrivals of weight 0 make the neuron look at itself
    let looks = [(1e3, 0.0), (2e4, 0.0), (1e5, 0.0)];
    assert!(spikes(delta(p), &looks, 1e6).is_empty());
    assert!(spikes(exponential(p), &looks, 1e6).is_empty());
    // at rest a jump up to exactly V_th from below is a touch
    assert_eq!(spikes(delta(Parameters { t_ref: 0.0, v_init: 10.0, ..p }), &[(0.0, 10.0)], 1.0), [0.0]);
}

#[test]
fn denormal_and_zero_weights_are_harmless() {
    let tiny = f64::from_bits(1);
    assert!(spikes(delta(STANDARD), &[(1.0, tiny), (2.0, -tiny), (3.0, 0.0)], 100.0).is_empty());
    assert!(spikes(exponential(STANDARD), &[(1.0, tiny), (2.0, -tiny), (3.0, -0.0)], 100.0).is_empty());
}

#[test]
fn a_huge_gap_brings_the_neuron_to_rest() {
    let found = spikes(delta(STANDARD), &[(1.0, 19.0), (1e9, 19.5), (1e9 + 0.001, 1.0)], 2e9);
    assert_eq!(found, [1e9 + 0.001]);
    // and its currents: the same pulse gives the same spike before and after, and so does one an age after a spike
    let alone = spikes(exponential(STANDARD), &[(0.0, 20000.0)], 3.0)[0];
    let found = spikes(exponential(STANDARD), &[(0.0, 20000.0), (1e9, 20000.0)], 1e9 + 3.0);
    assert_eq!(found[0], alone);
    let again = found.iter().find(|time| **time >= 1e9).unwrap();
    assert!((again - 1e9 - alone).abs() < 1e-6, "1e-7 is an ulp of the time: {again}");
}

#[test]
fn currents_go_on_while_the_potential_is_clamped() {
    // a strong pulse: after refractoriness the rest of the current still drives the neuron to threshold again
    let found = spikes(exponential(STANDARD), &[(1.0, 20000.0)], 50.0);
    assert!(found.len() >= 2 && found[1] > found[0] + STANDARD.t_ref, "{found:?}");
}

#[test]
fn no_cut_of_a_run_changes_a_bit() {
    let arrivals: Vec<_> =
        (0..400).map(|k| Arrival { time: 0.37 * f64::from(k), weight: 1000.0 - f64::from(k % 7) * 250.0 }).collect();
    let jumps: Vec<_> = arrivals.iter().map(|a| Arrival { weight: a.weight / 300.0, ..*a }).collect();
    same_for_every_cut(Exponential::new(&driven(), SynapticTimes { ex: 2.0, inh: 1.0 }), &arrivals);
    same_for_every_cut(delta(driven()), &jumps);
    same_for_every_cut(delta(STANDARD), &jumps);
}

fn same_for_every_cut(cell: impl Cell, arrivals: &[Arrival]) {
    let mut whole = Vec::new();
    cell.clone().advance_alone(arrivals, &mut Factors::default(), 200.0, &mut Work::default(), &mut |t| whole.push(t));
    assert!(whole.len() > 3);
    for width in [0.1, 1.0, 3.3, 50.0] {
        let (mut cell, mut rest, mut found) = (cell.clone(), arrivals, Vec::new());
        for k in 1.. {
            let until = (width * f64::from(k)).min(200.0);
            let due = rest.partition_point(|a| a.time < until);
            cell.advance_alone(&rest[..due], &mut Factors::default(), until, &mut Work::default(), &mut |t| {
                found.push(t)
            });
            rest = &rest[due..];
            if until == 200.0 {
                break;
            }
        }
        assert_eq!(found, whole, "cut every {width} ms");
    }
}

#[test]
fn a_step_of_the_drive_leaves_the_potential_and_moves_its_goal() {
    let mut cell = delta(STANDARD);
    let drive = Drive { v_inf: 25.0, v_th: 20.0, v_reset: 10.0 };
    cell.set_drive(10.0, drive);
    assert_eq!(cell.membrane(10.0).v, 0.0);
    let mut found = Vec::new();
    cell.advance_alone(&[], &mut Factors::default(), 100.0, &mut Work::default(), &mut |t| found.push(t));
    assert!((found[0] - (10.0 + 20.0 * f64::ln(5.0))).abs() < 1e-12);
}

#[test]
fn nearly_equal_time_constants_agree_with_equal_ones() {
    let at = |ex: f64| {
        let p = Parameters { tau_m: 20.0, ..STANDARD };
        spikes(Exponential::new(&p, SynapticTimes { ex, inh: ex }), &[(1.0, 1000.0)], 9.0)
    };
    let equal = at(20.0);
    assert_eq!(equal.len(), 1);
    for off in [1e-15, 1e-12, 1e-9] {
        let near = at(20.0 * (1.0 + off));
        assert!((near[0] - equal[0]).abs() < 30.0 * off + 1e-12, "{off}: {near:?} {equal:?}");
    }
}

//! Rules of both neurons that a closed form, or no more than a pencil, can check: one neuron, and what arrives at it.

use std::sync::Arc;
use tauspike_engine::{Options, Simulation};
use tauspike_network::builder::{BuildOptions, NetworkBuilder};
use tauspike_network::population::Signal;
use tauspike_network::rule::{Rule, SynapseList};
use tauspike_network::spec::{DriveSpec, InputSpec, LifSpec, ProjectionSpec, SynapseSpec};

/// A delay that moves most times by nothing.
const DELAY: f64 = 0.125;

fn standard() -> LifSpec {
    LifSpec {
        tau_m: 20.0.into(),
        c_m: 250.0.into(),
        e_l: 0.0.into(),
        fires: true,
        v_th: 20.0.into(),
        v_reset: Some(10.0.into()),
        t_ref: 2.0.into(),
        i_e: 0.0.into(),
        v_init: Some(0.0.into()),
        synapse: SynapseSpec::Delta,
    }
}

pub fn with_currents(lif: LifSpec, ex: f64, inh: f64) -> LifSpec {
    LifSpec { synapse: SynapseSpec::Exponential { tau_syn_ex: ex.into(), tau_syn_in: inh.into() }, ..lif }
}

fn exponential(lif: LifSpec) -> LifSpec {
    with_currents(lif, 2.0, 5.0)
}

fn alpha(lif: LifSpec) -> LifSpec {
    LifSpec { synapse: SynapseSpec::Alpha { tau_syn_ex: 2.0.into(), tau_syn_in: 5.0.into() }, ..lif }
}

/// 25 mV above rest through 20 mV threshold.
fn driven() -> LifSpec {
    LifSpec { i_e: (25.0 * 250.0 / 20.0).into(), ..standard() }
}

pub struct One {
    pub lif: LifSpec,
    pub arrivals: Vec<(f64, f64)>,
    pub steps: Vec<(f64, f64)>,
}

impl One {
    fn simulation(&self, delay: f64) -> Simulation {
        let mut builder = NetworkBuilder::new(1);
        let n = self.arrivals.len() as u32;
        let trains: Vec<_> = self.arrivals.iter().map(|(time, _)| vec![time - delay]).collect();
        let input = builder.population("input", n.max(1), if n == 0 { vec![vec![]] } else { trains });
        let neuron = builder.population("neuron", 1, self.lif.clone());
        let synapses = SynapseList {
            pre: (0..n).collect(),
            post: vec![0; n as usize],
            weight: Some(self.arrivals.iter().map(|(_, weight)| *weight).collect()),
            delay: Some(vec![delay; n as usize]),
        };
        builder.project(ProjectionSpec::new("in", (input, neuron), Rule::Explicit(synapses)));
        if !self.steps.is_empty() {
            let (times, values) = self.steps.iter().copied().unzip();
            let drive = DriveSpec::Current { signal: Arc::new(Signal { times, values }), scale: 1.0.into() };
            builder.input(InputSpec { name: "steps".into(), population: neuron, members: None, drive });
        }
        Simulation::new(Arc::new(builder.build(&BuildOptions::default()).unwrap()), Options::default()).unwrap()
    }

    fn run(&self, delay: f64, cuts: &[f64], until: f64) -> Vec<f64> {
        let (mut spikes, mut sim) = (Vec::new(), self.simulation(delay));
        for cut in cuts.iter().chain([&until]) {
            sim.run(*cut, &mut spikes).unwrap();
        }
        let neuron = self.arrivals.len().max(1) as u32;
        spikes.iter().filter(|spike| spike.source == neuron).map(|spike| spike.time).collect()
    }

    /// Over zero delays, instant by instant, and over others, window by window, where these change no time.
    pub fn spikes(&self, until: f64) -> Vec<f64> {
        let found = self.run(0.0, &[], until);
        if self.arrivals.iter().all(|(time, _)| *time >= DELAY && (time - DELAY) + DELAY == *time) {
            assert_eq!(self.run(DELAY, &[], until), found, "window by window");
        }
        found
    }
}

#[track_caller]
pub fn spikes(lif: LifSpec, arrivals: &[(f64, f64)], until: f64) -> Vec<f64> {
    One { lif, arrivals: arrivals.to_vec(), steps: Vec::new() }.spikes(until)
}

#[test]
fn constant_drive_fires_with_the_closed_form_interval() {
    let interval = 2.0 + 20.0 * f64::ln((25.0 - 10.0) / (25.0 - 20.0));
    let first = 20.0 * f64::ln(25.0 / 5.0);
    for lif in [driven(), exponential(driven()), alpha(driven())] {
        let found = spikes(lif, &[], 500.0);
        assert_eq!(found.len(), 1 + ((500.0 - first) / interval) as usize);
        for (k, t) in found.iter().enumerate() {
            assert!((t - (first + k as f64 * interval)).abs() < 1e-11, "spike {k} at {t}");
        }
    }
}

#[test]
fn an_arrival_at_the_end_of_refractoriness_counts_and_one_before_is_dropped() {
    assert_eq!(spikes(standard(), &[(5.0, 20.0), (7.0, 10.0)], 50.0), [5.0, 7.0]);
    assert_eq!(spikes(standard(), &[(5.0, 20.0), (7.0f64.next_down(), 10.0)], 50.0), [5.0]);
}

#[test]
fn arrivals_of_one_instant_are_summed_before_the_threshold_is_tested() {
    assert!(spikes(standard(), &[(5.0, 25.0), (5.0, -10.0)], 50.0).is_empty());
    assert_eq!(spikes(standard(), &[(5.0, 12.0), (5.0, 8.0)], 50.0), [5.0]);
    // also in a neuron that fires by itself, where a gap is looked at before each arrival
    assert!(spikes(driven(), &[(5.0, 25.0), (5.0, -15.0)], 6.0).is_empty());
    // one spike, although what is left of the instant would reach threshold again
    let no_refractoriness = LifSpec { t_ref: 0.0.into(), ..standard() };
    assert_eq!(spikes(no_refractoriness, &[(5.0, 30.0), (5.0, 30.0)], 50.0), [5.0]);
}

#[test]
fn a_crossing_at_the_time_of_an_arrival_comes_first() {
    let crossing = spikes(driven(), &[], 100.0)[0];
    assert_eq!(spikes(driven(), &[(crossing, -15.0)], crossing + 1.0), [crossing]);
    assert!(spikes(driven(), &[(crossing - 1e-9, -15.0)], crossing + 1.0).is_empty());
}

#[test]
fn a_jump_that_touches_threshold_fires() {
    assert_eq!(spikes(standard(), &[(0.0, 20.0)], 1.0), [0.0]);
    // what rounding cannot tell from a touch is one
    assert!(spikes(standard(), &[(0.0, 20.0 * (1.0 - 1e-14))], 1.0).is_empty());
}

#[test]
fn a_neuron_that_starts_at_threshold_fires_at_once() {
    let above = LifSpec { v_init: Some(20.0.into()), ..standard() };
    assert_eq!(spikes(above.clone(), &[], 1.0), [0.0]);
    assert_eq!(spikes(exponential(above.clone()), &[], 1.0), [0.0]);
    assert_eq!(spikes(alpha(above.clone()), &[], 1.0), [0.0]);
    assert_eq!(spikes(above, &[(0.0, 15.0), (3.0, 12.0)], 9.0), [0.0, 3.0]);
}

#[test]
fn threshold_at_the_asymptote_is_never_reached() {
    let at = LifSpec { i_e: (20.0 * 250.0 / 20.0).into(), ..standard() };
    // long enough for V - V_inf to vanish; arrivals of weight 0 make the neuron look at itself
    let looks = [(1e3, 0.0), (2e4, 0.0), (1e5, 0.0)];
    assert!(spikes(at.clone(), &looks, 1e6).is_empty());
    assert!(spikes(exponential(at.clone()), &looks, 1e6).is_empty());
    assert!(spikes(alpha(at.clone()), &looks, 1e6).is_empty());
    // at rest a jump up to exactly V_th from below is a touch
    let near = LifSpec { t_ref: 0.0.into(), v_init: Some(10.0.into()), ..at };
    assert_eq!(spikes(near, &[(0.0, 10.0)], 1.0), [0.0]);
}

#[test]
fn denormal_and_zero_weights_are_harmless() {
    let tiny = f64::from_bits(1);
    assert!(spikes(standard(), &[(1.0, tiny), (2.0, -tiny), (3.0, 0.0)], 100.0).is_empty());
    for lif in [exponential(standard()), alpha(standard())] {
        assert!(spikes(lif, &[(1.0, tiny), (2.0, -tiny), (3.0, -0.0)], 100.0).is_empty());
    }
}

#[test]
fn a_huge_gap_brings_the_neuron_to_rest() {
    let late = 1e9 + 0.125;
    assert_eq!(spikes(standard(), &[(1.0, 19.0), (1e9, 19.5), (late, 1.0)], 1e9 + 10.0), [late]);
    // and its currents: the same pulse gives the same spike before and after, and so does one an age after a spike
    for lif in [exponential(standard()), alpha(standard())] {
        let alone = spikes(lif.clone(), &[(0.0, 20000.0)], 3.0)[0];
        let found = spikes(lif, &[(0.0, 20000.0), (1e9, 20000.0)], 1e9 + 3.0);
        assert_eq!(found[0], alone);
        let again = found.iter().find(|time| **time >= 1e9).unwrap();
        assert!((again - 1e9 - alone).abs() < 1e-6, "1e-7 is an ulp of the time: {again}");
    }
}

#[test]
fn currents_go_on_while_the_potential_is_clamped() {
    // a strong pulse: after refractoriness the rest of the current still drives the neuron to threshold again
    let found = spikes(exponential(standard()), &[(1.0, 20000.0)], 50.0);
    assert!(found.len() >= 2 && found[1] > found[0] + 2.0, "{found:?}");
}

#[test]
fn no_cut_of_a_run_changes_a_bit() {
    let arrivals: Vec<_> = (1..400).map(|k| (0.375 * f64::from(k), 1000.0 - f64::from(k % 7) * 250.0)).collect();
    let jumps: Vec<_> = arrivals.iter().map(|(time, weight)| (*time, weight / 300.0)).collect();
    let neurons = [
        (with_currents(driven(), 2.0, 1.0), &arrivals),
        (with_currents(LifSpec { t_ref: 0.0.into(), ..driven() }, 20.0, 20.0), &arrivals),
        (alpha(driven()), &arrivals),
        (alpha(LifSpec { t_ref: 0.0.into(), ..standard() }), &arrivals),
        (driven(), &jumps),
        (standard(), &jumps),
    ];
    for (lif, arrivals) in neurons {
        let one = One { lif, arrivals: arrivals.clone(), steps: vec![(31.0, 50.0), (77.77, -20.0)] };
        let whole = one.spikes(200.0);
        assert!(whole.len() > 3);
        for width in [0.1, 1.0, 3.3, 50.0] {
            let cuts: Vec<_> = (1..).map(|k| width * f64::from(k)).take_while(|cut| *cut < 200.0).collect();
            for delay in [0.0, DELAY] {
                assert_eq!(one.run(delay, &cuts, 200.0), whole, "cut every {width} ms, delay {delay}");
            }
        }
    }
}

#[test]
fn a_step_of_the_current_leaves_the_potential_and_moves_its_goal() {
    for lif in [standard(), exponential(standard()), alpha(standard())] {
        let one = One { lif, arrivals: Vec::new(), steps: vec![(10.0, 25.0 * 250.0 / 20.0)] };
        let expected = 10.0 + 20.0 * f64::ln(5.0);
        assert!((one.spikes(100.0)[0] - expected).abs() < 1e-11);
    }
}

#[test]
fn nearly_equal_time_constants_agree_with_equal_ones() {
    let at = |ex: f64| spikes(with_currents(standard(), ex, ex), &[(1.0, 1000.0)], 9.0);
    let equal = at(20.0);
    assert_eq!(equal.len(), 1);
    for off in [1e-15, 1e-12, 1e-9] {
        let near = at(20.0 * (1.0 + off));
        assert!((near[0] - equal[0]).abs() < 30.0 * off + 1e-12, "{off}: {near:?} {equal:?}");
    }
}

#[test]
fn nearly_equal_time_constants_of_alpha_functions_agree_with_equal_ones() {
    let at = |tau: f64| {
        let synapse = SynapseSpec::Alpha { tau_syn_ex: tau.into(), tau_syn_in: 20.0.into() };
        spikes(LifSpec { synapse, ..standard() }, &[(1.0, 900.0), (2.0, -50.0)], 30.0)
    };
    let equal = at(20.0);
    for off in [1e-15, 1e-12, 1e-9, -1e-9] {
        let near = at(20.0 * (1.0 + off));
        assert_eq!(near.len(), equal.len());
        assert!((near[0] - equal[0]).abs() < 30.0 * off.abs() + 1e-12, "{off}: {near:?} {equal:?}");
    }
}

fn resting(tau_m: f64, e_l: f64, i_e: f64, synaptic: (f64, f64)) -> LifSpec {
    let lif = LifSpec {
        tau_m: tau_m.into(),
        c_m: 50.0.into(),
        e_l: e_l.into(),
        fires: true,
        v_th: (-52.0).into(),
        v_reset: Some((-60.0).into()),
        t_ref: 0.0.into(),
        i_e: i_e.into(),
        v_init: Some((-60.0).into()),
        synapse: SynapseSpec::Delta,
    };
    with_currents(lif, synaptic.0, synaptic.1)
}

/// Both currents are gone at the end of the gap, below the smallest f64. The turn computed there is 0, and the inhibition that is stronger
/// at first said nothing about the excitation that lasts longer.
#[test]
fn a_crossing_before_currents_underflow_is_not_missed() {
    let lif = resting(0.19162056975129232, -60.0, 260.93232091364655, (0.007279442458022498, 0.004064316733841883));
    let weights = [35023.93525223842, 59854.262743632935, -120724.99167941508, 21250.750932339968, 6868.657907295662];
    let found = spikes(lif, &weights.map(|weight| (2.5, weight)), 60.0);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!((found[0] - 2.5262896314).abs() < 1e-9, "{}", found[0]);
}

/// An inhibition of long ago, 1e-121 pA by now, lasts longer than the excitation: where the two balance, 74 ms on, the excitation has
/// underflowed and V' has a sign of no meaning. That V had risen and fallen before was overlooked.
#[test]
fn a_crossing_long_before_a_forgotten_current_shows_is_not_missed() {
    let lif = resting(0.10336651812372229, -60.0, 2418.578128952433, (0.10336651812372229, 0.17310000529393452));
    let arrivals = [(0.5, -483.71562579048657), (49.92644553968084, 4896.716919685665)];
    let found = spikes(lif, &arrivals, 60.0);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!((found[0] - 49.9758484672).abs() < 1e-9, "{}", found[0]);
}

//! What cannot be done is refused by name, and nothing of it happens.

use crate::closed_loop::plan::{Delays, FIRST_SOURCE, Kind, bits};
use std::sync::Arc;
use tauspike_engine::{EngineError, Injected, Options, Schedule, Simulation};
use tauspike_network::{BuildOptions, LifSpec, NetworkBuilder};
use tauspike_spike::Spike;

const KIND: Kind = Kind { exponential: false, delays: Delays::One, t_ref: 2.0, excited: true };

fn at_ten(kind: Kind) -> Simulation {
    let mut sim = Simulation::new(kind.network(), Options::default()).unwrap();
    sim.run(10.0, &mut ()).unwrap();
    sim
}

#[track_caller]
fn assert_refused(outcome: Result<(), EngineError>, parts: &[&str]) {
    let error = outcome.unwrap_err();
    assert!(matches!(error, EngineError::Option { .. }), "{error:?}");
    for part in parts {
        assert!(error.to_string().contains(part), "{error} does not say {part}");
    }
}

#[test]
fn spikes_that_no_train_could_have_are_refused() {
    let mut sim = at_ten(KIND);
    let mut refused = |time: f64, source: u32, parts: &[&str]| {
        let good = Spike { time: 12.0, source: FIRST_SOURCE };
        assert_refused(sim.inject(&[good, Spike { time, source }]), parts);
    };
    for time in [9.999, -1.0, f64::NAN, f64::INFINITY, 1e12] {
        refused(time, FIRST_SOURCE, &["spike time", &format!("{time:?}"), "10.0 ms, the present, or later"]);
    }
    refused(11.0, 3, &["spike source: 3", "population \"E\"", "a neuron"]);
    refused(11.0, FIRST_SOURCE + 10, &["spike source: 80", "\"noise\"", "Poisson"]);
    refused(11.0, 1000, &["spike source: 1000", "no such source"]);
    // not even the good one has been taken
    let (mut spikes, mut others) = (Vec::new(), Vec::new());
    sim.run(30.0, &mut spikes).unwrap();
    let mut untouched = at_ten(KIND);
    untouched.run(30.0, &mut others).unwrap();
    assert_eq!(bits(&spikes), bits(&others));
}

#[test]
fn arrivals_that_no_synapse_could_bring_are_refused() {
    for exponential in [false, true] {
        let mut sim = at_ten(Kind { exponential, ..KIND });
        let mut refused = |time: f64, neuron: u32, weight: f64, parts: &[&str]| {
            assert_refused(sim.inject_onto(&[Injected { time, neuron, weight }]), parts);
        };
        refused(9.0, 0, 1.0, &["arrival time", "9.0", "10.0 ms, the present, or later"]);
        refused(11.0, FIRST_SOURCE, 1.0, &["arrival neuron: 70", "LIF neuron"]);
        refused(11.0, 4_000_000_000, 1.0, &["arrival neuron: 4000000000"]);
        for weight in [f64::NAN, f64::INFINITY, -1e20] {
            refused(11.0, 3, weight, &["arrival weight", &format!("{weight:?}"), "onto neuron 3"]);
        }
    }
}

#[test]
fn currents_that_no_input_could_have_are_refused() {
    let mut sim = at_ten(KIND);
    assert_refused(sim.set_current(&[1, 2], 10.0, &[1.0]), &["current values", "1 values", "2, one per neuron"]);
    assert_refused(sim.set_current(&[1], 9.0, &[1.0]), &["current time", "9.0", "10.0 ms"]);
    assert_refused(sim.set_current(&[FIRST_SOURCE], 10.0, &[1.0]), &["current neuron: 70"]);
    for value in [f64::NAN, f64::NEG_INFINITY, 1e15] {
        assert_refused(
            sim.set_current(&[3], 10.0, &[value]),
            &["current value", &format!("{value:?}"), "for neuron 3"],
        );
    }
    // the present, and what has been set, are allowed again and again
    for _ in 0..3 {
        sim.set_current(&[3], 10.0, &[1e9]).unwrap();
    }
}

#[test]
fn rates_that_nothing_could_have_are_refused() {
    let mut sim = at_ten(KIND);
    for name in ["no such", "E", "stimulus", "steps"] {
        assert_refused(sim.set_rate(name, 1.0), &["rate name", name, "Poisson"]);
    }
    for rate in [-1.0, f64::NAN, f64::INFINITY, 1e10] {
        assert_refused(sim.set_rate("background", rate), &["rate_hz", &format!("{rate:?}"), "0 to 1000000000.0 Hz"]);
    }
}

/// Driven so little above threshold that 40 bits more are needed to tell when.
#[test]
fn more_than_a_neuron_can_count_with_ends_the_run() {
    let mut builder = NetworkBuilder::new(3);
    let (v_th, v_reset) = (20.0.into(), Some(5.0.into()));
    builder.population("E", 3, LifSpec { e_l: (20.0 + 1e-9).into(), v_th, v_reset, ..LifSpec::default() });
    let network = Arc::new(builder.build(&BuildOptions::default()).unwrap());
    for schedule in [Schedule::Automatic, Schedule::Instants] {
        let options = Options { schedule, ..Options::default() };
        let mut sim = Simulation::new(network.clone(), options).unwrap();
        sim.inject_onto(&[Injected { time: 10.5, neuron: 2, weight: -1e8 }]).unwrap();
        sim.run(11.0, &mut ()).unwrap();
        sim.inject_onto(&[Injected { time: 12.5, neuron: 2, weight: -1.4e9 }; 200]).unwrap();
        let error = sim.run(13.0, &mut ()).unwrap_err();
        assert!(matches!(error, EngineError::Beyond { neuron, .. } if neuron < 3), "{error}");
    }
}

#[test]
fn nothing_can_be_done_after_a_run_that_failed() {
    let mut sim = at_ten(KIND);
    sim.run(40.0, &mut crate::faults::FullAfter::new(3)).unwrap_err();
    let outcomes = [
        sim.inject(&[Spike { time: 50.0, source: FIRST_SOURCE }]),
        sim.inject_onto(&[Injected { time: 50.0, neuron: 0, weight: 1.0 }]),
        sim.set_current(&[0], 50.0, &[1.0]),
        sim.set_rate("background", 1.0),
    ];
    for outcome in outcomes {
        assert!(matches!(outcome, Err(EngineError::Terminated { .. })), "{outcome:?}");
    }
}

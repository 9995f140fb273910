//! Every way in which a drive reaches a neuron, and the same limit for each.

use crate::population::Signal;
use crate::*;
use std::sync::Arc;

/// Threshold 15 mV above reset and rest, 25 pA to the mV: V_inf may be 1.5e9 mV away.
const MOST: f64 = 25.0 * 1.5e9;

fn lif(change: impl FnOnce(&mut LifSpec)) -> LifSpec {
    let mut spec = LifSpec::default();
    change(&mut spec);
    spec
}

fn exponential() -> LifSpec {
    LifSpec { synapse: SynapseSpec::exponential(), ..LifSpec::default() }
}

/// Three neurons and what is done to them.
fn outcome(spec: LifSpec, describe: impl FnOnce(&mut NetworkBuilder, PopulationId)) -> Result<Network, String> {
    let mut builder = NetworkBuilder::new(1);
    let neurons = builder.population("E", 3, spec);
    describe(&mut builder, neurons);
    let said = builder.validate();
    let built = builder.build(&BuildOptions::default());
    assert!(said.is_ok() || said.clone().err() == built.as_ref().err().cloned(), "{said:?}");
    built.map_err(|error| error.to_string())
}

fn alone(change: impl FnOnce(&mut LifSpec)) -> Result<Network, String> {
    outcome(lif(change), |_, _| ())
}

/// Currents of these levels, each for one ms, times a scale.
fn currents(i_e: f64, t_ref: f64, inputs: &[(&[f64], f64)]) -> Result<Network, String> {
    let spec = lif(|s| (s.i_e, s.t_ref) = (i_e.into(), t_ref.into()));
    outcome(spec, |builder, population| {
        for (k, &(levels, scale)) in inputs.iter().enumerate() {
            let times = (0..levels.len()).map(|k| k as f64).collect();
            let signal = Arc::new(Signal { times, values: levels.to_vec() });
            let drive = DriveSpec::Current { signal, scale: scale.into() };
            builder.input(InputSpec { name: format!("drive {k}"), population, members: Some(vec![1, 2]), drive });
        }
    })
}

#[track_caller]
fn refused<T>(outcome: Result<T, String>, parts: &[&str]) {
    let message = outcome.err().expect("refused");
    for part in parts.iter().chain(&["allowed: "]) {
        assert!(message.contains(part), "{message:?} lacks {part:?}");
    }
}

#[test]
fn a_constant_current_is_limited_on_both_sides() {
    let with = |i_e: f64| alone(|s| s.i_e = i_e.into());
    assert!(with(0.999 * MOST).is_ok() && with(-0.999 * MOST).is_ok());
    refused(with(1.001 * MOST), &["population \"E\": i_e[0]", "1e8 (V_th - V_reset)"]);
    for far in [-1.001 * MOST, -1e20, -1e300, 1e300] {
        refused(with(far), &["population \"E\": i_e[0]", "pA: V_inf"]);
    }
    refused(
        alone(|s| s.i_e = vec![0.0, 1e20, 0.0].into()),
        &["population \"E\": i_e[1] = 1e20".replace("1e20", "100000000000000000000").as_str()],
    );
    // what is told as allowed is allowed
    let most = LifSpec::default();
    let Err(message) = with(1e20) else { panic!("refused") };
    let told: f64 = message.split(" to ").nth(1).and_then(|t| t.split(' ').next()).unwrap().parse().unwrap();
    assert!(outcome(LifSpec { i_e: told.into(), ..most }, |_, _| ()).is_ok(), "{message}");
}

#[test]
fn without_refractoriness_it_is_limited_by_the_rate() {
    // tau_m ln(1 + 15 / (V_inf - V_th)) = 1e-6 ms at 1.5e8 mV
    let with = |t_ref: f64, i_e: f64| alone(|s| (s.t_ref, s.i_e) = (t_ref.into(), i_e.into()));
    assert!(with(0.0, 0.999 * MOST / 10.0).is_ok());
    refused(with(0.0, 1.001 * MOST / 10.0), &["i_e[0]", "1e9 spikes a second"]);
    refused(with(5e-7, 0.3 * MOST), &["i_e[0]", "1e9 spikes a second"]);
    assert!(with(1e-6, 0.3 * MOST).is_ok());
    assert!(with(0.0, -0.999 * MOST).is_ok());
}

#[test]
fn ratios_of_tau_m_and_c_m_and_far_potentials_are_limited_in_the_same_way() {
    refused(alone(|s| (s.tau_m, s.i_e) = (1e15.into(), 1e9.into())), &["i_e[0]"]);
    refused(alone(|s| (s.c_m, s.i_e) = (1e-9.into(), 1e9.into())), &["i_e[0]"]);
    for tiny in [0.0, 5e-324, 1e-300, 1e-10, 1e300] {
        refused(alone(|s| s.tau_m = tiny.into()), &["population \"E\": tau_m"]);
        refused(alone(|s| s.c_m = tiny.into()), &["population \"E\": c_m"]);
    }
    for far in [1e10, -1e10] {
        let v_reset = Some((-70.0).into());
        refused(alone(|s| (s.e_l, s.v_reset) = (far.into(), v_reset.clone())), &["population \"E\": e_l[0]"]);
        refused(alone(|s| s.v_init = Some(far.into())), &["population \"E\": v_init[0]"]);
    }
    refused(alone(|s| s.v_init = Some(1e300.into())), &["population \"E\": v_init"]);
    refused(alone(|s| s.e_l = (-1e300).into()), &["population \"E\": e_l"]);
    assert!(alone(|s| s.v_init = Some(1e9.into())).is_ok());
}

#[test]
fn a_current_input_is_limited_by_the_extremes_of_all_that_reach_a_neuron() {
    let said = &["input \"drive 0\": signal", "neuron 1 of \"E\"", "pA"];
    refused(currents(0.0, 0.0, &[(&[1e15], 1.0)]), said);
    refused(currents(0.0, 2.0, &[(&[0.0, 1e200, 0.0], 1e200)]), said);
    refused(currents(0.0, 2.0, &[(&[1.0, -1e200], 1e200)]), said);
    refused(currents(0.0, 2.0, &[(&[-1e20], 1.0)]), said);
    refused(currents(0.0, 2.0, &[(&[1e20], -1.0)]), said);
    let part = 0.6 * MOST;
    assert!(currents(0.0, 2.0, &[(&[part], 1.0)]).is_ok());
    assert!(currents(0.0, 2.0, &[(&[part], 1.0), (&[part], -1.0)]).is_ok());
    refused(currents(0.0, 2.0, &[(&[part], 1.0), (&[part], 1.0)]), &["input \"drive 1\": signal", "other currents"]);
    refused(currents(part, 2.0, &[(&[part], 1.0)]), &["input \"drive 0\": signal"]);
    refused(currents(-part, 2.0, &[(&[-part], 1.0)]), &["input \"drive 0\": signal"]);
    assert!(currents(part, 2.0, &[(&[-part], 1.0)]).is_ok());
}

fn list(weights: &[f64]) -> Rule {
    let n = weights.len() as u32;
    Rule::Explicit(SynapseList {
        pre: (0..n).collect(),
        post: (0..n).collect(),
        weight: Some(weights.to_vec()),
        delay: None,
    })
}

fn projected(spec: LifSpec, rule: Rule, weight: Option<Parameter>) -> Result<Network, String> {
    outcome(spec, |builder, e| {
        let spec = ProjectionSpec { weight, ..ProjectionSpec::new("p", (e, e), rule).delay(1.0) };
        builder.project(spec);
    })
}

#[test]
fn weights_are_limited_whether_given_listed_or_drawn() {
    let given = |spec, weight: f64| projected(spec, Rule::AllToAll, Some(weight.into()));
    assert!(given(lif(|_| ()), 1.4e9).is_ok() && given(lif(|_| ()), -1.4e9).is_ok());
    for weight in [1.6e9, -1.6e9, 1e300, -1e300] {
        refused(given(lif(|_| ()), weight), &["projection \"p\": weight", "every neuron of population \"E\""]);
    }
    assert!(given(exponential(), 0.999 * MOST).is_ok());
    refused(given(exponential(), 1.001 * MOST), &["projection \"p\": weight"]);
    let fast = LifSpec { t_ref: 0.0.into(), ..exponential() };
    refused(given(fast.clone(), 0.2 * MOST), &["projection \"p\": weight"]);
    assert!(given(fast, -0.2 * MOST).is_ok());

    let listed = |spec, weight| projected(spec, list(&[1.0, weight]), None);
    assert!(listed(lif(|_| ()), 1.4e9).is_ok());
    refused(listed(lif(|_| ()), 1.6e9), &["projection \"p\": weight[1] = 1600000000", "mV onto neuron 1"]);
    refused(listed(exponential(), -2.0 * MOST), &["projection \"p\": weight[1]", "pA onto neuron 1"]);
    // neuron 1 stands a lot, the others do not
    let one = |s: &mut LifSpec| s.v_th = vec![-55.0, 1e6, -55.0].into();
    assert!(listed(lif(one), 1e13).is_ok());
    refused(given(lif(one), 1e13), &["projection \"p\": weight"]);

    for rule in [Rule::FixedInDegree(5), Rule::FixedOutDegree(5)] {
        let drawn = |width: f64| {
            projected(lif(|_| ()), rule.clone(), Some(Distribution::normal(0.0, Spread::Sd(width)).into()))
        };
        assert!(drawn(1e8).is_ok());
        refused(drawn(1e12), &["projection \"p\": weight[", "mV onto neuron"]);
    }
    let procedural = |most: f64| {
        outcome(lif(|_| ()), |builder, e| {
            let weight = Distribution::uniform(0.0, most).truncated(Some(0.0), Some(most));
            let spec = ProjectionSpec::new("p", (e, e), Rule::FixedOutDegree(1)).weight(weight).delay(1.0);
            builder.project(spec.procedural());
        })
    };
    assert!(procedural(1e9).is_ok());
    refused(procedural(1e10), &["projection \"p\": weight", "every neuron"]);
}

#[test]
fn weights_of_private_trains_are_limited() {
    let with = |weight: Parameter| {
        outcome(lif(|_| ()), |builder, population| {
            let drive = DriveSpec::Poisson { rate: RateSpec::constant(1.0), weight };
            builder.input(InputSpec { name: "noise".into(), population, members: Some(vec![0, 2]), drive });
        })
    };
    assert!(with(1.4e9.into()).is_ok());
    refused(with(vec![0.0, -1e12].into()), &["input \"noise\": weight[1] = -1000000000000", "mV onto neuron 2"]);
}

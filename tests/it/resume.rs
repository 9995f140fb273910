//! A run that goes on from a snapshot with other inputs is one run with the old inputs before and the new ones after (ADR 0012).

mod refused;
mod trains;

use crate::networks::bits;
use std::sync::Arc;
use tauspike_engine::{Options, Schedule, Simulation, SnapshotError};
use tauspike_network::distribution::{Distribution, Spread};
use tauspike_network::network::Network;
use tauspike_network::population::Signal;
use tauspike_network::{
    BuildOptions, DriveSpec, InputSpec, LifSpec, NetworkBuilder, Parameter, PopulationId, ProjectionSpec, RateSpec,
    Rule, SynapseSpec,
};
use tauspike_spike::Spike;

const SEED: u64 = 21;
/// Not at the end of an epoch.
const CUT: f64 = 40.3;
const END: f64 = 90.0;
const E: u32 = 60;

/// A busy network, most of whose neurons are refractory at any time, and its inputs.
#[derive(Clone)]
struct Inputs {
    exponential: bool,
    trains: Vec<Vec<f64>>,
    poisson: Vec<(String, RateSpec, Parameter)>,
    currents: Vec<(String, Signal, Parameter)>,
    block_size: u32,
}

fn signal(steps: &[(f64, f64)]) -> Signal {
    Signal { times: steps.iter().map(|step| step.0).collect(), values: steps.iter().map(|step| step.1).collect() }
}

impl Inputs {
    fn new(exponential: bool) -> Self {
        let weight: Parameter = if exponential { 400.0 } else { 1.5 }.into();
        let train = |k: u32| (1..60).map(|n| 1.5 * f64::from(n) + 0.1 * f64::from(k)).collect();
        let profile = signal(&[(0.0, 1.0), (20.0, 0.3), (60.0, 0.8), (75.0, 0.0)]);
        let thinned = RateSpec { profile: Some(Arc::new(profile)), ..RateSpec::constant(600.0) };
        Self {
            exponential,
            trains: (0..30).map(train).collect(),
            poisson: vec![
                ("background".into(), RateSpec::constant(900.0), weight.clone()),
                ("thinned".into(), thinned, weight),
            ],
            currents: vec![("steps".into(), signal(&[(10.0, 200.0), (35.0, 100.0), (70.0, 250.0)]), 1.0.into())],
            block_size: 32,
        }
    }

    fn network(&self) -> Arc<Network> {
        let mut builder = NetworkBuilder::new(SEED);
        builder.block_size(Some(self.block_size));
        let synapse = match self.exponential {
            true => SynapseSpec::Exponential { tau_syn_ex: 1.0.into(), tau_syn_in: 3.0.into() },
            false => SynapseSpec::Delta,
        };
        let tau_m = Distribution::uniform(10.0, 30.0).into();
        let lif =
            LifSpec { tau_m, e_l: 0.0.into(), v_th: 15.0.into(), t_ref: 4.0.into(), synapse, ..LifSpec::default() };
        let e = builder.population("E", E, lif);
        let stimulus = builder.population("stimulus", 30, self.trains.clone());
        let unit = if self.exponential { 300.0 } else { 1.0 };
        let mut join = |name: &str, ends: (PopulationId, PopulationId), weight: f64| {
            let spec = ProjectionSpec::new(name, ends, Rule::FixedInDegree(8)).weight(weight * unit);
            builder.project(spec.delay(Distribution::normal(2.0, Spread::Cv(0.5)).truncated(Some(0.3), Some(6.0))));
        };
        join("recurrent", (e, e), -0.5);
        join("driven", (stimulus, e), 2.0);
        for (name, rate, weight) in self.poisson.clone() {
            let drive = DriveSpec::Poisson { rate, weight };
            builder.input(InputSpec { name, population: e, members: None, drive });
        }
        for (name, signal, scale) in self.currents.clone() {
            let drive = DriveSpec::Current { signal: Arc::new(signal), scale };
            builder.input(InputSpec { name, population: e, members: Some((0..E).step_by(2).collect()), drive });
        }
        Arc::new(builder.build(&BuildOptions::default()).unwrap())
    }

    fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut changed = self.clone();
        change(&mut changed);
        changed
    }

    fn run(&self) -> Vec<Spike> {
        run(Simulation::new(self.network(), Options::default()).unwrap())
    }
}

fn run(mut sim: Simulation) -> Vec<Spike> {
    let mut spikes = Vec::new();
    sim.run(END, &mut spikes).unwrap();
    spikes
}

/// A simulation of `before` until [`CUT`] that goes on as `after`, and what it fired until then.
fn cut(before: &Arc<Network>, after: &Arc<Network>, options: &Options) -> (Vec<Spike>, Simulation) {
    let mut spikes = Vec::new();
    let mut sim = Simulation::new(before.clone(), options.clone()).unwrap();
    sim.run(CUT, &mut spikes).unwrap();
    (spikes, Simulation::restore(after.clone(), options.clone(), &sim.save().unwrap()).unwrap())
}

fn resumed(before: &Inputs, after: &Inputs, options: &Options) -> Vec<Spike> {
    let (mut spikes, mut sim) = cut(&before.network(), &after.network(), options);
    sim.run(END, &mut spikes).unwrap();
    spikes
}

/// For delta and exponential synapses, epochs and instants: `before` until [`CUT`] and `after` from then on is one run of `whole`.
#[track_caller]
fn assert_one_run(change: impl Fn(&mut Inputs), whole: impl Fn(&mut Inputs)) {
    for exponential in [false, true] {
        let before = Inputs::new(exponential);
        let (after, whole) = (before.with(&change), before.with(&whole));
        let expected = bits(&whole.run());
        assert!(expected.len() > 300, "{} spikes", expected.len());
        assert_ne!(expected, bits(&before.run()), "the change has an effect");
        for schedule in [Schedule::Automatic, Schedule::Instants] {
            let spikes = resumed(&before, &after, &Options { schedule, ..Options::default() });
            match exponential {
                // other inputs may make another lattice of it: the same spikes, but for rounding
                true => assert_near(&spikes, &whole.run()),
                false => assert_eq!(bits(&spikes), expected, "{schedule:?}"),
            }
        }
    }
}

#[track_caller]
fn assert_near(found: &[Spike], expected: &[Spike]) {
    let by_neuron = |spikes: &[Spike]| {
        let mut spikes: Vec<(u32, f64)> = spikes.iter().map(|spike| (spike.source, spike.time)).collect();
        spikes.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        spikes
    };
    assert_eq!(found.len(), expected.len());
    for (found, expected) in by_neuron(found).iter().zip(by_neuron(expected)) {
        assert!(found.0 == expected.0 && (found.1 - expected.1).abs() < 1e-11, "{found:?} instead of {expected:?}");
    }
}

#[test]
fn trains_are_the_old_ones_before_and_the_new_ones_after() {
    let others = |k: u32| (1..200).map(move |n| 0.4 * f64::from(n) + 0.3 + 0.01 * f64::from(k)).chain([CUT]);
    let new = move |k| {
        let mut train: Vec<f64> = others(k).collect();
        train.sort_by(f64::total_cmp);
        train
    };
    assert_one_run(
        |inputs| inputs.trains = (0..30).map(new).collect(),
        |inputs| {
            for (k, train) in (0..).zip(&mut inputs.trains) {
                train.retain(|time| *time < CUT);
                train.extend(new(k).into_iter().filter(|time| *time >= CUT));
            }
        },
    );
}

#[test]
fn no_event_of_a_shorter_or_longer_past_is_lost_or_played_twice() {
    let after_cut = |train: &mut Vec<f64>| train.retain(|time| *time >= CUT);
    for change in [after_cut, |train: &mut Vec<f64>| train.splice(0..0, [0.01, 0.02, 0.03]).for_each(drop)] {
        let before = Inputs::new(false);
        let after = before.with(|inputs| inputs.trains.iter_mut().for_each(change));
        assert_eq!(bits(&resumed(&before, &after, &Options::default())), bits(&before.run()));
    }
}

#[test]
fn a_signal_that_differs_later_only_is_that_of_one_run() {
    let later =
        |inputs: &mut Inputs| inputs.currents[0].1 = signal(&[(10.0, 200.0), (35.0, 100.0), (CUT, 300.0), (55.0, 0.0)]);
    assert_one_run(later, later);
}

#[test]
fn a_signal_that_has_another_value_steps_at_the_time_of_the_snapshot() {
    assert_one_run(
        |inputs| inputs.currents[0].1 = signal(&[(5.0, 320.0), (60.0, 50.0)]),
        |inputs| inputs.currents[0].1 = signal(&[(10.0, 200.0), (35.0, 100.0), (CUT, 320.0), (60.0, 50.0)]),
    );
}

#[test]
fn a_step_reaches_every_member_of_a_signal_that_steps() {
    let scale = Parameter::PerMember((0..30).map(|k| f64::from(k % 3)).collect());
    let scaled = |steps: &[(f64, f64)]| vec![("steps".into(), signal(steps), scale.clone())];
    for exponential in [false, true] {
        let before = Inputs { currents: scaled(&[(0.0, 100.0)]), ..Inputs::new(exponential) };
        let after = before.with(|inputs| inputs.currents = scaled(&[(0.0, 200.0)]));
        let whole = before.with(|inputs| inputs.currents = scaled(&[(0.0, 100.0), (CUT, 200.0)]));
        assert_eq!(bits(&resumed(&before, &after, &Options::default())), bits(&whole.run()));
    }
}

#[test]
fn scales_and_removed_signals_act_from_the_snapshot_on() {
    let old = [(10.0, 200.0), (35.0, 100.0)];
    assert_one_run(
        |inputs| inputs.currents[0].2 = 2.0.into(),
        |inputs| inputs.currents[0].1 = signal(&[old[0], old[1], (CUT, 200.0), (70.0, 500.0)]),
    );
    assert_one_run(
        |inputs| inputs.currents.clear(),
        |inputs| inputs.currents[0].1 = signal(&[old[0], old[1], (CUT, 0.0)]),
    );
    let added = |steps: &[(f64, f64)]| ("added".to_owned(), signal(steps), Parameter::Value(1.0));
    assert_one_run(
        |inputs| inputs.currents.push(added(&[(0.0, 150.0), (80.0, 10.0)])),
        |inputs| inputs.currents.push(added(&[(CUT, 150.0), (80.0, 10.0)])),
    );
}

#[test]
fn another_profile_or_stop_is_that_of_one_run_if_they_agree_before() {
    let stopped = |inputs: &mut Inputs| inputs.poisson[0].1.stop = 55.0;
    assert_one_run(stopped, stopped);
    // the largest factor, and so the candidates, stay
    let profile = signal(&[(0.0, 1.0), (20.0, 0.3), (50.0, 0.6), (85.0, 0.0)]);
    let another = move |inputs: &mut Inputs| inputs.poisson[1].1.profile = Some(Arc::new(profile.clone()));
    assert_one_run(&another, &another);
    let stopped = |inputs: &mut Inputs| inputs.poisson[1].1.stop = 50.0;
    assert_one_run(stopped, stopped);
    let goes_on = |inputs: &mut Inputs| inputs.poisson[0].1.stop = f64::INFINITY;
    for stop in [CUT, 41.0] {
        let before = Inputs::new(false).with(|inputs| inputs.poisson[0].1.stop = stop);
        let after = before.with(goes_on);
        assert_eq!(bits(&resumed(&before, &after, &Options::default())), bits(&after.run()), "stop {stop}");
    }
    // silent before, and until after the cut: the candidates have gone on
    let silent = |from: f64, again: f64| Some(Arc::new(signal(&[(0.0, 1.0), (from, 0.0), (again, 1.0)])));
    let before = Inputs::new(false).with(|inputs| inputs.poisson[1].1.profile = silent(20.0, 500.0));
    let after = before.with(|inputs| inputs.poisson[1].1.profile = silent(20.0, 60.0));
    assert_eq!(bits(&resumed(&before, &after, &Options::default())), bits(&after.run()));
}

#[test]
fn what_has_not_begun_is_that_of_one_run() {
    let rate = |hz: f64, start: f64| RateSpec { start, ..RateSpec::constant(hz) };
    let before = Inputs::new(true).with(|inputs| inputs.poisson[0].1 = rate(500.0, 60.0));
    for later in [rate(700.0, 60.0), rate(500.0, 50.0), rate(900.0, CUT)] {
        let after = before.with(|inputs| inputs.poisson[0].1 = later);
        assert_eq!(bits(&resumed(&before, &after, &Options::default())), bits(&after.run()));
    }
    let before = before.with(|inputs| inputs.poisson[0].1 = rate(0.0, 0.0));
    let after = before.with(|inputs| inputs.poisson[0].1 = rate(800.0, 0.0));
    let whole = before.with(|inputs| inputs.poisson[0].1 = rate(800.0, CUT));
    assert_eq!(bits(&resumed(&before, &after, &Options::default())), bits(&whole.run()));
}

#[test]
fn inputs_are_added_and_removed_at_the_snapshot() {
    let added = |start: f64| {
        let rate = RateSpec { start, ..RateSpec::constant(1000.0) };
        ("added".to_owned(), rate, Parameter::Value(2.0))
    };
    let no_currents = |inputs: &mut Inputs| inputs.currents.clear();
    let before = Inputs::new(false).with(no_currents);
    let after = before.with(|inputs| inputs.poisson.push(added(0.0)));
    let whole = before.with(|inputs| inputs.poisson.push(added(CUT)));
    assert_eq!(bits(&resumed(&before, &after, &Options::default())), bits(&whole.run()));
    assert_ne!(bits(&whole.run()), bits(&before.run()));
    assert_one_run(|inputs| drop(inputs.poisson.remove(0)), |inputs| inputs.poisson[0].1.stop = CUT);
    // in another order, under the same names: the draws stay with the names
    let turned = before.with(|inputs| inputs.poisson.reverse());
    assert_eq!(bits(&resumed(&before, &turned, &Options::default())), bits(&before.run()));
}

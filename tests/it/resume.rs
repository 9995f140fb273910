//! A run that goes on from a snapshot with other inputs is one run with the old inputs before and the new ones after (ADR 0012).

mod refused;

use crate::networks::bits;
use std::sync::Arc;
use tauspike_engine::{Options, Schedule, Simulation, SnapshotError};
use tauspike_network::column::Column;
use tauspike_network::distribution::{Distribution, Spread};
use tauspike_network::network::Network;
use tauspike_network::population::{Rate, Signal};
use tauspike_network::{
    BuildOptions, DriveSpec, InputSpec, LifSpec, NetworkBuilder, Parameter, PopulationId, ProjectionSpec, RateSpec,
    Rule, SynapseSpec,
};
use tauspike_neuron::elementary::ln;
use tauspike_neuron::factors::Factors;
use tauspike_neuron::{Arrival, Cell, Delta, Parameters, Work};
use tauspike_oracle::process::events_by_cells;
use tauspike_spike::draw::{block, unit_open_zero};
use tauspike_spike::{Domain, Spike};

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
            assert_eq!(bits(&spikes), expected, "exponential: {exponential}, {schedule:?}");
        }
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

/// Neurons that fire at each event of their private train and at nothing else, and as many sources.
fn transparent(rates: &[f64], stop: f64) -> Arc<Network> {
    let mut builder = NetworkBuilder::new(SEED);
    let lif = LifSpec { t_ref: 0.0.into(), ..LifSpec::default() };
    let neurons = builder.population("neurons", rates.len() as u32, lif);
    let rate = RateSpec { stop, ..RateSpec::constant(Parameter::PerMember(rates.to_vec())) };
    builder.population("sources", rates.len() as u32, rate.clone());
    let drive = DriveSpec::Poisson { rate, weight: 100.0.into() };
    builder.input(InputSpec { name: "private".into(), population: neurons, members: None, drive });
    Arc::new(builder.build(&BuildOptions::default()).unwrap())
}

/// Interval number `index`, in mean intervals.
fn drawn(stream: u32, entity: u32, index: u64) -> f64 {
    let words = block(SEED, Domain::poisson(stream), entity, index / 2);
    -ln(unit_open_zero(words[(index % 2) as usize]))
}

/// The events of a train whose rate is `hz` from `from` ms on, for each of `phases`; a train begins anew where it changes.
fn expected(stream: u32, entity: u32, phases: &[(f64, f64)]) -> Vec<f64> {
    let mut phases = phases.to_vec();
    phases.dedup_by_key(|(_, hz)| *hz);
    let ends = phases.iter().skip(1).map(|(from, _)| *from).chain([END]);
    let (mut events, mut index) = (Vec::new(), 0);
    for ((from, hz), end) in phases.iter().zip(ends).filter(|((_, hz), _)| *hz > 0.0) {
        let mut time = *from;
        loop {
            time += drawn(stream, entity, index) * (1000.0 / hz);
            index += 1;
            if time >= end {
                break;
            }
            events.push(time);
        }
    }
    events
}

/// The private events of neuron `n`, where rates are `rates(k)` from `cuts[k]` ms on.
fn private(rates: &dyn Fn(usize) -> Vec<f64>, cuts: &[f64], n: usize) -> Vec<f64> {
    let ends = cuts[1..].iter().copied().chain([END]);
    let mut events = Vec::new();
    for (phase, (&from, until)) in cuts.iter().zip(ends).enumerate() {
        let rate = Rate { base_hz: Column::Shared(0.0), profile: None, start: 0.0, stop: f64::INFINITY };
        let all = events_by_cells((SEED, 0, phase as u32), &rate, &rates(phase), END);
        let here = all.iter().filter(|(time, k)| *k == n as u32 && (from..until).contains(time));
        let before = events.len();
        events.extend(here.map(|(time, _)| *time));
        events[before..].sort_by(f64::total_cmp);
    }
    events
}

#[test]
fn a_train_of_another_rate_begins_anew_with_the_next_draw_and_the_others_stay() {
    const CUTS: [f64; 4] = [0.0, 20.3, CUT, 61.0];
    const STOP: f64 = 80.0;
    // neuron by neuron, among them those that stay, change once, change back, stop and begin
    let rate = |n: usize, phase: usize| [200.0, 500.0, 0.0][n / 3usize.pow(phase as u32) % 3];
    let rates = |phase| (0..81).map(|n| rate(n, phase)).collect::<Vec<_>>();
    let network = |phase| transparent(&rates(phase), if phase == 3 { STOP } else { f64::INFINITY });
    let mut sim = Simulation::new(network(0), Options::default()).unwrap();
    let mut spikes = Vec::new();
    for (phase, cut) in CUTS.into_iter().enumerate().skip(1) {
        sim.run(cut, &mut spikes).unwrap();
        let state = sim.save().unwrap();
        sim = Simulation::restore(network(phase), Options::default(), &state).unwrap();
        let changes: Vec<String> = sim.changes().iter().map(ToString::to_string).collect();
        assert_eq!(changes[0], "population \"sources\": rate_hz differs");
        assert_eq!(changes.len(), if phase == 3 { 4 } else { 2 }, "{changes:?}");
        // saved and restored once more, without a change and without a step
        sim = Simulation::restore(network(phase), Options::default(), &sim.save().unwrap()).unwrap();
        assert_eq!(sim.changes(), []);
    }
    sim.run(END, &mut spikes).unwrap();
    for source in 0..162 {
        let phases: Vec<(f64, f64)> = (0..4).map(|phase| (CUTS[phase], rate(source % 81, phase))).collect();
        let of_source: Vec<f64> = spikes.iter().filter(|s| s.source == source as u32).map(|s| s.time).collect();
        // the sources are population 1 beside one input
        let mut events = if source < 81 { private(&rates, &CUTS, source) } else { expected(2, source as u32, &phases) };
        events.retain(|time| *time < STOP);
        assert_eq!(of_source, events, "{source}: {phases:?}");
    }
}

#[test]
fn a_changed_rate_has_the_statistics_of_a_poisson_process_that_knows_no_past() {
    const TRAINS: usize = 4000;
    let (slow, fast) = (vec![50.0; TRAINS], vec![300.0; TRAINS]);
    let (past, mut sim) =
        cut(&transparent(&slow, f64::INFINITY), &transparent(&fast, f64::INFINITY), &Options::default());
    let mut future = Vec::new();
    sim.run(END, &mut future).unwrap();
    let count = |spikes: &[Spike]| {
        let mut counts = vec![0.0; 2 * TRAINS];
        spikes.iter().for_each(|spike| counts[spike.source as usize] += 1.0);
        counts
    };
    let moments = |x: &[f64], y: &[f64]| {
        let n = x.len() as f64;
        let (mean_x, mean_y) = (x.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
        (mean_x, x.iter().zip(y).map(|(x, y)| (x - mean_x) * (y - mean_y)).sum::<f64>() / n)
    };
    let (before, after) = (count(&past), count(&future));
    let (expected, error) = (0.3 * (END - CUT), 5.0 / (after.len() as f64).sqrt());
    let (mean, variance) = moments(&after, &after);
    assert!((mean - expected).abs() < error * expected.sqrt(), "{mean} events, expected {expected}");
    assert!((variance / expected - 1.0).abs() < error * 2.0f64.sqrt(), "Fano factor {}", variance / expected);
    let correlation = moments(&before, &after).1 / (moments(&before, &before).1 * variance).sqrt();
    assert!(correlation.abs() < error, "correlation with the past {correlation}");
    let mut waits = vec![f64::INFINITY; 2 * TRAINS];
    future.iter().rev().for_each(|spike| waits[spike.source as usize] = 0.3 * (spike.time - CUT));
    let (mean, variance) = moments(&waits, &waits);
    assert!((mean - 1.0).abs() < error && (variance - 1.0).abs() < 3.0 * error, "first waits {mean}, {variance}");
}

#[test]
fn weights_of_a_private_input_act_from_the_snapshot_on_at_unchanged_times() {
    let network = |weight: f64| {
        let mut builder = NetworkBuilder::new(SEED);
        let lif = LifSpec { e_l: 0.0.into(), v_th: 15.0.into(), tau_m: 20.0.into(), ..LifSpec::default() };
        let neurons = builder.population("neurons", 20, lif);
        let drive = DriveSpec::Poisson { rate: RateSpec::constant(2000.0), weight: weight.into() };
        builder.input(InputSpec { name: "private".into(), population: neurons, members: None, drive });
        Arc::new(builder.build(&BuildOptions::default()).unwrap())
    };
    let (mut spikes, mut sim) = cut(&network(0.6), &network(1.1), &Options::default());
    sim.run(END, &mut spikes).unwrap();
    let parameters =
        Parameters { tau_m: 20.0, c_m: 250.0, e_l: 0.0, v_th: 15.0, v_reset: 0.0, t_ref: 2.0, i_e: 0.0, v_init: 0.0 };
    for source in 0..20 {
        let weight = |time| if time < CUT { 0.6 } else { 1.1 };
        let events = private(&|_| vec![2000.0; 20], &[0.0], source as usize);
        let arrivals: Vec<Arrival> = events.iter().map(|&time| Arrival { time, weight: weight(time) }).collect();
        let mut fired = Vec::new();
        let (mut factors, mut work) = (Factors::default(), Work::default());
        Delta::new(&parameters).advance_alone(&arrivals, &mut factors, END, &mut work, &mut |time| fired.push(time));
        let of_source: Vec<f64> = spikes.iter().filter(|s| s.source == source).map(|s| s.time).collect();
        assert!(fired.len() > 3);
        assert_eq!(of_source, fired);
    }
}

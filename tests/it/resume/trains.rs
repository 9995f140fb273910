//! Private trains and sources whose rates or weights are others from a snapshot on.

use crate::resume::{CUT, END, SEED, cut};
use std::sync::Arc;
use tauspike_engine::{Options, Simulation};
use tauspike_network::column::Column;
use tauspike_network::network::Network;
use tauspike_network::population::Rate;
use tauspike_network::{BuildOptions, DriveSpec, InputSpec, LifSpec, NetworkBuilder, Parameter, RateSpec};
use tauspike_neuron::elementary::ln;
use tauspike_oracle::process::events_by_cells;
use tauspike_spike::draw::{block, unit_open_zero};
use tauspike_spike::{Domain, Spike};

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
    for source in 0..20 {
        let weight = |time| if time < CUT { 0.6 } else { 1.1 };
        let events = private(&|_| vec![2000.0; 20], &[0.0], source as usize);
        let (mut v, mut last, mut release, mut fired) = (0.0, 0.0, 0.0, Vec::new());
        for time in events.into_iter().filter(|time| *time < END) {
            if time < release {
                continue;
            }
            v = v * f64::exp((last - time) / 20.0) + weight(time);
            last = time;
            if v >= 15.0 {
                (v, release) = (0.0, time + 2.0);
                fired.push(time);
            }
        }
        let of_source: Vec<f64> = spikes.iter().filter(|s| s.source == source).map(|s| s.time).collect();
        assert!(fired.len() > 3);
        assert_eq!(of_source, fired);
    }
}

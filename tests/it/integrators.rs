//! Leaky integrators: neurons without a threshold, as readouts and probes. Potentials against the oracle, and bit by bit against
//! themselves.

use crate::networks::Both;
use std::sync::Arc;
use tauspike_engine::{Options, Probe, ProbeTimes, Schedule, Simulation};
use tauspike_network::builder::{BuildOptions, NetworkBuilder};
use tauspike_network::distribution::Distribution;
use tauspike_network::network::Network;
use tauspike_network::population::Signal;
use tauspike_network::rule::Rule;
use tauspike_network::spec::{DriveSpec, InputSpec, LifSpec, ProjectionSpec, RateSpec};
use tauspike_network::{MODELS, Model};
use tauspike_spike::ProbeRow;

const END: f64 = 60.0;
/// Readout neurons of the network below, the last of its populations.
const READOUT: std::ops::Range<u32> = 110..150;

fn integrators() -> impl Iterator<Item = &'static Model> {
    MODELS.iter().filter(|model| !model.fires)
}

/// Neurons that fire, noise, and a readout of integrators with every kind of input.
fn network(model: &Model, own_tau: bool, drawn_delays: bool) -> Arc<Network> {
    let mut builder = NetworkBuilder::new(3);
    let noise = builder.population("noise", 10, RateSpec::constant(200.0));
    let lif = LifSpec { e_l: 0.0.into(), v_th: 15.0.into(), i_e: 500.0.into(), ..LifSpec::default() };
    let cells = builder.population("cells", 100, lif);
    let unit = if model.synapse.unit() == "pA" { 200.0 } else { 1.0 };
    let tau = |mean: f64| if own_tau { Distribution::uniform(0.5 * mean, 2.0 * mean).into() } else { mean.into() };
    let spec = LifSpec { tau_m: tau(20.0), e_l: (-3.0).into(), ..model.into() };
    let readout =
        builder.population("readout", 40, LifSpec { v_init: Some(Distribution::uniform(-5.0, 5.0).into()), ..spec });
    let mut join = |name: &str, ends, k, weight: f64| {
        let spec = ProjectionSpec::new(name, ends, Rule::FixedInDegree(k)).weight(weight * unit);
        builder.project(match drawn_delays {
            true => spec.delay(Distribution::uniform(0.5, 5.0)),
            false => spec.delay(1.5),
        });
    };
    join("noise to cells", (noise, cells), 2, 0.01);
    join("excites", (cells, readout), 60, 0.9);
    join("inhibits", (noise, readout), 8, -2.0);
    let drive = DriveSpec::Poisson { rate: RateSpec::constant(500.0), weight: (0.7 * unit).into() };
    let members = Some((0..40).step_by(3).collect());
    builder.input(InputSpec { name: "private".into(), population: readout, members, drive });
    let steps = Signal { times: vec![10.0, 30.0, 31.5], values: vec![300.0, -800.0, 150.0] };
    let drive = DriveSpec::Current { signal: Arc::new(steps), scale: 1.0.into() };
    builder.input(InputSpec { name: "steps".into(), population: readout, members: None, drive });
    builder.block_size(Some(16));
    Arc::new(builder.build(&BuildOptions::default()).unwrap())
}

fn variants() -> impl Iterator<Item = Arc<Network>> {
    integrators().flat_map(|model| {
        [(false, false), (false, true), (true, false), (true, true)].map(|(tau, delays)| network(model, tau, delays))
    })
}

fn probes() -> [Probe; 1] {
    [Probe { neurons: READOUT.collect(), times: ProbeTimes::Every { start: 0.0, interval: 0.3 } }]
}

/// What probes see, and the spikes, of a run cut at `cuts`, restored at each with as many threads as come next.
fn seen(network: &Arc<Network>, options: Options, cuts: &[f64]) -> Vec<[u64; 4]> {
    let mut sim = Simulation::new(network.clone(), options.clone()).unwrap();
    let mut both = Both::default();
    for (k, cut) in cuts.iter().chain([&END]).enumerate() {
        sim.set_probes(&probes()).unwrap();
        sim.run(*cut, &mut both).unwrap();
        if !cuts.is_empty() {
            let options = Options { threads: 1 + k % 3, ..options.clone() };
            sim = Simulation::restore(network.clone(), options, &sim.save().unwrap()).unwrap();
        }
    }
    let bits = |row: &ProbeRow| {
        let current = row.current.map_or(0, |(ex, inh)| ex.to_bits() ^ inh.to_bits().rotate_left(1));
        [row.time.to_bits(), row.neuron.into(), row.v.to_bits(), current]
    };
    let spikes = both.0.iter().map(|spike| [spike.time.to_bits(), spike.source.into(), 0, 0]);
    both.1.iter().map(bits).chain(spikes).collect()
}

#[test]
fn potentials_and_currents_agree_with_the_oracle() {
    for network in variants() {
        for time in [0.7, 9.99, 30.5, END] {
            let exact = tauspike_oracle::neurons_at(&network, time).unwrap();
            for schedule in [Schedule::Automatic, Schedule::Instants] {
                let options = Options { schedule, threads: 2, ..Options::default() };
                let mut sim = Simulation::new(network.clone(), options).unwrap();
                sim.run(time, &mut ()).unwrap();
                for n in READOUT {
                    let (found, exact) = (sim.membrane(n).unwrap(), &exact[&n]);
                    let (ex, inh) = found.current.unwrap_or_default();
                    assert!((found.v - exact.potential()).abs() < 1e-10, "{n}: {found:?}, {exact:?}");
                    let (exact_ex, exact_inh) = exact.currents();
                    assert!(
                        (ex - exact_ex).abs() < 1e-8 && (inh - exact_inh).abs() < 1e-8,
                        "{n}: {found:?}, {exact:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn they_never_fire_and_are_never_looked_at() {
    for network in variants() {
        let mut sim = Simulation::new(network, Options::default()).unwrap();
        let mut spikes = Vec::new();
        let mut highest = f64::NEG_INFINITY;
        for end in 1..=END as u32 {
            sim.run(f64::from(end), &mut spikes).unwrap();
            highest = READOUT.map(|n| sim.membrane(n).unwrap().v).fold(highest, f64::max);
        }
        assert!(highest > 20.0, "far above any threshold of the network: {highest}");
        assert!(!spikes.is_empty() && spikes.iter().all(|spike| !READOUT.contains(&spike.source)));
    }
    // alone with sources, nothing is ever tested or searched
    for model in integrators() {
        let mut builder = NetworkBuilder::new(1);
        let noise = builder.population("noise", 50, RateSpec::constant(400.0));
        let readout = builder.population("readout", 100, LifSpec::from(model));
        builder.project(ProjectionSpec::new("in", (noise, readout), Rule::AllToAll).weight(500.0).delay(1.0));
        let network = Arc::new(builder.build(&BuildOptions::default()).unwrap());
        for schedule in [Schedule::Automatic, Schedule::Instants] {
            let mut sim = Simulation::new(network.clone(), Options { schedule, ..Options::default() }).unwrap();
            sim.run(100.0, &mut ()).unwrap();
            let counters = sim.counters();
            assert!(counters.synaptic_arrivals > 100_000 && counters.neuron_updates >= counters.synaptic_arrivals);
            assert_eq!((counters.crossings_tested, counters.crossings_solved, counters.looks), (0, 0, 0));
        }
    }
}

#[test]
fn threads_cuts_restores_and_schedules_leave_no_trace_in_what_probes_see() {
    for network in variants() {
        let whole = seen(&network, Options::default(), &[]);
        assert!(whole.len() > 40 * 200);
        let threads = Options { threads: 3, ..Options::default() };
        let instants = Options { schedule: Schedule::Instants, ..Options::default() };
        let sorted = |mut rows: Vec<[u64; 4]>| {
            rows.sort_unstable();
            rows
        };
        assert!(seen(&network, threads, &[]) == whole);
        assert!(sorted(seen(&network, instants, &[])) == sorted(whole.clone()));
        assert!(sorted(seen(&network, Options::default(), &[0.1, 7.7, 29.95, 31.45, 55.55])) == sorted(whole));
    }
}

/// 128 bits take over where a sum of huge weights needs them, and nothing is lost.
#[test]
fn huge_weights_and_potentials_are_summed_exactly() {
    for model in integrators() {
        let mut builder = NetworkBuilder::new(1);
        let trains: Vec<Vec<f64>> = (0..64).map(|_| vec![1.0, 2.0, 3.0]).collect();
        let input = builder.population("in", 64, trains);
        let spec = LifSpec { tau_m: 1e3.into(), c_m: 1.0.into(), e_l: 0.0.into(), ..model.into() };
        let readout = builder.population("readout", 2, spec);
        builder.project(ProjectionSpec::new("up", (input, readout), Rule::AllToAll).weight(1e12).delay(0.5));
        builder.project(ProjectionSpec::new("down", (input, readout), Rule::AllToAll).weight(-1e12).delay(2.5));
        let network = Arc::new(builder.build(&BuildOptions::default()).unwrap());
        let exact = tauspike_oracle::neurons_at(&network, 20.0).unwrap();
        let mut sim = Simulation::new(network, Options::default()).unwrap();
        sim.run(20.0, &mut ()).unwrap();
        for n in [64, 65] {
            let (found, exact) = (sim.membrane(n).unwrap().v, exact[&n].potential());
            assert!(exact.abs() > 1e9 && (found / exact - 1.0).abs() < 1e-10, "{found} {exact}");
        }
    }
}

#[test]
fn nothing_comes_from_them() {
    for model in integrators() {
        let mut builder = NetworkBuilder::new(1);
        let readout = builder.population("readout", 3, LifSpec::from(model));
        builder.project(ProjectionSpec::new("out", (readout, readout), Rule::AllToAll).weight(1.0).delay(1.0));
        let error = builder.build(&BuildOptions::default()).unwrap_err().to_string();
        for part in ["projection \"out\"", "source", "readout", model.name, "a population that fires"] {
            assert!(error.contains(part), "{error}");
        }
    }
}

#[test]
fn parameters_of_a_threshold_are_none_of_theirs() {
    for model in integrators() {
        let mut builder = NetworkBuilder::new(1);
        builder.population("readout", 3, LifSpec::from(model));
        let network = builder.build(&BuildOptions::default()).unwrap();
        let keys: Vec<&str> = network.populations()[0].cells.columns().iter().map(|(key, _)| *key).collect();
        assert!(keys.contains(&"tau_m_ms") && keys.contains(&"v_init_mv"));
        assert!(["v_th_mv", "v_reset_mv", "t_ref_ms"].iter().all(|key| !keys.contains(key)), "{keys:?}");
    }
}

//! Where a run is cut, and how its neurons are looked after, leaves no trace: many cuts at random times, and networks so quiet that
//! only some neurons are looked at.

use crate::networks::{Both, Variant, bits, network, variants};
use std::ops::ControlFlow;
use std::sync::Arc;
use tauspike_engine::{Options, Probe, ProbeTimes, Schedule, Simulation};
use tauspike_network::builder::{BuildOptions, NetworkBuilder};
use tauspike_network::distribution::{Distribution, Family, Spread};
use tauspike_network::network::Network;
use tauspike_network::population::Signal;
use tauspike_network::rule::Rule;
use tauspike_network::spec::{DriveSpec, InputSpec, LifSpec, ProjectionSpec, RateSpec, SynapseSpec};
use tauspike_spike::Spike;
use tauspike_spike::draw::{Domain, block};

const END: f64 = 60.0;

/// Times in order, some of them twice.
fn random_times(count: u64, stream: u32) -> Vec<f64> {
    let draw = |k: u64| block(17, Domain::poisson(stream), 0, k)[0] as f64 / u64::MAX as f64;
    let mut times: Vec<f64> = (0..count).map(|k| END * draw(k)).collect();
    times.push(times[3]);
    times.sort_by(f64::total_cmp);
    times
}

fn whole(network: &Arc<Network>, options: Options) -> Vec<Spike> {
    let mut spikes = Vec::new();
    Simulation::new(network.clone(), options).unwrap().run(END, &mut spikes).unwrap();
    spikes
}

/// A run cut at `cuts`; saved and restored at every `every`th, each time with as many threads, and onto blocks of such a size, as come next: `networks`
/// differ in nothing but the size of blocks.
fn cut(networks: &[Arc<Network>], cuts: &[f64], every: usize) -> Vec<Spike> {
    let mut sim = Simulation::new(networks[0].clone(), Options::default()).unwrap();
    let mut spikes = Vec::new();
    for (k, end) in cuts.iter().chain([&END]).enumerate() {
        sim.run(*end, &mut spikes).unwrap();
        if k % every == 0 {
            let schedule = if k % (7 * every) == 0 { Schedule::Instants } else { Schedule::Automatic };
            let options = Options { threads: 1 + k % 3, schedule, ..Options::default() };
            let network = networks[k % networks.len()].clone();
            sim = Simulation::restore(network, options, &sim.save().unwrap()).unwrap();
        }
    }
    spikes
}

#[test]
fn a_thousand_cuts_leave_no_trace() {
    for (k, v) in (0..).zip(variants(64)) {
        let network = network(v);
        let found = cut(std::slice::from_ref(&network), &random_times(1000, k), 100_000);
        assert_eq!(bits(&found), bits(&whole(&network, Options::default())), "{v:?}");
    }
}

#[test]
fn a_hundred_restores_leave_no_trace() {
    for (k, v) in (0..).zip(variants(64)) {
        let networks = [64, 37, 1000, 64, 200].map(|block_size| network(Variant { block_size, ..v }));
        let found = cut(&networks, &random_times(100, 100 + k), 1);
        assert_eq!(bits(&found), bits(&whole(&networks[0], Options::default())), "{v:?}");
    }
}

/// Neurons with currents to which so little comes that most are left alone: some rest, some are driven, some fire in bursts of
/// which others hear for the first time.
fn quiet(alpha: bool, block_size: u32, hz: f64) -> Arc<Network> {
    let mut builder = NetworkBuilder::new(5);
    let (tau_syn_ex, tau_syn_in) = (2.0.into(), 5.0.into());
    // an alpha function brings e times the charge
    let (synapse, unit) = match alpha {
        true => (SynapseSpec::Alpha { tau_syn_ex, tau_syn_in }, 1.0 / std::f64::consts::E),
        false => (SynapseSpec::Exponential { tau_syn_ex, tau_syn_in }, 1.0),
    };
    let lif = LifSpec {
        tau_m: Distribution::skewed(Family::Gamma, 20.0, Spread::Cv(1.0)).truncated(Some(0.5), None).into(),
        e_l: 0.0.into(),
        v_th: 20.0.into(),
        v_reset: Some(5.0.into()),
        v_init: Some(Distribution::uniform(0.0, 20.0).into()),
        synapse,
        ..LifSpec::default()
    };
    let cells = builder.population("cells", 400, lif.clone());
    let driven = builder.population("driven", 5, LifSpec { i_e: 280.0.into(), ..lif });
    for (name, source, weight) in [("recurrent", cells, 2500.0), ("from driven", driven, -400.0)] {
        let spec = ProjectionSpec::new(name, (source, cells), Rule::FixedOutDegree(10)).weight(weight * unit);
        builder.project(spec.delay(Distribution::uniform(0.8, 9.0)));
    }
    let back = ProjectionSpec::new("back", (cells, driven), Rule::FixedOutDegree(1)).weight(900.0 * unit);
    builder.project(back.delay(1.5));
    let drive = DriveSpec::Poisson { rate: RateSpec::constant(hz), weight: (4000.0 * unit).into() };
    builder.input(InputSpec { name: "background".into(), population: cells, members: None, drive });
    let bursts = Signal { times: vec![15.0, 16.0, 40.0, 43.0], values: vec![900.0, 0.0, 400.0, -100.0] };
    let drive = DriveSpec::Current { signal: Arc::new(bursts), scale: 1.0.into() };
    builder.input(InputSpec { name: "bursts".into(), population: cells, members: Some((0..40).collect()), drive });
    builder.block_size(Some(block_size));
    Arc::new(builder.build(&BuildOptions::default()).unwrap())
}

#[test]
fn a_quiet_network_fires_as_if_all_its_neurons_were_watched() {
    // at the second rate and the third blocks change their ways, back and forth
    for (alpha, hz) in [false, true].into_iter().flat_map(|alpha| [5.0, 40.0, 150.0].map(|hz| (alpha, hz))) {
        let network = quiet(alpha, 512, hz);
        // instant by instant all are
        let watched = whole(&network, Options { schedule: Schedule::Instants, ..Options::default() });
        assert!(watched.len() > 100, "{} spikes", watched.len());
        for block_size in [512, 64, 7] {
            let network = quiet(alpha, block_size, hz);
            for threads in [1, 3] {
                let found = whole(&network, Options { threads, ..Options::default() });
                assert_eq!(
                    bits(&found),
                    bits(&watched),
                    "alpha {alpha}, {hz} Hz, blocks of {block_size}, {threads} threads"
                );
            }
        }
        let found = cut(std::slice::from_ref(&network), &random_times(200, 7), 10);
        assert_eq!(bits(&found), bits(&watched), "alpha {alpha}, {hz} Hz, cut");
    }
}

/// Neurons to which spikes come at whole ms, over a delay of 1 ms or none, and now and then make them fire.
fn on_a_grid(synapse: SynapseSpec, delay: f64, weight: f64) -> Arc<Network> {
    let mut builder = NetworkBuilder::new(1);
    let source = builder.population("source", 1, vec![(1..20).map(f64::from).collect::<Vec<f64>>()]);
    let lif = LifSpec {
        synapse,
        e_l: 0.0.into(),
        v_th: 4.5.into(),
        v_reset: Some(0.0.into()),
        t_ref: 1.0.into(),
        ..LifSpec::default()
    };
    let cells = builder.population("cells", 3, lif);
    builder.project(ProjectionSpec::new("on", (source, cells), Rule::AllToAll).weight(weight).delay(delay));
    let step = Signal { times: vec![7.0, 9.0], values: vec![30.0, 0.0] };
    let drive = DriveSpec::Current { signal: Arc::new(step), scale: 1.0.into() };
    builder.input(InputSpec { name: "step".into(), population: cells, members: None, drive });
    Arc::new(builder.build(&BuildOptions::default()).unwrap())
}

/// A probe sees what was before its time, not what comes at it, whether or not the run is cut there.
#[test]
fn a_probe_at_the_time_of_an_arrival_sees_the_same_wherever_a_run_is_cut() {
    let exponential = || SynapseSpec::Exponential { tau_syn_ex: 2.0.into(), tau_syn_in: 2.0.into() };
    let kinds: [(fn() -> SynapseSpec, f64); 2] = [(|| SynapseSpec::Delta, 2.0), (exponential, 400.0)];
    for ((synapse, weight), delay) in kinds.into_iter().flat_map(|kind| [1.0, 0.0].map(|delay| (kind, delay))) {
        let network = on_a_grid(synapse(), delay, weight);
        let mut seen: Vec<Vec<(u64, u32, u64)>> = Vec::new();
        for schedule in [Schedule::Automatic, Schedule::Instants] {
            for every in [60.0, 1.0, 0.5, 3.0] {
                let mut sim = Simulation::new(network.clone(), Options { schedule, ..Options::default() }).unwrap();
                let times = ProbeTimes::Every { start: 0.0, interval: 0.5 };
                sim.set_probes(&[Probe { neurons: vec![1, 3], times }]).unwrap();
                let mut both = Both::default();
                while sim.now() < 24.0 {
                    let next = 24.0f64.min(sim.now() + every);
                    // the watch ends it, too, at every second epoch
                    let mut epochs = 0;
                    let mut watch = |_: f64| {
                        epochs += 1;
                        if every == 3.0 && epochs % 2 == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                    };
                    sim.run_watched(next, &mut both, &mut watch).unwrap();
                }
                assert!(
                    both.0.iter().filter(|spike| spike.source > 0).count() >= 3,
                    "{weight} {delay}: too few spikes"
                );
                seen.push(both.1.iter().map(|row| (row.time.to_bits(), row.neuron, row.v.to_bits())).collect());
            }
        }
        let first = 1.0 + delay;
        let before = seen[0].iter().filter(|(time, ..)| f64::from_bits(*time) <= first);
        assert!(before.clone().count() > 2 && before.clone().all(|(_, _, v)| f64::from_bits(*v) == 0.0), "{before:?}");
        assert_eq!(seen[0].len(), 2 * 49);
        seen.iter().for_each(|rows| assert_eq!(*rows, seen[0], "{weight} {delay}"));
    }
}

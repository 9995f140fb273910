//! What an embedder meets when something goes wrong: nothing is lost before it, and nothing is made up after it.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tauspike_engine::{EngineError, Options, Probe, ProbeTimes, Schedule, Simulation};
use tauspike_network::network::Network;
use tauspike_network::{
    BuildOptions, DriveSpec, InputSpec, LifSpec, NetworkBuilder, ProjectionSpec, RateSpec, Rule, SynapseSpec,
};
use tauspike_spike::{ProbeRow, SinkError, Spike, SpikeSink};

/// Takes this many spikes and then no more.
pub struct FullAfter {
    room: usize,
    pub taken: Vec<Spike>,
}

impl FullAfter {
    pub fn new(room: usize) -> Self {
        Self { room, taken: Vec::new() }
    }
}

impl SpikeSink for FullAfter {
    fn take(&mut self, spikes: &[Spike]) -> Result<(), SinkError> {
        if self.taken.len() + spikes.len() > self.room {
            return Err(SinkError::new("full"));
        }
        self.taken.extend_from_slice(spikes);
        Ok(())
    }
}

/// Keeps probe rows.
#[derive(Default)]
struct Rows(Vec<ProbeRow>);

impl SpikeSink for Rows {
    fn take(&mut self, _: &[Spike]) -> Result<(), SinkError> {
        Ok(())
    }
    fn take_probes(&mut self, rows: &[ProbeRow]) -> Result<(), SinkError> {
        self.0.extend_from_slice(rows);
        Ok(())
    }
}

/// Driven neurons that excite each other over this delay, ms.
fn driven(delay: f64) -> Arc<Network> {
    let mut builder = NetworkBuilder::new(5);
    let cells = builder.population("cells", 60, LifSpec { i_e: 400.0.into(), t_ref: 1.0.into(), ..LifSpec::default() });
    builder.project(ProjectionSpec::new("all", (cells, cells), Rule::FixedInDegree(6)).weight(0.3).delay(delay));
    let drive = DriveSpec::Poisson { rate: RateSpec::constant(2000.0), weight: 0.5.into() };
    builder.input(InputSpec { name: "noise".into(), population: cells, members: None, drive });
    builder.block_size(Some(16));
    Arc::new(builder.build(&BuildOptions::default()).unwrap())
}

fn options(threads: usize) -> Options {
    Options { threads, ..Options::default() }
}

#[test]
fn a_run_that_failed_is_over_and_the_sink_has_all_before() {
    for delay in [1.5, 0.0] {
        let network = driven(delay);
        let mut whole: Vec<Spike> = Vec::new();
        Simulation::new(network.clone(), options(1)).unwrap().run(3000.0, &mut whole).unwrap();
        assert!(whole.len() > 6000, "{}", whole.len());
        let mut sim = Simulation::new(network, options(2)).unwrap();
        let mut full = FullAfter::new(5000);
        assert!(matches!(sim.run(3000.0, &mut full), Err(EngineError::Sink(_))), "delay {delay}");
        assert!(full.taken.iter().eq(&whole[..full.taken.len()]), "a prefix, delay {delay}");
        assert!(full.taken.iter().all(|spike| spike.time < sim.now() + 1e-9) || delay == 0.0);
        // all before the time it stands at has reached the sink
        let before = whole.iter().take_while(|spike| spike.time < sim.now()).count();
        assert!(full.taken.len() >= before, "{} of {before}, delay {delay}", full.taken.len());
        let error = sim.run(3000.0, &mut ()).unwrap_err();
        assert!(matches!(&error, EngineError::Terminated { reason, .. } if reason.contains("full")), "{error}");
        assert!(sim.save().is_err(), "a snapshot of it would lie");
        assert!(sim.membrane(0).is_none() && sim.set_probes(&[]).is_err());
    }
}

#[test]
fn an_endless_cascade_leaves_all_before_in_the_sink() {
    let mut builder = NetworkBuilder::new(5);
    let quiet = builder.population("regular", 1, LifSpec { i_e: 400.0.into(), ..LifSpec::default() });
    let loop_of = LifSpec { t_ref: 0.0.into(), ..LifSpec::default() };
    let pair = builder.population("pair", 2, loop_of);
    let spark = builder.population("spark", 1, vec![vec![500.0]]);
    builder.project(ProjectionSpec::new("loop", (pair, pair), Rule::AllToAll).weight(100.0).delay(0.0));
    builder.project(ProjectionSpec::new("spark", (spark, pair), Rule::AllToAll).weight(100.0).delay(0.0));
    let network = Arc::new(builder.build(&BuildOptions::default()).unwrap());
    let _ = quiet;
    let mut spikes: Vec<Spike> = Vec::new();
    let mut sim = Simulation::new(network, options(1)).unwrap();
    assert!(matches!(sim.run(1000.0, &mut spikes), Err(EngineError::EndlessCascade { time: 500.0, .. })));
    assert!(spikes.len() > 3, "what came before is there: {}", spikes.len());
    assert!(matches!(sim.run(1000.0, &mut spikes), Err(EngineError::Terminated { .. })));
}

#[test]
fn the_watch_sees_no_time_whose_spikes_the_sink_has_not_had() {
    struct Last(std::rc::Rc<std::cell::Cell<usize>>);
    impl SpikeSink for Last {
        fn take(&mut self, spikes: &[Spike]) -> Result<(), SinkError> {
            self.0.set(self.0.get() + spikes.len());
            Ok(())
        }
    }
    for delay in [1.5, 0.0] {
        let network = driven(delay);
        let mut whole: Vec<Spike> = Vec::new();
        Simulation::new(network.clone(), options(1)).unwrap().run(300.0, &mut whole).unwrap();
        let had = std::rc::Rc::new(std::cell::Cell::new(0));
        let mut watched = 0;
        let mut watch = |time: f64| {
            watched += 1;
            let due = whole.partition_point(|spike| spike.time < time);
            assert!(had.get() >= due, "at {time} ms the sink has {} of {due}", had.get());
            ControlFlow::Continue(())
        };
        let mut sim = Simulation::new(network, options(1)).unwrap();
        sim.run_watched(300.0, &mut Last(had.clone()), &mut watch).unwrap();
        assert!(watched > 50, "{watched}");
    }
}

#[test]
fn a_panic_of_a_sink_ends_the_simulation_and_not_the_truth() {
    struct Bomb;
    impl SpikeSink for Bomb {
        fn take(&mut self, spikes: &[Spike]) -> Result<(), SinkError> {
            if spikes.is_empty() { Ok(()) } else { panic!("boom") }
        }
    }
    for threads in [1, 2] {
        let mut sim = Simulation::new(driven(1.5), options(threads)).unwrap();
        let run = std::panic::AssertUnwindSafe(|| sim.run(100.0, &mut Bomb));
        assert!(std::panic::catch_unwind(run).is_err());
        let error = sim.run(100.0, &mut ()).unwrap_err();
        assert!(error.to_string().contains("panic"), "{error}");
    }
}

#[test]
fn any_silent_stretch_is_over_at_once() {
    for delay in [0.001, 1.5] {
        for drawn in [false, true] {
            let mut builder = NetworkBuilder::new(1);
            let cells = builder.population("cells", 2000, LifSpec::default());
            let train = builder.population("train", 1, vec![vec![5e8, 9.9e8]]);
            let spec = ProjectionSpec::new("all", (cells, cells), Rule::FixedInDegree(10)).weight(0.1);
            builder.project(match drawn {
                true => spec.delay(tauspike_network::Distribution::uniform(delay, 1e6)),
                false => spec.delay(delay),
            });
            builder.project(ProjectionSpec::new("kick", (train, cells), Rule::AllToAll).weight(50.0).delay(delay));
            let network = Arc::new(builder.build(&BuildOptions::default()).unwrap());
            let mut sim = Simulation::new(network, options(1)).unwrap();
            let mut spikes: Vec<Spike> = Vec::new();
            let began = Instant::now();
            sim.run(4.9e8, &mut spikes).unwrap();
            // 10 ms on a quiet machine: docs/performance.md; today's builds are tested on busy ones
            assert!(began.elapsed() < Duration::from_millis(500), "{:?} for {delay} ms", began.elapsed());
            assert!(spikes.is_empty() && sim.now() == 4.9e8);
            sim.run(5.1e8, &mut spikes).unwrap();
            assert_eq!(spikes.len(), 2001, "one spike of the train, one of each neuron");
            assert_eq!(spikes[1].time, 5e8 + delay);
        }
    }
}

#[test]
fn a_neuron_that_fires_without_end_is_named() {
    for schedule in [Schedule::Automatic, Schedule::Instants] {
        let mut builder = NetworkBuilder::new(1);
        let synapse = SynapseSpec::Exponential { tau_syn_ex: 2.0.into(), tau_syn_in: 2.0.into() };
        let cells = builder.population("cells", 3, LifSpec { synapse, t_ref: 0.0.into(), ..LifSpec::default() });
        // each of the arrivals is allowed, all of them at once drive the neurons too hard
        let train = builder.population("train", 5000, vec![vec![50.0]; 5000]);
        builder.project(ProjectionSpec::new("kick", (train, cells), Rule::AllToAll).weight(3e9).delay(1.0));
        let network = Arc::new(builder.build(&BuildOptions::default()).unwrap());
        let mut sim = Simulation::new(network, Options { schedule, ..options(1) }).unwrap();
        let mut spikes: Vec<Spike> = Vec::new();
        let error = sim.run(100.0, &mut spikes).unwrap_err();
        assert!(
            matches!(error, EngineError::EndlessFiring { neuron: 0..3, time } if (51.0..51.1).contains(&time)),
            "{error}"
        );
        assert!(spikes.iter().any(|spike| spike.time == 50.0), "the spike before it is there");
        assert!(matches!(sim.run(100.0, &mut spikes), Err(EngineError::Terminated { .. })));
    }
}

#[test]
fn a_volley_of_many_arrivals_is_no_endless_firing() {
    let mut builder = NetworkBuilder::new(1);
    let cells = builder.population("cells", 1, LifSpec { t_ref: 0.0.into(), ..LifSpec::default() });
    let times: Vec<Vec<f64>> = (0..3000).map(|k| vec![10.0 + 1e-10 * f64::from(k)]).collect();
    let volley = builder.population("volley", 3000, times);
    builder.project(ProjectionSpec::new("kick", (volley, cells), Rule::AllToAll).weight(1000.0).delay(1.0));
    let network = Arc::new(builder.build(&BuildOptions::default()).unwrap());
    let mut spikes: Vec<Spike> = Vec::new();
    Simulation::new(network, options(1)).unwrap().run(20.0, &mut spikes).unwrap();
    assert_eq!(spikes.iter().filter(|spike| spike.source == 0).count(), 3000);
}

fn look(times: ProbeTimes, until: f64) -> Result<Vec<ProbeRow>, EngineError> {
    let mut sim = Simulation::new(driven(1.5), options(1)).unwrap();
    sim.set_probes(&[Probe { neurons: vec![3], times }])?;
    let mut rows = Rows::default();
    sim.run(until, &mut rows)?;
    Ok(rows.0)
}

#[test]
fn probe_times_that_never_end_or_never_begin_are_refused() {
    for (start, interval) in [
        (0.0, 1e-18),
        (0.0, 0.0),
        (0.0, -1.0),
        (0.0, f64::NAN),
        (0.0, f64::INFINITY),
        (f64::NAN, 1.0),
        (-1.0, 1.0),
        (1e13, 1.0),
    ] {
        let error = look(ProbeTimes::Every { start, interval }, 10.0).unwrap_err();
        assert!(matches!(error, EngineError::Option { .. }), "{start} {interval}: {error}");
    }
    for times in [vec![-1.0], vec![f64::NAN], vec![f64::INFINITY], vec![2.0, 1.0], vec![1.0, 1.0], vec![-0.0, 0.0]] {
        assert!(look(ProbeTimes::At(times.clone().into()), 10.0).is_err(), "{times:?}");
    }
    // an interval that f64 cannot tell apart at the end of the run
    let network = driven(1.5);
    let mut sim = Simulation::new(network, options(1)).unwrap();
    sim.set_probes(&[Probe { neurons: vec![3], times: ProbeTimes::Every { start: 0.0, interval: 1e-5 } }]).unwrap();
    assert!(sim.run(1e12, &mut ()).unwrap_err().to_string().starts_with("probe interval"));
    sim.run(1.0, &mut ()).unwrap();
}

#[test]
fn minus_zero_is_zero() {
    let rows = look(ProbeTimes::At([-0.0, 1.0].into()), 2.0).unwrap();
    assert_eq!(rows.iter().map(|row| row.time.to_bits()).collect::<Vec<_>>(), [0, 1.0f64.to_bits()]);
    let mut sim = Simulation::new(driven(1.5), options(1)).unwrap();
    sim.run(-0.0, &mut ()).unwrap();
    assert_eq!(sim.now().to_bits(), 0);
}

#[test]
fn a_probe_at_the_end_of_a_run_looks_once() {
    for schedule in [Schedule::Automatic, Schedule::Instants] {
        let mut sim = Simulation::new(driven(1.5), Options { schedule, ..options(1) }).unwrap();
        sim.set_probes(&[Probe { neurons: vec![3, 40], times: ProbeTimes::At([5.0, 10.0, 15.0].into()) }]).unwrap();
        let mut rows = Rows::default();
        sim.run(10.0, &mut rows).unwrap();
        let at_end: Vec<_> = rows.0.iter().filter(|row| row.time == 10.0).collect();
        assert_eq!(at_end.len(), 2);
        assert_eq!(at_end[0].v, sim.membrane(3).unwrap().v);
        sim.run(10.0, &mut rows).unwrap();
        sim.run(15.0, &mut rows).unwrap();
        assert_eq!(rows.0.iter().map(|row| row.time).collect::<Vec<_>>(), [5.0, 5.0, 10.0, 10.0, 15.0, 15.0]);
    }
}

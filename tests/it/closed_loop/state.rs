//! What has been put in and set is kept by a snapshot, read in bulk, and gone with the simulation.

use crate::closed_loop::plan::{Act, Delays, E, END, FIRST_SOURCE, Kind, act, bits};
use std::sync::Arc;
use tauspike_engine::{Options, Schedule, Simulation};
use tauspike_spike::Spike;

fn kinds() -> [Kind; 2] {
    [false, true].map(|exponential| Kind { exponential, delays: Delays::Drawn, t_ref: 2.0, excited: true })
}

/// A simulation at 10.3 ms to which all kinds of things have been done, some of them over, some to come.
fn busy(kind: Kind, options: &Options) -> Simulation {
    let mut sim = Simulation::new(kind.network(), options.clone()).unwrap();
    for (run_to, time) in [(3.0, 4.25), (7.125, 10.25), (10.0, 14.5), (10.3, 33.0)] {
        sim.run(run_to, &mut ()).unwrap();
        act(&mut sim, Act::Fire { source: FIRST_SOURCE + 3, time });
        act(&mut sim, Act::Arrive { neuron: 7, time, weight: 7.0 * kind.unit() });
        act(&mut sim, Act::Current { neuron: 2, time, value: 30.0 * time });
    }
    sim.set_rate("background", 800.0).unwrap();
    sim.set_rate("noise", 90.0).unwrap();
    sim
}

#[test]
fn a_snapshot_keeps_what_is_to_come() {
    for kind in kinds() {
        let mut sim = busy(kind, &Options::default());
        let bytes = sim.save().unwrap();
        let mut restored = Simulation::restore(kind.network(), Options::default(), &bytes).unwrap();
        assert_eq!(restored.changes(), []);
        assert!(restored.save().unwrap() == bytes);
        for end in [20.0, END] {
            let (mut a, mut b) = (Vec::new(), Vec::new());
            sim.run(end, &mut a).unwrap();
            restored.run(end, &mut b).unwrap();
            assert_eq!(bits(&a), bits(&b), "to {end}, {kind:?}");
            assert!(sim.save().unwrap() == restored.save().unwrap(), "snapshots at {end} differ, {kind:?}");
        }
    }
}

#[test]
fn membranes_are_those_of_each_neuron() {
    for kind in kinds() {
        for schedule in [Schedule::Automatic, Schedule::Instants] {
            let sim = busy(kind, &Options { schedule, ..Options::default() });
            let all = sim.membranes(0..FIRST_SOURCE).unwrap();
            let each: Vec<_> = (0..FIRST_SOURCE).map(|neuron| sim.membrane(neuron).unwrap()).collect();
            assert_eq!(all, each);
            assert_eq!(sim.membranes(30..E).unwrap(), each[30..E as usize]);
            assert_eq!(sim.membranes(5..5).unwrap(), []);
            assert!(sim.membranes(30..FIRST_SOURCE + 1).is_none(), "a source has no membrane");
        }
    }
}

#[test]
fn a_simulation_that_is_dropped_takes_its_threads_with_it() {
    let network = kinds()[0].network();
    for threads in [1, 4] {
        let mut sim = Simulation::new(network.clone(), Options { threads, ..Options::default() }).unwrap();
        let mut spikes: Vec<Spike> = Vec::new();
        (1..=40).for_each(|k| sim.run(f64::from(k) * 0.5, &mut spikes).unwrap());
        assert!(!spikes.is_empty());
        // long enough for them to fall asleep
        std::thread::sleep(std::time::Duration::from_millis(20));
        sim.run(30.0, &mut spikes).unwrap();
        drop(sim);
        assert_eq!(Arc::strong_count(&network), 1, "a thread still holds the network");
    }
}

//! The engine against itself: nothing that organises the work may change a bit.

use crate::networks::{Both, Variant, bits, network, variants};
use std::sync::Arc;
use tauspike_engine::{Options, Probe, ProbeTimes, Schedule, Simd, Simulation};
use tauspike_network::network::Network;
use tauspike_spike::Spike;

const END: f64 = 120.0;

fn run(network: &Arc<Network>, options: Options) -> Vec<Spike> {
    let mut spikes = Vec::new();
    Simulation::new(network.clone(), options).unwrap().run(END, &mut spikes).unwrap();
    assert!(spikes.is_sorted(), "spikes reach the sink in order");
    assert!(spikes.len() > 1000, "the network is busy: {}", spikes.len());
    spikes
}

fn plain(network: &Arc<Network>) -> Vec<(u64, u32)> {
    bits(&run(network, Options::default()))
}

#[test]
fn any_number_of_threads_gives_the_same_spikes() {
    for v in variants(37) {
        let network = network(v);
        let one = plain(&network);
        for threads in [2, 3, 7] {
            assert_eq!(
                bits(&run(&network, Options { threads, ..Options::default() })),
                one,
                "{threads} threads, {v:?}"
            );
        }
    }
}

#[test]
fn any_block_size_gives_the_same_spikes() {
    for v in variants(512) {
        let whole = plain(&network(v));
        for block_size in [1, 64, 250] {
            assert_eq!(plain(&network(Variant { block_size, ..v })), whole, "blocks of {block_size}, {v:?}");
        }
    }
}

#[test]
fn epochs_and_instants_give_the_same_spikes() {
    for v in variants(64) {
        let network = network(v);
        let instants = Options { schedule: Schedule::Instants, ..Options::default() };
        assert_eq!(bits(&run(&network, instants)), plain(&network), "{v:?}");
    }
}

#[test]
fn every_instruction_set_gives_the_same_spikes() {
    for v in variants(64) {
        let network = network(v);
        let portable = bits(&run(&network, Options { simd: Simd::PORTABLE, ..Options::default() }));
        for simd in Simd::available() {
            assert_eq!(
                bits(&run(&network, Options { simd, ..Options::default() })),
                portable,
                "{}, {v:?}",
                simd.name()
            );
        }
    }
}

#[test]
fn a_run_in_pieces_equals_the_whole() {
    for v in variants(64) {
        let network = network(v);
        let whole = plain(&network);
        for ends in
            [vec![50.0, END], vec![0.3, 0.31, 33.3, 33.3, 90.0, END], (1..=240).map(|k| 0.5 * f64::from(k)).collect()]
        {
            let mut sim = Simulation::new(network.clone(), Options::default()).unwrap();
            let mut spikes = Vec::new();
            for &end in &ends {
                sim.run(end, &mut spikes).unwrap();
            }
            assert_eq!(bits(&spikes), whole, "ends {ends:?}, {v:?}");
        }
    }
}

#[test]
fn cuts_at_spikes_and_beside_them_leave_no_trace() {
    for v in variants(64) {
        let network = network(v);
        let whole = run(&network, Options::default());
        // at spikes, an ulp beside them, and at the ends of windows; saved and restored at some
        let beside = |k: usize, time: f64| [time, time.next_up(), time.next_down(), (8.0 * time).round() / 8.0][k % 4];
        let mut ends: Vec<f64> = whole.iter().step_by(7).enumerate().map(|(k, s)| beside(k, s.time)).collect();
        ends.sort_by(f64::total_cmp);
        let mut sim = Simulation::new(network.clone(), Options::default()).unwrap();
        let mut spikes = Vec::new();
        for (k, end) in ends.into_iter().chain([END]).enumerate() {
            sim.run(end, &mut spikes).unwrap();
            if k % 5 == 0 {
                sim = Simulation::restore(network.clone(), Options::default(), &sim.save().unwrap()).unwrap();
            }
        }
        assert_eq!(bits(&spikes), bits(&whole), "{v:?}");
    }
}

#[test]
fn pieces_of_epochs_and_instants_can_be_mixed() {
    for v in variants(64) {
        let network = network(v);
        let whole = plain(&network);
        let mut spikes = Vec::new();
        let mut bytes = Simulation::new(network.clone(), Options::default()).unwrap().save().unwrap();
        for (k, end) in [20.0, 55.5, 100.0, END].into_iter().enumerate() {
            let schedule = if k % 2 == 0 { Schedule::Instants } else { Schedule::Automatic };
            let options = Options { schedule, ..Options::default() };
            let mut sim = Simulation::restore(network.clone(), options, &bytes).unwrap();
            sim.run(end, &mut spikes).unwrap();
            bytes = sim.save().unwrap();
        }
        assert_eq!(bits(&spikes), whole, "{v:?}");
    }
}

#[test]
fn a_restored_run_equals_an_uninterrupted_one_byte_by_byte() {
    for v in variants(64) {
        let network = network(v);
        let mut original = Simulation::new(network.clone(), Options::default()).unwrap();
        original.run(47.1, &mut ()).unwrap();
        let mut restored = Simulation::restore(network.clone(), Options::default(), &original.save().unwrap()).unwrap();
        for end in [47.2, 60.0, END] {
            let (mut a, mut b) = (Vec::new(), Vec::new());
            original.run(end, &mut a).unwrap();
            restored.run(end, &mut b).unwrap();
            assert_eq!(bits(&a), bits(&b), "to {end}, {v:?}");
            assert!(original.save().unwrap() == restored.save().unwrap(), "snapshots at {end} differ, {v:?}");
            let without_calendars = |sim: &Simulation| sim.counters().work();
            assert_eq!(without_calendars(&original), without_calendars(&restored));
        }
    }
}

#[test]
fn counters_do_not_depend_on_threads() {
    let network = network(variants(37)[1]);
    let counters = |threads| {
        let mut sim = Simulation::new(network.clone(), Options { threads, ..Options::default() }).unwrap();
        sim.run(END, &mut ()).unwrap();
        sim.counters()
    };
    let one = counters(1);
    assert!(one.entries().iter().all(|(_, value)| *value > 0), "{one:?}");
    assert_eq!(counters(3), one);
}

#[test]
fn probes_see_the_state_and_change_nothing() {
    for v in variants(64) {
        let network = network(v);
        let whole = plain(&network);
        let probes = [
            Probe { neurons: vec![0, 5, 300, 303], times: ProbeTimes::Every { start: 0.0, interval: 0.25 } },
            Probe { neurons: vec![5], times: ProbeTimes::At([10.0, 33.3].into()) },
        ];
        let mut seen = Vec::new();
        for schedule in [Schedule::Automatic, Schedule::Instants] {
            let mut sim = Simulation::new(network.clone(), Options { schedule, ..Options::default() }).unwrap();
            sim.set_probes(&probes).unwrap();
            let mut both = Both::default();
            for end in [33.0, 90.0, END] {
                sim.run(end, &mut both).unwrap();
            }
            assert_eq!(bits(&both.0), whole, "{v:?}");
            assert_eq!(both.1.len(), 4 * 481 + 2);
            assert!(both.1.iter().all(|row| row.v < 20.0 && row.current.is_some() == (v.synapse.unit() == "pA")));
            seen.push(both.1.iter().map(|r| (r.time.to_bits(), r.neuron, r.v.to_bits())).collect::<Vec<_>>());
        }
        assert_eq!(seen[0], seen[1]);
    }
}

#[test]
fn the_membrane_on_demand_is_what_a_probe_sees() {
    for v in variants(64) {
        let network = network(v);
        let mut sim = Simulation::new(network, Options::default()).unwrap();
        sim.set_probes(&[Probe { neurons: vec![3, 310], times: ProbeTimes::At([40.0].into()) }]).unwrap();
        let mut both = Both::default();
        sim.run(40.0f64.next_up(), &mut both).unwrap();
        for row in &both.1 {
            let membrane = sim.membrane(row.neuron).unwrap();
            assert!((membrane.v - row.v).abs() < 1e-12);
        }
        assert_eq!(both.1.len(), 2);
    }
}

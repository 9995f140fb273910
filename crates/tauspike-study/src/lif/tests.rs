use super::*;
use crate::cell::{Model, Reading};
use crate::profile::Profile;
use tauspike_task::{Grid, Key, Stimulus};

fn lif(coding: Coding) -> Lif {
    Lif {
        weight: 10.0,
        input: 15.0,
        bias: 12.0,
        bias_spread: 10.0,
        noise: 0.05,
        tau_syn: 5.0,
        delay: 1.5,
        coding,
        rate: None,
    }
}

fn cell(lif: &Lif) -> Cell {
    Cell {
        profile: Profile::homogeneous(),
        cv: 0.0,
        tau: 20.0,
        tau_min: 0.5,
        n: 15,
        in_degree: 5,
        seed: 8,
        model: Model::Lif(lif.clone()),
        reading: Reading::default(),
    }
}

fn signal() -> Samples {
    let ou = Stimulus::OrnsteinUhlenbeck { correlation_time: 10.0 };
    ou.generate(Grid::new(5.0, 60).unwrap(), 2, Key::new(8, 0).unwrap()).unwrap()
}

const TAUS: [f64; 15] = [0.5, 1.0, 2.0, 5.0, 5.0, 10.0, 15.0, 20.0, 20.0, 30.0, 40.0, 60.0, 90.0, 120.0, 200.0];

/// The engine is stopped at each readout time and asked; a spike sink of its own collects the spikes.
#[test]
fn states_are_membranes_and_traces_of_the_engine_itself() {
    let u = signal();
    let wiring = Wiring::new(15, 5, 2, 8).unwrap();
    let poisson = Coding::Poisson { sources: 5, rate: 50.0 };
    for coding in [Coding::Current, poisson, Coding::SendOnDelta { delta: 0.2 }] {
        let lif = lif(coding);
        let mut cell = cell(&lif);
        let run = states(&cell, &lif, &TAUS, &wiring, &u, 0.0, (0..u.len()).step_by(1)).unwrap();
        let [traces, membranes] = &run.states[..] else { panic!("two readouts") };
        // What is read seldom, and from some sample on, is a part of that.
        cell.reading.every = 3;
        let some = states(&cell, &lif, &TAUS, &wiring, &u, 0.0, (7..50).step_by(3)).unwrap();

        let (network, first) = network(&cell, &lif, &TAUS, &wiring, &u, 0.0).unwrap();
        let mut simulation = Simulation::new(Arc::new(network), Options::default()).unwrap();
        let mut spikes: Vec<Spike> = Vec::new();
        let mut fired = 0;
        for k in 0..u.len() {
            let time = (k + 1) as f64 * 5.0;
            simulation.run(time.next_up(), &mut spikes).unwrap();
            for i in 0..15 {
                let v = simulation.membrane(first + i).unwrap().v;
                assert!((membranes[(k, i as usize)] - v).abs() < 1e-9, "{coding:?} {k} {i}");
                let own = spikes.iter().filter(|spike| spike.source == first + i);
                let trace: f64 = own.map(|spike| (-(time - spike.time) / 20.0).exp()).sum();
                assert!((traces[(k, i as usize)] - trace).abs() < 1e-9, "{coding:?} {k} {i}");
                if (7..50).contains(&k) && (k - 7) % 3 == 0 {
                    let row = (k - 7) / 3;
                    assert!((some.states[0][(row, i as usize)] - trace).abs() < 1e-9, "{coding:?} {k} {i}");
                    assert!((some.states[1][(row, i as usize)] - v).abs() < 1e-9, "{coding:?} {k} {i}");
                }
            }
            fired = spikes.iter().filter(|spike| spike.source >= first).count();
        }
        assert!(fired > 30 && run.counters.spikes == fired as u64, "{coding:?} {fired}");
    }
}

/// Without spikes, and input by Poisson sources of a very high rate, the mean membrane is that under the current.
#[test]
fn poisson_sources_bring_the_current_on_average() {
    let constant = Samples::new(5.0, vec![vec![0.8; 200]]).unwrap();
    let wiring = Wiring::new(15, 0, 1, 8).unwrap();
    let quiet = |coding| Lif { bias: -40.0, bias_spread: 0.0, noise: 0.0, ..lif(coding) };
    let mean = |coding| {
        let lif = quiet(coding);
        let cell = Cell { in_degree: 0, ..cell(&lif) };
        let run = states(&cell, &lif, &[20.0; 15], &wiring, &constant, 0.0, (0..200).step_by(1)).unwrap();
        let states = &run.states[1];
        (0..15).map(|i| (100..200).map(|k| states[(k, i)]).sum::<f64>() / 100.0).collect::<Vec<_>>()
    };
    let (current, poisson) = (mean(Coding::Current), mean(Coding::Poisson { sources: 50, rate: 400.0 }));
    for (i, (a, b)) in current.iter().zip(&poisson).enumerate() {
        assert!((a - (-110.0 + 0.8 * 15.0 * wiring.input[0][i])).abs() < 1e-6, "{a}");
        assert!((a - b).abs() < 0.6, "{i}: {a} {b}");
    }
}

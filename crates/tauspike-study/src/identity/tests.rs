use super::*;
use crate::cell::Readout;
use crate::suite::Sampling;
use std::sync::Arc;
use tauspike_task::{Samples, Source, Task};

/// A change of this text discards every finished study: it needs a new [`VERSION`], and a line in the changelog.
const SUITE: &str = "\
tauspike study suite 4
step_ms = 5e0
washout = 20
train = 150
gap = 4
test = 60
folds = 5
stimulus = ornstein_uhlenbeck of 1e1 ms, 2 dimensions, 236 samples
task 0 = power u0^2@1e1 u1^1@1e1
task 2 = power u0^1@-5e0
stimulus = given c1efa030414afc069d39cef654a7fc15547b76a500f6eb25daa74e7cd8723c4c, 1 dimensions, 234 samples
task 1 = legendre u0^3@0e0
";

const LI: &str = "\
tauspike study cell 4
suite = SUITE
profile = mirrored gamma
match = mean
cv = 5e-1
tau_ms = 2e1
tau_min_ms = 5e-1
n = 100
in_degree = 10
seed = 7
model = LI
spectral_radius = 9e-1
input_weight = 5e-1
bias = 5e-1
noise = 2e-2
every = 1
train_samples = all
lost_neurons = 0e0
lost_synapses = 0e0
drift = 0e0
readouts = state
";

const LIF: &str = "\
tauspike study cell 4
suite = SUITE
profile = empirical 4e0 5.5e0
match = median
levels = 2
quantum_ms = 5e-1
mismatch_cv = 1e-1
cv = 1.3e-1
tau_ms = 2e1
tau_min_ms = 5e-1
n = 100
in_degree = 10
seed = 7
model = LIF
weight_mv = 1e1
input_mv = 1.5e1
bias_mv = 1e1
bias_spread_mv = 1e1
noise = 2e-2
tau_syn_ms = 5e0
delay_ms = 1.5e0
coding = poisson, 10 sources of 5e1 Hz
rate_hz = 8e0
every = 4
train_samples = 300
lost_neurons = 1e-1
lost_synapses = 2e-1
drift = 5e-2
filter_ms = 2e1
readouts = membrane
";

fn suite() -> Suite {
    let samples = Samples::new(5.0, vec![(0..300).map(f64::from).collect()]).unwrap();
    let ou = Source { kind: Stimulus::OrnsteinUhlenbeck { correlation_time: 10.0 }, dimensions: 2 };
    let given = Source { kind: Stimulus::Given { name: "any".into(), samples: Arc::new(samples) }, dimensions: 1 };
    let task = |source: &Source, target| Task::new(source.clone(), target, 10.0).unwrap();
    let tasks = vec![
        task(&ou, Target::cross_taylor(&[2, 1], 10.0)),
        task(&given, Target::taylor(3).in_basis(Basis::Legendre)),
        task(&ou, Target::nostradamus(-5.0)),
    ];
    Suite::new(tasks, Sampling { step: 5.0, washout: 20, train: 150, gap: 4, test: 60 }, 5)
}

fn li() -> Cell {
    let kind = Kind::Skewed { family: Family::Gamma, mirrored: true };
    Cell {
        profile: Profile::new("any", kind),
        cv: 0.5,
        tau: 20.0,
        tau_min: 0.5,
        n: 100,
        in_degree: 10,
        seed: 7,
        model: Model::Li(Li { spectral_radius: 0.9, input_weight: 0.5, bias: 0.5, noise: 0.02 }),
        reading: Reading::default(),
    }
}

fn lif() -> Cell {
    let model = Lif {
        weight: 10.0,
        input: 15.0,
        bias: 10.0,
        bias_spread: 10.0,
        noise: 0.02,
        tau_syn: 5.0,
        delay: 1.5,
        coding: Coding::Poisson { sources: 10, rate: 50.0 },
        rate: Some(8.0),
    };
    let reading = Reading {
        every: 4,
        train_samples: Some(300),
        lost_neurons: 0.1,
        lost_synapses: 0.2,
        drift: 0.05,
        spiking: vec![Readout::Membrane],
        ..Reading::default()
    };
    let profile = Profile {
        location: Location::Median,
        device: Device { levels: Some(2), quantum: 0.5, mismatch: 0.1 },
        ..Profile::new("any", Kind::Empirical(vec![4.0, 5.5]))
    };
    Cell { profile, cv: 0.13, model: Model::Lif(model), reading, ..li() }
}

#[test]
fn the_text_of_known_suites_and_cells_stays() {
    assert_eq!(of_suite(&suite()), SUITE);
    let key = sha256_hex(SUITE);
    assert_eq!(of_cell(&li(), SUITE), LI.replace("SUITE", &key));
    assert_eq!(of_cell(&lif(), SUITE), LIF.replace("SUITE", &key));
}

#[test]
fn names_that_a_study_gives_are_no_part_of_it_and_every_number_is() {
    let mut renamed = li();
    renamed.profile.name = "another".into();
    assert_eq!(of_cell(&renamed, ""), of_cell(&li(), ""));
    for changed in [
        Cell { cv: 0.5f64.next_up(), ..li() },
        Cell { seed: 8, ..li() },
        Cell { profile: Profile::new("any", Kind::Homogeneous), ..li() },
    ] {
        assert_ne!(of_cell(&changed, ""), of_cell(&li(), ""));
    }
    assert_ne!(of_cell(&li(), "one"), of_cell(&li(), "other"));
}

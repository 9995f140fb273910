//! Rows drawn at each spike: the same spikes as from a stored table, whatever organises the work.

use crate::networks::bits;
use std::sync::Arc;
use tauspike_engine::{Options, Schedule, Simulation};
use tauspike_network::builder::{BuildOptions, NetworkBuilder};
use tauspike_network::distribution::{Distribution, Family, Spread};
use tauspike_network::network::Network;
use tauspike_network::rule::Rule;
use tauspike_network::spec::{DriveSpec, InputSpec, LifSpec, ProjectionSpec, RateSpec, SynapseSpec};
use tauspike_spike::Spike;

const END: f64 = 80.0;

/// What changes between networks, besides where the rows come from.
#[derive(Clone, Copy, Debug)]
struct Case {
    exponential: bool,
    /// Of the inhibitory synapses, whose rows are always stored.
    drawn_delays: bool,
    drawn_weights: bool,
    multapses: bool,
    /// Of the excitatory synapses, ms.
    delay: f64,
    block_size: u32,
}

const CASES: [Case; 5] = [
    Case { exponential: false, drawn_delays: false, drawn_weights: false, multapses: true, delay: 0.7, block_size: 64 },
    Case { exponential: false, drawn_delays: false, drawn_weights: true, multapses: false, delay: 1.5, block_size: 37 },
    Case { exponential: false, drawn_delays: true, drawn_weights: true, multapses: true, delay: 0.7, block_size: 512 },
    Case { exponential: true, drawn_delays: false, drawn_weights: false, multapses: false, delay: 0.7, block_size: 1 },
    Case { exponential: true, drawn_delays: true, drawn_weights: false, multapses: true, delay: 60.0, block_size: 100 },
];

fn network(case: Case, procedural: bool) -> Arc<Network> {
    let mut builder = NetworkBuilder::new(21);
    let unit = if case.exponential { 500.0 } else { 1.0 };
    let lif = LifSpec {
        tau_m: Distribution::skewed(Family::Gamma, 20.0, Spread::Cv(0.7)).truncated(Some(1.0), None).into(),
        e_l: 0.0.into(),
        v_th: 20.0.into(),
        v_reset: Some(5.0.into()),
        v_init: Some(Distribution::uniform(0.0, 20.0).into()),
        synapse: match case.exponential {
            true => SynapseSpec::Exponential { tau_syn_ex: 0.5.into(), tau_syn_in: 3.0.into() },
            false => SynapseSpec::Delta,
        },
        ..LifSpec::default()
    };
    let exc = builder.population("E", 300, lif.clone());
    let inh = builder.population("I", 80, LifSpec { i_e: 270.0.into(), ..lif });
    for (name, target, degree) in [("EE", exc, 40), ("EI", inh, 15)] {
        let spec = ProjectionSpec::new(name, (exc, target), Rule::FixedOutDegree(degree)).delay(case.delay);
        let drawn = Distribution::uniform(0.1 * unit, 0.9 * unit).truncated(Some(0.0), Some(unit));
        let spec = if case.drawn_weights { spec.weight(drawn) } else { spec.weight(0.5 * unit) };
        builder.project(ProjectionSpec { procedural, multapses: case.multapses, ..spec });
    }
    for (name, target) in [("IE", exc), ("II", inh)] {
        let spec = ProjectionSpec::new(name, (inh, target), Rule::FixedInDegree(15)).weight(-2.0 * unit);
        builder.project(if case.drawn_delays { spec.delay(Distribution::uniform(0.4, 4.0)) } else { spec.delay(0.7) });
    }
    for (name, population) in [("to E", exc), ("to I", inh)] {
        let drive = DriveSpec::Poisson { rate: RateSpec::constant(4000.0), weight: unit.into() };
        builder.input(InputSpec { name: name.into(), population, members: None, drive });
    }
    builder.block_size(Some(case.block_size));
    Arc::new(builder.build(&BuildOptions::default()).unwrap())
}

fn spikes(network: &Arc<Network>, options: Options, ends: &[f64]) -> Vec<(u64, u32)> {
    let mut spikes: Vec<Spike> = Vec::new();
    let mut sim = Simulation::new(network.clone(), options).unwrap();
    ends.iter().for_each(|&end| sim.run(end, &mut spikes).unwrap());
    assert!(spikes.len() > 300, "the network is busy: {}", spikes.len());
    bits(&spikes)
}

#[test]
fn procedural_and_stored_rows_give_the_same_spikes() {
    for case in CASES {
        let stored = spikes(&network(case, false), Options::default(), &[END]);
        let procedural = network(case, true);
        assert!(procedural.projections()[0].stored().is_none());
        for threads in [1, 2, 3] {
            assert_eq!(
                spikes(&procedural, Options { threads, ..Options::default() }, &[END]),
                stored,
                "{threads} {case:?}"
            );
        }
        let ends: Vec<f64> = (1..=160).map(|k| 0.5 * f64::from(k)).collect();
        assert_eq!(spikes(&procedural, Options::default(), &ends), stored, "in pieces, {case:?}");
        let instants = Options { schedule: Schedule::Instants, ..Options::default() };
        assert_eq!(spikes(&procedural, instants, &[END]), stored, "instants, {case:?}");
    }
}

#[test]
fn a_restored_procedural_run_goes_on_with_the_same_spikes() {
    for case in CASES {
        let network = network(case, true);
        let whole = spikes(&network, Options::default(), &[END]);
        let mut pieces: Vec<Spike> = Vec::new();
        let mut sim = Simulation::new(network.clone(), Options::default()).unwrap();
        for end in [31.1, 31.2, 65.0, END] {
            sim.run(end, &mut pieces).unwrap();
            sim = Simulation::restore(network.clone(), Options::default(), &sim.save().unwrap()).unwrap();
        }
        assert_eq!(bits(&pieces), whole, "{case:?}");
    }
}

#[test]
fn procedural_rows_without_delay_give_the_same_spikes() {
    for case in CASES.map(|case| Case { delay: 0.0, ..case }) {
        let [stored, procedural] =
            [false, true].map(|procedural| spikes(&network(case, procedural), Options::default(), &[END]));
        assert_eq!(procedural, stored, "{case:?}");
    }
}

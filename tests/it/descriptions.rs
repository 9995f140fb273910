//! One network in Rust, with the digest that a scenario file, Python and PyNN give it (`python-pynn/tests/test_digest.py`).

use std::path::Path;
use std::sync::Arc;
use tauspike_engine::{Options, Simulation};
use tauspike_network::{BuildOptions, LifSpec, NetworkBuilder, Parameter, ProjectionSpec, Rule, SynapseSpec};
use tauspike_record::Digest;
use tauspike_scenario::run::populations;

const SIZE: u32 = 30;
const KICKS: u32 = 5;
/// ms.
const UNTIL: f64 = 200.0;

#[test]
fn the_network_by_calls_in_rust_has_the_digest_of_all_other_descriptions() {
    let mut builder = NetworkBuilder::new(1);
    let train = |source| {
        let (first, step) = (1.0 + f64::from(source), 2.5 + f64::from(source));
        (0..).map(|k| first + f64::from(k) * step).take_while(|time| *time < UNTIL - 5.0).collect()
    };
    let kicks = builder.population("kicks", KICKS, (0..KICKS).map(train).collect::<Vec<Vec<f64>>>());
    let tau_m = |k| if k + 1 == SIZE { 40.0 } else { 8.0 + f64::from(k) * (32.0 / f64::from(SIZE - 1)) };
    let neuron = LifSpec {
        tau_m: Parameter::PerMember((0..SIZE).map(tau_m).collect()),
        c_m: 250.0.into(),
        e_l: (-65.0).into(),
        v_th: (-50.0).into(),
        v_reset: Some((-65.0).into()),
        v_init: Some((-60.0).into()),
        t_ref: 2.0.into(),
        synapse: SynapseSpec::Exponential { tau_syn_ex: 2.0.into(), tau_syn_in: 4.0.into() },
        ..LifSpec::default()
    };
    let cells = builder.population("cells", SIZE, neuron);
    builder.project(ProjectionSpec::new("kicks to cells", (kicks, cells), Rule::AllToAll).weight(500.0).delay(1.5));
    let among = ProjectionSpec::new("cells to cells", (cells, cells), Rule::AllToAll).without_autapses();
    builder.project(among.weight(-20.0).delay(0.5));

    let network = Arc::new(builder.build(&BuildOptions::default()).unwrap());
    let mut digest = Digest::new(populations(&network).unwrap());
    Simulation::new(network, Options::default()).unwrap().run(UNTIL, &mut digest).unwrap();
    assert!(digest.spikes() > 300);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/one_network/digest.txt");
    assert_eq!(digest.hex(), std::fs::read_to_string(file).unwrap().trim());
}

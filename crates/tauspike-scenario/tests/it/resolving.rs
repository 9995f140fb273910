//! What is written in the file is what is in the network.

use std::fs;
use std::path::Path;
use tauspike_network::Network;
use tauspike_network::input::Drive;
use tauspike_network::population::{Cells, Lif, Population};
use tauspike_scenario::load;

const TEXT: &str = r#"
name = "all"
duration_ms = 10.0
seed = 5

[[population]]
name = "N"
size = 3
model = "lif_exp"
parameters = "neurons.csv"
c_m_pf = [100.0, 200.0, 300.0]
e_l_mv = { file = "rest.csv", column = "e" }
t_ref_ms = { distribution = "empirical", values = [4.0] }

[[population]]
name = "trains"
size = 2
model = "spike_trains"
file = "trains.csv"

[[population]]
name = "code"
size = 2
model = "spike_trains"
encode = { signal = { times_ms = [0, 2, 4], values = [0.0, 1.0, -0.5] }, delta = 0.5 }

[[projection]]
from = "trains"
to = "N"
rule = "explicit"
file = "synapses.csv"

[[projection]]
from = "N"
to = "N"
rule = "all_to_all"
autapses = false
weight_pa = -2.0
delay_ms = { distribution = "normal", mean = 0.5, sd = 1.0, min = 0.05, round_to_ms = 0.1 }

[[input]]
kind = "poisson"
target = "N"
members = [0, 2]
rate_hz = { file = "rates.csv" }
weight_pa = 3.0
start_ms = 1.0
stop_ms = 9.0

[[input]]
kind = "current"
target = "N"
signal = { file = "signal.txt", dt_ms = 0.5 }
scale = 2.0
"#;

fn network(folder: &Path) -> Network {
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    write("scenario.toml", TEXT);
    write("neurons.csv", "neuron,tau_m_ms,tau_syn_in_ms\n2,30,3\n0,10,1\n1,20,2\n");
    write("rest.csv", "e,neuron,other\n-62,2,a\n-60,0,b\n-61,1,c\n");
    write("rates.csv", "neuron,rate\n2,20\n0,10\n");
    write("trains.csv", "time_ms,neuron\n1.5,1\n2.5,0\n3.5,1\n");
    write("synapses.csv", "pre,post,weight_pa,delay_ms\n1,2,7.5,0.25\n0,0,6.5,1\n");
    write("signal.txt", "1\n2\n4\n");
    load(folder, &[]).unwrap().network(2).unwrap()
}

fn lif(population: &Population) -> &Lif {
    match &population.cells {
        Cells::Lif(lif) => lif,
        other => panic!("{other:?}"),
    }
}

#[test]
fn files_lists_and_distributions_reach_their_neurons() {
    let folder = tempfile::tempdir().unwrap();
    let network = network(folder.path());
    let lif = lif(&network.populations()[0]);
    let values = |column: &tauspike_network::column::Column| column.values(3).collect::<Vec<_>>();
    assert_eq!(values(&lif.tau_m), [10.0, 20.0, 30.0], "rows are sorted by the column `neuron`");
    assert_eq!(values(&lif.c_m), [100.0, 200.0, 300.0]);
    assert_eq!(values(&lif.e_l), [-60.0, -61.0, -62.0]);
    assert_eq!(values(&lif.v_reset), [-60.0, -61.0, -62.0], "V_reset follows E_L");
    assert_eq!(values(&lif.t_ref), [4.0; 3]);
    assert_eq!(values(&lif.v_th), [-55.0; 3], "the default is NEST's");
    let tauspike_network::population::Synapse::Exponential { tau_syn_ex, tau_syn_in } = &lif.synapse else { panic!() };
    assert_eq!((values(tau_syn_ex), values(tau_syn_in)), (vec![2.0; 3], vec![1.0, 2.0, 3.0]));
}

#[test]
fn trains_come_from_a_file_or_from_the_levels_a_signal_crosses() {
    let folder = tempfile::tempdir().unwrap();
    let network = network(folder.path());
    let trains = |population: usize| match &network.populations()[population].cells {
        Cells::Trains(trains) => trains.to_vec(),
        other => panic!("{other:?}"),
    };
    assert_eq!(trains(1), [vec![2.5], vec![1.5, 3.5]]);
    let code = trains(2);
    assert_eq!(code[0], [1.0, 2.0], "0.5 and 1 on the way up");
    assert_eq!(code[1].len(), 3, "0.5, 0 and -0.5 on the way down: {code:?}");
}

#[test]
fn synapses_and_inputs_are_those_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let network = network(folder.path());
    assert_eq!(network.projections()[0].name, "trains to N");
    let listed = &network.projections()[0].stored().unwrap()[0];
    assert_eq!((listed.row(0), listed.row(1)), (0..1, 1..2));
    assert_eq!((listed.targets[1], listed.weights.get(1), listed.delayed(1).next()), (2, 7.5, Some((1, 0.25))));
    let recurrent = &network.projections()[1].stored().unwrap()[0];
    assert_eq!(recurrent.targets.len(), 6, "all pairs but autapses");
    let delays = recurrent.sources().flat_map(|source| recurrent.delayed(source));
    let steps = delays.map(|(_, delay)| delay / 0.1);
    assert!(steps.into_iter().all(|steps| steps >= 0.999 && (steps - steps.round()).abs() < 1e-9));
    let Drive::Poisson { rate, weight } = &network.inputs()[0].drive else { panic!() };
    assert_eq!((network.inputs()[0].members.as_deref(), rate.start, rate.stop), (Some(&[0, 2][..]), 1.0, 9.0));
    assert_eq!((rate.base_hz.get(1), weight.get(0)), (20.0, 3.0));
    let Drive::Current { signal, scale } = &network.inputs()[1].drive else { panic!() };
    assert_eq!((&signal.times[..], &signal.values[..]), (&[0.0, 0.5, 1.0][..], &[1.0, 2.0, 4.0][..]));
    assert_eq!(scale.get(2), 2.0);
}

#[test]
fn the_files_of_a_scenario_are_read_once() {
    let folder = tempfile::tempdir().unwrap();
    drop(network(folder.path()));
    let scenario = load(folder.path(), &[]).unwrap();
    for entry in fs::read_dir(folder.path()).unwrap() {
        fs::remove_file(entry.unwrap().path()).unwrap();
    }
    assert_eq!(scenario.predict().unwrap().synapses, 8);
    assert_eq!(scenario.network(1).unwrap().synapses(), 8);
    let again = scenario.network(1).unwrap_err().to_string();
    assert!(again.contains("neurons.csv"), "a second network reads them anew: {again}");
}

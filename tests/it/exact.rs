//! Networks of 100 neurons, given as CSV files and run as a user would, against spike times in 60-digit arithmetic.
//!
//! `tests/data/exact/generate.py` made both. What single neurons under prepared input cannot show: parameters, synapses and trains
//! read from files, recurrent spikes, and tau_syn equal or nearly equal to tau_m.

use crate::documents::root;
use crate::scenarios::run_to;
use std::collections::BTreeMap;
use std::path::Path;
use tauspike_record::read_spikes;
use tauspike_scenario::load;

/// Neurons come after the sources.
const INPUTS: u32 = 20;

type Trains = BTreeMap<u32, Vec<f64>>;

fn expected(folder: &Path) -> Trains {
    let mut trains = Trains::new();
    for line in std::fs::read_to_string(folder.join("expected.csv")).unwrap().lines().skip(1) {
        let (time, neuron) = line.split_once(',').unwrap();
        trains.entry(neuron.parse().unwrap()).or_default().push(time.parse().unwrap());
    }
    trains
}

fn found(folder: &Path, threads: usize) -> Trains {
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("out");
    run_to(&path, &load(folder, &[]).unwrap(), threads);
    let spikes = read_spikes(&path.join("spikes.parquet")).unwrap();
    let mut trains = Trains::new();
    for (&time, &neuron) in spikes.time.iter().zip(&spikes.neuron).filter(|(_, neuron)| **neuron >= INPUTS) {
        trains.entry(neuron - INPUTS).or_default().push(time);
    }
    trains
}

fn agrees(name: &str, spikes: usize) {
    let folder = root().join("tests/data/exact").join(name);
    let expected = expected(&folder);
    assert_eq!(expected.values().map(Vec::len).sum::<usize>(), spikes);
    let found = found(&folder, 2);
    compare(name, &found, &expected);
}

fn compare(name: &str, found: &Trains, expected: &Trains) {
    assert!(found.keys().eq(expected.keys()), "other neurons fire");
    for (neuron, times) in expected {
        assert_eq!(found[neuron].len(), times.len(), "{name}: neuron {neuron}");
        for (found, exact) in found[neuron].iter().zip(times) {
            assert!((found - exact).abs() < 1e-10, "{name}: neuron {neuron}: {found} instead of {exact}");
        }
    }
}

#[test]
fn a_network_of_delta_synapses_from_csv_agrees_to_1e_10_ms() {
    agrees("delta", 458);
}

#[test]
fn a_network_of_exponential_synapses_from_csv_agrees_to_1e_10_ms() {
    agrees("exponential", 817);
}

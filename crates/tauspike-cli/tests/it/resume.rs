//! `run --save-snapshot` and `run --resume` with another scenario than the one that was saved.

use crate::{Bench, json, manifest};
use std::process::Command;
use tauspike_record::read_spikes;

/// Adds a current and spike trains to the scenario.
const MORE: &str = r#"
[[population]]
name = "exp"
size = 5
model = "lif_exp"
i_e_pa = 300.0

[[population]]
name = "stimulus"
size = 2
model = "spike_trains"
file = "trains.csv"

[[population]]
name = "noise"
size = 4
model = "poisson"
rate_hz = 100.0

[[projection]]
name = "driven"
from = "stimulus"
to = "E"
rule = "all_to_all"
weight_mv = 3.0
delay_ms = 1.0

[[projection]]
name = "noisy"
from = "noise"
to = "exp"
rule = "fixed_outdegree"
outdegree = 3
weight_pa = 100.0
delay_ms = 2.0
procedural = true

[[input]]
name = "steps"
kind = "current"
target = "I"
signal = { times_ms = [0.0, 60.0], values_pa = [50.0, 100.0] }
"#;

const HALF: [&str; 6] = ["run", ".", "--quiet", "--set", "duration_ms=100", "--save-snapshot=s.bin"];

fn bench() -> Bench {
    let bench = Bench::new();
    let scenario = bench.path("scenario.toml");
    let text = std::fs::read_to_string(&scenario).unwrap().replace("duration_ms = 500.0", "duration_ms = 200.0");
    let (network, record) = text.split_once("[record]").unwrap();
    std::fs::write(scenario, format!("{network}{MORE}\n[record]{record}")).unwrap();
    trains(&bench, "trains.csv", &[(10.0, 0), (50.0, 1), (90.0, 0), (120.0, 1), (150.0, 0)]);
    bench.expect(0, &[&HALF[..], &["--out=half"]].concat());
    bench
}

fn trains(bench: &Bench, name: &str, spikes: &[(f64, u32)]) {
    let rows: String = spikes.iter().map(|(time, neuron)| format!("{neuron},{time}\n")).collect();
    std::fs::write(bench.path(name), format!("neuron,time_ms\n{rows}")).unwrap();
}

fn spikes(bench: &Bench, out: &str) -> Vec<(u64, u32)> {
    let table = read_spikes(&bench.path(out).join("spikes.parquet")).unwrap();
    table.time.into_iter().map(f64::to_bits).zip(table.neuron).collect()
}

#[test]
fn every_parameter_of_neurons_and_synapses_is_refused_by_name() {
    let bench = bench();
    for (set, named) in [
        ("population.I.tau_m_ms=11", "population \"I\": tau_m_ms is 11 and was 10"),
        (
            "population.E.tau_m_ms={distribution=\"lognormal\", mean=20.0, cv=0.51}",
            "population \"E\": tau_m_ms differs",
        ),
        ("population.I.c_m_pf=251", "population \"I\": c_m_pf is 251 and was 250"),
        ("population.I.e_l_mv=-71", "population \"I\": e_l_mv is -71 and was -70"),
        ("population.I.v_th_mv=-54", "population \"I\": v_th_mv is -54 and was -55"),
        ("population.I.v_reset_mv=-69", "population \"I\": v_reset_mv is -69 and was -70"),
        ("population.I.t_ref_ms=2.5", "population \"I\": t_ref_ms is 2.5 and was 2"),
        ("population.I.i_e_pa=1", "population \"I\": i_e_pa is 1 and was 0"),
        ("population.I.v_init_mv=-60", "population \"I\": v_init_mv is -60 and was -70"),
        ("population.exp.tau_syn_ex_ms=3", "population \"exp\": tau_syn_ex_ms is 3 and was 2"),
        ("population.exp.tau_syn_in_ms=3", "population \"exp\": tau_syn_in_ms is 3 and was 2"),
        ("population.exp.size=6", "population \"exp\": size is 6 and was 5"),
        ("projection.0.weight_mv=0.6", "projection \"E to I\": weight_mv is 0.6 and was 0.5"),
        ("projection.0.delay_ms=1.6", "projection \"E to I\": delay_ms is 1.6 and was 1.5"),
        ("projection.0.indegree=6", "projection \"E to I\": synapses is 60 and was 50"),
        ("projection.0.multapses=false", "projection \"E to I\": synapses differs"),
        ("projection.1.probability=0.31", "projection \"I to E\": synapses"),
        (
            "projection.1.delay_ms={distribution=\"normal\", mean=1.5, sd=0.31, min=0.1}",
            "projection \"I to E\": delay_ms differs",
        ),
        ("projection.noisy.weight_pa=101", "projection \"noisy\": weight_pa is 101 and was 100"),
        ("projection.noisy.delay_ms=3", "projection \"noisy\": delay_ms is 3 and was 2"),
        ("projection.noisy.outdegree=4", "projection \"noisy\": synapses is 16 and was 12"),
        ("seed=6", "network: seed is 6 and was 5"),
    ] {
        let error = bench.refused(2, &["run", ".", "--set", set, "--resume=s.bin", "--out=rest"]);
        assert!(
            error.contains("s.bin: snapshot belongs to another network") && error.contains(named),
            "{set}: {error}"
        );
        assert!(!error.contains(" more;") && !bench.path("rest").exists(), "{error}");
    }
}

#[test]
fn the_manifest_names_the_snapshot_and_what_changed() {
    let bench = bench();
    let change =
        ["--set", "input.0.rate_hz=21000", "--set", "population.noise.rate_hz=150", "--set", "input.steps.scale=2"];
    let arguments = [&["run", ".", "--json", "--resume=s.bin", "--out=rest"], &change[..]].concat();
    let report = json(&bench.expect(0, &arguments));
    let resumed = manifest(&bench.path("rest"))["resumed"].clone();
    assert_eq!(report["resumed"], resumed);
    assert_eq!((&resumed["file"], &resumed["time_ms"]), (&"s.bin".into(), &100.0.into()));
    let sum = Command::new("sha256sum").arg(bench.path("s.bin")).output().unwrap();
    assert!(String::from_utf8(sum.stdout).unwrap().starts_with(resumed["sha256"].as_str().unwrap()));
    let place = |place: &str, field: &str, before: &str, after: &str| serde_json::json!({ "place": place, "field": field, "before": before, "after": after });
    let changes = [
        place("population \"noise\"", "rate_hz", "100", "150"),
        place("input \"poisson to E\"", "rate_hz", "20000", "21000"),
        place("input \"steps\"", "scale", "1", "2"),
    ];
    assert_eq!(resumed["changes"], serde_json::Value::from(changes.to_vec()));
    let text = bench.expect(0, &["run", ".", "--resume=s.bin", "--out=more", "--set", "input.0.rate_hz=21000"]);
    assert!(
        text.contains("s.bin") && text.contains("input \"poisson to E\": rate_hz is 21000 and was 20000"),
        "{text}"
    );
    bench.expect(0, &["run", ".", "--quiet", "--resume=s.bin", "--out=same"]);
    assert_eq!(manifest(&bench.path("same"))["resumed"]["changes"], serde_json::json!([]));
    assert!(manifest(&bench.path("half")).get("resumed").is_none());
}

#[test]
fn a_run_that_goes_on_with_other_inputs_is_one_run() {
    let bench = bench();
    trains(&bench, "other.csv", &[(5.0, 0), (6.0, 0), (7.0, 1), (100.0, 0), (130.0, 1), (131.0, 1)]);
    trains(&bench, "joined.csv", &[(10.0, 0), (50.0, 1), (90.0, 0), (100.0, 0), (130.0, 1), (131.0, 1)]);
    let other = "population.stimulus.file=\"other.csv\"";
    let (stop, signal) = ("input.1.stop_ms=140", "input.steps.signal={times_ms=[0, 130], values_pa=[90.0, 0.0]}");
    bench.expect(
        0,
        &["run", ".", "--quiet", "--resume=s.bin", "--out=rest", "--set", other, "--set", stop, "--set", signal],
    );
    let joined = "population.stimulus.file=\"joined.csv\"";
    let signal = "input.steps.signal={times_ms=[0, 60, 100, 130], values_pa=[50.0, 100.0, 90.0, 0.0]}";
    bench.expect(0, &["run", ".", "--quiet", "--out=whole", "--set", joined, "--set", stop, "--set", signal]);
    assert_eq!([spikes(&bench, "half"), spikes(&bench, "rest")].concat(), spikes(&bench, "whole"));
    bench.expect(0, &["run", ".", "--quiet", "--out=plain"]);
    assert_ne!(spikes(&bench, "whole"), spikes(&bench, "plain"));
}

#[test]
fn a_file_that_is_no_snapshot_is_refused_before_anything_is_built() {
    let bench = bench();
    let resume = |file: &str| bench.refused(2, &["run", ".", "--resume", file, "--out=rest"]);
    assert!(resume("scenario.toml").contains("scenario.toml: not a tauspike snapshot"));
    let bytes = std::fs::read(bench.path("s.bin")).unwrap();
    std::fs::write(bench.path("cut.bin"), &bytes[..bytes.len() - 9]).unwrap();
    assert!(resume("cut.bin").contains("cut.bin: snapshot is damaged"));
    let mut old = bytes;
    old[8] = 2;
    std::fs::write(bench.path("old.bin"), old).unwrap();
    assert!(resume("old.bin").contains("old.bin: snapshot version 2 cannot be read; this program reads version 7"));
    assert!(resume("none.bin").contains("none.bin: cannot be read"));
    let late = bench.refused(2, &["run", ".", "--resume=s.bin", "--out=rest", "--set", "duration_ms=50"]);
    assert!(late.contains("duration_ms = 50; allowed: at least 100, the time of the snapshot s.bin"), "{late}");
    assert!(!bench.path("rest").exists());
}

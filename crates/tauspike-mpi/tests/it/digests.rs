//! The digest is that of one process, for any ranks and threads.

use crate::{Bench, MOST_RANKS, expect, manifest};
use std::path::{Path, PathBuf};
use tauspike_record::Status;
use tauspike_scenario::Expected;

/// More are tried with `TAUSPIKE_NETWORKS=100`.
const NETWORKS: u64 = 5;
const RANKS_AND_THREADS: [(usize, usize); 6] = [(1, 1), (1, 2), (2, 1), (2, 2), (4, 1), (4, 2)];

fn scenarios() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios").canonicalize().unwrap()
}

fn digest(bench: &Bench, scenario: &Path, set: &[String], (ranks, threads): (usize, usize)) -> String {
    let threads = threads.to_string();
    let mut command = bench.command(ranks, &["run", scenario.to_str().unwrap(), "--threads", &threads]);
    command.args(["--json", "--force", "--out", "out"]);
    for set in set {
        command.args(["--set", set.as_str()]);
    }
    expect(0, &command.output().unwrap());
    let told = manifest(&bench.path("out"));
    assert_eq!(told.status, Status::Finished);
    assert!(told.ranks.len() == ranks && !bench.path("out/ranks").exists());
    assert!(told.ranks.iter().all(|entry| !entry.hostname.is_empty() && entry.peak_bytes > Some(0)));
    told.digest.unwrap()
}

/// With as much of the model time and as few neurons as its `expected.toml` says.
fn every_digest_is_the_expected_one(name: &str, ranks_and_threads: &[(usize, usize)]) {
    let bench = Bench::new();
    let expected = Expected::read(&scenarios().join(name).join("expected.toml")).unwrap();
    for &on in ranks_and_threads {
        let found = digest(&bench, &scenarios().join(name), &expected.set, on);
        assert_eq!(found, expected.digest, "{name} on {on:?} ranks and threads");
        println!("{name}: {} ranks of {} threads: {found}", on.0, on.1);
    }
}

#[test]
fn quickstart() {
    every_digest_is_the_expected_one("quickstart", &RANKS_AND_THREADS);
}

#[test]
fn brunel() {
    every_digest_is_the_expected_one("brunel", &[(2, 1), (4, 1)]);
}

#[test]
#[ignore = "minutes: cargo test -p tauspike-mpi --features mpi -- --ignored"]
fn every_scenario_that_fits() {
    for scenario in std::fs::read_dir(scenarios()).unwrap() {
        let folder = scenario.unwrap().path();
        if folder.join("expected.toml").exists() && folder.join("scenario.toml").exists() {
            every_digest_is_the_expected_one(folder.file_name().unwrap().to_str().unwrap(), &RANKS_AND_THREADS);
        }
    }
}

/// Scenarios of which rules, sizes, synapses and delays are drawn.
#[test]
fn random_networks() {
    let networks = std::env::var("TAUSPIKE_NETWORKS").ok().and_then(|text| text.parse().ok()).unwrap_or(NETWORKS);
    let bench = Bench::new();
    let mut state = 0x2545_F491_4F6C_DD1Du64;
    let mut below = |most: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % most
    };
    for case in 0..networks {
        let scenario = bench.path(&format!("random{case}.toml"));
        std::fs::write(&scenario, random(case, &mut below)).unwrap();
        let alone = bench.alone(&scenario, &[], "alone");
        assert!(alone.spikes > 100, "{case}: {} spikes", alone.spikes);
        let (ranks, threads) = (2 + below(MOST_RANKS as u64 - 1) as usize, 1 + below(2) as usize);
        assert_eq!(digest(&bench, &scenario, &[], (ranks, threads)), alone.digest, "{case}: {ranks} ranks");
    }
}

fn random(seed: u64, below: &mut impl FnMut(u64) -> u64) -> String {
    let mut text = format!("name = \"random\"\nseed = {seed}\nduration_ms = 100.0\n");
    let models = ["lif_delta", "lif_exp", "lif_alpha"];
    let populations: Vec<(u64, &str)> =
        (0..1 + below(3)).map(|_| (600 + below(1500), models[below(3) as usize])).collect();
    let unit = |model: &str| if model == "lif_delta" { ("mv", 0.1) } else { ("pa", 40.0) };
    for (k, (size, model)) in populations.iter().enumerate() {
        let tau = 5 + below(30);
        text += &format!(
            "[[population]]\nname = \"p{k}\"\nsize = {size}\nmodel = \"{model}\"\ntau_m_ms = {tau}.0\ni_e_pa = {{ distribution = \"uniform\", low = 100.0, high = 450.0 }}\n"
        );
        let (unit, weight) = unit(model);
        text +=
            &format!("[[input]]\nkind = \"poisson\"\ntarget = \"p{k}\"\nrate_hz = 4000.0\nweight_{unit} = {weight}\n");
    }
    for (from, _) in populations.iter().enumerate() {
        let to = below(populations.len() as u64) as usize;
        let (unit, weight) = unit(populations[to].1);
        let rule = [
            "rule = \"fixed_indegree\"\nindegree = 20",
            "rule = \"fixed_outdegree\"\noutdegree = 20",
            "rule = \"bernoulli\"\nprobability = 0.02",
            "rule = \"fixed_total\"\ntotal = 9000",
        ];
        let delay = ["1.5", "{ distribution = \"uniform\", low = 0.6, high = 4.0 }", "0.9"];
        let sign = if below(2) == 0 { "-" } else { "" };
        text += &format!(
            "[[projection]]\nname = \"from {from}\"\nfrom = \"p{from}\"\nto = \"p{to}\"\n{}\nweight_{unit} = {sign}{weight}\ndelay_ms = {}\n",
            rule[below(4) as usize],
            delay[below(3) as usize]
        );
    }
    text
}

#[test]
fn a_snapshot_of_four_processes_is_gone_on_from_by_fewer() {
    let bench = Bench::new();
    let alone = bench.alone(&bench.path("scenario.toml"), &[], "alone");
    let first = ["run", ".", "--quiet", "--out=first", "--set=duration_ms=120", "--save-snapshot=s.bin"];
    expect(0, &bench.command(4, &first).output().unwrap());
    for ranks in [1, 2, 3] {
        let rest = ["run", ".", "--quiet", "--force", "--out=rest", "--resume=s.bin"];
        expect(0, &bench.command(ranks, &rest).output().unwrap());
        let spikes = |out: &str| tauspike_record::read_spikes(&bench.path(out).join("spikes.parquet")).unwrap();
        let (first, rest, whole) = (spikes("first"), spikes("rest"), spikes("alone"));
        assert_eq!(whole.len() as u64, alone.spikes);
        assert!([first.time, rest.time].concat() == whole.time && [first.neuron, rest.neuron].concat() == whole.neuron);
    }
}

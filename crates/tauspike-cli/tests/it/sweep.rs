//! Sweeps as a user starts them: killed, sharded, on a cluster, wrongly.

use crate::{Bench, json};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tauspike_sweep::dataset::Dataset;

/// One neuron that fires or not: a run is over in no time.
const NEURON: &str = r#"
name = "neuron"
duration_ms = 30.0
[[population]]
name = "n"
size = 1
model = "lif_delta"
"#;

/// A thousand runs; one axis is refused in some of them.
const THOUSAND: &str = r#"
name = "thousand"
scenario = "neuron.toml"
repeats = 2
[[axis]]
name = "current"
key = "population.n.i_e_pa"
from = 0
to = 900
count = 10
[[axis]]
name = "tau"
key = "population.n.tau_m_ms"
from = -1
to = 48
count = 50
[[regime]]
name = "active"
where = ["spikes_n > 0"]
[[figure]]
x = "current"
y = "tau"
value = "rate_hz_n"
"#;

fn bench() -> Bench {
    let bench = Bench::new();
    std::fs::write(bench.path("neuron.toml"), NEURON).unwrap();
    std::fs::write(bench.path("sweep.toml"), THOUSAND).unwrap();
    bench
}

/// All rows, wall times aside.
fn rows(out: &Path) -> Vec<Vec<String>> {
    let dataset = Dataset::read(out).unwrap();
    let shown = |row: &Vec<_>| {
        let cells = dataset.columns.iter().zip(row).filter(|(name, _)| !name.ends_with("_s"));
        cells.map(|(name, cell)| format!("{name} {cell:?}")).collect()
    };
    dataset.rows.iter().map(shown).collect()
}

fn done(out: &Path) -> usize {
    std::fs::read_dir(out.join("done")).map_or(0, |files| {
        files
            .filter(|file| file.as_ref().is_ok_and(|file| file.path().extension().is_some_and(|e| e == "json")))
            .count()
    })
}

#[test]
fn a_thousand_runs_killed_at_random_or_sharded_are_those_of_one_go() {
    let bench = bench();
    let told = json(&bench.expect(0, &["sweep", ".", "--out", "whole", "--json"]));
    assert_eq!(
        (&told["all"], &told["done"], &told["failed"]),
        (&1000.into(), &1000.into(), &40.into()),
        "tau = -1 and 0"
    );
    assert!(told["first_error"].as_str().unwrap().contains("tau_m_ms"));
    let whole = rows(&bench.path("whole"));
    assert_eq!(whole.len(), 1000);
    assert!(bench.path("whole/figures/rate_hz_n.png").is_file());

    // Killed after 40, 90, 140, .. results, wherever it is then.
    let (killed, mut kills) = (bench.path("killed"), 0);
    // A busy machine may look again only after hundreds of results.
    while done(&killed) < 600 {
        let aim = done(&killed) + 40 + 10 * (kills % 7);
        let mut child =
            bench.command(&["sweep", ".", "--out", "killed", "--quiet"]).stderr(Stdio::null()).spawn().unwrap();
        let deadline = Instant::now() + Duration::from_secs(120);
        while done(&killed) < aim && child.try_wait().unwrap().is_none() {
            assert!(Instant::now() < deadline, "{} of {aim} results after two minutes", done(&killed));
            std::thread::sleep(Duration::from_millis(2));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        kills += 1;
    }
    assert!(kills >= 5, "{kills}");
    assert!(bench.expect(0, &["sweep", "status", ".", "--out", "killed"]).contains("not finished"));
    let told = json(&bench.expect(0, &["sweep", ".", "--out", "killed", "--json"]));
    assert!(told["computed"].as_u64().unwrap() < 401, "{told}");
    assert_eq!(rows(&killed), whole);

    for shard in ["3/4", "1/4", "4/4"] {
        bench.expect(0, &["sweep", ".", "--out", "sharded", "--shard", shard, "--quiet"]);
    }
    assert!(bench.refused(3, &["sweep", "collect", ".", "--out", "sharded"]).contains("250 of 1000 runs are missing"));
    let last = json(&bench.expect(0, &["sweep", ".", "--out", "sharded", "--shard", "2/4", "--json"]));
    assert_eq!(last["rows"], 1000, "the last shard collects");
    assert_eq!(rows(&bench.path("sharded")), whole);
}

#[test]
fn ctrl_c_ends_a_sweep_with_what_is_done() {
    let bench = bench();
    let endless = ["sweep", ".", "--out", "out", "--quiet", "--set", "set=[\"duration_ms=1e9\"]"];
    let child = bench.command(&endless).stderr(Stdio::piped()).spawn().unwrap();
    while !bench.path("out/sweep.json").exists() {
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_millis(300));
    crate::interrupted::signal(&child, "-INT");
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(130));
    let again = bench.expect(0, &["sweep", "status", ".", "--out", "out", "--set", "set=[\"duration_ms=1e9\"]"]);
    assert!(again.contains("not finished"), "{again}");
}

#[test]
fn failed_runs_are_told_also_quietly() {
    let bench = bench();
    let few = ["sweep", ".", "--out", "out", "--quiet", "--set", "repeats=1", "--set", "axis.tau.count=2"];
    let output = bench.start(&few);
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(0), 0), "{error}");
    assert!(
        error.starts_with("warning: 10 of 20 runs failed; the first is run 0: ") && error.contains("tau_m_ms"),
        "{error}"
    );
}

/// A later command with threads that can be finds nothing that failed.
#[test]
fn too_many_threads_are_no_result_of_a_run() {
    let bench = bench();
    let few = ["--out", "out", "--json", "--set", "axis.tau.from=1", "--set", "axis.tau.count=2", "--set", "repeats=1"];
    let error = bench.refused(2, &[&["sweep", ".", "--threads", "2000"], &few[..]].concat());
    assert!(error.contains("--threads 2000; allowed: 1 to 1024"), "{error}");
    assert!(!bench.path("out").exists());
    let told = json(&bench.expect(0, &[&["sweep", ".", "--threads", "1"], &few[..]].concat()));
    assert_eq!((&told["failed"], &told["done"]), (&0.into(), &20.into()));
}

#[test]
fn pictures_of_a_sweep() {
    let bench = bench();
    bench
        .expect(0, &["sweep", ".", "--out", "out", "--quiet", "--set", "axis.tau.from=1", "--set", "axis.tau.count=3"]);
    let map = ["plot", "sweep", "out", "--x", "current", "--y", "tau", "--value", "spikes_n", "--out", "map.svg"];
    bench.expect(0, &map);
    assert!(std::fs::read_to_string(bench.path("map.svg")).unwrap().contains("spikes_n"));
    bench.expect(
        0,
        &["plot", "sweep", "out/runs", "--x", "current", "--value", "rate_hz_n", "--by", "tau", "--out", "lines.png"],
    );
    let told = |by: &[&str]| {
        let lines = ["plot", "sweep", "out", "--x", "current", "--value", "rate_hz_n", "--out", "l.svg", "--force"];
        String::from_utf8(bench.start(&[&lines[..], by].concat()).stderr).unwrap()
    };
    assert!(told(&[]).contains("note: runs of all 3 values of `tau` are averaged; --by tau"), "{}", told(&[]));
    assert!(!told(&["--by", "tau"]).contains("`tau`"), "{}", told(&["--by", "tau"]));
    let refused =
        bench.refused(2, &["plot", "sweep", "out", "--x", "curent", "--value", "rate_hz_n", "--out", "x.svg"]);
    assert!(refused.contains("did you mean \"current\"?"), "{refused}");
    assert!(bench.refused(2, &["plot", "sweep", "out", "--x", "current"]).contains("--value"));
    assert!(bench.refused(2, &["plot", "raster", "out", "--x", "current"]).contains("for plot sweep"));
    assert!(bench.refused(2, &["sweep", ".", "--shard", "5/4"]).contains("k/n with k from 1 to n"));
    assert!(bench.refused(2, &["sweep", ".", "--memory-gib", "0"]).contains("> 0"));
}

/// `sbatch` as far as the script needs it: an array of tasks, one after the other, with the variables that Slurm sets.
const SBATCH: &str = r#"#!/usr/bin/env bash
set -euo pipefail
script=$1
shift
array=$(sed -n 's/^#SBATCH --array=1-//p' "$script")
for task in $(seq "$array"); do
  SLURM_ARRAY_TASK_ID=$task SLURM_ARRAY_TASK_COUNT=$array SLURM_CPUS_PER_TASK=1 SLURM_MEM_PER_NODE=4096 bash "$script" "$@"
done
"#;

#[test]
fn the_script_for_slurm_runs_all_shards() {
    let bench = bench();
    let bin = bench.path("bin");
    std::fs::create_dir(&bin).unwrap();
    std::fs::write(bin.join("sbatch"), SBATCH).unwrap();
    std::fs::set_permissions(bin.join("sbatch"), PermissionsExt::from_mode(0o755)).unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_tauspike"), bin.join("tauspike")).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/brunel_phases/slurm.sh");
    std::fs::write(bench.path("small.toml"), THOUSAND.replace("count = 50", "count = 3")).unwrap();
    let folders = std::env::join_paths([bin.clone(), PathBuf::from("/usr/bin"), PathBuf::from("/bin")]).unwrap();
    let output = Command::new(bin.join("sbatch"))
        .args([script.as_os_str(), "small.toml".as_ref(), "out".as_ref()])
        .current_dir(bench.path(""))
        .env("PATH", folders)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(rows(&bench.path("out")).len(), 60);
}

//! The small preset from the command to its conclusions, and all of it once more by scikit-learn, pandas and SciPy.

use crate::{Bench, json};
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the crate lies in the workspace").to_owned()
}

/// Runs `docs/study/check.py`; returns what it prints.
fn check(arguments: &[&str]) -> String {
    let python = root().join(".venv/bin/python");
    assert!(python.exists(), "{} is missing: the README's test command installs it", python.display());
    let output = Command::new(python)
        .args(["-W", "ignore"])
        .arg(root().join("docs/study/check.py"))
        .args(arguments)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
    told
}

/// Three seeds of the preset on shorter records, so that it takes seconds also without optimisation.
#[test]
fn scores_and_conclusions_of_the_small_preset_are_those_of_other_software() {
    let bench = Bench::new();
    let preset = root().join("scenarios/skewed_heterogeneity/small.toml");
    let preset = preset.to_string_lossy();
    let small =
        ["--set=seeds=[101,102,103]", "--set=sampling.train=800", "--set=sampling.test=400", "--set=network.n=20"];
    bench.expect(0, &[&["study", &preset, "--out=small", "--threads=2"], &small[..]].concat());
    let mut arguments: Vec<String> = vec![bench.path("small").to_string_lossy().into_owned(), "--states".into()];
    for (at, id) in [
        "mean/LI/gamma/cv2/tau_ms=5.0/seed101",
        "mean/LIF/arcsine/cv0.7/tau_ms=20.0/seed102",
        "lost neurons/LIF/gamma/cv2/lost_neurons=0.2/seed103",
    ]
    .into_iter()
    .enumerate()
    {
        let states = format!("states{at}");
        bench.expect(0, &[&["study", &preset, "--export-states", &states, "--network", id], &small[..]].concat());
        arguments.push(bench.path(&states).to_string_lossy().into_owned());
    }
    let told = check(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(told.matches("scores as scikit-learn has them").count(), 5, "{told}");
    assert!(told.contains("comparisons as pandas and SciPy have them, all there are"), "{told}");
}

/// What is committed, and what the README says of it.
#[test]
fn the_study_that_is_shipped_says_what_the_readme_quotes() {
    let (study, readme) = (root().join("docs/study"), root().join("README.md"));
    let told = check(&[&study.to_string_lossy(), "--readme", &readme.to_string_lossy()]);
    assert!(told.contains("figures of the README are those of the study"), "{told}");
}

/// Two seeds of two tiny networks.
const TINY: &str = r#"
name = "tiny"
seeds = 2
models = ["LI"]
[sampling]
washout = 20
train = 100
test = 50
[suite]
degrees = [1, 2]
shifts_ms = [-10.0, 0.0]
dimensions = [1]
correlation_times_ms = [10.0]
[network]
n = 10
in_degree = 3
[[profile]]
name = "gamma"
distribution = "gamma"
cvs = [1.0]
[[experiment]]
name = "spread"
axes = { tau_ms = [10.0, 20.0] }
"#;

#[test]
fn shards_of_a_study_are_told_and_collected_and_the_last_one_reports() {
    let bench = Bench::new();
    std::fs::write(bench.path("study.toml"), TINY).unwrap();
    bench.expect(0, &["study", ".", "--out=whole"]);
    let first = json(&bench.expect(0, &["study", ".", "--out=out", "--shard=2/2", "--json"]));
    assert_eq!((&first["finished"], &first["shard_cells"], &first["cells"]), (&false.into(), &4.into(), &8.into()));
    assert!(!bench.path("out/results.parquet").exists() && !bench.path("out/report").exists());
    let all = json(&bench.expect(0, &["study", "status", ".", "--out=out", "--json"]));
    assert_eq!((&all["done"], &all["all"]), (&4.into(), &8.into()));
    let refused = bench.refused(3, &["study", "collect", ".", "--out=out"]);
    assert!(refused.contains("out: 4 of 8 networks are missing") && refused.contains("--set seeds="), "{refused}");
    bench.expect(0, &["study", ".", "--out=out", "--shard=1/2"]);
    for table in ["networks.parquet", "results.parquet", "taus.parquet", "report/summary.parquet"] {
        let of = |out: &str| std::fs::read(bench.path(out).join(table)).unwrap();
        assert!(of("whole") == of("out"), "{table}");
    }
    std::fs::remove_dir_all(bench.path("out/report")).unwrap();
    assert!(bench.expect(0, &["study", "collect", ".", "--out=out"]).contains("tiny: finished"));
    assert!(bench.path("out/report/report.html").exists());
    assert!(bench.refused(2, &["study", ".", "--shard=3/2"]).contains("k/n with k from 1 to n, such as 3/16"));
    assert!(bench.refused(2, &["study", "collect", ".", "--shard=1/2"]).contains("collect takes all shards together"));
}

#[test]
fn what_is_wrong_with_a_study_or_its_folder_ends_with_the_code_for_it() {
    let bench = Bench::new();
    std::fs::write(bench.path("study.toml"), TINY).unwrap();
    let refused = bench.refused(2, &["study", ".", "--out=out", "--threads=1000000"]);
    assert!(refused.contains("--threads 1000000; allowed: 1 to 1024"), "{refused}");
    let refused = bench.refused(2, &["study", ".", "--out=out", "--set=models=[\"LIF\"]", "--set=network.tau_ms=1e-9"]);
    assert!(refused.contains("network.tau_ms = 1e-9"), "{refused}");
    let unbuilt = ["study", ".", "--out=unbuilt", "--set=models=[\"LIF\"]", "--set=lif.tau_syn_ms=1e-200"];
    assert!(bench.refused(2, &unbuilt).contains("tau_syn"));
    assert!(!bench.path("out").exists());
    std::fs::create_dir(bench.path("swept")).unwrap();
    std::fs::write(bench.path("swept/sweep.json"), "{}").unwrap();
    assert!(bench.refused(3, &["study", ".", "--out=swept"]).contains("sweep.json"));
    std::fs::create_dir(bench.path("mine")).unwrap();
    std::fs::write(bench.path("mine/thesis.tex"), "").unwrap();
    assert!(bench.refused(3, &["study", ".", "--out=mine"]).contains("thesis.tex"));
}

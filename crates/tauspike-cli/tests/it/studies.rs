//! The small preset from the command to its conclusions, and all of it once more by scikit-learn, pandas and SciPy.

use crate::Bench;
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

//! What the features of the facade bring, and that CI looks at each of them.

use crate::documents::root;
use std::collections::BTreeSet;
use std::process::Command;

/// Names of all crates that a Rust program gets with `tauspike` and these features.
fn crates_with(features: &str) -> BTreeSet<String> {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--package", "tauspike", "--no-default-features", "--features", features])
        .args(["--edges", "normal", "--prefix", "none"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let text = String::from_utf8(tree.stdout).unwrap();
    text.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

fn any(crates: &BTreeSet<String>, starts: &[&str]) -> Vec<String> {
    crates.iter().filter(|name| starts.iter().any(|start| name.starts_with(start))).cloned().collect()
}

const FILES: [&str; 9] = ["arrow", "parquet", "zstd", "snap", "zip", "csv", "npyz", "toml", "serde_json"];
const LINEAR_ALGEBRA: [&str; 8] =
    ["faer", "sprs", "ndarray", "nalgebra", "matrixmultiply", "gemm", "nano-gemm", "num-complex"];

#[test]
fn without_features_there_is_no_file_format_and_no_linear_algebra() {
    let crates = crates_with("");
    assert_eq!(any(&crates, &FILES), [""; 0]);
    assert_eq!(any(&crates, &LINEAR_ALGEBRA), [""; 0]);
    assert!(crates.len() <= 45, "{} crates: {crates:?}", crates.len());
}

#[test]
fn each_feature_brings_its_own_and_no_more() {
    for (feature, brings, without) in [
        ("record", "tauspike-record", &LINEAR_ALGEBRA[..3]),
        ("import", "tauspike-import", &LINEAR_ALGEBRA[..3]),
        ("task", "tauspike-task", &FILES[..7]),
        ("scenario", "tauspike-scenario", &["sprs", "ndarray", "plotters", "resvg"]),
        ("sprs", "sprs", &FILES[..]),
    ] {
        let crates = crates_with(feature);
        assert!(crates.contains(brings), "{feature}: {crates:?}");
        assert_eq!(any(&crates, without), [""; 0], "{feature}");
    }
}

#[test]
fn every_feature_is_described() {
    let manifest = std::fs::read_to_string(root().join("crates/tauspike/Cargo.toml")).unwrap();
    let table = manifest.split("[features]").nth(1).unwrap().split("\n[").next().unwrap();
    let features: Vec<_> = table.lines().filter_map(|line| line.split_once(" = ")).map(|(name, _)| name).collect();
    assert!(features.len() > 4, "{features:?}");
    let documentation = std::fs::read_to_string(root().join("crates/tauspike/src/lib.rs")).unwrap();
    for feature in features.iter().filter(|name| **name != "default") {
        assert!(
            documentation.contains(&format!("| `{feature}`")),
            "src/lib.rs does not describe the feature {feature}"
        );
    }
}

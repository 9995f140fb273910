//! The documents that name files: the files must exist.

use std::path::{Path, PathBuf};

/// The folder of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie in the workspace").to_path_buf()
}

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

#[test]
fn every_path_in_architecture_exists() {
    let text = read("ARCHITECTURE.md");
    let quoted: Vec<&str> =
        text.split('`').skip(1).step_by(2).filter(|s| s.starts_with("crates/") || s.starts_with("docs/")).collect();
    assert!(quoted.len() > 20, "{quoted:?}");
    for path in quoted {
        assert!(root().join(path).exists(), "ARCHITECTURE.md names {path}");
    }
}

#[test]
fn every_crate_is_in_architecture() {
    let text = read("ARCHITECTURE.md");
    for entry in std::fs::read_dir(root().join("crates")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(text.contains(&format!("`crates/{name}`")), "ARCHITECTURE.md does not name {name}");
    }
}

#[test]
fn every_link_and_scenario_in_the_readme_exists() {
    let text = read("README.md");
    for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        assert!(target.starts_with("http") || root().join(target).exists(), "README.md links to {target}");
    }
    for entry in std::fs::read_dir(root().join("scenarios")).unwrap().map(|entry| entry.unwrap()) {
        if !entry.path().is_dir() {
            continue;
        }
        let name = entry.file_name().into_string().unwrap();
        assert!(text.contains(&format!("`{name}`")), "README.md does not name the scenario {name}");
    }
}

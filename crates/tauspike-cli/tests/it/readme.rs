//! The README's Python snippets, as a reader would run them, with every warning an error.

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the crate lies in the workspace").to_path_buf()
}

fn snippet(name: &str) -> String {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let start = format!("<!-- snippet: {name} -->\n```python\n");
    let (_, rest) = readme.split_once(&start).unwrap_or_else(|| panic!("README.md has no snippet {name}"));
    rest.split_once("```").expect("the snippet ends").0.to_string()
}

pub fn python() -> PathBuf {
    let python = root().join(".venv/bin/python");
    assert!(python.exists(), "{} is missing: the README's test command installs it", python.display());
    python
}

#[test]
fn both_snippets_read_a_recording_without_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let run = Command::new(env!("CARGO_BIN_EXE_tauspike"))
        .args(["run", "--quiet", "--out", "out/quickstart"])
        .arg(root().join("scenarios/quickstart"))
        .current_dir(folder.path())
        .status()
        .unwrap();
    assert!(run.success());
    for name in ["pandas", "polars"] {
        let output = Command::new(python())
            .args(["-W", "error", "-c", &snippet(name)])
            .current_dir(folder.path())
            .output()
            .unwrap();
        let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success() && stderr.is_empty(), "{name}: {stderr}");
        let cv: f64 = stdout.lines().last().unwrap().trim_start_matches("CV of ISI ").parse().unwrap();
        assert!((0.1..1.5).contains(&cv), "{name}: {stdout}");
        assert!(stdout.contains('E') && stdout.contains('I'), "{name}: {stdout}");
    }
}

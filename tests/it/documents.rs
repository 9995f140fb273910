//! What documents and comments name must exist: files, decisions (ADRs), tests, links, crates, scenarios.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The folder of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie in the workspace").to_path_buf()
}

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// Names in documents that are not files of the repository: what a program writes, or what a user has.
const NOT_OURS: [&str; 2] = ["study.toml", "gain.toml"];

/// Every file that git would keep, relative to the root.
fn files() -> Vec<String> {
    fn walk(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()) {
            let (path, name) = (entry.path(), entry.file_name().into_string().unwrap());
            if path.is_dir() {
                let made = ["target", "out", "__pycache__", "corpus", "artifacts"];
                if !made.contains(&name.as_str()) && (!name.starts_with('.') || name == ".ci") {
                    walk(&path, found);
                }
            } else {
                let relative = path.strip_prefix(root()).unwrap().to_str().unwrap();
                found.push(relative.replace('\\', "/"));
            }
        }
    }
    let mut found = Vec::new();
    walk(&root(), &mut found);
    found
}

/// The prose of a file, without fenced code: a document, or the comments of a source file.
fn prose(name: &str) -> String {
    let comment = |line: &&str| !name.ends_with(".rs") || line.trim_start().starts_with("//");
    let text = read(name).lines().filter(comment).collect::<Vec<_>>().join("\n");
    text.split("```").step_by(2).collect::<Vec<_>>().join("\n")
}

/// Documents and sources, each with its prose.
fn texts(files: &[String]) -> Vec<(&str, String)> {
    let written = |name: &&String| name.ends_with(".md") || name.ends_with(".rs");
    files.iter().filter(written).map(|name| (name.as_str(), prose(name))).collect()
}

/// The words of `text` that look like a file of the repository.
fn named_files(text: &str) -> BTreeSet<&str> {
    let word = |c: char| c.is_ascii_alphanumeric() || "_-./*".contains(c);
    let ours =
        |name: &&str| [".rs", ".md", ".toml", ".py"].iter().any(|end| name.ends_with(end) && name.len() > end.len());
    text.split(|c| !word(c)).map(|name| name.trim_end_matches('.').trim_start_matches("./")).filter(ours).collect()
}

/// Whether `path` ends with the components of `name`, where `*` stands for any one component.
fn ends_with(path: &str, name: &str) -> bool {
    let (mut path, mut name) = (path.rsplit('/'), name.rsplit('/'));
    name.all(|part| path.next().is_some_and(|folder| part == "*" || part == folder))
}

#[test]
fn every_file_named_in_a_document_or_comment_exists() {
    let files = files();
    let (mut seen, mut missing) = (0, Vec::new());
    for (document, text) in texts(&files) {
        let folder = Path::new(document).parent().unwrap();
        for name in named_files(&text) {
            seen += 1;
            let beside = root().join(folder).join(name).exists(); // ../ in links
            if !beside && !NOT_OURS.contains(&name) && !files.iter().any(|path| ends_with(path, name)) {
                missing.push(format!("{document} names {name}"));
            }
        }
    }
    assert!(seen > 100, "{seen}");
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_file_named_in_architecture_is_where_it_says() {
    let text = read("ARCHITECTURE.md");
    let quoted: Vec<&str> =
        text.split('`').skip(1).step_by(2).filter(|s| s.starts_with("crates/") || s.starts_with("docs/")).collect();
    assert!(quoted.len() > 20, "{quoted:?}");
    for path in quoted {
        assert!(root().join(path).exists(), "ARCHITECTURE.md names {path}");
    }
}

#[test]
fn every_decision_that_is_referred_to_exists() {
    let files = files();
    let mut seen = 0;
    for (document, text) in texts(&files) {
        for number in text.split("ADR ").skip(1).map(|rest| rest.chars().take(4).collect::<String>()) {
            if number.parse::<u32>().is_ok() {
                seen += 1;
                let start = format!("docs/adr/{number}-");
                assert!(files.iter().any(|file| file.starts_with(&start)), "{document} names ADR {number}");
            }
        }
    }
    assert!(seen > 10, "{seen}");
}

#[test]
fn every_test_named_by_a_decision_exists() {
    let files = files();
    let sources: String = files.iter().filter(|name| name.ends_with(".rs")).map(|name| read(name)).collect();
    let mut seen = 0;
    for decision in files.iter().filter(|name| name.starts_with("docs/adr/")) {
        for quoted in prose(decision).split('`').skip(1).step_by(2) {
            // the names of tests are sentences
            let sentence =
                quoted.matches('_').count() >= 4 && quoted.chars().all(|c| c == '_' || c.is_ascii_alphanumeric());
            if sentence {
                seen += 1;
                assert!(sources.contains(&format!("fn {quoted}(")), "{decision} names the test {quoted}");
            }
        }
    }
    assert!(seen > 5, "{seen}");
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

/// What a registry shows of a crate must be true: no placeholder, and the same sentence nowhere twice.
#[test]
fn every_crate_says_what_it_is() {
    let mut said = BTreeSet::new();
    for manifest in files().iter().filter(|name| name.ends_with("Cargo.toml") && *name != "Cargo.toml") {
        let text = read(manifest);
        let line = text.lines().find_map(|line| line.strip_prefix("description = ")).unwrap_or_default();
        assert!(line.split_whitespace().count() >= 4 && !line.contains("TODO"), "{manifest}: {line:?}");
        assert!(said.insert(line.to_owned()), "{manifest}: {line:?} is said of two crates");
    }
    assert!(!read("Cargo.toml").contains("example.org"), "the repository named in Cargo.toml does not exist");
}

#[test]
fn every_example_is_run_by_the_test_command() {
    let command = read("check");
    let files = files();
    let examples = files.iter().filter(|name| name.contains("/examples/") && name.ends_with(".rs"));
    let names: Vec<&str> = examples.map(|name| name.rsplit('/').next().unwrap().trim_end_matches(".rs")).collect();
    assert!(names.len() >= 4, "{names:?}");
    for name in names {
        let run = |line: &str| line.strip_prefix("example ").is_some_and(|of| of.split(' ').next() == Some(name));
        assert!(command.lines().any(run), "./check does not run the example {name}");
    }
}

#[test]
fn every_fuzz_target_is_described_and_has_seeds() {
    let readme = read("fuzz/README.md");
    let files = files();
    for target in files.iter().filter_map(|name| name.strip_prefix("fuzz/fuzz_targets/")?.strip_suffix(".rs")) {
        assert!(readme.contains(&format!("| `{target}` |")), "fuzz/README.md does not name {target}");
        assert!(files.iter().any(|name| name.starts_with(&format!("fuzz/seeds/{target}/"))), "{target} has no seeds");
    }
}

//! What is written, and what is refused.

use crate::synthetic::{self, Truth};
use arrow_array::RecordBatch;
use arrow_array::{ArrayRef, Float64Array};
use parquet::arrow::ArrowWriter;
use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;
use tauspike_report::{Study, write};

fn study() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    synthetic::write(folder.path(), &Truth::of_all());
    folder
}

fn refusal(folder: &Path) -> String {
    Study::read(folder).unwrap_err().to_string()
}

/// Writes the report of a study with all experiments; `TAUSPIKE_REPORT_DIR` keeps it, to be looked at.
#[test]
fn a_report_is_one_page_that_needs_nothing_else() {
    let folder = study();
    let kept = std::env::var_os("TAUSPIKE_REPORT_DIR").map(std::path::PathBuf::from);
    let out = kept.unwrap_or_else(|| folder.path().join("report"));
    let report = write(folder.path(), &out, true, "tauspike report <x>").unwrap();
    for name in [
        "score_over_mean",
        "score_over_mean_and_cv",
        "score_over_shift",
        "gain_over_cv",
        "task_map",
        "score_over_size",
        "cost_over_score",
        "robustness",
        "gains",
        "predictors",
        "rates",
    ] {
        for ending in ["svg", "png"] {
            let path = out.join(format!("{name}.{ending}"));
            assert!(report.files.contains(&path) && path.is_file(), "{}", path.display());
        }
    }
    let page = fs::read_to_string(out.join("report.html")).unwrap();
    for needed in [
        "prefers-color-scheme: dark",
        "<svg",
        "<title>",
        "tauspike report &lt;x&gt;",
        "synthetic &lt;study&gt;",
        "<code>tauspike study synthetic",
        "gamma, CV 2",
        "would score <b>0.875</b> on the 4 of 8 tasks",
        "% of what is possible",
    ] {
        assert!(page.contains(needed), "{needed}");
    }
    for forbidden in ["<script", "<link", "src=", "url(", "NaN", "inf,", "@import"] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    assert_eq!(page.matches("http").count(), page.matches("http://www.w3.org/2000/svg").count());
    let verdicts: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(out.join("verdicts.json")).unwrap()).unwrap();
    assert_eq!(verdicts[0]["findings"][1]["verdict"], "supported");
}

/// Of the four tasks of degree 1 three can be done in full and one by half; of the others nobody knows.
#[test]
fn scores_are_told_as_a_share_of_what_the_stimulus_allows() {
    let folder = study();
    let study = Study::read(folder.path()).unwrap();
    let possible: Vec<f64> = study.tasks.iter().map(|task| task.possible_r2).collect();
    assert_eq!(possible[..4], [1.0, 1.0, 1.0, 0.5]);
    assert!(possible[4..].iter().all(|r2| r2.is_nan()), "{possible:?}");
    for network in &study.networks {
        let reached: f64 = network.outcomes.iter().filter(|outcome| outcome.task < 4).map(|outcome| outcome.r2).sum();
        assert!((network.share_of_possible - reached / 3.5).abs() < 1e-12, "{network:?}");
    }
    let cells = tauspike_report::cell::cells(&study);
    let shares: Vec<f64> = cells.iter().map(|cell| cell.mean(tauspike_results::columns::SHARE_OF_POSSIBLE)).collect();
    assert!(shares.iter().all(|share| (0.01..1.0).contains(share)), "{shares:?}");
}

/// Every comparison that decides stands in the overview, not the first alone.
#[test]
fn the_overview_shows_every_comparison_that_decides() {
    let folder = study();
    let report = write(folder.path(), &folder.path().join("report"), false, "x").unwrap();
    let page = fs::read_to_string(folder.path().join("report/report.html")).unwrap();
    let overview = &page[page.find("<h2>Verdicts").unwrap()..page.find("<h2>Figures").unwrap()];
    let findings = report.statements.iter().flat_map(|statement| &statement.findings);
    let deciding = findings.flat_map(|finding| &finding.evidence).filter(|item| item.test.is_some()).count();
    assert!(deciding > 40 && overview.matches("class=\"number\"").count() == deciding, "{deciding}");
}

#[test]
fn a_reference_that_no_network_has_is_refused() {
    let folder = study();
    let path = folder.path().join("study.json");
    let manifest = fs::read_to_string(&path).unwrap().replace("2.0", "3.0");
    fs::write(&path, manifest).unwrap();
    let error = refusal(folder.path());
    assert!(error.contains("study.json") && error.contains("gamma, CV 3"), "{error}");
}

#[test]
fn the_same_study_gives_the_same_report() {
    let folder = study();
    let page = |name: &str| {
        let out = folder.path().join(name);
        write(folder.path(), &out, false, "x").unwrap();
        fs::read(out.join("report.html")).unwrap()
    };
    assert!(page("a") == page("b"));
}

#[test]
fn a_report_that_is_there_is_replaced_only_by_force() {
    let folder = tempfile::tempdir().unwrap();
    synthetic::write(folder.path(), &Truth { experiments: vec!["size"], seeds: 5, ..Truth::of_all() });
    let out = folder.path().join("report");
    fs::create_dir(&out).unwrap();
    fs::write(out.join("notes.txt"), "mine").unwrap();
    write(folder.path(), &out, false, "x").unwrap();
    let error = write(folder.path(), &out, false, "x").unwrap_err().to_string();
    assert!(error.contains("--force") && error.contains("report.html"), "{error}");
    write(folder.path(), &out, true, "x").unwrap();
    assert_eq!(fs::read_to_string(out.join("notes.txt")).unwrap(), "mine");
}

#[test]
fn files_of_the_same_names_that_are_of_no_report_stay_even_with_force() {
    let folder = tempfile::tempdir().unwrap();
    synthetic::write(folder.path(), &Truth { experiments: vec!["size"], seeds: 5, ..Truth::of_all() });
    for theirs in ["summary.parquet", "score_over_size.png"] {
        let out = folder.path().join(theirs.replace('.', "_"));
        fs::create_dir(&out).unwrap();
        fs::write(out.join(theirs), "years of work").unwrap();
        for force in [false, true] {
            let error = write(folder.path(), &out, force, "x").unwrap_err().to_string();
            assert!(error.contains(theirs), "{error}");
            assert_eq!(fs::read_to_string(out.join(theirs)).unwrap(), "years of work");
            assert_eq!(fs::read_dir(&out).unwrap().count(), 1, "nothing is written");
        }
    }
}

#[test]
fn a_folder_without_a_study_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let error = refusal(folder.path());
    assert!(error.contains("results.parquet") && error.contains(&*folder.path().to_string_lossy()), "{error}");
}

#[test]
fn a_truncated_table_is_named() {
    let folder = study();
    let path = folder.path().join("results.parquet");
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    assert!(refusal(folder.path()).contains("results.parquet"));
}

#[test]
fn a_damaged_page_is_an_error_that_names_the_file() {
    let folder = study();
    let path = folder.path().join("results.parquet");
    let mut bytes = fs::read(&path).unwrap();
    bytes[4..64].fill(0xff);
    fs::write(&path, bytes).unwrap();
    assert!(refusal(folder.path()).contains("results.parquet"));
}

#[test]
fn a_missing_column_is_named_with_those_there_are() {
    let folder = study();
    let column: ArrayRef = Arc::new(Float64Array::from(vec![1.0]));
    let batch = RecordBatch::try_from_iter([("surprise", column)]).unwrap();
    let file = File::create(folder.path().join("networks.parquet")).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let error = refusal(folder.path());
    assert!(
        error.contains("networks.parquet") && error.contains("network_id") && error.contains("surprise"),
        "{error}"
    );
}

#[test]
fn results_of_an_unknown_network_are_refused() {
    let folder = study();
    let other = tempfile::tempdir().unwrap();
    synthetic::write(other.path(), &Truth { experiments: vec!["bias"], ..Truth::of_all() });
    fs::copy(other.path().join("networks.parquet"), folder.path().join("networks.parquet")).unwrap();
    let error = refusal(folder.path());
    assert!(error.contains("results.parquet: row") && error.contains("networks.parquet"), "{error}");
}

#[test]
fn a_manifest_that_is_no_json_is_named() {
    let folder = study();
    fs::write(folder.path().join("study.json"), "{").unwrap();
    assert!(refusal(folder.path()).contains("study.json"));
}

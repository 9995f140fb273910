//! `report` on folders that hold no study. What it makes of a study is tested where it is made, in `tauspike-report`.

use crate::Bench;

#[test]
fn a_folder_without_a_study_is_refused_and_nothing_is_written() {
    let bench = Bench::new();
    let output = bench.command(&["report", ".", "--out", "out"]).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert!(error.contains("results.parquet") && error.contains("tauspike study"), "{error}");
    assert!(!bench.path("out").exists());
}

#[test]
fn a_table_that_is_no_parquet_is_named() {
    let bench = Bench::new();
    for name in ["results.parquet", "networks.parquet"] {
        std::fs::write(bench.path(name), "no table").unwrap();
    }
    let output = bench.command(&["report", "."]).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{error}");
    assert!(error.contains("networks.parquet"), "{error}");
}

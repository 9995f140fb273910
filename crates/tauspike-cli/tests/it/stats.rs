//! `stats`: what a recording says, whichever way it is read.

use crate::{Bench, json};

#[test]
fn rates_and_cv_are_those_of_the_run_for_any_number_of_threads() {
    let bench = Bench::new();
    let run = json(&bench.expect(0, &["run", ".", "--json", "--out", "out"]));
    let one = bench.expect(0, &["stats", "out", "--json", "--threads", "1"]);
    assert_eq!(bench.expect(0, &["stats", "out/spikes.parquet", "--json", "--threads", "3"]), one, "bit by bit");
    let stats = json(&one);
    assert_eq!(stats["spikes"], run["spikes"]);
    for k in 0..2 {
        assert_eq!(stats["populations"][k]["rate_hz"], run["populations"][k]["rate_hz"]);
        assert_eq!(stats["populations"][k]["cv_isi"], run["populations"][k]["cv_isi"]);
    }
    assert!(bench.expect(0, &["stats", "out"]).contains("CV ISI"));
}

#[test]
fn a_window_reads_the_row_groups_it_needs() {
    let bench = Bench::new();
    bench.expect(0, &["run", ".", "--quiet", "--out", "out"]);
    let stats = |window: [&str; 4]| json(&bench.expect(0, &[&["stats", "out", "--json"], &window[..]].concat()));
    let (whole, part) = (stats(["--from", "0", "--to", "500"]), stats(["--from", "200", "--to", "220"]));
    let number = |report: &serde_json::Value, key: &str| report[key].as_u64().unwrap();
    assert_eq!(number(&whole, "row_groups_read"), number(&whole, "row_groups"));
    assert!(number(&whole, "row_groups") > 10);
    assert!(number(&part, "row_groups_read") < number(&whole, "row_groups") / 5, "{part}");
    assert!(number(&part, "spikes") > 0);
    let parts = (0..5).map(|k| {
        let (from, to) = ((k * 100).to_string(), ((k + 1) * 100).to_string());
        number(&stats(["--from", &from, "--to", &to]), "spikes")
    });
    assert_eq!(parts.sum::<u64>(), number(&whole, "spikes"), "windows share no spike and leave none out");
    assert!(bench.refused(2, &["stats", "out", "--from", "3", "--to", "2"]).contains("--from 3 --to 2"));
    assert!(bench.refused(2, &["stats", "out", "--bin", "0"]).contains("--bin 0"));
    assert!(bench.refused(3, &["stats", "absent"]).contains("absent"));
    // What is refused is what was given.
    let error = bench.refused(2, &["stats", "out", "--bin", "1e-9"]);
    assert!(error.contains("--bin 0.000000001: allowed: a finite width in ms, at least"), "{error}");
    // What was not recorded is not silence.
    for outside in [["--to", "500.1"], ["--to", "1e9"], ["--from", "-1"]] {
        let error = bench.refused(2, &[&["stats", "out"], &[&outside.join("=")[..]][..]].concat());
        assert!(error.contains(outside[0]) && error.contains("from 0 to 500, which was recorded"), "{error}");
    }
    std::fs::rename(bench.path("out/manifest.json"), bench.path("out/aside.json")).unwrap();
    let error = bench.refused(2, &["stats", "out/spikes.parquet", "--to", "1e9"]);
    assert!(error.contains("--to 1000000000: allowed: at most 67108864") && !error.contains("--bin 1:"), "{error}");
    std::fs::rename(bench.path("out/aside.json"), bench.path("out/manifest.json")).unwrap();
    let error = bench.refused(2, &["stats", "out", "--from", "600"]);
    assert!(error.contains("--from 600: allowed") && !error.contains("--to"), "{error}");
    let error = bench.refused(2, &["stats", "out", "--to=-1"]);
    assert!(error.contains("--to -1: allowed") && !error.contains("--from"), "{error}");
}

#[test]
fn probes_are_not_taken_for_spikes() {
    let bench = Bench::new();
    let probe = "record.probe=[{population=\"E\", neurons=[0], interval_ms=1.0}]";
    bench.expect(0, &["run", ".", "--quiet", "--out", "out", "--set", probe]);
    for command in [&["stats", "out/probes.parquet"][..], &["compare", "out/probes.parquet", "out"]] {
        let error = bench.refused(3, command);
        assert!(error.contains("probes.parquet") && error.contains("it is the table of probes"), "{error}");
    }
}

#[test]
fn a_recording_that_lost_rows_is_refused() {
    let bench = Bench::new();
    bench.expect(0, &["run", ".", "--quiet", "--out", "out"]);
    bench.expect(0, &["run", ".", "--quiet", "--out", "short", "--set", "duration_ms=100"]);
    std::fs::copy(bench.path("short/spikes.parquet"), bench.path("out/spikes.parquet")).unwrap();
    for command in [&["stats", "out"][..], &["plot", "raster", "out"], &["compare", "out", "short"]] {
        let error = bench.refused(3, command);
        assert!(
            error.contains("out/spikes.parquet") && error.contains("of ") && error.contains("manifest.json"),
            "{error}"
        );
    }
}

/// mean / 20 is drawn instead of what is below.
#[test]
fn a_distribution_that_is_cut_is_told() {
    let bench = Bench::new();
    let cut = r#"population.E.tau_m_ms={ distribution = "uniform", mean = 20.0, cv = 0.8 }"#;
    for command in ["check", "run"] {
        let told = |set: &str| {
            let done = bench.start(&[command, ".", "--set", set, "--set", "duration_ms=1"]);
            assert_eq!(done.status.code(), Some(0));
            String::from_utf8(done.stderr).unwrap()
        };
        let note = told(cut);
        assert!(note.contains("population `E`: `tau_m_ms`") && note.contains("mean / 20 = 1.0000"), "{note}");
        let meant = cut.replace("cv = 0.8", "cv = 0.8, min = 1.0");
        bench.start(&["run", ".", "--quiet", "--force"]);
        std::fs::remove_dir_all(bench.path("out")).unwrap();
        assert!(!told(&meant).contains("note"));
        std::fs::remove_dir_all(bench.path("out")).ok();
    }
}

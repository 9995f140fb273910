//! What the program says, and ends with, when something is wrong.

use crate::Bench;

#[test]
fn a_misspelt_key_is_refused_with_the_right_one() {
    let bench = Bench::new();
    let error = bench.refused(2, &["run", ".", "--set", "population.E.tau_mm_ms=3"]);
    assert!(error.contains("tau_mm_ms") && error.contains("`tau_m_ms`"), "{error}");
    assert!(!bench.path("out").exists(), "nothing is written");
}

#[test]
fn an_impossible_value_is_refused_with_file_field_and_value() {
    let bench = Bench::new();
    let error = bench.refused(2, &["check", ".", "--set", "population.I.tau_m_ms=-1"]);
    for needed in ["scenario.toml", "tau_m_ms", "-1", "> 0"] {
        assert!(error.contains(needed), "{needed}: {error}");
    }
}

#[test]
fn results_of_an_earlier_run_are_not_replaced_unasked() {
    let bench = Bench::new();
    bench.expect(0, &["run", ".", "--quiet"]);
    let before = std::fs::read(bench.path("out/tiny/spikes.parquet")).unwrap();
    let error = bench.refused(3, &["run", ".", "--quiet", "--seed", "8"]);
    assert!(error.contains("out/tiny") && error.contains("--force"), "{error}");
    assert_eq!(std::fs::read(bench.path("out/tiny/spikes.parquet")).unwrap(), before);
    bench.expect(0, &["run", ".", "--quiet", "--seed", "8", "--force"]);
    assert_ne!(std::fs::read(bench.path("out/tiny/spikes.parquet")).unwrap(), before);
}

#[test]
fn a_missing_scenario_and_an_unknown_option_are_bad_input() {
    let bench = Bench::new();
    assert!(bench.refused(2, &["run", "nowhere.toml"]).contains("nowhere.toml"));
    assert!(bench.refused(2, &["run", ".", "--treads", "2"]).contains("--threads"));
    assert!(bench.refused(2, &["run", ".", "--threads", "0"]).contains("--threads"));
    assert!(bench.refused(2, &["recover", "nowhere"]).contains("nowhere"));
}

/// A number for each rank is kept: of these there would be no memory for it, or no end.
#[test]
fn more_ranks_than_any_machine_has_are_refused_at_once() {
    let bench = Bench::new();
    for ranks in ["0", "65537", "100000000", "18446744073709551615"] {
        let error = bench.refused(2, &["check", ".", "--ranks", ranks]);
        for needed in ["--ranks", ranks, "1..=65536"] {
            assert!(error.contains(needed), "{needed}: {error}");
        }
    }
}

#[test]
fn a_recording_that_is_none_is_an_input_output_error() {
    let bench = Bench::new();
    std::fs::write(bench.path("x.parquet"), "not parquet").unwrap();
    assert!(bench.refused(3, &["compare", "x.parquet", "x.parquet"]).contains("x.parquet"));
    assert!(bench.refused(3, &["plot", "raster", "nowhere.parquet"]).contains("nowhere.parquet"));
}

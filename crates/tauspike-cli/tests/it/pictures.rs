//! `plot` writes pictures that are pictures.

use crate::Bench;

fn is_png(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x89PNG\r\n\x1a\n") && bytes.windows(4).any(|w| w == b"IEND")
}

#[test]
fn every_kind_becomes_svg_and_png_with_units() {
    let bench = Bench::new();
    bench.expect(0, &["run", ".", "--quiet"]);
    let kinds = [
        ("raster", "out/tiny", "time (ms)"),
        ("rate", "out/tiny", "rate (Hz)"),
        ("isi", "out/tiny", "interspike interval (ms)"),
        ("tau", ".", "tau_m (ms)"),
    ];
    for (kind, input, unit) in kinds {
        bench.expect(0, &["plot", kind, input]);
        let svg = std::fs::read_to_string(bench.path(&format!("{kind}.svg"))).unwrap();
        assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"), "{kind}");
        assert!(svg.contains(unit) && svg.contains("tiny"), "{kind} says what it shows");
        let tree = resvg::usvg::Tree::from_str(&svg, &resvg::usvg::Options::default());
        assert!(tree.is_ok(), "{kind}: {tree:?}");
        let png = std::fs::read(bench.path(&format!("{kind}.png"))).unwrap();
        assert!(is_png(&png) && png.len() > 10_000, "{kind}: {} bytes", png.len());
    }
}

#[test]
fn a_raster_shows_each_spike_of_the_window_once() {
    let bench = Bench::new();
    bench.expect(0, &["run", ".", "--quiet"]);
    bench.expect(0, &["plot", "raster", "out/tiny", "--from", "100", "--to", "200", "--out", "r.svg"]);
    let spikes = tauspike_record::read_spikes(&bench.path("out/tiny/spikes.parquet")).unwrap();
    let inside = spikes.time.iter().filter(|time| (100.0..200.0).contains(*time)).count();
    let svg = std::fs::read_to_string(bench.path("r.svg")).unwrap();
    assert_eq!(svg.matches("<circle").count(), inside);
    assert!(!bench.path("raster.png").exists());
}

#[test]
fn a_file_of_others_shows_its_first_and_last_spike() {
    let bench = Bench::new();
    std::fs::write(bench.path("s.csv"), "time_ms,neuron\n-3,0\n10,0\n20,1\n30,0\n30,1\n").unwrap();
    bench.expect(0, &["plot", "raster", "s.csv", "--out", "r.svg"]);
    assert_eq!(std::fs::read_to_string(bench.path("r.svg")).unwrap().matches("<circle").count(), 5);
}

/// What was not recorded is not silence.
#[test]
fn time_that_was_not_recorded_is_not_drawn() {
    let bench = Bench::new();
    bench.expect(0, &["run", ".", "--quiet"]);
    let error = bench.refused(2, &["plot", "rate", "out/tiny", "--to", "1e6"]);
    assert!(error.contains("--to 1000000: allowed: a time in ms from 0 to 500, which was recorded"), "{error}");
}

#[test]
fn a_picture_is_not_replaced_unasked_and_its_ending_must_be_known() {
    let bench = Bench::new();
    bench.expect(0, &["plot", "tau", ".", "-o", "t.svg"]);
    assert!(bench.refused(3, &["plot", "tau", ".", "-o", "t.svg"]).contains("--force"));
    bench.expect(0, &["plot", "tau", ".", "-o", "t.svg", "--force"]);
    assert!(bench.refused(2, &["plot", "tau", ".", "-o", "t.pdf"]).contains(".svg or .png"));
    bench.expect(0, &["run", ".", "--quiet"]);
    assert!(bench.refused(2, &["plot", "rate", "out/tiny", "--from", "9", "--to", "3"]).contains("--from 9"));
}

//! Folders of runs that left no spikes, or that are damaged: each is told as what it is.

use crate::{Bench, json, manifest};
use std::fs;
use tauspike_record::{Manifest, OutputDir, PopulationRange, Populations, ScenarioText, SpikeRecorder, Spikes};

/// A run that was killed before its first spikes were on disk, in `o`.
fn killed_at_once(bench: &Bench) {
    let populations = Populations::new(vec![PopulationRange { name: "E".into(), first: 0, size: 3 }]).unwrap();
    let output = OutputDir::create(&bench.path("o"), false).unwrap();
    let manifest = Manifest::start(ScenarioText::new("x = 1"), 1, 1, populations.clone());
    manifest.write(&output.manifest()).unwrap();
    let rows = std::num::NonZeroUsize::new(10).unwrap();
    drop(SpikeRecorder::create(&output.spikes(), Spikes::new(populations), rows).unwrap());
}

#[test]
fn a_recording_without_a_spike_is_told_as_such() {
    let bench = Bench::new();
    killed_at_once(&bench);
    for recovered in [false, true] {
        let text = bench.expect(0, &["stats", "o"]);
        assert!(text.contains("no spikes over 0 ms"), "{text}");
        let report = json(&bench.expect(0, &["stats", "o", "--json"]));
        assert_eq!((&report["spikes"], &report["populations"][0]["spikes"]), (&0.into(), &0.into()));
        assert!(report["populations"][0]["rate_hz"].is_null());
        if !recovered {
            let told = String::from_utf8(bench.start(&["stats", "o"]).stderr).unwrap();
            assert!(told.contains("was killed; `tauspike recover o`"), "{told}");
            bench.expect(0, &["recover", "o"]);
        }
    }
    let error = bench.refused(2, &["stats", "o", "--from", "3"]);
    assert!(error.contains("--from 3") && !error.contains("--to"), "{error}");
}

#[test]
fn a_folder_without_spikes_says_why() {
    let bench = Bench::new();
    bench.expect(0, &["run", ".", "--quiet", "--out=t1"]);
    bench.expect(0, &["run", ".", "--quiet", "--out=ns", "--set", "record.spikes=false"]);
    bench.expect(0, &["run", ".", "--quiet", "--out=gone"]);
    fs::remove_file(bench.path("gone/spikes.parquet")).unwrap();
    bench.expect(0, &["split", "t1", "--out", "parts"]);
    fs::create_dir(bench.path("empty")).unwrap();
    for (folder, reason) in [
        ("ns", "record.spikes = false"),
        ("gone", "spikes.parquet is gone"),
        ("parts", "`tauspike split`"),
        ("empty", "holds no recording"),
    ] {
        for command in [&["stats", folder][..], &["compare", folder, "t1"], &["plot", "raster", folder]] {
            let error = bench.refused(3, command);
            assert!(error.contains(folder) && error.contains(reason), "{command:?}: {error}");
            assert!(!error.contains("recover") && !error.contains("killed"), "{command:?}: {error}");
        }
    }
}

#[test]
fn recover_does_not_pass_over_damage() {
    let bench = Bench::new();
    bench.expect(0, &["run", ".", "--quiet", "--out=o"]);
    assert_eq!(bench.expect(0, &["recover", "o"]), "nothing to recover\n");
    let (spikes, told) = (bench.path("o/spikes.parquet"), bench.path("o/manifest.json"));
    let (whole, text) = (fs::read(&spikes).unwrap(), fs::read(&told).unwrap());
    fs::write(&spikes, &whole[..whole.len() - 100]).unwrap();
    assert!(bench.refused(3, &["recover", "o"]).contains("spikes.parquet"));
    fs::write(&spikes, &whole).unwrap();

    fs::write(&told, &text[..text.len() / 2]).unwrap();
    assert!(bench.refused(3, &["recover", "o"]).contains("manifest.json"));
    let error = bench.refused(3, &["run", ".", "--quiet", "--force", "--out=o"]);
    assert!(error.contains("its manifest.json cannot be read"), "{error}");
    fs::remove_file(&told).unwrap();
    assert!(bench.refused(3, &["recover", "o"]).contains("manifest.json"));
    assert_eq!(fs::read(&spikes).unwrap(), whole);
}

/// With zero delays the engine gives the sink what is left once more after it has refused: the second refusal is not the one to tell.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_what_is_told_of_a_run_without_delays() {
    let bench = Bench::new();
    let zero = fs::read_to_string(bench.path("scenario.toml")).unwrap().replace("delay_ms = 1.5", "delay_ms = 0.0");
    let (before, after) = zero.split_once("delay_ms = {").unwrap();
    let after = after.split_once('\n').unwrap().1;
    fs::write(bench.path("scenario.toml"), format!("{before}delay_ms = 0.0\n{after}")).unwrap();
    let program = env!("CARGO_BIN_EXE_tauspike");
    let script = format!("ulimit -f 40; exec {program} run . --quiet --out=full --set duration_ms=30000");
    let run = std::process::Command::new("sh").args(["-c", &script]).current_dir(bench.path(".")).output().unwrap();
    let error = String::from_utf8(run.stderr).unwrap();
    assert_eq!(run.status.code(), Some(3), "{error}");
    assert!(error.contains("File too large"), "{error}");
    assert!(manifest(&bench.path("full"))["error"].as_str().unwrap().contains("File too large"));
}

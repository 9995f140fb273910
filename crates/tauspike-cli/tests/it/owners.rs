//! A run that is going on owns its folder: other commands are refused, readers are told, and what it says in the end is true.

use crate::interrupted::{signal, started};
use crate::{Bench, manifest};
use std::process::Command;
use tauspike_record::{Manifest, read_digest, read_spikes};

#[test]
fn other_writers_are_refused_and_named_the_owner_while_readers_go_on() {
    let bench = Bench::new();
    let child = started(&bench);
    let owner = format!("is being written by process {} ", child.id());
    let study =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/skewed_heterogeneity/small.toml");
    for arguments in [
        &["run", ".", "--quiet", "--force", "--out=long"][..],
        &["run", ".", "--quiet", "--out=long"],
        &["recover", "long"],
        &["plot", "raster", "long", "--out=long/raster.svg"],
        &["study", &study.to_string_lossy(), "--out=long"],
        &["run", ".", "--quiet", "--out=other", "--save-snapshot=long/state"],
    ] {
        let error = bench.refused(3, arguments);
        assert!(error.contains(&owner) && error.contains("tauspike run . --quiet"), "{arguments:?}: {error}");
    }
    assert!(!bench.path("other").exists());

    let compared = bench.start(&["compare", "long", "long/spikes.parquet"]);
    let told = String::from_utf8(compared.stderr).unwrap();
    assert!(told.contains(&owner) && told.contains("so far"), "{told}");

    signal(&child, "-INT");
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(130));
    let (out, ended) = (bench.path("long"), Manifest::read(&bench.path("long/manifest.json")).unwrap());
    let digest = read_digest(&out.join("spikes.parquet"), ended.populations.clone()).unwrap();
    assert_eq!((ended.digest, ended.spikes), (Some(digest.hex()), Some(digest.spikes())));
    let mut names: Vec<_> = std::fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["manifest.json", "neurons.parquet", "spikes.parquet"], "the lock is gone");
    bench.expect(0, &["run", ".", "--quiet", "--force", "--out=long"]);
}

#[test]
fn a_part_that_is_taken_from_a_live_run_is_exit_code_3_and_nothing_else_is_removed() {
    let bench = Bench::new();
    let child = started(&bench);
    let parts = bench.path("long/spikes.parquet");
    std::fs::remove_file(parts.join("part-00002.parquet")).unwrap();
    signal(&child, "-INT");
    let output = child.wait_with_output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{error}");
    assert!(error.contains("part-00002.parquet: is gone"), "{error}");
    assert!(parts.join("part-00001.parquet").exists() && parts.join("part-00003.parquet").exists());
    let ended = manifest(&bench.path("long"));
    assert_eq!(ended["status"], "failed");
    assert!(ended["error"].as_str().unwrap().contains("part-00002.parquet"));
    assert_eq!(ended["spikes"], read_spikes(&parts).unwrap().len(), "those that can be read");
    assert!(bench.refused(3, &["recover", "long"]).contains("part-00002.parquet"));
}

/// As a full disk, but without one: no file may grow beyond 20 or 40 KB. The shorter run meets the limit when its parts become one
/// file, the longer one while it is going on.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_exit_code_3_and_keeps_what_was_recorded() {
    for duration in [3_000, 30_000] {
        let bench = Bench::new();
        let program = env!("CARGO_BIN_EXE_tauspike");
        let script = format!("ulimit -f 40; exec {program} run . --quiet --out=full --set duration_ms={duration}");
        let run = Command::new("sh").args(["-c", &script]).current_dir(bench.folder.path()).output().unwrap();
        let error = String::from_utf8(run.stderr).unwrap();
        assert_eq!(run.status.code(), Some(3), "{error}");
        assert!(error.contains("full/") && error.contains("File too large"), "{error}");
        let (out, ended) = (bench.path("full"), manifest(&bench.path("full")));
        let kept = read_spikes(&out.join("spikes.parquet")).unwrap();
        assert!(kept.len() > 1000, "{}", kept.len());
        assert_eq!((&ended["status"], &ended["spikes"]), (&"failed".into(), &kept.len().into()));
        // What could not be written is not silence: neither before nor after it has been recovered.
        assert_eq!(ended["model_time_ms"], *kept.time.last().unwrap());

        assert!(bench.expect(0, &["recover", "full"]).contains("spikes.parquet"));
        assert_eq!(read_spikes(&out.join("spikes.parquet")).unwrap(), kept);
        assert_eq!(manifest(&out)["status"], "failed", "that it did not end well stays told");
        assert_eq!(std::fs::read_dir(&out).unwrap().count(), 3, "spikes, neurons and manifest");
    }
}

#[test]
fn a_name_that_leads_out_of_the_folder_is_refused_by_run_and_study() {
    let bench = Bench::new();
    let error = bench.refused(2, &["run", ".", "--set", "name=../../x"]);
    assert!(error.contains("name = \"../../x\"") && error.contains("letters, digits"), "{error}");
    let study =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/skewed_heterogeneity/small.toml");
    let error = bench.refused(2, &["study", &study.to_string_lossy(), "--set", "name=/tmp/x"]);
    assert!(error.contains("name = \"/tmp/x\"") && error.contains("letters, digits"), "{error}");
}

#[test]
fn nothing_is_touched_beside_a_snapshot_or_a_picture() {
    let bench = Bench::new();
    for name in ["s.bin.tmp", "r.svg.tmp", ".s.bin.tmp"] {
        std::fs::write(bench.path(name), "years of work").unwrap();
    }
    bench.refused(2, &["run", ".", "--quiet", "--save-snapshot=s.bin", "--set", "population.E.size=0"]);
    bench.expect(0, &["run", ".", "--quiet", "--save-snapshot=s.bin"]);
    bench.refused(3, &["run", ".", "--quiet", "--save-snapshot=t.bin"]);
    bench.expect(0, &["plot", "raster", "out/tiny", "--out=r.svg"]);
    let error = bench.refused(3, &["run", ".", "--quiet", "--force", "--save-snapshot=scenario.toml"]);
    assert!(error.contains("scenario.toml") && error.contains("not a snapshot"), "{error}");
    for name in ["s.bin.tmp", "r.svg.tmp", ".s.bin.tmp"] {
        assert_eq!(std::fs::read_to_string(bench.path(name)).unwrap(), "years of work");
    }
    assert!(std::fs::read_to_string(bench.path("scenario.toml")).unwrap().contains("tiny"));
    let mut names: Vec<_> = std::fs::read_dir(bench.folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, [".s.bin.tmp", "out", "r.svg", "r.svg.tmp", "s.bin", "s.bin.tmp", "scenario.toml"]);
}

/// Nothing could be written at all: then nothing is known, up to the end.
#[cfg(target_os = "linux")]
#[test]
fn a_run_whose_spikes_are_lost_does_not_say_that_there_were_none() {
    let bench = Bench::new();
    let program = env!("CARGO_BIN_EXE_tauspike");
    let script = format!(
        "ulimit -f 40; exec {program} run . --quiet --out=full --set duration_ms=30000 --set record.rows_per_group=1000000"
    );
    let run = Command::new("sh").args(["-c", &script]).current_dir(bench.folder.path()).output().unwrap();
    assert_eq!(run.status.code(), Some(3), "{}", String::from_utf8_lossy(&run.stderr));
    for _ in 0..2 {
        assert_eq!(manifest(&bench.path("full"))["model_time_ms"], 0.0);
        bench.start(&["recover", "full"]);
    }
    let told = bench.expect(0, &["stats", "full"]);
    assert!(told.contains("there is nothing to count"), "{told}");
}

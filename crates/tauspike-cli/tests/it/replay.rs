//! A recording of one's own as a population.

use crate::{Bench, json, manifest};
use std::path::Path;

/// A drives B; or, with `replay`, B is driven by what was recorded of A.
fn scenario(a: &str) -> String {
    format!(
        r#"
name = "ab"
duration_ms = 400.0

[[population]]
name = "S"
size = 3
model = "poisson"
rate_hz = 5.0

{a}

[[population]]
name = "B"
size = 20
model = "lif_delta"
tau_m_ms = {{ distribution = "lognormal", mean = 20.0, cv = 0.5 }}
i_e_pa = 245.0

[[projection]]
name = "a to b"
from = "A"
to = "B"
rule = "fixed_indegree"
indegree = 4
weight_mv = 1.5
delay_ms = {{ distribution = "uniform", low = 0.5, high = 3.0 }}

[[projection]]
name = "s to b"
from = "S"
to = "B"
rule = "all_to_all"
weight_mv = 0.5
delay_ms = 1.0
"#
    )
}

const NEURONS: &str = "[[population]]\nname = \"A\"\nsize = 12\nmodel = \"lif_delta\"\ni_e_pa = 300.0\n\
                       tau_m_ms = { distribution = \"gamma\", mean = 20.0, cv = 0.4 }\n";

fn replayed(keys: &str) -> String {
    scenario(&format!("[[population]]\nname = \"A\"\nsize = 12\nmodel = \"spike_trains\"\n{keys}\n"))
}

fn write(bench: &Bench, name: &str, text: &str) {
    std::fs::write(bench.path(name), text).unwrap();
}

fn digest(bench: &Bench, scenario: &str, out: &str) -> serde_json::Value {
    json(&bench.expect(0, &["run", scenario, "--out", out, "--json"]))["digest"].clone()
}

/// The whole run in `out/whole`, and in two pieces in `out/first` and `out/rest`.
fn recorded() -> Bench {
    let bench = Bench::new();
    write(&bench, "ab.toml", &scenario(NEURONS));
    bench.expect(0, &["run", "ab.toml", "--out", "out/whole", "--quiet"]);
    let half =
        ["run", "ab.toml", "--out", "out/first", "--quiet", "--set", "duration_ms=150", "--save-snapshot", "s.bin"];
    bench.expect(0, &half);
    bench.expect(0, &["run", "ab.toml", "--out", "out/rest", "--quiet", "--resume", "s.bin"]);
    assert!(manifest(&bench.path("out/whole"))["spikes_per_population"]["A"].as_u64().unwrap() > 50);
    bench
}

#[test]
fn a_replayed_population_drives_the_others_as_the_original_did() {
    let bench = recorded();
    let original = manifest(&bench.path("out/whole"))["digest"].clone();
    let keys = [
        ("folder", "file = \"out/whole\"\npopulation = \"A\""),
        ("file", "file = \"out/whole/spikes.parquet\"\npopulation = \"A\"\nnumbering = \"local\""),
        ("pieces", "file = [\"out/first\", \"out/rest/spikes.parquet\"]\npopulation = \"A\""),
    ];
    for (name, keys) in keys {
        write(&bench, "replay.toml", &replayed(keys));
        assert_eq!(digest(&bench, "replay.toml", &format!("out/{name}")), original, "{name}");
    }
}

#[test]
fn everything_replayed_in_global_numbering_is_the_recording() {
    let bench = recorded();
    let text =
        "name = \"all\"\nduration_ms = 400.0\n[[population]]\nname = \"R\"\nsize = 35\nmodel = \"spike_trains\"\n";
    for (out, keys) in [("a", "file = [\"out/whole\"]"), ("b", "file = \"out/whole\"\nnumbering = \"global\"")] {
        write(&bench, "all.toml", &format!("{text}{keys}\n"));
        bench.expect(0, &["run", "all.toml", "--out", out, "--quiet"]);
        assert!(bench.expect(0, &["compare", "out/whole", out]).contains("equal"), "{keys}");
    }
    // One population, at the places of the whole network: the others are silent.
    write(&bench, "all.toml", &format!("{text}file = \"out/whole\"\npopulation = \"A\"\nnumbering = \"global\"\n"));
    bench.expect(0, &["run", "all.toml", "--out", "c", "--quiet"]);
    let spikes = tauspike_record::read_spikes(&bench.path("c/spikes.parquet")).unwrap();
    assert_eq!(manifest(&bench.path("out/whole"))["spikes_per_population"]["A"], spikes.len());
    assert!(spikes.neuron.iter().all(|neuron| (3..15).contains(neuron)));
}

#[track_caller]
fn refusal(bench: &Bench, keys: &str) -> String {
    write(bench, "replay.toml", &replayed(keys));
    bench.refused(2, &["check", "replay.toml"])
}

#[test]
fn pieces_that_overlap_leave_a_gap_or_are_of_other_networks_are_named() {
    let bench = recorded();
    let error = refusal(&bench, "file = [\"out/rest\", \"out/first\"]\npopulation = \"A\"");
    assert!(error.contains("overlap") && error.contains("out/rest ends at 400 ms"), "{error}");
    let error = refusal(&bench, "file = [\"out/whole\", \"out/rest\"]\npopulation = \"A\"");
    assert!(error.contains("overlap") && error.contains("out/whole") && error.contains("out/rest"), "{error}");
    bench.expect(0, &["run", "ab.toml", "--out", "out/short", "--quiet", "--set", "duration_ms=100"]);
    let error = refusal(&bench, "file = [\"out/short\", \"out/rest\"]\npopulation = \"A\"");
    assert!(error.contains("gap") && error.contains("100 ms") && error.contains("150 ms"), "{error}");
    bench.expect(0, &["run", ".", "--out", "out/tiny", "--quiet"]);
    let error = refusal(&bench, "file = [\"out/first\", \"out/tiny\"]\npopulation = \"A\"");
    assert!(error.contains("same populations"), "{error}");
    // Without their manifests, the spikes tell.
    for name in ["whole", "rest"] {
        std::fs::copy(bench.path(&format!("out/{name}/spikes.parquet")), bench.path(&format!("{name}.parquet")))
            .unwrap();
    }
    let error = refusal(&bench, "file = [\"whole.parquet\", \"rest.parquet\"]\npopulation = \"A\"");
    assert!(error.contains("overlap") && error.contains("whole.parquet"), "{error}");
}

/// It was not killed, and `recover` could do nothing with it.
#[test]
fn a_folder_of_parts_of_another_program_is_told_for_what_it_is() {
    let bench = recorded();
    std::fs::create_dir_all(bench.path("parts.parquet")).unwrap();
    std::fs::copy(bench.path("out/whole/spikes.parquet"), bench.path("parts.parquet/part-0.parquet")).unwrap();
    let error = refusal(&bench, "file = \"parts.parquet\"");
    assert!(error.contains("a folder of parts") && !error.contains("recover"), "{error}");
}

#[test]
fn a_wrong_name_size_numbering_or_file_is_refused_with_what_is_right() {
    let bench = recorded();
    let error = refusal(&bench, "file = \"out/whole\"\npopulation = \"a\"");
    assert!(error.contains("population = \"a\"") && error.contains("\"A\""), "{error}");
    let error = refusal(&bench, "file = \"out/whole\"\npopulation = \"B\"");
    assert!(error.contains("size = 12") && error.contains("20, the size of population \"B\""), "{error}");
    let error = refusal(&bench, "file = \"out/whole\"");
    assert!(error.contains("35, the size of the network"), "{error}");
    assert!(refusal(&bench, "file = \"out/whole\"\nnumbering = \"local\"").contains("key `population`"));
    assert!(refusal(&bench, "file = \"out/whole\"\nnumbering = \"everywhere\"").contains("local"));
    assert!(refusal(&bench, "file = \"out/whole\"\ntime_unit = \"s\"").contains("ms"));
    assert!(refusal(&bench, "file = [\"out/nowhere\"]").contains("out/nowhere"));
    assert!(refusal(&bench, "file = []").contains("not empty"));
    write(&bench, "t.csv", "time_ms,neuron\n1.0,0\n");
    assert!(refusal(&bench, "file = \"t.csv\"\npopulation = \"A\"").contains("recording of tauspike"));
}

#[test]
fn a_run_that_was_killed_is_not_replayed_until_it_is_recovered() {
    let bench = recorded();
    let path = bench.path("out/whole/manifest.json");
    let mut manifest = manifest(&bench.path("out/whole"));
    manifest["status"] = "running".into();
    std::fs::write(&path, manifest.to_string()).unwrap();
    for file in ["out/whole", "out/whole/spikes.parquet"] {
        let error = refusal(&bench, &format!("file = \"{file}\"\npopulation = \"A\""));
        assert!(error.contains("tauspike recover") && error.contains("killed"), "{error}");
    }
    assert!(Path::new(&path).exists());
}

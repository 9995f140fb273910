//! What the commands do when all is well.

use crate::{Bench, json, manifest};
use tauspike_record::{read_digest, read_spikes};

#[test]
fn a_run_records_what_it_reports() {
    let bench = Bench::new();
    let report = json(&bench.expect(0, &["run", ".", "--json", "--threads", "2"]));
    let out = bench.path("out/tiny");
    let spikes = read_spikes(&out.join("spikes.parquet")).unwrap();
    assert!(spikes.len() > 100, "{}", spikes.len());
    assert_eq!(report["spikes"], spikes.len());
    assert_eq!(report["status"], "finished");
    let populations = spikes.populations.clone().unwrap();
    let digest = read_digest(&out.join("spikes.parquet"), populations).unwrap().hex();
    assert_eq!((&report["digest"], &manifest(&out)["digest"]), (&json(&format!("{digest:?}")), &report["digest"]));
}

#[test]
fn the_printed_report_is_short_and_has_rates_spikes_time_and_place() {
    let bench = Bench::new();
    let text = bench.expect(0, &["run", "scenario.toml", "--out", "results"]);
    for needed in ["rate (Hz)", "CV ISI", "s to run", "digest", "results: spikes.parquet", "finished", "spikes  "] {
        assert!(text.contains(needed), "{needed} is missing in\n{text}");
    }
    assert!(text.lines().count() <= 18, "{} lines:\n{text}", text.lines().count());
    // One line a class of energy models, and no model by name where there are several.
    for class in ["chip level", "system level", "metabolic"] {
        assert_eq!(text.lines().filter(|line| line.contains(class)).count(), 1, "{class}:\n{text}");
    }
    assert!(!text.contains("TrueNorth") && !text.contains("event-only (pJ)"), "{text}");
}

#[test]
fn counters_and_energy_by_scale_are_printed_on_demand_and_always_in_json_and_manifest() {
    let bench = Bench::new();
    let text = bench.expect(0, &["run", "scenario.toml", "--out", "results", "--energy"]);
    let tables = text.split_once("counter").unwrap_or_else(|| panic!("no counters in\n{text}")).1;
    let place = |needle: &str| tables.find(needle).unwrap_or_else(|| panic!("{needle} is missing in\n{text}"));
    assert!(tables.contains("synaptic arrivals"));
    let (chip, system) = (place("chip level"), place("system level"));
    assert!(chip < place("TrueNorth") && place("TrueNorth") < system, "chips are in the table of chips");
    assert!(system < place("GeNN, RTX 4090"), "systems are in the table of systems");
    for unit in ["event-only (pJ)", "clocked (pJ)", "event-only (uJ)"] {
        assert!(tables.contains(unit), "{unit}");
    }
    let report = json(&bench.expect(0, &["run", ".", "--json", "--out", "again"]));
    let models = report["energy"].as_array().unwrap().len();
    assert!(models > 3, "{report}");
    assert_eq!(manifest(&bench.path("again"))["energy"].as_object().unwrap().len(), models);
}

#[test]
fn a_quiet_run_prints_nothing() {
    let bench = Bench::new();
    let output = bench.start(&["run", ".", "--quiet"]);
    assert!(output.status.success() && output.stdout.is_empty() && output.stderr.is_empty());
}

#[test]
fn threads_change_nothing_and_the_seed_everything() {
    let bench = Bench::new();
    let digest = |out: &str, more: &[&str]| {
        let arguments = [&["run", ".", "--json", "--out", out][..], more].concat();
        json(&bench.expect(0, &arguments))["digest"].clone()
    };
    let one = digest("a", &["--threads", "1"]);
    assert_eq!(one, digest("b", &["--threads", "3"]));
    assert_ne!(one, digest("c", &["--seed", "6"]));
    assert_ne!(one, digest("d", &["--set", "population.I.tau_m_ms=11"]));
    assert_eq!(one, digest("a", &["--force"]));
}

#[test]
fn a_resumed_run_goes_on_where_the_snapshot_was_saved() {
    let bench = Bench::new();
    bench.expect(0, &["run", ".", "--out", "whole", "--quiet"]);
    bench.expect(0, &["run", ".", "--out", "half", "--set", "duration_ms=250", "--save-snapshot", "s.bin", "--quiet"]);
    bench.expect(0, &["run", ".", "--out", "rest", "--resume", "s.bin", "--quiet"]);
    let times = |out: &str| read_spikes(&bench.path(out).join("spikes.parquet")).unwrap().time;
    assert_eq!([times("half"), times("rest")].concat(), times("whole"));
}

#[test]
fn check_predicts_the_size_and_writes_nothing() {
    let bench = Bench::new();
    let report = json(&bench.expect(0, &["check", ".", "--json"]));
    assert_eq!((&report["neurons"], &report["synapses"]), (&30.into(), &(5 * 10 + 60).into()));
    assert!(report["bytes"].as_u64().unwrap() > 0);
    assert_eq!(report["arrivals_per_hz"], 110.0 * 0.5);
    assert_eq!(report["external_arrivals"], (20.0 * 20000.0 + 10.0 * 40000.0) * 0.5);
    let text = bench.expect(0, &["check", "."]);
    assert!(text.contains("valid") && text.contains("memory"), "{text}");
    assert!(!bench.path("out").exists());
}

#[test]
fn check_predicts_run_time_from_a_rate_or_from_the_beginning() {
    let bench = Bench::new();
    let run_time = |arguments: &[&str]| json(&bench.expect(0, arguments))["run_time"].clone();
    // all of it is run, unless the machine is very busy
    let sampled = run_time(&["check", ".", "--json"]);
    let ran = json(&bench.expect(0, &["run", ".", "--json"]));
    for counter in ["synaptic_arrivals", "external_arrivals"] {
        let ratio = sampled[counter].as_f64().unwrap() / ran["counters"][counter].as_f64().unwrap();
        assert!((0.7..1.4).contains(&ratio), "{counter} of {sampled}");
    }
    assert!(sampled["from"].as_str().unwrap().starts_with("a run of its first "), "{sampled}");
    assert!(sampled["seconds"].as_f64().unwrap() > 0.0 && sampled["ns_per_synaptic_arrival"].is_null(), "{sampled}");

    let slow = run_time(&["check", ".", "--json", "--rate-hz", "100"]);
    // 110 synapses at 100 Hz for 0.5 s; 20 neurons at 20 kHz and 10 at 40 kHz
    assert_eq!((&slow["synaptic_arrivals"], &slow["external_arrivals"]), (&5500.0.into(), &400_000.0.into()));
    let [seconds, synaptic, external, neuron] =
        ["seconds", "ns_per_synaptic_arrival", "ns_per_external_arrival", "ns_per_neuron_ms"]
            .map(|key| slow[key].as_f64().unwrap_or_else(|| panic!("{key} in {slow}")));
    let neurons = json(&bench.expect(0, &["check", ".", "--json"]))["neurons"].as_f64().unwrap();
    let expected = (5500.0 * synaptic + 4e5 * external + neurons * 500.0 * neuron) * 1e-9;
    assert!((seconds - expected).abs() < 1e-12 && synaptic > 0.0, "{seconds} instead of {expected}");

    // too large to be built for a prediction
    let large = ["check", ".", "--json", "--set", "population.I.size=3000000"];
    let report = json(&bench.expect(0, &large));
    assert!(report["run_time"].is_null(), "nobody said a rate: {report}");
    let expected = "version = \"x\"\nreason = \"a test\"\nset = [\"duration_ms=50\"]\ndigest = \"\"\nspikes = 0\n[populations]\n\
                    [counters]\nsynaptic_arrivals = 700\n[energy]\n";
    std::fs::write(bench.path("expected.toml"), expected).unwrap();
    // 700 arrivals over 110 synapses in 50 ms
    let arrivals = report["synapses"].as_f64().unwrap() * 700.0 / 110.0 / 0.05 * 0.5;
    let from_file = run_time(&large)["synaptic_arrivals"].as_f64().unwrap();
    assert!((from_file / arrivals - 1.0).abs() < 1e-9, "{from_file} instead of {arrivals}");
    assert_eq!(run_time(&["check", ".", "--json", "--rate-hz", "1"])["synaptic_arrivals"], 55.0);
    assert!(bench.refused(2, &["check", ".", "--rate-hz=-1"]).contains(">= 0"));
}

#[test]
fn inspect_tells_the_moments_and_degrees_that_were_drawn() {
    let bench = Bench::new();
    let report = json(&bench.expect(0, &["inspect", ".", "--json"]));
    let parameter = |population: usize, name: &str| {
        let parameters = report["populations"][population]["parameters"].as_array().unwrap();
        parameters.iter().find(|p| p["name"] == name).unwrap()["realised"].clone()
    };
    assert_eq!(parameter(1, "tau_m_ms")["cv"], 0.0);
    let drawn = parameter(0, "tau_m_ms");
    assert!((10.0..30.0).contains(&drawn["mean"].as_f64().unwrap()), "{drawn}");
    assert!(drawn["cv"].as_f64().unwrap() > 0.1);
    let asked = &report["populations"][0]["parameters"][0]["asked"];
    let moments = ["mean", "cv", "skewness"].map(|moment| asked[moment].as_f64().unwrap());
    assert_eq!(moments, [20.0, 0.5, 1.625]);
    let onto_i = &report["projections"][0];
    assert_eq!((&onto_i["in_degree"]["mean"], &onto_i["in_degree"]["sd"]), (&5.0.into(), &0.0.into()));
    assert_eq!(onto_i["weight"]["mean"], 0.5);
    let density = onto_i["density"].as_f64().unwrap();
    assert!(density > 0.0 && density <= 0.25, "50 synapses on 200 pairs, some twice: {density}");
    let text = bench.expect(0, &["inspect", "."]);
    for needed in
        ["population E", "tau_m_ms", "skewness", "asked for", "realised", "in-degree", "delay (ms)", "density"]
    {
        assert!(text.contains(needed), "{needed} is missing in\n{text}");
    }
}

#[test]
fn compare_tells_equal_from_different() {
    let bench = Bench::new();
    bench.expect(0, &["run", ".", "--out", "a", "--quiet"]);
    bench.expect(0, &["run", ".", "--out", "b", "--threads", "1", "--quiet"]);
    bench.expect(0, &["run", ".", "--out", "c", "--quiet", "--seed", "9"]);
    assert!(bench.expect(0, &["compare", "a", "b/spikes.parquet"]).contains("equal"));
    let text = bench.expect(1, &["compare", "a", "c"]);
    assert!(text.contains("different") && text.contains("row 0") && text.contains("CV ISI"), "{text}");
    let report = json(&bench.expect(1, &["compare", "a", "c", "--json"]));
    assert_eq!(report["equal"], false);
    let spikes = read_spikes(&bench.path("a/spikes.parquet")).unwrap();
    assert_eq!(report["first_difference"]["a"]["time_ms"], spikes.time[0]);
    let total = spikes.population.iter().filter(|population| **population == 0).count() as f64;
    let rate = report["populations"][0]["rate_hz"][0].as_f64().unwrap();
    assert!((rate - total / 20.0 / 0.5).abs() < 1e-9);
}

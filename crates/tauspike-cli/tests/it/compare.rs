//! `compare` with what other simulators write.

use crate::{Bench, json};
use std::fmt::Write;
use std::path::Path;
use tauspike_record::{SpikeTable, read_spikes};

/// A run in `a`, and its spikes.
fn recorded(bench: &Bench) -> SpikeTable {
    bench.expect(0, &["run", ".", "--out", "a", "--quiet"]);
    read_spikes(&bench.path("a/spikes.parquet")).unwrap()
}

/// The spikes as lines, each made by `line` from time (ms) and global index.
fn write(path: &Path, head: &str, spikes: &SpikeTable, line: impl Fn(f64, u32) -> String) {
    let mut text = head.to_owned();
    for (time, neuron) in spikes.time.iter().zip(&spikes.neuron) {
        writeln!(text, "{}", line(*time, *neuron)).unwrap();
    }
    std::fs::write(path, text).unwrap();
}

#[test]
fn a_csv_with_usual_names_is_found_equal_and_gets_the_populations_of_the_run() {
    let bench = Bench::new();
    let spikes = recorded(&bench);
    write(&bench.path("b.csv"), "times,senders\n", &spikes, |time, neuron| format!("{time:?},{neuron}"));
    let report = json(&bench.expect(0, &["compare", "a", "b.csv", "--json"]));
    assert_eq!(report["equal"], true, "{report}");
    for population in report["populations"].as_array().unwrap() {
        for measure in ["spikes", "rate_hz", "cv_isi"] {
            assert_eq!(population[measure][0], population[measure][1], "{measure}");
        }
    }
    let text = bench.expect(0, &["compare", "b.csv", "a"]);
    assert!(text.contains("`times` in ms, `senders` counted from 0"), "says how it was read: {text}");
}

#[test]
fn units_names_offsets_floating_point_and_the_order_of_rows_are_no_difference() {
    let bench = Bench::new();
    let spikes = recorded(&bench);
    // From the last spike to the first, in s, numbers as floating point from 1.
    let turned = SpikeTable {
        time: spikes.time.iter().rev().copied().collect(),
        neuron: spikes.neuron.iter().rev().copied().collect(),
        ..SpikeTable::default()
    };
    let line = |time: f64, neuron: u32| format!("x,{}.0,{:?}", neuron + 1, time * 1e-3);
    write(&bench.path("b.csv"), "what,who,when\n", &turned, line);
    let options = ["--columns", "when,who", "--unit", "s", "--first-id", "1", "--tolerance", "1e-9"];
    let text = bench.expect(0, &[&["compare", "a", "b.csv"][..], &options].concat());
    assert!(text.contains("equal") && text.contains("within"), "{text}");
    // Not said, ms are assumed: nothing is hidden by that.
    let report =
        json(&bench.expect(1, &["compare", "a", "b.csv", "--columns", "when,who", "--first-id", "1", "--json"]));
    assert_eq!((&report["equal"], &report["spikes"][0]), (&false.into(), &report["spikes"][1]));
    // A unit in the name is taken, and not overruled.
    write(&bench.path("c.csv"), "what,neuron,time_s\n", &turned, |time, neuron| {
        format!("x,{neuron},{:?}", time * 1e-3)
    });
    bench.expect(0, &["compare", "a", "c.csv", "--tolerance", "1e-9"]);
    assert!(bench.refused(2, &["compare", "a", "c.csv", "--unit", "ms"]).contains("time_s"));
}

#[test]
fn what_nest_writes_is_read() {
    let bench = Bench::new();
    let spikes = recorded(&bench);
    let head = "# NEST version: 3.8.0\n# RecordingBackendASCII version: 2\nsender\ttime_ms\n";
    write(&bench.path("nest.dat"), head, &spikes, |time, neuron| format!("{}\t{time:?}", neuron + 1));
    bench.expect(0, &["compare", "a", "nest.dat", "--first-id", "1"]);
    let error = bench.refused(2, &["compare", "a", "nest.dat"]);
    assert!(error.contains("neuron 30") && error.contains("--first-id"), "{error}");
    // Without a line of names the places are the names.
    write(&bench.path("old.dat"), "", &spikes, |time, neuron| format!("{neuron} {time:?}"));
    let error = bench.refused(2, &["compare", "a", "old.dat"]);
    assert!(error.contains("`1`, `2`") && error.contains("--columns"), "{error}");
    bench.expect(0, &["compare", "a", "old.dat", "--columns", "2,1"]);
}

#[test]
fn a_tolerance_finds_what_is_within_it_and_names_the_first_spike_that_is_not() {
    let bench = Bench::new();
    let spikes = recorded(&bench);
    let (half, first) = (spikes.time[spikes.len() / 2], spikes.neuron[0]);
    let moved = |time: f64| if time > half { time + 0.01 } else { time + 1e-5 };
    write(&bench.path("b.csv"), "t,i\n", &spikes, |time, neuron| format!("{:?},{neuron}", moved(time)));
    assert!(bench.expect(0, &["compare", "a", "b.csv", "--tolerance", "0.02"]).contains("1.000e-2 ms at most"));
    let report = json(&bench.expect(1, &["compare", "a", "b.csv", "--tolerance", "0.001", "--json"]));
    let alone = report["first_difference"]["a"]["time_ms"].as_f64().unwrap();
    assert_eq!(alone, *spikes.time.iter().find(|time| **time > half).unwrap());
    assert!(report["shared"].as_u64().unwrap() > 0 && report["first_difference"]["b"].is_null());
    let bitwise = json(&bench.expect(1, &["compare", "a", "b.csv", "--json"]));
    assert_eq!(
        (&bitwise["first_difference"]["row"], &bitwise["first_difference"]["a"]["neuron"]),
        (&0.into(), &first.into())
    );
    assert!(bench.refused(2, &["compare", "a", "b.csv", "--tolerance=-1"]).contains(">= 0"));
}

#[test]
fn two_files_of_others_are_compared_each_read_in_its_own_way() {
    let bench = Bench::new();
    let spikes = recorded(&bench);
    write(&bench.path("b.csv"), "x,y\n", &spikes, |time, neuron| format!("{time:?},{neuron}"));
    write(&bench.path("c.csv"), "u,v\n", &spikes, |time, neuron| format!("{},{time:?}", neuron + 1));
    let each = ["--columns", "x,y", "--columns", "v,u", "--first-id", "0", "--first-id", "1"];
    let report = json(&bench.expect(0, &[&["compare", "b.csv", "c.csv", "--json"][..], &each].concat()));
    assert_eq!(report["populations"][0]["name"], "all");
    assert_eq!(report["read"].as_array().unwrap().len(), 2);
}

/// Nothing tells how many neurons there are, or how long was recorded: both are as the two files together say.
#[test]
fn rates_of_two_files_of_others_are_of_the_same_neurons_and_time() {
    let bench = Bench::new();
    std::fs::write(bench.path("a.csv"), "time_ms,neuron\n1,0\n2,1\n100,2\n").unwrap();
    std::fs::write(bench.path("b.csv"), "time_ms,neuron\n1,0\n2,3\n").unwrap();
    let report = json(&bench.expect(1, &["compare", "a.csv", "b.csv", "--json"]));
    let row = &report["populations"][0];
    assert_eq!(row["size"], 4);
    let rate = |k: usize| row["rate_hz"][k].as_f64().unwrap();
    assert!((rate(0) - 7.5).abs() < 1e-9 && (rate(1) - 5.0).abs() < 1e-9, "{row}");
}

#[test]
fn what_cannot_be_compared_is_refused_by_name() {
    let bench = Bench::new();
    recorded(&bench);
    std::fs::write(bench.path("names.csv"), "a,b,c\n1,2,3\n").unwrap();
    let error = bench.refused(2, &["compare", "a", "names.csv"]);
    assert!(error.contains("names.csv") && error.contains("`a`, `b`, `c`") && error.contains("--columns"), "{error}");
    assert!(bench.refused(3, &["compare", "a", "names.csv", "--columns", "a,d"]).contains("`d`"));
    assert!(bench.refused(2, &["compare", "a", "names.csv", "--columns", "a"]).contains("two columns"));
    std::fs::write(bench.path("half.csv"), "time,neuron\n1,2.5\n").unwrap();
    assert!(bench.refused(3, &["compare", "a", "half.csv"]).contains("2.5"));
    std::fs::write(bench.path("nan.csv"), "time,neuron\n1,2\nnan,1\n").unwrap();
    assert!(bench.refused(3, &["compare", "a", "nan.csv"]).contains("line 3"));
    std::fs::write(bench.path("empty.csv"), "").unwrap();
    assert!(bench.refused(3, &["compare", "a", "empty.csv"]).contains("empty.csv"));
    std::fs::write(bench.path("silent.csv"), "time,neuron\n").unwrap();
    assert!(bench.expect(1, &["compare", "a", "silent.csv"]).contains("B: has ended"));
    assert!(bench.refused(3, &["compare", "a", "nowhere.csv"]).contains("nowhere.csv"));
    assert!(bench.refused(2, &["compare", "a", "a", "--unit", "s"]).contains("other simulators"));
    assert!(bench.refused(3, &["compare", "a", "scenario.toml"]).contains(".csv"));
}

//! Signals in every format, and every way to get one wrong.

use crate::files::{assert_says, npy, zip};
use tauspike_import::{Format, ImportError, SampledSignal, Sampling, Source, TimeUnit, read_signal};

const PLAIN: Sampling = Sampling { dt: None, time_unit: None };

fn text(content: &str, sampling: Sampling) -> Result<SampledSignal, ImportError> {
    read_signal(&Source::bytes("u.txt", Format::Text, content.as_bytes()), sampling)
}

fn csv(content: &str, sampling: Sampling) -> Result<SampledSignal, ImportError> {
    read_signal(&Source::bytes("u.csv", Format::Csv, content.as_bytes()), sampling)
}

#[test]
fn every_format_gives_times_and_values() {
    let expected = SampledSignal { times: vec![0.0, 0.05, 0.1], values: vec![0.25, -1.0, 0.5] };
    let every = Sampling { dt: Some(0.05), time_unit: None };
    // The layout of nitime's grasshopper_stimulus1.txt: microseconds, two blanks, the value.
    let stimulus = "0  0.25\n50  -1\n100  0.5\n\n";
    assert_eq!(text(stimulus, Sampling { dt: None, time_unit: Some(TimeUnit::Us) }).unwrap(), expected);
    assert_eq!(text("0.25\n-1\n0.5\n", every).unwrap(), expected);
    assert_eq!(csv("value,time_ms\n0.25,0\n-1,0.05\n0.5,0.1\n", PLAIN).unwrap(), expected);
    assert_eq!(csv("value\n0.25\n-1\n0.5\n", every).unwrap(), expected);
    let values = npy(&[0.25_f32, -1.0, 0.5]);
    assert_eq!(read_signal(&Source::bytes("u.npy", Format::Npy, &values), every).unwrap(), expected);
    let both = zip(&[("time_ms", npy(&[0.0, 0.05, 0.1])), ("value", values)]);
    assert_eq!(read_signal(&Source::bytes("u.npz", Format::Npz, &both), PLAIN).unwrap(), expected);
}

#[test]
fn times_must_increase_strictly() {
    assert_says(
        csv("time_ms,value\n0,1\n# c\n0,2\n", PLAIN),
        &["u.csv", "line 4: `time` = 0.0 ms", "more than 0.0 ms"],
    );
    assert_says(text("1 1\n2 1\n1.5 1\n", PLAIN), &["u.txt", "line 3: `time` = 1.5 ms", "more than 2.0 ms"]);
    let seconds = Sampling { dt: None, time_unit: Some(TimeUnit::S) };
    assert_says(text("0 1\n1e308 1\n", seconds), &["u.txt", "line 2: `time` = inf", "finite"]);
}

#[test]
fn malformed_signals_name_place_and_value() {
    assert_says(csv("time_ms,value\n0,nan\n", PLAIN), &["u.csv", "line 2: `value` = nan", "a finite number"]);
    assert_says(csv("time_ms,value\n", PLAIN), &["u.csv", "0 rows", "at least 1"]);
    assert_says(csv("time_ms\n0\n", PLAIN), &["u.csv", "`value` is missing"]);
    assert_says(text("1 2 3\n", PLAIN), &["u.txt", "line 1 has 3 numbers; allowed: at most 2"]);
    assert_says(text("", PLAIN), &["u.txt", "0 rows", "at least 1"]);
}

#[test]
fn options_that_contradict_the_file_are_refused() {
    let every = |dt| Sampling { dt: Some(dt), time_unit: None };
    assert_says(text("1\n", PLAIN), &["u.txt", "`dt_ms` = absent", "a finite number > 0"]);
    assert_says(text("1\n", every(0.0)), &["`dt_ms` = 0", "a finite number > 0"]);
    assert_says(text("1\n", every(f64::NAN)), &["`dt_ms` = NaN", "a finite number > 0"]);
    assert_says(text("1 2\n", every(0.1)), &["`dt_ms` = 0.1", "absent, because the file has its own times"]);
    assert_says(
        text("1\n", Sampling { dt: Some(1.0), time_unit: Some(TimeUnit::Us) }),
        &["`time_unit` = us", "absent"],
    );
    let in_seconds = Sampling { dt: None, time_unit: Some(TimeUnit::S) };
    assert_says(csv("time_ms,value\n0,1\n", in_seconds), &["`time_unit` = s", "absent, because the column `time_ms`"]);
}

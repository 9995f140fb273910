//! What is wrong with a sweep is said before anything runs: file, field, value and what is allowed.

use crate::{Work, run_in};
use std::fs;
use std::sync::atomic::AtomicBool;
use tauspike_sweep::{Place, RunOptions, Shard, run};

#[test]
fn each_mistake_is_named() {
    let axis = |rest: &str| format!("[[axis]]\n{rest}");
    let w = "key = \"projection.0.weight_mv\"\n";
    let cases = [
        ("repeat = 3".into(), "did you mean `repeats`?"),
        ("repeats = 0".into(), "an integer from 1"),
        ("seeds = [1, 1]".into(), "each one once"),
        ("seeds = [1]\nrepeats = 2".into(), "either seeds or repeats"),
        ("bin_ms = 0.0".into(), "a finite number > 0"),
        ("set = [\"population.J.size=3\"]".into(), "did you mean"),
        ("partition = [\"x\"]".into(), "partition"),
        (axis(""), "a key as of --set"),
        (axis(w), "one of values, from"),
        (axis(&format!("{w}values = []")), "a list of values, not empty"),
        (axis(&format!("{w}values = [1]\nfrom = 1")), "`values` is there already"),
        (axis(&format!("{w}values = [1]\ncount = 2")), "no `count` beside `values`"),
        (axis(&format!("{w}from = 3\nto = 1\ncount = 2")), "a number above from = 3"),
        (axis(&format!("{w}from = -1\nto = 1\ncount = 2\nlog = true")), "> 0"),
        (axis(&format!("{w}from = 1\nto = 2")), "[sample]"),
        (axis(&format!("{w}values = [\"a\"]\nfactor = 2.0")), "not all values are numbers"),
        (axis("key = \"seed\"\nvalues = [1]"), "`seeds` or `repeats`"),
        (axis(&format!("name = \"digest\"\n{w}values = [1]")), "no other column has"),
        (axis(&format!("name = \"a=b\"\n{w}values = [1]")), "no other column has"),
        (axis("keys = [\"a\", \"b\"]\nvalues = [1]"), "a name, because the axis has several keys"),
        (axis(&format!("{w}file = \"absent.csv\"")), "absent.csv"),
        ("[sample]\nmethod = \"sobol\"\ncount = 4".into(), "an axis that is drawn"),
        (
            axis(&format!(
                "{w}distribution = {{ distribution = \"gamma\", mean = 1.0, cv = 1.0 }}\n[sample]\nmethod = \"sobol\"\ncount = 4"
            )),
            "uniform, normal or lognormal",
        ),
        ("[[regime]]\nname = \"a\"\nwhere = [\"rate_hz_X < 3\"]".into(), "did you mean \"rate_hz_"),
        ("[[regime]]\nname = \"a\"\nwhere = [\"rate_hz_E = 3\"]".into(), "one of < <= > >="),
        ("[[regime]]\nname = \"a\"\nwhere = [\"rate_hz_E < b\"]".into(), "a number to the right"),
        ("[[figure]]\nx = \"g\"\nvalue = \"rate_hz_E\"".into(), "g"),
        ("[[figure]]\nx = \"seed\"\nvalue = \"regime\"".into(), "regime"),
        // keys that lead nowhere in any run
        (axis("key = \"projection.3.weight_mv\"\nvalues = [1]"), "projection.3"),
        (axis("key = \"population.E.tau_mm\"\nvalues = [1, 2]"), "none of 2 runs can begin"),
    ];
    for (sweep, expected) in cases {
        let message = Work::new(&sweep).refusal();
        assert!(message.contains(expected), "{sweep}\n  {message}\n  lacks: {expected}");
    }
}

#[test]
fn zips_are_of_one_length() {
    let axes = |n: &str| {
        format!(
            "[[axis]]\nname = \"a\"\nkey = \"population.E.size\"\nvalues = [1, 2]\nzip = \"z\"\n\
             [[axis]]\nname = \"b\"\nkey = \"population.I.size\"\nvalues = {n}\nzip = \"z\"\n"
        )
    };
    assert!(Work::new(&axes("[10, 20, 30]")).refusal().contains("the first of this zip has 2, this one 3"));
    assert_eq!(Work::new(&axes("[10, 20]")).sweep().plan.len(), 2);
}

#[test]
fn nobody_works_on_the_same_runs_twice_at_a_time() {
    let work = Work::new("repeats = 2");
    let (sweep, out) = (work.sweep(), work.path("out"));
    let place = Place(&out);
    let stop = AtomicBool::new(false);
    let attempt = |shard: &str| {
        let shard = shard.parse().unwrap();
        run(
            &sweep,
            &RunOptions {
                out: &out,
                shard,
                jobs: 1,
                threads: 1,
                memory: None,
                retry: false,
                stop: &stop,
                progress: &|_| (),
            },
        )
    };
    let held = place.take("1/2".parse().unwrap()).unwrap();
    assert!(attempt("1/2").unwrap_err().to_string().contains("is being written by"));
    assert!(attempt("1/1").unwrap_err().to_string().contains("is being written by"), "1/1 has the runs of 1/2");
    assert!(attempt("2/2").unwrap().finished());
    drop(held);
    assert!(attempt("1/1").unwrap().finished());
}

#[test]
fn a_folder_of_something_else_is_left_alone() {
    let work = Work::new("repeats = 1");
    let (sweep, out) = (work.sweep(), work.path("thesis"));
    fs::create_dir(&out).unwrap();
    fs::write(out.join("thesis.tex"), "mine").unwrap();
    let stop = AtomicBool::new(false);
    let options = RunOptions {
        out: &out,
        shard: Shard::WHOLE,
        jobs: 1,
        threads: 1,
        memory: None,
        retry: false,
        stop: &stop,
        progress: &|_| (),
    };
    assert!(run(&sweep, &options).unwrap_err().to_string().contains("thesis.tex"));
    let left: Vec<_> = fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["thesis.tex"]);
}

/// A result that was cut short or changed is not taken for one.
#[test]
fn a_broken_result_is_run_again() {
    let work = Work::new("repeats = 3");
    let (sweep, out) = (work.sweep(), work.path("out"));
    run_in(&sweep, &out, Shard::WHOLE, 1);
    let file = fs::read_dir(out.join("done")).unwrap().next().unwrap().unwrap().path();
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, &text[..text.len() / 2]).unwrap();
    assert_eq!(run_in(&sweep, &out, Shard::WHOLE, 1).computed, 1);
    assert_eq!(sweep.seeds, [7, 8, 9], "from that of the scenario on");
}

//! What is wrong with a sweep is said before anything runs: file, field, value and what is allowed.

use crate::{Work, run_in};
use std::fs;
use std::sync::atomic::AtomicBool;
use tauspike_sweep::execute::{How, execute};
use tauspike_sweep::run::one;
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
        (axis(&format!("name = \"a=b\"\n{w}values = [1]")), "a name without = / \\"),
        (axis(&format!("name = \"a/b\"\n{w}values = [1]")), "name = \"a/b\"; allowed: a name without = / \\"),
        (
            axis(&format!("name = \"g\"\n{w}values = [1.0, nan]")),
            "axis \"g\": values[1] = nan; allowed: finite numbers",
        ),
        (axis(&format!("name = \"g\"\n{w}values = [inf]")), "axis \"g\": values[0] = inf; allowed: finite numbers"),
        (axis(&format!("{w}values = [1e300]\nfactor = 1e300")), "finite numbers, also times factor = 1e300"),
        (axis(&format!("{w}from = -1e308\nto = 1e308\n[sample]\nmethod = \"sobol\"\ncount = 4")), "is inf"),
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
        ("[[figure]]\nx = \"seed\"\nvalue = \"digest\"".into(), "value = \"digest\"; allowed: a column of numbers"),
        (
            "[[axis]]\nname = \"tau\"\nkey = \"population.E.v_reset_mv\"\nvalues = [{ distribution = \"uniform\", low = -70.0, high = -65.0 }]\n\
             [[figure]]\nx = \"tau\"\nvalue = \"rate_hz_E\""
                .into(),
            "x = \"tau\"; allowed: a column of numbers",
        ),
        ("[[regime]]\nname = \"a\"\nwhere = [\"digest > 3\"]".into(), "a column of numbers to the left"),
        // keys that lead nowhere in any run
        (axis("key = \"projection.3.weight_mv\"\nvalues = [1]"), "projection.3"),
        (axis("key = \"population.E.tau_mm\"\nvalues = [1, 2]"), "none of 2 runs can begin"),
    ];
    for (sweep, expected) in cases {
        let message = Work::new(&sweep).refusal();
        assert!(message.contains(expected), "{sweep}\n  {message}\n  lacks: {expected}");
    }
}

/// What is set last counts: the column of the other axis would be false.
#[test]
fn a_value_is_set_by_one_axis_alone() {
    let two = |first: &str, second: &str| {
        let axis = |name: &str, key: &str| format!("[[axis]]\nname = \"{name}\"\nkey = \"{key}\"\nvalues = [1]\n");
        Work::new(&(axis("g", first) + &axis("rate", second))).refusal()
    };
    let twice = two("projection.0.weight_mv", "projection.0.weight_mv");
    assert!(
        twice.contains("sweep.toml: line ") && twice.contains("axis \"rate\": key = \"projection.0.weight_mv\""),
        "{twice}"
    );
    assert!(twice.contains("axis \"g\" sets projection.0.weight_mv"), "{twice}");
    for (first, second) in [
        ("population.E.size", "population.0.size"),
        ("population.E.tau_m_ms", "population.E.tau_m_ms.cv"),
        ("population.0.tau_m_ms.cv", "population.E.tau_m_ms"),
        ("input", "input.noise.rate_hz"),
        ("population.'E'.size", "population.0.size"),
        ("record.spikes", "record.spikes"),
    ] {
        let message = two(first, second);
        assert!(message.contains(&format!("axis \"g\" sets {first}")), "{first} {second}: {message}");
    }
    let several = "[[axis]]\nname = \"g\"\nkeys = [\"population.E.size\", \"population.0.size\"]\nvalues = [1]\n";
    assert!(Work::new(several).refusal().contains("axis \"g\": keys[1] = \"population.0.size\""));

    let size = "[[axis]]\nname = \"n\"\nkey = \"population.E.size\"\nvalues = [10, 20]\n";
    let message = Work::new(&format!("set = [\"population.0.size=5\"]\n{size}")).refusal();
    assert!(message.contains("axis \"n\": key") && message.contains("`set` has \"population.0.size=5\""), "{message}");
    // a part of what `set` says, and neighbours, are something else
    let tau = "set = [\"population.I.tau_m_ms={ distribution = \\\"lognormal\\\", mean = 20.0, cv = 0.3 }\"]\n\
               [[axis]]\nname = \"cv\"\nkey = \"population.I.tau_m_ms.cv\"\nvalues = [0.1, 0.2]\n\
               [[axis]]\nname = \"cv_e\"\nkey = \"population.E.tau_m_ms.cv\"\nvalues = [0.1, 0.2]\n";
    assert_eq!(Work::new(tau).sweep().plan.len(), 4);
}

/// The bins of every run are in memory.
#[test]
fn bins_that_are_too_narrow_are_refused() {
    let message = Work::new("bin_ms = 1e-9").refusal();
    // 180 ms in 2^26 bins
    assert!(
        message.contains("sweep.toml: line 3: bin_ms = 1e-9; allowed") && message.contains("at least 2.68"),
        "{message}"
    );
    assert_eq!(Work::new("bin_ms = 1e-5").sweep().bin, 1e-5);
    let longer = "bin_ms = 1e-5\n[[axis]]\nname = \"t\"\nkey = \"duration_ms\"\nvalues = [1, 2]\nfactor = 1000.0\n";
    assert!(Work::new(longer).refusal().contains("for a run of 1980 ms"));
}

#[test]
fn the_set_that_is_wrong_is_named_and_no_other() {
    let axis = "[[axis]]\nname = \"w\"\nkey = \"projection.0.weight_mv\"\nvalues = [-0.1, -0.5]\n";
    let message = Work::new(&format!("set = [\"duration_m=120\"]\n{axis}")).refusal();
    assert!(
        message.contains("--set duration_m=120: duration_m = 120; allowed: did you mean `duration_ms`"),
        "{message}"
    );
    assert!(!message.contains("weight_mv") && !message.contains("seed="), "{message}");
}

/// What an option is to blame for is not kept as the result of a run.
#[test]
fn too_many_threads_are_refused_and_leave_nothing() {
    let work = Work::new("repeats = 2");
    let (sweep, out) = (work.sweep(), work.path("out"));
    let stop = AtomicBool::new(false);
    let attempt = |threads, jobs| {
        let (shard, memory, retry) = (Shard::WHOLE, None, false);
        run(&sweep, &RunOptions { out: &out, shard, jobs, threads, memory, retry, stop: &stop, progress: &|_| () })
    };
    for threads in [0, 2000] {
        let message = attempt(threads, 1).unwrap_err().to_string();
        assert_eq!(message, format!("--threads {threads}; allowed: 1 to 1024"));
    }
    assert_eq!(attempt(1, 2000).unwrap_err().to_string(), "--jobs 2000; allowed: 1 to 1024");
    assert!(one(&sweep, 0, Some(&out), 2000, &stop).is_err() && !out.exists());
    let how = How { threads: 2000, stop: &stop, recording: None, synapses: None };
    assert!(execute(&sweep, &sweep.plan[0], &how).is_err(), "no result of this run");
    assert_eq!(attempt(1, 1).unwrap().failed, 0);
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

/// A recording that somebody has removed is not there.
#[test]
fn a_run_whose_recording_is_gone_is_run_again() {
    let work = Work::new("repeats = 3\nkeep_spikes = true");
    let (sweep, out) = (work.sweep(), work.path("out"));
    run_in(&sweep, &out, Shard::WHOLE, 1);
    assert_eq!(run_in(&sweep, &out, Shard::WHOLE, 1).computed, 0);
    fs::remove_dir_all(fs::read_dir(out.join("recordings")).unwrap().next().unwrap().unwrap().path()).unwrap();
    assert_eq!(run_in(&sweep, &out, Shard::WHOLE, 1).computed, 1);
    assert_eq!(fs::read_dir(out.join("recordings")).unwrap().count(), 3);
}

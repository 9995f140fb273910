//! A run that fails is a row with its error, and not the end.

use crate::{Work, run_in};
use std::sync::atomic::AtomicBool;
use tauspike_sweep::collect::rows;
use tauspike_sweep::dataset::Dataset;
use tauspike_sweep::{Cell, RunOptions, Shard, collect, run};

const TAU: &str = "[[axis]]\nname = \"tau\"\nkey = \"population.E.tau_m_ms\"\nvalues = [20.0, -3.0, 10.0]\n";

#[test]
fn a_run_that_is_refused_is_a_row_with_its_error() {
    let work = Work::new(TAU);
    let (sweep, out) = (work.sweep(), work.path("out"));
    let ended = run_in(&sweep, &out, Shard::WHOLE, 2);
    assert!(ended.finished() && ended.failed == 1, "{ended:?}");
    assert!(ended.first_error.unwrap().contains("run 1"));
    let rows = rows(&sweep, &out).unwrap();
    assert_eq!(*rows[1].get("exit"), Cell::Count(2));
    let error = rows[1].get("error").shown();
    assert!(
        error.contains("tau_m_ms") && error.contains("-3") && error.contains("population.E.tau_m_ms=-3.0"),
        "{error}"
    );
    assert_eq!((rows[0].get("error"), rows[1].get("digest")), (&Cell::None, &Cell::None));
    assert_eq!(collect(&sweep, &out, false).unwrap().failed_rows, 1);
    let dataset = Dataset::read(&out).unwrap();
    let exit = dataset.need("x", "exit").unwrap();
    assert_eq!(dataset.rows.iter().filter(|row| row[exit] == Cell::Count(2)).count(), 1);

    assert_eq!(run_in(&sweep, &out, Shard::WHOLE, 2).computed, 0);
    let stop = AtomicBool::new(false);
    let again = RunOptions {
        out: &out,
        shard: Shard::WHOLE,
        jobs: 1,
        threads: 1,
        memory: None,
        retry: true,
        stop: &stop,
        progress: &|_| (),
    };
    assert_eq!(run(&sweep, &again).unwrap().computed, 1);
}

#[test]
fn a_network_that_does_not_fit_is_a_row_too() {
    let sizes = "[[axis]]\nname = \"n\"\nkey = \"population.E.size\"\nvalues = [10, 4000000000]\n";
    let work = Work::new(sizes);
    let (sweep, out) = (work.sweep(), work.path("out"));
    let ended = run_in(&sweep, &out, Shard::WHOLE, 2);
    assert!(ended.finished() && ended.failed == 1, "{ended:?}");
    let error = ended.first_error.unwrap();
    assert!(error.contains("run 1"), "{error}");
}

#[test]
fn the_same_value_in_two_ways_is_run_once_and_is_two_rows() {
    let work = Work::new("[[axis]]\nname = \"t\"\nkey = \"population.E.t_ref_ms\"\nvalues = [2.0, 2.00]\n");
    // Equal numbers are refused as values of one axis; by a factor of 0 they come about.
    assert!(work.refusal().contains("each one once"));
    let zero = "[[axis]]\nname = \"t\"\nkey = \"population.E.t_ref_ms\"\nvalues = [2.0, 3.0]\nfactor = 0.0\n";
    let work = Work::new(zero);
    let (sweep, out) = (work.sweep(), work.path("out"));
    let ended = run_in(&sweep, &out, Shard::WHOLE, 2);
    assert!(ended.finished() && ended.computed == 1 && ended.all == 2, "{ended:?}");
    assert_eq!(rows(&sweep, &out).unwrap().len(), 2);
}

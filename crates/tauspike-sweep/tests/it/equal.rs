//! Rows do not depend on how they came about.

use crate::{Work, run_in, told};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use tauspike_record::read_spikes;
use tauspike_sweep::dataset::Dataset;
use tauspike_sweep::row::WALL;
use tauspike_sweep::run::one;
use tauspike_sweep::{Cell, Progress, RunOptions, Shard, collect, run, status};

const GRID: &str = r#"
repeats = 2
[[axis]]
name = "w"
key = "projection.0.weight_mv"
factor = -0.1
values = [1, 5, 9]
[[axis]]
name = "rate"
keys = ["input.noise.rate_hz", "input.1.rate_hz"]
from = 6000
to = 10000
count = 3
[[regime]]
name = "busy"
where = ["rate_hz_E >= 20"]
[[regime]]
name = "calm"
where = ["rate_hz_E < 20"]
[[figure]]
x = "w"
y = "rate"
value = "regime"
[[figure]]
x = "rate"
value = "rate_hz_E"
by = "w"
"#;

#[test]
fn jobs_threads_shards_and_stops_leave_no_trace() {
    let work = Work::new(GRID);
    let sweep = work.sweep();
    let whole = work.path("whole");
    let told_of_whole = {
        let told_progress = Mutex::new(Vec::new());
        let stop = AtomicBool::new(false);
        let progress = |progress: Progress| told_progress.lock().unwrap().push(progress);
        let options = RunOptions {
            out: &whole,
            shard: Shard::WHOLE,
            jobs: 1,
            threads: 2,
            memory: None,
            retry: false,
            stop: &stop,
            progress: &progress,
        };
        let ended = run(&sweep, &options).unwrap();
        assert!(ended.finished() && (ended.computed, ended.shared, ended.failed) == (18, 12, 0), "{ended:?}");
        let last = *told_progress.lock().unwrap().last().unwrap();
        assert_eq!((last.done, last.all, last.left_s), (18, 18, Some(0.0)));
        told(&sweep, &whole)
    };
    assert_eq!(told_of_whole.len(), 18);
    let digests: std::collections::BTreeSet<String> = told_of_whole
        .iter()
        .map(|row| row.iter().find(|(name, _)| name == "digest").map(|(_, cell)| cell.shown()).unwrap())
        .collect();
    assert_eq!(digests.len(), 18, "every run is another network");

    let sharded = work.path("sharded");
    for k in [3, 1, 4, 2] {
        let shard: Shard = format!("{k}/4").parse().unwrap();
        assert_eq!(status(&sweep, &sharded, shard).unwrap().done, 0);
        assert!(run_in(&sweep, &sharded, shard, 2).finished());
    }
    assert_eq!(told(&sweep, &sharded), told_of_whole);

    let stopped = work.path("stopped");
    let mut attempts = 0;
    while !status(&sweep, &stopped, Shard::WHOLE).unwrap().finished() {
        let stop = AtomicBool::new(false);
        let stop_at = 2 * attempts + 2;
        let progress = |progress: Progress| stop.store(progress.done >= stop_at, Ordering::Relaxed);
        let options = RunOptions {
            out: &stopped,
            shard: Shard::WHOLE,
            jobs: 2,
            threads: 1,
            memory: None,
            retry: false,
            stop: &stop,
            progress: &progress,
        };
        run(&sweep, &options).unwrap();
        attempts += 1;
        assert!(attempts < 30);
    }
    assert!(attempts > 2, "{attempts}");
    assert_eq!(told(&sweep, &stopped), told_of_whole);
}

/// Three rates share the synapses of each weight and seed, whether spikes are kept or not; a run on its own shares nothing.
#[test]
fn runs_that_share_synapses_are_those_that_built_their_own() {
    for text in [GRID.to_owned(), format!("keep_spikes = true\n{GRID}")] {
        let work = Work::new(&text);
        let (sweep, out) = (work.sweep(), work.path("out"));
        assert_eq!(run_in(&sweep, &out, Shard::WHOLE, 1).shared, 12);
        let stop = AtomicBool::new(false);
        for (index, row) in told(&sweep, &out).into_iter().enumerate() {
            let alone = one(&sweep, index, None, 1, &stop).unwrap().unwrap();
            for (name, cell) in row {
                assert_eq!(alone.get(&name), &cell, "run {index}: {name}");
            }
        }
    }
}

#[test]
fn a_row_on_its_own_and_one_of_kept_spikes_are_the_same() {
    let (work, keeping) = (Work::new(GRID), Work::new(&format!("keep_spikes = true\n{GRID}")));
    let (sweep, kept) = (work.sweep(), keeping.sweep());
    let stop = AtomicBool::new(false);
    let row = one(&sweep, 7, None, 1, &stop).unwrap().unwrap();
    let out = keeping.path("out");
    let other = one(&kept, 7, Some(&out), 2, &stop).unwrap().unwrap();
    for (name, cell) in &row.cells {
        // [record] is in the text that a key is of
        if !WALL.contains(&name.as_str()) && name != "key" {
            assert_eq!(other.get(name), cell, "{name}");
        }
    }
    assert!(row.get("rate_hz_E").number().unwrap() > 5.0 && row.get("cv_isi_E").number().is_some());
    let folder = out.join("recordings").join(format!("key={}", other.get("key").shown()));
    let spikes = read_spikes(&folder.join("spikes.parquet")).unwrap();
    assert_eq!(Cell::Count(spikes.len() as u64), *other.get("spikes"));
    assert_eq!(one(&kept, 7, Some(&out), 1, &stop).unwrap().unwrap(), other, "not run again, wall times included");
}

#[test]
fn the_data_set_holds_every_row_and_is_written_anew() {
    let work = Work::new(GRID);
    let (sweep, out) = (work.sweep(), work.path("out"));
    run_in(&sweep, &out, "1/2".parse().unwrap(), 2);
    let incomplete = collect(&sweep, &out, false).unwrap_err().to_string();
    assert!(incomplete.contains("9 of 18 runs are missing"), "{incomplete}");
    assert_eq!(collect(&sweep, &out, true).unwrap().rows, 9);
    run_in(&sweep, &out, "2/2".parse().unwrap(), 2);
    assert_eq!(collect(&sweep, &out, false).unwrap().rows, 18);
    assert!(out.join("runs/w=5/part-0.parquet").is_file());
    let dataset = Dataset::read(&out).unwrap();
    let rows = tauspike_sweep::collect::rows(&sweep, &out).unwrap();
    assert_eq!(dataset.rows.len(), 18);
    for (row, read) in rows.iter().zip(&dataset.rows) {
        for (column, cell) in dataset.columns.iter().zip(read) {
            let (found, expected) = (cell.number(), row.get(column).number());
            assert_eq!(found, expected, "{column}");
            assert!(found.is_some() || cell == row.get(column), "{column}");
        }
    }
    assert_eq!(figures(&sweep, &out).len(), 4);
    std::fs::write(out.join("runs/w=5/notes.txt"), "mine").unwrap();
    let refused = collect(&sweep, &out, false).unwrap_err().to_string();
    assert!(refused.contains("notes.txt"), "{refused}");
    assert!(out.join("runs/w=5/notes.txt").exists());
}

fn figures(sweep: &tauspike_sweep::Sweep, out: &Path) -> Vec<std::path::PathBuf> {
    tauspike_sweep::figure::write_all(sweep, out).unwrap()
}

/// What was run is found again in a sweep that grew, changed its order and got another name.
#[test]
fn a_sweep_that_grows_runs_what_is_new_alone() {
    let axis = |values: &str| format!("[[axis]]\nname = \"w\"\nkey = \"projection.0.weight_mv\"\nvalues = {values}\n");
    let work = Work::new(&axis("[-0.1, -0.5]"));
    let out = work.path("out");
    assert_eq!(run_in(&work.sweep(), &out, Shard::WHOLE, 2).computed, 2);
    let grown = format!("name = \"t\"\nscenario = \"scenario.toml\"\n{}", axis("[-0.9, -0.5, -0.1]"));
    std::fs::write(work.path("sweep.toml"), grown).unwrap();
    assert_eq!(run_in(&work.sweep(), &out, Shard::WHOLE, 2).computed, 1);
    let scenario = std::fs::read_to_string(work.path("scenario.toml")).unwrap();
    std::fs::write(work.path("scenario.toml"), scenario.replace("indegree = 5", "indegree = 6")).unwrap();
    assert_eq!(run_in(&work.sweep(), &out, Shard::WHOLE, 2).computed, 3, "another network");
}

#[test]
fn lists_of_files_and_drawn_values_become_columns() {
    let work = Work::new(
        r#"
[sample]
method = "sobol"
count = 4
seed = 2
[[axis]]
name = "w"
key = "projection.0.weight_mv"
from = 0.01
to = 1
log = true
factor = -1
[[axis]]
name = "tau"
key = "population.I.tau_m_ms"
distribution = { distribution = "lognormal", mean = 15.0, cv = 0.3 }
[[axis]]
name = "rate"
key = "input.noise.rate_hz"
file = "rates.csv"
column = "hz"
zip = "files"
[[axis]]
name = "model"
key = "population.E.t_ref_ms"
values = [1.0, 3.5]
zip = "files"
"#,
    );
    std::fs::write(work.path("rates.csv"), "hz,note\n7000,a\n9000,b\n").unwrap();
    let (sweep, out) = (work.sweep(), work.path("out"));
    assert_eq!(sweep.plan.len(), 8);
    let ended = run_in(&sweep, &out, Shard::WHOLE, 2);
    assert!(ended.finished() && ended.failed == 0, "{ended:?}");
    let rows = tauspike_sweep::collect::rows(&sweep, &out).unwrap();
    let pairs: Vec<(String, String)> =
        rows.iter().map(|row| (row.get("rate").shown(), row.get("model").shown())).collect();
    assert!(
        pairs.iter().all(|pair| *pair == ("7000".into(), "1".into()) || *pair == ("9000".into(), "3.5".into())),
        "{pairs:?}"
    );
    let drawn: std::collections::BTreeSet<String> = rows.iter().map(|row| row.get("w").shown()).collect();
    assert_eq!(drawn.len(), 4);
    assert!(rows.iter().all(|row| (0.01..=1.0).contains(&row.get("w").number().unwrap())));
}

/// No neuron fires, so nothing has a CV: the column is one of numbers all the same, as in the sweep beside it.
#[test]
fn a_column_without_any_value_has_the_type_of_its_measure() {
    let work = Work::new("set = [\"input.0.rate_hz=0\", \"input.1.rate_hz=0\"]\nrepeats = 2");
    let (sweep, out) = (work.sweep(), work.path("out"));
    run_in(&sweep, &out, Shard::WHOLE, 1);
    collect(&sweep, &out, false).unwrap();
    let file = std::fs::File::open(out.join("runs/part-0.parquet")).unwrap();
    let reader = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    for name in ["cv_isi_E", "synchrony_I", "frequency_hz_E"] {
        let field = reader.schema().field_with_name(name).unwrap();
        assert_eq!(*field.data_type(), arrow_schema::DataType::Float64, "{name}");
    }
}

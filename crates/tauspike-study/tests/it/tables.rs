//! The tables depend on the file alone.

use crate::{TEXT, folder, options, study};
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use tauspike_record::RecordError;
use tauspike_study::{RunOptions, Shard, StudyError, collect, run, status};

fn bytes(out: &Path) -> [Vec<u8>; 3] {
    ["networks.parquet", "results.parquet", "taus.parquet"].map(|name| fs::read(out.join(name)).unwrap())
}

#[test]
fn a_stopped_study_goes_on_to_the_same_bytes_on_any_number_of_threads() {
    let folder = folder();
    let study = study(folder.path(), TEXT);
    let (whole, parts) = (folder.path().join("whole"), folder.path().join("parts"));
    let never = AtomicBool::new(false);
    let summary = run(&study, &options(&whole, 1, &never)).unwrap();
    assert!(summary.finished && summary.computed == summary.cells && summary.networks > summary.cells);

    let stop = AtomicBool::new(false);
    let after_three = |progress: tauspike_study::Progress| stop.store(progress.done >= 3, Ordering::Relaxed);
    let first = run(&study, &RunOptions { progress: &after_three, ..options(&parts, 2, &stop) }).unwrap();
    assert!(!first.finished && !parts.join("results.parquet").exists());
    assert!((3..=5).contains(&first.computed), "{}", first.computed);
    let rest = run(&study, &options(&parts, 3, &never)).unwrap();
    assert!(rest.finished && first.computed + rest.computed == rest.cells);
    assert!(bytes(&whole) == bytes(&parts));
}

#[test]
fn shards_in_any_order_stopped_or_not_are_the_whole_row_by_row() {
    let folder = folder();
    let study = study(folder.path(), TEXT);
    let (whole, parts) = (folder.path().join("whole"), folder.path().join("parts"));
    let never = AtomicBool::new(false);
    let cells = run(&study, &options(&whole, 2, &never)).unwrap().cells;

    let shard = |text: &str| text.parse::<Shard>().unwrap();
    let stop = AtomicBool::new(false);
    let after_two = |progress: tauspike_study::Progress| stop.store(progress.done >= 2, Ordering::Relaxed);
    let stopped = RunOptions { shard: shard("2/3"), progress: &after_two, ..options(&parts, 1, &stop) };
    let stopped = run(&study, &stopped).unwrap();
    assert!(stopped.computed == 2 && stopped.shard_done == 2 && !stopped.finished, "{stopped:?}");
    let mut shared = 0;
    for text in ["3/3", "2/3", "1/3"] {
        let refused = collect(&study, &parts, "test".into()).unwrap_err();
        assert!(matches!(refused, StudyError::Incomplete { all, .. } if all == cells), "{refused}");
        let summary = run(&study, &RunOptions { shard: shard(text), ..options(&parts, 2, &never) }).unwrap();
        assert_eq!((summary.shard_done, summary.finished), (summary.shard_cells, text == "1/3"), "{text}");
        let told = status(&study, &parts, shard(text)).unwrap();
        assert_eq!((told.done, told.all, told.at_work), (summary.shard_cells, summary.shard_cells, Vec::new()));
        shared += summary.shard_cells;
    }
    assert_eq!(shared, cells, "each network belongs to one shard");
    assert!(bytes(&whole) == bytes(&parts), "the last one makes the tables");
    fs::remove_file(parts.join("results.parquet")).unwrap();
    assert!(collect(&study, &parts, "test".into()).unwrap().finished && bytes(&whole) == bytes(&parts));
}

#[test]
fn two_processes_do_not_work_on_the_same_networks() {
    let folder = folder();
    let study = study(folder.path(), TEXT);
    let out = folder.path().join("out");
    let never = AtomicBool::new(false);
    let shard = |text: &str| text.parse::<Shard>().unwrap();
    let held = |text: &str| {
        let refused = run(&study, &RunOptions { shard: shard(text), ..options(&out, 1, &never) });
        matches!(refused, Err(StudyError::Record(RecordError::Held { .. })))
    };
    let others = shard("1/2").take(&out.join("locks")).unwrap();
    assert!(held("1/2") && held("1/1") && held("1/3") && !held("2/2"));
    assert_eq!(status(&study, &out, Shard::WHOLE).unwrap().at_work.len(), 1);
    drop(others);
    assert!(!held("1/1"));
}

#[test]
fn a_finished_cell_is_not_run_again_and_a_broken_file_is() {
    let folder = folder();
    let study = study(folder.path(), TEXT);
    let out = folder.path().join("out");
    let never = AtomicBool::new(false);
    run(&study, &options(&out, 2, &never)).unwrap();
    let before = bytes(&out);
    let cell = fs::read_dir(out.join("cells")).unwrap().next().unwrap().unwrap().path();
    let content = fs::read(&cell).unwrap();
    fs::write(&cell, &content[..content.len() / 2]).unwrap();
    let again = run(&study, &options(&out, 2, &never)).unwrap();
    assert_eq!(again.computed, 1);
    assert!(bytes(&out) == before);
}

/// Until version 2 a cell was named by a hash of program text: such a folder is neither used nor touched.
#[test]
fn finished_cells_of_an_earlier_version_are_refused_with_what_to_do() {
    let folder = folder();
    let study = study(folder.path(), TEXT);
    let out = folder.path().join("out");
    let old = out.join("cells/0123456789abcdef0123456789abcdef");
    fs::create_dir_all(out.join("cells")).unwrap();
    fs::write(&old, "postcard").unwrap();
    let error = run(&study, &options(&out, 1, &AtomicBool::new(false))).unwrap_err().to_string();
    assert!(["cells", "1 finished networks", "--out", "reported"].iter().all(|part| error.contains(part)), "{error}");
    assert_eq!(fs::read_to_string(&old).unwrap(), "postcard");
    assert_eq!(fs::read_dir(out.join("cells")).unwrap().count(), 1);
}

/// Nothing runs if one network of the study cannot be built.
#[test]
fn a_network_that_cannot_be_built_is_refused_before_any_is_run() {
    let folder = folder();
    let out = folder.path().join("out");
    let text = TEXT.replace("[network]", "[lif]\ntau_syn_ms = 1e-200\n\n[network]");
    let (never, progress) = (AtomicBool::new(false), |_| panic!("nothing is run"));
    let options = RunOptions { progress: &progress, ..options(&out, 2, &never) };
    let error = run(&study(folder.path(), &text), &options).unwrap_err();
    assert!(!error.is_output(), "the file is wrong, and no result");
    let error = error.to_string();
    assert!(["tiny.toml: network \"all/LIF/", "tau_syn"].iter().all(|part| error.contains(part)), "{error}");
}

#[test]
fn too_many_threads_are_refused_before_anything_is_made() {
    let folder = folder();
    let (out, never) = (folder.path().join("out"), AtomicBool::new(false));
    let error = run(&study(folder.path(), TEXT), &options(&out, 1_000_000, &never)).unwrap_err();
    assert_eq!(error.to_string(), "--threads 1000000; allowed: 1 to 1024");
    assert!(!error.is_output() && !out.exists());
}

#[test]
fn a_folder_of_somebody_else_is_left_alone() {
    let folder = folder();
    let never = AtomicBool::new(false);
    for theirs in ["thesis.tex", "sweep.json"] {
        let out = folder.path().join(format!("with {theirs}"));
        fs::create_dir(&out).unwrap();
        fs::write(out.join(theirs), "{}").unwrap();
        let error = run(&study(folder.path(), TEXT), &options(&out, 1, &never)).unwrap_err();
        assert!(error.is_output() && error.to_string().contains(theirs), "{error}");
        assert_eq!(fs::read_dir(&out).unwrap().count(), 1);
    }
}

/// What a study calls its profiles, tasks and stimuli is in the tables alone.
#[test]
fn another_name_is_the_same_cell() {
    let folder = folder();
    let out = folder.path().join("out");
    let never = AtomicBool::new(false);
    let first = run(&study(folder.path(), TEXT), &options(&out, 2, &never)).unwrap();
    let text = TEXT
        .replace("\"gamma\", cv", "\"skewed\", cv")
        .replace("name = \"gamma\"", "name = \"skewed\"")
        .replace("\"wave\"", "\"sea\"");
    let renamed = run(&study(folder.path(), &text), &options(&out, 2, &never)).unwrap();
    assert_eq!((first.computed, renamed.computed), (first.cells, 0));
}

#[test]
fn another_seed_of_the_stimulus_or_another_sample_of_a_file_is_another_cell() {
    let folder = folder();
    let out = folder.path().join("out");
    let never = AtomicBool::new(false);
    let text = TEXT.replace("seeds = 1\n", "");
    let first = run(&study(folder.path(), &text), &options(&out, 2, &never)).unwrap();
    let more_seeds =
        run(&study(folder.path(), &text.replace("[3, 5]", "[3, 5, 6]")), &options(&out, 2, &never)).unwrap();
    assert_eq!(more_seeds.computed * 3, more_seeds.cells);
    let wave = folder.path().join("wave.csv");
    let data = fs::read_to_string(&wave).unwrap().replacen("0,0\n", "0.5,0\n", 1);
    fs::write(&wave, data).unwrap();
    let other = run(&study(folder.path(), &text), &options(&out, 2, &never)).unwrap();
    assert_eq!(other.computed, first.cells);
}

/// Both arms are moved to the rate, the homogeneous one too.
#[test]
fn networks_of_equal_rate_have_it() {
    let folder = folder();
    let study = study(folder.path(), &TEXT.replace("n = 12", "n = 40"));
    let rates: Vec<f64> = study
        .plan
        .iter()
        .filter(|p| p.experiment == "equal rates")
        .map(|p| tauspike_study::measure::measure(&p.cell, &study.suite).unwrap().spiking.unwrap().rate)
        .collect();
    assert!(rates.len() == 4 && rates.iter().all(|rate| (rate / 12.0 - 1.0).abs() < 0.06), "{rates:?}");
}

/// A study that is stopped after the cells of its first seed is a study of that seed.
#[test]
fn the_cells_of_one_seed_are_there_before_those_of_the_next() {
    let folder = folder();
    let both = study(folder.path(), TEXT);
    let one = study(folder.path(), &TEXT.replace("seeds = [3, 5]", "seeds = [3]"));
    let out = folder.path().join("out");
    let never = AtomicBool::new(false);
    let cells = {
        let elsewhere = folder.path().join("elsewhere");
        run(&one, &options(&elsewhere, 2, &never)).unwrap().cells
    };
    let stop = AtomicBool::new(false);
    let halfway = |progress: tauspike_study::Progress| stop.store(progress.done >= cells, Ordering::Relaxed);
    run(&both, &RunOptions { progress: &halfway, ..options(&out, 1, &stop) }).unwrap();
    let rest = run(&one, &options(&out, 1, &never)).unwrap();
    assert!(rest.finished && rest.computed == 0, "{rest:?}");
}

/// What is lost, is lost after the readout was fitted: less is right then, and nothing if nothing is lost.
#[test]
fn damage_comes_after_training() {
    let folder = folder();
    let study = study(folder.path(), TEXT);
    let scores = |at: &[(&str, &str)]| {
        let point: Vec<(String, String)> = at.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect();
        let planned =
            study.plan.iter().find(|p| p.experiment == "damage" && p.point == point && p.cell.model_name() == "LI");
        let measured = tauspike_study::measure::measure(&planned.unwrap().cell, &study.suite).unwrap();
        let scores = &measured.reads[0].scores;
        let lambdas: Vec<f64> = scores.iter().map(|score| score.lambda).collect();
        (lambdas, scores.iter().map(|score| score.r2.max(0.0)).sum::<f64>())
    };
    let whole = scores(&[("lost_neurons", "0.0"), ("drift", "0.0")]);
    for damaged in [[("lost_neurons", "0.3"), ("drift", "0.0")], [("lost_neurons", "0.0"), ("drift", "0.1")]] {
        let (lambdas, score) = scores(&damaged);
        assert!(lambdas == whole.0 && score < whole.1, "{damaged:?}: {score} {}", whole.1);
    }
}

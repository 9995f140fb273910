//! What several processes recorded of one run becomes what one process would have recorded.

use crate::train;
use std::fs;
use std::path::Path;
use tauspike_record::*;
use tauspike_spike::{Spike, SpikeSink};

const RANKS: usize = 3;

/// The run of [`train::first`], each spike recorded by one of the ranks, which are killed if `killed`.
fn recorded(out: &Path, killed: bool) -> OutputDir {
    let output = OutputDir::create(out, false).unwrap();
    let mut manifest = Manifest::start(ScenarioText::new("x = 1"), 1, 1, train::populations());
    let entry = |rank| RankEntry {
        rank,
        hostname: hostname(),
        host: Host::here(),
        neurons: 5,
        synapses: 0,
        network_bytes: 0,
        peak_bytes: None,
        build_s: 0.0,
        exchange_s: 0.0,
    };
    manifest.ranks = (0..RANKS).map(entry).collect();
    manifest.write(&output.manifest()).unwrap();
    for rank in 0..RANKS {
        let mine: Vec<Spike> = train::first(200).into_iter().filter(|s| s.source as usize % RANKS == rank).collect();
        let folder = OutputDir::create(&rank_folder(out, rank), false).unwrap();
        let table = Spikes::new(train::populations());
        let mut recorder = SpikeRecorder::create(&folder.spikes(), table, train::rows(10)).unwrap();
        recorder.take(&mine).unwrap();
        if !killed {
            recorder.finish().unwrap();
        }
    }
    output
}

fn pairs(spikes: &Path) -> Vec<Spike> {
    let table = read_spikes(spikes).unwrap();
    table.time.into_iter().zip(table.neuron).map(|(time, source)| Spike { time, source }).collect()
}

#[test]
fn the_tables_of_ranks_become_the_table_of_one_process() {
    let dir = tempfile::tempdir().unwrap();
    let output = recorded(&dir.path().join("out"), false);
    let digest = merge_spikes(&output, &train::populations(), train::rows(10)).unwrap().unwrap();
    let mut expected = Digest::new(train::populations());
    expected.take(&train::first(200)).unwrap();
    assert_eq!(digest.hex(), expected.hex());
    assert_eq!(pairs(&output.spikes()), train::first(200));
    // killed between that and removing those of the ranks
    assert!(merge_spikes(&output, &train::populations(), train::rows(10)).unwrap().is_some());
    output.remove_ranks().unwrap();
    assert!(!output.path().join("ranks").exists());
    assert!(merge_probes(&output, &train::populations(), train::rows(10)).unwrap().is_none());
}

#[test]
fn recover_makes_one_table_of_what_killed_ranks_left() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    drop(recorded(&out, true));
    recover(&out).unwrap();
    assert_eq!(pairs(&out.join("spikes.parquet")), train::first(200));
    let manifest = Manifest::read(&out.join("manifest.json")).unwrap();
    assert_eq!((manifest.status, manifest.spikes), (Status::Interrupted, Some(200)));
    let last_of = |rank| {
        train::first(200).into_iter().filter(|s| s.source as usize % RANKS == rank).map(|s| s.time).fold(0.0, f64::max)
    };
    assert_eq!(manifest.model_time_ms, (0..RANKS).map(last_of).fold(f64::INFINITY, f64::min));
    assert!(recover(&out).unwrap().is_empty());
}

#[test]
fn a_part_that_somebody_changed_is_not_merged_and_nothing_is_removed() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    drop(recorded(&out, true));
    let part = out.join("ranks/rank=1/spikes.parquet/part-00001.parquet");
    fs::remove_file(&part).unwrap();
    let error = recover(&out).unwrap_err().to_string();
    assert!(error.contains("part-00001.parquet"), "{error}");
    assert!(out.join("ranks/rank=2/spikes.parquet").exists() && !out.join("spikes.parquet").exists());
}

#[test]
fn ranks_of_an_earlier_run_are_replaced_and_nothing_else_is() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    for killed in [true, false] {
        drop(recorded(&out, killed));
        assert!(OutputDir::create(&out, false).unwrap_err().to_string().contains("--force"));
        drop(OutputDir::create(&out, true).unwrap());
        assert_eq!(fs::read_dir(&out).unwrap().count(), 0);
    }
    drop(recorded(&out, false));
    for (foreign, named) in [("ranks/thesis.tex", "ranks/thesis.tex"), ("ranks/rank=1/mine.txt", "mine.txt")] {
        fs::write(out.join(foreign), "").unwrap();
        let error = OutputDir::create(&out, true).unwrap_err().to_string();
        assert!(error.contains(named) && out.join("ranks/rank=0/spikes.parquet").exists(), "{error}");
        fs::remove_file(out.join(foreign)).unwrap();
    }
}

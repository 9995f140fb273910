//! A whole run on several ranks, played by threads: what is on disk is what one process leaves.
//!
//! `crates/tauspike-mpi/tests` does the same with processes.

use crate::scenarios::run_to;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use tauspike_engine::exchange::Rank;
use tauspike_record::{Manifest, Status, read_spikes, recover};
use tauspike_scenario::ranks::{Gather, Gathered, Ranks, SharedRun};
use tauspike_scenario::scenario::from_text;
use tauspike_scenario::{RunOptions, Scenario, ScenarioError};

type Word = ([u64; 2], Vec<u64>);

/// Every rank sends to every rank, itself included; one that has ended is missed.
struct Channels {
    rank: Rank,
    to: Vec<Sender<Word>>,
    from: Vec<Receiver<Word>>,
    /// Ends after so many exchanges, as if it had been killed.
    left: usize,
}

fn channels(ranks: usize) -> Vec<Channels> {
    let of = |index| Channels { rank: Rank { index, of: ranks }, to: vec![], from: vec![], left: usize::MAX };
    let mut ends: Vec<Channels> = (0..ranks).map(of).collect();
    for sender in 0..ranks {
        for receiver in 0..ranks {
            let (to, from) = channel();
            ends[sender].to.push(to);
            ends[receiver].from.push(from);
        }
    }
    ends
}

impl Gather for Channels {
    fn rank(&self) -> Rank {
        self.rank
    }

    fn gather(&mut self, head: [u64; 2], words: &[u64], all: &mut Gathered) -> Result<(), String> {
        self.left = self.left.checked_sub(1).ok_or("killed")?;
        let gone = |rank: usize| format!("rank {rank} has gone");
        for (rank, to) in self.to.iter().enumerate() {
            to.send((head, words.to_vec())).map_err(|_| gone(rank))?;
        }
        *all = Gathered::default();
        for (rank, from) in self.from.iter().enumerate() {
            let (head, words) = from.recv().map_err(|_| gone(rank))?;
            all.heads.push(head);
            all.words.extend(words);
            all.ends.push(all.words.len());
        }
        Ok(())
    }
}

const TEXT: &str = r#"
name = "shared"
seed = 3
duration_ms = 300.0
warmup_ms = 20.0

[[population]]
name = "E"
size = 3072
model = "lif_delta"
tau_m_ms = { distribution = "lognormal", mean = 20.0, cv = 0.5 }

[[population]]
name = "I"
size = 700
model = "lif_exp"
tau_m_ms = 10.0

[[population]]
name = "noise"
size = 50
model = "poisson"
rate_hz = 30.0

[[projection]]
from = "E"
to = "E"
rule = "fixed_indegree"
indegree = 50
weight_mv = 0.1
delay_ms = 1.5

[[projection]]
from = "I"
to = "E"
rule = "bernoulli"
probability = 0.05
weight_mv = { distribution = "normal", mean = -0.5, sd = 0.1 }
delay_ms = { distribution = "normal", mean = 1.5, sd = 0.3, min = 0.3 }

[[projection]]
from = "E"
to = "I"
rule = "fixed_outdegree"
outdegree = 20
weight_pa = 30.0
delay_ms = 2.0
procedural = true

[[projection]]
from = "noise"
to = "E"
rule = "fixed_total"
total = 5000
weight_mv = 1.0
delay_ms = 1.0

[[input]]
kind = "poisson"
target = "E"
rate_hz = 12000.0
weight_mv = 0.1

[[input]]
kind = "poisson"
target = "I"
rate_hz = 9000.0
weight_pa = 60.0

[record]
rows_per_group = 700
counters_interval_ms = 40.0

[[record.probe]]
population = "E"
neurons = [0, 1700, 2999]
interval_ms = 5.0

[[record.probe]]
population = "I"
neurons = [3, 650]
times_ms = [0.0, 12.5, 300.0]
"#;

fn scenario(text: &str, overrides: &[&str]) -> Scenario {
    let overrides: Vec<String> = overrides.iter().map(ToString::to_string).collect();
    from_text(text, Path::new("shared.toml"), &overrides).unwrap()
}

#[derive(Clone, Default)]
struct How {
    threads: usize,
    save: Option<PathBuf>,
    resume: Option<PathBuf>,
    partitioned: bool,
    /// Which rank ends, and after how many exchanges.
    killed: Option<(usize, usize)>,
}

/// What each rank ends with.
fn on_ranks(
    out: &Path,
    scenario: &Scenario,
    ranks: usize,
    how: &How,
    progress: impl Fn(usize, f64, &AtomicBool) + Sync,
) -> Vec<Result<SharedRun, ScenarioError>> {
    thread::scope(|scope| {
        let progress = &progress;
        let start = |(index, mut channels): (usize, Channels)| {
            if let Some((_, exchanges)) = how.killed.filter(|(rank, _)| *rank == index) {
                channels.left = exchanges;
            }
            scope.spawn(move || {
                let stop = Arc::new(AtomicBool::new(false));
                let ranks = Ranks::new(Box::new(channels), stop.clone());
                let options = RunOptions {
                    out,
                    force: false,
                    threads: how.threads.max(1),
                    stop: &stop,
                    progress: &mut |now, _| progress(index, now, &stop),
                    save_snapshot: how.save.as_deref(),
                    resume: how.resume.as_deref(),
                };
                tauspike_scenario::ranks::run(scenario, ranks, options, how.partitioned)
            })
        };
        let running: Vec<_> = channels(ranks).into_iter().enumerate().map(start).collect();
        running.into_iter().map(|running| running.join().unwrap()).collect()
    })
}

fn bytes_of(out: &Path, table: &str) -> Vec<u8> {
    fs::read(out.join(table)).unwrap()
}

fn manifest(out: &Path) -> Manifest {
    Manifest::read(&out.join("manifest.json")).unwrap()
}

#[test]
fn every_table_and_figure_is_that_of_one_process() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = scenario(TEXT, &[]);
    let alone = folder.path().join("alone");
    let report = run_to(&alone, &scenario, 2);
    assert!(report.spikes > 5000, "{}", report.spikes);
    for (ranks, threads) in [(1, 1), (2, 1), (2, 2), (4, 1), (7, 1)] {
        let out = folder.path().join(format!("{ranks}x{threads}"));
        let how = How { threads, ..How::default() };
        let mut ended = on_ranks(&out, &scenario, ranks, &how, |_, _, _| ());
        let found = ended.remove(0).unwrap().report.unwrap();
        assert!(ended.iter().all(|other| other.as_ref().is_ok_and(|other| other.report.is_none())));
        assert_eq!(found.digest, report.digest, "{ranks} ranks");
        assert_eq!((found.spikes, found.synapses, found.neurons), (report.spikes, report.synapses, report.neurons));
        assert_eq!(found.populations, report.populations, "rates and CV");
        assert_eq!(found.counters.work(), report.counters.work());
        let spikes = |out: &Path| read_spikes(&out.join("spikes.parquet")).unwrap();
        assert!(
            spikes(&out) == spikes(&alone) && bytes_of(&out, "neurons.parquet") == bytes_of(&alone, "neurons.parquet")
        );
        // those that were made of other numbers of ranks are the same even byte by byte
        let of_one = folder.path().join("1x1");
        for table in ["spikes.parquet", "probes.parquet"] {
            assert!(bytes_of(&out, table) == bytes_of(&of_one, table), "{table} of {ranks} ranks");
        }
        let told = manifest(&out);
        assert_eq!((told.status, told.ranks.len()), (Status::Finished, ranks));
        assert_eq!(told.ranks.iter().map(|entry| entry.neurons).sum::<u64>(), 3822);
        assert_eq!((told.digest, told.rows), (manifest(&alone).digest, manifest(&alone).rows));
        assert!(!out.join("ranks").exists());
    }
}

#[test]
fn a_snapshot_of_any_ranks_is_gone_on_from_by_any_others() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (half, whole) = (scenario(TEXT, &["duration_ms=140", "record.probe=[]"]), scenario(TEXT, &["record.probe=[]"]));
    let alone = read_of(&path("alone"), &run_to(&path("alone"), &whole, 1));
    for saved_by in [1, 4] {
        let snapshot = path(&format!("by{saved_by}.bin"));
        let first = path(&format!("first{saved_by}"));
        let how = How { save: Some(snapshot.clone()), ..How::default() };
        on_ranks(&first, &half, saved_by, &how, |_, _, _| ()).into_iter().for_each(|ended| drop(ended.unwrap()));
        let before = read_spikes(&first.join("spikes.parquet")).unwrap();
        for ranks in [1, 2, 3, 4] {
            let rest = path(&format!("rest{saved_by}to{ranks}"));
            let how = How { resume: Some(snapshot.clone()), threads: 1 + ranks % 2, ..How::default() };
            let ended = on_ranks(&rest, &whole, ranks, &how, |_, _, _| ());
            assert_eq!(ended[0].as_ref().unwrap().report.as_ref().unwrap().start_ms, 140.0);
            let after = read_spikes(&rest.join("spikes.parquet")).unwrap();
            assert!([before.time.clone(), after.time].concat() == alone.0, "{saved_by} to {ranks}");
            assert!([before.neuron.clone(), after.neuron].concat() == alone.1);
        }
        // and by a process that knows nothing of ranks
        let plain = path(&format!("plain{saved_by}"));
        let stop = AtomicBool::new(false);
        let options = RunOptions {
            out: &plain,
            force: false,
            threads: 3,
            stop: &stop,
            progress: &mut |_, _| (),
            save_snapshot: None,
            resume: Some(&snapshot),
        };
        tauspike_scenario::run(&whole, options).unwrap();
        let after = read_spikes(&plain.join("spikes.parquet")).unwrap();
        assert!([before.time.clone(), after.time].concat() == alone.0, "{saved_by} to one process");
    }
    let other = scenario(TEXT, &["record.probe=[]", "projection.0.indegree=51"]);
    let how = How { resume: Some(path("by4.bin")), ..How::default() };
    let refused = on_ranks(&path("other"), &other, 3, &how, |_, _, _| ()).remove(0).err().unwrap().to_string();
    assert!(refused.contains("projection \"E to E\": synapses is 156672 and was 153600"), "{refused}");
}

fn read_of(out: &Path, _: &tauspike_scenario::RunReport) -> (Vec<f64>, Vec<u32>) {
    let table = read_spikes(&out.join("spikes.parquet")).unwrap();
    (table.time, table.neuron)
}

#[test]
fn partitions_are_left_until_recover_makes_one_table_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let (out, alone) = (folder.path().join("out"), folder.path().join("alone"));
    let scenario = scenario(TEXT, &["duration_ms=60", "record.probe=[]"]);
    let report = run_to(&alone, &scenario, 1);
    let how = How { partitioned: true, ..How::default() };
    let ended = on_ranks(&out, &scenario, 3, &how, |_, _, _| ());
    assert_eq!(ended[0].as_ref().unwrap().report.as_ref().unwrap().digest, report.digest);
    assert!(!out.join("spikes.parquet").exists());
    let rows = |rank: usize| read_spikes(&out.join(format!("ranks/rank={rank}/spikes.parquet"))).unwrap().len() as u64;
    assert_eq!(rows(0) + rows(1) + rows(2), report.spikes);
    assert!(rows(0) > 0 && rows(1) > 0 && rows(2) > 0);
    recover(&out).unwrap();
    assert_eq!(read_spikes(&out.join("spikes.parquet")).unwrap(), read_spikes(&alone.join("spikes.parquet")).unwrap());
    let told = manifest(&out);
    assert_eq!((told.status, told.digest, told.model_time_ms), (Status::Finished, Some(report.digest), 60.0));
    assert!(!out.join("ranks").exists());
}

#[test]
fn one_rank_that_is_asked_to_stop_stops_all_at_one_epoch() {
    let folder = tempfile::tempdir().unwrap();
    let (out, alone) = (folder.path().join("out"), folder.path().join("alone"));
    let scenario = scenario(TEXT, &[]);
    let ended = on_ranks(&out, &scenario, 3, &How::default(), |rank, now, stop| {
        if rank == 2 && now > 50.0 {
            stop.store(true, Ordering::Relaxed);
        }
    });
    assert!(ended.iter().all(|ended| ended.as_ref().is_ok_and(|ended| ended.status == Status::Interrupted)));
    let told = manifest(&out);
    assert!(told.status == Status::Interrupted && told.model_time_ms > 50.0 && told.model_time_ms < 60.0);
    run_to(&alone, &scenario, 1);
    let (found, whole) =
        (read_spikes(&out.join("spikes.parquet")).unwrap(), read_spikes(&alone.join("spikes.parquet")).unwrap());
    let until = whole.time.partition_point(|time| *time < told.model_time_ms);
    assert!(found.time == whole.time[..until] && found.neuron == whole.neuron[..until]);
}

#[test]
fn a_rank_that_goes_ends_all_and_what_was_recorded_is_made_one_table() {
    let scenario = scenario(TEXT, &[]);
    let folder = tempfile::tempdir().unwrap();
    let alone = folder.path().join("alone");
    run_to(&alone, &scenario, 1);
    let whole = read_spikes(&alone.join("spikes.parquet")).unwrap();
    for (k, (rank, exchanges)) in [(1, 40), (0, 90), (2, 131), (1, 7), (0, 3), (2, 1)].into_iter().enumerate() {
        let out = folder.path().join(format!("out{k}"));
        let how = How { killed: Some((rank, exchanges)), ..How::default() };
        let ended = on_ranks(&out, &scenario, 3, &how, |_, _, _| ());
        assert!(ended.iter().all(Result::is_err));
        if !out.join("manifest.json").exists() {
            assert!(exchanges < 10, "nothing was written, because nothing had begun");
            continue;
        }
        recover(&out).unwrap();
        assert!(!out.join("ranks").exists());
        let told = manifest(&out);
        assert!(told.status != Status::Running && told.status != Status::Finished);
        if !out.join("spikes.parquet").exists() {
            assert!(exchanges < 40 && told.model_time_ms == 0.0, "{k}: no rank had begun to record");
            continue;
        }
        let found = read_spikes(&out.join("spikes.parquet")).unwrap();
        let until = found.time.partition_point(|time| *time <= told.model_time_ms);
        assert!(found.time[..until] == whole.time[..until] && found.neuron[..until] == whole.neuron[..until], "{k}");
        assert!(exchanges < 40 || told.model_time_ms > 3.0, "{k}: {}", told.model_time_ms);
    }
}

#[test]
fn what_one_rank_is_refused_is_told_once_by_all() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    fs::create_dir(&out).unwrap();
    fs::write(out.join("thesis.tex"), "mine").unwrap();
    let ended = on_ranks(&out, &scenario(TEXT, &[]), 3, &How::default(), |_, _, _| ());
    let told: Vec<String> = ended.into_iter().map(|ended| ended.err().unwrap().to_string()).collect();
    assert!(told[0].contains("exists; use --force"), "{}", told[0]);
    assert_eq!(told[1], format!("rank 0: {}", told[0]));
    assert!(fs::read_dir(&out).unwrap().count() == 1);

    // with zero delays there is nothing to share
    let zero = scenario(TEXT, &["projection.0.delay_ms=0"]);
    let ended = on_ranks(&folder.path().join("zero"), &zero, 2, &How::default(), |_, _, _| ());
    let told = ended.into_iter().next().unwrap().err().unwrap().to_string();
    assert!(told.contains("ranks: 2 is not allowed; 1 rank where the smallest delay is below 0.001 ms"), "{told}");
    assert!(!folder.path().join("zero").exists());
}

//! Processes killed at random moments: all end, soon, and what they recorded up to then is there.

use crate::Bench;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tauspike_record::{Manifest, Status, read_spikes, recover};

/// More are killed with `TAUSPIKE_KILLS=50`.
const KILLS: u64 = 6;
/// mpirun waits a second between SIGTERM and SIGKILL.
const SOON: Duration = Duration::from_secs(30);

fn signal(pid: u32, name: &str) {
    let _ = Command::new("kill").args([name, &pid.to_string()]).status();
}

fn ranks_of(mpirun: &Child) -> Vec<u32> {
    let told = Command::new("pgrep").args(["-P", &mpirun.id().to_string()]).output().unwrap();
    String::from_utf8(told.stdout).unwrap().lines().filter_map(|pid| pid.parse().ok()).collect()
}

fn is_alive(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(')').is_some_and(|(_, rest)| !rest.trim_start().starts_with('Z'))
}

#[test]
fn processes_that_are_killed_at_random_moments_end_all_and_leave_what_they_recorded() {
    let kills = std::env::var("TAUSPIKE_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(KILLS);
    let mut state = u64::from(std::process::id()) << 20 | 1;
    println!("seed {state}");
    let mut below = |most: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % most
    };
    let (mut tables, mut stopped) = (0, 0);
    for kill in 0..kills {
        let bench = Bench::new();
        let mut child = bench
            .command(3, &["run", ".", "--quiet", "--out=out", "--set", "duration_ms=1e8"])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // from before they know each other to long after the first row group
        std::thread::sleep(Duration::from_millis(200 + below(if kill % 3 == 0 { 600 } else { 4000 })));
        let ranks = ranks_of(&child);
        let how = match (below(4), ranks.get(below(3) as usize)) {
            (0 | 1, Some(&rank)) => (rank, "-KILL"),
            (2, Some(&rank)) => (rank, "-TERM"),
            _ => (child.id(), "-INT"),
        };
        signal(how.0, how.1);
        let killed = Instant::now();
        while child.try_wait().unwrap().is_none() {
            assert!(killed.elapsed() < SOON, "kill {kill}, {how:?}: still running");
            std::thread::sleep(Duration::from_millis(50));
        }
        let output = child.wait_with_output().unwrap();
        assert!(!output.status.success());
        // mpirun may be gone before a process that it has sent a SIGKILL, which needs a core to end on.
        while let Some(rank) = ranks.iter().find(|rank| is_alive(**rank)) {
            assert!(killed.elapsed() < SOON, "kill {kill}, {how:?}: {rank} lives on");
            std::thread::sleep(Duration::from_millis(10));
        }
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(told.matches("error: ").count() <= 1 && !told.contains("panicked"), "{told}");
        let recorded = is_a_beginning(&bench, &format!("kill {kill}, {how:?}\n{told}"));
        tables += u64::from(recorded.is_some());
        stopped += u64::from(recorded == Some(Status::Interrupted));
        println!("kill {kill}: {} of {how:?}, ended after {:?}, {recorded:?}", how.1, killed.elapsed());
    }
    assert!(tables * 3 >= kills, "most of them had begun to record");
    assert!(stopped > 0);
}

/// Whether what is there is the beginning of the run, and how the manifest calls it; `None` if nothing had begun.
fn is_a_beginning(bench: &Bench, how: &str) -> Option<Status> {
    let out = bench.path("out");
    if !out.join("manifest.json").exists() {
        return None;
    }
    recover(&out).unwrap_or_else(|error| panic!("{how}: {error}"));
    assert!(!out.join("ranks").exists());
    let told = Manifest::read(&out.join("manifest.json")).unwrap();
    assert!(told.status == Status::Interrupted || told.status == Status::Failed, "{how}: {:?}", told.status);
    if !out.join("spikes.parquet").exists() {
        assert_eq!(told.model_time_ms, 0.0);
        return None;
    }
    let found = read_spikes(&out.join("spikes.parquet")).unwrap();
    let until = told.model_time_ms;
    let set = [format!("duration_ms={}", until.clamp(1.0, 2000.0) + 1.0)];
    bench.alone(&bench.path("scenario.toml"), &set, "alone");
    let whole = read_spikes(&bench.path("alone/spikes.parquet")).unwrap();
    let until = until.min(2000.0);
    let (complete, expected) =
        (found.time.partition_point(|time| *time < until), whole.time.partition_point(|time| *time < until));
    assert_eq!(complete, expected, "{how}: complete up to {until} ms");
    assert!(found.time[..complete] == whole.time[..complete] && found.neuron[..complete] == whole.neuron[..complete]);
    Some(told.status)
}

/// A rank none of whose neurons fires, and one that fires too rarely for a row group, are no reason to know nothing of the others.
#[test]
fn how_far_a_killed_run_came_is_known_although_a_process_recorded_nothing() {
    let bench = Bench::new();
    let set = ["--set", "duration_ms=1e8", "--set", "record.rows_per_group=1000000", "--set", "input.0.rate_hz=0"];
    let mut child = bench
        .command(3, &[&["run", ".", "--quiet", "--out=out"], &set[..]].concat())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let noted = |rank: usize| bench.path("out/ranks").join(format!("rank={rank}/.spikes.parquet.reached")).exists();
    let begun = Instant::now();
    while !(0..3).all(noted) {
        assert!(begun.elapsed() < Duration::from_secs(60), "nothing is noted");
        std::thread::sleep(Duration::from_millis(20));
    }
    ranks_of(&child).into_iter().for_each(|rank| signal(rank, "-KILL"));
    child.wait().unwrap();
    recover(&bench.path("out")).unwrap();
    let told = Manifest::read(&bench.path("out/manifest.json")).unwrap();
    let found = read_spikes(&bench.path("out/spikes.parquet")).unwrap();
    assert!(told.model_time_ms > 0.0, "{} spikes", found.len());
    let until = told.model_time_ms.min(500.0);
    let set = [format!("duration_ms={until}"), "input.0.rate_hz=0".into()];
    bench.alone(&bench.path("scenario.toml"), &set, "alone");
    let whole = read_spikes(&bench.path("alone/spikes.parquet")).unwrap();
    let complete = found.time.partition_point(|time| *time < until);
    assert!(whole.len() > 100 && found.time[..complete] == whole.time[..], "complete up to {until} ms");
}

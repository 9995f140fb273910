//! An output folder has one owner, in this process or another, until it lets go or dies.

use crate::train;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use tauspike_record::*;

const FOLDER: &str = "TAUSPIKE_RECORD_OWNER_TEST";

#[track_caller]
fn assert_held<T>(result: Result<T, RecordError>, pid: u32) {
    let error = result.err().expect("the folder is held").to_string();
    assert!(error.contains(&format!("is being written by process {pid} ")), "{error}");
}

fn assert_nobody_else_gets_in(out: &Path, pid: u32) {
    assert_held(OutputDir::take(out, false), pid);
    assert_held(OutputDir::create(out, true), pid);
    assert_held(recover(out), pid);
    assert_held(Lock::take(out), pid);
    assert_held(write_file(&out.join("raster.svg"), b"", true), pid);
    assert_held(check_file(&out.join("raster.svg"), false), pid);
    assert!(holder(out).unwrap().contains(&pid.to_string()));
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_second_writer_in_the_same_process_is_refused_and_touches_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let output = OutputDir::create(&out, false).unwrap();
    let recorder = SpikeRecorder::create(&output.spikes(), Spikes::new(train::populations()), train::rows(10)).unwrap();
    let before = names(&out);
    assert_nobody_else_gets_in(&out, std::process::id());
    assert_eq!(names(&out), before);
    recorder.finish().unwrap();
    drop(output);
    assert_eq!((names(&out), holder(&out)), (vec!["spikes.parquet".to_string()], None));
    recover(&out).unwrap();
}

#[test]
fn another_process_is_refused_until_the_owner_is_killed() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let mut child = start_owner(&out);
    wait_until(&mut child, || out.join("owned").exists());
    assert_nobody_else_gets_in(&out, child.id());
    child.kill().unwrap(); // SIGKILL
    child.wait().unwrap();
    assert!(out.join(".tauspike.lock").exists(), "a killed owner cannot clean up");
    assert_eq!(holder(&out), None);
    recover(&out).unwrap();
    assert_eq!(names(&out), ["owned"]);
}

fn start_owner(folder: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--ignored", "ownership::owns_until_killed"])
        .env(FOLDER, folder)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

fn wait_until(child: &mut Child, reached: impl Fn() -> bool) {
    let start = Instant::now();
    while !reached() {
        assert!(child.try_wait().unwrap().is_none(), "the owner ended by itself");
        assert!(start.elapsed() < Duration::from_secs(120));
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
#[ignore = "owns a folder until it is killed; started by another_process_is_refused_until_the_owner_is_killed"]
fn owns_until_killed() {
    let folder = PathBuf::from(std::env::var_os(FOLDER).expect("started by the test above, which sets the folder"));
    let output = OutputDir::create(&folder, false).unwrap();
    fs::write(output.path().join("owned"), "").unwrap();
    std::thread::sleep(Duration::from_secs(300));
    panic!("nobody killed this process");
}

/// The lock file goes when an owner is done, and the folder with it, while the others wait for both.
#[test]
fn of_many_that_take_and_leave_a_folder_there_is_never_more_than_one_owner() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("a/out");
    let (owners, taken) = (AtomicU32::new(0), AtomicU32::new(0));
    let contend = || {
        for _ in 0..60 {
            if let Ok(lock) = Lock::take(&out) {
                assert_eq!(owners.fetch_add(1, Ordering::SeqCst), 0, "two owners");
                taken.fetch_add(1, Ordering::SeqCst);
                assert!(holder(&out).is_some());
                std::thread::yield_now();
                owners.fetch_sub(1, Ordering::SeqCst);
                drop(lock);
            }
        }
    };
    std::thread::scope(|scope| (0..4).for_each(|_| drop(scope.spawn(contend))));
    assert!(taken.into_inner() > 60);
    assert!(!out.join(".tauspike.lock").exists());
}

#[cfg(target_os = "linux")]
#[test]
fn removing_the_lock_file_lets_nobody_in() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let owner = OutputDir::create(&out, false).unwrap();
    fs::remove_file(out.join(".tauspike.lock")).unwrap();
    assert!(matches!(OutputDir::take(&out, true), Err(RecordError::Held { .. })));
    assert!(matches!(recover(&out), Err(RecordError::Held { .. })));
    drop(owner);
    OutputDir::create(&out, true).unwrap();
}

#[test]
fn a_run_whose_folder_was_removed_does_not_write_into_that_of_the_next() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let first = OutputDir::create(&out, false).unwrap();
    fs::remove_dir_all(&out).unwrap();
    let second = OutputDir::create(&out, false).unwrap();
    drop(first);
    assert!(holder(&out).is_some(), "the first one leaves the lock of the second alone");
    assert_held(OutputDir::take(&out, true), std::process::id());
    drop(second);
    assert!(!out.exists());
}

#[cfg(unix)]
#[test]
fn a_lock_that_is_no_file_of_ours_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let (out, theirs) = (dir.path().join("out"), dir.path().join("theirs"));
    fs::create_dir(&out).unwrap();
    fs::write(&theirs, "years of work").unwrap();
    std::os::unix::fs::symlink(&theirs, out.join(".tauspike.lock")).unwrap();
    let error = OutputDir::take(&out, false).unwrap_err().to_string();
    assert!(error.contains(".tauspike.lock"), "{error}");
    assert_eq!(fs::read_to_string(&theirs).unwrap(), "years of work");
}

//! kill -9 while recording: what is on disk must be a prefix of what was recorded, up to the last finished row group.

use crate::train;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tauspike_record::{SpikeRecorder, Spikes, read_spikes, recover};
use tauspike_spike::SpikeSink;

const FOLDER: &str = "TAUSPIKE_RECORD_KILL_TEST";
const ROWS: usize = 500;

#[test]
fn a_killed_run_leaves_every_finished_row_group_readable() {
    for parts in [2, 9] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("spikes.parquet");
        let mut child = start_recording(dir.path());
        wait_for(&path.join(format!("part-{parts:05}.parquet")), &mut child);
        child.kill().unwrap(); // SIGKILL
        child.wait().unwrap();

        assert!(path.is_dir(), "a killed run leaves the folder of parts");
        let spikes = train::of(&read_spikes(&path).unwrap());
        assert!(spikes.len() >= parts * ROWS, "{} spikes in {parts} finished groups", spikes.len());
        assert_eq!(spikes, train::first(spikes.len()));

        assert_eq!(recover(dir.path()).unwrap(), std::slice::from_ref(&path));
        assert!(path.is_file());
        // one part more, if the process was killed between writing it and giving it its name
        let recovered = train::of(&read_spikes(&path).unwrap());
        assert!([0, ROWS].contains(&(recovered.len() - spikes.len())), "{} of {}", recovered.len(), spikes.len());
        assert!(recovered == train::first(recovered.len()), "a prefix of what was recorded");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left beside the file");
    }
}

/// The process that is killed: this test binary again, running [`records_until_killed`] alone.
fn start_recording(folder: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--ignored", "kill::records_until_killed"])
        .env(FOLDER, folder)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

fn wait_for(part: &Path, child: &mut Child) {
    let start = Instant::now();
    while !part.exists() {
        assert!(child.try_wait().unwrap().is_none(), "the recording process ended by itself");
        assert!(start.elapsed() < Duration::from_secs(120), "no {}", part.display());
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
#[ignore = "records until it is killed; started by a_killed_run_leaves_every_finished_row_group_readable"]
fn records_until_killed() {
    let folder = PathBuf::from(std::env::var_os(FOLDER).expect("started by the test above, which sets the folder"));
    let table = Spikes::new(train::populations());
    let mut recorder = SpikeRecorder::create(&folder.join("spikes.parquet"), table, train::rows(ROWS)).unwrap();
    let start = Instant::now();
    for spike in train::spikes() {
        recorder.take(&[spike]).unwrap();
        assert!(start.elapsed() < Duration::from_secs(300), "nobody killed this process");
    }
}

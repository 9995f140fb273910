//! Long recordings: windows of time and single populations are read from the row groups that have them.

use crate::train;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs::File;
use std::path::{Path, PathBuf};
use tauspike_record::*;
use tauspike_spike::{Spike, SpikeSink};

const SPIKES: usize = 20_000;

fn recorded(folder: &Path) -> PathBuf {
    let path = folder.join("spikes.parquet");
    let mut recorder = SpikeRecorder::create(&path, Spikes::new(train::populations()), train::rows(1000)).unwrap();
    recorder.take(&train::first(SPIKES)).unwrap();
    recorder.finish().unwrap();
    path
}

fn scanned(path: &Path, window: std::ops::Range<f64>, threads: usize) -> (Vec<Spike>, Scanned) {
    let mut spikes = Vec::new();
    let scanned = scan(path, window, threads, |times, neurons| {
        spikes.extend(times.iter().zip(neurons).map(|(&time, &source)| Spike { time, source }));
    });
    (spikes, scanned.unwrap())
}

#[test]
fn a_window_is_read_from_the_row_groups_it_needs_by_any_number_of_threads() {
    let dir = tempfile::tempdir().unwrap();
    let path = recorded(dir.path());
    let all = train::first(SPIKES);
    for threads in [1, 2, 5] {
        let (found, whole) = scanned(&path, f64::NEG_INFINITY..f64::INFINITY, threads);
        assert_eq!(found, all);
        assert_eq!(whole, Scanned { row_groups: 20, row_groups_read: 20, rows_read: SPIKES as u64 });
        // inside the fifth row group, and over the boundary to the sixth
        for (from, to, groups) in [(4100, 4200, 1), (4900, 5100, 2), (0, 1, 1)] {
            let window = all[from].time..all[to].time;
            let (found, part) = scanned(&path, window, threads);
            assert_eq!(found, all[from..to]);
            assert_eq!(part.row_groups_read, groups, "{from} to {to}");
        }
        assert_eq!(scanned(&path, 1e9..2e9, threads).1.row_groups_read, 0);
    }
    assert_eq!(last_time(&path).unwrap(), Some(all[SPIKES - 1].time));
}

#[test]
fn the_file_says_that_it_is_sorted_and_where_its_pages_are() {
    let dir = tempfile::tempdir().unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(recorded(dir.path())).unwrap()).unwrap();
    for group in reader.metadata().row_groups() {
        let sorted = group.sorting_columns().unwrap();
        assert_eq!(
            sorted.iter().map(|by| (by.column_idx, by.descending)).collect::<Vec<_>>(),
            [(0, false), (1, false)]
        );
        for column in group.columns() {
            assert!(
                column.statistics().is_some() && column.offset_index_offset().is_some(),
                "{}",
                column.column_path()
            );
            assert!(column.column_index_offset().is_some());
        }
    }
}

#[test]
fn what_is_not_in_the_order_of_time_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("spikes.parquet");
    let mut recorder = SpikeRecorder::create(&path, Spikes::new(train::populations()), train::rows(10)).unwrap();
    recorder.take(&[Spike { time: 2.0, source: 0 }, Spike { time: 1.0, source: 1 }]).unwrap();
    recorder.finish().unwrap();
    let refused = scan(&path, 0.0..9.0, 1, |_, _| ()).unwrap_err().to_string();
    assert!(refused.contains("row 1") && refused.contains("time_ms") && refused.contains("not before"), "{refused}");
    assert!(scan(&dir.path().join("absent"), 0.0..9.0, 1, |_, _| ()).is_err());
}

#[test]
fn a_population_is_one_file_of_a_divided_recording() {
    let dir = tempfile::tempdir().unwrap();
    let path = recorded(dir.path());
    let to = dir.path().join("by_population");
    let counts = split(&path, &to).unwrap();
    let all = train::first(SPIKES);
    let of = |k: usize| all.iter().copied().filter(|spike| (spike.source >= 800) == (k == 1)).collect::<Vec<Spike>>();
    assert_eq!(counts, [("e".to_owned(), of(0).len() as u64), ("i".to_owned(), of(1).len() as u64)]);
    for (k, name) in ["e", "i"].into_iter().enumerate() {
        let (found, _) = scanned(&to.join(format!("population={name}/part-0.parquet")), 0.0..1e9, 2);
        assert_eq!(found, of(k));
    }
    assert!(split(&path, &to).unwrap_err().to_string().contains("by_population"), "it is there");
    let broken = dir.path().join("broken.parquet");
    std::fs::write(&broken, "no parquet").unwrap();
    assert!(split(&broken, &dir.path().join("other")).is_err());
    assert!(!dir.path().join("other").exists());
}

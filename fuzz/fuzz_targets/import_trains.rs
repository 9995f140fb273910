//! Any bytes as spike trains or as a signal, in any format: an error, or times that keep their promises; never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tauspike_import::{Format, Sampling, Source, TimeUnit, read_signal, read_trains};

const FORMATS: [Format; 5] = [Format::Csv, Format::Parquet, Format::Npz, Format::Npy, Format::Text];

// See import_synapses.rs for the hook.
fuzz_target!(init: { let _ = std::panic::take_hook(); std::panic::set_hook(Box::new(|_| ())); }, |data: &[u8]| {
    let Some((&selector, bytes)) = data.split_first() else { return };
    let source = Source::bytes("fuzz", FORMATS[usize::from(selector) % 5], bytes);
    let unit = [None, Some(TimeUnit::Us), Some(TimeUnit::S)][usize::from(selector) / 5 % 3];
    for n in [1, 3] {
        if let Ok(trains) = read_trains(&source, n, unit) {
            assert_eq!(trains.len(), n as usize);
            for train in trains {
                assert!(train.is_sorted() && train.iter().all(|time| time.is_finite() && *time >= 0.0));
            }
        }
    }
    for dt in [None, Some(0.05)] {
        if let Ok(signal) = read_signal(&source, Sampling { dt, time_unit: unit }) {
            assert_eq!(signal.times.len(), signal.values.len());
            assert!(signal.times.is_sorted_by(|a, b| a < b) && !signal.times.is_empty());
            assert!(signal.times.iter().chain(&signal.values).all(|number| number.is_finite()));
        }
    }
});

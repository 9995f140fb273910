//! Any bytes as a per-neuron table or as one column, in any format: an error, or finite values; never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tauspike_import::{Format, Members, Quantity, Source, read_member_values, read_parameters, read_values};

const FORMATS: [Format; 5] = [Format::Csv, Format::Parquet, Format::Npz, Format::Npy, Format::Text];

// See import_synapses.rs for the hook.
fuzz_target!(init: { let _ = std::panic::take_hook(); std::panic::set_hook(Box::new(|_| ())); }, |data: &[u8]| {
    let Some((&selector, bytes)) = data.split_first() else { return };
    let name = if selector < 128 { "fuzz" } else { "fuzz.gz" };
    let source = Source::bytes(name, FORMATS[usize::from(selector) % 5], bytes);
    if let Ok(table) = read_parameters(&source, 3, &["tau_m_ms", "v_th_mv"]) {
        for values in table.values() {
            assert!(values.len() == 3 && values.iter().all(|value| value.is_finite()));
        }
    }
    for column in [None, Some("tau_m_ms")] {
        if let Ok(values) = read_values(&source, column, Quantity::Time) {
            assert!(!values.is_empty() && values.iter().all(|value| value.is_finite()));
        }
        if let Ok(values) = read_member_values(&source, column, Members::all(3), Quantity::Other) {
            assert!(values.len() == 3 && values.iter().all(|value| value.is_finite()));
        }
    }
});

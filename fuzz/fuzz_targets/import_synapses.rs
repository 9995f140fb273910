//! Any bytes as a synapse list of any format: an error, or columns that keep their promises; never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tauspike_import::{Format, Source, SynapseShape, WeightUnit, read_synapses};

const SHAPE: SynapseShape = SynapseShape { n_pre: 3, n_post: 4, unit: WeightUnit::Millivolt };

// The importer turns panics of the Parquet and NumPy readers into errors. libFuzzer's panic hook would abort before that, so it is
// taken out; a panic of our own code still unwinds out of the target, and that ends the fuzzer.
fuzz_target!(init: { let _ = std::panic::take_hook(); std::panic::set_hook(Box::new(|_| ())); }, |data: &[u8]| {
    let Some((&selector, bytes)) = data.split_first() else { return };
    let format = [Format::Csv, Format::Parquet, Format::Npz][usize::from(selector) % 3];
    let Ok(columns) = read_synapses(&Source::bytes("fuzz", format, bytes), SHAPE) else { return };
    assert_eq!(columns.pre.len(), columns.post.len());
    assert!(columns.pre.iter().all(|&pre| pre < SHAPE.n_pre));
    assert!(columns.post.iter().all(|&post| post < SHAPE.n_post));
    for values in [&columns.weight, &columns.delay].into_iter().flatten() {
        assert_eq!(values.len(), columns.pre.len());
        assert!(values.iter().all(|value| value.is_finite()));
    }
    assert!(columns.delay.iter().flatten().all(|&delay| delay >= 0.0));
});

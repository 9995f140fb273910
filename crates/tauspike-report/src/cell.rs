//! What came out of the networks that differ in their seed alone?
//!
//! A cell is one combination of experiment, setting, profile, CV, size, time constant and factor. Figures draw cells, and
//! `summary.parquet` holds all of them, one row each.

use crate::arm::{self, Profile, Setting};
use crate::error::ReportError;
use crate::statistics::Estimate;
use crate::study::{Network, Study};
use arrow::array::{ArrayRef, Float64Array, StringArray, UInt64Array};
use arrow::record_batch::RecordBatch;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use tauspike_results::{Column, columns, write_batches};

/// The networks of one combination.
#[derive(Clone, Debug)]
pub struct Cell {
    /// Which question they were made for.
    pub experiment: Arc<str>,
    /// Model, coding and readout.
    pub setting: Setting,
    /// Profile and CV.
    pub profile: Profile,
    /// Number of neurons.
    pub n: u64,
    /// Mean time constant, ms.
    pub tau_ms: f64,
    /// Value of what the experiment varies; NaN if nothing.
    pub factor: f64,
    /// Mean score with its 95 % interval over seeds.
    pub score: Estimate,
    /// Mean R^2 of shuffled targets.
    pub chance: f64,
    /// Means of [`MEANS`], each over the networks that know it.
    pub means: [Option<Estimate>; MEANS.len()],
}

type Mean = (Column, fn(&Network) -> f64);

/// What else is averaged; `_low` and `_high` are the ends of the interval.
pub const MEANS: [Mean; 8] = [
    (columns::RATE, |network| network.rate_hz),
    (columns::TAU_SKEWNESS, |network| network.tau_skewness),
    (columns::PARTICIPATION_RATIO, |network| network.participation_ratio),
    (columns::ALIGNMENT, Network::mean_alignment),
    (columns::OPERATIONS, |network| network.operations),
    (columns::ENERGY_CHIP_EVENT, |network| network.energy_chip_event_pj),
    (columns::ENERGY_CHIP_CLOCKED, |network| network.energy_chip_clocked_pj),
    (columns::ENERGY_METABOLIC, |network| network.energy_metabolic_atp),
];

/// All cells, by experiment, setting, profile, CV, size, time constant and factor.
pub fn cells(study: &Study) -> Vec<Cell> {
    let mut groups: BTreeMap<_, Vec<&Network>> = BTreeMap::new();
    for network in &study.networks {
        let numbers = [network.cv, network.n as f64, network.tau_ms, network.factor].map(ordered);
        let key = (network.experiment.clone(), Setting::of(network), network.profile.clone(), numbers);
        groups.entry(key).or_default().push(network);
    }
    groups.into_values().filter_map(|networks| cell(&networks)).collect()
}

fn cell(networks: &[&Network]) -> Option<Cell> {
    let first = networks[0];
    let estimate = |value: fn(&Network) -> f64| {
        let values: Vec<f64> = arm::by_seed(networks.iter().copied(), value).into_values().collect();
        Estimate::of_mean(&values)
    };
    Some(Cell {
        experiment: first.experiment.clone(),
        setting: Setting::of(first),
        profile: Profile::of(first),
        n: first.n,
        tau_ms: first.tau_ms,
        factor: first.factor,
        score: estimate(|network| network.score)?,
        chance: estimate(Network::mean_chance).map_or(f64::NAN, |estimate| estimate.value),
        means: MEANS.map(|(_, value)| estimate(value)),
    })
}

/// Bits that order as the numbers do.
fn ordered(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

/// All cells as the bytes of a Parquet file, one row each.
///
/// # Errors
/// If the file cannot be written.
pub fn write(cells: &[Cell], path: &Path) -> Result<(), ReportError> {
    let batch = RecordBatch::try_from_iter(all_columns(cells)).expect("all columns have one value per cell");
    Ok(write_batches(path, batch.schema(), [Ok(batch)])?)
}

fn all_columns(cells: &[Cell]) -> Vec<(String, ArrayRef)> {
    let text =
        |of: fn(&Cell) -> &str| Arc::new(cells.iter().map(|cell| Some(of(cell))).collect::<StringArray>()) as ArrayRef;
    let real = |of: &dyn Fn(&Cell) -> f64| {
        let known = |value: f64| value.is_finite().then_some(value);
        Arc::new(cells.iter().map(|cell| known(of(cell))).collect::<Float64Array>()) as ArrayRef
    };
    let whole = |of: fn(&Cell) -> u64| Arc::new(UInt64Array::from_iter_values(cells.iter().map(of))) as ArrayRef;
    let mut all: Vec<(String, ArrayRef)> = vec![
        (columns::EXPERIMENT.name.into(), text(|cell| &cell.experiment)),
        (columns::MODEL.name.into(), text(|cell| &cell.setting.model)),
        (columns::CODING.name.into(), text(|cell| &cell.setting.coding)),
        (columns::READOUT.name.into(), text(|cell| &cell.setting.readout)),
        (columns::PROFILE.name.into(), text(|cell| &cell.profile.name)),
        (columns::CV.name.into(), real(&|cell| cell.profile.cv)),
        (columns::N.name.into(), whole(|cell| cell.n)),
        (columns::TAU.name.into(), real(&|cell| cell.tau_ms)),
        (columns::FACTOR.name.into(), real(&|cell| cell.factor)),
        ("seeds".into(), whole(|cell| cell.score.seeds as u64)),
        ("score".into(), real(&|cell| cell.score.value)),
        ("score_low".into(), real(&|cell| cell.score.low)),
        ("score_high".into(), real(&|cell| cell.score.high)),
        (columns::CHANCE_R2.name.into(), real(&|cell| cell.chance)),
    ];
    for (at, (Column { name, .. }, _)) in MEANS.iter().enumerate() {
        let end = |of: fn(&Estimate) -> f64| real(&move |cell| cell.means[at].as_ref().map_or(f64::NAN, of));
        all.push(((*name).into(), end(|mean| mean.value)));
        all.push((format!("{name}_low"), end(|mean| mean.low)));
        all.push((format!("{name}_high"), end(|mean| mean.high)));
    }
    all
}

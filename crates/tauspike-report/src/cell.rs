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
use parquet::arrow::ArrowWriter;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use tauspike_record::RecordError;

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

type Mean = (&'static str, fn(&Network) -> f64);

/// What else is averaged, by column name.
pub const MEANS: [Mean; 8] = [
    ("rate_hz", |network| network.rate_hz),
    ("tau_skewness", |network| network.tau_skewness),
    ("participation_ratio", |network| network.participation_ratio),
    ("alignment", Network::mean_alignment),
    ("operations", |network| network.operations),
    ("energy_chip_event_pj", |network| network.energy_chip_event_pj),
    ("energy_chip_clocked_pj", |network| network.energy_chip_clocked_pj),
    ("energy_metabolic_atp", |network| network.energy_metabolic_atp),
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

/// Writes all cells, one row each.
///
/// # Errors
/// If the file cannot be written.
pub fn write(cells: &[Cell], path: &Path) -> Result<(), ReportError> {
    let batch = RecordBatch::try_from_iter(columns(cells)).expect("all columns have one value per cell");
    let file = File::create(path).map_err(ReportError::io(path, "write"))?;
    let failed = |source| RecordError::Parquet { path: path.into(), action: "write", source };
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None).map_err(failed)?;
    writer.write(&batch).map_err(failed)?;
    writer.close().map_err(failed)?;
    Ok(())
}

fn columns(cells: &[Cell]) -> Vec<(String, ArrayRef)> {
    let text =
        |of: fn(&Cell) -> &str| Arc::new(cells.iter().map(|cell| Some(of(cell))).collect::<StringArray>()) as ArrayRef;
    let real = |of: &dyn Fn(&Cell) -> f64| {
        let known = |value: f64| value.is_finite().then_some(value);
        Arc::new(cells.iter().map(|cell| known(of(cell))).collect::<Float64Array>()) as ArrayRef
    };
    let whole = |of: fn(&Cell) -> u64| Arc::new(UInt64Array::from_iter_values(cells.iter().map(of))) as ArrayRef;
    let mut columns: Vec<(String, ArrayRef)> = vec![
        ("experiment".into(), text(|cell| &cell.experiment)),
        ("model".into(), text(|cell| &cell.setting.model)),
        ("coding".into(), text(|cell| &cell.setting.coding)),
        ("readout".into(), text(|cell| &cell.setting.readout)),
        ("profile".into(), text(|cell| &cell.profile.name)),
        ("cv".into(), real(&|cell| cell.profile.cv)),
        ("n".into(), whole(|cell| cell.n)),
        ("tau_ms".into(), real(&|cell| cell.tau_ms)),
        ("factor".into(), real(&|cell| cell.factor)),
        ("seeds".into(), whole(|cell| cell.score.seeds as u64)),
        ("score".into(), real(&|cell| cell.score.value)),
        ("score_low".into(), real(&|cell| cell.score.low)),
        ("score_high".into(), real(&|cell| cell.score.high)),
        ("chance_r2".into(), real(&|cell| cell.chance)),
    ];
    for (at, (name, _)) in MEANS.iter().enumerate() {
        let end = |of: fn(&Estimate) -> f64| real(&move |cell| cell.means[at].as_ref().map_or(f64::NAN, of));
        columns.push(((*name).into(), end(|mean| mean.value)));
        columns.push((format!("{name}_low"), end(|mean| mean.low)));
        columns.push((format!("{name}_high"), end(|mean| mean.high)));
    }
    columns
}

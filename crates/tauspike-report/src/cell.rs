//! What came out of the networks that differ in their seed alone?
//!
//! A cell is one point of an experiment in one setting: a profile, a CV, and a value at each axis. Figures draw cells, and
//! `summary.parquet` holds all of them, one row each.

use crate::arm::{self, Profile, by_seed};
use crate::error::ReportError;
use crate::statistics::{Estimate, mean};
use crate::study::{Network, Study};
use arrow_array::RecordBatch;
use arrow_array::{ArrayRef, Float64Array, StringArray, UInt64Array};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use tauspike_results::{Column, Kind, columns, write_batches};

/// The networks of one point.
#[derive(Clone, Debug)]
pub struct Cell<'a> {
    /// One of them: what they are made from is the same for all, but for the seed.
    pub first: &'a Network,
    /// Mean score with its 95 % interval over seeds.
    pub score: Estimate,
    /// Means of [`MEANS`] over the networks that know it.
    pub means: [Option<Estimate>; MEANS.len()],
}

type Mean = (Column, fn(&Network) -> f64);

/// What else is averaged; `_low` and `_high` are the ends of the interval.
pub const MEANS: [Mean; 14] = [
    (columns::SHARE_OF_POSSIBLE, |network| network.share_of_possible),
    (columns::TAU_REALISED_CV, |network| network.realised_cv),
    (columns::TAU_SKEWNESS, |network| network.skewness),
    (columns::TAU_CLIPPED, |network| network.clipped),
    (columns::TAU_BELOW_STEP, |network| network.below_step),
    (columns::RATE, |network| network.rate_hz),
    (columns::MEAN_CHANCE, |network| network.chance),
    (columns::MEAN_ALIGNMENT, |network| network.alignment),
    (columns::MEAN_EFFECTIVE_RANK, |network| network.effective_rank),
    (columns::PARTICIPATION_RATIO, |network| network.participation_ratio),
    (columns::OPERATIONS, |network| network.operations),
    (columns::ENERGY_RECURRENCE, |network| network.chip_pj[0]),
    (columns::ENERGY_NEURONS, |network| network.chip_pj[2]),
    (columns::ENERGY_METABOLIC, |network| network.metabolic_atp),
];

/// All cells, in the order of the tables.
pub fn cells(study: &Study) -> Vec<Cell<'_>> {
    let mut groups: Vec<Vec<&Network>> = Vec::new();
    for network in &study.networks {
        let key = |network: &Network| (network.experiment.clone(), network.model.clone(), network.readout.clone());
        match groups.iter_mut().find(|group| key(group[0]) == key(network)) {
            Some(group) => group.push(network),
            None => groups.push(vec![network]),
        }
    }
    let points = groups.into_iter().flat_map(|group| arm::points(group.into_iter()));
    points.filter_map(|networks| cell(&networks)).collect()
}

/// The cell of networks that differ in their seed alone; `None` of fewer than two seeds.
pub fn cell<'a>(networks: &[&'a Network]) -> Option<Cell<'a>> {
    let estimate = |value: fn(&Network) -> f64| {
        let values: Vec<f64> = by_seed(networks.iter().copied(), value).into_values().collect();
        Estimate::of_mean(&values)
    };
    let score = estimate(|network| network.score)?;
    Some(Cell { first: networks[0], score, means: MEANS.map(|(_, value)| estimate(value)) })
}

impl Cell<'_> {
    /// Profile and CV.
    pub fn profile(&self) -> &Profile {
        &self.first.profile
    }

    /// One of [`MEANS`], or NaN.
    pub fn mean(&self, column: Column) -> f64 {
        let at = MEANS.iter().position(|(mean, _)| *mean == column);
        at.and_then(|at| self.means[at]).map_or(f64::NAN, |estimate| estimate.value)
    }
}

/// All cells as a Parquet file, one row each.
///
/// # Errors
/// If the file cannot be written.
pub fn write(cells: &[Cell], path: &Path) -> Result<(), ReportError> {
    let batch = RecordBatch::try_from_iter(all_columns(cells)).expect("all columns have one value per cell");
    Ok(write_batches(path, batch.schema(), [Ok(batch)])?)
}

fn all_columns(cells: &[Cell]) -> Vec<(String, ArrayRef)> {
    let text = |of: fn(&Network) -> &str| {
        Arc::new(cells.iter().map(|cell| Some(of(cell.first))).collect::<StringArray>()) as ArrayRef
    };
    let real = |of: &dyn Fn(&Cell) -> f64| {
        let known = |value: f64| value.is_finite().then_some(value);
        Arc::new(cells.iter().map(|cell| known(of(cell))).collect::<Float64Array>()) as ArrayRef
    };
    let seeds = Arc::new(UInt64Array::from_iter_values(cells.iter().map(|cell| cell.score.seeds as u64))) as ArrayRef;
    let mut all: Vec<(String, ArrayRef)> = vec![
        (columns::EXPERIMENT.name.into(), text(|network| &network.experiment)),
        (columns::MODEL.name.into(), text(|network| &network.model)),
        (columns::READOUT.name.into(), text(|network| &network.readout)),
        (columns::PROFILE.name.into(), text(|network| &network.profile.name)),
        (columns::CV.name.into(), real(&|cell| cell.first.profile.cv)),
        (columns::AXES.name.into(), text(|network| &network.axes)),
    ];
    for column in columns::PARAMETERS.into_iter().filter(|column| column.kind != Kind::Text) {
        all.push((column.name.into(), real(&|cell| cell.first.parameter(column))));
    }
    all.push(("seeds".into(), seeds));
    all.push(("score".into(), real(&|cell| cell.score.value)));
    all.push(("score_low".into(), real(&|cell| cell.score.low)));
    all.push(("score_high".into(), real(&|cell| cell.score.high)));
    for (at, (Column { name, .. }, _)) in MEANS.iter().enumerate() {
        let end = |of: fn(&Estimate) -> f64| real(&move |cell| cell.means[at].as_ref().map_or(f64::NAN, of));
        all.push(((*name).into(), end(|mean| mean.value)));
        all.push((format!("{name}_low"), end(|mean| mean.low)));
        all.push((format!("{name}_high"), end(|mean| mean.high)));
    }
    all
}

/// Mean score over seeds of the networks of each task's groups: see the task maps.
pub(crate) fn by_task<'a>(networks: impl Iterator<Item = &'a Network>) -> BTreeMap<usize, f64> {
    let mut values: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    for outcome in networks.flat_map(|network| &network.outcomes) {
        values.entry(outcome.task).or_default().push(outcome.r2.max(0.0));
    }
    values.into_iter().map(|(task, values)| (task, mean(&values))).collect()
}

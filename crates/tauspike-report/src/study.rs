//! What came out of a study: its networks, each with its score on every task.
//!
//! Two tables ([`tauspike_results`]) and `study.json`: what was asked for, when, where, by which version, and which arm is followed.
//!
//! The score of a network is the mean over its tasks of max(R^2, 0), without unit: a task that a network fails counts as 0,
//! however badly it fails, so that one task cannot outweigh a hundred others.

use crate::error::ReportError;
use crate::profile::{HOMOGENEOUS, Profile};
use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::Path;
use std::sync::Arc;
use tauspike_results::columns::{self, NETWORKS, RESULTS, TAUS};
use tauspike_results::{Column, Kind, Table};

const MANIFEST: &str = "study.json";

/// What is read of `results.parquet`.
const OF_RESULTS: [Column; 11] = [
    columns::NETWORK_ID,
    columns::READOUT,
    columns::TASK,
    columns::DEGREE,
    columns::SHIFT,
    columns::DIMENSIONS,
    columns::CORRELATION_TIME,
    columns::R2,
    columns::POSSIBLE_R2,
    columns::ALIGNMENT,
    columns::EFFECTIVE_RANK,
];

/// What is read of `networks.parquet` beside the parameters.
const OF_NETWORKS: [Column; 24] = [
    columns::NETWORK_ID,
    columns::EXPERIMENT,
    columns::MODEL,
    columns::READOUT,
    columns::PROFILE,
    columns::CV,
    columns::AXES,
    columns::SEED,
    columns::SCORE,
    columns::MEAN_CHANCE,
    columns::MEAN_ALIGNMENT,
    columns::MEAN_EFFECTIVE_RANK,
    columns::PARTICIPATION_RATIO,
    columns::TAU_REALISED_CV,
    columns::TAU_SKEWNESS,
    columns::TAU_CLIPPED,
    columns::TAU_BELOW_STEP,
    columns::RATE,
    columns::OPERATIONS,
    columns::ENERGY_RECURRENCE,
    columns::ENERGY_INPUT,
    columns::ENERGY_NEURONS,
    columns::ENERGY_READOUT,
    columns::ENERGY_METABOLIC,
];

/// A finished study.
#[derive(Debug)]
pub struct Study {
    /// Every network, once for each of its readouts.
    pub networks: Vec<Network>,
    /// Every task, in the order of appearance.
    pub tasks: Vec<Task>,
    /// The skewed arm that the study follows, as its file names it.
    pub reference: Option<Profile>,
    /// The time constants of every profile at the mean of the file, ms, of all seeds; none if the study has no such table.
    pub taus: Vec<(Profile, Vec<f64>)>,
    /// `study.json` as it is; null if there is none.
    pub manifest: serde_json::Value,
}

/// One task.
#[derive(Clone, Debug)]
pub struct Task {
    /// Its name.
    pub name: Arc<str>,
    /// Power d of the input.
    pub degree: u64,
    /// Shift D, ms: above 0 predicts, below 0 recalls.
    pub shift_ms: f64,
    /// Dimensions of the stimulus.
    pub dimensions: u64,
    /// Correlation time of the stimulus, ms; NaN if it has none.
    pub correlation_time_ms: f64,
    /// The largest R^2 that the stimulus allows, 0 to 1; NaN where nobody knows.
    pub possible_r2: f64,
}

/// A network's result in one task.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// Position in [`Study::tasks`].
    pub task: usize,
    /// Explained share of the variance on the test part; may be negative.
    pub r2: f64,
    /// Alignment of states and task, 0 to 1; NaN if unknown.
    pub alignment: f64,
    /// Directions of the states that the readout uses; NaN if unknown.
    pub effective_rank: f64,
}

/// One network and one readout of it. What is unknown is NaN.
#[derive(Clone, Debug)]
pub struct Network {
    /// Which question it was made for.
    pub experiment: Arc<str>,
    /// LI or LIF.
    pub model: Arc<str>,
    /// What is read out.
    pub readout: Arc<str>,
    /// Distribution of time constants, and the CV asked for.
    pub profile: Profile,
    /// The keys that its experiment is swept over, joined by commas.
    pub axes: Arc<str>,
    /// Networks of one seed differ in nothing but what is compared.
    pub seed: u64,
    /// Mean over the tasks of max(R^2, 0).
    pub score: f64,
    /// The same as a share of what the stimulus allows: of the tasks where that is known, the sum of max(R^2, 0) over the sum of the
    /// R^2 that are possible.
    pub share_of_possible: f64,
    /// Mean over the tasks of R^2 of rotated targets.
    pub chance: f64,
    /// Mean over the tasks.
    pub alignment: f64,
    /// Mean over the tasks.
    pub effective_rank: f64,
    /// Effective dimension of the states.
    pub participation_ratio: f64,
    /// CV of the time constants that were drawn.
    pub realised_cv: f64,
    /// Their skewness.
    pub skewness: f64,
    /// Share of them raised to the smallest one allowed.
    pub clipped: f64,
    /// Share of them below the step.
    pub below_step: f64,
    /// Mean firing rate, Hz.
    pub rate_hz: f64,
    /// Operations of an event-driven computer.
    pub operations: f64,
    /// Chip energy by what it is for, pJ: recurrence, input, neurons, and one target of a readout.
    pub chip_pj: [f64; 4],
    /// Metabolic energy, molecules of ATP.
    pub metabolic_atp: f64,
    /// One for each task.
    pub outcomes: Vec<Outcome>,
    /// In the order of [`columns::PARAMETERS`], those that are numbers.
    parameters: Vec<f64>,
}

impl Network {
    /// Whether all neurons have the same time constant.
    pub fn is_homogeneous(&self) -> bool {
        &*self.profile.name == HOMOGENEOUS
    }

    /// A parameter by the name of its key in a study file; NaN if it has none of that name.
    pub fn at(&self, key: &str) -> f64 {
        columns::of_key(key).map_or(f64::NAN, |column| self.parameter(column))
    }

    /// The same by its column.
    pub fn parameter(&self, column: Column) -> f64 {
        numbers().position(|other| other == column).map_or(f64::NAN, |place| self.parameters[place])
    }

    /// Mean time constant asked for, ms.
    pub fn tau_ms(&self) -> f64 {
        self.at("tau_ms")
    }

    /// Chip energy of the network without a readout, pJ.
    pub fn chip(&self) -> f64 {
        self.chip_pj[..3].iter().sum()
    }
}

/// The parameters that are numbers.
fn numbers() -> impl Iterator<Item = Column> {
    columns::PARAMETERS.into_iter().filter(|column| column.kind != Kind::Text)
}

impl Study {
    /// Reads the folder of a study.
    ///
    /// # Errors
    /// If a table is missing or malformed, a column is missing or of another type, a required value is missing or not finite,
    /// a result belongs to no network, a network is there twice, there is none, or `study.json` names a reference that no network has.
    pub fn read(folder: &Path) -> Result<Self, ReportError> {
        let (results, networks) = (folder.join(RESULTS), folder.join(NETWORKS));
        if let Some(missing) = [&results, &networks].into_iter().find(|path| !path.is_file()) {
            let name = missing.file_name().unwrap_or_default().to_string_lossy();
            let reason = format!("it has no {name}; expected the folder that `tauspike study` wrote");
            return Err(ReportError::NoStudy { path: folder.into(), reason });
        }
        let manifest = read_manifest(&folder.join(MANIFEST))?;
        let (mut networks, positions) = read_networks(&networks)?;
        let tasks = read_results(&results, &mut networks, &positions)?;
        networks.retain(|network| !network.outcomes.is_empty());
        if networks.is_empty() {
            return Err(ReportError::NoStudy { path: results, reason: "no network has a result".into() });
        }
        let reference = reference(&manifest);
        if let Some(profile) = &reference
            && !networks.iter().any(|network| network.profile == *profile)
        {
            let reason = format!("its reference, {}, is that of no network", profile.label());
            return Err(ReportError::NoStudy { path: folder.join(MANIFEST), reason });
        }
        let taus = read_taus(&folder.join(TAUS))?;
        Ok(Self { networks, tasks, reference, taus, manifest })
    }

    /// The largest score that the stimuli allow, and of how many tasks it is the mean; none if it is known of no task.
    pub fn possible_score(&self) -> Option<(f64, usize)> {
        let known: Vec<f64> = self.tasks.iter().map(|task| task.possible_r2).filter(|r2| r2.is_finite()).collect();
        (!known.is_empty()).then(|| (known.iter().sum::<f64>() / known.len() as f64, known.len()))
    }

    /// All seeds, ascending.
    pub fn seeds(&self) -> Vec<u64> {
        let seeds: BTreeSet<u64> = self.networks.iter().map(|network| network.seed).collect();
        seeds.into_iter().collect()
    }
}

fn reference(manifest: &serde_json::Value) -> Option<Profile> {
    let reference = &manifest["reference"];
    Some(Profile { name: reference["profile"].as_str()?.into(), cv: reference["cv"].as_f64()? })
}

fn read_taus(path: &Path) -> Result<Vec<(Profile, Vec<f64>)>, ReportError> {
    let mut taus: Vec<(Profile, Vec<f64>)> = Vec::new();
    if !path.exists() {
        return Ok(taus);
    }
    let table = Table::read(path, &[columns::PROFILE, columns::CV, columns::TAU_M])?;
    for row in 0..table.rows {
        let profile = Profile { name: table.text(columns::PROFILE, row), cv: table.real(columns::CV, row) };
        let tau = table.real(columns::TAU_M, row);
        match taus.iter_mut().find(|(other, _)| *other == profile) {
            Some((_, values)) => values.push(tau),
            None => taus.push((profile, vec![tau])),
        }
    }
    Ok(taus)
}

fn read_manifest(path: &Path) -> Result<serde_json::Value, ReportError> {
    if !path.exists() {
        return Ok(serde_json::Value::Null);
    }
    let text = fs::read_to_string(path).map_err(ReportError::io(path, "read"))?;
    serde_json::from_str(&text).map_err(|error| ReportError::Json { path: path.into(), reason: error.to_string() })
}

/// A row of `networks.parquet` by the name of its network and its readout.
type Positions = HashMap<(Arc<str>, Arc<str>), usize>;

fn read_networks(path: &Path) -> Result<(Vec<Network>, Positions), ReportError> {
    let wanted: Vec<Column> = OF_NETWORKS.into_iter().chain(numbers()).collect();
    let table = Table::read(path, &wanted)?;
    let mut positions = Positions::new();
    let mut networks = Vec::with_capacity(table.rows);
    for row in 0..table.rows {
        let (id, readout) = (table.text(columns::NETWORK_ID, row), table.text(columns::READOUT, row));
        if positions.insert((id.clone(), readout.clone()), row).is_some() {
            return Err(stray(path, row, &id, "is there twice; allowed: once for each readout"));
        }
        let real = |column| table.real(column, row);
        networks.push(Network {
            experiment: table.text(columns::EXPERIMENT, row),
            model: table.text(columns::MODEL, row),
            readout,
            profile: Profile { name: table.text(columns::PROFILE, row), cv: real(columns::CV) },
            axes: table.text(columns::AXES, row),
            seed: table.whole(columns::SEED, row),
            score: real(columns::SCORE),
            share_of_possible: f64::NAN,
            chance: real(columns::MEAN_CHANCE),
            alignment: real(columns::MEAN_ALIGNMENT),
            effective_rank: real(columns::MEAN_EFFECTIVE_RANK),
            participation_ratio: real(columns::PARTICIPATION_RATIO),
            realised_cv: real(columns::TAU_REALISED_CV),
            skewness: real(columns::TAU_SKEWNESS),
            clipped: real(columns::TAU_CLIPPED),
            below_step: real(columns::TAU_BELOW_STEP),
            rate_hz: real(columns::RATE),
            operations: real(columns::OPERATIONS),
            chip_pj: [
                columns::ENERGY_RECURRENCE,
                columns::ENERGY_INPUT,
                columns::ENERGY_NEURONS,
                columns::ENERGY_READOUT,
            ]
            .map(real),
            metabolic_atp: real(columns::ENERGY_METABOLIC),
            outcomes: Vec::new(),
            parameters: numbers()
                .map(|column| if column.kind == Kind::Whole { table.whole(column, row) as f64 } else { real(column) })
                .collect(),
        });
    }
    Ok((networks, positions))
}

fn read_results(path: &Path, networks: &mut [Network], positions: &Positions) -> Result<Vec<Task>, ReportError> {
    let table = Table::read(path, &OF_RESULTS)?;
    let mut tasks = Vec::new();
    let mut known: HashMap<Arc<str>, usize> = HashMap::new();
    for row in 0..table.rows {
        let (id, readout) = (table.text(columns::NETWORK_ID, row), table.text(columns::READOUT, row));
        let Some(&network) = positions.get(&(id.clone(), readout)) else {
            return Err(stray(path, row, &id, "is not in networks.parquet with this readout"));
        };
        let name = table.text(columns::TASK, row);
        let task = *known.entry(name.clone()).or_insert_with(|| {
            tasks.push(Task {
                name,
                degree: table.whole(columns::DEGREE, row),
                shift_ms: table.real(columns::SHIFT, row),
                dimensions: table.whole(columns::DIMENSIONS, row),
                correlation_time_ms: table.real(columns::CORRELATION_TIME, row),
                possible_r2: table.real(columns::POSSIBLE_R2, row),
            });
            tasks.len() - 1
        });
        networks[network].outcomes.push(Outcome {
            task,
            r2: table.real(columns::R2, row),
            alignment: table.real(columns::ALIGNMENT, row),
            effective_rank: table.real(columns::EFFECTIVE_RANK, row),
        });
    }
    for network in networks {
        network.share_of_possible = share_of_possible(network.outcomes.iter(), &tasks);
    }
    Ok(tasks)
}

/// Of the tasks where it is known what the stimulus allows: sum of max(R^2, 0) over the sum of the R^2 that are possible; NaN of none.
pub(crate) fn share_of_possible<'a>(outcomes: impl Iterator<Item = &'a Outcome>, tasks: &[Task]) -> f64 {
    let known = outcomes.filter(|outcome| tasks[outcome.task].possible_r2.is_finite());
    let (reached, possible) = known.fold((0.0, 0.0), |(reached, possible), outcome| {
        (reached + outcome.r2.max(0.0), possible + tasks[outcome.task].possible_r2)
    });
    if possible > 0.0 { reached / possible } else { f64::NAN }
}

fn stray(path: &Path, row: usize, id: &str, reason: &'static str) -> ReportError {
    ReportError::Network { path: path.into(), row, id: id.into(), reason }
}

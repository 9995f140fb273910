//! What came out of a study: its networks, each with its score on every task.
//!
//! Two tables ([`tauspike_results`]) and `study.json`: what was asked for, when, where and by which version.
//!
//! The score of a network is the mean over its tasks of max(R^2, 0), without unit: a task that a network fails counts as 0,
//! however badly it fails, so that one task cannot outweigh a hundred others.

use crate::error::ReportError;
use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use tauspike_results::columns::{self, NETWORKS, RESULTS};
use tauspike_results::{Column, Table};

const MANIFEST: &str = "study.json";

/// The profile in which all neurons have the same time constant.
pub const HOMOGENEOUS: &str = "homogeneous";

/// What is read of `results.parquet`.
const OF_RESULTS: [Column; 10] = [
    columns::NETWORK_ID,
    columns::EXPERIMENT,
    columns::TASK,
    columns::DEGREE,
    columns::SHIFT,
    columns::DIMENSIONS,
    columns::CORRELATION_TIME,
    columns::R2,
    columns::CHANCE_R2,
    columns::ALIGNMENT,
];

/// What is read of `networks.parquet`.
const OF_NETWORKS: [Column; 18] = [
    columns::NETWORK_ID,
    columns::EXPERIMENT,
    columns::MODEL,
    columns::CODING,
    columns::READOUT,
    columns::PROFILE,
    columns::CV,
    columns::N,
    columns::TAU,
    columns::FACTOR,
    columns::SEED,
    columns::TAU_SKEWNESS,
    columns::RATE,
    columns::OPERATIONS,
    columns::PARTICIPATION_RATIO,
    columns::ENERGY_CHIP_EVENT,
    columns::ENERGY_CHIP_CLOCKED,
    columns::ENERGY_METABOLIC,
];

/// A finished study.
#[derive(Debug)]
pub struct Study {
    /// Every network that has a score.
    pub networks: Vec<Network>,
    /// Every task, in the order of appearance.
    pub tasks: Vec<Task>,
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
}

/// A network's result in one task.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// Position in [`Study::tasks`].
    pub task: usize,
    /// Explained share of the variance on the test part; may be negative.
    pub r2: f64,
    /// The same for shuffled targets; NaN if unknown.
    pub chance_r2: f64,
    /// Alignment of states and task, 0 to 1; NaN if unknown.
    pub alignment: f64,
}

/// One network. What is unknown is NaN.
#[derive(Clone, Debug)]
pub struct Network {
    /// Which question it was made for.
    pub experiment: Arc<str>,
    /// LI or LIF.
    pub model: Arc<str>,
    /// How the stimulus comes in.
    pub coding: Arc<str>,
    /// What is read out.
    pub readout: Arc<str>,
    /// Distribution of time constants.
    pub profile: Arc<str>,
    /// Coefficient of variation asked for.
    pub cv: f64,
    /// Number of neurons.
    pub n: u64,
    /// Mean time constant asked for, ms.
    pub tau_ms: f64,
    /// Value of what the experiment varies.
    pub factor: f64,
    /// Networks of one seed differ in nothing but what is compared.
    pub seed: u64,
    /// Skewness of the time constants that were drawn.
    pub tau_skewness: f64,
    /// Mean firing rate, Hz.
    pub rate_hz: f64,
    /// Operations of an event-driven computer.
    pub operations: f64,
    /// Effective dimension of the states.
    pub participation_ratio: f64,
    /// Chip energy at events alone, pJ.
    pub energy_chip_event_pj: f64,
    /// Chip energy with clocked updates, pJ.
    pub energy_chip_clocked_pj: f64,
    /// Metabolic energy, molecules of ATP.
    pub energy_metabolic_atp: f64,
    /// One for each task.
    pub outcomes: Vec<Outcome>,
    /// Mean over the tasks of max(R^2, 0).
    pub score: f64,
}

impl Network {
    /// Whether all neurons have the same time constant.
    pub fn is_homogeneous(&self) -> bool {
        &*self.profile == HOMOGENEOUS
    }

    /// Mean alignment over the tasks where it is known, or NaN.
    pub fn mean_alignment(&self) -> f64 {
        self.mean_of(|outcome| outcome.alignment)
    }

    /// Mean R^2 of shuffled targets over the tasks where it is known, or NaN.
    pub fn mean_chance(&self) -> f64 {
        self.mean_of(|outcome| outcome.chance_r2)
    }

    fn mean_of(&self, value: impl Fn(&Outcome) -> f64) -> f64 {
        let known = self.outcomes.iter().map(value).filter(|value| value.is_finite());
        let (sum, count) = known.fold((0.0, 0), |(sum, count), value| (sum + value, count + 1));
        sum / f64::from(count)
    }
}

impl Study {
    /// Reads the folder of a study.
    ///
    /// # Errors
    /// If a table is missing or malformed, a column is missing or of another type, a required value is missing or not finite,
    /// a result belongs to no network, a network is there twice, or no network has a result.
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
        for network in &mut networks {
            let sum: f64 = network.outcomes.iter().map(|outcome| outcome.r2.max(0.0)).sum();
            network.score = sum / network.outcomes.len() as f64;
        }
        if networks.is_empty() {
            return Err(ReportError::NoStudy { path: results, reason: "no network has a result".into() });
        }
        Ok(Self { networks, tasks, manifest })
    }
}

fn read_manifest(path: &Path) -> Result<serde_json::Value, ReportError> {
    if !path.exists() {
        return Ok(serde_json::Value::Null);
    }
    let text = fs::read_to_string(path).map_err(ReportError::io(path, "read"))?;
    serde_json::from_str(&text).map_err(|error| ReportError::Json { path: path.into(), reason: error.to_string() })
}

/// A network by its experiment and name: one name may be in two experiments.
type Positions = HashMap<(Arc<str>, Arc<str>), usize>;

fn read_networks(path: &Path) -> Result<(Vec<Network>, Positions), ReportError> {
    let table = Table::read(path, &OF_NETWORKS)?;
    let mut positions = Positions::new();
    let mut networks = Vec::with_capacity(table.rows);
    for row in 0..table.rows {
        let (experiment, id) = (table.text(columns::EXPERIMENT, row), table.text(columns::NETWORK_ID, row));
        if positions.insert((experiment.clone(), id.clone()), row).is_some() {
            return Err(stray(path, row, &experiment, &id, "is there twice; allowed: once"));
        }
        networks.push(Network {
            experiment,
            model: table.text(columns::MODEL, row),
            coding: table.text(columns::CODING, row),
            readout: table.text(columns::READOUT, row),
            profile: table.text(columns::PROFILE, row),
            cv: table.real(columns::CV, row),
            n: table.whole(columns::N, row),
            tau_ms: table.real(columns::TAU, row),
            factor: table.real(columns::FACTOR, row),
            seed: table.whole(columns::SEED, row),
            tau_skewness: table.real(columns::TAU_SKEWNESS, row),
            rate_hz: table.real(columns::RATE, row),
            operations: table.real(columns::OPERATIONS, row),
            participation_ratio: table.real(columns::PARTICIPATION_RATIO, row),
            energy_chip_event_pj: table.real(columns::ENERGY_CHIP_EVENT, row),
            energy_chip_clocked_pj: table.real(columns::ENERGY_CHIP_CLOCKED, row),
            energy_metabolic_atp: table.real(columns::ENERGY_METABOLIC, row),
            outcomes: Vec::new(),
            score: f64::NAN,
        });
    }
    Ok((networks, positions))
}

fn read_results(path: &Path, networks: &mut [Network], positions: &Positions) -> Result<Vec<Task>, ReportError> {
    let table = Table::read(path, &OF_RESULTS)?;
    let mut tasks = Vec::new();
    let mut known: HashMap<Arc<str>, usize> = HashMap::new();
    for row in 0..table.rows {
        let (experiment, id) = (table.text(columns::EXPERIMENT, row), table.text(columns::NETWORK_ID, row));
        let Some(&network) = positions.get(&(experiment.clone(), id.clone())) else {
            return Err(stray(path, row, &experiment, &id, "is not in networks.parquet"));
        };
        let name = table.text(columns::TASK, row);
        let task = *known.entry(name.clone()).or_insert_with(|| {
            tasks.push(Task {
                name,
                degree: table.whole(columns::DEGREE, row),
                shift_ms: table.real(columns::SHIFT, row),
                dimensions: table.whole(columns::DIMENSIONS, row),
                correlation_time_ms: table.real(columns::CORRELATION_TIME, row),
            });
            tasks.len() - 1
        });
        let (r2, chance_r2) = (table.real(columns::R2, row), table.real(columns::CHANCE_R2, row));
        networks[network].outcomes.push(Outcome {
            task,
            r2,
            chance_r2,
            alignment: table.real(columns::ALIGNMENT, row),
        });
    }
    Ok(tasks)
}

fn stray(path: &Path, row: usize, experiment: &str, id: &str, reason: &'static str) -> ReportError {
    ReportError::Network { path: path.into(), row, id: id.into(), experiment: experiment.into(), reason }
}

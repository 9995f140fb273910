//! `[sampling]`, `[readout]`, `[suite]`, `[[stimulus]]` and `[[task]]`: what is asked.

use super::{Result, count, given, moderate, number, table};
use crate::suite::{Sampling, Suite};
use std::ops;
use std::sync::Arc;
use tauspike_scenario::ScenarioError;
use tauspike_scenario::section::{Entry, Range, Section, unknown_name};
use tauspike_task::capacity::basis;
use tauspike_task::suite::Noise;
use tauspike_task::{Factor, Source, Stimulus, SuiteGrid, Target, Task, TaskError};

const KINDS: [&str; 7] = ["ornstein_uhlenbeck", "band_limited", "uniform", "mackey_glass", "lorenz", "narma10", "file"];
const NOISES: [&str; 2] = ["ornstein_uhlenbeck", "band_limited"];
/// What the drive of this kind leads to, as a target.
const NARMA10: &str = "narma10";
const MOST_SAMPLES: u64 = 10_000_000;

/// The tasks, and where in the file their stimuli stand.
pub(super) struct Asked<'a> {
    pub suite: Suite,
    stimuli: Vec<Named<'a>>,
}

impl Asked<'_> {
    /// The refusal of stimulus number `which` under `seed`, or of a task of it.
    pub fn refused(&self, whole: &Section, which: usize, seed: u64, error: &TaskError) -> ScenarioError {
        let source = &self.suite.stimuli[which].source;
        match self.stimuli.iter().find(|stimulus| stimulus.source == *source) {
            Some(stimulus) => {
                let allowed = format!("a stimulus that every seed of the study can have; under seed {seed}, {error}");
                stimulus.entry.refuse(allowed)
            }
            None => match table(whole, "suite") {
                Ok(suite) => refused(&suite, error),
                Err(error) => error,
            },
        }
    }
}

pub(super) fn read<'a>(whole: &Section<'a>) -> Result<Asked<'a>> {
    let sampling = sampling(whole)?;
    let readout = table(whole, "readout")?;
    let folds = count(&readout, "folds", (2, sampling.train as u64), 5)? as usize;
    let mut tasks = match whole.get("suite") {
        Some(entry) => grid(&entry.table(".")?, &sampling)?,
        None => Vec::new(),
    };
    let stimuli: Vec<Named> =
        whole.sections("stimulus")?.into_iter().map(|section| named(section, &sampling)).collect::<Result<_>>()?;
    for (k, stimulus) in stimuli.iter().enumerate() {
        if stimuli[..k].iter().any(|other| other.name == stimulus.name) {
            return Err(stimulus.entry.refuse("a unique name; another stimulus has this one"));
        }
    }
    for section in whole.sections("task")? {
        for task in asked(&section, &stimuli, &sampling)? {
            if tasks.iter().any(|other| other.id() == task.id()) {
                let allowed = format!("a task that is not asked yet; \"{}\" is", task.id());
                return Err(section.need("stimulus", "")?.refuse(allowed));
            }
            tasks.push(task);
        }
    }
    if tasks.is_empty() {
        return Err(whole.absent("suite", "a [suite] table, or [[task]] tables"));
    }
    Ok(Asked { suite: Suite::new(tasks, sampling, folds), stimuli })
}

fn sampling(whole: &Section) -> Result<Sampling> {
    let section = table(whole, "sampling")?;
    section.allow(&["step_ms", "washout", "train", "gap", "test"])?;
    let samples =
        |key, least, default| count(&section, key, (least, MOST_SAMPLES), default).map(|count| count as usize);
    Ok(Sampling {
        step: number(&section, "step_ms", Range::Positive, 5.0)?,
        washout: samples("washout", 0, 200)?,
        train: samples("train", 10, 2000)?,
        gap: samples("gap", 0, 20)?,
        test: samples("test", 2, 1000)?,
    })
}

/// The tasks of `[suite]`.
fn grid(section: &Section, sampling: &Sampling) -> Result<Vec<Task>> {
    section.allow(&["noise", "degrees", "shifts_ms", "shifts_tau", "dimensions", "correlation_times_ms"])?;
    let mut grid = SuiteGrid { step_ms: sampling.step, ..SuiteGrid::default() };
    if let Some(entry) = section.get("noise") {
        grid.noise = [Noise::OrnsteinUhlenbeck, Noise::BandLimited][entry.choice(&NOISES)?];
    }
    let whole = |entry: Entry| {
        entry.items("a list of integers")?.iter().map(|item| item.integer(1, 12)).collect::<Result<Vec<u64>>>()
    };
    if let Some(entry) = section.get("degrees") {
        grid.degrees = whole(entry)?.into_iter().map(|d| d as u32).collect();
    }
    if let Some(entry) = section.get("dimensions") {
        grid.dimensions = whole(entry)?.into_iter().map(|d| d as usize).collect();
    }
    if let Some(entry) = section.get("shifts_ms") {
        grid.shifts_ms = shifts(&entry, sampling)?;
    }
    if let Some(entry) = section.get("correlation_times_ms") {
        let items = entry.items("a list of numbers, not empty")?;
        grid.correlation_times_ms = items.iter().map(|item| moderate(item, Range::Positive)).collect::<Result<_>>()?;
    }
    if let Some(entry) = section.get("shifts_tau") {
        if let Some(other) = section.get("shifts_ms") {
            return Err(other.refuse("either shifts_ms or shifts_tau"));
        }
        grid.shifts_tau = entry.numbers(Range::Finite)?;
        check_shifts_tau(&entry, &grid, sampling)?;
    }
    grid.tasks().map_err(|error| refused(section, &error))
}

/// Before there are tasks: one of them would refuse a shift by a name that is not in the file.
fn check_shifts_tau(entry: &Entry, grid: &SuiteGrid, sampling: &Sampling) -> Result<()> {
    let in_range = -(sampling.washout as f64)..=MOST_SAMPLES as f64;
    for tau in &grid.correlation_times_ms {
        let steps = |shift: &f64| (shift * tau / sampling.step).round();
        if grid.shifts_tau.iter().any(|shift| !in_range.contains(&steps(shift))) {
            let most = sampling.washout as f64 * sampling.step;
            return Err(entry.refuse(format!(
                "shifts of every stimulus from -{most} ms, the washout, to {MOST_SAMPLES} steps; correlation_times_ms has {tau:?}"
            )));
        }
    }
    Ok(())
}

/// What the grid of tasks, or a stimulus of it, refuses, at the key that it names.
fn refused(section: &Section, error: &TaskError) -> ScenarioError {
    let field = match error {
        TaskError::Value { field, .. } => *field,
        _ => "noise",
    };
    let key = ["degrees", "shifts_ms", "shifts_tau", "dimensions", "correlation_times_ms"]
        .into_iter()
        .filter(|key| key.starts_with(field))
        .find_map(|key| section.get(key));
    match key {
        Some(entry) => entry.refuse(error.to_string()),
        None => section.absent(field, &error.to_string()),
    }
}

/// Shifts in ms: whole numbers of steps, and none further back than the washout.
fn shifts(entry: &Entry, sampling: &Sampling) -> Result<Vec<f64>> {
    entry.items("a list of times, not empty")?.iter().map(|item| shift(item, sampling)).collect()
}

fn shift(entry: &Entry, sampling: &Sampling) -> Result<f64> {
    let shift = entry.number(Range::Finite)?;
    let steps = shift / sampling.step;
    if (steps - steps.round()).abs() > 1e-9 * steps.abs().max(1.0) {
        return Err(entry.refuse(format!("a multiple of sampling.step_ms = {}", sampling.step)));
    }
    if -steps.round() > sampling.washout as f64 {
        let most = sampling.washout as f64 * sampling.step;
        return Err(entry.refuse(format!("at least -{most} ms, the washout")));
    }
    if steps.round() > MOST_SAMPLES as f64 {
        return Err(entry.refuse(format!("at most {MOST_SAMPLES} steps")));
    }
    Ok(shift)
}

/// A `[[stimulus]]`.
struct Named<'a> {
    name: String,
    entry: Entry<'a>,
    source: Source,
    correlation_time: f64,
    /// What can be asked beside functions of the stimulus: names, and which of its given series are meant.
    targets: Vec<(String, ops::Range<usize>)>,
}

fn named<'a>(section: Section<'a>, sampling: &Sampling) -> Result<Named<'a>> {
    let entry = section.need("name", "a text in quotes")?;
    let name = entry.text()?.to_owned();
    let kind = KINDS[section.need("kind", "the kind of stimulus")?.choice(&KINDS)?];
    let own: &[&str] = match kind {
        "mackey_glass" | "lorenz" => &["unit_ms", "dimensions"],
        "file" => &["file", "columns", "targets", "labels"],
        _ => &["dimensions"],
    };
    section.allow(&[&["name", "kind", "correlation_time_ms"], own].concat())?;
    let time = |key: &str| section.need(key, "a finite number > 0")?.number(Range::Positive);
    let correlation_time = time("correlation_time_ms")?;
    let dimensions = count(&section, "dimensions", (1, 12), 1)? as usize;
    let mut targets = Vec::new();
    let (kind, dimensions) = match kind {
        "ornstein_uhlenbeck" => (Stimulus::OrnsteinUhlenbeck { correlation_time }, dimensions),
        "band_limited" => (Stimulus::BandLimited { correlation_time }, dimensions),
        "uniform" => (Stimulus::Uniform {}, dimensions),
        "mackey_glass" => (Stimulus::MackeyGlass { unit: time("unit_ms")? }, dimensions),
        "lorenz" => (Stimulus::Lorenz { unit: time("unit_ms")? }, dimensions),
        "narma10" => {
            targets.push((NARMA10.into(), 0..dimensions));
            (Stimulus::Narma10 {}, dimensions)
        }
        _ => {
            let samples = given::from_file(&section, sampling.step, &mut targets)?;
            let dimensions = samples.dimensions().len();
            (Stimulus::Given { name: name.clone(), samples: Arc::new(samples) }, dimensions)
        }
    };
    Ok(Named { name, entry, source: Source { kind, dimensions }, correlation_time, targets })
}

/// The tasks of a `[[task]]`: `degrees` times `shifts_ms`, or one product of `factors`, or a `target` that comes with the stimulus, or
/// the basis of the information capacity.
fn asked(section: &Section, stimuli: &[Named], sampling: &Sampling) -> Result<Vec<Task>> {
    section.allow(&["name", "stimulus", "target", "degrees", "shifts_ms", "factors", "capacity_windows"])?;
    let entry = section.need("stimulus", "the name of a [[stimulus]]")?;
    let name = entry.text()?;
    let Some(stimulus) = stimuli.iter().find(|stimulus| stimulus.name == name) else {
        let names: Vec<&str> = stimuli.iter().map(|stimulus| stimulus.name.as_str()).collect();
        return Err(entry.refuse(unknown_name(name, &names)));
    };
    let targets = match section.get("factors") {
        _ if section.get("capacity_windows").is_some() => capacity_basis(section, stimulus, sampling)?,
        _ if section.get("target").is_some() => series(section, stimulus, sampling)?,
        _ if stimulus.source.kind == (Stimulus::Narma10 {}) => {
            let allowed = format!(
                "\"{NARMA10}\", of which the stimulus is the drive; functions of such a drive are asked of kind uniform"
            );
            return Err(section.absent("target", &allowed));
        }
        Some(factors) => {
            if let Some(other) = section.get("degrees").or(section.get("shifts_ms")) {
                return Err(other.refuse("either factors, or degrees and shifts_ms"));
            }
            let items = factors.items("a list of { dimension, degree, shift_ms }")?;
            let factors = items.iter().map(|item| factor(item, stimulus, sampling)).collect::<Result<_>>()?;
            vec![Target { basis: Default::default(), factors }]
        }
        None => {
            let allowed = "a list of integers, not empty";
            let items = section.need("degrees", allowed)?.items(allowed)?;
            let degrees: Vec<u64> = items.iter().map(|item| item.integer(1, 12)).collect::<Result<_>>()?;
            let shifts = shifts(&section.need("shifts_ms", "a list of times, not empty")?, sampling)?;
            degrees.iter().flat_map(|d| shifts.iter().map(|shift| Target::tayloramus(*d as u32, *shift))).collect()
        }
    };
    let task = |target| Task::new(stimulus.source.clone(), target, stimulus.correlation_time);
    targets.into_iter().map(|target| task(target).map_err(|error| entry.refuse(error.to_string()))).collect()
}

/// The orthonormal functions of the past whose scores add up to the information-processing capacity.
fn capacity_basis(section: &Section, stimulus: &Named, sampling: &Sampling) -> Result<Vec<Target>> {
    const MOST_TASKS: f64 = 10_000.0;
    if let Some(other) = ["target", "degrees", "factors", "shifts_ms"].iter().find_map(|key| section.get(key)) {
        return Err(other.refuse("no other targets beside capacity_windows"));
    }
    let allowed = "a list of numbers of samples, one for each degree";
    let entry = section.need("capacity_windows", allowed)?;
    if stimulus.source.kind != (Stimulus::Uniform {}) {
        return Err(
            entry.refuse("absent, but for a stimulus of kind \"uniform\", under which the basis is orthonormal")
        );
    }
    let items = entry.items(allowed)?;
    let most = (sampling.washout as u64 + 1).min(MOST_SAMPLES);
    let windows: Vec<u64> = items.iter().map(|item| item.integer(0, most)).collect::<Result<_>>()?;
    // C(window + d - 1, d) of each degree d.
    let count = |(degree, window): (usize, &u64)| {
        (1..=degree).map(|k| (*window as f64 + k as f64 - 1.0) / k as f64).product::<f64>()
    };
    let tasks: f64 = (1..).zip(&windows).map(count).sum();
    if tasks > MOST_TASKS {
        return Err(entry.refuse(format!("windows that make at most {MOST_TASKS} targets, not {tasks:.0}")));
    }
    let windows: Vec<usize> = windows.into_iter().map(|window| window as usize).collect();
    Ok(basis(sampling.step, &windows))
}

/// The given series of one name, at `shifts_ms`: 0 if there are none.
fn series(section: &Section, stimulus: &Named, sampling: &Sampling) -> Result<Vec<Target>> {
    if let Some(other) = section.get("degrees").or(section.get("factors")) {
        return Err(other.refuse("either target, or degrees or factors"));
    }
    let entry = section.need("target", "the name of a target")?;
    let name = entry.text()?;
    let Some((_, series)) = stimulus.targets.iter().find(|(other, _)| other == name) else {
        let names: Vec<&str> = stimulus.targets.iter().map(|(name, _)| name.as_str()).collect();
        return Err(entry.refuse(unknown_name(name, &names)));
    };
    let shifts = section.get("shifts_ms").map_or(Ok(vec![0.0]), |entry| shifts(&entry, sampling))?;
    Ok(series.clone().flat_map(|series| shifts.iter().map(move |shift| Target::given(series, *shift))).collect())
}

fn factor(entry: &Entry, stimulus: &Named, sampling: &Sampling) -> Result<Factor> {
    let section = entry.table(".")?;
    section.allow(&["dimension", "degree", "shift_ms"])?;
    let most = stimulus.source.dimensions as u64 - 1;
    Ok(Factor {
        dimension: count(&section, "dimension", (0, most), 0)? as usize,
        degree: section.need("degree", "an integer from 1 to 12")?.integer(1, 12)? as u32,
        shift: section.get("shift_ms").map_or(Ok(0.0), |entry| shift(&entry, sampling))?,
    })
}

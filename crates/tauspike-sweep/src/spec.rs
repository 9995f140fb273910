//! A sweep as its file says it, checked as a whole.
//!
//! ```toml
//! name = "gain"
//! scenario = "scenario.toml"       # or a folder; relative to this file
//! set = ["duration_ms=500"]        # in every run
//! repeats = 3                      # seeds: that of the scenario and the next two; or seeds = [1, 5, 9]
//! bin_ms = 1.0                     # of synchrony and frequency
//! keep_spikes = false              # true: a folder for each run in `recordings`
//! partition = ["g"]                # axes that divide the data set into folders
//!
//! [[axis]]
//! name = "g"                       # the column; by default the key
//! keys = ["projection.2.weight_mv", "projection.3.weight_mv"]   # or key = ".."
//! factor = -0.1                    # what is set is the value times this
//! values = [3, 4, 5]               # or from, to, count, log; or file, column; or without count, or distribution: drawn
//! zip = "pairs"                    # axes of one zip go together; others are combined
//!
//! [sample]                         # of all drawn axes together
//! method = "sobol"                 # or "random"
//! count = 256
//! seed = 1
//!
//! [[regime]]                       # the first whose conditions all hold is the column `regime`
//! name = "AI"
//! where = ["synchrony_E < 0.2", "cv_isi_E > 0.7"]
//!
//! [[figure]]
//! x = "g"
//! y = "eta"                        # a map; without y: lines over x, one for each value of `by`
//! value = "rate_hz_E"
//! ```
//!
//! The invariant: [`load`] refuses whatever is wrong with the sweep, naming file, field, value and what is allowed, before anything runs.

mod axis;
mod bins;
mod draws;
mod figures;
mod keys;

pub use axis::{Axis, Values};
pub use draws::{Method, Sample};
pub use figures::FigureSpec;

use crate::error::SweepError;
use crate::identity::Files;
use crate::plan::{self, Planned};
use crate::regime::{self, Regime};
use crate::row;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use tauspike_scenario::ScenarioError;
use tauspike_scenario::overrides;
use tauspike_scenario::scenario::{Scenario, from_text as scenario_from_text, tree_of};
use tauspike_scenario::section::{Entry, Section};
use tauspike_scenario::tree::{self, Table, Value};

type Result<T> = std::result::Result<T, ScenarioError>;

/// Most runs of one sweep.
pub const MOST_RUNS: usize = 10_000_000;

/// A sweep that has been checked.
#[derive(Clone, Debug)]
pub struct Sweep {
    /// The file, as messages call it.
    pub file: String,
    /// The TOML as it is run.
    pub text: String,
    /// Its name.
    pub name: String,
    /// The axes, in the order of the file.
    pub axes: Vec<Axis>,
    /// Seeds of each combination; `None` for that of the scenario alone.
    pub seeds: Vec<u64>,
    /// Width of the bins of synchrony and frequency, ms.
    pub bin: f64,
    /// Whether spikes are kept.
    pub keep_spikes: bool,
    /// Axes that divide the data set into folders.
    pub partition: Vec<String>,
    /// What networks are called.
    pub regimes: Vec<Regime>,
    /// Pictures that are drawn at the end.
    pub figures: Vec<FigureSpec>,
    /// The runs, in the order of the data set.
    pub plan: Vec<Planned>,
    scenario: PathBuf,
    /// The scenario as its file has it, so that errors name its lines, and what is set in every run.
    source: String,
    set: Vec<String>,
    /// Both together.
    base: Table,
    files: Files,
}

/// Reads `path`, a file or a folder with a `sweep.toml`, applies `overrides` (`key=value`), and checks everything.
///
/// # Errors
/// The first thing that is wrong with the file, an override, the scenario, or a file they name.
pub fn load(path: &Path, overrides: &[String]) -> std::result::Result<Sweep, SweepError> {
    let path: PathBuf = if path.is_dir() { path.join("sweep.toml") } else { path.to_owned() };
    let text = std::fs::read_to_string(&path).map_err(ScenarioError::io(&path, "be read"))?;
    from_text(&text, &path, overrides)
}

/// As [`load`], from a text; file names in it are relative to the folder of `path`, which errors show.
///
/// # Errors
/// As [`load`].
pub fn from_text(text: &str, path: &Path, overrides: &[String]) -> std::result::Result<Sweep, SweepError> {
    let file = path.display().to_string();
    let tree = tree_of(text, &file, overrides)?;
    let text = if overrides.is_empty() { text.to_owned() } else { tree::to_toml(&tree) };
    let sweep = read(&file, &tree, text)?;
    sweep.check_beginning()?;
    Ok(sweep)
}

fn read(file: &str, tree: &Table, text: String) -> Result<Sweep> {
    let whole = Section::whole(file, tree);
    whole.allow(&[
        "name",
        "description",
        "scenario",
        "set",
        "repeats",
        "seeds",
        "bin_ms",
        "keep_spikes",
        "partition",
        "axis",
        "sample",
        "regime",
        "figure",
    ])?;
    let scenario = scenario_path(&whole)?;
    let source = std::fs::read_to_string(&scenario).map_err(ScenarioError::io(&scenario, "be read"))?;
    let set = set(&whole)?;
    let base = tree_of(&source, &scenario.display().to_string(), &set)?;
    let sample = draws::read(&whole)?;
    let axes = axis::read(&whole, sample.as_ref())?;
    keys::check(&whole, &axes, &base, &set)?;
    let seeds = seeds(&whole, &base)?;
    let columns = row::columns(&axes, &base);
    let regimes = regime::read(&whole, &columns)?;
    let figures = figures::read(&whole, &columns, !regimes.is_empty())?;
    let partition = partition(&whole, &axes)?;
    let plan = plan::of(&axes, &seeds, sample.as_ref());
    if plan.len() > MOST_RUNS {
        return Err(whole.absent("axis", &format!("axes of at most {MOST_RUNS} runs in all, not {}", plan.len())));
    }
    let bin = bins::read(&whole, &base, &axes, &plan)?;
    Ok(Sweep {
        file: file.to_owned(),
        text,
        name: whole.need("name", "a text in quotes")?.file_name()?.to_owned(),
        axes,
        seeds,
        bin,
        keep_spikes: whole.get("keep_spikes").map_or(Ok(false), |entry| entry.flag())?,
        partition,
        regimes,
        figures,
        plan,
        files: Files::of(&scenario, &base),
        scenario,
        source,
        set,
        base,
    })
}

fn scenario_path(whole: &Section) -> Result<PathBuf> {
    let path = whole.need("scenario", "the name of a scenario file, or of a folder with a scenario.toml")?.path()?;
    Ok(if path.is_dir() { path.join("scenario.toml") } else { path })
}

/// What is set in every run.
fn set(whole: &Section) -> Result<Vec<String>> {
    match whole.get("set") {
        None => Ok(Vec::new()),
        Some(entry) if matches!(&entry.node.value, Value::List(items) if items.is_empty()) => Ok(Vec::new()),
        Some(entry) => {
            let items = entry.items("a list of texts, such as [\"duration_ms=500\"]")?;
            items.iter().map(|item| item.text().map(str::to_owned)).collect()
        }
    }
}

fn seeds(whole: &Section, base: &Table) -> Result<Vec<u64>> {
    let first = match tree::get(base, "seed").map(|node| &node.value) {
        Some(Value::Integer(seed)) => u64::try_from(*seed).unwrap_or(1),
        _ => 1,
    };
    match (whole.get("seeds"), whole.get("repeats")) {
        (Some(seeds), None) => {
            let items = seeds.items("a list of seeds")?;
            let seeds = items.iter().map(|item| item.integer(0, i64::MAX as u64)).collect::<Result<Vec<u64>>>()?;
            unique(&items, &seeds)?;
            Ok(seeds)
        }
        (None, Some(repeats)) => {
            let repeats = repeats.integer(1, 1_000_000)?;
            Ok((0..repeats).map(|k| first.saturating_add(k)).collect())
        }
        (None, None) => Ok(vec![first]),
        (Some(_), Some(repeats)) => Err(repeats.refuse("either seeds or repeats, not both")),
    }
}

/// By default the first axis that is a list of not too many values.
fn partition(whole: &Section, axes: &[Axis]) -> Result<Vec<String>> {
    const MOST_FOLDERS: usize = 256;
    let Some(entry) = whole.get("partition") else {
        let listed = axes.iter().find(|axis| axis.values.listed().is_some_and(|len| len <= MOST_FOLDERS));
        return Ok(listed.map(|axis| axis.name.clone()).into_iter().collect());
    };
    if matches!(&entry.node.value, Value::List(items) if items.is_empty()) {
        return Ok(Vec::new());
    }
    let names: Vec<&str> = axes.iter().map(|axis| axis.name.as_str()).chain(["seed"]).collect();
    let items = entry.items("a list of names of axes")?;
    let chosen =
        items.iter().map(|item| Ok(names[item.choice(&names)?].to_owned())).collect::<Result<Vec<String>>>()?;
    unique(&items, &chosen)?;
    Ok(chosen)
}

/// Refuses an item that is there already.
fn unique<T: Ord>(items: &[Entry], values: &[T]) -> Result<()> {
    let mut seen = BTreeSet::new();
    match values.iter().position(|value| !seen.insert(value)) {
        Some(twice) => Err(items[twice].refuse("each one once")),
        None => Ok(()),
    }
}

impl Sweep {
    /// The scenario of a run, in TOML, before it is checked.
    ///
    /// # Errors
    /// If a key of an axis leads nowhere.
    pub fn text_of(&self, run: &Planned) -> std::result::Result<String, ScenarioError> {
        let mut tree = self.base.clone();
        let file = self.scenario.display().to_string();
        self.sets_of(run).try_for_each(|set| overrides::apply(&mut tree, &set, &file))?;
        Ok(tree::to_toml(&tree))
    }

    /// What is set in this run, beside `set`.
    fn sets_of<'a>(&'a self, run: &'a Planned) -> impl Iterator<Item = String> + 'a {
        run.sets(&self.axes).chain(self.keep_spikes.then(|| "record.spikes=true".to_owned()))
    }

    /// The scenario of a run; its text is [`Sweep::text_of`].
    ///
    /// # Errors
    /// What is wrong with it, on a line of its file, or in that of the sets which is at fault.
    pub fn scenario_of(&self, run: &Planned) -> std::result::Result<Scenario, ScenarioError> {
        let sets: Vec<String> = self.set.iter().cloned().chain(self.sets_of(run)).collect();
        scenario_from_text(&self.source, &self.scenario, &sets)
    }

    /// What the files that the scenario names hold.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// Refuses a sweep of which no run can begin: then the keys are wrong, and not some values.
    fn check_beginning(&self) -> std::result::Result<(), SweepError> {
        const TRIED: usize = 8;
        let step = self.plan.len().div_ceil(TRIED).max(1);
        let mut first = None;
        let mut tried = 0;
        for (index, run) in self.plan.iter().enumerate().step_by(step) {
            tried += 1;
            match self.scenario_of(run) {
                // That a network is too large for this machine is seen when it is its turn.
                Ok(_) | Err(ScenarioError::Memory { .. }) => return Ok(()),
                Err(error) => first = first.or(Some((index, error))),
            }
        }
        match first {
            Some((run, source)) => {
                Err(SweepError::NoneBegins { file: self.file.clone(), tried, run, source: Box::new(source) })
            }
            None => Ok(()),
        }
    }
}

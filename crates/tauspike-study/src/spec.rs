//! A study as its file says it: read, checked as a whole, and turned into tasks and cells.
//!
//! ```text
//! file -> tasks     [suite], [[stimulus]] (given: those of a file), [[task]], [sampling]
//!      -> profiles  [[profile]]
//!      -> models    [network], [li], [lif], [readout]
//!      -> plan      [[experiment]]
//!      -> check     all of them, for every seed
//! ```
//!
//! The invariant: [`load`] refuses whatever is wrong, naming file, field, value and what is allowed, before anything runs.

mod check;
mod experiments;
mod given;
mod models;
mod profiles;
mod tasks;

use crate::error::StudyError;
use crate::plan::Planned;
use crate::profile::Profile;
use crate::suite::Suite;
use std::path::{Path, PathBuf};
use tauspike_scenario::ScenarioError;
use tauspike_scenario::scenario::tree_of;
use tauspike_scenario::section::{Entry, Range, Section};
use tauspike_scenario::tree;

type Result<T> = std::result::Result<T, ScenarioError>;

/// A study that has been checked.
#[derive(Clone, Debug)]
pub struct Study {
    /// The file, as messages call it.
    pub file: String,
    /// The TOML that is run: that of the file, or if something was set, the same with those values and without comments.
    pub text: String,
    /// Its name.
    pub name: String,
    /// What it is about; may be empty.
    pub description: String,
    /// What is asked of every network.
    pub suite: Suite,
    /// Which networks there are, in the order of the results.
    pub plan: Vec<Planned>,
    /// Mean time constant outside experiments, ms.
    pub tau: f64,
    /// The skewed arm that the report follows: profile and CV.
    pub reference: Option<(String, f64)>,
}

/// Reads `path`, a file or a folder with a `study.toml`, applies `overrides` (`key=value`), and checks everything.
///
/// # Errors
/// The first thing that is wrong with the file, an override, or a file it names.
pub fn load(path: &Path, overrides: &[String]) -> std::result::Result<Study, StudyError> {
    let path: PathBuf = if path.is_dir() { path.join("study.toml") } else { path.to_owned() };
    let text = std::fs::read_to_string(&path).map_err(ScenarioError::io(&path, "be read"))?;
    from_text(&text, &path, overrides)
}

/// As [`load`], from a text; file names in it are relative to the folder of `path`, which errors show.
///
/// # Errors
/// As [`load`].
pub fn from_text(text: &str, path: &Path, overrides: &[String]) -> std::result::Result<Study, StudyError> {
    let file = path.display().to_string();
    let tree = tree_of(text, &file, overrides)?;
    let whole = Section::whole(&file, &tree);
    whole.allow(&[
        "name",
        "description",
        "seeds",
        "models",
        "readout",
        "sampling",
        "suite",
        "stimulus",
        "task",
        "profile",
        "network",
        "li",
        "lif",
        "experiment",
        "reference",
    ])?;
    let name = whole.need("name", "a text in quotes")?.file_name()?.to_owned();
    let description = whole.get("description").map_or(Ok(""), |entry| entry.text())?.to_owned();
    let asked = tasks::read(&whole)?;
    let tau = models::read(&whole)?.tau;
    let profiles = profiles::read(&whole, tau)?;
    let plan = experiments::read(&whole, tau, &profiles)?;
    profiles::every_draw(&whole, &plan)?;
    let reference = reference(&whole, &plan)?;
    check::every_stimulus(&whole, &asked, &models::seeds(&whole)?, &plan)?;
    let text = if overrides.is_empty() { text.to_owned() } else { tree::to_toml(&tree) };
    Ok(Study { file: file.clone(), text, name, description, suite: asked.suite, plan, tau, reference })
}

/// `reference = { profile, cv }`, an arm of an experiment.
fn reference(whole: &Section, plan: &[Planned]) -> Result<Option<(String, f64)>> {
    let Some(entry) = whole.get("reference") else { return Ok(None) };
    let section = entry.table(".")?;
    section.allow(&["profile", "cv"])?;
    let name = section.need("profile", "the name of a profile")?;
    let cv = section.need("cv", "a number > 0")?.number(Range::Positive)?;
    let text = name.text()?.to_owned();
    match plan.iter().any(|planned| planned.cell.profile.name == text && planned.cell.cv == cv) {
        true => Ok(Some((text, cv))),
        false => Err(name.refuse(format!("a profile that an experiment has at CV {cv}"))),
    }
}

/// A profile at one CV, `cv`, as a program writes it: the keys of a `[[profile]]` without name and `cvs`. Without `cv` it has that of
/// its values, or none if it is homogeneous. `tau` is the mean, ms, at which it has to exist.
///
/// # Errors
/// As [`load`].
pub fn profile(section: &Section, tau: f64) -> std::result::Result<(Profile, f64), ScenarioError> {
    profiles::alone(section, tau)
}

/// The table `[key]`, or an empty one.
fn table<'a>(whole: &Section<'a>, key: &str) -> Result<Section<'a>> {
    const NOTHING: &tree::Table = &Vec::new();
    match whole.get(key) {
        Some(entry) => entry.table("."),
        None => Ok(Section { prefix: format!("{key}."), table: NOTHING, ..whole.clone() }),
    }
}

fn number(section: &Section, key: &str, range: Range, default: f64) -> Result<f64> {
    section.get(key).map_or(Ok(default), |entry| moderate(&entry, range))
}

const LARGEST: f64 = 1e9;

/// As [`number`], but not below `least`.
fn number_from(section: &Section, key: &str, least: f64, default: f64) -> Result<f64> {
    let value = number(section, key, Range::Positive, default)?;
    match section.get(key).filter(|_| value < least) {
        Some(entry) => Err(entry.refuse(format!("a number from {least:e} to {LARGEST:e}"))),
        None => Ok(value),
    }
}

/// A number that can be multiplied with a few others of its kind.
fn moderate(entry: &Entry, range: Range) -> Result<f64> {
    let number = entry.number(range)?;
    if number.abs() > LARGEST { Err(entry.refuse(format!("a number up to {LARGEST:e}"))) } else { Ok(number) }
}

fn count(section: &Section, key: &str, (least, most): (u64, u64), default: u64) -> Result<u64> {
    section.get(key).map_or(Ok(default), |entry| entry.integer(least, most))
}

/// Refuses an item that is there already.
fn unique<'e, T: PartialEq>(entries: impl IntoIterator<Item = (&'e Entry<'e>, T)>) -> Result<()> {
    let mut seen = Vec::new();
    for (entry, value) in entries {
        if seen.contains(&value) {
            return Err(entry.refuse("each value once"));
        }
        seen.push(value);
    }
    Ok(())
}

//! `[[experiment]]`: arms that are compared, and axes that they are swept over (ADR 0015).
//!
//! A sweep changes a key of `[network]`, `[li]`, `[lif]` or `[readout]`. So each point of it is the file with other values at those
//! keys, read by the code that reads the file: what a key may hold is said in one place.

use super::models::{self, Base, MODELS, SETTABLE, choices};
use super::profiles::{self, Ladder};
use super::{Result, unique};
use crate::plan::Planned;
use crate::profile::Profile;
use std::collections::BTreeSet;
use tauspike_scenario::section::{Entry, Section, unknown_name};
use tauspike_scenario::tree::{Node, Table, Value};

/// A key that is swept over or set.
type Setting<'a> = (&'a str, &'a Node);
/// A key that is swept over, and its values.
type Axis<'a> = (&'a str, Vec<&'a Node>);

/// What is compared: a profile at a CV, with settings of its own.
struct Arm<'a> {
    profile: &'a Profile,
    cv: f64,
    settings: Vec<Setting<'a>>,
}

pub(super) fn read(whole: &Section, tau: f64, ladders: &[Ladder]) -> Result<Vec<Planned>> {
    let (models, seeds) = (models::models(whole)?, models::seeds(whole)?);
    let mut plan: Vec<Planned> = Vec::new();
    let mut names = BTreeSet::new();
    for section in whole.sections("experiment")? {
        section.allow(&["name", "models", "seeds", "arms", "axes"])?;
        let name = section.need("name", "a text in quotes")?;
        if !names.insert(name.file_name()?.to_owned()) {
            return Err(name.refuse("a unique name; another experiment has this one"));
        }
        plan.extend(experiment(whole, &section, (&models, &seeds), tau, ladders)?);
    }
    if plan.is_empty() {
        return Err(whole.absent("experiment", "at least one [[experiment]] table"));
    }
    Ok(plan)
}

fn experiment(
    whole: &Section,
    section: &Section,
    (models, seeds): (&[usize], &[u64]),
    tau: f64,
    ladders: &[Ladder],
) -> Result<Vec<Planned>> {
    let name = section.need("name", "")?.file_name()?;
    let seeds = match section.get("seeds") {
        Some(entry) => &seeds[..entry.integer(1, seeds.len() as u64)? as usize],
        None => seeds,
    };
    let axes = axes(section)?;
    let arms = arms(section, &axes, tau, ladders)?;
    let mut plan = Vec::new();
    for model in models_of(section, models, &arms, &axes)? {
        for point in product(&axes) {
            for arm in &arms {
                let settings: Vec<Setting> = arm.settings.iter().chain(&point).copied().collect();
                let base = changed(whole, MODELS[model], &settings)?;
                plan.extend(seeds.iter().map(|seed| Planned {
                    experiment: name.to_owned(),
                    point: point.iter().map(|(key, node)| ((*key).to_owned(), node.value.to_string())).collect(),
                    cell: base.cell(model, arm.profile, arm.cv, *seed),
                }));
            }
        }
    }
    Ok(plan)
}

/// Those asked for; if none are, those of the study that have every key of the experiment.
fn models_of(section: &Section, models: &[usize], arms: &[Arm], axes: &[Axis]) -> Result<Vec<usize>> {
    let keys = || axes.iter().map(|(key, _)| *key).chain(arms.iter().flat_map(|arm| arm.settings.iter().map(|s| s.0)));
    let has = |model: usize| keys().all(|key| tables_of(key, MODELS[model]).next().is_some());
    let can: Vec<usize> = models.iter().copied().filter(|model| has(*model)).collect();
    let names: Vec<&str> = can.iter().map(|model| MODELS[*model]).collect();
    if names.is_empty() {
        let keys: Vec<&str> = keys().collect();
        let allowed = format!("keys that one of the study's models has: none has all of {}", keys.join(", "));
        let entry = section.get("axes").or(section.get("arms"));
        return Err(entry.map_or_else(|| section.absent("axes", &allowed), |entry| entry.refuse(allowed.clone())));
    }
    let all: Vec<usize> = (0..can.len()).collect();
    Ok(choices(section.get("models"), &names, &all)?.into_iter().map(|k| can[k]).collect())
}

/// The tables in which a network of `model` has `key`.
fn tables_of(key: &str, model: &str) -> impl Iterator<Item = &'static str> {
    let mine =
        SETTABLE.iter().filter(move |(table, _)| !["li", "lif"].contains(table) || model.eq_ignore_ascii_case(table));
    mine.filter(move |(_, keys)| keys.contains(&key)).map(|(table, _)| *table)
}

fn check_key(entry: &Entry, key: &str) -> Result<()> {
    let all: Vec<&str> = SETTABLE.iter().flat_map(|(_, keys)| keys.iter().copied()).collect();
    match all.contains(&key) {
        true => Ok(()),
        false => {
            Err(entry.refuse(format!("a key of [network], [li], [lif] or [readout]: {}", unknown_name(key, &all))))
        }
    }
}

fn axes<'a>(section: &Section<'a>) -> Result<Vec<Axis<'a>>> {
    let Some(entry) = section.get("axes") else { return Ok(Vec::new()) };
    let table = entry.table(".")?;
    let mut axes = Vec::new();
    for (key, _) in table.table {
        let entry = table.need(key, "a list of values")?;
        check_key(&entry, key)?;
        let items = entry.items("a list of values, not empty")?;
        unique(items.iter().map(|item| (item, &item.node.value)))?;
        axes.push((key.as_str(), items.into_iter().map(|item| item.node).collect()));
    }
    Ok(axes)
}

/// Every combination of one value of each axis, the last axis fastest.
fn product<'a>(axes: &[Axis<'a>]) -> Vec<Vec<Setting<'a>>> {
    axes.iter().fold(vec![Vec::new()], |points, (key, values)| {
        let longer = |point: Vec<Setting<'a>>| {
            values.iter().map(move |value| [&point[..], &[(*key, *value)]].concat()).collect::<Vec<_>>()
        };
        points.into_iter().flat_map(longer).collect()
    })
}

/// Those listed, or every profile at all its CVs.
fn arms<'a>(section: &Section<'a>, axes: &[Axis], tau: f64, ladders: &'a [Ladder]) -> Result<Vec<Arm<'a>>> {
    let all = |ladder: &'a Ladder| {
        ladder.cvs.iter().map(|cv| Arm { profile: &ladder.profile, cv: *cv, settings: Vec::new() })
    };
    let Some(entry) = section.get("arms") else { return Ok(ladders.iter().flat_map(all).collect()) };
    let items = entry.items("a list of names of profiles, and of { profile, cv } with settings of their own")?;
    let mut arms: Vec<Arm> = Vec::new();
    for item in &items {
        let more: Vec<Arm> = match &item.node.value {
            Value::Text(_) => all(named(item, ladders)?).collect(),
            _ => vec![arm(item, axes, tau, ladders)?],
        };
        for arm in more {
            if arms.iter().any(|other| (&other.profile.name, other.cv) == (&arm.profile.name, arm.cv)) {
                return Err(item.refuse("each profile and CV once"));
            }
            arms.push(arm);
        }
    }
    Ok(arms)
}

fn named<'a>(entry: &Entry, ladders: &'a [Ladder]) -> Result<&'a Ladder> {
    let text = entry.text()?;
    let names: Vec<&str> = ladders.iter().map(|ladder| ladder.profile.name.as_str()).collect();
    ladders.iter().find(|ladder| ladder.profile.name == text).ok_or_else(|| entry.refuse(unknown_name(text, &names)))
}

fn arm<'a>(entry: &Entry<'a>, axes: &[Axis], tau: f64, ladders: &'a [Ladder]) -> Result<Arm<'a>> {
    let section = entry.table(".")?;
    let ladder = named(&section.need("profile", "the name of a profile")?, ladders)?;
    let cv = match section.get("cv") {
        Some(cv) if ladder.cvs == [0.0] => return Err(cv.refuse("absent: in this profile all neurons are alike")),
        Some(cv) => profiles::cv(&cv, &ladder.profile, tau)?,
        None if ladder.cvs.len() == 1 => ladder.cvs[0],
        None => return Err(section.absent("cv", "a number > 0")),
    };
    let mut settings = Vec::new();
    for (key, node) in section.table.iter().filter(|(key, _)| !["profile", "cv"].contains(&key.as_str())) {
        let entry = section.need(key, "")?;
        check_key(&entry, key)?;
        // The axis has the last word: what the arm says would be without effect.
        if axes.iter().any(|(swept, _)| swept == key) {
            return Err(entry.refuse(format!("a key that is set once; axes.{key} of this experiment sets it too")));
        }
        settings.push((key.as_str(), node));
    }
    Ok(Arm { profile: &ladder.profile, cv, settings })
}

/// The networks of the file with other values at some keys.
fn changed(whole: &Section, model: &str, settings: &[Setting]) -> Result<Base> {
    let mut tree: Table = whole.table.clone();
    for (key, node) in settings {
        for table in tables_of(key, model) {
            set(&mut tree, table, key, node);
        }
    }
    models::read(&Section::whole(whole.file, &tree))
}

fn set(tree: &mut Table, table: &str, key: &str, node: &Node) {
    if !tree.iter().any(|(name, _)| name == table) {
        tree.push((table.to_owned(), Node { origin: node.origin.clone(), value: Value::Table(Table::new()) }));
    }
    let Some((_, Node { value: Value::Table(keys), .. })) = tree.iter_mut().find(|(name, _)| name == table) else {
        return;
    };
    keys.retain(|(name, _)| name != key);
    keys.push((key.to_owned(), node.clone()));
}

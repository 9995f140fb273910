//! `[[experiment]]`: which networks are compared.

use super::models::{Base, MODELS, READOUTS, choices};
use super::profiles::{self, Ladder};
use super::{Result, moderate, unique};
use crate::cell::{Cell, Coding, Lif, Model, Readout};
use crate::plan::{EXPERIMENTS, Planned};
use crate::profile::{Kind, Profile};
use std::collections::BTreeSet;
use tauspike_scenario::section::{Entry, Range, Section, unknown_name};

/// What is compared at each factor: profiles and their CV.
type Contrast<'a> = Vec<(&'a Profile, f64)>;

pub(super) fn read(whole: &Section, base: &Base, ladders: &[Ladder]) -> Result<Vec<Planned>> {
    let mut plan: Vec<Planned> = Vec::new();
    let mut ids = BTreeSet::new();
    for section in whole.sections("experiment")? {
        let name = section.need("name", "the name of an experiment")?;
        let planned = experiment(&section, EXPERIMENTS[name.choice(&EXPERIMENTS)?], base, ladders)?;
        if let Some(twice) = planned.iter().map(Planned::id).find(|id| ids.contains(id)) {
            return Err(
                name.refuse(format!("experiments that ask for each network once; \"{twice}\" is asked for twice"))
            );
        }
        ids.extend(planned.iter().map(Planned::id));
        plan.extend(planned);
    }
    if plan.is_empty() {
        return Err(whole.absent("experiment", "at least one [[experiment]] table"));
    }
    Ok(plan)
}

/// Positions in [`MODELS`] of the models that an experiment can have.
fn models_of(experiment: &str) -> &'static [usize] {
    match experiment {
        "rate_matched" | "weight_scale" | "delay" | "coding" => &[1],
        "spectral_radius" => &[0],
        _ => &[0, 1],
    }
}

/// Which numbers an experiment sweeps over; none if it sweeps nothing.
fn range_of(experiment: &str) -> Option<Range> {
    match experiment {
        "profiles" | "rate_matched" | "no_recurrence" | "coding" => None,
        "size" | "tuned_tau" | "input_weight" => Some(Range::Positive),
        _ => Some(Range::NotNegative),
    }
}

fn experiment(section: &Section, experiment: &'static str, base: &Base, ladders: &[Ladder]) -> Result<Vec<Planned>> {
    section.allow(&["name", "models", "readouts", "factors", "profiles"])?;
    let factors = factors(section, experiment, base)?;
    let contrast = contrast(section, experiment, base, ladders)?;
    let mut plan = Vec::new();
    for model in models(section, experiment, base)? {
        for readout in readouts(section, model, base)? {
            for &factor in &factors {
                for &(profile, cv) in &contrast {
                    for &seed in &base.seeds {
                        let mut cell = base.cell(model, profile, cv, seed);
                        if let (Model::Lif(lif), Some(readout)) = (&mut cell.model, readout) {
                            lif.readout = readout;
                        }
                        plan.extend(changed(cell, experiment, factor, base).into_iter().map(|cell| Planned {
                            experiment,
                            factor,
                            cell,
                        }));
                    }
                }
            }
        }
    }
    Ok(plan)
}

fn models(section: &Section, experiment: &str, base: &Base) -> Result<Vec<usize>> {
    let can: Vec<usize> = models_of(experiment).iter().copied().filter(|model| base.models.contains(model)).collect();
    let names: Vec<&str> = can.iter().map(|model| MODELS[*model]).collect();
    if names.is_empty() {
        let needed = MODELS[models_of(experiment)[0]];
        return Err(section
            .need("name", "")?
            .refuse(format!("an experiment with the study's `models`; this one needs \"{needed}\"")));
    }
    let all: Vec<usize> = (0..can.len()).collect();
    Ok(choices(section.get("models"), &names, &all)?.into_iter().map(|k| can[k]).collect())
}

fn readouts(section: &Section, model: usize, base: &Base) -> Result<Vec<Option<Readout>>> {
    let chosen = choices(section.get("readouts"), &READOUTS, &[])?;
    if chosen.is_empty() || MODELS[model] == "LI" {
        return Ok(vec![None]);
    }
    Ok(chosen
        .into_iter()
        .map(|k| Some(if READOUTS[k] == "membrane" { Readout::Membrane } else { base.filter }))
        .collect())
}

fn factors(section: &Section, experiment: &str, base: &Base) -> Result<Vec<f64>> {
    let Some(range) = range_of(experiment) else {
        return match section.get("factors") {
            Some(entry) => Err(entry.refuse(format!("absent: \"{experiment}\" sweeps nothing"))),
            None => Ok(vec![0.0]),
        };
    };
    let allowed = "a list of numbers, not empty";
    let items = section.need("factors", allowed)?.items(allowed)?;
    let read = |item: &Entry| match experiment {
        "size" => Ok(item.integer(2, 20_000)? as f64),
        "sparsity" => Ok(item.integer(1, u64::from(base.n) - 1)? as f64),
        _ => moderate(item, range),
    };
    let factors: Vec<f64> = items.iter().map(read).collect::<Result<_>>()?;
    unique(items.iter().zip(&factors))?;
    Ok(factors)
}

/// Those listed; or all profiles for "profiles", the homogeneous one for "tuned_tau".
fn contrast<'a>(section: &Section, experiment: &str, base: &Base, ladders: &'a [Ladder]) -> Result<Contrast<'a>> {
    let homogeneous = &ladders[0].profile;
    match (section.get("profiles"), experiment) {
        (None, "profiles") => Ok(ladders.iter().flat_map(|l| l.cvs.iter().map(|cv| (&l.profile, *cv))).collect()),
        (None, "tuned_tau") => Ok(vec![(homogeneous, 0.0)]),
        (None, _) => {
            Err(section.absent("profiles", "a list of { name, cv }, to be compared with the homogeneous profile"))
        }
        (Some(entry), _) => {
            let items = entry.items("a list of { name, cv }")?;
            let mut contrast = vec![(homogeneous, 0.0)];
            for item in &items {
                contrast.push(named(item, base, ladders)?);
            }
            Ok(contrast)
        }
    }
}

fn named<'a>(entry: &Entry, base: &Base, ladders: &'a [Ladder]) -> Result<(&'a Profile, f64)> {
    let section = entry.table(".")?;
    section.allow(&["name", "cv"])?;
    let name = section.need("name", "the name of a [[profile]]")?;
    let names: Vec<&str> = ladders[1..].iter().map(|ladder| ladder.profile.name.as_str()).collect();
    let text = name.text()?;
    let Some(ladder) = ladders[1..].iter().find(|ladder| ladder.profile.name == text) else {
        return Err(name.refuse(unknown_name(text, &names)));
    };
    match section.get("cv") {
        Some(cv) => Ok((&ladder.profile, profiles::cv(&cv, &ladder.profile, base.tau)?)),
        None if ladder.cvs.len() == 1 => Ok((&ladder.profile, ladder.cvs[0])),
        None => Err(section.absent("cv", "a number > 0")),
    }
}

/// The cells of an experiment at one value of its factor.
fn changed(mut cell: Cell, experiment: &str, factor: f64, base: &Base) -> Vec<Cell> {
    match experiment {
        "size" => {
            cell.n = factor as u32;
            cell.in_degree = cell.in_degree.min(cell.n - 1);
        }
        "tuned_tau" => {
            cell.tau = factor;
            cell.tau_min = cell.tau_min.min(factor);
        }
        "sparsity" => cell.in_degree = factor as u32,
        "no_recurrence" => cell.in_degree = 0,
        "coding" => {
            let coded = |coding: Coding| {
                let mut cell = cell.clone();
                if let Model::Lif(lif) = &mut cell.model {
                    lif.coding = coding;
                }
                cell
            };
            return [base.poisson, base.send_on_delta].into_iter().map(coded).collect();
        }
        _ => match &mut cell.model {
            Model::Li(li) => match experiment {
                "spectral_radius" => li.spectral_radius = factor,
                "noise" => li.noise = factor,
                "input_weight" => li.input_weight *= factor,
                _ => {}
            },
            Model::Lif(lif) => change_lif(lif, experiment, factor, cell.profile.kind == Kind::Homogeneous),
        },
    }
    vec![cell]
}

fn change_lif(lif: &mut Lif, experiment: &str, factor: f64, homogeneous: bool) {
    match experiment {
        // The homogeneous network has its own rate already.
        "rate_matched" => lif.rate_matched = !homogeneous,
        "weight_scale" => lif.weight *= factor,
        "delay" => lif.delay = factor,
        "noise" => lif.noise = factor,
        "input_weight" => lif.input *= factor,
        _ => {}
    }
}

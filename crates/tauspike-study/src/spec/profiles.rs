//! `[[profile]]`: names, distributions and the coefficients of variation at which they are tried.

use super::{Result, moderate, unique};
use crate::cell::Cell;
use crate::plan::Planned;
use crate::profile::{Device, HOMOGENEOUS, Kind, Location, Profile};
use tauspike_import::{Quantity, read_values};
use tauspike_network::Family;
use tauspike_scenario::section::{Entry, Range, Section};

const DISTRIBUTIONS: [&str; 12] = [
    "homogeneous",
    "normal",
    "uniform",
    "arcsine",
    "log_uniform",
    "lognormal",
    "gamma",
    "inverse_gaussian",
    "inverse_gamma",
    "beta",
    "two_point",
    "empirical",
];
/// Of every profile, beside its name and CVs.
const KEYS: [&str; 10] = [
    "distribution",
    "mirrored",
    "skewness",
    "values",
    "file",
    "column",
    "match",
    "levels",
    "quantum_ms",
    "mismatch_cv",
];

/// A profile and its ladder of CV.
pub(super) struct Ladder {
    pub profile: Profile,
    pub cvs: Vec<f64>,
}

/// The homogeneous profile and those of the file, each checked at each of its CVs with mean `tau`, ms.
pub(super) fn read(whole: &Section, tau: f64) -> Result<Vec<Ladder>> {
    let mut ladders = vec![Ladder { profile: Profile::homogeneous(), cvs: vec![0.0] }];
    for section in whole.sections("profile")? {
        section.allow(&[&["name", "cvs"], &KEYS[..]].concat())?;
        let name = section.need("name", "a text in quotes")?;
        let text = name.text()?.to_owned();
        if ladders.iter().any(|other| other.profile.name == text) {
            let allowed = format!("a unique name; \"{HOMOGENEOUS}\" and those above are taken");
            return Err(name.refuse(allowed));
        }
        let profile = profile(&section, text)?;
        let cvs = cvs(&section, &profile, tau)?;
        ladders.push(Ladder { profile, cvs });
    }
    Ok(ladders)
}

/// See [`super::profile`].
pub(super) fn alone(section: &Section, tau: f64) -> Result<(Profile, f64)> {
    section.allow(&[&["cv"], &KEYS[..]].concat())?;
    let profile = profile(section, "profile".into())?;
    let cv = match (section.get("cv"), &profile.kind) {
        (Some(entry), _) => cv(&entry, &profile, tau)?,
        (None, Kind::Homogeneous) => 0.0,
        (None, Kind::Empirical(_)) => profile.distribution(tau, 0.0).moments().cv(),
        (None, _) => return Err(section.absent("cv", "a number > 0")),
    };
    Ok((profile, cv))
}

fn profile(section: &Section, name: String) -> Result<Profile> {
    Ok(Profile { name, kind: kind(section)?, location: location(section)?, device: device(section)? })
}

fn kind(section: &Section) -> Result<Kind> {
    let which = section.need("distribution", "the name of a distribution")?.choice(&DISTRIBUTIONS)?;
    let only = |key: &str, for_: &[&str]| match section.get(key) {
        Some(entry) if !for_.contains(&DISTRIBUTIONS[which]) => {
            Err(entry.refuse(format!("no `{key}` but for {}", for_.join(", "))))
        }
        _ => Ok(()),
    };
    let families = ["lognormal", "gamma", "inverse_gaussian", "inverse_gamma"];
    only("mirrored", &families)?;
    only("skewness", &["beta", "two_point"])?;
    ["values", "file", "column"].iter().try_for_each(|key| only(key, &["empirical"]))?;
    let mirrored = section.get("mirrored").map_or(Ok(false), |entry| entry.flag())?;
    let skewed = |family| Ok(Kind::Skewed { family, mirrored });
    let skewness = || section.need("skewness", "a finite number")?.number(Range::Finite);
    match DISTRIBUTIONS[which] {
        "homogeneous" => Ok(Kind::Homogeneous),
        "normal" => Ok(Kind::Normal),
        "uniform" => Ok(Kind::Uniform),
        "arcsine" => Ok(Kind::Arcsine),
        "log_uniform" => Ok(Kind::LogUniform),
        "lognormal" => skewed(Family::Lognormal),
        "gamma" => skewed(Family::Gamma),
        "inverse_gaussian" => skewed(Family::InverseGaussian),
        "inverse_gamma" => skewed(Family::InverseGamma),
        "beta" => Ok(Kind::Beta { skewness: skewness()? }),
        "two_point" => Ok(Kind::TwoPoint { skewness: skewness()? }),
        _ => Ok(Kind::Empirical(values(section)?)),
    }
}

/// Time constants that somebody measured, in any unit: they are scaled to the mean asked for.
fn values(section: &Section) -> Result<Vec<f64>> {
    if let Some(entry) = section.get("values") {
        return entry.numbers(Range::Positive);
    }
    let file =
        section.need("file", "the name of a .csv, .parquet, .npz, .npy, .txt or .dat file, or `values` instead")?;
    let column = section.get("column").map(|entry| entry.text()).transpose()?;
    let values = read_values(&file.source()?, column, Quantity::Time).map_err(|error| file.import(error))?;
    match values.iter().find(|value| **value <= 0.0) {
        Some(value) => Err(file.refuse(format!("a file of values > 0; it has {value:?}"))),
        None => Ok(values),
    }
}

/// Which mean is at tau_ms.
fn location(section: &Section) -> Result<Location> {
    let names = Location::ALL.map(Location::name);
    section.get("match").map_or(Ok(Location::Mean), |entry| Ok(Location::ALL[entry.choice(&names)?]))
}

fn device(section: &Section) -> Result<Device> {
    const MOST_LEVELS: u64 = 65536;
    Ok(Device {
        levels: section.get("levels").map(|entry| entry.integer(2, MOST_LEVELS)).transpose()?.map(|n| n as u32),
        quantum: section.get("quantum_ms").map_or(Ok(0.0), |entry| moderate(&entry, Range::Positive))?,
        mismatch: section.get("mismatch_cv").map_or(Ok(0.0), |entry| moderate(&entry, Range::Positive))?,
    })
}

/// The ladder of CV; values of a file have one of their own, and may be narrowed and widened to others.
fn cvs(section: &Section, profile: &Profile, tau: f64) -> Result<Vec<f64>> {
    match (section.get("cvs"), &profile.kind) {
        (Some(entry), Kind::Homogeneous) => Err(entry.refuse("absent: a homogeneous profile has CV 0")),
        (None, Kind::Homogeneous) => Ok(vec![0.0]),
        (None, Kind::Empirical(_)) => Ok(vec![profile.distribution(tau, 0.0).moments().cv()]),
        (_, _) => {
            let allowed = "a list of numbers > 0";
            let items = section.need("cvs", allowed)?.items(allowed)?;
            let cvs: Vec<f64> = items.iter().map(|item| cv(item, profile, tau)).collect::<Result<_>>()?;
            unique(items.iter().zip(&cvs))?;
            Ok(cvs)
        }
    }
}

/// A CV at which the profile exists, and stays positive.
pub(super) fn cv(entry: &Entry, profile: &Profile, tau: f64) -> Result<f64> {
    let cv = entry.number(Range::Positive)?;
    profile
        .distribution(tau, cv)
        .validate()
        .map_err(|error| entry.refuse(format!("a CV that \"{}\" can have: {error}", profile.name)))?;
    let below = |most: f64, what: String| match cv < most {
        true => Ok(cv),
        false => Err(entry.refuse(format!("below {most:.4}, where {what} is 0"))),
    };
    match &profile.kind {
        Kind::Homogeneous => Err(entry.refuse("absent: a homogeneous profile has CV 0")),
        Kind::TwoPoint { skewness } => {
            let most = ((4.0 + skewness * skewness).sqrt() + skewness) / 2.0;
            below(most, format!("the lower of two values of skewness {skewness}"))
        }
        Kind::Uniform => below(1.0 / 3f64.sqrt(), "the lower end of a uniform profile".into()),
        Kind::Arcsine => below(0.5f64.sqrt(), "the lower end of an arcsine profile".into()),
        _ => Ok(cv),
    }
}

/// Draws the time constants of every network: small ones cannot have every CV.
///
/// # Errors
/// The first that cannot be matched, at the profile in the file.
pub(super) fn every_draw(whole: &Section, plan: &[Planned]) -> Result<()> {
    let mut drawn = std::collections::HashSet::new();
    for planned in plan {
        let Cell { profile, cv, tau, tau_min, n, seed, .. } = &planned.cell;
        if !drawn.insert((&profile.name, [cv, tau, tau_min].map(|number| number.to_bits()), n, seed)) {
            continue;
        }
        let Err(error) = profile.draw((*tau, *cv), *tau_min, *n, *seed) else { continue };
        let allowed = format!("a profile that every network can have; \"{}\": {error}", planned.id());
        for section in whole.sections("profile")? {
            let name = section.need("name", "a text in quotes")?;
            if name.text()? == profile.name {
                return Err(section.get("cvs").unwrap_or(name).refuse(allowed));
            }
        }
        return Err(whole.absent("profile", &allowed));
    }
    Ok(())
}

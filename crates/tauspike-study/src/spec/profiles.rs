//! `[[profile]]`: names, distributions and the coefficients of variation at which they are tried.

use super::Result;
use crate::profile::{HOMOGENEOUS, Kind, Profile};
use tauspike_import::{Quantity, read_values};
use tauspike_network::Family;
use tauspike_scenario::section::{Entry, Range, Section};

const DISTRIBUTIONS: [&str; 8] =
    ["normal", "uniform", "lognormal", "gamma", "inverse_gaussian", "inverse_gamma", "two_point", "empirical"];

/// A profile and its ladder of CV.
pub(super) struct Ladder {
    pub profile: Profile,
    pub cvs: Vec<f64>,
}

/// The homogeneous profile and those of the file, each checked at each of its CVs with mean `tau`, ms.
pub(super) fn read(whole: &Section, tau: f64) -> Result<Vec<Ladder>> {
    let mut ladders = vec![Ladder { profile: Profile::homogeneous(), cvs: vec![0.0] }];
    for section in whole.sections("profile")? {
        section.allow(&["name", "distribution", "mirrored", "skewness", "values", "file", "column", "cvs"])?;
        let name = section.need("name", "a text in quotes")?;
        let text = name.text()?.to_owned();
        if ladders.iter().any(|other| other.profile.name == text) {
            let allowed = format!("a unique name; \"{HOMOGENEOUS}\" and those above are taken");
            return Err(name.refuse(allowed));
        }
        let profile = Profile { name: text, kind: kind(&section)? };
        let cvs = cvs(&section, &profile, tau)?;
        ladders.push(Ladder { profile, cvs });
    }
    Ok(ladders)
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
    only("skewness", &["two_point"])?;
    ["values", "file", "column"].iter().try_for_each(|key| only(key, &["empirical"]))?;
    let mirrored = section.get("mirrored").map_or(Ok(false), |entry| entry.flag())?;
    let skewed = |family| Ok(Kind::Skewed { family, mirrored });
    match DISTRIBUTIONS[which] {
        "normal" => Ok(Kind::Normal),
        "uniform" => Ok(Kind::Uniform),
        "lognormal" => skewed(Family::Lognormal),
        "gamma" => skewed(Family::Gamma),
        "inverse_gaussian" => skewed(Family::InverseGaussian),
        "inverse_gamma" => skewed(Family::InverseGamma),
        "two_point" => {
            let skewness = section.need("skewness", "a finite number")?.number(Range::Finite)?;
            Ok(Kind::TwoPoint { skewness })
        }
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

fn cvs(section: &Section, profile: &Profile, tau: f64) -> Result<Vec<f64>> {
    if let Kind::Empirical(_) = profile.kind {
        return match section.get("cvs") {
            Some(entry) => Err(entry.refuse("absent: values have the CV that they have")),
            None => Ok(vec![profile.distribution(tau, 0.0).moments().cv()]),
        };
    }
    let allowed = "a list of numbers > 0";
    let items = section.need("cvs", allowed)?.items(allowed)?;
    items.iter().map(|item| cv(item, profile, tau)).collect()
}

/// A CV at which the profile exists, and stays positive.
pub(super) fn cv(entry: &Entry, profile: &Profile, tau: f64) -> Result<f64> {
    let cv = entry.number(Range::Positive)?;
    profile
        .distribution(tau, cv)
        .validate()
        .map_err(|error| entry.refuse(format!("a CV that \"{}\" can have: {error}", profile.name)))?;
    if let Kind::TwoPoint { skewness } = profile.kind {
        let most = ((4.0 + skewness * skewness).sqrt() + skewness) / 2.0;
        if cv >= most {
            return Err(
                entry.refuse(format!("below {most:.4}, where the lower of two values of skewness {skewness} is 0"))
            );
        }
    }
    Ok(cv)
}

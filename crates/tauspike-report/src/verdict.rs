//! Is a statement supported?
//!
//! Each of the eight statements has a module with its claim, the rule by which it is decided, in words, and that rule in code.
//! Claims and rules were written before any result was seen. A finding is made for LI and LIF apart.
//!
//! A difference is *shown* if the whole 95 % interval is above 0 and the permutation p, corrected by Holm over the deciding
//! comparisons of that statement and model, is at most 0.05. "Not supported" means not shown; it does not mean that the
//! opposite is shown. If there are fewer networks than the test needs to decide anything, the statement is not tested.

mod alignment;
mod cost;
mod gain;
mod recurrence;
mod robustness;
mod size;
mod skewness;
mod tuning;

use crate::arm::Setting;
use crate::statistics::{Estimate, chance};
use crate::study::Study;
pub(crate) use alignment::pairs;
use serde::Serialize;
pub(crate) use size::rungs;
use std::fmt;
pub(crate) use tuning::{per_suite, per_task, untuned};

/// The models that statements are about.
pub const MODELS: [&str; 2] = ["LI", "LIF"];

/// What comes of testing a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// By its rule, in full.
    Supported,
    /// By its rule, in part.
    Partly,
    /// Not shown.
    NotSupported,
    /// The study does not hold what it needs.
    NotTested,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Verdict::Supported => "supported",
            Verdict::Partly => "partly",
            Verdict::NotSupported => "not supported",
            Verdict::NotTested => "not tested",
        })
    }
}

/// A figure that bears on a statement.
#[derive(Clone, Debug, Serialize)]
pub struct Evidence {
    /// What it is.
    pub label: String,
    /// Its unit; empty if it has none.
    pub unit: &'static str,
    /// The figure.
    pub estimate: Estimate,
    /// Whether the rule looks at it.
    pub deciding: bool,
}

/// What came out for one model.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// LI or LIF.
    pub model: String,
    /// The verdict.
    pub verdict: Verdict,
    /// Which networks were compared, or what is missing.
    pub basis: String,
    /// The deciding figure first.
    pub evidence: Vec<Evidence>,
}

/// A statement and what came out.
#[derive(Clone, Debug, Serialize)]
pub struct Statement {
    /// 1 to 8.
    pub number: usize,
    /// What is claimed.
    pub claim: &'static str,
    /// How it is decided.
    pub rule: &'static str,
    /// One for each model.
    pub findings: Vec<Finding>,
}

type Judge = fn(&Study, &Setting) -> Outcome;

/// A verdict with its basis and evidence.
pub(crate) struct Outcome {
    verdict: Verdict,
    basis: String,
    evidence: Vec<Evidence>,
}

impl Outcome {
    fn not_tested(reason: impl Into<String>) -> Self {
        Self { verdict: Verdict::NotTested, basis: reason.into(), evidence: Vec::new() }
    }

    /// There are figures, but they do not compare what the statement compares: they stay, and decide nothing.
    fn withheld(reason: String, mut evidence: Vec<Evidence>) -> Self {
        evidence.iter_mut().for_each(|item| item.deciding = false);
        Self { verdict: Verdict::NotTested, basis: reason, evidence }
    }

    /// There are figures, but too few seeds to decide anything in a family of this size.
    fn undecided(evidence: Vec<Evidence>, seeds: usize, family: usize) -> Self {
        let needed = chance::fewest_pairs(family);
        let basis = format!("{seeds} paired seeds; at least {needed} are needed to decide anything");
        Self { verdict: Verdict::NotTested, basis, evidence }
    }
}

const STATEMENTS: [(&str, &str, Judge); 8] = [
    (gain::CLAIM, gain::RULE, gain::judge),
    (skewness::CLAIM, skewness::RULE, skewness::judge),
    (size::CLAIM, size::RULE, size::judge),
    (cost::CLAIM, cost::RULE, cost::judge),
    (robustness::CLAIM, robustness::RULE, robustness::judge),
    (recurrence::CLAIM, recurrence::RULE, recurrence::judge),
    (alignment::CLAIM, alignment::RULE, alignment::judge),
    (tuning::CLAIM, tuning::RULE, tuning::judge),
];

/// Tests all statements.
pub fn judge(study: &Study) -> Vec<Statement> {
    let statement = |(at, (claim, rule, judge)): (usize, (&'static str, &'static str, Judge))| {
        let finding = |model: &str| {
            let setting = Setting::main(study, model);
            let absent = || Outcome::not_tested(format!("the study has no network of model {model}"));
            let Outcome { verdict, basis, evidence } = setting.map_or_else(absent, |setting| judge(study, &setting));
            Finding { model: model.into(), verdict, basis, evidence }
        };
        Statement { number: at + 1, claim, rule, findings: MODELS.map(finding).to_vec() }
    };
    STATEMENTS.into_iter().enumerate().map(statement).collect()
}

/// Corrects the p of the deciding figures among `evidence`, which are one family. If one has too few seeds to be decided at
/// all, says so.
fn correct(evidence: &mut [Evidence]) -> Result<(), Outcome> {
    let tested = |item: &&mut Evidence| item.deciding && item.estimate.p.is_some();
    let mut family: Vec<&mut Evidence> = evidence.iter_mut().filter(tested).collect();
    let least = family.iter().map(|item| item.estimate.seeds).min().unwrap_or(usize::MAX);
    let size = family.len();
    if !chance::decidable(least.min(1000), size) {
        return Err(Outcome::undecided(evidence.to_vec(), least, size));
    }
    let p: Vec<f64> = family.iter().filter_map(|item| item.estimate.p).collect();
    for (item, p) in family.iter_mut().zip(chance::holm(&p)) {
        item.estimate.p_holm = Some(p);
    }
    Ok(())
}

/// A score has no unit.
const SCORE: &str = "";

fn deciding(label: impl Into<String>, unit: &'static str, estimate: Option<Estimate>) -> Option<Evidence> {
    Some(Evidence { label: label.into(), unit, estimate: estimate?, deciding: true })
}

fn beside(label: impl Into<String>, unit: &'static str, estimate: Option<Estimate>) -> Option<Evidence> {
    Some(Evidence { label: label.into(), unit, estimate: estimate?, deciding: false })
}

/// All of them supported, some, or none.
fn of_parts(parts: &[bool]) -> Verdict {
    match parts.iter().filter(|part| **part).count() {
        0 => Verdict::NotSupported,
        count if count == parts.len() => Verdict::Supported,
        _ => Verdict::Partly,
    }
}

fn missing(experiment: &str) -> Outcome {
    Outcome::not_tested(format!("experiment {experiment} is not in the study, or lacks one of the arms compared"))
}

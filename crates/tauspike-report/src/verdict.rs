//! Is a statement supported?
//!
//! Each of the eight statements has a module with its claim, the rule by which it is decided, in words, and that rule in code. Claims
//! and rules were written down before the results of the study were seen (docs/study/rules.md). A finding is made for each setting
//! (LI; LIF read by filtered spikes, and by membranes) apart.
//!
//! A comparison that decides asks whether a figure is above a bound. It is *shown* above, or below, if the two-sided p of Student's t
//! over seeds, corrected by Holm over **all** comparisons that decide, of all statements and settings, is at most 0.05. So there is one
//! chance in twenty that any of them is wrong. "Not supported" means not shown; the opposite is shown only where it says so.

mod alignment;
mod cost;
mod gain;
mod recurrence;
mod robustness;
mod size;
mod skewness;
mod tuning;

use crate::arm::Setting;
use crate::statistics::{Estimate, holm, student};
use crate::study::Study;
pub(crate) use alignment::pairs;
pub(crate) use cost::ACCOUNTS;
pub(crate) use gain::base_mean;
use serde::Serialize;
use std::fmt;
pub(crate) use tuning::per_task;

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
    /// The opposite is shown.
    Contradicted,
    /// The study does not hold what it needs.
    NotTested,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Verdict::Supported => "supported",
            Verdict::Partly => "partly",
            Verdict::NotSupported => "not supported",
            Verdict::Contradicted => "contradicted",
            Verdict::NotTested => "not tested",
        })
    }
}

/// Where a figure is shown to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// Above the bound.
    Above,
    /// Below it.
    Below,
    /// On neither side.
    Neither,
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
    /// What decides, if the rule looks at it.
    pub test: Option<Test>,
}

/// The comparison of a figure with a bound.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Test {
    /// What the figure has to be above.
    pub bound: f64,
    /// Two-sided p.
    pub p: f64,
    /// The same, corrected over all comparisons that decide.
    pub p_holm: f64,
    /// Smallest true distance from the bound that would be found with probability 0.8 if it were the first to be corrected; of factors, a
    /// factor.
    pub smallest_shown: f64,
    /// The outcome.
    pub shown: Shown,
}

impl Evidence {
    /// A figure told beside those that decide.
    fn beside(label: impl Into<String>, unit: &'static str, estimate: Option<Estimate>) -> Option<Self> {
        Some(Self { label: label.into(), unit, estimate: estimate?, test: None })
    }

    /// A figure that has to be above `bound`.
    fn above(label: impl Into<String>, unit: &'static str, estimate: Option<Estimate>, bound: f64) -> Option<Self> {
        let estimate = estimate?;
        Some(Self { label: label.into(), unit, estimate, test: Some(Test::of(estimate.p(bound), bound)) })
    }

    /// A factor, given by its logarithm, that has to be above `bound`.
    fn factor_above(label: impl Into<String>, logarithm: Option<Estimate>, bound: f64) -> Option<Self> {
        let logarithm = logarithm?;
        let test = Some(Test::of(logarithm.p(bound.ln()), bound));
        Some(Self { label: label.into(), unit: TIMES, estimate: logarithm.exp(), test })
    }
}

impl Test {
    fn of(p: f64, bound: f64) -> Self {
        Self { bound, p, p_holm: 1.0, smallest_shown: f64::NAN, shown: Shown::Neither }
    }
}

/// What came out in one setting.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// Model and readout.
    pub setting: String,
    /// The verdict.
    pub verdict: Verdict,
    /// Which networks were compared, or what is missing.
    pub basis: String,
    /// Those that decide first.
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
    /// One for each setting.
    pub findings: Vec<Finding>,
}

/// What is compared, and how a verdict follows from what is shown of those that decide, in their order.
pub(crate) struct Outcome {
    basis: String,
    evidence: Vec<Evidence>,
    decide: fn(&[Shown]) -> Verdict,
}

impl Outcome {
    fn new(basis: impl Into<String>, evidence: impl IntoIterator<Item = Option<Evidence>>) -> Self {
        Self { basis: basis.into(), evidence: evidence.into_iter().flatten().collect(), decide: all_of_them }
    }

    fn missing(experiment: &str) -> Self {
        Self::new(format!("experiment \"{experiment}\" is not in the study, or lacks what is compared"), [])
    }
}

type Judge = fn(&Study, Setting) -> Outcome;

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
    let mut outcomes: Vec<Vec<Outcome>> =
        STATEMENTS.iter().map(|(.., judge)| Setting::all().map(|setting| judge(study, setting)).collect()).collect();
    correct(&mut outcomes);
    let finding = |(setting, outcome): (Setting, Outcome)| {
        let shown: Vec<Shown> = outcome.evidence.iter().filter_map(|item| Some(item.test?.shown)).collect();
        let verdict = if shown.is_empty() { Verdict::NotTested } else { (outcome.decide)(&shown) };
        Finding { setting: setting.label(), verdict, basis: outcome.basis, evidence: outcome.evidence }
    };
    let mut statements = Vec::new();
    for (at, ((claim, rule, _), outcomes)) in STATEMENTS.into_iter().zip(outcomes).enumerate() {
        let findings = Setting::all().zip(outcomes).map(finding).collect();
        statements.push(Statement { number: at + 1, claim, rule, findings });
    }
    statements
}

/// Corrects the p of all comparisons that decide, which are one family.
fn correct(outcomes: &mut [Vec<Outcome>]) {
    let items = outcomes.iter_mut().flatten().flat_map(|outcome| &mut outcome.evidence);
    let mut family: Vec<(Estimate, &mut Test)> =
        items.filter_map(|item| Some((item.estimate, item.test.as_mut()?))).collect();
    let corrected = holm::holm(&family.iter().map(|(_, test)| test.p).collect::<Vec<_>>());
    let level = holm::LEVEL / family.len().max(1) as f64;
    for ((estimate, test), p) in family.iter_mut().zip(corrected) {
        test.p_holm = p;
        test.smallest_shown = student::smallest_shown(estimate.error, estimate.seeds - 1, level);
        test.shown = match estimate.value > test.bound {
            _ if p > holm::LEVEL => Shown::Neither,
            true => Shown::Above,
            false => Shown::Below,
        };
    }
}

/// All shown above: supported; some: partly; none, and one below: the opposite is shown.
fn all_of_them(shown: &[Shown]) -> Verdict {
    let count = |which: Shown| shown.iter().filter(|shown| **shown == which).count();
    match (count(Shown::Above), count(Shown::Below)) {
        (above, _) if above == shown.len() => Verdict::Supported,
        (0, 0) => Verdict::NotSupported,
        (0, _) => Verdict::Contradicted,
        _ => Verdict::Partly,
    }
}

/// The first is enough; another one alone is a part.
fn the_first(shown: &[Shown]) -> Verdict {
    match shown {
        [Shown::Above, ..] => Verdict::Supported,
        [Shown::Below, rest @ ..] if !rest.contains(&Shown::Above) => Verdict::Contradicted,
        [_, rest @ ..] if rest.contains(&Shown::Above) => Verdict::Partly,
        _ => Verdict::NotSupported,
    }
}

/// A score has no unit.
const SCORE: &str = "";
/// The unit of a factor.
const TIMES: &str = "times";
/// A difference of scores that does not matter: a hundredth of the variance.
const MARGIN: f64 = 0.01;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_follow_from_what_is_shown() {
        use Shown::{Above, Below, Neither};
        assert_eq!(all_of_them(&[Above, Above]), Verdict::Supported);
        assert_eq!(all_of_them(&[Above, Below]), Verdict::Partly);
        assert_eq!(all_of_them(&[Neither, Below]), Verdict::Contradicted);
        assert_eq!(all_of_them(&[Neither]), Verdict::NotSupported);
        assert_eq!(the_first(&[Above, Below]), Verdict::Supported);
        assert_eq!(the_first(&[Neither, Above]), Verdict::Partly);
        assert_eq!(the_first(&[Below, Above]), Verdict::Partly);
        assert_eq!(the_first(&[Below, Neither]), Verdict::Contradicted);
    }
}
